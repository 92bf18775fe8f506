"""Rights as far as files show them: who is given what, and which models keep companies apart."""
import pytest
from house import field, field_text

# (model, group) of the rights beyond reading that outsiders have, each with its reason
OUTSIDERS_MAY = {}
OUTSIDERS = {'', 'base.group_portal', 'base.group_public', 'base.group_everyone'}
# models with a company that need no rule, each with its reason
COMPANY_FREE = {}


def access_rows(module):
    """Return (id, model, group, rights) of all access rights that ``module`` gives."""
    rows = [(row['id'], row['model_id:id'], row['group_id:id'].strip(), {
        name for name in ('read', 'write', 'create', 'unlink') if row[f'perm_{name}'].strip() in ('1', 'True', 'true')})
        for row in module.access()]
    for _path, record in module.records('ir.model.access'):
        group = field(record, 'group_id')
        rows.append(
            (
                record.get('id'),
                (field(record, 'model_id').get('ref') or ''),
                '' if group is None else group.get('ref', ''),
                {
                    name
                    for name in ('read', 'write', 'create', 'unlink')
                    if (node := field(record, f'perm_{name}')) is not None
                    and (node.get('eval') or node.text or '') in ('1', 'True')
                },
            )
        )
    return rows


def outsider_faults(house):
    """Portal, public and everybody get no right to write, create or delete, unless it is listed above."""
    faults = []
    for module in house.modules.values():
        for name, model, group, rights in access_rows(module):
            more = rights - {'read'} - OUTSIDERS_MAY.get((model, group), set())
            if (group in OUTSIDERS or 'portal' in group or 'public' in group) and more:
                faults.append(f'{module.name}: {name} gives {group or "everybody"} {", ".join(sorted(more))}')
    return faults


def no_access_faults(house):
    """Every model says who may do what with it: without a row nobody but the superuser can, and Odoo warns."""
    faults = []
    for module in house.modules.values():
        given = {model.split('.')[-1] for _name, model, _group, _rights in access_rows(module)}
        faults += [f'{module.name}: nobody has rights on {model.name}' for model in stored_models(module)
                   if f'model_{model.name.replace(".", "_")}' not in given]
    return faults


def sudo_compute_faults(house):
    """Stored computed fields of dialogs are worked out as the user: as the superuser, Odoo's way with stored fields,
    they would show what their reader may not see."""
    faults = []
    for module in house.modules.values():
        transient = {model.name for source in module.code for model in source.models()
                     if model.kind == 'TransientModel' and model.declares}
        for source in module.code:
            for model in source.models():
                if model.kind != 'TransientModel' and not transient & set(model.inherit):
                    continue
                faults += [
                    f'{source.path.name}: {name} needs compute_sudo=False' for name, words in model.fields.items()
                    if ('compute' in words or 'related' in words) and words.get('store') == 'True'
                    and words.get('compute_sudo') != 'False']
    return faults


def stored_models(module):
    return [
        model for source in module.code for model in source.models() if model.declares and model.kind != 'AbstractModel'
    ]


def company_faults(house):
    """Every model that belongs to a company has a record rule on the company (S2-29)."""
    faults = []
    for module in house.modules.values():
        ruled = set()
        for _path, record in module.records('ir.rule'):
            words = field_text(record, 'domain_force')
            if 'company' in words and field(record, 'groups') is None:  # a rule of some groups leaves the others free
                ruled.add(field(record, 'model_id').get('ref', '').split('.')[-1])
        for model in stored_models(module):
            stored = 'company_id' in model.fields and (
                'related' not in model.fields['company_id'] or model.fields['company_id'].get('store') == 'True')
            name = f'model_{model.name.replace(".", "_")}'
            if stored and model.kind == 'Model' and name not in ruled and model.name not in COMPANY_FREE:
                faults.append(f'{module.name}: {model.name} has a company and no rule on it')
    return faults


RULES = [outsider_faults, no_access_faults, company_faults, sudo_compute_faults]


@pytest.mark.parametrize('rule', RULES)
def test_tree(house, rule):
    faults = rule(house)
    assert not faults, '\n'.join(['', *faults])


def test_lists_of_exceptions_are_not_stale(house):
    given = {
        (model, group) for module in house.modules.values() for _name, model, group, _rights in access_rows(module)
    }
    assert set(OUTSIDERS_MAY) <= given
    assert set(COMPANY_FREE) <= {model.name for module in house.modules.values() for model in stored_models(module)}


