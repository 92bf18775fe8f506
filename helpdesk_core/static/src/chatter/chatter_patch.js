import { isAgent } from "@helpdesk_core/core/agent";
import { Chatter } from "@mail/chatter/web_portal/chatter";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

import { useEffect } from "@odoo/owl";

/** On tickets, writing to the customer and writing to colleagues cannot be confused. */
patch(Chatter.prototype, {
    setup() {
        super.setup(...arguments);
        useEffect(
            (thread, customerId) => {
                if (thread && this.isTicket) {
                    thread.helpdeskCustomerId = customerId;
                }
            },
            () => [this.state.thread, this.props.record?.data.partner_id?.id]
        );
    },

    get isTicket() {
        return this.props.threadModel === "helpdesk.ticket";
    },

    /** Employees write to the helpdesk about their own requests; they keep no notes there. */
    get writesToCustomer() {
        return isAgent(this.env);
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
