from typing import NamedTuple

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_stage import DONE_STATUSES
from odoo.tools import is_html_empty


class Reach(NamedTuple):
    """What an update means for one ticket: whom it reaches in which language and brand, or why it does not."""
    ticket: object  # empty: one that the author does not see
    key: str = ''
    lang: str = ''
    brand: str = ''
    reason: str = ''

    def line_values(self):
        return {'ticket_id': self.ticket.id, 'customer_key': self.key, 'lang': self.lang,
                'state': 'left_out' if self.reason else 'waiting', 'reason': self.reason or False}


class HelpdeskProblemUpdatePreview(models.AbstractModel):
    """Whom an update reaches, in which words, and whom it does not: worked out by the code that sends it."""
    _name = 'helpdesk.problem.update.preview.mixin'
    _description = "Update to All Customers: Preview"

    preview = fields.Html(compute='_compute_preview', sanitize=False)

    @api.model
    def _reasons(self):
        """Return {key: why a ticket does not get the update}."""
        _ = self.env._
        return {
            'unseen': _("You may not answer them: other teams, or types kept to some people"),
            'merged': _("Merged into another ticket"),
            'archived': _("Archived"),
            'done': _("Solved or closed already"),
            'frozen': _("Frozen"),
            'no_address': _("No e-mail address"),
            'unconfirmed': _("The address was never confirmed"),
            'unlinked': _("No longer linked to the problem"),
            'process': _("The process does not let you solve them yet"),
            'failed': _("It could not be posted; see the ticket"),
        }

    def _left_out(self, ticket):
        """Return the key of the reason why ``ticket`` (as the author) does not get the update; '' when it does."""
        if not ticket.has_access('write') or not ticket.env.user._helpdesk_works_on(ticket):
            return 'unseen'
        return self._reason_against(ticket)

    def _reason_against(self, ticket):
        """As ``_left_out``, for a ticket that the author may answer."""
        ticket = ticket.sudo()  # sudo: the address of a customer, whatever company they belong to
        tests = {
            'unlinked': ticket.problem_id.id != self.problem_id.id, 'merged': ticket.merged_into_id,
            'archived': not ticket.active, 'done': ticket.status in DONE_STATUSES, 'frozen': ticket.is_frozen,
            'no_address': not ticket._reach_key(),
            'unconfirmed': ticket.address_unconfirmed}
        return next((reason for reason, holds in tests.items() if holds), '')

    def _reaches(self):
        """Return a ``Reach`` for each ticket of the problem, the newest first: a customer is mailed on that one."""
        self.ensure_one()
        # sudo: tickets that the author does not see are counted, nothing else of them is shown
        tickets = self.sudo().with_context(active_test=False).problem_id.incident_ids.sorted('id', reverse=True)
        mine = tickets.with_user(self.user_id)._filtered_access('write')
        reaches = []
        for ticket in tickets:
            if ticket not in mine or not self.user_id._helpdesk_works_on(ticket):
                reaches.append(Reach(ticket.browse(), reason='unseen'))
                continue
            lang = self.env['helpdesk.macro']._usable_lang(ticket.customer_lang)
            reaches.append(Reach(
                ticket, ticket._reach_key(), lang, ticket.brand_id.name or '', self._reason_against(ticket)))
        return reaches

    def _langs(self):
        """Return the languages of the readers, the author's own first: who reads none with a text gets that one."""
        own = self.env['helpdesk.macro']._usable_lang(self.user_id.lang or 'en_US')
        langs = {reach.lang for reach in self._reaches() if not reach.reason}
        return [own, *sorted(langs - {own})]

    def _counts_by_lang(self):
        counts = {}
        for reach in self._reaches() if self.state == 'draft' else ():
            if not reach.reason:
                counts[reach.lang] = counts.get(reach.lang, 0) + 1
        for line in self.line_ids.filtered(lambda line: line.state != 'left_out'):
            counts[line.lang] = counts.get(line.lang, 0) + 1
        return counts

    def _original(self):
        """Return the text of those for whose language there is none: the first."""
        return self.text_ids.sorted('id')[:1]

    def _text_for(self, lang):
        """Return the text in ``lang``, or the first."""
        text = self.text_ids.filtered(lambda one: one.lang == lang and not is_html_empty(one.body))
        return text or self._original()

    # ------------------------------------------------------------
    # in words
    # ------------------------------------------------------------

    @api.depends('state', 'text_ids.body', 'text_ids.lang', 'line_ids.state')
    @api.depends_context('uid', 'lang')
    def _compute_preview(self):
        for update in self:
            update.preview = update._reach_table() if update.state == 'draft' else update._result_table()

    def _reach_table(self):
        """Return who will get it (HTML), by language and brand, and who will not."""
        groups, customers, out = {}, set(), {}
        for reach in self._reaches():
            if reach.reason:
                out[reach.reason] = out.get(reach.reason, 0) + 1
            else:
                tickets, people = groups.setdefault((reach.lang, reach.brand), (set(), set()))
                tickets.add(reach.ticket.id)
                if reach.key not in customers:
                    people.add(reach.key)
                customers.add(reach.key)
        rows = [(self._lang_words(lang), brand or '–', len(tickets), len(people))
                for (lang, brand), (tickets, people) in sorted(groups.items())]
        return self._as_table(rows) + self._reason_list(out)

    def _result_table(self):
        """Return what became of it (HTML)."""
        groups, out = {}, {}
        for line in self.sudo().line_ids:  # sudo: counted, nothing else of the tickets is shown
            if line.state == 'left_out':
                out[line.reason] = out.get(line.reason, 0) + 1
            else:
                counts = groups.setdefault((line.lang or '', line.ticket_id.brand_id.name or ''), [0, 0])
                counts[0] += 1
                counts[1] += line.state in ('sent', 'waiting')
        rows = [(self._lang_words(lang), brand or '–', *counts) for (lang, brand), counts in sorted(groups.items())]
        return self._as_table(rows) + self._reason_list(out)

    def _lang_words(self, lang):
        names = dict(self.env['res.lang'].get_installed())
        text = self._text_for(lang)
        if text.lang == lang or not text:
            return names.get(lang, lang)
        return self.env._("%(lang)s (gets the text in %(other)s)", lang=names.get(lang, lang),
                          other=names.get(text.lang, text.lang))

    def _as_table(self, rows):
        _ = self.env._
        if not rows:
            return Markup('<p class="text-muted">%s</p>') % _("It reaches nobody.")
        row = Markup('<tr><td>%s</td><td>%s</td><td class="text-end">%s</td><td class="text-end">%s</td></tr>')
        return Markup(
            '<table class="table table-sm o_helpdesk_reach"><thead><tr><th>%s</th><th>%s</th><th class="text-end">%s'
            '</th><th class="text-end">%s</th></tr></thead><tbody>%s</tbody></table>') % (
            _("Language"), _("Brand"), _("Tickets"), _("Customers mailed"),
            Markup().join(row % values for values in rows))

    def _reason_list(self, out):
        if not out:
            return Markup()
        words = self._reasons()
        items = Markup().join(
            Markup('<li>%s: %s</li>') % (words[reason], count) for reason, count in sorted(out.items()))
        return Markup('<p class="mb-1">%s</p><ul class="o_helpdesk_left_out">%s</ul>') % (
            self.env._("Not reached:"), items)
