from datetime import UTC, timedelta

from odoo import models
from odoo.addons.helpdesk_sla.tools import sla_clock
from odoo.addons.helpdesk_sla.tools.clock_row import Hours


class HelpdeskCatalogueItemDelivery(models.AbstractModel):
    """How long it takes, in working time of the team."""
    _name = 'helpdesk.catalogue.item.delivery.mixin'
    _description = "Catalogue Item: Delivery"

    def _delivery_words(self):
        """Return how long it usually takes (str, for people), '' where nothing is said."""
        hours = self.delivery_hours
        if not hours:
            return ''
        day = self.team_id._get_calendar().hours_per_day or 24
        if hours < day:
            number = f'{hours:g}'
            return self.env._("1 working hour") if hours == 1 else self.env._("%s working hours", number)
        days = round(hours / day, 1)
        return self.env._("1 working day") if days == 1 else self.env._("%s working days", f'{days:g}')

    def _delivered_by(self, start):
        """Return when (naive UTC) it is there if work begins at ``start`` (naive UTC); False: nothing is said, or the
        team never works."""
        if not self.delivery_hours:
            return False
        calendar_id = self.env['helpdesk.team']._sla_calendar(self.team_id.id)[0]
        hours = Hours(calendar_id, None, None, self.company_id.id) if calendar_id else Hours()
        spans = self.env['helpdesk.sla.hours']._spans(hours, start.year, start.year + 2)
        due = sla_clock.due(
            spans, start.replace(microsecond=0, tzinfo=UTC), timedelta(hours=self.delivery_hours))
        return due.replace(tzinfo=None) if due else False
