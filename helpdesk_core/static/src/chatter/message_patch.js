import { writesToCustomer } from "@helpdesk_core/core/agent";
import { Message } from "@mail/core/common/message";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

const SIDES = {
    customer: { icon: "fa-user", label: _t("Customer") },
    agent: { icon: "fa-paper-plane", label: _t("Sent to customer") },
    note: { icon: "fa-lock", label: _t("Internal note") },
    automatic: { icon: "fa-cogs", label: _t("Sent automatically") },
};

patch(Message.prototype, {
    /** What stands beside the author; agents alone need to be told the sides apart. */
    get helpdeskSide() {
        const side = this.message.helpdeskSide;
        return side && writesToCustomer(this.env, this.message.thread) ? SIDES[side] : undefined;
    },

    get attClass() {
        const side = this.message.helpdeskSide;
        return side ? { ...super.attClass, [`o_helpdesk_message o_helpdesk_${side}`]: true } : super.attClass;
    },

    get messageTypeText() {
        return this.message.helpdeskSide === "note" ? _t("Internal note") : super.messageTypeText;
    },
});
