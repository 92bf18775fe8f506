import { livechatRoutingMap } from "@im_livechat/embed/cors/livechat_routing_map";

livechatRoutingMap.add("/helpdesk/livechat/message", "/helpdesk/livechat/message");
