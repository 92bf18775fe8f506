from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError


class HelpdeskChannelConnectMixin(models.AbstractModel):
    """Getting a channel to work: what to enter where, in order, and a button that tries it."""
    _name = 'helpdesk.channel.connect.mixin'
    _description = "Messenger Channel: Connect"

    steps = fields.Html(compute='_compute_steps', sanitize=False, export_string_translation=False)
    address_problem = fields.Char(compute='_compute_address_problem')

    @api.depends('kind')
    def _compute_address_problem(self):
        for channel in self:
            channel.address_problem = not channel._is_reachable() and channel.kind not in ('sms', 'webhook') and (
                channel._address_problem())

    def _address_problem(self):
        return self.env._(
            "%(service)s reaches us at a public https address only. This database knows itself as %(address)s: a "
            "system administrator sets the parameter web.base.url.", service=self._kind_label(),
            address=self.get_base_url())

    def _compute_steps(self):
        for channel in self:
            steps = channel._steps()
            channel.steps = Markup("<ol class=\"mb-0\">%s</ol>") % Markup('').join(
                Markup("<li>%s</li>") % step for step in steps)

    def _steps(self):
        """Return what an administrator does to set the channel up, in order (list of texts)."""
        _ = self.env._
        meta = _("Enter “Our Address” and “Verify Token” there as the callback of the webhook, and subscribe to "
                 "messages, postbacks, reactions, deliveries and reads. Each channel needs an app of its own: "
                 "everything of an app goes to one address.")
        return {
            'whatsapp': [
                _("At developers.facebook.com, make an app with the product WhatsApp, and connect your number to it."),
                _("In the app, under WhatsApp → API Setup, copy the phone number id into “Account Id” (not the number "
                  "itself)."),
                _("Under App settings → Basic, copy the app secret into “App Secret”."),
                _("At business.facebook.com, under Settings → Users → System users, give a system user the app and the "
                  "WhatsApp account, and generate a token that never expires with whatsapp_business_messaging and "
                  "whatsapp_business_management. Copy it into “Access Token”: the token under API Setup ends after a "
                  "day."),
                _("Subscribe the app's webhook to the field “messages”. Enter “Our Address” and “Verify Token” there, "
                  "or press “Connect” here, which does that for this number."),
                _("Write to your number. A ticket of the team appears. Answers are possible for 24 hours after the "
                  "customer's last message."),
                _("For later answers, write templates in the WhatsApp Manager at Meta. Copy the id of the WhatsApp "
                  "Business account (it stands beside that of the phone number) into “Business Account Id”, and press "
                  "“Fetch Templates” once Meta has approved them. They are fetched every day from then on. Under "
                  "“Templates” you say what placeholders are filled in with."),
            ],
            'facebook': [
                _("At developers.facebook.com, make an app with the product Messenger, and connect your page to it."),
                _("In the app, under Messenger → Messenger API Settings, generate a token for your page and copy it "
                  "into “Access Token”; the number beside the page's name is its id, for “Account Id”."),
                _("Under App settings → Basic, copy the app secret into “App Secret”."),
                meta,
                _("Press “Connect”, and write to your page. A ticket of the team appears."),
            ],
            'instagram': [
                _("Make your account at Instagram a professional one, and connect it to a page of Facebook."),
                _("At developers.facebook.com, make an app with the products Messenger and Instagram. Under Messenger "
                  "→ Messenger API Settings, generate a token for the page and copy it into “Access Token”; copy the "
                  "id of the Instagram account into “Account Id”."),
                _("Under App settings → Basic, copy the app secret into “App Secret”."),
                meta,
                _("Press “Connect”, and write to your account. A ticket of the team appears."),
            ],
            'telegram': [
                _("In Telegram, write to @BotFather: /newbot, and choose a name."),
                _("Copy the token that it answers into “Access Token”."),
                _("Press “Connect”: we tell Telegram where to bring what customers write."),
                _("Write to your bot. A ticket of the team appears."),
            ],
            'webhook': [
                _("Press “New Secret” and copy it to the other service."),
                _("There, enter “Our Address” as the place to send messages to. Their form is in the README of this "
                  "module."),
                _("Enter its own address for answers here, and press “Connect”: it gets a signed test call."),
            ],
            'sms': [
                _("Answers leave by Odoo's SMS service: see Settings, “Send SMS”."),
                _("Odoo receives no SMS by itself. Have your provider of numbers (or a small program between) send "
                  "them to “Our Address”, signed with the secret: their form is in the README of this module."),
                _("Press “Connect”, and send an SMS to your number. A ticket of the team appears."),
            ],
        }.get(self.kind, [])

    def action_connect(self):
        """Try the settings with the service, and tell it where to call us where that is possible.

        What the service says against it is kept on the channel.

        :raise UserError: when something is missing
        """
        self.ensure_one()
        self.check_access('write')
        if missing := self._missing():
            raise UserError(self.env._("Fill in first: %s", ', '.join(missing)))
        adapter, credentials = self._adapter(), self._credentials()
        if hasattr(adapter, 'connect') and not self._is_reachable():
            raise UserError(self._address_problem())
        calls = []
        try:
            for name, arguments in (('check', (credentials,)), ('connect', (credentials, self.webhook_url))):
                if hasattr(adapter, name):
                    calls += getattr(adapter, name)(*arguments)
        except ValueError as error:
            raise UserError(str(error)) from error
        for call in calls:
            sent = self._ask(call)
            if not sent.ok:
                self._note_trouble(sent.reason)
                return self._told('danger', sent.reason)
        # sudo: the state is the system's to write; that the user may set up the channel was checked
        self.sudo().write({'state': 'connected', 'last_error': False, 'last_error_at': False, 'paused_until': False})
        self.env['helpdesk.channel.message']._wake()
        return self._told('success', self._what_works(bool(calls)))

    def _what_works(self, was_asked):
        """Return in words what the test showed, and what is left to do."""
        _, service = self.env._, self._kind_label()
        said = _("%(channel)s is connected: %(service)s accepts its keys.", channel=self.name, service=service) if (
            was_asked) else _("%s is connected.", self.name)
        if self.last_call_at:
            return said
        return ' '.join((said, _("Now write a message to it: nothing has come in yet.")))

    def action_switch_off(self):
        """Take nothing in and send nothing, until somebody connects it again. What waits goes on waiting."""
        self.check_access('write')
        self.sudo().write({'state': 'off'})  # sudo: as above

    def _told(self, kind, message):
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': kind, 'message': message, 'sticky': kind == 'danger',
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'}}}

    def _is_reachable(self):
        return self.get_base_url().startswith('https://')

    def _kind_label(self):
        return dict(self._fields['kind']._description_selection(self.env))[self.kind]

    def _needed(self):
        """Return the fields that have to be filled in for the kind of channel."""
        of_meta = ('account', 'token', 'app_secret')
        return {'telegram': ('token',), 'webhook': ('peer_url',), 'whatsapp': of_meta, 'facebook': of_meta,
                'instagram': of_meta}.get(self.kind, ())

    def _missing(self):
        return [self._fields[name]._description_string(self.env) for name in self._needed() if not self[name]]
