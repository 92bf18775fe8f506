import { fields } from "@mail/core/common/record";
import { Message } from "@mail/core/common/message_model";
import { patch } from "@web/core/utils/patch";

const ICONS = {
    queued: "fa fa-clock-o",
    sent: "fa fa-check",
    delivered: "fa fa-check-circle-o",
    read: "fa fa-eye",
    failed: "fa fa-exclamation-circle",
    unclear: "fa fa-question-circle",
};

patch(Message.prototype, {
    setup() {
        super.setup(...arguments);
        /** What became of an answer by messenger: see `helpdesk.channel.message`. */
        this.helpdesk_delivery = fields.Attr(undefined);
    },

    /** Who writes by a messenger has no mail address: the one of the house, which mails need, is not theirs. */
    get authorName() {
        return this.helpdesk_delivery?.sender || super.authorName;
    },

    /** The customer's messenger stands among those to whom the answer went. */
    get helpdeskRecipients() {
        const recipients = super.helpdeskRecipients;
        const delivery = this.helpdesk_delivery;
        if (!delivery?.state) {
            return recipients;
        }
        const { id, name, channel, state, label, reason } = delivery;
        const failed = ["failed", "unclear"].includes(state);
        const status = reason ? `${label}. ${reason}` : label;
        return [
            {
                id: `messenger_${id}`,
                name: `${name} (${label})`,
                address: channel,
                icon: ICONS[state],
                failed,
                status: failed ? reason || label : status,
            },
            ...recipients,
        ];
    },
});
