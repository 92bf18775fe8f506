"""The two models of core to compare with: requests of maintenance (the floor) and tasks of project."""
from odoo.fields import Command

from . import shape
from .people import load_thread

STAGES = [('new', 'New', False), ('open', 'Open', False), ('waiting_customer', 'Waiting', False),
          ('waiting_third_party', 'Third Party', False), ('solved', 'Solved', True), ('closed', 'Closed', True)]
PEOPLE = "bench_shape s JOIN bench_customers c ON c.no = s.customer_no LEFT JOIN bench_agents a ON a.no = s.agent_no"
USER = 'coalesce(a.id, 1)'
TRACES = {'create_date': 's.at', 'write_date': 's.stage_at', 'create_uid': USER, 'write_uid': USER}


def load_requests(env, agents):
    """Fill maintenance.request: no customer, nothing to compute."""
    env['maintenance.stage'].search([]).unlink()
    stages = {status: env['maintenance.stage'].create({
        'name': name, 'sequence': number, 'done': done, 'fold': status == 'closed',
    }) for number, (status, name, done) in enumerate(STAGES)}
    teams = env['maintenance.team'].create([{
        'name': f'Team {number + 1}', 'member_ids': [Command.set(members(agents, number).ids)],
        'alias_name': f'floor{number + 1}',
    } for number in range(shape.TEAMS)])
    row = shape.pattern(env['maintenance.request'], {
        'name': 'Pattern', 'maintenance_team_id': teams[0].id, 'stage_id': stages['closed'].id})
    first = shape.next_id(env, 'maintenance_request')
    shape.mapping(env, 'bench_floor_teams', teams.ids)
    shape.status_mapping(env, 'bench_floor_stages', stages)
    shape.fill(env, 'maintenance_request', {
        'id': f'{first} + s.n', 'name': 's.subject', 'maintenance_team_id': 't.id', 'stage_id': 'st.id',
        'user_id': 'a.id', 'owner_user_id': USER, 'priority': 's.priority',
        'description': "'<p>' || s.subject || '</p>'",
        'request_date': 's.at::date', 'close_date': "CASE WHEN NOT s.is_open THEN s.stage_at::date END",
        **TRACES,
    }, f'{PEOPLE} JOIN bench_floor_teams t ON t.no = s.team_no JOIN bench_floor_stages st ON st.status = s.status', row)
    load_thread(env, 'maintenance.request', first)


def load_tasks(env, agents):
    """Fill project.task, with a rule of base_automation on the deadline."""
    stages = {status: env['project.task.type'].create({
        'name': name, 'sequence': number, 'fold': status == 'closed', 'user_id': False,
    }) for number, (status, name, done) in enumerate(STAGES)}
    projects = env['project.project'].create([{
        'name': f'Project {number + 1}', 'privacy_visibility': 'portal', 'alias_name': f'task{number + 1}',
        'user_id': members(agents, number)[0].id,
        'type_ids': [Command.set([stage.id for stage in stages.values()])],
    } for number in range(shape.TEAMS)])
    tags = env['project.tags'].create([{'name': f'Tag {number}'} for number in range(shape.TAGS)])
    row = shape.pattern(env['project.task'], {
        'name': 'Pattern', 'project_id': projects[0].id, 'stage_id': stages['new'].id, 'user_ids': False})
    first = shape.next_id(env, 'project_task')
    shape.mapping(env, 'bench_task_teams', projects.ids)
    shape.status_mapping(env, 'bench_task_stages', stages)
    shape.mapping(env, 'bench_task_tags', tags.ids)
    shape.fill(env, 'project_task', {
        'id': f'{first} + s.n', 'name': 's.subject', 'project_id': 't.id', 'stage_id': 'st.id', 'partner_id': 'c.id',
        'email_from': 'c.email', 'partner_phone': 'c.phone', 'priority': 's.priority',
        'description': "'<p>' || s.subject || '</p>'",
        'state': "CASE WHEN s.is_open THEN '01_in_progress' ELSE '1_done' END", 'date_deadline': 's.deadline',
        'date_assign': 'CASE WHEN a.id IS NOT NULL THEN s.at END', 'date_last_stage_update': 's.stage_at',
        'date_end': 'CASE WHEN NOT s.is_open THEN s.stage_at END',
        **TRACES,
    }, f'{PEOPLE} JOIN bench_task_teams t ON t.no = s.team_no JOIN bench_task_stages st ON st.status = s.status', row)
    shape.fill(env, 'project_task_user_rel', {'task_id': f'{first} + s.n', 'user_id': 'a.id', 'stage_id': 'NULL'},
               'bench_shape s JOIN bench_agents a ON a.no = s.agent_no')
    shape.fill(env, 'project_tags_project_task_rel', {'project_task_id': f'{first} + s.n', 'project_tags_id': 't.id'},
               'bench_shape s JOIN bench_task_tags t ON t.no = s.tag_no')
    load_thread(env, 'project.task', first)
    add_time_rule(env)


def add_time_rule(env):
    """The "SLA" of tasks: do something when an open task's deadline has come."""
    model = env['ir.model']._get('project.task')
    env['base.automation'].create({
        'name': 'Deadline has come', 'model_id': model.id, 'trigger': 'on_time',
        'trg_date_id': env['ir.model.fields']._get('project.task', 'date_deadline').id,
        'trg_date_range': 0, 'trg_date_range_type': 'minutes', 'filter_domain': "[('is_closed', '=', False)]",
        'last_run': env.cr.now(),
        'action_server_ids': [Command.create({
            'name': 'Mark', 'model_id': model.id, 'state': 'object_write', 'update_path': 'color', 'value': '1'})],
    })


def members(agents, number):
    """The agents of the team with ``number`` (from 0)."""
    return agents[number * shape.AGENTS_PER_TEAM:(number + 1) * shape.AGENTS_PER_TEAM]
