import "@helpdesk_core/chatter/message_patch";
import { Chatter } from "@mail/chatter/web_portal/chatter";
import { Composer } from "@mail/core/common/composer";
import { Message } from "@mail/core/common/message";
import { Message as MessageModel } from "@mail/core/common/message_model";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { sprintf } from "@web/core/utils/strings";

const SIDE_THREAD = "helpdesk.side.thread";
const SIDES = {
    third_party: { icon: "fa-share-square-o", label: _t("Third party") },
    sent: { icon: "fa-paper-plane", label: _t("Sent to third party") },
    note: { icon: "fa-lock", label: _t("Internal note") },
};

/** In a side conversation it is always plain to whom one writes, and that it is not the customer. */
patch(Chatter.prototype, {
    get isSideThread() {
        return this.props.threadModel === SIDE_THREAD;
    },

    get sidePeople() {
        const people = this.state.thread?.suggestedRecipients ?? [];
        return people.map(({ name, email }) => name || email).join(", ") || this.props.record?.data.display_name;
    },

    get sideBannerText() {
        return sprintf(_t("To %s – the customer does not see this"), this.sidePeople);
    },

    get composerClass() {
        if (!this.isSideThread) {
            return super.composerClass;
        }
        return this.state.composerType === "note" ? "o_helpdesk_note_composer" : "o_helpdesk_side_composer";
    },
});

patch(Composer.prototype, {
    get isSideThread() {
        return this.thread?.model === SIDE_THREAD && !this.props.composer.message;
    },

    get SEND_TEXT() {
        if (!this.isSideThread) {
            return super.SEND_TEXT;
        }
        return this.props.type === "note" ? _t("Save internal note") : _t("Send to third party");
    },

    get placeholder() {
        if (!this.isSideThread || this.props.placeholder) {
            return super.placeholder;
        }
        return this.props.type === "note"
            ? _t("Write to your colleagues. Neither the third party nor the customer sees it…")
            : _t("Write to the third party…");
    },
});

patch(MessageModel.prototype, {
    /**
     * Whose words these are, in a side conversation: "third_party", "sent" or "note"; undefined elsewhere.
     */
    get sideThreadSide() {
        if (this.thread?.model !== SIDE_THREAD || !["comment", "email"].includes(this.message_type)) {
            return undefined;
        }
        if (this.isDiscussion) {
            return "sent";
        }
        const isColleague = this.author_id?.main_user_id?.share === false;
        return this.message_type === "email" && !isColleague ? "third_party" : "note";
    },

    /** A third party's answer is kept as internal, yet it is no colleague's note. */
    get bubbleColor() {
        const color = { third_party: "blue", sent: "green" }[this.sideThreadSide];
        return color ?? super.bubbleColor;
    },
});

patch(Message.prototype, {
    get helpdeskSide() {
        return SIDES[this.message.sideThreadSide] ?? super.helpdeskSide;
    },

    get attClass() {
        const side = this.message.sideThreadSide;
        return side ? { ...super.attClass, [`o_helpdesk_message o_helpdesk_${side}`]: true } : super.attClass;
    },
});
