from . import controllers, models, report, wizard


def give_back_menu(env):
    """Uninstall: Reporting → Tickets shows core's own analysis again."""
    env.ref('helpdesk_core.helpdesk_ticket_menu_report').action = env.ref(
        'helpdesk_core.helpdesk_ticket_action_report')
