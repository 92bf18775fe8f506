from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError


class TemplateAnswer(NamedTuple):
    """A template on its way as an answer, in the context: nobody outside can send one. ``told``: what the adapter
    sends (see ``tools/template``)."""
    template_id: int
    told: dict


class HelpdeskTicketTemplateMixin(models.AbstractModel):
    """When a service takes no free words any more, an agent can still answer with a message that it has approved."""
    _name = 'helpdesk.ticket.template.mixin'
    _description = "Ticket: Messenger Templates"

    can_answer_by_template = fields.Boolean(
        compute='_compute_can_answer_by_template', groups='helpdesk_core.group_helpdesk_user')

    @api.depends('channel_person_id.last_message_at', 'answer_by_mail')
    def _compute_can_answer_by_template(self):
        for ticket in self:
            ticket.can_answer_by_template = bool(
                ticket._answers_by_channel() and ticket._window_problem() and not ticket._channel_fault()
                and ticket._usable_templates())

    def _usable_templates(self):
        """Return the templates that may be sent to the customer now, in any language."""
        # sudo: what may be sent, for who may answer; the ticket may be another team's than the channel's
        channel = self.sudo().channel_person_id.channel_id
        return channel.template_ids.filtered(lambda one: one._is_usable())

    def _offered_templates(self):
        """Return (the templates to choose from, whether they are in the customer's language): those of the country,
        else those of the language, else all."""
        usable, wanted = self._usable_templates(), (self.customer_lang or '').replace('@', '_')
        for fits in (lambda code: code == wanted, lambda code: code.partition('_')[0] == wanted.partition('_')[0]):
            if found := usable.filtered(lambda one, fits=fits: fits(one.language)):
                return found, True
        return usable, False

    def action_answer_by_template(self):
        """Open the dialog in which an agent chooses a template.

        :raise UserError: when free words may be sent, or nothing at all
        """
        self.ensure_one()
        self._check_chooses_way()
        self._check_takes_templates()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Answer with a Template"), 'target': 'new',
            'res_model': 'helpdesk.channel.template.send', 'views': [(False, 'form')],
            'context': {'default_ticket_id': self.id}}

    def _check_takes_templates(self):
        """Refuse templates where they are not needed, or would not arrive."""
        _ = self.env._
        if not self._answers_by_channel():
            raise UserError(_("Answers on this ticket do not go to a messenger."))
        if fault := self._channel_fault():
            raise UserError(fault)
        if not self._window_problem():
            raise UserError(_("You can answer in your own words: write in the ticket. Templates are for later."))
        if not self._usable_templates():
            raise UserError(_(
                "There is no approved template. Administrators fetch them on the channel once Meta has approved "
                "some."))

    def _answer_by_template(self, template, values):
        """Answer with ``template``; ``values``: {part: {name: text}} for its placeholders.

        :return: the message (mail.message) with the words that the customer gets
        :raise UserError: when the service would not take it
        """
        self.ensure_one()
        self._check_chooses_way()
        self._check_takes_templates()
        template = template.sudo() & self._usable_templates()  # sudo: as in _usable_templates
        if not template:
            raise UserError(self.env._("This template cannot be sent any more. Choose another one."))
        told, person = template._told(values), self.sudo().channel_person_id  # sudo: who gets it
        try:  # what the service would refuse is said before anything stands in the ticket
            person.channel_id._adapter().send_template(person.channel_id._credentials(), person.sender, told)
        except ValueError as error:
            raise UserError(str(error)) from error
        return self.with_context(helpdesk_template=TemplateAnswer(template.id, told)).message_post(
            body=template._as_html(values), message_type='comment', subtype_xmlid='mail.mt_comment',
            email_add_signature=False)

    def _template_answer(self):
        """Return the :class:`TemplateAnswer` that is being posted, None for free words."""
        found = self.env.context.get('helpdesk_template')
        return found if isinstance(found, TemplateAnswer) else None
