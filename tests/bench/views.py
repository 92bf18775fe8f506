"""What the web client asks the server for, derived from the views themselves, so that a fuller view costs its price.

Follows ``getFieldsSpec`` and the arch parsers of the web client: the fields of the arch, the fields that widgets
depend on, display names of many2one, sub-views of x2many fields.
"""
import ast

from lxml import etree
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

ALWAYS = ('True', '1')
ACTIVITY = ['activity_exception_decoration', 'activity_exception_icon', 'activity_state', 'activity_summary',
            'activity_type_icon', 'activity_type_id']
# fieldDependencies of the widgets that the three models' views use
WIDGET_FIELDS = {
    'kanban_activity': ACTIVITY, 'list_activity': ACTIVITY, 'activity_exception': ['activity_exception_icon'],
    'statusbar_duration': ['duration_tracking'], 'name_with_subtask_count': ['subtask_count', 'closed_subtask_count'],
    'subtask_counter': ['subtask_count', 'closed_subtask_count'], 'project_task_state_selection': ['project_id'],
    'project_task_stage_with_state_selection': ['state'], 'image': ['write_date'],
}
X2MANY_LIMIT = 40
COLUMN_LIMIT = 80           # records in a column, where neither view nor action say


class Views:
    """The views of a window action (``action`` is its external id), as the user of ``env`` gets them."""

    def __init__(self, env, action):
        self.action = env['ir.actions.act_window']._for_xml_id(action)
        self.model = self.action['res_model']
        wanted = {mode: view_id for view_id, mode in self.action['views']}
        search_id = (self.action['search_view_id'] or [False])[0]
        asked = [(wanted.get(mode, False), mode) for mode in ('list', 'kanban', 'form', 'pivot')]
        result = env[self.model].get_views(
            [*asked, (search_id, 'search')], {'toolbar': True, 'load_filters': True, 'action_id': self.action['id']})
        # what ``web_read`` is asked for, per kind of view, is in self.specification
        self.fields = {name: model['fields'] for name, model in result['models'].items()}
        self.archs = {mode: etree.fromstring(view['arch']) for mode, view in result['views'].items()}
        self.domain = Domain(safe_eval(self.action['domain'] or '[]', {'uid': env.uid}))
        self.context = {'lang': env.lang, 'tz': 'UTC', 'uid': env.uid, 'allowed_company_ids': env.user.company_ids.ids}
        self.uid = env.uid
        self.specification = {mode: self._specify(self.archs[mode], self.model) for mode in ('list', 'kanban', 'form')}

    def _specify(self, arch, model):
        found, level = {}, int(arch.xpath('count(ancestor::field)'))
        for node in arch.xpath(f'.//*[self::field or self::widget][count(ancestor::field) = {level}]'):
            widget = node.get('name') if node.tag == 'widget' else node.get('widget')
            if node.tag == 'field':
                spec = self._field(node, self.fields[model][node.get('name')])
                found[node.get('name')] = merged(found.get(node.get('name'), {}), spec)
            for name in WIDGET_FIELDS.get(widget, ()):
                if name in self.fields[model] or name == 'duration_tracking':
                    many2one = self.fields[model].get(name, {}).get('type') == 'many2one'
                    found.setdefault(name, {'fields': {'display_name': {}}} if many2one else {})
        for name in list(found):
            if self.fields[model].get(name, {}).get('type') == 'properties':
                parent = self.fields[model][name]['definition_record']
                if parent in found:
                    found[parent] = merged(found[parent], {'fields': {'display_name': {}}})
        return found

    def _field(self, node, field):
        hidden = node.get('invisible') in ALWAYS or node.get('column_invisible') in ALWAYS
        if field['type'] in ('many2one', 'reference'):
            return {'fields': {} if hidden else {'display_name': {}}}
        if field['type'] in ('one2many', 'many2many') and not hidden:
            views = [child for child in node if child.tag in ('list', 'kanban')]
            if views and not (node.get('widget') or '').startswith('many2many_'):
                related = self._specify(views[0], field['relation'])
                spec = {'fields': related, 'limit': int(views[0].get('limit') or X2MANY_LIMIT)}
                if views[0].get('default_order'):
                    spec['order'] = views[0].get('default_order')
                return spec
            if (node.get('widget') or '').startswith('many2many_'):
                options = node.get('options') or ''
                color = [ast.literal_eval(options)['color_field']] if 'color_field' in options else []
                return {'fields': {name: {} for name in ('display_name', *color)}}
        return {}

    def order(self, mode):
        """The ``order`` that the client sends for the view: its default order, else none."""
        return self.archs[mode].get('default_order') or ''

    def column_limit(self):
        """Records that the client loads in each column of the board."""
        return int(self.archs['kanban'].get('limit') or self.action.get('limit') or COLUMN_LIMIT)

    def progress_bar(self):
        """The arguments of ``read_progress_bar``, or None when the board has no progress bar."""
        for node in self.archs['kanban'].iter('progressbar'):
            colors = ast.literal_eval(node.get('colors') or '{}')
            return {'field': node.get('field'), 'colors': colors, 'help': node.get('help')}
        return None

    def aggregates(self):
        """The aggregates that the board asks for each column."""
        return [f'{node.get("sum_field")}:sum' for node in self.archs['kanban'].iter('progressbar')
                if node.get('sum_field')]

    def filter(self, *names):
        """The domain of those of the named filters that the search view has; None when it has none."""
        domains = [safe_eval(node.get('domain') or '[]', {'uid': self.uid})
                   for node in self.archs['search'].iter('filter') if node.get('name') in names]
        return Domain.AND([Domain(domain) for domain in domains]) if domains else None

    def search(self, word):
        """The domain of typing ``word`` and Enter: the first field of the search view."""
        for node in self.archs['search'].iter('field'):
            if node.get('filter_domain'):
                return Domain(safe_eval(node.get('filter_domain'), {'self': word, 'raw_value': word, 'uid': self.uid}))
            return Domain(node.get('name'), node.get('operator') or 'ilike', word)
        return Domain('display_name', 'ilike', word)


def merged(first, second):
    """Both specifications of one field that stands twice in a view."""
    result = {**first, **second}
    if 'fields' in first and 'fields' in second:
        result['fields'] = {name: merged(first['fields'].get(name, {}), second['fields'].get(name, {}))
                            for name in {**first['fields'], **second['fields']}}
    return result
