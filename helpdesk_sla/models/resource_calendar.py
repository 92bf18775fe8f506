from odoo import api, models

# What decides when a calendar is open; its name and the like do not.
OPENING_FIELDS = {
    'tz', 'attendance_ids', 'leave_ids', 'global_leave_ids', 'flexible_hours', 'schedule_type', 'two_weeks_calendar',
    'duration_based', 'hours_per_day', 'full_time_required_hours', 'company_id',
}


class ResourceCalendar(models.Model):
    _inherit = 'resource.calendar'

    def write(self, vals):
        if not OPENING_FIELDS & vals.keys():
            return super().write(vals)
        used = self._before_hours_change()
        result = super().write(vals)
        self._after_hours_change(used)
        return result

    def _before_hours_change(self):
        """Write down the past of these calendars, and return the hours (``helpdesk.sla.hours``) that rest on them."""
        return self.env['helpdesk.sla.hours.past']._write_down(self)

    def _after_hours_change(self, used):
        """Forget what was known of these calendars, and have the clocks in the hours ``used`` looked at again."""
        self.env.registry.clear_cache()
        self.env['helpdesk.sla.status']._look_again([('terms_id.hours_id', 'in', used.ids)])

    @api.model
    def _used_by_clocks(self):
        """Return every calendar that promises are counted in."""
        # sudo: whoever enters a holiday changes every clock that stops for it
        hours = self.env['helpdesk.sla.hours'].sudo().search([('calendar_id', '!=', False)])
        return hours.calendar_id | hours.other_calendar_id
