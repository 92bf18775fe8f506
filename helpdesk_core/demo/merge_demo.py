from datetime import timedelta

from odoo import api, models

FAN = "Workshop fan stops after ten minutes"
# subject, channel, hours ago, login of the assignee, the customer's words
TICKETS = (
    (FAN, 'email', 30, 'agent',
     "The fan in our main workshop stops after ten minutes and starts again when it is cold"),
    ("Fan in the workshop stops again", 'email', 6, None, "It stopped again this morning. Did you get my mail?"),
    ("Workshop fan stops after ten minutes, when will it be mended?", 'web', 2, None, "It is hot. When will you come?"),
    ("Order a thermal switch for the fan", 'agent', 5, 'agent2', ""),
)


class HelpdeskDemo(models.AbstractModel):
    _inherit = 'helpdesk.demo'

    @api.model
    def _load_merge(self):
        """Make a ticket that took in another, with a part of it given to a colleague and one more that looks alike."""
        if self.env['helpdesk.ticket'].search_count([('name', '=', FAN)], limit=1):
            return  # loaded already
        now, team = self.env.cr.now(), self._ref('helpdesk_team_support')
        customer = self._ref('helpdesk_partner_brightwater_oliver')
        quiet = {'tracking_disable': True, 'mail_auto_subscribe_no_notify': True, 'mail_notify_author': False}
        made = []
        for subject, channel, ago, login, words in TICKETS:
            at = now - timedelta(hours=ago)
            ticket = self.env['helpdesk.ticket'].with_context(**quiet, helpdesk_message_at=at).create({
                'name': subject, 'channel': channel, 'team_id': team.id, 'partner_id': customer.id, 'team_told_at': now,
                'user_id': login and self._ref(f'helpdesk_user_{login}').id})
            if words:
                self.env['mail.message'].create({
                    'model': ticket._name, 'res_id': ticket.id, 'date': at, 'author_id': customer.id, 'body': words,
                    'email_from': customer.email_formatted, 'message_type': 'email',
                    'subtype_id': self.env.ref('mail.mt_comment').id})
            made.append(ticket)
        whole, again, _alike, part = made
        part.parent_id = whole
        again.with_user(self._ref('helpdesk_user_agent')).merge_into(whole.with_env(self.env))
