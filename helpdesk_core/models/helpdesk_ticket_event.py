from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

KINDS = [
    ('created', "Created"),
    ('subject', "Subject"),
    ('team', "Team"),
    ('stage', "Stage"),
    ('assignee', "Assignee"),
    ('customer', "Customer"),
    ('priority', "Priority"),
    ('type', "Type"),
    ('category', "Category"),
    ('brand', "Brand"),
    ('tags', "Tags"),
    ('deadline', "Deadline"),
    ('archived', "Archived"),
    ('restored', "Restored"),
    ('linked', "Linked"),
    ('routed', "Routed"),
    ('customer_message', "Customer wrote"),
    ('agent_message', "Answer sent"),
    ('internal_note', "Internal note"),
    ('automatic_message', "Automatic message"),
    ('reminder', "Reminder"),
    ('frozen', "Frozen"),
    ('unfrozen', "Awake again"),
    ('macro', "Macro"),
    ('merged', "Merged into"),
    ('unmerged', "Merge undone"),
    ('merged_in', "Took in"),
    ('unmerged_in', "Gave back"),
    ('split', "Split"),
    ('parent', "Part of"),
    ('part', "Sub-ticket"),
    ('watch', "Watchers"),
    ('checklist', "Checklist"),
    ('recurring', "Made by"),
    ('thanks', "Customer said thanks"),
    ('silence', "No answer from the customer"),
    ('forwarded', "Sent to a third party"),
    ('side_reply', "Third party answered"),
    ('confirmed', "Address confirmed"),
    ('rated', "Rated"),
    ('erased', "Erased"),
    ('redacted', "Redacted"),
    ('anonymised', "Anonymised"),
]

# Refused by the database itself, so that no path around the ORM rewrites history. Two things must pass: the
# end of a referenced row (its id becomes NULL once the row is gone) and the procedures that name themselves in
# `helpdesk.event_maintenance`, for their transaction only: 'erase', 'relink' (merged contacts) and 'redact' (words
# and people; what happened and when stays).
_GUARD = """
CREATE OR REPLACE FUNCTION helpdesk_ticket_event_guard() RETURNS trigger AS $$
DECLARE
    allowed text := coalesce(current_setting('helpdesk.event_maintenance', true), '');
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'helpdesk_ticket_event is append-only';
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF allowed = 'erase' THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'helpdesk_ticket_event is append-only: row % cannot be deleted', OLD.id;
    END IF;
    IF (NEW.id, NEW.at, NEW.kind, NEW.create_date)
        IS DISTINCT FROM (OLD.id, OLD.at, OLD.kind, OLD.create_date)
       OR ((NEW.old, NEW.new, NEW.detail) IS DISTINCT FROM (OLD.old, OLD.new, OLD.detail) AND allowed <> 'redact')
       OR (NEW.ticket_id IS DISTINCT FROM OLD.ticket_id
           AND NOT (NEW.ticket_id IS NULL AND NOT EXISTS (SELECT FROM helpdesk_ticket WHERE id = OLD.ticket_id)))
       OR (NEW.message_id IS DISTINCT FROM OLD.message_id
           AND NOT (NEW.message_id IS NULL AND NOT EXISTS (SELECT FROM mail_message WHERE id = OLD.message_id)))
       OR (NEW.user_id IS DISTINCT FROM OLD.user_id
           AND NOT (NEW.user_id IS NULL AND NOT EXISTS (SELECT FROM res_users WHERE id = OLD.user_id)))
       OR (NEW.create_uid IS DISTINCT FROM OLD.create_uid
           AND NOT (NEW.create_uid IS NULL AND NOT EXISTS (SELECT FROM res_users WHERE id = OLD.create_uid)))
       OR (NEW.author_id IS DISTINCT FROM OLD.author_id AND allowed NOT IN ('relink', 'redact')
           AND NOT (NEW.author_id IS NULL AND NOT EXISTS (SELECT FROM res_partner WHERE id = OLD.author_id)))
    THEN
        RAISE EXCEPTION 'helpdesk_ticket_event is append-only: row % cannot be changed', OLD.id;
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER helpdesk_ticket_event_guard_row BEFORE UPDATE OR DELETE ON helpdesk_ticket_event
    FOR EACH ROW EXECUTE FUNCTION helpdesk_ticket_event_guard();
CREATE OR REPLACE TRIGGER helpdesk_ticket_event_guard_truncate BEFORE TRUNCATE ON helpdesk_ticket_event
    FOR EACH STATEMENT EXECUTE FUNCTION helpdesk_ticket_event_guard();
"""


