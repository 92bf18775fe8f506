from odoo import api, fields, models


class HelpdeskTicket(models.Model):
    """A request from the service catalogue: what was ordered and answered, and how it goes on from there (S0-13)."""
    _inherit = 'helpdesk.ticket'

    catalogue_item_id = fields.Many2one(
        'helpdesk.catalogue.item', string="Ordered", readonly=True, copy=False, index='btree_not_null',
        ondelete='restrict', help="The item of the service catalogue that was ordered.")
    answer_ids = fields.One2many('helpdesk.catalogue.answer', 'ticket_id', string="Answers", copy=False)
    catalogue_expected_at = fields.Datetime(
        string="Expected By", readonly=True, copy=False,
        help="When it is usually there, in the team's working time: counted from the order, or from its approval.")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'catalogue_item_id', 'catalogue_expected_at'}

    def _start_order(self):
        """Let the request (superuser) take its course."""
        self.ensure_one()
        item = self.catalogue_item_id
        item.checklist_id._add_to(self)
        self.catalogue_expected_at = item._delivered_by(self.env.cr.now())

    # ------------------------------------------------------------
    # for the customer
    # ------------------------------------------------------------

    def _portal_file(self, attachment_id):
        """Files that were sent with the form are the customer's as well."""
        file = super()._portal_file(attachment_id)
        return file or self.answer_ids.attachment_ids.filtered(lambda one: one.id == attachment_id)

    def _portal_order(self):
        """Return what the ticket's page (superuser) says about an order, None where it is none.

        :return: dict of ``item`` (name), ``answers``: list of (question, answer, files) and ``steps``: list of
            (state, words, more), the state being 'done', 'now', 'next' or 'stopped'
        """
        self.ensure_one()
        if not self.catalogue_item_id:
            return None
        return {
            'item': self.catalogue_item_id.name, 'steps': self._portal_order_steps(),
            'answers': [(answer.name, answer._shown(), answer.attachment_ids) for answer in self.answer_ids]}

    def _portal_order_steps(self):
        """Return what happened, what happens now and what comes next: [(state, words, more)]."""
        _ = self.env._
        steps = [('done', _("Ordered on %s", self._portal_moment(self.create_date)), '')]
        return [*steps, self._portal_delivery_step('now')]

    def _portal_delivery_step(self, state):
        _, more = self.env._, ''
        if self.status in ('solved', 'closed'):
            done_at = self.solved_at or self.closed_at
            return 'done', _("Done on %s", self._portal_moment(done_at)) if done_at else _("Done"), ''
        if state == 'next':
            if words := self.catalogue_item_id._delivery_words():
                more = _("Usually within %s from then on.", words)
            return state, _("We do it"), more
        if self.catalogue_expected_at and not self._portal_promise():  # a promise stands above already
            more = _("Usually there by %s.", self._portal_moment(self.catalogue_expected_at))
        return state, _("We do it"), more
