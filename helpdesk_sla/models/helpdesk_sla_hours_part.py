from odoo import api, models


class HelpdeskSlaHoursPartMixin(models.AbstractModel):
    """Attendances and leaves: what changes in them changes a calendar. Leaves of one person do not."""
    _name = 'helpdesk.sla.hours.part.mixin'
    _description = "Part of Working Hours"

    @api.model
    def _changed_calendars(self, rows):
        """Return the calendars that ``rows`` (dicts of 'calendar_id' and 'resource_id', ids) are part of.

        A leave of nobody's and no calendar's is a holiday of all.
        """
        calendars = self.env['resource.calendar'].browse(
            {row['calendar_id'] for row in rows if row.get('calendar_id') and not row.get('resource_id')})
        if any(not row.get('calendar_id') and not row.get('resource_id') for row in rows):
            calendars |= calendars._used_by_clocks()
        return calendars

    def _part_rows(self):
        person = 'resource_id' in self._fields
        # sudo: a holiday that its reader may not see stops clocks just the same
        return [{'calendar_id': part.calendar_id.id, 'resource_id': person and part.resource_id.id}
                for part in self.sudo()]

    @api.model_create_multi
    def create(self, vals_list):
        calendars = self._changed_calendars(vals_list)
        used = calendars._before_hours_change()
        parts = super().create(vals_list)
        calendars._after_hours_change(used)
        return parts

    def write(self, vals):
        rows = self._part_rows()
        calendars = self._changed_calendars([*rows, *({**row, **vals} for row in rows)])
        used = calendars._before_hours_change()
        result = super().write(vals)
        calendars._after_hours_change(used)
        return result

    def unlink(self):
        calendars = self._changed_calendars(self._part_rows())
        used = calendars._before_hours_change()
        result = super().unlink()
        calendars._after_hours_change(used)
        return result
