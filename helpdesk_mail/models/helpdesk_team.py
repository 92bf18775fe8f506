from ast import literal_eval

from odoo import api, fields, models


class HelpdeskTeam(models.Model):
    _name = 'helpdesk.team'
    _inherit = ['mail.alias.mixin', 'helpdesk.team']

    alias_id = fields.Many2one(help="Mails to this address become tickets of the team.")
    cc_policy = fields.Selection(
        [
            ('email_cc', "Keep them in Cc of the ticket"),
            ('followers', "Contacts follow the ticket, others are kept in Cc"),
            ('none', "Leave them out"),
        ],
        string="Other People in a Mail",
        required=True,
        default='email_cc',
        help="What becomes of the people in To and Cc of a customer's mail. Those kept get the answers as well.",
    )
    create_contacts = fields.Boolean(
        default=True,
        string="Make Contacts of New Senders",
        help="A sender whose mail domain belongs to exactly one company becomes a contact of that company. "
        "Others stay a name and an address on the ticket.",
    )
    machine_mail = fields.Selection(
        [('record', "Keep it in the list of received mails"), ('ticket', "Make a ticket, without an answer")],
        string="Mails Written by Machines",
        required=True,
        default='record',
        help="Alerts, reports and newsletters that answer no ticket. Nobody is ever sent an automatic answer to them.",
    )
    acknowledge = fields.Boolean(
        default=True,
        string="Confirm New Tickets",
        help="Whoever writes gets a mail with the ticket's number, once per ticket. Machines get none.",
    )
    acknowledge_template_id = fields.Many2one(
        'mail.template',
        string="Confirmation",
        domain=[('model', '=', 'helpdesk.ticket')],
        default=lambda self: self.env.ref('helpdesk_mail.mail_template_acknowledgement', raise_if_not_found=False),
    )
    tell_solved = fields.Boolean(
        default=True, string="Tell the Customer When Solved",
        help="The customer gets a mail when a ticket is solved. An answer that solves it says so itself: then there is "
             "no second mail.")
    solved_template_id = fields.Many2one(
        'mail.template',
        string="Solved Mail",
        domain=[('model', '=', 'helpdesk.ticket')],
        default=lambda self: self.env.ref('helpdesk_mail.mail_template_solved', raise_if_not_found=False),
    )
    silence_warning_template_id = fields.Many2one(
        'mail.template',
        string="Asking Once More",
        domain=[('model', '=', 'helpdesk.ticket')],
        help="Sent to a customer who does not answer, before the ticket is closed. Empty: the standard one.",
    )
    tell_silence_closed = fields.Boolean(
        default=True,
        string="Tell the Customer When Closed for Silence",
        help="The customer gets a mail when the ticket is closed because they did not answer.",
    )
    silence_closed_template_id = fields.Many2one(
        'mail.template',
        string="Closing Mail",
        domain=[('model', '=', 'helpdesk.ticket')],
        help="Empty: the standard one.",
    )

    def _silence_template(self, name):
        """Return the team's template 'silence_warning' or 'silence_closed', else the standard one (may be empty)."""
        self.ensure_one()
        standard = self.env.ref(f'helpdesk_mail.mail_template_{name}', raise_if_not_found=False)
        return self[f'{name}_template_id'] or standard or self.env['mail.template']

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values['alias_model_id'] = self.env['ir.model']._get_id('helpdesk.ticket')
        if self.id:
            values['alias_defaults'] = {**literal_eval(self.alias_defaults or '{}'), 'team_id': self.id}
        return values

    @api.model
    def _sign_reply_address(self):
        """Tell whether customers answer to a signed address (setting)."""
        # sudo: a setting that everybody's mail obeys
        return self.env['ir.config_parameter'].sudo().get_param('helpdesk_mail.reply_address', 'signed') == 'signed'

    @api.model
    def _sender_address(self):
        return self.alias_email or super()._sender_address()

    def _mail_templates(self):
        """Return the standard (acknowledgement, solved) templates; empty records when they were deleted."""
        none = self.env['mail.template']
        return tuple(
            self.env.ref(f'helpdesk_mail.mail_template_{name}', raise_if_not_found=False) or none
            for name in ('acknowledgement', 'solved')
        )
