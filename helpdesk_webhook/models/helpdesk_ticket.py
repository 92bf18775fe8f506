from odoo import models


class HelpdeskTicket(models.Model):
    _inherit = 'helpdesk.ticket'

    def _webhook_facts(self):
        """Return what receivers of webhooks are told about the ticket as it stands (dict, fit for JSON).

        Names are in the language of the ticket's company. Records are dicts of ``id`` and ``name``, or None. The keys
        are documented in the module's README: add to them, change none.
        """
        self.ensure_one()
        ticket = self.with_context(lang=self.company_id.partner_id.lang)
        customer = ticket.partner_id
        return {
            'id': ticket.id, 'number': ticket.number, 'subject': ticket.name,
            'url': f'{ticket.get_base_url()}/odoo/helpdesk.ticket/{ticket.id}',
            'status': ticket.status, 'priority': ticket.priority, 'channel': ticket.channel or None,
            'stage': _named(ticket.stage_id), 'team': _named(ticket.team_id), 'type': _named(ticket.type_id),
            'category': _named(ticket.category_id), 'brand': _named(ticket.brand_id),
            'company': _named(ticket.company_id), 'assignee': _named(ticket.user_id),
            'tags': ticket.tag_ids.mapped('name'),
            'customer': {
                'id': customer.id or None, 'name': customer.name or ticket.partner_name or None,
                'email': ticket.partner_email or None,
                'organisation': ticket.commercial_partner_id.name or None,
            },
        }


def _named(record):
    return {'id': record.id, 'name': record.name} if record else None
