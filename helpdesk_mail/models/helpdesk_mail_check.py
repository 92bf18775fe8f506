from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

LOOK_BACK = 7  # days that are checked when the job did not run for a while
TAKEN = ('new_ticket', 'follow_up', 'possible_follow_up')


class HelpdeskMailCheck(models.Model):
    """One day's account of a company's received mail: all is accounted for, or the row says what is not (N6, D3)."""

    _name = 'helpdesk.mail.check'
    _description = "Daily Mail Check"
    _order = 'day desc'
    _rec_name = 'day'

    day = fields.Date(required=True, readonly=True, help="In UTC.")
    company_id = fields.Many2one(
        'res.company', readonly=True, help="Empty: mails that were for no company's helpdesk.")
    received = fields.Integer(readonly=True, help="Mails written to the list of received mails that day.")
    into_tickets = fields.Integer(readonly=True, help="Became a ticket or went into one.")
    recorded = fields.Integer(
        readonly=True, help="Kept with a reason: machines, delivery reports, duplicates, refused, other applications.")
    held = fields.Integer(readonly=True, help="Held for a person at the time of the check.")
    waiting = fields.Integer(string="Failed or Waiting", readonly=True)
    without_original = fields.Integer(readonly=True, help="The original is gone though nobody erased it.")
    without_message = fields.Integer(
        readonly=True, help="Counted as taken, but its message is not there: deleted by hand since.")
    accounted = fields.Boolean(
        compute='_compute_accounted', store=True, help="Everything that came has an outcome and its original.")

    _day_uniq = models.UniqueIndex("(day, COALESCE(company_id, 0))", "The day was checked already.")

    @api.depends('waiting', 'without_original', 'without_message')
    def _compute_accounted(self):
        for check in self:
            check.accounted = not (check.waiting or check.without_original or check.without_message)

    @api.model
    def _cron_check(self):
        """Check the days since the last check, today left out; at most LOOK_BACK. Tell administrators of trouble."""
        today = fields.Datetime.now().date()
        last = self.search([('day', '!=', False)], limit=1).day or today - timedelta(days=2)
        day = max(last + timedelta(days=1), today - timedelta(days=LOOK_BACK))
        while day < today:
            for check in self.create([{'day': day, **counts} for counts in self._count(day)]):
                if not check.accounted:
                    check._tell()
            day += timedelta(days=1)

    @api.model
    def _count(self, day):
        """Return the figures of ``day``, a dict for each company and at least one, by one query over its rows alone."""
        self.env['helpdesk.mail.intake'].flush_model(
            ['received_at', 'outcome', 'raw_id', 'mail_message_id', 'original_deleted_at'])
        begin = datetime.combine(day, time.min)
        rows = self.env.execute_query_dict(SQL("""
            SELECT m.company_id, count(*) AS received,
                   count(*) FILTER (WHERE m.outcome IN %(taken)s) AS into_tickets,
                   count(*) FILTER (WHERE m.outcome = 'held') AS held,
                   count(*) FILTER (WHERE m.outcome IN ('failed', 'received')) AS waiting,
                   count(*) FILTER (WHERE a.id IS NULL AND m.original_deleted_at IS NULL) AS without_original,
                   count(*) FILTER (WHERE m.outcome IN %(taken)s AND m.mail_message_id IS NULL) AS without_message
              FROM helpdesk_mail_intake m LEFT JOIN ir_attachment a ON a.id = m.raw_id
             WHERE m.received_at >= %(begin)s AND m.received_at < %(end)s
          GROUP BY m.company_id""",
            taken=TAKEN, begin=begin, end=begin + timedelta(days=1)))
        for row in rows:
            row['recorded'] = row['received'] - row['into_tickets'] - row['held'] - row['waiting']
        return rows or [{'received': 0}]  # a quiet day was checked as well

    def _tell(self):
        """Tell the helpdesk's administrators that something of the day is not accounted for."""
        for user in self.env['helpdesk.mail.intake']._administrators(self.company_id):
            words = self.with_context(lang=user.lang)
            self.env['mail.thread'].message_notify(
                partner_ids=user.partner_id.ids,
                subject=words.env._("Mail of %s is not all accounted for", self.day),
                body=words.env._(
                    "Of %(received)s mails %(waiting)s failed or wait, %(originals)s have lost their original, "
                    "%(messages)s their message. See Daily Mail Check in the helpdesk's configuration.",
                    received=self.received, waiting=self.waiting, originals=self.without_original,
                    messages=self.without_message))
