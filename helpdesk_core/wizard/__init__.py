from . import helpdesk_routing_try
from . import helpdesk_macro_run
from . import helpdesk_macro_translation
from . import helpdesk_ticket_checklist
from . import helpdesk_ticket_erase
from . import helpdesk_ticket_freeze
from . import helpdesk_ticket_merge_dialog
from . import helpdesk_ticket_move
