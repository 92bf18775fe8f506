import { Message } from "@mail/core/common/message_model";
import { patch } from "@web/core/utils/patch";

const MACHINE_TYPES = ["auto_comment", "out_of_office"];

patch(Message.prototype, {
    /**
     * Whose words these are, on a ticket: "customer", "agent", "note" or "automatic"; undefined for tracking and the like.
     */
    get helpdeskSide() {
        if (this.thread?.model !== "helpdesk.ticket" || this.is_transient) {
            return undefined;
        }
        if (["notification", "user_notification"].includes(this.message_type)) {
            return undefined;
        }
        if (!this.isDiscussion && this.subtype_id) {
            return "note";
        }
        if (MACHINE_TYPES.includes(this.message_type) || this.author?.eq(this.store.odoobot)) {
            return "automatic";
        }
        const isCustomer = this.author_id?.id === this.thread.helpdeskCustomerId;
        return this.author_id?.main_user_id?.share === false && !isCustomer ? "agent" : "customer";
    },

    /** Core's way to forward writes into the ticket, and so to the customer as well. */
    canForward(thread) {
        return thread?.model !== "helpdesk.ticket" && super.canForward(...arguments);
    },

    /** Customers on one side, the house on the other, whoever of the house is reading. */
    get bubbleColor() {
        switch (this.helpdeskSide) {
            case "customer":
                return "blue";
            case "agent":
            case "automatic":
                return "green";
            case "note":
                return undefined;
        }
        return super.bubbleColor;
    },

    /** To whom the house's words went, and what became of it. */
    get helpdeskRecipients() {
        if (!["agent", "automatic"].includes(this.helpdeskSide)) {
            return [];
        }
        return this.notification_ids
            .filter((notification) => notification.notification_type === "email")
            .map((notification) => ({
                id: notification.id,
                name: notification.res_partner_id?.name || notification.mail_email_address,
                address: notification.res_partner_id?.email || notification.mail_email_address,
                icon: notification.statusIcon,
                failed: notification.isFailure,
                status: notification.isFailure ? notification.failureMessage : notification.statusTitle,
            }));
    },
});
