from odoo.addons.helpdesk_core.tests.common import NOW, HelpdeskCommon  # noqa: F401 (NOW is for the tests)
from odoo.fields import Command


class LivechatCommon(HelpdeskCommon):
    """A live chat channel of ``team`` (no working hours), its operators and a visitor who is nobody's contact.

    ``agent`` and ``agent_2`` are operators and agents of the team; ``operator`` is an operator without helpdesk rights.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env.ref('im_livechat.im_livechat_group_user')
        cls.operator = cls.employee_2
        for user in (cls.agent, cls.agent_2, cls.agent_private, cls.agent_out, cls.operator):
            user.group_ids = [Command.link(group.id)]
        cls.company_a.resource_calendar_id = False
        cls.livechat = cls.env['im_livechat.channel'].create({
            'name': "Shop", 'helpdesk_team_id': cls.team.id,
            'user_ids': [Command.set((cls.agent | cls.agent_2 | cls.operator).ids)]})
        cls.guest = cls.env['mail.guest'].create({'name': "Vera Visitor"})
        cls.public = cls.env.ref('base.public_user')

    def chat(self, operator=None, visitor=None, livechat=None, **vals):
        """Return a chat (sudo) of ``operator`` (default: agent) with ``visitor``: a user, by default the guest."""
        operator = operator or self.agent
        livechat = (livechat or self.livechat).with_user(visitor or self.public).sudo()
        if not visitor:
            livechat = livechat.with_context(guest=self.guest)
        values = livechat._get_livechat_discuss_channel_vals(
            agent=operator, operator_partner=operator.partner_id, operator_model='res.users')
        return livechat.env['discuss.channel'].create({**values, **vals}).with_env(self.env)

    def says(self, chat, body, user=None, **kwargs):
        """Post in ``chat`` as ``user``, by default as the visitor who is a guest."""
        chat = chat.with_user(user or self.public).sudo()
        if not user:
            chat = chat.with_context(guest=self.guest)
        return chat.message_post(**{
            'body': body, 'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment', **kwargs})

    def command(self, chat, user=None, body='/ticket'):
        """Say /ticket as ``user`` (default: agent); return the ticket of the chat (sudo)."""
        chat.with_user(user or self.agent).execute_command_ticket(body=body)
        return chat.helpdesk_ticket_id

    def talk(self, ticket):
        """Return what was said on ``ticket`` by people, oldest first: [(plain text, side)]."""
        messages = ticket.sudo()._public_messages([]).sorted('id')
        sides = {event.message_id: event.kind for event in self.events(ticket)}
        return [(' '.join(message.body.striptags().split()), sides.get(message)) for message in messages]
