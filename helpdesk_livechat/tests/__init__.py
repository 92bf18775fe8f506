from . import test_chatbot_script_step
from . import test_discuss_channel
from . import test_discuss_channel_relay
from . import test_discuss_channel_workers
from . import test_helpdesk_livechat_tours
from . import test_helpdesk_personal_data
from . import test_helpdesk_team
from . import test_im_livechat_channel