class HelpdeskTicketEvent(models.Model):
    """What happened to a ticket, in order, for ever (S2-30, S4-21, threats: audit immutability).

    ``old`` and ``new`` are texts for people; ``detail`` holds what programs need: ids (``old_id``, ``new_id``),
    statuses (``old_status``, ``new_status``) and ``seconds``, how long the old value had stood (wall time).
    """
    _name = 'helpdesk.ticket.event'
    _inherit = ['helpdesk.ticket.event.words.mixin', 'helpdesk.export.mixin']
    _description = "Ticket Event"
    _order = 'at desc, id desc'
    _rec_name = 'kind'
    _log_access = True

    ticket_id = fields.Many2one('helpdesk.ticket', readonly=True, ondelete='set null')
    at = fields.Datetime(string="When", required=True, readonly=True, default=lambda self: self.env.cr.now())
    kind = fields.Selection(KINDS, string="What", required=True, readonly=True)
    user_id = fields.Many2one('res.users', string="By", readonly=True, ondelete='set null')
    author_id = fields.Many2one('res.partner', string="Author", readonly=True, ondelete='set null')
    message_id = fields.Many2one(
        'mail.message', string="Message", readonly=True, index='btree_not_null', ondelete='set null')
    old = fields.Char(string="From", readonly=True)
    new = fields.Char(string="To", readonly=True)
    detail = fields.Json(readonly=True)
    summary = fields.Char(string="What Happened", compute='_compute_summary')

    _ticket_at_idx = models.Index("(ticket_id, at, id)")
    _at_idx = models.Index("(at DESC, id DESC)")
    _kind_at_idx = models.Index("(kind, at)")
    _macro_idx = models.Index("(((detail->>'macro_id')::int), at) WHERE kind = 'macro'")

    def init(self):
        self.env.cr.execute(SQL(_GUARD.replace('%', '%%')))

    def _compute_summary(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for event in self:
            event.summary = event._spoken_summary(kinds[event.kind])

    @api.model
    def _log(self, rows):
        """Append ``rows`` (list of field dicts; ``at`` defaults to the transaction's time, UTC) in one statement."""
        user = self.env.user
        for row in rows:
            row.setdefault('at', self.env.cr.now())
            row.setdefault('user_id', user.id)
            row.setdefault('author_id', user.partner_id.id)
        # sudo: everybody's acts are logged, and nobody has the right to write into the log
        return self.sudo().create(rows)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("The log is written by what happens to tickets, never by hand."))
        return super().create(vals_list)

    def write(self, vals):
        raise UserError(self.env._("The log of a ticket cannot be changed, by nobody."))

    def unlink(self):
        raise UserError(self.env._("The log of a ticket cannot be deleted, by nobody."))

    @api.model
    def _erase(self, tickets, reason):
        """Delete ``tickets``' rows and leave one row each that says so: number, reason, who and when."""
        rows = [{'kind': 'erased', 'new': ticket.number, 'detail': {'reason': reason}} for ticket in tickets]
        self.flush_model()
        self._maintain('erase')
        self.env.cr.execute(SQL(
            "DELETE FROM %s WHERE ticket_id IN %s", SQL.identifier(self._table), tuple(tickets.ids)))
        self._maintain('')
        self.invalidate_model()
        return self._log(rows)

    @api.model
    def _maintain(self, what):
        """Name the maintenance procedure ('erase', 'relink', 'redact' or '' for none) to the guard, for this
        transaction. Each leaves rows in the log that say so."""
        self.env.cr.execute(SQL("SELECT set_config('helpdesk.event_maintenance', %s, true)", what))
