from markupsafe import Markup
from odoo import api, models

PROBLEM = {
    'name': "VPN drops the connection every few minutes",
    'impact': '3', 'urgency': '2',
    'workaround': "<p>Switch the VPN client to <b>TCP</b> (Settings → Connection → Protocol). It is a little slower, "
                  "and it holds.</p>",
    'root_cause': "<p>Since the update of the gateway on Monday its UDP timeout is 60 seconds. Supplier case 4711.</p>",
    'workaround_public': True,
}
LIKE_IT = "VPN drops the connection every minute since this morning"  # not linked yet: the problem is offered
INCIDENTS = (
    ("VPN drops my connection all the time", '1', '3',
     "Every two or three minutes I am thrown out and have to sign in again. I cannot finish an order like this."),
    ("Home office: connection lost every few minutes", '1', '2',
     "At home it goes for a while, then the files are gone until I connect anew. The office is fine."),
    ("VPN drops during calls, whole accounting is hit", '2', '3',
     "All five of us lose the line in the middle of calls since Monday. Month-end closing is this week!"),
    (LIKE_IT, '1', '3', "Since eight o'clock it drops about once a minute, by cable as well as by Wi-Fi."),
)
TEXT = (
    '<p>Hello <t t-out="object.partner_name">customer</t>,</p><p>we found out why the VPN drops: the update of the '
    'gateway changed a limit. The supplier works on it. Until then choose TCP in the client.</p>')


class HelpdeskProblemDemo(models.AbstractModel):
    """A problem of the IT team with its incidents, a known error, and an update that waits to be finished."""
    _name = 'helpdesk.problem.demo'
    _description = "Problems: Demo Data"

    @api.model
    def _load(self):
        """Load everything; called by the demo file."""
        team = self.env.ref('helpdesk_core.helpdesk_team_it')
        agent = team.member_user_ids.sorted('id')[:1] or team.leader_id
        tickets = self.env['helpdesk.ticket'].with_context(mail_notify_force_send=False)
        people = self.env['res.users'].search(
            [('share', '=', False), ('login', '!=', 'admin'), ('company_ids', 'in', team.company_id.ids),
             ('partner_id.email', '!=', False), ('id', 'not in', team.member_user_ids.ids)], limit=4, order='id')
        problem = tickets.create({
            **PROBLEM, 'team_id': team.id, 'type_id': self.env.ref('helpdesk_core.helpdesk_type_problem').id,
            'user_id': agent.id, 'channel': 'agent'})
        for (name, impact, urgency, text), person in zip(INCIDENTS, people, strict=False):
            incident = tickets.create({
                'name': name, 'team_id': team.id, 'partner_id': person.partner_id.id, 'channel': 'portal',
                'description': Markup('<p>%s</p>') % text})
            # afterwards: routing rules of the demo say what requests of colleagues are
            incident.write({'type_id': self.env.ref('helpdesk_core.helpdesk_type_incident').id, 'impact': impact,
                            'urgency': urgency, 'user_id': agent.id,
                            'problem_id': False if name == LIKE_IT else problem.id})
        problem.stage_id = self.env.ref('helpdesk_itsm.helpdesk_stage_known_error')
        problem.with_user(agent).action_known_error()
        update = self.env['helpdesk.problem.update'].with_user(agent).create({'problem_id': problem.id})
        update.text_ids.write({'body': False})
        update.text_ids[:1].body = TEXT
