"""Routing rules, switched off: only the rows of the table that are about them look at them."""

MISSING = 200


def load(env):
    """Create 200 rules that apply to no mail of the benchmarks, and one that does, in this order."""
    tag = env['res.partner.category'].create({'name': 'Bench'})
    kinds = [
        {'senders': 'nowhere{0}.example, *.nowhere{0}.example'},
        {'words': 'contract{0}, order*{0}, INV-????-{0}'},
        {'channel': 'email', 'partner_tag_ids': tag.ids},
        {'words': 'invoice{0}*, credit note', 'words_in': 'subject'},
        {'addresses': 'other{0}@*', 'files': 'pdf, image/*'},
    ]
    values = [{
        'name': f'Bench {number}', 'company_id': False, 'active': False, 'sequence': number, 'priority': '2',
        **{name: value.format(number) if isinstance(value, str) else value
           for name, value in kinds[number % len(kinds)].items()},
    } for number in range(MISSING)]
    values.append({
        'name': 'Bench last', 'company_id': False, 'active': False, 'sequence': MISSING, 'words': 'printer',
        'priority': '3', 'type_id': env.ref('helpdesk_core.helpdesk_type_incident').id,
        'tag_ids': env['helpdesk.tag'].search([('name', '=like', 'Tag %')], limit=1).ids})
    env['helpdesk.routing.rule'].create(values)
