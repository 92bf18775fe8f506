import { Chatter } from "@mail/chatter/web_portal/chatter";
import { Composer } from "@mail/core/common/composer";
import { Message } from "@mail/core/common/message";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { sprintf } from "@web/core/utils/strings";

const SIDE_THREAD = "helpdesk.side.thread";

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

patch(Message.prototype, {
    /** A third party's answer is kept as a note, yet it is no colleague's. */
    get messageTypeText() {
        if (this.message.thread?.model === SIDE_THREAD && this.message.message_type === "email") {
            return _t("From the third party");
        }
        return super.messageTypeText;
    },

    get attClass() {
        const { thread, message_type } = this.message;
        if (thread?.model !== SIDE_THREAD || message_type !== "email") {
            return super.attClass;
        }
        return { ...super.attClass, o_helpdesk_third_party: true };
    },
});
