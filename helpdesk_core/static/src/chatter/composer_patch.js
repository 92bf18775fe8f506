import { writesToCustomer } from "@helpdesk_core/core/agent";
import { Composer } from "@mail/core/common/composer";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

patch(Composer.prototype, {
    setup() {
        super.setup(...arguments);
        this.helpdeskViewers = useService("helpdesk_core.viewers");
    },

    /** Colleagues who look at the ticket see that somebody writes. */
    onInput() {
        super.onInput(...arguments);
        if (this.isTicket) {
            this.helpdeskViewers.typing(this.thread.id, this.props.type === "note" ? "noting" : "answering");
        }
    },

    clear() {
        super.clear(...arguments);
        if (this.isTicket) {
            this.helpdeskViewers.stopTyping(this.thread.id);
        }
    },

    get isTicket() {
        return this.thread?.model === "helpdesk.ticket" && !this.props.composer.message;
    },

    get SEND_TEXT() {
        if (!this.isTicket || !writesToCustomer(this.env, this.thread)) {
            return super.SEND_TEXT;
        }
        return this.props.type === "note" ? _t("Save internal note") : _t("Send to customer");
    },

    get placeholder() {
        if (!this.isTicket || this.props.placeholder) {
            return super.placeholder;
        }
        if (!writesToCustomer(this.env, this.thread)) {
            return _t("Write to the helpdesk…");
        }
        return this.props.type === "note"
            ? _t("Write to your colleagues. The customer never sees it…")
            : _t("Write to the customer…");
    },

    /** Who has no contact is written to all the same (the ticket knows the address); core shows them as "Unnamed". */
    get fullComposerAdditionalContext() {
        const context = super.fullComposerAdditionalContext;
        if (!this.isTicket || this.props.type === "note") {
            return context;
        }
        const recipients = [...this.thread.suggestedRecipients, ...this.thread.additionalRecipients];
        return { ...context, default_partner_ids: recipients.map(({ partner_id }) => partner_id).filter(Boolean) };
    },
});
