from datetime import timedelta

from odoo import Command, api, models
from pytz import utc

from . import files, plan
from .cast import Person, Team
from .loader import Loader
from .macro_words import MACRO_REPLIES
from .records import EMAILS
from .schedule import DAYS

DEFAULT_NAMES = ('My Company', 'YourCompany', 'My Company (San Francisco)')
# login of the demo users, their xmlid being helpdesk_core.helpdesk_user_<login>
LOGINS = (
    'leader',
    'agent',
    'agent2',
    'agent3',
    'agent4',
    'agent5',
    'agent6',
    'agent7',
    'employee',
    'sales',
    'customer',
    'customer_manager',
)
LOGOS = {
    'kestwick': ('#C8451B', [(148, 40), (76, 142), (124, 142), (106, 216), (180, 112), (132, 112)]),
    'basewright': (
        '#1F6F78',
        [(56, 190), (56, 160), (104, 160), (104, 120), (152, 120), (152, 80), (200, 80), (200, 190)],
    ),
}


class HelpdeskDemo(models.AbstractModel):
    """Makes the demo tickets (their people and teams are plain data files beside this one).

    A plan (see plan.py) is told to helpdesk_core with the transaction's clock set to the moment of each act, so that
    facts and log come from the same code as in real life. No mail is made: messages are written as kept ones are.
    """

    _name = 'helpdesk.demo'
    _description = "Helpdesk: Demo Data"

    @api.model
    def _load(self):
        """Load everything, once; called by the demo file."""
        if self.env.ref('helpdesk_core.helpdesk_demo_ticket_1', raise_if_not_found=False):
            return
        self._finish_people()
        self._make_tickets(self.env.cr.now())

    @api.model
    def _translate_macros(self):
        """Say the macros' replies in the languages that are switched on."""
        installed = {code[:2]: code for code, _name in self.env['res.lang'].get_installed()}
        for name, languages in MACRO_REPLIES.items():
            macro = self._ref(name)
            translations = {installed[short]: ''.join(f'<p>{words}</p>' for words in paragraphs)
                            for short, paragraphs in languages.items() if short in installed}
            if translations:
                macro.update_field_translations('reply', translations)

    # ------------------------------------------------------------
    # people
    # ------------------------------------------------------------

    def _ref(self, name):
        return self.env.ref(f'helpdesk_core.{name}')

    def _finish_people(self):
        """Do for the people what their data files cannot say."""
        company = self.env.ref('base.main_company')
        if company.name in DEFAULT_NAMES:
            company.name = "Kestwick Tools"
        for key, (colour, shape) in LOGOS.items():
            self._ref(f'helpdesk_brand_{key}').logo = files.logo(colour, shape)
        group = self.env.ref('sales_team.group_sale_salesman', raise_if_not_found=False)
        if group:
            self._ref('helpdesk_user_sales').group_ids = [Command.link(group.id)]
        installed = {code[:2]: code for code, _name in self.env['res.lang'].get_installed()}
        langs = {'DE': 'de', 'AT': 'de', 'FR': 'fr', 'ES': 'es', 'NL': 'nl', 'IT': 'it', 'PT': 'pt', 'PL': 'pl'}
        for country, partners in self._contacts().grouped('country_id').items():
            code = installed.get(langs.get(country.code)) or installed.get('en')
            if code:
                partners.lang = code

    def _contacts(self):
        """Return the demo contacts, companies included."""
        rows = self.env['ir.model.data'].search_fetch(
            [('module', '=', 'helpdesk_core'), ('model', '=', 'res.partner'), ('name', '=like', 'helpdesk_partner_%')],
            ['res_id'],
            order='name',
        )
        return self.env['res.partner'].browse(rows.mapped('res_id'))

    # ------------------------------------------------------------
    # plan
    # ------------------------------------------------------------

    def _plan(self, now):
        """Return the plan's tickets as of ``now`` (naive UTC)."""
        users = {login: self._ref(f'helpdesk_user_{login}') for login in LOGINS}
        logins = {user.partner_id: login for login, user in users.items()}
        people = [
            Person(
                str(partner.id),
                partner.name,
                partner.email,
                partner.phone or '',
                partner.function or '',
                partner.parent_id.name,
                partner.parent_id.city,
                partner.country_id.code,
                partner.tz,
                logins.get(partner, ''),
            )
            for partner in self._contacts().filtered('parent_id')
        ]
        staff = {
            login: Person(str(user.partner_id.id), user.name, user.email, user.phone or '', login=login, weight=0)
            for login, user in users.items()
            if not user.share
        }
        logins = {user: login for login, user in users.items()}
        return plan.make(now, {key: self._plan_team(key, logins, now) for key in EMAILS}, people, staff)

    def _plan_team(self, key, logins, now):
        team = self._ref(f'helpdesk_team_{key}')
        calendar = team._get_calendar()
        intervals = calendar._work_intervals_batch(
            utc.localize(now - timedelta(days=DAYS + 60)),
            utc.localize(now + timedelta(days=60)),
            domain=[('time_type', '=', 'leave'), ('company_id', 'in', [False, team.company_id.id])],
        )[False]
        return Team(
            key,
            team.name,
            team.brand_id.name or team.company_id.name,
            EMAILS[key],
            logins[team.leader_id],
            {logins[member.user_id]: member.capacity for member in team.member_ids},
            {logins[user]: user.name for user in team.member_user_ids | team.leader_id},
            [
                (start.astimezone(utc).replace(tzinfo=None), end.astimezone(utc).replace(tzinfo=None))
                for start, end, _records in intervals
            ],
            calendar.tz,
            team.autoclose_days,
            team.deadline_remind_hours,
        )

    # ------------------------------------------------------------
    # tickets
    # ------------------------------------------------------------

    def _make_tickets(self, now):
        """Make the planned tickets and return them, in the order of the plan."""
        return Loader(self.env, now, self._plan(now)).load()