HEADER = 'id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\n'
MODEL = """
    class Thing(models.Model):
        _name = 'helpdesk.thing'
        company_id = fields.Many2one('res.company')
"""
RULE = """
    <odoo><record id="r" model="ir.rule">
        <field name="model_id" ref="model_helpdesk_thing"/>
        <field name="domain_force">[('company_id', 'in', company_ids)]</field>%s
    </record></odoo>
"""
GOOD = {
    'helpdesk_core/__manifest__.py': '{}', 'helpdesk_core/models/helpdesk_thing.py': MODEL,
    'helpdesk_core/security/ir.model.access.csv': HEADER + 'a,a,model_helpdesk_thing,base.group_user,1,1,1,1\n',
    'helpdesk_core/security/rules.xml': RULE % '',
}


def test_good_security(build):
    good = build(GOOD)
    assert [fault for rule in RULES for fault in rule(good)] == []


@pytest.mark.parametrize(('row', 'count'), [
    ('a,a,model_helpdesk_thing,base.group_portal,1,0,0,0', 0),
    ('a,a,model_helpdesk_thing,,1,0,0,0', 0),
    ('a,a,model_helpdesk_thing,base.group_portal,1,1,0,0', 1),
    ('a,a,model_helpdesk_thing,base.group_public,0,0,1,0', 1),
    ('a,a,model_helpdesk_thing,,1,0,0,1', 1),
    ('a,a,model_helpdesk_thing,helpdesk_core.group_portal_boss,1,1,0,0', 1),
])
def test_outsider_faults(build, row, count):
    assert (
        len(outsider_faults(build({**GOOD, 'helpdesk_core/security/ir.model.access.csv': f'{HEADER}{row}\n'}))) == count
    )


def test_outsider_faults_in_records(build):
    record = """
        <odoo><record id="a" model="ir.model.access">
            <field name="model_id" ref="model_helpdesk_thing"/><field name="group_id" ref="base.group_portal"/>
            <field name="perm_read" eval="True"/><field name="perm_write" eval="%s"/>
        </record></odoo>
    """
    path = 'helpdesk_core/security/access.xml'
    assert outsider_faults(build({**GOOD, path: record % 'True'})) == ['helpdesk_core: a gives base.group_portal write']
    assert outsider_faults(build({**GOOD, path: record % 'False'})) == []


def test_no_access_faults(build):
    assert no_access_faults(build({**GOOD, 'helpdesk_core/security/ir.model.access.csv': HEADER})) == [
        'helpdesk_core: nobody has rights on helpdesk.thing']


@pytest.mark.parametrize(
    ('files', 'count'),
    [
        ({'helpdesk_core/security/rules.xml': '<odoo/>'}, 1),
        (
            {
                'helpdesk_core/security/rules.xml': RULE.replace('company_id', 'team_id').replace('company_ids', '[1]')
                % ''
            },
            1,
        ),
        ({'helpdesk_core/security/rules.xml': RULE % '<field name="groups" eval="[(4, ref(\'g\'))]"/>'}, 1),
        ({'helpdesk_core/security/rules.xml': RULE.replace('helpdesk_thing', 'helpdesk_other') % ''}, 1),
        (
            {
                'helpdesk_core/security/rules.xml': '<odoo/>',
                'helpdesk_core/models/helpdesk_thing.py': MODEL.replace(
                    "('res.company')", "(related='team_id.company_id')"
                ),
            },
            0,
        ),
        (
            {
                'helpdesk_core/security/rules.xml': '<odoo/>',
                'helpdesk_core/models/helpdesk_thing.py': MODEL.replace(
                    "('res.company')", "(related='team_id.company_id', store=True)"
                ),
            },
            1,
        ),
    ],
)
def test_company_faults(build, files, count):
    assert len(company_faults(build({**GOOD, **files}))) == count


@pytest.mark.parametrize(('line', 'count'), [
    ("fields.Char(compute='_compute_x', store=True)", 1),
    ("fields.Char(related='y_id.name', store=True, readonly=False)", 1),
    ("fields.Char(compute='_compute_x', store=True, compute_sudo=True)", 1),
    ("fields.Char(compute='_compute_x', store=True, compute_sudo=False)", 0),
    ("fields.Char(compute='_compute_x')", 0),
    ("fields.Char()", 0),
])
def test_sudo_compute_faults(build, line, count):
    dialog = f"""
from odoo import fields, models


class Ask(models.TransientModel):
    _name = 'helpdesk.ask'
    _description = "Ask"

    x = {line}
"""
    assert len(sudo_compute_faults(build({**GOOD, 'helpdesk_core/wizard/helpdesk_ask.py': dialog}))) == count
    assert not sudo_compute_faults(build({
        **GOOD, 'helpdesk_core/wizard/helpdesk_ask.py': dialog.replace('TransientModel', 'Model')}))
