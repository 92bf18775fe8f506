from . import demo
from . import models
from . import wizard


def post_init_hook(env):
    """Give older teams their standard mails, and the first one the address ``support`` if it is free."""
    acknowledgement, solved = env['helpdesk.team']._mail_templates()
    for team in env['helpdesk.team'].with_context(active_test=False).search([('acknowledge_template_id', '=', False)]):
        team.write({'acknowledge_template_id': acknowledgement.id, 'solved_template_id': solved.id})
    team = env.ref('helpdesk_core.helpdesk_team_support', raise_if_not_found=False)
    if not team or team.alias_name:
        return
    domain = team.company_id.alias_domain_id
    taken = env['mail.alias'].search_count(
        [('alias_name', '=', 'support'), ('alias_domain_id', '=', domain.id)], limit=1)
    if not taken:
        team.alias_name = 'support'
