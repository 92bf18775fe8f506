import pytz
from odoo import api, models
from odoo.tools import ormcache

from ..tools.sla_replay import DONE, SCOPE_KINDS
from ..tools.sla_scope import Facts, choose


class HelpdeskTicketSlaChoiceMixin(models.AbstractModel):
    """Which promises a ticket is given: the first policy that fits, for each of them (C7 to C10)."""
    _name = 'helpdesk.ticket.sla.choice.mixin'
    _description = "Ticket: Choice of Promises"

    def _sla_choose(self, logs, choose_again=False):
        """Choose policies for the tickets whose scope changed since they were chosen, and log what came of it (C9).

        The log's new rows are appended to ``logs``.
        """
        changed = self.browse()
        for ticket in self:
            rows = [row for row in logs[ticket.id] if row['kind'] == 'sla' or row['kind'] in SCOPE_KINDS]
            if not rows or (rows[-1]['kind'] == 'sla' and not choose_again):
                continue
            begun = rows[0]['kind'] == 'created' and rows[0]['detail'].get('new_status') not in DONE
            if ticket.status not in DONE or (begun and all(row['kind'] != 'sla' for row in rows)):
                changed |= ticket
        policies = self.env['helpdesk.sla.policy']._catalogue()
        if changed and (policies or any(row['kind'] == 'sla' for log in logs.values() for row in log)):
            changed._sla_log_choice(policies, logs)

    def _sla_log_choice(self, policies, logs, refresh=False):
        """Log the terms that ``policies`` give to these tickets, where they differ from those that hold.

        :param refresh: take over edited terms also where the same promise still holds (C16: the explicit action)
        """
        present = {ticket.id: self._sla_present(logs[ticket.id]) for ticket in self}
        facts = self._sla_facts(policies)
        chosen = {ticket: choose(policies, look) for ticket, look in facts.items()}
        wanted = self._sla_wanted(facts, chosen, present, refresh)
        terms = self.env['helpdesk.sla.terms']._keep(list(wanted.values()))
        ids = dict(zip(wanted, terms, strict=True))
        rows = []
        for ticket, by_metric in chosen.items():
            new = {metric: ids.get((ticket.id, metric)) or present[ticket.id][metric] for metric in by_metric}
            if new != present[ticket.id]:
                rows.append(ticket._sla_choice_row(new, by_metric))
        for event in self.env['helpdesk.ticket.event']._log(rows) if rows else ():
            logs[event.ticket_id.id].append({
                'ticket_id': event.ticket_id.id, 'id': event.id, 'at': event.at, 'kind': 'sla',
                'detail': event.detail, 'create_date': event.at})

    def _sla_choice_row(self, new, by_metric):
        """Return the row of the log that says which terms (``new``: {metric: terms id}) hold from now on, and why."""
        self.ensure_one()
        why = {metric: {'policy': policy.id, 'name': policy.name, 'criteria': list(policy.scope.criteria)}
               for metric, (policy, _terms) in by_metric.items()}
        names = dict.fromkeys(policy.name for policy, _terms in by_metric.values())
        return {'ticket_id': self.id, 'kind': 'sla', 'new': ', '.join(names) or False,
                'detail': {'terms': new, 'why': why}}

    def _sla_wanted(self, facts, chosen, present, refresh):
        """Return {(ticket id, metric): (terms, hours id)} of the promises that are new to their tickets."""
        hours, promise = self.env['helpdesk.sla.hours'], self.env['helpdesk.sla.terms']._promise
        keys = {(ticket.id, policy.id): hours._for(policy.hours, facts[ticket])
                for ticket, by_metric in chosen.items() for policy in {policy for policy, _terms in by_metric.values()}}
        hours_ids, wanted = hours._keep(keys.values()), {}
        for ticket, by_metric in chosen.items():
            for metric, (policy, terms) in by_metric.items():
                hours_id = hours_ids[keys[ticket.id, policy.id]]
                held_id = present[ticket.id].get(metric)
                held = held_id and promise(held_id)
                same = held and held.data['target_id'] == terms['target_id']
                if refresh or not same or held.hours_id != hours_id:
                    # the same promise in other hours keeps the words it was made in (C16)
                    agreed = held.data if same and not refresh else {
                        **terms, 'resume_days': ticket.team_id._sla_resume_days()}
                    wanted[ticket.id, metric] = (agreed, hours_id)
        return wanted

    def _sla_facts(self, policies):
        """Return {ticket: Facts}: these tickets as ``policies`` look at them; in one batch, in sudo."""
        fits = self.env['helpdesk.sla.policy']._fitting(self) if any(p.conditional for p in policies) else {}
        asks_lang = any(policy.scope.langs for policy in policies)
        team, found = self.env['helpdesk.team'], {}
        for ticket in self:
            zone = pytz.timezone(team._sla_calendar(ticket.team_id.id)[1])
            found[ticket] = Facts(
                company=ticket.company_id.id, team=ticket.team_id.id, priority=ticket.priority,
                day=pytz.utc.localize(ticket.create_date or self.env.cr.now()).astimezone(zone).date(),
                type=ticket.type_id.id or None, brand=ticket.brand_id.id or None, channel=ticket.channel,
                lang=(asks_lang and ticket.partner_id.lang) or None,
                categories=self._sla_categories(ticket.category_id.id), tags=frozenset(ticket.tag_ids.ids),
                partners=frozenset((ticket.partner_id | ticket.commercial_partner_id).ids),
                customer=ticket.commercial_partner_id.id or None, fits=frozenset(fits.get(ticket.id, ())))
        return found

    @api.model
    def _sla_categories(self, category_id):
        """Return the ids (frozenset) of a category and all above it; empty for none."""
        return self._sla_category_paths().get(category_id, frozenset())

    @api.model
    @ormcache()
    def _sla_category_paths(self):
        """Return {category id: ids of it and all above it}."""
        # sudo: a promise does not depend on who looks
        categories = self.env['helpdesk.category'].sudo().with_context(active_test=False)
        return {category.id: frozenset(map(int, category.parent_path.strip('/').split('/')))
                for category in categories.search([('parent_path', '!=', False)])}

    def _sla_present(self, log):
        """Return the terms that hold by ``log``: {metric: terms id}."""
        last = next((row for row in reversed(log) if row['kind'] == 'sla'), None)
        return {metric: terms_id for metric, terms_id in last['detail']['terms'].items() if terms_id} if last else {}
