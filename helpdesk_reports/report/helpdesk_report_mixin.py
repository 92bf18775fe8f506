from odoo import fields, models, tools
from odoo.addons.helpdesk_core.models.helpdesk_ticket import CHANNELS, PRIORITIES
from odoo.tools import SQL

WEEKDAYS = [('1', "Monday"), ('2', "Tuesday"), ('3', "Wednesday"), ('4', "Thursday"), ('5', "Friday"),
            ('6', "Saturday"), ('7', "Sunday")]


class HelpdeskReportMixin(models.AbstractModel):
    """A report on tickets as an SQL view: what one can group by, and the pieces the view is made of.

    To add a column, declare the field and extend ``_columns``; where it needs another table, extend ``_tables`` too.
    Tables besides the first are joined LEFT on a unique key: the database then leaves out those that a question does
    not need.
    """
    _name = 'helpdesk.report.mixin'
    _description = "Report on Tickets"
    _inherit = ['helpdesk.export.mixin', 'helpdesk.report.export.mixin', 'helpdesk.report.people.mixin']
    _auto = False
    _rec_name = 'number'

    ticket_id = fields.Many2one('helpdesk.ticket', readonly=True)
    number = fields.Char(readonly=True)
    name = fields.Char(string="Subject", readonly=True)
    active = fields.Boolean(readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    team_id = fields.Many2one('helpdesk.team', readonly=True)
    brand_id = fields.Many2one('helpdesk.brand', readonly=True)
    stage_id = fields.Many2one('helpdesk.stage', readonly=True)
    status = fields.Selection(
        selection=lambda self: self.env['helpdesk.stage']._fields['status'].selection, readonly=True)
    user_id = fields.Many2one('res.users', string="Assignee", readonly=True)
    partner_id = fields.Many2one('res.partner', string="Customer", readonly=True)
    commercial_partner_id = fields.Many2one('res.partner', string="Customer's Company", readonly=True)
    type_id = fields.Many2one('helpdesk.type', readonly=True)
    category_id = fields.Many2one('helpdesk.category', readonly=True)
    tag_ids = fields.Many2many(
        'helpdesk.tag', relation='helpdesk_tag_helpdesk_ticket_rel', column1='helpdesk_ticket_id',
        column2='helpdesk_tag_id', readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    created_at = fields.Datetime(string="Created", readonly=True)
    created_hour = fields.Integer(
        string="Hour of Arrival", readonly=True, aggregator=None, help="0 to 23, where the team works.")
    created_weekday = fields.Selection(
        WEEKDAYS, string="Day of Arrival", readonly=True, help="Day of the week, where the team works.")
    solved_at = fields.Datetime(string="Solved", readonly=True)
    closed_at = fields.Datetime(string="Closed", readonly=True)

    def init(self):
        tools.drop_view_if_exists(self.env.cr, self._table)
        if self._name != 'helpdesk.report.mixin':
            self.env.cr.execute(SQL(
                "CREATE VIEW %s AS SELECT %s FROM %s", SQL.identifier(self._table),
                SQL(', ').join(SQL("%s AS %s", column, SQL.identifier(name))
                               for name, column in self._columns().items()),
                SQL(' ').join(self._tables())))

    def _tables(self):
        """Return the tables of the view, the first one and the joins (list of SQL); ``t`` is the ticket."""
        return [SQL("helpdesk_ticket t")]

    def _columns(self):
        """Return {field: its SQL}."""
        plain = ('number', 'name', 'active', 'company_id', 'team_id', 'brand_id', 'stage_id', 'status', 'user_id',
                 'partner_id', 'commercial_partner_id', 'type_id', 'category_id', 'priority', 'channel', 'solved_at',
                 'closed_at')
        # asked for inside the column: who does not group by it pays nothing for it
        local = SQL("""(t.create_date AT TIME ZONE 'UTC' AT TIME ZONE COALESCE((
            SELECT rc.tz FROM helpdesk_team tm JOIN res_company co ON co.id = tm.company_id
              JOIN resource_calendar rc ON rc.id = COALESCE(tm.resource_calendar_id, co.resource_calendar_id)
             WHERE tm.id = t.team_id), 'UTC'))""")
        return {
            'id': SQL("t.id"),
            'ticket_id': SQL("t.id"),
            'created_at': SQL("t.create_date"),
            'created_hour': SQL("EXTRACT(HOUR FROM %s)::int", local),
            'created_weekday': SQL("EXTRACT(ISODOW FROM %s)::int::text", local),
            **{name: SQL("t.%s", SQL.identifier(name)) for name in plain},
        }

    def action_open_ticket(self):
        """Open the ticket that a row is about."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()
