from datetime import timedelta

import pytz
from markupsafe import Markup
from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, plaintext2html

from ..tools.visited import clean_line, clean_text

LONGEST_SUBJECT, LONGEST_TEXT = 100, 10_000
LONGEST_ADDRESS = 254  # RFC 5321
AN_ADDRESS, A_TEAM = 5, 200  # messages left in an hour


class ImLivechatChannel(models.Model):
    """Where the tickets of a chat go, when it is open, and what visitors are offered when it is not."""
    _inherit = 'im_livechat.channel'

    helpdesk_team_id = fields.Many2one(
        'helpdesk.team', string="Helpdesk Team", index='btree_not_null',
        help="Tickets made of chats in this channel go to this team.")
    helpdesk_only_hours = fields.Boolean(
        string="Only During the Team's Working Hours", default=True,
        help="Outside them nobody gets a chat; bots go on, and visitors are offered the team's form, or to leave a "
             "message.")

    def _helpdesk_is_open(self):
        """Tell whether people chat at this moment. Without a team, or a team without working hours: always."""
        self.ensure_one()
        team = self.sudo().helpdesk_team_id  # sudo: whether somebody is there is everybody's to know
        calendar = team._get_calendar() if team and self.helpdesk_only_hours else False
        if not calendar:
            return True
        now = pytz.utc.localize(self.env.cr.now())
        return bool(calendar._work_intervals_batch(now, now + timedelta(minutes=1))[False])

    def _get_available_operators_by_livechat_channel(self, users=None):
        found = super()._get_available_operators_by_livechat_channel(users)
        for channel in self:
            if found[channel] and not channel._helpdesk_is_open():
                found[channel] = self.env['res.users']
        return found

    def _is_livechat_available(self):
        """With a team there is always something to offer."""
        return super()._is_livechat_available() or bool(self.helpdesk_team_id)

    def _helpdesk_offer(self):
        """Return what visitors are offered when nobody can chat: dict of ``form_url`` (False: they leave a message in
        the chat's own window) and ``closed`` (outside the working hours); False where there is no team."""
        self.ensure_one()
        team = self.sudo().helpdesk_team_id  # sudo: the address of a public form
        if not team.active:
            return False
        return {'form_url': team._public_form_url(), 'closed': not self._helpdesk_is_open()}

    # ------------------------------------------------------------
    # messages that are left
    # ------------------------------------------------------------

    def _helpdesk_take_message(self, name, email, text, pages=()):
        """Make a ticket of what a visitor typed when nobody was there; anything may be typed.

        The address is unproven, as in a public form (A35): the ticket belongs to no contact until its owner confirms.

        :param pages: see ``tools.visited``
        :return: dict of ``number``, or of ``error``: a sentence for the visitor
        """
        name, text = clean_line(name), clean_text(text)
        address, team = email_normalize(clean_line(email)), self.helpdesk_team_id
        if fault := self._helpdesk_message_fault(team, address, text):
            return {'error': fault}
        public = self.env.ref('base.public_user', raise_if_not_found=False)
        # sudo: the public has no right on tickets; the channel takes messages for its team
        tickets = self.env['helpdesk.ticket'].with_user(public or SUPERUSER_ID).sudo().with_company(team.company_id)
        ticket = tickets.with_context(
            mail_create_nosubscribe=True, helpdesk_routing={'body': text, 'files': []}).create({
                'name': ' '.join(text.split())[:LONGEST_SUBJECT], 'team_id': team.id, 'channel': 'chat',
                'description': plaintext2html(text), 'partner_name': name[:LONGEST_SUBJECT] or address,
                'partner_email': address, 'address_unconfirmed': True}).with_env(tickets.env)
        if pages:
            ticket.message_post(
                body=Markup('<p>%s<br/>%s</p>') % (self.env._("Pages"), Markup('<br/>').join(pages)),
                message_type='notification', subtype_xmlid='mail.mt_note',
                author_id=self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'))
        return {'number': ticket.number}

    def _helpdesk_message_fault(self, team, address, text):
        """Return what is wrong with a message (str), or ''. Nobody learns which limit it was, or whom we know."""
        _ = self.env._
        if not team.active:
            return _("Nobody reads messages here at the moment. Please come back later.")
        if not address or len(address) > LONGEST_ADDRESS:
            return _("Please give an e-mail address, so that we can answer.")
        if not text:
            return _("Please write what we can do for you.")
        if len(text) > LONGEST_TEXT:
            return _("The text is too long. Please say it in fewer words.")
        if self._helpdesk_is_flooded(team, address):
            return _("We cannot take more messages at the moment. Please try again in an hour.")
        return ''

    @api.model
    def _helpdesk_is_flooded(self, team, address=''):
        """Tell whether ``team``, or somebody with ``address``, got as many tickets by chat as an hour may bring."""
        since = fields.Datetime.subtract(self.env.cr.now(), hours=1)
        recent = Domain([('channel', '=', 'chat'), ('create_date', '>', since)])
        tickets = self.env['helpdesk.ticket'].with_context(active_test=False)
        return any(tickets.search_count(recent & domain, limit=most) >= most for domain, most in (
            (Domain('partner_email', '=', address) if address else Domain.FALSE, AN_ADDRESS),
            (Domain('team_id', '=', team.id), A_TEAM)))
