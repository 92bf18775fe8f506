from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.addons.helpdesk_privacy.models import helpdesk_retention_rule
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from psycopg2.errors import CheckViolation

from .common import PrivacyCommon

OLD = datetime(2020, 5, 6, 7, 8)
WORD = 'Quuxwort'


@tagged('post_install', '-at_install')
class TestHelpdeskRetentionRule(PrivacyCommon):
    """What is old enough goes by rule, in batches, with a signed report; what is on hold stays (D21, N14)."""

    def rule(self, **vals):
        return self.env['helpdesk.retention.rule'].with_user(self.manager).create({
            'name': "Old ones", 'months': 12, 'company_id': self.company_a.id, **vals})

    def old(self, closed_at=OLD, **vals):
        """Return a ticket that was closed at ``closed_at``, with a word in many places."""
        ticket = self.ticket(name=f"{WORD} breaks", partner_id=self.customer.id, description=f"<p>{WORD}</p>", **vals)
        ticket.message_post(
            body=f"I have a {WORD}", author_id=self.customer.id, subtype_xmlid='mail.mt_comment',
            message_type='email', attachments=[('w.txt', WORD.encode())])
        if ticket.team_id == self.team:
            self.answer(ticket, self.agent, f"Your {WORD}, Carla Customer?")
        ticket.name = f"{WORD} broke"
        ticket.sudo().action_close()
        ticket.sudo()._write_facts({'closed_at': closed_at, 'solved_at': closed_at})
        return ticket

    def run_rules(self, rule):
        """Run the job as the scheduler does, and return the rule's last report."""
        with self.enter_registry_test_mode():
            self.env.ref('helpdesk_privacy.ir_cron_retention').method_direct_trigger()
        self.env.invalidate_all()
        return self.env['helpdesk.retention.run'].with_user(self.manager).search([('rule_id', '=', rule.id)], limit=1)

    def test_number_of_another_company(self):
        """A rule that is only typed in tells nothing of a company that its writer does not administer."""
        with self.at(NOW):
            self.old(team_id=self.team_b.id)
            rules = self.env['helpdesk.retention.rule']
            typed = {'name': "x", 'months': 12, 'action': 'erase'}
            count = {user: rules.with_user(user).with_context(allowed_company_ids=user.company_id.ids).new(
                {**typed, 'company_id': self.company_b.id}).ticket_count for user in (self.manager, self.manager_b)}
        self.assertEqual(count, {self.manager: 0, self.manager_b: 1})

    def test_which_tickets(self):
        """Team, type, tag, brand, age and company decide; open, young, held and merged ones stay."""
        tag = self.env['helpdesk.tag'].create({'name': "Repair"})
        kind = self.env['helpdesk.type'].create({'name': "Thing", 'nature': 'request'})
        brand = self.env['helpdesk.brand'].create({'name': "Alfa", 'company_id': self.company_a.id})
        plain, tagged_, typed, branded, private = (
            self.old(), self.old(tag_ids=[Command.set(tag.ids)]), self.old(type_id=kind.id),
            self.old(brand_id=brand.id), self.old(team_id=self.team_private.id))
        with self.at(NOW):
            young, edge = self.old(NOW - timedelta(days=364)), self.old(NOW - timedelta(days=366))
            held, foreign, still_open = self.old(), self.old(team_id=self.team_b.id), self.ticket(name="open")
            held.with_user(self.manager).set_legal_hold(True, "case")
            solved = self.old()
            solved._write_facts({'closed_at': False})
            found = {
                name: rule._tickets().search(rule._domain()) for name, rule in {
                    'all': self.rule(), 'team': self.rule(team_ids=[Command.set(self.team_private.ids)]),
                    'tag': self.rule(tag_ids=[Command.set(tag.ids)]),
                    'type': self.rule(type_ids=[Command.set(kind.ids)]),
                    'brand': self.rule(brand_ids=[Command.set(brand.ids)])}.items()}
        self.assertEqual(found['all'], plain | tagged_ | typed | branded | private | edge | solved)
        self.assertFalse(found['all'] & (young | held | foreign | still_open))
        self.assertEqual(found['team'], private)
        self.assertEqual(found['tag'], tagged_)
        self.assertEqual(found['type'], typed)
        self.assertEqual(found['brand'], branded)

    def test_dry_run(self):
        """The dry run says how many and lists them, and changes nothing."""
        tickets, rule = self.old() | self.old(), self.rule(action='erase')
        action = rule.action_dry_run()
        self.assertEqual(action['name'], "Old ones: would touch 2 tickets")
        self.assertEqual(self.env['helpdesk.ticket'].search(action['domain']), tickets)
        self.assertEqual(rule.ticket_count, 2)
        self.assertEqual(len(tickets.exists()), 2)
        self.assertFalse(rule.run_ids)

    def test_anonymise(self):
        """No word and no person is left, in the database and on the disk; what happened when stays for the figures."""
        ticket, held = self.old(), self.old()
        held.with_user(self.manager).set_legal_hold(True, "case")
        tracked = self.env['mail.tracking.value'].create([{
            'mail_message_id': ticket.message_ids[:1].id, 'old_value_char': WORD, 'new_value_char': new,
            'field_id': self.env['ir.model.fields']._get(ticket._name, name).id,
        } for name, new in (('name', f"{WORD} broke"), ('stage_id', "Closed"))])
        tracked[1].old_value_char = "Open"
        kept = held.description
        events = [(event.kind, event.at) for event in self.events(ticket)]
        facts = (ticket.stage_id, ticket.team_id, ticket.closed_at, ticket.create_date, ticket.commercial_partner_id)
        rule = self.rule(action='anonymise')
        run = self.run_rules(rule)
        self.assertEqual((run.ticket_count, run.file_count, run.held_count, run.failed_count), (1, 1, 1, 0))
        self.assertTrue(run.finished_at)
        self.assertEqual(run.line_ids.mapped('number'), [ticket.number])
        self.assertEqual(held.description, kept)
        self.assertTrue(held.message_ids.attachment_ids)
        self.assertEqual([(event.kind, event.at) for event in self.events(ticket)][:len(events)], events)
        self.assertEqual(self.events(ticket, 'anonymised').summary, "Anonymised: Retention rule: Old ones")
        self.assertEqual(facts, (
            ticket.stage_id, ticket.team_id, ticket.closed_at, ticket.create_date, ticket.commercial_partner_id))
        self.assertEqual(ticket.commercial_partner_id, self.acme)
        self.assertFalse(ticket.partner_id | ticket.message_ids.author_id.filtered('partner_share'))
        self.assertEqual(tracked.mapped('new_value_char'), [False, "Closed"])
        self.assertFalse(ticket.partner_email or ticket.partner_name or ticket.partner_phone or ticket.description)
        held.with_user(self.manager).set_legal_hold(False, "over")
        again = self.run_rules(rule)
        self.assertEqual((again.id, again.ticket_count), (run.id, 1), "looked within the hour: nothing to do")
        rule.sudo().checked_at = False
        self.assertEqual(self.run_rules(rule).line_ids.mapped('number'), [held.number])
        self.assertNowhere(WORD, nightly=True)

    def test_erase(self):
        """Erased tickets leave their number, the rule and a signed line; hash and number can be checked."""
        ticket = self.old()
        merged = self.old()
        merged.sudo().merge_into(ticket)
        numbers, ids = {ticket.number, merged.number}, {ticket.id, merged.id}
        run = self.run_rules(self.rule(action='erase'))
        self.assertFalse((ticket | merged).exists())
        self.assertEqual(set(run.line_ids.mapped('number')), numbers)
        self.assertEqual(len({line.fingerprint for line in run.line_ids}), len(ids))
        log = self.env['helpdesk.ticket.event'].search([('kind', '=', 'erased'), ('new', 'in', list(numbers))])
        self.assertEqual(log.mapped('detail'), [{'reason': "Retention rule: Old ones"}] * 2)
        self.assertNowhere(WORD, nightly=True)

    def test_files(self):
        """Attached files go, words stay; a second run finds nothing."""
        ticket, rule = self.old(), self.rule(action='files')
        run = self.run_rules(rule)
        self.assertEqual((run.ticket_count, run.file_count), (1, 1))
        self.assertFalse(ticket.message_ids.attachment_ids)
        self.assertEqual(ticket.name, f"{WORD} broke")
        self.purge(nightly=True)
        self.assertEqual(self.where_on_disk(WORD), [])
        self.assertEqual(rule.ticket_count, 0)

    def test_report_is_signed(self):
        """Who changes the report or a line of it, in the database too, is found out (N14)."""
        self.old()
        run = self.run_rules(self.rule())
        self.assertEqual(run.action_verify()['params']['type'], 'success')
        for table, column in (('helpdesk_retention_run_line', 'number'), ('helpdesk_retention_run', 'rule_name')):
            with self.env.cr.savepoint() as point:
                self.env.cr.execute(SQL("UPDATE %s SET %s = 'HD99999'", *map(SQL.identifier, (table, column))))
                self.env.invalidate_all()
                self.assertEqual(run.action_verify()['params']['type'], 'danger')
                point.rollback()
            self.env.invalidate_all()
        with self.env.cr.savepoint() as point:
            self.env.cr.execute(SQL("DELETE FROM helpdesk_retention_run_line"))
            self.assertEqual(run.action_verify()['params']['type'], 'danger')
            point.rollback()
        self.assertEqual(run.action_verify()['params']['type'], 'success')

    def test_batches_and_going_on(self):
        """A job that is stopped goes on after the last batch, in the same report."""
        tickets, rule = self.env['helpdesk.ticket'].concat(*(self.old() for _ in range(5))), self.rule(action='erase')
        with patch.object(helpdesk_retention_rule, 'BATCH', 2):
            self.assertEqual(rule.sudo()._run_batch(), 2)
            self.env.flush_all()
            self.assertEqual(len(tickets.exists()), 3)
            [run] = rule.run_ids
            self.assertFalse(run.finished_at)
            self.assertEqual(run.action_verify()['params']['type'], 'warning')
            again = self.run_rules(rule)
        self.assertEqual((again, again.ticket_count, len(again.line_ids)), (run, 5, 5))
        self.assertTrue(again.finished_at)
        self.assertFalse(tickets.exists())
        self.assertEqual(again.action_verify()['params']['type'], 'success')

    def test_one_that_fails_stops_no_other(self):
        """A ticket that cannot be erased is named in the report, the others go."""
        bad, good = self.old(), self.old()
        erase = type(bad)._erase

        def failing(tickets, reason):
            if bad in tickets:
                raise UserError("An invoice refers to it")
            return erase(tickets, reason)
        rule = self.rule(action='erase')
        with patch.object(type(bad), '_erase', failing), mute_logger('odoo.addons.helpdesk_privacy.models'):
            run = self.run_rules(rule)
        self.assertEqual((run.ticket_count, run.failed_count), (1, 1))
        self.assertEqual(run.trouble, f"{bad.number}: An invoice refers to it")
        self.assertEqual((bad.exists(), good.exists()), (bad, good.browse()))

    def test_hold_on_a_merged_one(self):
        """A hold on a ticket that was merged keeps the one it went into."""
        ticket, merged = self.old(), self.old()
        merged.sudo().merge_into(ticket)
        merged._write_facts({'legal_hold': True})
        run = self.run_rules(self.rule(action='erase'))
        self.assertEqual((run.ticket_count, run.held_count), (0, 1))
        self.assertEqual(len((ticket | merged).exists()), 2)

    def test_who_may(self):
        """Administrators of the helpdesk make and run rules, each for their companies; nobody writes reports."""
        rule = self.rule()
        self.old()
        run = self.run_rules(rule)
        for user in (self.agent, self.leader, self.employee, self.portal):
            self.assertRefused(self.env['helpdesk.retention.rule'].with_user(user).create, {'name': "x"})
            self.assertRefused(rule.with_user(user).read, ['name'])
            self.assertRefused(run.with_user(user).read, ['rule_name'])
            self.assertRefused(rule.with_user(user).action_run)
            self.assertRefused(rule.with_user(user).action_dry_run)
        self.assertFalse(rule.with_user(self.manager_b).search([]))
        self.assertFalse(run.with_user(self.manager_b).search([]))
        self.assertRefused(rule.with_user(self.manager_b).action_dry_run)
        self.assertRefused(run.with_user(self.manager_b).action_verify)
        self.assertRefused(self.rule, company_id=self.company_b.id)
        for act in (lambda: run.write({'rule_name': "x"}), run.unlink, run.line_ids.unlink,
                    run.copy, lambda: run.line_ids[:1].write({'number': 'x'})):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                act()
        self.assertEqual(rule.action_run()['params']['type'], 'info')
        rule.active = False
        with self.assertRaises(UserError):
            rule.action_run()

    def test_bad_rules(self):
        """A rule keeps to one company, and keeps tickets for at least a month."""
        with self.assertRaises(ValidationError):
            self.rule(team_ids=[]).sudo().write({'team_ids': [Command.set(self.team_b.ids)]})
        with self.assertRaises(AccessError):
            self.rule(team_ids=[Command.set(self.team_b.ids)])
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self.rule(months=0)
