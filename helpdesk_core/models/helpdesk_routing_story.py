from markupsafe import Markup
from odoo import api, models

OPEN_UP_TO = 5  # rules that did not fire are folded away when there are more
MAX_NAME = 60


class HelpdeskRoutingStory(models.AbstractModel):
    """Says which routing rules looked at a ticket, which fired and why (N11).

    The log keeps plain values (``detail`` of an event of kind 'routed'), so that the story stays as it was when rules
    are changed or deleted: ``fired`` [{id, name, why: [[condition, text]], set: [[field, text]], kept: [field],
    left: [[field, reason]]}], ``missed`` {condition: [[id, name, what it asks for]]}, ``came`` {field: value} as given.
    """
    _name = 'helpdesk.routing.story'
    _description = "Routing Story"

    # ------------------------------------------------------------
    # what is kept
    # ------------------------------------------------------------

    @api.model
    def _detail(self, looks, left, came):
        """Return what the log keeps of ``looks`` ([``tools.routing.Look``]).

        :param dict left: {field: reason} of what was not set because it does not fit
        :param dict came: {field: value} as given before the rules
        """
        fired, missed = [], {}
        for look in looks:
            if look.failed:
                missed.setdefault(look.failed, []).append(
                    [look.rule.id, look.rule.name[:MAX_NAME], look.rule.wanted.get(look.failed, '')])
                continue
            fired.append({key: value for key, value in {
                'id': look.rule.id, 'name': look.rule.name,
                'why': [[name, self._matched_text(look, name)] for name in look.matched],
                'set': [[name, self._set_text(name, value)] for name, value in look.sets.items() if name not in left],
                'kept': list(look.kept), 'left': [[name, left[name]] for name in look.sets if name in left],
                'stop': look.rule.stop,
            }.items() if value or key in ('id', 'name', 'why')})
        return {'fired': fired, 'missed': missed, 'came': came}

    def _matched_text(self, look, name):
        found = look.matched[name]
        if name == 'partner_tags':
            # sudo: the trace names the tags that decided
            return ', '.join(self.env['res.partner.category'].sudo().browse(found).mapped('name'))
        return found if isinstance(found, str) else look.rule.wanted.get(name, '')

    def _set_text(self, name, value):
        field = self.env['helpdesk.ticket']._fields[name]
        if field.type == 'selection':
            return value
        # sudo: the log names what its reader may not open
        records = self.env[field.comodel_name].sudo().browse(value)
        return ', '.join(records.exists().mapped('display_name'))

    # ------------------------------------------------------------
    # what is told
    # ------------------------------------------------------------

    @api.model
    def _sentence(self, detail):
        """Return the story in one line, for the list of what happened."""
        fired = [one['name'] for one in detail.get('fired', ())]
        missed = sum(map(len, detail.get('missed', {}).values()))
        if not fired:
            return self.env._("Routing: none of the rules fired (%s looked)", missed)
        return self.env._("Routed by “%(rules)s” (%(count)s rules looked)",
                          rules=self.env._("” and “").join(fired), count=len(fired) + missed)

    @api.model
    def _html(self, detail):
        """Return the story as a list of lines (Markup), '' where there is none."""
        if not detail:
            return ''
        fired = Markup().join(
            Markup('<li><i class="fa fa-check text-success me-2" role="img" title="%s"></i>%s</li>') % (
                self.env._("Fired"), self._fired_line(one)) for one in detail.get('fired', ()))
        misses = [self._missed_line(condition, name, wanted)
                  for condition, rules in detail.get('missed', {}).items() for _rule_id, name, wanted in rules]
        lines = Markup().join(
            Markup('<li><i class="fa fa-times me-2" role="img" title="%s"></i>%s</li>') % (
                self.env._("Did not fire"), line) for line in misses)
        if not misses:
            return Markup('<ul class="list-unstyled mb-0">%s</ul>') % fired
        shown = Markup(' open="open"') if len(misses) <= OPEN_UP_TO else ''
        return Markup(
            '<ul class="list-unstyled mb-1">%s</ul><details%s class="text-muted"><summary>%s</summary>'
            '<ul class="list-unstyled mb-0">%s</ul></details>') % (
                fired, shown, self.env._("Looked and did not fire: %s", len(misses)), lines)

    def _fired_line(self, one):
        _, why = self.env._, ', '.join(
            self._fired_words(name, text) for name, text in one.get('why', ()))
        parts = [_("%(field)s: %(value)s", field=self._label(name), value=self._spoken(name, text))
                 for name, text in one.get('set', ()) if text]
        parts += [_("%(field)s left out (%(reason)s)", field=self._label(name), reason=self._reason(reason))
                  for name, reason in one.get('left', ())]
        if one.get('kept'):
            parts.append(_("%s stays as given", ', '.join(map(self._label, one['kept']))))
        if one.get('stop'):
            parts.append(_("stop"))
        return _("“%(rule)s” fired: %(why)s → %(what)s",
                 rule=one['name'], why=why, what=', '.join(parts) or _("nothing"))

    def _missed_line(self, condition, name, wanted):
        return self.env._("“%(rule)s” did not: %(why)s", rule=name, why=self._missed_words(condition, wanted))

    def _fired_words(self, condition, text):
        _ = self.env._
        return {
            'channel': lambda: _("it came by %s", self._spoken('channel', text)),
            'team': lambda: _("it came to %s", text),
            'address': lambda: _("it was sent to %s", text),
            'sender': lambda: _("the sender is %s", text),
            'partner_tags': lambda: _("the contact has the tag %s", text),
            'lang': lambda: _("the contact's language is %s", text),
            'files': lambda: _("it has the file %s", text),
            'words': lambda: _("it has the words “%s”", text),
            'domain': lambda: _("it fulfils the condition"),
        }[condition]()

    def _missed_words(self, condition, text):
        _ = self.env._
        return {
            'channel': lambda: _("it did not come by %s", self._spoken('channel', text)),
            'team': lambda: _("it did not come to %s", text),
            'address': lambda: _("it was not sent to %s", text),
            'sender': lambda: _("the sender is not %s", text),
            'partner_tags': lambda: _("the contact has none of the tags %s", text),
            'lang': lambda: _("the contact's language is not %s", text),
            'files': lambda: _("it has no file like %s", text),
            'words': lambda: _("it has none of the words %s", text),
            'domain': lambda: _("it does not fulfil the condition"),
        }[condition]()

    def _reason(self, reason):
        _ = self.env._
        return {
            'gone': lambda: _("archived or deleted"),
            'company': lambda: _("of another company"),
            'unseen': lambda: _("who made the ticket would not see it any more"),
            'category': lambda: _("not offered by this team"),
            'assignee': lambda: _("does not work on such tickets"),
        }[reason]()

    def _label(self, name):
        return self.env['helpdesk.ticket']._fields[name]._description_string(self.env)

    def _spoken(self, name, value):
        """Return a selection's value as people read it; other texts as they are."""
        field = self.env['helpdesk.ticket']._fields[name]
        return dict(field._description_selection(self.env)).get(value, value) if field.type == 'selection' else value
