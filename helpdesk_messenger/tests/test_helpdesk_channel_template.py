from datetime import timedelta

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_meta import MetaCommon
from .fake_meta import fault
from .fake_whatsapp import BUSINESS, PEER, FakeWhatsApp, template

DAY = timedelta(days=1)


@tagged('post_install', '-at_install')
class TestHelpdeskChannelTemplate(MetaCommon):
    """WhatsApp takes approved templates when its 24 hours are over (S0-10, issue 8)."""
    kind, fake = 'whatsapp', FakeWhatsApp

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel.business_account = BUSINESS
        cls.templates = cls.env['helpdesk.channel.template']

    def fetched(self, *told):
        """Have the service know these templates, fetch them, and return them in their order."""
        self.service.templates = list(told)
        self.assertEqual(self.channel._fetch_templates(), '')
        return self.channel.template_ids.sorted('id')

    def late(self, **more):
        """Return a ticket, as its agent, whose customer wrote two days ago."""
        self.service.closed.add(PEER)
        return self.opened("The drill is silent", at=NOW - 2 * DAY, **more).with_user(self.agent)

    def sent(self, ticket, choose=None, **values):
        """Answer with a template through the dialog; return (the answer, the dialog's last preview)."""
        action = ticket.action_answer_by_template()
        form = Form(self.env[action['res_model']].with_user(self.agent).with_context(**action['context']))
        if choose:
            form.template_id = choose
        for number in range(len(form.line_ids)):
            with form.line_ids.edit(number) as line:
                line.value = values.get(f'v{line.name}', line.value)
        preview = str(form.preview)
        form.save().action_send()
        message = ticket.sudo()._public_messages([], limit=1)
        return self.answer_of(message), preview

    # ------------------------------------------------------------
    # fetched
    # ------------------------------------------------------------

    def test_fetch(self):
        """All pages; what is gone goes, what an administrator said about placeholders stays."""
        header = {'type': 'HEADER', 'format': 'TEXT', 'text': "About {{1}}", 'example': {'header_text': ["your drill"]}}
        footer, buttons = {'type': 'FOOTER', 'text': "Kestwick"}, {
            'type': 'BUTTONS', 'buttons': [{'type': 'QUICK_REPLY', 'text': "Go on"}]}
        picture = {'type': 'HEADER', 'format': 'IMAGE'}
        link = {'type': 'BUTTONS', 'buttons': [{'type': 'URL', 'text': "Open", 'url': 'https://x.example/{{1}}'}]}
        first, *others = self.fetched(
            template(parts=[header, footer, buttons]), template('bad', status='REJECTED'),
            template('picture', parts=[picture]), template('link', parts=[link]),
            template('code', category='AUTHENTICATION'))
        self.assertEqual(len(self.service.calls), 3, "two a page")
        self.assertRecordValues(first, [{
            'state': 'approved', 'category': 'utility', 'header': "About {{1}}", 'footer': "Kestwick",
            'buttons': "Go on", 'unusable': False}])
        self.assertRecordValues(first.placeholder_ids, [
            {'part': 'header', 'name': '1', 'source': False, 'example': "your drill"},
            {'part': 'body', 'name': '1', 'source': 'customer', 'example': False},
            {'part': 'body', 'name': '2', 'source': 'number', 'example': False}])
        self.assertEqual([(one.name, one.state, one.unusable) for one in others], [
            ('bad', 'rejected', False), ('picture', 'approved', 'media'), ('link', 'approved', 'button'),
            ('code', 'approved', 'kind')])
        first.placeholder_ids[0].with_user(self.manager).source = 'subject'
        self.fetched(template(parts=[header]), template('new'))
        self.assertEqual(self.channel.template_ids.mapped('name'), ['new', 'ticket_update'])
        self.assertEqual((first.placeholder_ids[0].source, first.footer), ('subject', False))

    def test_fetching_goes_wrong(self):
        """What was known stays, and the administrator reads why; the channel goes on working."""
        known = self.fetched(template())
        self.service.answers.append(fault(10, "Application does not have permission", 403))
        told = self.channel.with_user(self.manager).action_fetch_templates()['params']
        self.assertEqual(told['type'], 'danger')
        self.assertIn("lacks a permission", told['message'])
        self.assertEqual((self.channel.templates_error, self.channel.state), (told['message'], 'connected'))
        self.assertTrue(known.exists())
        self._run('ir_cron_templates')
        self.assertEqual((self.channel.templates_error, self.channel.templates_at), (False, NOW))

    def test_who_fetches(self):
        with self.assertRaises(AccessError):
            self.channel.with_user(self.agent).action_fetch_templates()
        with self.assertRaisesRegex(UserError, "has no templates"):
            self.telegram.with_user(self.manager).action_fetch_templates()
        self.channel.business_account = False
        with self.assertRaisesRegex(UserError, "Fill in “Business Account Id” first"):
            self.channel.with_user(self.manager).action_fetch_templates()
        self.channel.business_account = BUSINESS
        known = self.fetched(template())
        for vals in ({'state': 'approved'}, {'body': "Else"}):
            with self.assertRaises(AccessError):
                known.with_user(self.agent).write(vals)
        with self.assertRaises(AccessError):
            known.placeholder_ids.with_user(self.agent).write({'source': 'agent'})
        self.assertFalse(self.templates.with_user(self.agent_b).search([('id', '=', known.id)]), "another company")

    # ------------------------------------------------------------
    # sent
    # ------------------------------------------------------------

    def test_the_window_is_closed(self):
        """An agent answers with a template; it stands in the ticket with its words, and its fate is told."""
        self.fetched(template(parts=[{'type': 'FOOTER', 'text': "Kestwick"}]))
        ticket = self.late()
        self.assertTrue(ticket.can_answer_by_template)
        self.assertIn("Answer with a template.", ticket.channel_problem)
        with self.assertRaisesRegex(UserError, "Answer with a template"):
            self.answer(ticket, self.agent)
        answer, preview = self.sent(ticket, v1="Sheena\n  N.")
        said = f"Hello Sheena N., there is news on {ticket.number}."
        self.assertIn(said, preview)
        self.assertIn(said, self.said(ticket)[-1])
        self.assertIn("Kestwick", self.said(ticket)[-1])
        self.assertEqual(answer.mail_message_id.author_id, self.agent.partner_id)
        self.assertEqual(ticket.event_ids.sorted('id')[-1].kind, 'agent_message')
        self.assertFalse(answer.mail_message_id.outgoing_email_to)
        self.send()
        [message] = self.service.accepted
        self.assertEqual(message['template'], {
            'name': 'ticket_update', 'language': {'code': 'en_US'}, 'components': [{'type': 'body', 'parameters': [
                {'type': 'text', 'text': "Sheena N."}, {'type': 'text', 'text': ticket.number}]}]})
        self.assertEqual(answer.state, 'sent')
        self.hear(self.service.status(message['id'], 'read'))
        self.assertEqual(answer.state, 'read')

    def test_the_window_is_open(self):
        """Free words go as ever; a template is not offered."""
        known = self.fetched(template())
        ticket = self.opened().with_user(self.agent)
        self.assertFalse(ticket.can_answer_by_template)
        with self.assertRaisesRegex(UserError, "in your own words"):
            ticket.action_answer_by_template()
        with self.assertRaisesRegex(UserError, "in your own words"):
            ticket._answer_by_template(known, {})
        self.answered(ticket)
        self.assertEqual(self.service.accepted[0]['type'], 'text')

    def test_what_is_not_approved_is_refused(self):
        """Neither offered nor sent, whatever a caller says; nor is a template of another channel."""
        good, bad = self.fetched(template(), template('bad', status='PENDING'))
        ticket = self.late()
        self.assertEqual(ticket._offered_templates(), (good, True))
        other = self.channel.copy({'name': "Other"})
        strange = self.templates.create({
            'channel_id': other.id, 'name': 'x', 'language': 'en_US', 'state': 'approved', 'body': "Hi"})
        for one in (bad, strange):
            with self.assertRaisesRegex(UserError, "cannot be sent any more"):
                ticket._answer_by_template(one, {})
        with self.assertRaisesRegex(UserError, r"Fill in \{\{2\}\} first"):
            ticket._answer_by_template(good, {'body': {'1': "Jo"}})
        self.assertEqual(len(self.said(ticket)), 1)
        good.state = 'paused'
        with self.assertRaisesRegex(UserError, "There is no approved template"):
            ticket.action_answer_by_template()

    def test_who_may_not(self):
        """An agent of another team, an employee, and a key in the context change nothing."""
        known = self.fetched(template())
        ticket = self.late()
        for user in (self.agent_b, self.employee):
            with self.assertRaises(AccessError):
                ticket.with_user(user).action_answer_by_template()
            with self.assertRaises(AccessError):
                ticket.with_user(user)._answer_by_template(known, {'body': {'1': "a", '2': "b"}})
        with self.assertRaisesRegex(UserError, "Answer with a template"):
            self.answer(ticket.with_context(helpdesk_template=[known.id, {}]), self.agent)
        self.assertFalse(self.service.accepted)

    def test_routed_to_another_team(self):
        """Whoever works on the ticket answers, whosever channel it is; the others do not any more."""
        self.fetched(template())
        ticket = self.late()
        ticket.sudo().team_id = self.team_private
        with self.assertRaises(AccessError):
            ticket.action_answer_by_template()
        send = self.env['helpdesk.channel.template.send'].with_user(self.agent_private).create({
            'ticket_id': ticket.id})
        send.action_send()
        with self.assertRaises(AccessError):
            send.with_user(self.agent_2).action_send()
        self.send()
        self.assertEqual([one['type'] for one in self.service.accepted], ['template'])

    def test_languages(self):
        """Those of the customer's language are offered; where there are none, the others, and it is said."""
        english, dutch, named = self.fetched(
            template(), template(language='nl'),
            template('hello', 'fr_FR', "Bonjour {{customer_name}} : {{ticket}}", parameter_format='NAMED'))
        ticket = self.late()
        self.env['res.lang']._activate_lang('nl_BE')
        self.env['res.lang']._activate_lang('fr_FR')
        self.customer.lang = 'nl_BE'
        ticket.sudo().partner_id = self.customer
        self.assertEqual(ticket._offered_templates(), (dutch, True))
        dutch.state = 'disabled'
        self.assertEqual(ticket._offered_templates(), (named | english, False))
        answer, _preview = self.sent(ticket, choose=named)
        self.send()
        self.assertEqual((answer.state, answer.reason), ('sent', False))
        self.assertIn(f"Bonjour {self.customer.name} : {ticket.number}", self.said(ticket)[-1])

    def test_paused_meanwhile(self):
        """Meta's refusal is told in words, and the template is offered to nobody after that."""
        [known] = self.fetched(template())
        ticket = self.late()
        self.service.templates = [template(status='PAUSED')]
        answer, _preview = self.sent(ticket)
        self.send()
        self.assertEqual((answer.state, known.state), ('failed', 'paused'))
        self.assertIn("WhatsApp has paused this template", answer.reason)
        known.state = 'approved'
        self.service.templates = [template()]
        answer.with_user(self.agent).action_send_again()
        self.send()
        self.assertEqual((answer.state, self.service.accepted[-1]['type']), ('sent', 'template'))

    def test_what_was_erased_is_not_sent(self):
        """N14: nothing is sent in the place of words that were erased."""
        self.fetched(template())
        answer, _preview = self.sent(self.late())
        answer.template_told = False
        self.send()
        self.assertEqual((answer.state, answer.reason), ('failed', "What was filled into the template is gone."))
        self.assertFalse(self.service.accepted)
