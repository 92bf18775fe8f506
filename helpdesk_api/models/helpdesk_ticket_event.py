from odoo import api, models
from odoo.tools import SQL

# Ids are given out in one order and become visible in another: whoever reads "everything after id 10" misses 9, which
# is committed later. So each event also keeps its turn, the number of its transaction. A reader who stops before the
# oldest transaction that is still at work in this database and goes on by (turn, id) misses nothing: whatever is
# committed later has a turn that comes later. The database fills the column by itself; events from before have 0.
_TURN = """
DO $$ BEGIN
    IF to_regprocedure('helpdesk_api_turn_base()') IS NULL THEN
        CREATE FUNCTION helpdesk_api_turn_base() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 0::bigint';
    END IF;
END $$;
ALTER TABLE helpdesk_ticket_event ADD COLUMN IF NOT EXISTS api_turn bigint DEFAULT 0;
ALTER TABLE helpdesk_ticket_event ALTER COLUMN api_turn
    SET DEFAULT helpdesk_api_turn_base() + pg_current_xact_id()::text::bigint;
CREATE INDEX IF NOT EXISTS helpdesk_ticket_event_api_turn_idx ON helpdesk_ticket_event (api_turn, id);
"""
# A database that was restored on another server begins to count anew: its base is raised above all turns it has.
_REBASE = """
DO $$ DECLARE
    newest bigint := (SELECT max(api_turn) FROM helpdesk_ticket_event);
BEGIN
    IF newest >= helpdesk_api_turn_base() + pg_snapshot_xmax(pg_current_snapshot())::text::bigint THEN
        EXECUTE format('CREATE OR REPLACE FUNCTION helpdesk_api_turn_base() RETURNS bigint LANGUAGE sql STABLE'
                       ' AS ''SELECT %s::bigint''', newest);
    END IF;
END $$
"""


# Transactions of other databases of the server, which may take hours, hold nobody up: those of the snapshot that are
# seen at work elsewhere do not count. One that has ended since the snapshot was taken counts: it may have been ours.
_SETTLED = """
SELECT helpdesk_api_turn_base() + CASE WHEN pg_is_in_recovery() THEN pg_snapshot_xmin(now_)::text::bigint ELSE coalesce(
    (SELECT min(running::text::bigint) FROM pg_snapshot_xip(now_) running
      WHERE NOT EXISTS (SELECT FROM pg_stat_activity other WHERE other.datname <> current_database()
                           AND other.backend_xid::text::bigint = running::text::bigint % 4294967296)),
    pg_snapshot_xmax(now_)::text::bigint) END
  FROM pg_current_snapshot() now_
"""


class HelpdeskTicketEvent(models.Model):
    """The log in the order in which it became visible, for readers who come again and again."""
    _inherit = 'helpdesk.ticket.event'

    def init(self):
        result = super().init()
        self.env.cr.execute(SQL(_TURN))
        return result

    def _register_hook(self):
        super()._register_hook()
        self.env.cr.execute(SQL(_REBASE.replace('%', '%%')))

    @api.model
    def _settled_turn(self):
        """Return the turn before which nothing can come any more."""
        [[turn]] = self.env.execute_query(SQL(_SETTLED.replace('%', '%%')))
        return turn

    @api.model
    def _next_settled(self, after, limit):
        """Return (turn, id) of at most ``limit`` events that come after the position ``after``, in order; whoever's
        they are: what the reader may see of them is for the caller to find out."""
        return self.env.execute_query(SQL(
            "SELECT api_turn, id FROM helpdesk_ticket_event WHERE (api_turn, id) > (%s, %s) AND api_turn < %s"
            " ORDER BY api_turn, id LIMIT %s", *after, self._settled_turn(), limit))

    @api.model
    def _last_settled(self):
        """Return the position of the newest settled event; (0, 0) when there is none."""
        rows = self.env.execute_query(SQL(
            "SELECT api_turn, id FROM helpdesk_ticket_event WHERE api_turn < %s"
            " ORDER BY api_turn DESC, id DESC LIMIT 1", self._settled_turn()))
        return rows[0] if rows else (0, 0)
