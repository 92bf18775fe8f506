from odoo import api, fields, models

SOURCES = [('customer', "The customer's name"), ('number', "The ticket's number"), ('subject', "The ticket's subject"),
           ('brand', "The brand's name"), ('agent', "The agent's name")]
# What a placeholder is likely to mean: by its place where it has no name, else by words in its name.
BY_PLACE = {'1': 'customer', '2': 'number', '3': 'brand'}
BY_WORD = (('brand', ('brand', 'company', 'business', 'shop')), ('agent', ('agent', 'employee')),
           ('subject', ('subject', 'topic', 'title')), ('number', ('number', 'ticket', 'case', 'reference')),
           ('customer', ('name', 'customer', 'client')))


class HelpdeskChannelTemplatePlaceholder(models.Model):
    """A gap in a template, and with what it is filled in before the agent looks at it."""
    _name = 'helpdesk.channel.template.placeholder'
    _inherit = ['helpdesk.audited.mixin']
    _description = "Placeholder of a Messenger Template"
    _order = 'template_id, sequence, id'

    template_id = fields.Many2one('helpdesk.channel.template', required=True, readonly=True, index=True,
                                  ondelete='cascade')
    company_id = fields.Many2one(related='template_id.company_id', store=True, precompute=True)
    sequence = fields.Integer(readonly=True)
    part = fields.Selection([('header', "Header"), ('body', "Text")], required=True, readonly=True, default='body')
    name = fields.Char(string="Placeholder", required=True, readonly=True)
    example = fields.Char(readonly=True, help="What whoever wrote the template gave as an example.")
    source = fields.Selection(
        SOURCES, string="Filled In With", help="Empty: the agent writes it. The agent may change it in any case.")

    @api.depends('name')
    def _compute_display_name(self):
        for placeholder in self:
            placeholder.display_name = '{{%s}}' % (placeholder.name or '')

    def _audit_on(self):
        """What is fetched is not the administrator's doing."""
        return super()._audit_on() and not self.env.su

    @api.model
    def _guess(self, part, name):
        """Return what a new placeholder is filled in with (a source or False)."""
        if name.isdigit():
            return BY_PLACE.get(name, False) if part == 'body' else False
        words = name.lower()
        return next((source for source, known in BY_WORD if any(word in words for word in known)), False)

    def _value(self, ticket):
        """Return the words (text) for ``ticket``, '' where the agent writes them."""
        ticket = ticket.sudo()  # sudo: names on a ticket that the caller may read
        return {
            'customer': ticket.partner_id.name or ticket.partner_name or ticket.channel_person_id.display_name,
            'number': ticket.number,
            'subject': ticket.name,
            'brand': ticket.brand_id.name or ticket.company_id.name,
            'agent': self.env.user.name,
        }.get(self.source) or ''
