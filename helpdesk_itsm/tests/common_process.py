from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
from odoo.fields import Command


class ProcessCommon(HelpdeskCommon):
    """The teams of the helpdesk's own tests; ``team`` of company A has the ready processes, no other team has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = {nature: cls.env.ref(f'helpdesk_core.helpdesk_type_{nature}')
                     for nature in ('question', 'incident', 'request', 'problem', 'change')}
        cls.processes = {nature: cls.env.ref(f'helpdesk_itsm.helpdesk_process_{nature}')
                         for nature in ('incident', 'request', 'problem', 'change')}
        cls.steps = {name: cls.env.ref(f'helpdesk_itsm.helpdesk_stage_{name}') for name in (
            'analysis', 'known_error', 'resolved', 'planning', 'approval', 'scheduled', 'in_progress', 'review')}
        cls.team.process_ids = [Command.set([process.id for process in cls.processes.values()])]
        cls.category = cls.env['helpdesk.category'].create({'name': "Network"})

    def of(self, nature, **vals):
        """Create a ticket of ``nature`` in ``team`` as the superuser."""
        return self.ticket(type_id=self.types[nature].id, **vals)
