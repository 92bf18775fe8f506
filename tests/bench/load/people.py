"""Agents and customers, the same in every database."""
from odoo.fields import Command

from . import shape

GROUPS = {
    'peers': ['base.group_user', 'project.group_project_user', 'maintenance.group_equipment_manager'],
    'ours': ['base.group_user', 'helpdesk_core.group_helpdesk_user'],
}
DOMAIN = 'bench.example.com'


def create_agents(env, side):
    """Create the agents (users with record rules) and an alias domain; return the users in their order."""
    domain = env['mail.alias.domain'].create({'name': DOMAIN})
    env['res.company'].search([]).alias_domain_id = domain
    groups = [Command.link(env.ref(name).id) for name in GROUPS[side]]
    agents = env['res.users'].with_context(no_reset_password=True).create([{
        'name': f'Agent {number}', 'login': f'bench_agent_{number}', 'email': f'agent{number}@{DOMAIN}',
        'group_ids': groups, 'notification_type': 'email',
    } for number in range(1, shape.AGENTS + 1)])
    env.flush_all()
    shape.mapping(env, 'bench_agents', agents.ids)
    return agents


def create_customers(env):
    """Create companies and their people, and the temporary table ``bench_customers`` of the people."""
    row = shape.pattern(env['res.partner'], {'name': 'Pattern', 'email': 'x@example.org', 'phone': '+32 470 00 00 00'})
    first = shape.next_id(env, 'res_partner')
    total = shape.COMPANIES + shape.PEOPLE
    is_company = f"n <= {shape.COMPANIES}"
    company = f"({first} + CASE WHEN {is_company} THEN n ELSE 1 + n % {shape.COMPANIES} END)"
    company_name = f"'Company ' || (CASE WHEN {is_company} THEN n ELSE 1 + n % {shape.COMPANIES} END)"
    mailbox = f"(CASE WHEN {is_company} THEN 'office' ELSE 'person' || n END)"
    email = f"{mailbox} || '@company' || (1 + n % {shape.COMPANIES}) || '.example.org'"
    shape.fill(env, 'res_partner', {
        'id': f'{first} + n',
        'name': f"CASE WHEN {is_company} THEN {company_name} ELSE 'Person ' || n END",
        'complete_name': f"CASE WHEN {is_company} THEN {company_name} ELSE {company_name} || ', Person ' || n END",
        'is_company': is_company,
        'parent_id': f"CASE WHEN {is_company} THEN NULL ELSE {company} END",
        'commercial_partner_id': company,
        'commercial_company_name': company_name,
        'email': email, 'email_normalized': email, 'phone': "'+32 470 00 ' || n",
    }, f'generate_series(1, {total}) n', row)
    env.cr.execute(f"""
        CREATE TEMP TABLE bench_customers AS
        SELECT p.id - {first} AS no, p.id, p.name, p.email_normalized AS email, p.phone,
               c.id AS company_id, c.name AS company
          FROM res_partner p JOIN res_partner c ON c.id = p.commercial_partner_id
         WHERE p.id > {first} AND p.parent_id IS NOT NULL""")
    env.cr.execute("ANALYZE bench_customers")


def load_thread(env, model, first):
    """Give each record of ``model`` (ids from ``first`` + 1 on) its followers and the customer's first mail,
    and open ones an agent's answer."""
    follower = shape.next_id(env, 'mail_followers')
    comment = env.ref('mail.mt_comment').id
    defaults = env['mail.message.subtype'].default_subtypes(model)[0].ids
    people = """bench_shape s JOIN bench_customers c ON c.no = s.customer_no
                LEFT JOIN bench_agents a ON a.no = s.agent_no LEFT JOIN res_users u ON u.id = a.id"""
    for offset, partner, subtypes, where in (
            (0, 'c.id', [comment], ''), (1, 'u.partner_id', defaults, 'WHERE u.id IS NOT NULL')):
        shape.fill(env, 'mail_followers', {
            'id': f'{follower} + 2 * s.n + {offset}', 'res_model': f"'{model}'", 'res_id': f'{first} + s.n',
            'partner_id': partner,
        }, f'{people} {where}')
        shape.fill(env, 'mail_followers_mail_message_subtype_rel', {
            'mail_followers_id': 'f.id', 'mail_message_subtype_id': 'subtype',
        }, f"mail_followers f CROSS JOIN unnest(ARRAY{subtypes}) subtype"
           f" WHERE f.res_model = '{model}' AND f.id >= {follower} AND (f.id - {follower}) % 2 = {offset}")
    message = shape.next_id(env, 'mail_message')
    common = {'model': f"'{model}'", 'res_id': f'{first} + s.n', 'subtype_id': str(comment), 'is_internal': 'false',
              'reply_to_force_new': 'false', 'email_add_signature': 'true', 'subject': 's.subject'}
    shape.fill(env, 'mail_message', {
        **common, 'id': f'{message} + 2 * s.n', 'message_type': "'email'", 'author_id': 'c.id', 'date': 's.at',
        'create_date': 's.at', 'write_date': 's.at', 'create_uid': '1', 'write_uid': '1',
        'email_from': "format('\"%s\" <%s>', c.name, c.email)",
        'message_id': f"format('<mail-%s-{model}@example.org>', s.n)",
        'body': "format('<p>Hello,</p><p>since this morning %s. What can we do?</p><p>%s</p>', s.subject, "
                "repeat('It matters. ', 20))",
    }, people)
    shape.fill(env, 'mail_message', {
        **common, 'id': f'{message} + 2 * s.n + 1', 'message_type': "'comment'", 'author_id': 'u.partner_id',
        'date': 's.answered_at', 'create_date': 's.answered_at', 'write_date': 's.answered_at',
        'create_uid': 'u.id', 'write_uid': 'u.id',
        'email_from': f"format('\"Agent %s\" <agent%s@{DOMAIN}>', a.no, a.no)",
        'message_id': f"format('<answer-%s-{model}@{DOMAIN}>', s.n)",
        'body': "'<p>Hello,</p><p>please try again, and tell us what you see.</p>'",
    }, f'{people} WHERE s.is_open AND u.id IS NOT NULL')
    return message
