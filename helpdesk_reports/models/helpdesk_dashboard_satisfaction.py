from odoo import fields, models
from odoo.addons.rating.models.rating_data import RATING_LIMIT_MIN, RATING_LIMIT_OK, RATING_LIMIT_SATISFIED
from odoo.fields import Domain
from odoo.tools import SQL

from .helpdesk_dashboard import percent

COMMENTS = 6
GOOD, BAD = Domain('rating', '>=', RATING_LIMIT_SATISFIED), Domain('rating', '<', RATING_LIMIT_OK)


class HelpdeskDashboard(models.AbstractModel):
    """Satisfaction: what customers said (S1-30). A rating counts for the team that had the ticket when it was given."""
    _inherit = 'helpdesk.dashboard'

    def _section_satisfaction(self, frame):
        """Return ``figures``, ``trend`` (``unit``, ``steps``, ``values``: percent or None) and ``comments``, the last
        ones: dicts of ``ticket_id``, ``subject``, ``customer``, ``text``, ``tone`` and ``at``."""
        domain, unit = self._rating_scope(frame), frame.stretch.unit(coarse=True)
        whole, by_step = self._by_when_and_step(
            frame, unit, 'rating.rating', domain, 'rated_on', lambda sql: [
                SQL("COUNT(*)"), *(SQL("COUNT(*) FILTER (WHERE %s)", sql(which)) for which in (GOOD, BAD))])
        rated, good, bad = whole.get(True, (0, 0, 0))
        rated_before, good_before, bad_before = whole.get(False, (0, 0, 0))
        steps = self._steps(frame, unit)
        shares = {key: percent(good_ones, all_) for key, (all_, good_ones, _bad) in by_step.items()}
        domain &= frame.within('rated_on')
        return {
            'figures': [
                self._figure('good', self.env._("Good ratings"), self.env._(
                    "Of %(count)s ratings given in this period, how many were good.", count=rated),
                    percent(good, rated), 'rating.rating', domain, kind='percent', good='up',
                    before=percent(good_before, rated_before)),
                self._figure('rated', self.env._("Ratings"), self.env._("Ratings given in this period."), rated,
                             'rating.rating', domain, before=rated_before),
                self._figure('bad', self.env._("Bad ratings"), self.env._("Bad ratings given in this period."), bad,
                             'rating.rating', domain & BAD, good='down',
                             before=bad_before, tone='danger' if bad else ''),
            ],
            'trend': {'unit': unit, 'steps': steps, 'values': [shares.get(step['key']) for step in steps]},
            'comments': self._comments(domain),
        }

    def _rating_scope(self, frame):
        """Return the domain of the ratings that count, whenever they were given."""
        domain = Domain([
            ('res_model', '=', 'helpdesk.ticket'), ('consumed', '=', True), ('rating', '>=', RATING_LIMIT_MIN),
            ('parent_res_model', '=', 'helpdesk.team'), ('parent_res_id', 'in', frame.teams.ids)])
        if frame.partner_id:
            domain &= Domain('partner_id', 'child_of', frame.partner_id)
        if frame.brand_id:
            domain &= Domain('helpdesk_brand_id', '=', frame.brand_id)
        return domain

    def _comments(self, domain):
        ratings = self.env['rating.rating'].search_fetch(
            domain & Domain('feedback', 'not in', (False, '')),
            ['res_id', 'res_name', 'partner_id', 'feedback', 'rating', 'rated_on'],
            order='rated_on desc, id desc', limit=COMMENTS)
        names = self._names('res.partner', ratings.partner_id.ids)
        return [{
            'id': rating.id, 'ticket_id': rating.res_id, 'subject': rating.res_name,
            'customer': names.get(rating.partner_id.id, ''), 'text': rating.feedback[:500],
            'tone': 'good' if rating.rating >= RATING_LIMIT_SATISFIED else
                    'danger' if rating.rating < RATING_LIMIT_OK else 'warning',
            'at': fields.Datetime.to_string(rating.rated_on),
        } for rating in ratings]
