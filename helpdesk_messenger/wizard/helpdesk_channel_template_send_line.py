from odoo import api, fields, models


class HelpdeskChannelTemplateSendLine(models.TransientModel):
    """What goes into one placeholder of a template."""
    _name = 'helpdesk.channel.template.send.line'
    _description = "Answer with a Template: Placeholder"

    send_id = fields.Many2one('helpdesk.channel.template.send', required=True, ondelete='cascade')
    part = fields.Selection([('header', "Header"), ('body', "Text")], required=True, default='body')
    name = fields.Char(required=True)
    label = fields.Char(string="Placeholder", compute='_compute_label')
    example = fields.Char()
    value = fields.Char(string="Words")

    @api.depends('name', 'part')
    def _compute_label(self):
        for line in self:
            label = '{{%s}}' % (line.name or '')
            line.label = self.env._("%s in the header", label) if line.part == 'header' else label
