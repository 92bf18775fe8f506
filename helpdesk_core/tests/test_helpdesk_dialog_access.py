from odoo.fields import Command
from odoo.tests import tagged

from .common_access import HelpdeskAccessCommon


@tagged('post_install', '-at_install', 'helpdesk_core')
class TestHelpdeskDialogAccess(HelpdeskAccessCommon):
    """Dialogs are rows that any agent can make by the API, with any ids in them: they tell no more than the tickets
    do to whoever made them, and nothing at all to others (promise 6)."""

    def test_macro_fills_in_nothing_of_hidden_tickets(self):
        macro = self.env['helpdesk.macro'].with_user(self.agent).create(
            {'name': "Peep", 'reply': '<p><t t-out="object.name"/> <t t-out="object.partner_name"/></p>'})
        runs = self.env['helpdesk.macro.run'].with_user(self.agent)
        for kind in ('private', 'secret', 'b'):
            for chosen in ({'sample_id': self.tickets[kind].id, 'is_trial': True},
                           {'ticket_ids': [Command.set(self.tickets[kind].ids)]}):
                def peep(chosen=chosen):
                    self.env.invalidate_all()  # what is in the cache is read by everybody
                    run = runs.create({'macro_id': macro.id, **chosen})
                    return run.reply
                with self.subTest(kind, chosen=chosen):
                    self.assertRefused(peep)
            with self.subTest(kind, cached=True):
                self.env.invalidate_all()
                self.tickets[kind].read(['name', 'partner_name'])  # as a sudo somewhere in the same request
                self.assertRefused(
                    runs.onchange, {'sample_id': self.tickets[kind].id, 'macro_id': macro.id, 'is_trial': True},
                    ['sample_id'], {'reply': {}})
        own = runs.create({'macro_id': macro.id, 'ticket_ids': [Command.set(self.tickets['open'].ids)]})
        self.assertIn("Zebra open", own.reply)

    def test_macro_is_not_read_by_way_of_a_dialog(self):
        """The words of a colleague's own macro are theirs."""
        macro = self.env['helpdesk.macro'].with_user(self.agent_2).create({'name': "Mine", 'reply': "<p>Hush</p>"})
        run = self.env['helpdesk.macro.run'].with_user(self.agent)

        def peep():
            self.env.invalidate_all()
            found = run.create({'macro_id': macro.id, 'ticket_ids': [Command.set(self.tickets['open'].ids)]})
            return found.reply
        self.assertRefused(peep)

        def peep_in_other_language():
            self.env.invalidate_all()
            found = self.env['helpdesk.macro.translation'].with_user(self.agent).create({'macro_id': macro.id})
            return found.reply
        self.assertRefused(peep_in_other_language)

    def test_merge_proposes_what_the_agent_sees(self):
        ticket = self.tickets['open']
        hidden = self.ticket(name=ticket.name, team_id=self.team_private.id, partner_id=self.customer.id)
        self.env.flush_all()
        self.env.invalidate_all()
        dialog = self.env['helpdesk.ticket.merge.dialog'].with_user(self.agent).create(
            {'ticket_ids': [Command.set(ticket.ids)]})
        self.assertFalse(dialog.target_id)
        self.assertNotIn(hidden.id, dialog.candidate_ids.ids)

    def test_rows_of_others(self):
        """What an agent typed into a dialog is read and changed by nobody else."""
        ticket = self.tickets['private']
        made = {
            'helpdesk.ticket.move': {'ticket_ids': [Command.set(ticket.ids)], 'team_id': self.team.id, 'note': "Hush"},
            'helpdesk.ticket.freeze': {'ticket_ids': [Command.set(ticket.ids)], 'reason': "Hush"},
            'helpdesk.ticket.merge.dialog': {'ticket_ids': [Command.set(ticket.ids)]},
            'helpdesk.ticket.checklist': {
                'ticket_ids': [Command.set(ticket.ids)],
                'checklist_id': self.env['helpdesk.checklist'].create({'name': "Steps"}).id},
        }
        for model, values in made.items():
            row = self.env[model].with_user(self.agent_private).create(values)
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(model):
                self.assertTrue(row.read(['ticket_ids']))
                self.assertRefused(row.with_user(self.agent).read, ['ticket_ids'])
                self.assertRefused(row.with_user(self.agent).write, {'ticket_ids': [Command.clear()]})
