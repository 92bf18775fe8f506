from datetime import datetime
from unittest.mock import patch

from odoo.addons.helpdesk_sla.tests.common import SlaCommon
from odoo.fields import Command

from ..models.helpdesk_report_content import HelpdeskReportContent

#: no page is drawn where a test does not look at it
DRAW = 'odoo.addons.base.models.ir_actions_report.IrActionsReport._run_wkhtmltopdf'


class ScheduleCommon(SlaCommon):
    """February 2026 of the customer Acme, counted by hand; hours are Prague's, 8 to 12 and 13 to 17.

    =========  ==================  ============  ============================  ==================================
    ticket     came (UTC)          first answer  solved                        promises (1 h, 8 h)
    =========  ==================  ============  ============================  ==================================
    ``early``  12 January, 8:00    10 min        1 h                           both kept
    ``quick``  2 February, 8:00    30 min        3 h (12:30 in Prague)         both kept
    ``slow``   10 February, 8:00   2 h           5 h (15:00 in Prague)         answer missed, solution kept
    ``open``   26 February, 8:00   15 min        not yet                       answer kept, solution missed
    =========  ==================  ============  ============================  ==================================

    Not counted: ``hidden`` (archived), ``secret`` (type of some groups), ``foreign`` (company B), ``stranger``'s.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.resource_calendar_id = cls.calendar
        cls.personnel = cls.env['res.groups'].create({
            'name': "Personnel", 'user_ids': [Command.set((cls.agent | cls.manager).ids)]})
        cls.secret_type = cls.env['helpdesk.type'].create({
            'name': "Salary", 'nature': 'request', 'group_ids': [Command.set(cls.personnel.ids)]})

        if cls.counted:
            cls().set_up_tickets()

    #: whether the tests need the tickets
    counted = True

    def set_up_tickets(self):
        """Once for all tests of a class."""
        tickets = {
            'early': self.lived("Early bird", (1, 12), 10, (9, 0)),
            'quick': self.lived("Quick fix", (2, 2), 30, (11, 30)),
            'slow': self.lived("=SUM(A1) slow", (2, 10), 120, (14, 0)),
            'open': self.lived("Open door", (2, 26), 15, partner_id=self.colleague.id),
            'hidden': self.lived("Hidden away", (2, 11), 5, (9, 0)),
            'secret': self.lived("Secret salary", (2, 12), 5, (9, 0), type_id=self.secret_type.id),
            'stranger_ticket': self.lived("Strange noise", (2, 13), 5, (9, 0), partner_id=self.stranger.id),
            'foreign': self.lived("Foreign land", (2, 14), None, team_id=self.team_b.id)}
        for name, ticket in tickets.items():
            setattr(type(self), name, ticket)
        self.hidden.active = False
        with self.at(datetime(2026, 3, 4, 9, 0)):
            self.tick()
            self.quick.with_user(self.agent).message_post(body="They never pay", subtype_xmlid='mail.mt_note')
            self.env['helpdesk.ticket.reading']._catch_up()
        self.env.invalidate_all()

    def lived(self, name, day, answer, solved=None, **vals):
        """Create a ticket of 2026 at 8:00 UTC of ``day`` (month, day), answered after so many minutes, solved at."""
        with self.at(datetime(2026, *day, 8, 0)):
            ticket = self.ticket(name=name, **vals)
        if answer is not None:
            with self.at(datetime(2026, *day, 8 + answer // 60, answer % 60)):
                self.answer(ticket, self.agent)
        if solved:
            with self.at(datetime(2026, *day, *solved)):
                ticket.with_user(self.agent).action_solve()
        return ticket

    def schedule(self, user=None, **vals):
        """Create a monthly report about Acme to Carla as ``user`` (default: the manager)."""
        return self.env['helpdesk.report.schedule'].with_user(user or self.manager).create({
            'name': "Acme monthly", 'about': 'customer', 'partner_id': self.acme.id,
            'partner_ids': [Command.set(self.customer.ids)],
            **vals})

    def team_schedule(self, user=None, **vals):
        return self.schedule(user or self.leader, **{
            'name': "Repairs", 'about': 'team', 'partner_id': False, 'team_id': self.team.id,
            'partner_ids': [Command.set(self.leader.partner_id.ids)], **vals})

    def content(self, schedule, lang='en_US'):
        """Return what ``schedule`` would say now."""
        one = schedule.sudo()
        return one._as_owner().with_context(lang=lang)._content(one._span())

    def html(self, schedule, lang='en_US'):
        """Return the document's page."""
        report, content = self.env['ir.actions.report'].with_context(lang=lang), self.content(schedule, lang)
        return report._render_qweb_html(
            'helpdesk_reports.report_document', schedule.ids, data={'content': content})[0].decode()

    def run_reports(self):
        """Run the job as the scheduler does, without drawing."""
        self.env.flush_all()
        with patch(DRAW, lambda *args, **kwargs: b'%PDF-'), self.enter_registry_test_mode():
            self.env.ref('helpdesk_reports.ir_cron_send_reports').method_direct_trigger()
        self.env.invalidate_all()

    def send_now(self, schedule, user=None):
        with patch(DRAW, lambda *args, **kwargs: b'%PDF-'):
            return schedule.with_user(user or self.manager).action_send_now()

    def sent_mails(self, schedule, user=None):
        """Send ``schedule`` now; return the mails that leave (dicts of what the server is given)."""
        with self.mock_mail_gateway():
            self.send_now(schedule, user)
            self.env['mail.mail'].sudo().search([
                ('state', '=', 'outgoing'), ('model', '=', 'helpdesk.report.sent')]).send()
        return self._mails

    def rate(self, ticket, rating):
        """Have the customer rate ``ticket``."""
        ticket.rating_apply(rating, token=ticket._rating_get_access_token())
        self.env.flush_all()

    def broken_content(self, broken):
        """Make counting fail for the schedule ``broken`` alone."""
        gather = HelpdeskReportContent._gather

        def fail(content, schedule, span):
            if schedule == broken:
                raise ValueError("No ink")
            return gather(content, schedule, span)
        return patch.object(HelpdeskReportContent, '_gather', fail)
