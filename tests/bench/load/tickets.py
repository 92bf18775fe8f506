"""Our tickets, with their log."""
from odoo.fields import Command
from odoo.tools import SQL

from . import promises, shape
from .peers import PEOPLE, members
from .people import load_thread

OPEN = 's.is_open'
NUMBER = "('HD' || lpad(s.n::text, greatest(5, length(s.n::text)), '0'))"


def load(env, agents):
    """Fill helpdesk.ticket and helpdesk.ticket.event."""
    teams = env['helpdesk.team'].search([], order='id', limit=1)
    teams |= env['helpdesk.team'].create([{'name': f'Team {number + 1}'} for number in range(1, shape.TEAMS)])
    for number, team in enumerate(teams):
        people = members(agents, number)
        team.write({
            'leader_id': people[0].id, 'member_ids': [Command.create({'user_id': agent.id}) for agent in people],
            **({'alias_name': f'ours{number + 1}'} if 'alias_name' in team else {})})
    stages = {status: teams[0]._stage_for(status) for status in [*shape.OPEN_STATUSES, 'solved', 'closed']}
    tags = env['helpdesk.tag'].create([{'name': f'Tag {number}'} for number in range(shape.TAGS)])
    row = shape.pattern(env['helpdesk.ticket'], {'name': 'Pattern', 'team_id': teams[0].id})
    first = shape.next_id(env, 'helpdesk_ticket')
    shape.mapping(env, 'bench_teams', teams.ids)
    shape.mapping(env, 'bench_types', env['helpdesk.type'].search([], order='id').ids)
    shape.mapping(env, 'bench_tags', tags.ids)
    shape.status_mapping(env, 'bench_stages', stages)
    source = f"""{PEOPLE} JOIN bench_teams t ON t.no = s.team_no JOIN bench_stages st ON st.status = s.status
                 LEFT JOIN bench_types ty ON ty.no = 1 + s.n % 5"""
    shape.fill(env, 'helpdesk_ticket', ticket_values(first), source, row)
    relation = env['helpdesk.ticket']._fields['tag_ids']
    shape.fill(env, relation.relation, {relation.column1: f'{first} + s.n', relation.column2: 't.id'},
               'bench_shape s JOIN bench_tags t ON t.no = s.tag_no')
    sequence = env.ref('helpdesk_core.helpdesk_ticket_sequence')
    env.cr.execute(SQL("SELECT setval(%s, (SELECT count(*) FROM helpdesk_ticket))", f'ir_sequence_{sequence.id:03d}'))
    message = load_thread(env, 'helpdesk.ticket', first)
    load_events(env, first, message)
    if 'helpdesk.sla.policy' in env:
        promises.load(env, first, teams)


def ticket_values(first):
    """{column: SQL expression} of a ticket."""
    done = f'CASE WHEN NOT {OPEN} THEN s.stage_at END'
    assigned = 'CASE WHEN a.id IS NOT NULL THEN s.at END'
    answered = f"CASE WHEN (NOT {OPEN} OR s.status <> 'new') AND a.id IS NOT NULL THEN s.answered_at END"
    return {
        'id': f'{first} + s.n', 'number': NUMBER, 'name': 's.subject', 'team_id': 't.id',
        'stage_id': 'st.id', 'status': 's.status', 'user_id': 'a.id', 'type_id': 'CASE WHEN s.n % 3 > 0 THEN ty.id END',
        'partner_id': 'c.id', 'commercial_partner_id': 'c.company_id', 'partner_name': 'c.name',
        'partner_email': 'c.email', 'partner_phone': 'c.phone', 'priority': 's.priority', 'channel': "'email'",
        'description': "'<p>' || s.subject || '</p>'",
        'search_text': f"lower(concat_ws(' ', {NUMBER}, s.subject, c.name, c.email, c.phone, c.company))",
        'create_date': 's.at', 'write_date': 's.stage_at', 'create_uid': '1', 'write_uid': 'coalesce(a.id, 1)',
        'assigned_at': assigned, 'assignee_changed_at': assigned, 'first_response_at': answered,
        'last_customer_message_at': 's.at', 'last_agent_message_at': answered,
        'unanswered_since': f"CASE WHEN {OPEN} AND s.status IN ('new', 'open') THEN s.at END",
        'solved_at': done, 'closed_at': "CASE WHEN s.status = 'closed' THEN s.stage_at END",
        'stage_changed_at': 's.stage_at',
        'deadline': 's.deadline', 'deadline_remind_at': "s.deadline - interval '4 hours'",
        'autoclose_at': "CASE WHEN s.status = 'solved' THEN now()::timestamp + interval '5 days' END",
        'team_told_at': 's.at',
    }


def load_events(env, first, message):
    """Give each ticket the log it would have: created, mail, assigned, answered, moved, closed."""
    move = (
        "format('{\"old_id\": %s, \"new_id\": %s, \"old_status\": \"new\", \"new_status\": \"%s\", \"seconds\": 3600}'")
    kinds = [
        ('created', 's.at', "'New'", 'NULL', "jsonb_build_object('new_status', 'new', 'channel', 'email', 'team_id',"
         " t.id, 'customer_at', to_char(s.at, 'YYYY-MM-DD HH24:MI:SS'))", '1', 'TRUE'),
        ('customer_message', 's.at', 'NULL', f'{message} + 2 * s.n', 'NULL', '1', 'TRUE'),
        ('assignee', 's.at', "'Agent ' || a.no", 'NULL', "format('{\"old_id\": null, \"new_id\": %s}', a.id)::jsonb",
         'coalesce(a.id, 1)', 'a.id IS NOT NULL'),
        ('agent_message', 's.answered_at', 'NULL', 'NULL', 'NULL', 'coalesce(a.id, 1)',
         "s.status <> 'new' AND a.id IS NOT NULL"),
        ('stage', 's.stage_at', 'initcap(s.status)', 'NULL', f"{move}, st.id, st.id, s.status)::jsonb",
         'coalesce(a.id, 1)', "s.status <> 'new'"),
    ]
    for kind, at, new, message_id, detail, user, where in kinds:
        shape.fill(env, 'helpdesk_ticket_event', {
            'ticket_id': f'{first} + s.n', 'kind': f"'{kind}'", 'at': at, 'old': "'New'" if kind == 'stage' else 'NULL',
            'new': new, 'message_id': f'{message_id}::int', 'detail': detail, 'user_id': user,
            'author_id': 'c.id' if kind == 'customer_message'
            else f'(SELECT partner_id FROM res_users u WHERE u.id = {user})',
            'create_uid': user, 'create_date': at,
        }, f"{PEOPLE} JOIN bench_teams t ON t.no = s.team_no JOIN bench_stages st ON st.status = s.status"
           f" WHERE {where}")
    env.cr.execute("SELECT setval('helpdesk_ticket_event_id_seq', (SELECT max(id) FROM helpdesk_ticket_event))")
