from odoo import models


class ResourceCalendarLeaves(models.Model):
    _name = 'resource.calendar.leaves'
    _inherit = ['resource.calendar.leaves', 'helpdesk.sla.hours.part.mixin']
