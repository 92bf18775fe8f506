"""Fields that several modules give to one model: where both are installed, the later one replaces the earlier one."""
import ast

RELATIONS = ('Many2one', 'One2many', 'Many2many')


def relations(model):
    """Return {name: comodel} of the relational fields that the class ``model`` says the comodel of."""
    found = {}
    for statement in model.node.body:
        value = getattr(statement, 'value', None)
        if isinstance(statement, ast.Assign) and isinstance(value, ast.Call) and value.args and (
                isinstance(value.func, ast.Attribute) and value.func.attr in RELATIONS):
            comodel = value.args[0]
            if isinstance(comodel, ast.Constant):
                found[statement.targets[0].id] = comodel.value
    return found


def clashes(house):
    models = [(module, source, model) for module in house.modules.values() for source in module.code
              for model in source.models()]
    heirs = {}  # mixin: the models that take it in
    for _module, _source, model in models:
        own = model.name or (model.inherit or [None])[0]
        for parent in model.inherit:
            heirs.setdefault(parent, set()).add(own)
    said, faults = {}, []
    for module, source, model in models:
        own = model.name or (model.inherit or [None])[0]
        for name, comodel in relations(model).items():
            for target in {own, *heirs.get(own, ())}:
                other, where = said.setdefault((target, name), (comodel, module.name))
                if other != comodel and where != module.name:
                    faults.append(f'{house.place(source.path)}: {target}.{name} is {comodel}, and {other} in {where}')
    return faults


def test_one_name_is_one_thing(house):
    assert clashes(house) == []


def test_a_clash_is_found(build):
    files = {}
    for module, comodel in (('helpdesk_core', 'a.a'), ('helpdesk_mail', 'b.b')):
        files[f'{module}/__manifest__.py'] = '{}'
        files[f'{module}/models/x.py'] = f"""
            class Ticket(models.AbstractModel):
                _name = 'helpdesk.ticket.{module}.mixin'
                other_ids = fields.One2many('{comodel}', 'ticket_id')

            class Real(models.Model):
                _name = 'helpdesk.ticket'
                _inherit = ['helpdesk.ticket.{module}.mixin', 'helpdesk.ticket']
            """
    assert clashes(build(files)) == [
        'helpdesk_mail/models/x.py: helpdesk.ticket.other_ids is b.b, and a.a in helpdesk_core']
