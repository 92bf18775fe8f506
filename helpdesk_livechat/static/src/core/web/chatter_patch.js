import { Chatter } from "@mail/chatter/web_portal/chatter";
import { patch } from "@web/core/utils/patch";

patch(Chatter.prototype, {
    /** A visitor whose chat is open is reached there, without a mail address. */
    get reachesNobody() {
        return super.reachesNobody && !this.props.record?.data.chat_is_open;
    },
});
