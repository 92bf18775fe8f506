from collections import Counter

from markupsafe import Markup
from odoo import models
from odoo.tools import is_html_empty

SHOWN_NUMBERS = 5


class HelpdeskMacroPreviewMixin(models.AbstractModel):
    """Says in words what a macro does, before it does it."""
    _name = 'helpdesk.macro.preview.mixin'
    _description = "Macro: Preview"

    def _spoken_actions(self):
        """Return what the macro does in a few words, for lists to choose from."""
        self.ensure_one()
        _ = self.env._
        told = [
            (not is_html_empty(self.reply), _("Reply")),
            (not is_html_empty(self.note), _("Internal note")),
            (self.set_team_id, self.set_team_id.name),
            (self.set_stage_id, self.set_stage_id.name),
            (self.set_status, self._label('set_status', self.set_status)),
            (self.set_assignee, _("Assignee")),
            (self.set_priority, _("Priority")),
            (self.set_type_id or self.set_category_id, _("Type")),
            (self.add_tag_ids or self.remove_tag_ids, _("Tags")),
            (self.freeze, _("Freeze")),
            (self.activity_type_id, self.activity_type_id.name),
        ]
        return ' · '.join(words for given, words in told if given)

    def _label(self, name, value):
        """Return the words for ``value`` of the selection ``name``."""
        return dict(self._fields[name]._description_selection(self.env)).get(value, '')

    def _changes(self, plan):
        """Return what ``plan`` changes, as a list of (what, from, to) in words; modules add theirs."""
        ticket, _ = plan.ticket, self.env._
        changes = []
        for name, value in plan.values.items():
            column = ticket._fields[name]
            changes.append((column._description_string(self.env), ticket._logged_value(name)[1],
                            self._spoken_value(column, value)))
        if plan.add_tags:
            changes.append((_("Tags"), '', _("add %s", ', '.join(plan.add_tags.mapped('name')))))
        if plan.remove_tags:
            changes.append((_("Tags"), '', _("remove %s", ', '.join(plan.remove_tags.mapped('name')))))
        stage = plan.stage or self._stage_after_reply(plan)
        if stage:
            changes.append((_("Stage"), ticket.stage_id.name, stage.name))
        if plan.freeze:
            changes.append((_("Freeze"), '', self._spoken_freeze()))
        if plan.activity_user:
            changes.append((_("Activity"), '', _(
                "%(what)s for %(who)s, in %(days)s days", what=self.activity_summary or self.activity_type_id.name,
                who=plan.activity_user.name, days=self.activity_days)))
        return changes

    def _spoken_value(self, column, value):
        if column.type == 'many2one':
            # sudo: the name of what the macro sets
            return self.env[column.comodel_name].sudo().browse(value).display_name or self.env._("nobody")
        return dict(column._description_selection(self.env)).get(value, '')

    def _stage_after_reply(self, plan):
        """Return the stage that the answer itself moves a new ticket to, where the macro leaves the stage alone."""
        ticket = plan.ticket
        if plan.reply and ticket.status == 'new' and 'team_id' not in plan.values:
            return ticket._stage_for('open')
        return self.env['helpdesk.stage']

    def _spoken_freeze(self):
        if self.freeze == 'answer':
            return self.env._("until the customer writes: %s", self.freeze_reason)
        return self.env._("for %(amount)s %(unit)s: %(reason)s", amount=self.freeze_amount,
                          unit=self._label('freeze_unit', self.freeze_unit), reason=self.freeze_reason)

    def _spoken_remarks(self):
        """Return {code: words} of what may be left out; ``%s`` stands for the tickets."""
        _ = self.env._
        return {
            'frozen': _("Frozen: %s."),
            'no_recipient': _("No customer address, so no reply is sent: %s."),
            'no_stage': _("The team does not have the stage, so it stays: %s."),
            'no_category': _("The team does not use the category, so it stays: %s."),
            'no_assignee': _("The colleague does not see these tickets, so the assignee stays: %s."),
            'no_activity': _("Nobody to plan the activity for, so none is planned: %s."),
            'done': _("Solved or closed, so not frozen: %s."),
        }

    def _preview(self, plans):
        """Return what ``plans`` do (Markup): from and to for one ticket, counted for many."""
        if not plans:
            return Markup()
        rows = self._preview_one(plans[0]) if len(plans) == 1 else self._preview_many(plans)
        if not rows:
            rows = [(self.env._("Nothing changes"), '')]
        return Markup('<table class="table table-sm mb-0">%s</table>') % Markup().join(
            Markup('<tr><th class="text-nowrap pe-3 fw-bold">%s</th><td class="w-100">%s</td></tr>') % row
            for row in rows)

    def _preview_one(self, plan):
        rows = [(self.env._("Reply to"), ', '.join(plan.recipients))] if plan.reply else []
        if plan.note:
            rows.append((self.env._("Internal note"), Markup(plan.note)))
        arrow = Markup('<span class="text-muted">%s</span> <i class="fa fa-long-arrow-right mx-1"></i> <b>%s</b>')
        return rows + [(what, arrow % (old, new) if old else new) for what, old, new in self._changes(plan)]

    def _preview_many(self, plans):
        _ = self.env._
        counts = Counter((what, new) for plan in plans for what, _old, new in self._changes(plan))
        rows = []
        if sent := sum(bool(plan.reply) for plan in plans):
            rows.append((_("Reply"), self._spoken_count(sent)))
        if noted := sum(bool(plan.note) for plan in plans):
            rows.append((_("Internal note"), self._spoken_count(noted)))
        return rows + [
            (what, Markup('<b>%s</b> <span class="text-muted">%s</span>') % (new, self._spoken_count(count)))
            for (what, new), count in counts.items()]

    def _spoken_count(self, count):
        return self.env._("1 ticket") if count == 1 else self.env._("%s tickets", count)

    def _preview_remarks(self, plans):
        """Return what is left out and what to look at, as a list of sentences."""
        words, found = self._spoken_remarks(), {}
        for plan in plans:
            for code in plan.remarks:
                found.setdefault(code, []).append(plan.ticket.number)
        return [words[code] % self._spoken_numbers(numbers) for code, numbers in found.items() if code in words]

    def _spoken_numbers(self, numbers):
        if len(numbers) <= SHOWN_NUMBERS:
            return ', '.join(numbers)
        return self.env._(
            "%(numbers)s and %(count)s more", numbers=', '.join(numbers[:SHOWN_NUMBERS]),
            count=len(numbers) - SHOWN_NUMBERS)
