import contextlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

MODES = [
    ('anonymise', "Anonymise: tickets stay for the figures, the person goes"),
    ('erase', "Delete the person's tickets, and the person from other people's tickets"),
]


class HelpdeskPerson(models.TransientModel):
    """All that the helpdesk knows of one person: to be handed out, or to go (D21)."""
    _name = 'helpdesk.person'
    _inherit = ['helpdesk.person.export.mixin']
    _description = "Data of a Person"

    partner_id = fields.Many2one('res.partner', string="Contact")
    name = fields.Char()
    email = fields.Char(string="E-mail")
    phone = fields.Char()
    mode = fields.Selection(MODES, string="What", required=True, default='anonymise')
    reason = fields.Char(help="Stays in the log for ever: name the request or the law, no person.")
    ticket_count = fields.Integer(string="Own Tickets", compute='_compute_counts', compute_sudo=False)
    other_count = fields.Integer(
        string="In Others' Tickets", compute='_compute_counts', compute_sudo=False,
        help="Tickets of other people with words or the address of this person. They stay, the person goes.")
    held_count = fields.Integer(
        string="On Legal Hold", compute='_compute_counts', compute_sudo=False, help="They stay as they are.")
    foreign_count = fields.Integer(
        string="In Other Companies", compute='_compute_counts', compute_sudo=False,
        help="Tickets of companies that you have not chosen above. They stay as they are.")

    @api.model
    def _open(self, context):
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Data of a Person"), 'res_model': self._name,
            'view_mode': 'form', 'views': [(False, 'form')], 'target': 'new', 'context': context}

    @api.model
    def default_get(self, fields_list):
        """Begin with the contact that the dialog was opened on."""
        values = super().default_get(fields_list)
        if self.env.context.get('active_model') == 'res.partner' and self.env.context.get('active_id'):
            partner = self.env['res.partner'].browse(self.env.context['active_id'])
            values.update(partner_id=partner.id, name=partner.name, email=partner.email, phone=partner.phone)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        self._check_right()
        return super().create(vals_list)

    def _check_right(self):
        """Raise AccessError for everybody but administrators, of the helpdesk or of the system."""
        if not self.env.user.has_groups('helpdesk_core.group_helpdesk_manager,base.group_system'):
            raise AccessError(self.env._("Only administrators see or erase all data of a person."))

    # ------------------------------------------------------------
    # who and what
    # ------------------------------------------------------------

    def _engine(self):
        # sudo: administrators of the system need no rights on tickets; companies are kept apart below
        return self.env['helpdesk.personal.data'].sudo()

    def _person(self):
        """Return the Person of what is filled in.

        :raise UserError: for nobody, for a company and for a colleague
        """
        partner = self.partner_id
        if partner.is_company:
            raise UserError(self.env._("%s is a company. Choose one of its people.", partner.name))
        person = self._engine()._person(partner, self.name or '', self.email or '', self.phone or '')
        # sudo: whether there is such a user
        users = self.env['res.users'].sudo().with_context(active_test=False).search(
            ['|', ('partner_id', 'in', person.partner_ids), ('login', 'in', person.emails)])
        if colleague := users.filtered(lambda user: not user.share)[:1]:
            raise UserError(self.env._(
                "%s is a colleague, whose work is in the log of many tickets: that stays.", colleague.name))
        if not (person.partner_ids or person.emails):
            raise UserError(self.env._("Choose a contact, or write an e-mail address."))
        return person

    def _found(self, person):
        """Return (own tickets, others' tickets, held ones among them, number of those in other companies), in sudo."""
        engine = self._engine()
        tickets = engine.env['helpdesk.ticket'].with_context(active_test=False)
        own = tickets.search(engine._own_tickets(person))
        others = tickets.search(Domain('id', 'in', list(engine._other_ticket_ids(person)))) - own
        inside = (own | others).filtered(lambda ticket: ticket.company_id in self.env.companies)
        held = inside.filtered(lambda ticket: any(engine._family(ticket).mapped('is_held')))
        foreign = len(own | others) - len(inside)
        return (own & inside) - held, (others & inside) - held, held, foreign

    @api.depends('partner_id', 'name', 'email', 'phone')
    def _compute_counts(self):
        for wizard in self:
            own = others = held = ()
            foreign = 0
            if self.env.user.has_groups('helpdesk_core.group_helpdesk_manager,base.group_system') and (
                    wizard.partner_id or wizard.email):
                with contextlib.suppress(UserError):  # said when something is to be done
                    own, others, held, foreign = wizard._found(wizard._person())
            wizard.update({'ticket_count': len(own), 'other_count': len(others), 'held_count': len(held),
                           'foreign_count': foreign})

    # ------------------------------------------------------------
    # doing it
    # ------------------------------------------------------------

    def action_export(self):
        """Download all that is kept of the person."""
        self.ensure_one()
        self._check_right()
        self._person()
        return {'type': 'ir.actions.act_url', 'url': f'/helpdesk/person/{self.id}/export', 'target': 'self'}

    def action_forget(self):
        """Anonymise or delete, for good; what is on legal hold stays and is named.

        :raise AccessError: for who may not
        :raise UserError: without a reason, and for nobody in particular
        """
        self.ensure_one()
        self._check_right()
        reason = (self.reason or '').strip()
        if not reason:
            raise UserError(self.env._("Say why. The reason is kept in the log."))
        person, engine = self._person(), self._engine()
        own, others, held, _foreign = self._found(person)
        own_count, other_count, ticket_ids = len(own), len(others), (own | others).ids
        if self.mode == 'erase' and own:
            names = engine._all_files(engine._rows(own).get('ir.attachment', ())).mapped('store_fname')
            own._erase_along()._erase(reason)
            engine._purge_soon(names)
            own = own.browse()
        for ticket in own | others:
            engine._forget_person(ticket, person, ticket in own, reason)
        if not held:
            engine._forget_elsewhere(person, ticket_ids)
        message = self.env._(
            "Done: %(own)s own tickets, %(others)s of others.", own=own_count, others=other_count)
        # sudo: Odoo's own log, which keeps first letters alone, is written by whoever erases
        self.env['privacy.log'].sudo().create({
            'anonymized_name': (person.names or ['?'])[0], 'anonymized_email': (person.emails or ['?@?'])[0],
            'execution_details': f'Helpdesk: {message}', 'additional_note': reason})
        if held:
            message = self.env._("%(done)s On legal hold, and left as they are: %(numbers)s", done=message,
                                 numbers=', '.join(held[:20].mapped('number')))
        return {'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
            'type': 'warning' if held else 'success', 'sticky': bool(held), 'message': message,
            'next': {'type': 'ir.actions.act_window_close'}}}
