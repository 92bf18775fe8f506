"""Makes the tickets of a plan."""
from contextlib import contextmanager
from datetime import timedelta

from odoo import Command, fields
from odoo.tools import SQL

from .records import Records
from .talk import Talk

ACTIVITIES = (
    (-2, "Call back about the open point"), (0, "Ask the workshop for the date"), (0, "Check the delivery"),
    (1, "Call the customer"), (1, "Prepare the answer with the developers"), (2, "Ask the supplier again"),
    (3, "See whether the customer has answered"), (5, "Look at the measurements"),
)
PRAISE = ("Quick and friendly, thank you.", "Solved on the first try.", "", "", "", "Very helpful.", "", "All good.")
BLAME = ("Took too long until somebody understood the question.", "I had to ask three times.", "")
# the story whose tickets get a checklist: they have names of their own, whenever they were created
NEWCOMER = 'new_laptop'
JOBS = ('helpdesk_core.ir_cron_deadlines', 'helpdesk_core.ir_cron_autoclose', 'helpdesk_core.ir_cron_tell_teams')


class Loader:
    """Tells a plan to helpdesk_core, the transaction's clock set to the moment of each act."""

    def __init__(self, env, now, planned):
        self.env = env(context={**env.context, 'tracking_disable': True, 'install_mode': True}, su=True)
        self.now, self.planned = now, planned
        self.records = Records(self.env)
        self.tickets = self.env['helpdesk.ticket']

    def load(self):
        """Make the tickets and all that belongs to them; return them in the order of the plan."""
        with self.quiet_teams(), self.clock():
            tickets = [self.make_ticket(planned) for planned in self.planned]
            talk = Talk(self.records, self.planned, tickets)
            talk.write_down()
            self.replay(talk)
            self.tickets = self.tickets.concat(*tickets)
            self.link()
        self.follow()
        self.rate()
        self.plan_activities()
        self.set_timers()
        self.set_dates()
        self.name()
        return self.tickets

    def name(self):
        """Give the tickets external ids: a number in the order of their creation, which shifts with the day of the
        installation, and to those of the story ``NEWCOMER`` one in the order of the plan, which does not."""
        named = [(f'ticket_{number}', ticket) for number, ticket in enumerate(self.tickets, 1)]
        newcomers = sorted(
            (planned.index, ticket) for ticket, planned in self.pairs() if planned.story.key == NEWCOMER)
        named += [(f'newcomer_{number}', ticket) for number, (_index, ticket) in enumerate(newcomers, 1)]
        self.env['ir.model.data']._update_xmlids([
            {'xml_id': f'helpdesk_core.helpdesk_demo_{name}', 'record': ticket, 'noupdate': True}
            for name, ticket in named])

    def pairs(self):
        """Return (ticket, its plan) of all tickets."""
        return zip(self.tickets, self.planned, strict=True)

    # ------------------------------------------------------------
    # the past
    # ------------------------------------------------------------

    @contextmanager
    def quiet_teams(self):
        """Let teams tell nobody and close nothing while the past is written."""
        teams = self.records.teams()
        kept = [(team, {'notify_new': team.notify_new, 'autoclose_days': team.autoclose_days}) for team in teams]
        teams.write({'notify_new': 'none', 'autoclose_days': 0})
        yield
        for team, values in kept:
            team.write(values)

    @contextmanager
    def clock(self):
        """Give the transaction its own time back in the end; ``self.at`` sets it."""
        now = self.env.cr.now()
        try:
            yield
        finally:
            self.env.cr._now = now

    def at(self, moment):
        self.env.cr._now = moment

    def make_ticket(self, planned):
        """Create a ticket as it was when it came."""
        person, story = planned.person, planned.story
        words = {'team': planned.team, **planned.first}
        values = {
            'name': planned.subject, 'channel': planned.channel, 'description': planned.body,
            'email_cc': planned.email_cc, **self.records.values(words),
        }
        if person.key:
            values['partner_id'] = int(person.key)
        elif person.email:
            values.update(partner_name=person.name, partner_email=person.email)
        if story.head.get('brand'):
            values['brand_id'] = self.records.ref('brand', story.head['brand']).id
        if planned.team == 'support' and story.head.get('product') and planned.rng('properties').random() < 0.6:
            values['ticket_properties'] = {'serial': planned.values['serial']}
        self.at(planned.created)
        return self.records.acting(self.tickets, self.records.user(planned.creator)).create(values)

    def replay(self, talk):
        """Let every act happen at its time, those of all tickets together."""
        for place, order, act in talk.acts():
            self.at(act.at)
            ticket = self.records.acting(talk.tickets[place], self.records.user(act.by))
            if act.kind == 'write':
                ticket.write(self.records.values(act.values))
            elif act.kind == 'reminder':  # of which only the log tells; the real one would write to the assignee
                ticket._log_events([{'ticket_id': ticket.id, 'kind': 'reminder', 'detail': dict(act.values),
                                     'new': fields.Datetime.to_string(ticket.deadline)}])
            else:
                message = talk.messages[place, order].with_env(ticket.env)
                ticket._note_message(message, ticket._message_side(message, {}))

    def link(self):
        """Relate the reports of the outage to its problem, and repeated questions of one customer."""
        master = next(ticket for ticket, planned in self.pairs() if planned.story.key == 'outage_master')
        reports = [ticket.id for ticket, planned in self.pairs() if planned.story.key == 'outage_cloud']
        found, last = [(master, self.tickets.browse(reports))], {}
        for ticket in self.tickets:
            key = ticket.partner_id, ticket.category_id
            if all(key) and key in last and len(found) < 12:
                found.append((ticket, last[key]))
            last[key] = ticket
        for ticket, others in found:
            self.at(min(max((ticket | others).mapped('create_date')) + timedelta(minutes=25), self.now))
            self.records.acting(ticket, ticket.user_id or self.records.root).write(
                {'related_ids': [Command.link(other.id) for other in others]})

    # ------------------------------------------------------------
    # what stands around the tickets
    # ------------------------------------------------------------

    def follow(self):
        """Let assignees and those who answered follow, as core does."""
        followers = {}
        for ticket, planned in self.pairs():
            logins = {planned.first.get('user'), *(act.by for act in planned.acts if act.kind == 'agent'),
                      *(act.values.get('user') for act in planned.acts)}
            for login in logins - {None}:
                followers.setdefault(login, []).append(ticket.id)
        for login, ids in sorted(followers.items()):
            self.env['mail.followers']._insert_followers(
                'helpdesk.ticket', ids, self.records.user(login).partner_id.ids)

    def rate(self):
        """Let some customers say how it was."""
        model_id, rows, moments = self.env['ir.model']._get_id('helpdesk.ticket'), [], []
        for ticket, planned in self.pairs():
            rng = planned.rng('rating')
            at = ticket.solved_at and ticket.solved_at + timedelta(hours=rng.uniform(1, 60))
            if not at or at > self.now or not ticket.partner_id or not ticket.active or rng.random() > 0.38:
                continue
            value = rng.choices((5, 3, 1), (80, 13, 7))[0]
            moments.append(at)
            rows.append({
                'res_model_id': model_id, 'res_id': ticket.id, 'rating': value, 'consumed': True,
                'partner_id': ticket.partner_id.id, 'rated_partner_id': ticket.user_id.partner_id.id,
                'feedback': rng.choice(PRAISE if value == 5 else BLAME) or False,
            })
        for rating, at in zip(self.env['rating.rating'].create(rows), moments, strict=True):
            rating.rated_on = at  # now, says create

    def plan_activities(self):
        """Give agents something to do on some of their open tickets."""
        call, todo = (self.env.ref(f'mail.mail_activity_data_{name}').id for name in ('call', 'todo'))
        open_ones = [ticket for ticket, planned in self.pairs() if ticket.user_id and planned.outcome in (
            'working', 'waiting_third_party', 'waits')]
        model_id = self.env['ir.model']._get_id('helpdesk.ticket')
        activity = self.env['mail.activity'].with_context(mail_activity_quick_update=True)  # mails nobody
        for ticket, (days, summary) in zip(open_ones[::2], ACTIVITIES * 2, strict=False):
            self.records.acting(activity, ticket.user_id).create({
                'res_model_id': model_id, 'res_id': ticket.id, 'user_id': ticket.user_id.id, 'summary': summary,
                'activity_type_id': call if 'Call' in summary else todo,
                'date_deadline': self.now.date() + timedelta(days=days),
            })

    def set_timers(self):
        """Set what is still to come, and take back the alarms that were set while the past was written."""
        self.env['ir.cron.trigger'].search([
            ('cron_id', 'in', [self.env.ref(job).id for job in JOBS]), ('call_at', '<=', self.now)]).unlink()
        for ticket, planned in self.pairs():
            values = {'deadline_remind_at': planned.remind_at or False}
            if ticket.status == 'solved':
                values.update(ticket._autoclose_facts('solved', ticket.solved_at))
            ticket._write_facts(values)
            if planned.remind_at:
                ticket._trigger_timer(JOBS[0], planned.remind_at)

    def set_dates(self):
        """Set the dates that the ORM gives by itself; of messages and what hangs on them, all in one go each."""
        self.env.flush_all()
        last = [(ticket.id, max([planned.created, *(act.at for act in planned.acts)]))
                for ticket, planned in self.pairs()]
        last = SQL(", ").join(SQL("(%s, %s::timestamp)", *row) for row in last)
        mine = SQL("m.model = 'helpdesk.ticket' AND m.res_id IN %s", tuple(self.tickets.ids))
        for query in (
            SQL("UPDATE helpdesk_ticket t SET write_date = v.at FROM (VALUES %s) AS v(id, at) WHERE t.id = v.id", last),
            SQL("UPDATE mail_message m SET create_date = m.date, write_date = m.date WHERE %s", mine),
            SQL("UPDATE mail_tracking_value v SET create_date = m.date, write_date = m.date"
                " FROM mail_message m WHERE m.id = v.mail_message_id AND %s", mine),
            SQL("UPDATE ir_attachment a SET create_date = t.create_date, write_date = t.create_date"
                " FROM helpdesk_ticket t WHERE a.res_model = 'helpdesk.ticket' AND a.res_id = t.id AND t.id IN %s",
                tuple(self.tickets.ids)),
            SQL("UPDATE ir_attachment a SET create_date = m.date, write_date = m.date FROM mail_message m"
                " JOIN message_attachment_rel r ON r.message_id = m.id WHERE r.attachment_id = a.id AND %s", mine),
            SQL("UPDATE rating_rating SET create_date = rated_on, write_date = rated_on"
                " WHERE res_model = 'helpdesk.ticket' AND res_id IN %s", tuple(self.tickets.ids)),
        ):
            self.env.cr.execute(query)
        self.env.invalidate_all()
