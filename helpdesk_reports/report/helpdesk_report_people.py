from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

SUMS = 'helpdesk_report_sums'
#: in the context of a question that names neither a person nor a ticket; nobody can send it from outside
OF_MANY = object()
NAMING = {'user_id', 'ticket_id', 'id', 'number', 'name', 'display_name'}


class HelpdeskReportPeopleMixin(models.AbstractModel):
    """Figures that judge a person are for themselves, the leaders of their teams and administrators (S0-35, S1-29).

    Everybody else finds these columns empty in the rows of colleagues, hence in lists, exports and in sums by assignee.
    Sums that name neither a person nor a ticket are of the whole, for all who see its tickets.
    """
    _name = 'helpdesk.report.people.mixin'
    _description = "Report: Figures of People"

    @api.model
    def _personal_figures(self):
        """Return the names (set) of the columns that judge whoever a ticket is assigned to; modules add theirs."""
        return set()

    @api.model
    def _read_group(self, domain, groupby=(), *args, **kwargs):
        found = self._for_question(domain, groupby)
        return super(HelpdeskReportPeopleMixin, found)._read_group(domain, groupby, *args, **kwargs)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, *args, **kwargs):
        found = self._for_question(domain, [spec for specs in grouping_sets for spec in specs])
        return super(HelpdeskReportPeopleMixin, found)._read_grouping_sets(domain, grouping_sets, *args, **kwargs)

    def _for_question(self, domain, groupby):
        """Return self, prepared to sum up all rows where neither ``domain`` nor ``groupby`` names people or tickets."""
        named = [*groupby, *(condition.field_expr for condition in Domain(domain).iter_conditions())]
        if NAMING & {spec.split(':')[0].split('.')[0] for spec in named}:
            return self
        return self.with_context(**{SUMS: OF_MANY})

    def _field_to_sql(self, alias, field_expr, query=None):
        column = super()._field_to_sql(alias, field_expr, query)
        if field_expr not in self._personal_figures() or self._sees_figures_of_all():
            return column
        person, team = (super(HelpdeskReportPeopleMixin, self)._field_to_sql(alias, name, query)
                        for name in ('user_id', 'team_id'))
        # sudo: which teams one leads
        led = self.env['helpdesk.team'].sudo().search([('leader_id', '=', self.env.uid)])
        return SQL("CASE WHEN %s IS NULL OR %s = %s OR %s = ANY(%s) THEN %s END",
                   person, person, self.env.uid, team, led.ids, column)

    def _sees_figures_of_all(self):
        return self.env.su or self.env.context.get(SUMS) is OF_MANY or self.env.user.has_group(
            'helpdesk_core.group_helpdesk_manager')
