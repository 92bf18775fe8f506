from datetime import UTC, timedelta

from markupsafe import Markup
from odoo import api, models

from ..tools.adapter import Incoming
from ..tools.template import Template

QUESTION = "Hi! My cordless drill stops after two minutes and the light blinks red. What does that mean?"
MORE = "It is the KD-18, bought in spring."
ANSWER = ("<p>Hello Noor, blinking red means that the battery gets too hot. Let it cool down for half an hour, then "
          "charge it with the grey charger.</p><p>Here is how to read the light: "
          "<a href=\"https://example.com/light\">the lights of your drill</a></p>")
THANKS = "Did that, it runs again for now. Do I need a new battery?"
TEMPLATES = [
    Template('1', 'ticket_update', 'en_US', 'approved', 'utility', header="News on your request", body=(
        "Hello {{1}}, there is news on your request {{2}} with {{3}}. Reply to this message, and we go on."),
        footer="Kestwick Tools", examples=(('body', '1', "Noor"), ('body', '2', "HD00042"), ('body', '3', "Kestwick"))),
    Template('2', 'ticket_update', 'nl', 'approved', 'utility', header="Nieuws over uw vraag", body=(
        "Dag {{1}}, er is nieuws over uw vraag {{2}}. Antwoord op dit bericht, dan gaan we verder."),
        footer="Kestwick Tools"),
    Template('3', 'spring_offer', 'en_US', 'pending', 'marketing', body="Hello {{1}}, our spring offer is here."),
]
SECOND = "<p>Not if it holds for ten minutes now. Write to us again if it does not.</p>"


class HelpdeskDemo(models.AbstractModel):
    """A conversation by Telegram, with an answer that did not get there, and templates of WhatsApp. The channels are
    off: nothing leaves."""
    _inherit = 'helpdesk.demo'

    @api.model
    def _load_messenger(self):
        """Write it, once; called by the demo file."""
        self.env['helpdesk.channel.template']._bring_in_line(
            self.env.ref('helpdesk_messenger.helpdesk_channel_whatsapp'), TEMPLATES)
        channel = self.env.ref('helpdesk_messenger.helpdesk_channel_telegram')
        agent = self.env.ref('helpdesk_core.helpdesk_user_agent', raise_if_not_found=False)
        if not agent or channel._is_used():
            return
        start = self.env.cr.now().replace(microsecond=0) - timedelta(hours=5)
        channel = channel.with_company(channel.company_id)
        ticket = self._customer_says(channel, 1, QUESTION, start).ticket_id
        self._customer_says(channel, 2, MORE, start + timedelta(minutes=1))
        if ticket.user_id != agent:
            ticket.with_context(mail_auto_subscribe_no_notify=True).user_id = agent
        channel.state = 'connected'
        answer = self._agent_says(ticket, agent, ANSWER, start + timedelta(minutes=30))
        answer._advance('read', start + timedelta(minutes=40))
        self._customer_says(channel, 3, THANKS, start + timedelta(hours=3))
        self._agent_says(ticket, agent, SECOND, start + timedelta(hours=4)).write({
            'state': 'failed', 'next_at': False, 'attempts': 1,
            'reason': self.env._("The customer has blocked the bot, or has left the chat.")})
        channel.state = 'off'
        # nobody is written to by demo data
        self.env['mail.mail'].search([('model', '=', ticket._name), ('res_id', '=', ticket.id)]).unlink()

    def _customer_says(self, channel, number, text, at):
        return channel._take(Incoming(
            f'70001:{number}', '70001', text, sender_name="Noor Haddad", at=at.replace(tzinfo=UTC)))

    def _agent_says(self, ticket, agent, body, at):
        message = ticket.with_user(agent).with_context(mail_notify_force_send=False).message_post(
            body=Markup(body), message_type='comment', subtype_xmlid='mail.mt_comment', date=at)
        return self.env['helpdesk.channel.message'].search([('mail_message_id', '=', message.id)])
