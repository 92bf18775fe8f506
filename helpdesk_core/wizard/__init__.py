from . import helpdesk_ticket_erase
from . import helpdesk_ticket_freeze
from . import helpdesk_ticket_merge_dialog
from . import helpdesk_ticket_move
