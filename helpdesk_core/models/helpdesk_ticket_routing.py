from types import SimpleNamespace

from markupsafe import Markup
from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.mail import html_to_inner_content

from ..tools import routing
from ..tools.ours import OURS
from ..tools.routing import SETS

# Typed in by somebody of the helpdesk: what they filled in stays.
TYPED_CHANNELS = ('agent', 'phone')
DEFAULT_PRIORITY = '1'
MAX_HTML = 200_000  # characters of a description that are read
UNROUTED = ('install_mode', 'import_file')
RELATION = 'helpdesk_ticket_routing_rule_rel'


class HelpdeskTicketRoutingMixin(models.AbstractModel):
    """Routing rules fill in a ticket before it is made, and the log says which did and which did not, and why (N11).

    What only a module knows about a request (the addresses a mail was sent to, its words and files) comes in the
    context key ``helpdesk_routing`` of whoever creates it in sudo: a dict of ``addresses``, ``body`` (text, or a
    function that returns it) and ``files`` ([(name, media type)] or a function).
    """
    _name = 'helpdesk.ticket.routing.mixin'
    _description = "Ticket: Routing"

    routing_rule_ids = fields.Many2many(
        'helpdesk.routing.rule', RELATION, 'ticket_id', 'rule_id', string="Routing Rules", readonly=True, copy=False,
        groups='helpdesk_core.group_helpdesk_user', help="The rules that filled in the ticket when it came.")
    routing_story = fields.Html(
        string="Routing", compute='_compute_routing_story', sanitize=False, export_string_translation=False,
        groups='helpdesk_core.group_helpdesk_user')

    def _compute_routing_story(self):
        events = self.env['helpdesk.ticket.event'].search_fetch(
            [('ticket_id', 'in', self.ids), ('kind', '=', 'routed')], ['ticket_id', 'detail'], order='id desc')
        details = {event.ticket_id.id: event.detail for event in events}
        story = self.env['helpdesk.routing.story']
        for ticket in self:
            ticket.routing_story = story._html(details.get(ticket._origin.id))

    # ------------------------------------------------------------
    # on creation
    # ------------------------------------------------------------

    @api.model
    def _route(self, vals_list):
        """Let the rules fill in tickets about to be created; ``vals_list`` is changed.

        :return: for each ticket what the log keeps of it, None where no rule looked at it
        """
        context = self.env.context
        unrouted = any(map(context.get, UNROUTED)) or context.get('helpdesk_no_routing') is OURS
        rules = [] if unrouted else self.env['helpdesk.routing.rule']._rules()
        if not rules:
            return [None] * len(vals_list)
        # what was handed over with a request counts from the system only
        extra = (self.env.su and self.env.context.get('helpdesk_routing')) or {}
        partners = self._routing_partners([self._given(vals, 'partner_id') for vals in vals_list])
        return [self._route_one(rules, vals, partners, extra) for vals in vals_list]

    def _route_one(self, rules, vals, partners, extra):
        channel = self._given(vals, 'channel') or 'agent'
        kept = self._kept_fields(vals) if channel in TYPED_CHANNELS else ()
        if not self._given(vals, 'team_id'):
            vals['team_id'] = self._default_team_id().id
        came = {name: value for name in SETS if name != routing.TAGS and (value := self._given(vals, name))}
        # sudo: the rules decide for people who see neither the team nor the contact's tags
        team = self.env['helpdesk.team'].sudo().browse(came.get('team_id') or ())
        facts = self._routing_facts(vals, came, partners, rules, extra)
        values, looks = routing.route(rules, facts, self._routing_asker(vals, came), kept)
        if not looks:
            return None
        left = self._leave_out(values, vals, team)
        self._fill_in(vals, values, looks)
        return self.env['helpdesk.routing.story']._detail(looks, left, came)

    def _given(self, vals, name):
        """Return what a ticket about to be created gets in ``name`` without the rules, as far as its maker says."""
        return vals[name] if name in vals else self.env.context.get(f'default_{name}')

    def _kept_fields(self, vals):
        """Return the fields that the person who makes the ticket filled in; the priority all have is no choice."""
        given = {name: self._given(vals, name) for name in SETS if name != routing.TAGS}
        return tuple(name for name, value in given.items()
                     if value and not (name == 'priority' and value == DEFAULT_PRIORITY))

    def _fill_in(self, vals, values, looks):
        """Put what the rules set into the values of a ticket about to be created."""
        tags = values.pop(routing.TAGS, None)
        vals.update(values)
        if tags:
            given = self._given(vals, routing.TAGS) or []
            vals[routing.TAGS] = [
                *(Command.link(one) if isinstance(one, int) else one for one in given), *map(Command.link, tags)]
        if 'user_id' in values:
            rule = next(look.rule for look in reversed(looks) if 'user_id' in look.sets)
            vals['assignment_reason'] = self.env._("routing rule “%s”", rule.name)
        stage_id = self._given(vals, 'stage_id')
        if 'team_id' in values and stage_id:
            # sudo: as above
            team = self.env['helpdesk.team'].sudo().browse(values['team_id'])
            if stage_id not in team.stage_ids.ids:
                vals['stage_id'] = (team._stage_for('new') or team.stage_ids[:1]).id

    # ------------------------------------------------------------
    # facts
    # ------------------------------------------------------------

    @api.model
    def _routing_partners(self, partner_ids):
        """Return {id: contact}, read together."""
        # sudo: a rule looks at the contact's tags and language, whoever makes the ticket
        partners = self.env['res.partner'].sudo().browse({one for one in partner_ids if one})
        return {partner.id: partner for partner in partners}

    @api.model
    def _routing_facts(self, vals, came, partners, rules, extra):
        """Return the ``tools.routing.Facts`` of a request, as far as ``rules`` ask about them.

        :param dict vals: values of the ticket
        :param dict came: those that rules may set, as they came
        :param dict partners: {id: contact in sudo}
        :param dict extra: see the class
        """
        asked = routing.needs(rules)
        partner = partners.get(self._given(vals, 'partner_id'))
        # sudo: as above
        team = self.env['helpdesk.team'].sudo().browse(came.get('team_id') or ())
        facts = routing.Facts(
            channel=self._given(vals, 'channel') or 'agent', company=team.company_id.id or 0, team=team.id or 0,
            addresses=tuple(extra.get('addresses') or ()), subject=vals.get('name') or '')
        if partner:
            facts.sender = partner.email_normalized or partner.email or ''
            facts.lang = partner.lang or ''
        else:
            facts.sender = (self._given(vals, 'partner_email') or '').strip()
        if partner and 'partner_tags' in asked:
            facts.partner_tags = frozenset((partner.category_id | partner.commercial_partner_id.category_id).ids)
        if 'body' in asked:
            described = Markup((self._given(vals, 'description') or '')[:MAX_HTML])
            texts = [html_to_inner_content(described), _value(extra.get('body')) or '']
            facts.body = '\n'.join(filter(None, texts))
        if 'files' in asked:
            facts.files = tuple(_value(extra.get('files')) or ())
        return facts

    @api.model
    def _routing_asker(self, vals, came):
        """Return a function that asks a rule's free condition of the ticket that ``vals`` and ``came`` would make."""
        # sudo: what the condition reads decides, and is shown to nobody
        model = self.env['helpdesk.ticket'].sudo()
        names = ('channel', 'partner_id', 'partner_email', 'partner_name')
        given = {name: self._given(vals, name) for name in names}
        base = {'channel': 'agent', 'priority': DEFAULT_PRIORITY, **vals, **came,
                **{name: value for name, value in given.items() if value}}
        base = {name: value for name, value in base.items() if name in self._fields and name != 'ticket_properties'}

        def fulfils(rule, values):
            ticket = model.new({**base, **values})
            try:
                domain = self.env['helpdesk.routing.rule'].browse(rule.id)._domain_of(rule.domain)
                return bool(ticket.filtered_domain(domain))
            except (ValueError, TypeError, KeyError, AttributeError, NotImplementedError):
                return False  # a field is gone since it was checked: the rule does not fire, the request comes in
        return fulfils

    # ------------------------------------------------------------
    # what may be set
    # ------------------------------------------------------------

    def _leave_out(self, values, vals, came):
        """Take out of ``values`` what does not fit the ticket: nothing a rule says may lose a request.

        :param helpdesk.team came: the team it comes to (sudo)
        :return: {field: key of the reason}
        """
        found, left = self._rule_records(values), {}
        if routing.TAGS in values:
            values[routing.TAGS] = found[routing.TAGS].filtered('active').ids
        team, kind = came, self.env['helpdesk.type'].browse(self._given(vals, 'type_id') or ())
        for name, refusal in (('team_id', self._team_refused), ('type_id', self._type_refused),
                              ('category_id', self._category_refused), ('user_id', self._user_refused)):
            if name not in values:
                continue
            record = found[name]
            why = refusal(record, vals, team, kind) if record.active else 'gone'
            if why:
                left[name] = why
                del values[name]
            elif name == 'team_id':
                team = record
            elif name == 'type_id':
                kind = record
        return left

    def _rule_records(self, values):
        """Return {field: records} of what rules set, as far as they are still there."""
        # sudo: a rule's values are looked at for whoever makes the ticket
        env = self.sudo().env
        return {name: env[self._fields[name].comodel_name].browse(value).exists()
                for name, value in values.items() if self._fields[name].relational}

    def _team_refused(self, team, vals, came, _kind):
        """Say why the ticket does not go to ``team``: another company's, or out of the sight of who makes it."""
        if team.company_id != came.company_id:
            return 'company'
        user = self.env.user
        seen = (self._is_requested(vals) or team.id in user._helpdesk_team_ids()
                or user.has_group('helpdesk_core.group_helpdesk_manager'))
        return '' if seen else 'unseen'

    def _type_refused(self, kind, vals, _team, _kind):
        seen = self._is_requested(vals) or kind.id not in self.env.user._helpdesk_hidden_type_ids()
        return '' if seen else 'unseen'

    def _category_refused(self, category, _vals, team, _kind):
        return 'category' if category.team_ids and team not in category.team_ids else ''

    def _user_refused(self, user, _vals, team, kind):
        ticket = SimpleNamespace(team_id=team, company_id=team.company_id, type_id=kind)
        return '' if user._helpdesk_works_on(ticket) else 'assignee'

    def _is_requested(self, vals):
        """Tell whether whoever makes the ticket sees it wherever it goes: the system, or who asks for themselves."""
        return self.env.su or self._given(vals, 'partner_id') == self.env.user.partner_id.id

    # ------------------------------------------------------------
    # the log
    # ------------------------------------------------------------

    def _routing_rows(self, details):
        """Keep which rules fired on these tickets, just made; return rows for the log."""
        rows, fired = [], []
        for ticket, detail in zip(self, details, strict=True):
            if not detail:
                continue
            rows.append({'ticket_id': ticket.id, 'kind': 'routed', 'detail': detail,
                         'new': ', '.join(one['name'] for one in detail['fired']) or False})
            fired += [(ticket.id, rule_id) for rule_id in dict.fromkeys(one['id'] for one in detail['fired'])]
        if fired:
            self.env.cr.execute(SQL(
                "INSERT INTO %s (ticket_id, rule_id) VALUES %s ON CONFLICT DO NOTHING", SQL.identifier(RELATION),
                SQL(', ').join(SQL("(%s, %s)", *pair) for pair in fired)))
            self.invalidate_recordset(['routing_rule_ids'])
        return rows


def _value(given):
    """Return ``given``, or what it returns."""
    return given() if callable(given) else given
