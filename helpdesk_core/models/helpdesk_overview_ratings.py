from odoo import fields, models
from odoo.addons.rating.models.rating_data import RATING_LIMIT_MIN, RATING_LIMIT_SATISFIED

DAYS = 30


class HelpdeskOverview(models.AbstractModel):
    """What customers said in the last days: of me, and of each team. Two queries, however many teams there are."""
    _inherit = 'helpdesk.overview'

    def _my_strip(self, mine, moment):
        return [*super()._my_strip(mine, moment), self._my_satisfaction()]

    def _my_satisfaction(self):
        partner = self.env.user.partner_id
        given = self._ratings([('rated_partner_id', '=', partner.id)], ['rated_partner_id']).get(partner.id)
        return {
            'key': 'satisfaction', 'label': self.env._("My satisfaction, %s days", DAYS), 'icon': 'fa-smile-o',
            'tone': '', 'hint': self._satisfaction_hint(given), 'kind': 'percent',
            'value': given['percent'] if given else False,
            'domain': [('rating_ids', 'any', [*self._rating_domain(), ('rated_partner_id', '=', partner.id)])],
        }

    def _team_cards(self, teams, mine, moment):
        cards = super()._team_cards(teams, mine, moment)
        given = self._ratings([('parent_res_model', '=', teams._name), ('parent_res_id', 'in', teams.ids)],
                              ['parent_res_id'])
        for card in cards:
            rated = given.get(card['id'])
            card['satisfaction'] = rated and {**rated, 'hint': self._satisfaction_hint(rated)}
        return cards

    def _rating_domain(self):
        since = fields.Datetime.subtract(fields.Datetime.now(), days=DAYS)
        return [('res_model', '=', 'helpdesk.ticket'), ('consumed', '=', True), ('rating', '>=', RATING_LIMIT_MIN),
                ('write_date', '>=', fields.Datetime.to_string(since))]

    def _ratings(self, domain, groupby):
        """Return {value of ``groupby`` (one name): {'count', 'good' (numbers), 'percent' (0 to 100)}} of the ratings
        of the last days that the user may read."""
        found = {}
        rows = self.env['rating.rating']._read_group(
            [*self._rating_domain(), *domain], [*groupby, 'rating'], ['__count'])
        for of, rating, count in rows:
            one = found.setdefault(getattr(of, 'id', of), {'count': 0, 'good': 0})
            one['count'] += count
            one['good'] += count if rating >= RATING_LIMIT_SATISFIED else 0
        for one in found.values():
            one['percent'] = round(100 * one['good'] / one['count'])
        return found

    def _satisfaction_hint(self, given):
        if not given:
            return self.env._("Nobody rated in the last %s days.", DAYS)
        return self.env._("%(good)s of %(count)s ratings in the last %(days)s days were good.",
                          good=given['good'], count=given['count'], days=DAYS)
