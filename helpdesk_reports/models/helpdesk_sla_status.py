from odoo import models


class HelpdeskSlaStatus(models.Model):
    _inherit = 'helpdesk.sla.status'

    # promises kept or missed in a period: as ``decided_at`` in helpdesk.sla.report. Of all rows: from an index with a
    # condition the database learns nothing of how many there are
    _decided_idx = models.Index("(LEAST(reached_at, breached_at))")
