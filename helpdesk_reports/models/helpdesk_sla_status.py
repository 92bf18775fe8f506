from odoo import models


class HelpdeskSlaStatus(models.Model):
    _inherit = 'helpdesk.sla.status'

    # promises kept or missed in a period: as ``decided_at`` in helpdesk.sla.report
    _decided_idx = models.Index(
        "(LEAST(reached_at, breached_at)) WHERE LEAST(reached_at, breached_at) IS NOT NULL")
