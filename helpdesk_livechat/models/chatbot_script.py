from odoo import fields, models


class ChatbotScript(models.Model):
    _inherit = 'chatbot.script'

    helpdesk_ticket_count = fields.Integer(string="Tickets", compute='_compute_helpdesk_counts')
    helpdesk_deflected_count = fields.Integer(
        string="Answered by Articles", compute='_compute_helpdesk_counts',
        help="Chats in which the visitor said that an article helped.")

    def _compute_helpdesk_counts(self):
        """Count chats of these scripts, two queries for all."""
        counts = [self._helpdesk_count_chats([('helpdesk_ticket_id', '!=', False)]),
                  self._helpdesk_count_chats([('helpdesk_deflected', '=', True)])]
        for script in self:
            script.helpdesk_ticket_count, script.helpdesk_deflected_count = (each.get(script, 0) for each in counts)

    def _helpdesk_count_chats(self, domain):
        """Return {script: number of chats}."""
        path = 'chatbot_current_step_id.chatbot_script_id'
        # sudo: numbers alone, for who may read the script
        chats = self.env['discuss.channel'].sudo()
        return dict(chats._read_group([*domain, (path, 'in', self.ids)], [path], ['__count']))

    def action_view_helpdesk_tickets(self):
        """Open the tickets of chats that this script began."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        action['domain'] = [('chat_channel_id.chatbot_current_step_id.chatbot_script_id', '=', self.id)]
        action['context'] = {}
        return action
