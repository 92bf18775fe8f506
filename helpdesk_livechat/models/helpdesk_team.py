from odoo import fields, models
from odoo.tools import SQL

ONGOING = "15 minutes"  # as live chat itself counts: a chat in which nobody has said anything for longer is no work


class HelpdeskTeam(models.Model):
    """Whoever is chatting has their hands full: open chats count in assignment (S1-20)."""
    _inherit = 'helpdesk.team'

    chat_weight = fields.Float(
        string="A Live Chat Counts As", default=1.0,
        help="How many open tickets an ongoing live chat counts for when new tickets are assigned. Zero: chats do not "
             "count.")

    _chat_weight_positive = models.Constraint('CHECK (chat_weight >= 0)', "The weight of a chat cannot be negative.")

    def _assignment_loads(self, user_ids):
        loads = super()._assignment_loads(user_ids)
        if self.chat_weight:
            for user_id, count in self._open_chats(user_ids).items():
                loads[user_id] = loads.get(user_id, 0) + count * self.chat_weight
        return loads

    def _assignment_why(self, decision):
        why = super()._assignment_why(decision)
        if decision.why == 'load' and self.chat_weight and self._open_chats([decision.member.user]):
            why = self.env._("%s, live chats counted", why)
        return why

    def _open_chats(self, user_ids):
        """Return {user id: number of ongoing chats that they are an operator of}, of those who have any."""
        for name in ('discuss.channel', 'im_livechat.channel.member.history'):
            self.env[name].flush_model()
        return dict(self.env.execute_query(SQL("""
            SELECT u.id, COUNT(DISTINCT c.id)
              FROM res_users u
              JOIN im_livechat_channel_member_history h ON h.partner_id = u.partner_id
               AND h.livechat_member_type = 'agent' AND h.member_id IS NOT NULL
              JOIN discuss_channel c ON c.id = h.channel_id AND c.livechat_end_dt IS NULL
               AND c.last_interest_dt >= %s - interval %s
             WHERE u.id = ANY(%s)
          GROUP BY u.id""", self.env.cr.now(), ONGOING, list(user_ids))))
