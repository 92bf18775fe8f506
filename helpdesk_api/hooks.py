from odoo.tools import SQL


def uninstall_hook(env):
    """Take away what ORM knows nothing of: the column of turns and the function that it is filled with."""
    env.cr.execute(SQL("ALTER TABLE helpdesk_ticket_event DROP COLUMN IF EXISTS api_turn"))
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS helpdesk_api_turn_base()"))
