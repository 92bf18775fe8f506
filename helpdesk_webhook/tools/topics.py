"""What the events of a ticket's log are called outside: stable words, whatever the log is made of."""

NOTE = 'ticket.note'
TEST = 'ticket.test'
DONE = ('solved', 'closed')
# kind in the log -> topic
TOPICS = {
    'created': 'ticket.created',
    'customer_message': 'ticket.customer_message',
    'thanks': 'ticket.customer_message',
    'agent_message': 'ticket.answered',
    'internal_note': NOTE,
    'assignee': 'ticket.assigned',
    'team': 'ticket.team_changed',
    'stage': 'ticket.stage_changed',
    'priority': 'ticket.priority_changed',
    'subject': 'ticket.updated',
    'answer': 'ticket.updated',
    'customer': 'ticket.updated',
    'type': 'ticket.updated',
    'category': 'ticket.updated',
    'brand': 'ticket.updated',
    'tags': 'ticket.updated',
    'deadline': 'ticket.updated',
    'archived': 'ticket.archived',
    'restored': 'ticket.restored',
    'frozen': 'ticket.frozen',
    'unfrozen': 'ticket.unfrozen',
    'merged': 'ticket.merged',
    'unmerged': 'ticket.unmerged',
    'split': 'ticket.split',
    'rated': 'ticket.rated',
    'sla_warning': 'ticket.promise_at_risk',
    'sla_breach': 'ticket.promise_missed',
    'sla_step': 'ticket.escalated',
    'approval_asked': 'ticket.approval_asked',
    'approval_refused': 'ticket.approval_refused',
    'approval_done': 'ticket.approved',
}
# Kinds that stay in the house: what machines do about a ticket, talk with third parties, work lists of the team.
UNTOLD = {
    'linked', 'routed', 'automatic_message', 'reminder', 'macro', 'merged_in', 'unmerged_in', 'parent', 'part', 'watch',
    'checklist', 'recurring', 'silence', 'forwarded', 'side_reply', 'confirmed', 'erased', 'redacted', 'anonymised',
}
# Kinds whose old and new value go out. Reasons that people typed in (why frozen) do not: they are internal talk.
TOLD_CHANGES = {
    'team', 'stage', 'assignee', 'customer', 'priority', 'type', 'category', 'brand', 'tags', 'deadline', 'subject',
    'merged', 'unmerged', 'rated', 'sla_warning', 'sla_breach', 'sla_step',
}
# Kinds whose message is a customer's or goes to them.
PUBLIC_MESSAGES = {'customer_message', 'thanks', 'agent_message'}


def topics(kind, detail):
    """Return the topics (tuple, the most telling first) of an event of the log; empty when it is not told outside.

    A move to a done stage is both: ticket.solved for those who asked for it, else ticket.stage_changed.
    """
    topic = TOPICS.get(kind)
    if not topic:
        return ()
    if kind == 'approval_done' and (detail or {}).get('outcome') != 'approved':
        return ()  # who refused was told already
    if kind == 'stage':
        old, new = (detail or {}).get('old_status'), (detail or {}).get('new_status')
        if new != old and new in DONE:
            return f'ticket.{new}', topic
        if old in DONE and new not in DONE:
            return 'ticket.reopened', topic
    return (topic,)
