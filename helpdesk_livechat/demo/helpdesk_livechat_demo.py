from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

# who says what, and how many minutes after the chat began
TALK = (
    ('visitor', 0, "Good day, the charger of my GT-18 blinks red and the battery stays empty."),
    ('agent', 1, "Good day! Is the battery warm, or has it been in a cold place?"),
    ('visitor', 3, "It was in the shed over night. Minus five, I think."),
    ('agent', 4, "Then let it warm up for an hour. The charger waits on purpose: cold cells must not be charged."),
    ('visitor', 6, "I will try. If it still blinks, do I have to send it in?"),
)
LATER = (
    ('agent', 7, "No: I note it down, and we call you tomorrow morning."),
    ('visitor', 9, "Perfect. After nine, please."),
)
AGO = timedelta(hours=3)


class HelpdeskLivechatDemo(models.AbstractModel):
    """Makes the demo's agents operators of the shop's chat, and one conversation that became a ticket."""
    _name = 'helpdesk.livechat.demo'
    _description = "Helpdesk Live Chat: Demo Data"

    @api.model
    def _load(self):
        """Load everything, once; called by the demo file."""
        group = self.env.ref('im_livechat.im_livechat_group_user')
        livechat = self.env.ref('helpdesk_livechat.im_livechat_channel_kestwick')
        if livechat.channel_ids:
            return
        livechat.user_ids.group_ids = [Command.link(group.id)]
        agent = self.env.ref('helpdesk_core.helpdesk_user_agent')
        chat, guest = self._chat(livechat, agent)
        self._say(chat, guest, agent, TALK)
        ticket, _made = chat._helpdesk_make_ticket("Charger blinks red after a cold night", operator=agent)
        chat._helpdesk_tell_visitor(ticket, agent.partner_id)
        self._say(chat, guest, agent, LATER)
        chat.livechat_end_dt = self.env.cr.now() - AGO + timedelta(minutes=10)

    @api.model
    def _chat(self, livechat, agent):
        guest = self.env['mail.guest'].create({
            'name': "Marten Vos", 'email': 'marten.vos@example.net', 'country_id': self.env.ref('base.nl').id})
        # sudo: as live chat itself makes chats, for visitors; whoever makes one with rights of their own is in it
        chats = self.env['discuss.channel'].with_user(self.env.ref('base.public_user')).sudo()
        return chats.create({
            'name': f'{guest.name} {agent.name}', 'channel_type': 'livechat', 'livechat_channel_id': livechat.id,
            'livechat_operator_id': agent.partner_id.id, 'country_id': guest.country_id.id,
            'livechat_lang_id': self.env.ref('base.lang_en').id,
            'helpdesk_pages': ['/shop', '/shop/batteries', '/shop/chargers/gt-18'],
            'channel_member_ids': [
                Command.create({'partner_id': agent.partner_id.id, 'livechat_member_type': 'agent'}),
                Command.create({'guest_id': guest.id, 'livechat_member_type': 'visitor'})],
        }), guest

    @api.model
    def _say(self, chat, guest, agent, lines):
        public = self.env.ref('base.public_user')
        for who, minutes, text in lines:
            speaker = chat.with_user(agent).sudo()  # sudo: as the route that takes messages does
            if who == 'visitor':
                speaker = chat.with_user(public).sudo().with_context(guest=guest)  # sudo: as above
            speaker.message_post(
                body=text, message_type='comment', subtype_xmlid='mail.mt_comment',
                date=self.env.cr.now() - AGO + timedelta(minutes=minutes))
