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

const IS_SHOWN = "img, video, audio, iframe, table, hr";

function nameFold(button, isFolded) {
    button.title = isFolded ? _t("Show quoted text") : _t("Hide quoted text");
    button.setAttribute("aria-label", button.title);
    button.setAttribute("aria-expanded", String(!isFolded));
}

/** Whether anything of a message is in sight: words, pictures. */
function showsSomething(element) {
    return [...element.childNodes].some((node) => {
        if (node.nodeType === Node.TEXT_NODE) {
            return node.nodeValue.trim();
        }
        if (node.nodeType !== Node.ELEMENT_NODE || node.style.display === "none" || node.matches(".o-mail-ellipsis")) {
            return false;
        }
        return node.matches(IS_SHOWN) || showsSomething(node);
    });
}

patch(Message.prototype, {
    /** What core folds on tickets (quoted text, signatures) says so, and never is the whole message. */
    prepareMessageBody(bodyEl) {
        super.prepareMessageBody(...arguments);
        const buttons = bodyEl && this.message.thread?.model === "helpdesk.ticket" && bodyEl.querySelectorAll(".o-mail-ellipsis");
        if (!buttons?.length) {
            return;
        }
        if (!showsSomething(bodyEl)) {
            bodyEl.querySelectorAll("[data-o-mail-display]").forEach((element) => (element.style.display = ""));
            buttons.forEach((button) => button.remove());
            return;
        }
        for (const button of buttons) {
            button.type = "button";
            nameFold(button, true);
            button.addEventListener("click", () => nameFold(button, button.getAttribute("aria-expanded") === "true"));
        }
    },

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
