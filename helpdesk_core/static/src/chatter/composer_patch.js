import { isAgent } from "@helpdesk_core/core/agent";
import { Composer } from "@mail/core/common/composer";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

patch(Composer.prototype, {
    get isTicket() {
        return this.thread?.model === "helpdesk.ticket" && !this.props.composer.message;
    },

    get SEND_TEXT() {
        if (!this.isTicket || !isAgent(this.env)) {
            return super.SEND_TEXT;
        }
        return this.props.type === "note" ? _t("Save internal note") : _t("Send to customer");
    },

    get placeholder() {
        if (!this.isTicket || this.props.placeholder || !isAgent(this.env)) {
            return super.placeholder;
        }
        return this.props.type === "note"
            ? _t("Write to your colleagues. The customer never sees it…")
            : _t("Write to the customer…");
    },
});
