# A small desk, made in Odoo's shell (``env``, ``KEYS``): two teams with addresses, their people, a customer.
from odoo.addons.base.models.res_users import INDEX_SIZE, KEY_CRYPT_CONTEXT

company = env.ref('base.main_company')
company.write({'name': 'Desk Ltd', 'email': 'office@house.test'})
domain = env['mail.alias.domain'].search([], limit=1) or env['mail.alias.domain'].create({'name': 'desk.test'})
domain.write({'name': 'desk.test'})
company.alias_domain_id = domain
env['ir.config_parameter'].set_param('web.base.url', 'http://desk.test')
env['ir.config_parameter'].set_param('web.base.url.freeze', 'True')

agents = env.ref('helpdesk_core.group_helpdesk_user')
users = env['res.users'].with_context(no_reset_password=True)
admin = env.ref('base.user_admin')
admin.write({'email': 'admin@house.test'})
agent = users.create({'name': 'Anna Agent', 'login': 'agent', 'email': 'anna@house.test',
                      'group_ids': [(4, agents.id)], 'notification_type': 'email'})
leader = users.create({'name': 'Leo Leader', 'login': 'leader', 'email': 'leo@house.test',
                       'group_ids': [(4, agents.id)], 'notification_type': 'email'})
for user, key in ((admin, KEYS['admin']), (agent, KEYS['agent']), (leader, KEYS['leader'])):
    env.cr.execute('INSERT INTO res_users_apikeys (name, user_id, scope, key, index) VALUES (%s, %s, NULL, %s, %s)',
                   ['e2e', user.id, KEY_CRYPT_CONTEXT.hash(key), key[:INDEX_SIZE]])

support = env.ref('helpdesk_core.helpdesk_team_support')
support.write({'alias_name': 'support', 'leader_id': leader.id, 'notify_new': 'leader',
               'member_ids': [(0, 0, {'user_id': agent.id}), (0, 0, {'user_id': leader.id})]})
env['helpdesk.team'].create({'name': 'Billing', 'alias_name': 'billing', 'notify_new': 'none'})

customer = env['res.partner'].create({'name': 'Customer Ltd', 'is_company': True, 'email': 'info@customer.test'})
env['res.partner'].create({'name': 'Carla Customer', 'parent_id': customer.id, 'email': 'carla@customer.test'})

# nothing of Odoo's own housekeeping in the middle of a measurement
env['ir.cron'].search([('interval_type', 'in', ('days', 'weeks', 'months'))]).nextcall = '2099-01-01 00:00:00'
env['ir.cron.trigger'].search([]).unlink()
env.cr.commit()
print('seed: done')
