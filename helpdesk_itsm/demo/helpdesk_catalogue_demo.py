from odoo import api, models


class HelpdeskCatalogueDemo(models.AbstractModel):
    """Orders some of what the demo catalogue offers, as the people who would."""
    _name = 'helpdesk.catalogue.demo'
    _description = "Service Catalogue: Demo Data"

    @api.model
    def _load(self):
        """Load everything; called by the demo file."""
        self._order_as('helpdesk_core.helpdesk_user_employee', 'laptop', {
            'laptop_model': 'laptop_model_light', 'laptop_instead': 'no', 'laptop_from': '2026-12-15',
        }, "The old one goes to the trainee.")
        self._order_as('helpdesk_core.helpdesk_user_customer', 'licence', {
            'licence_edition': 'licence_edition_site', 'licence_seats': '3'}, "")
        self._order_as('helpdesk_core.helpdesk_user_sales', 'meeting', {
            'meeting_room': "Room Estuary, second floor", 'meeting_what': 'meeting_what_camera',
        }, "For Thursday, please.")

    def _order_as(self, login, item, answers, remark):
        """Order ``item`` as the user ``login`` (XML id), with {question: text or name of a choice}."""
        ref = self.env.ref
        user = ref(login)
        sent = {}
        for question, value in answers.items():
            choice = ref(f'helpdesk_itsm.catalogue_choice_{value}', raise_if_not_found=False)
            sent[f'q_{ref(f"helpdesk_itsm.catalogue_question_{question}").id}'] = str(choice.id) if choice else value
        offered = self.env['helpdesk.catalogue.item'].with_user(user)._offered(
            None, [('id', '=', ref(f'helpdesk_itsm.catalogue_item_{item}').id)])
        offered._make_request({**sent, 'remark': remark})
