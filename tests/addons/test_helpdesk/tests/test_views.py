import ast

from lxml import etree
from odoo.tests import TransactionCase, tagged


@tagged('post_install', '-at_install')
class TestViews(TransactionCase):

    def test_a_status_bar_has_what_its_domain_asks_for(self):
        """A bar asks for its steps also where it is only shown; Odoo adds what is missing only where one may edit."""
        seen = 0
        for view in self.env['ir.ui.view'].search([
                ('model', '=like', 'helpdesk.%'), ('type', '=', 'form'), ('mode', '=', 'primary')]):
            model = self.env[view.model]
            arch = etree.fromstring(model.get_view(view.id)['arch'])
            present = {node.get('name') for node in arch.iter('field')}
            for node in arch.xpath("//field[starts-with(@widget, 'statusbar') or @widget='helpdesk_process_bar']"):
                field = model._fields[node.get('name')]
                domain = node.get('domain') or field.domain if field.type == 'many2one' else None
                if isinstance(domain, str):
                    seen += 1
                    asked = {name.id for name in ast.walk(ast.parse(domain, mode='eval')) if isinstance(name, ast.Name)}
                    self.assertLessEqual(asked, present, view.xml_id)
        self.assertGreaterEqual(seen, 3, "agents, employees and sales have a bar of stages")
