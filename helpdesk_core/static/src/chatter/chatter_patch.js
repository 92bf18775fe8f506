import { writesToCustomer } from "@helpdesk_core/core/agent";
import { Chatter } from "@mail/chatter/web_portal/chatter";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";

import { useEffect } from "@odoo/owl";

/** On tickets, writing to the customer and writing to colleagues cannot be confused. */
patch(Chatter.prototype, {
    setup() {
        super.setup(...arguments);
        useEffect(
            (thread, customerId, assigneeId) => {
                if (thread && this.isTicket) {
                    thread.helpdeskCustomerId = customerId;
                    thread.isOwnRequest = customerId === user.partnerId && assigneeId !== user.userId;
                }
            },
            () => [this.state.thread, this.props.record?.data.partner_id?.id, this.props.record?.data.user_id?.id]
        );
    },

    get isTicket() {
        return this.props.threadModel === "helpdesk.ticket";
    },

    get writesToCustomer() {
        return writesToCustomer(this.env, this.state.thread);
    },

    /** On their own request people have no use for recipients and activities. */
    get isRequester() {
        return this.isTicket && !this.writesToCustomer;
    },

    get composerClass() {
        const isNote = this.state.composerType !== "message";
        const core = isNote ? "pt-4" : "";
        if (!this.isTicket) {
            return core;
        }
        return isNote ? "o_helpdesk_note_composer" : "o_helpdesk_answer_composer";
    },

    /** Whether a message would reach nobody: the ticket has neither a customer nor another address. */
    get reachesNobody() {
        const { thread } = this.state;
        return (
            this.isTicket &&
            this.writesToCustomer &&
            thread.hasLoadedRecipients &&
            !thread.suggestedRecipients.length &&
            !thread.additionalRecipients.length
        );
    },

    get reachesNobodyText() {
        return _t("The ticket has no customer address, so this reaches nobody. Add a recipient, or set the customer.");
    },

    async load(thread, requestList) {
        await super.load(...arguments);
        if (requestList?.includes("suggestedRecipients")) {
            thread.hasLoadedRecipients = true;
        }
    },
});
