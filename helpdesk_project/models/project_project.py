from odoo import models

OUTSIDERS = ('invited_users', 'portal')  # privacy settings with which customers may see tasks
COLLEAGUES = ('employees', 'portal')  # those with which every colleague sees them


class ProjectProject(models.Model):
    _inherit = 'project.project'

    def _shows_customers(self):
        """Tell whether people outside the house may see tasks of this project."""
        return self.privacy_visibility in OUTSIDERS

    def _shows_colleagues(self):
        """Tell whether every colleague may see tasks of this project."""
        return self.privacy_visibility in COLLEAGUES
