import { writesToCustomer } from "@helpdesk_core/core/agent";
import { AudienceStrip } from "@helpdesk_core/sending/audience_strip";
import { doing } from "@helpdesk_core/viewers/ticket_viewers";
import { Chatter } from "@mail/chatter/web_portal/chatter";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

import { status, useEffect, useState } from "@odoo/owl";

const OWN_MESSAGE = 400; // ms until what we posted ourselves is in the thread

Object.assign(Chatter.components, { AudienceStrip });

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
        this.viewers = useService("helpdesk_core.viewers");
        this.viewersState = useState(this.viewers.state);
        useBus(this.env.bus, "helpdesk_core:ticket_message", ({ detail }) => this.onTicketMessage(detail));
        const held = useService("helpdesk.held_answers");
        useBus(held.bus, "SENT", ({ detail }) => this.onAnswerSent(detail));
        useBus(held.bus, "UNDONE", ({ detail }) => this.onAnswerUndone(detail));
    },

    /** Colleagues who write on this ticket at this moment. */
    get writers() {
        const id = this.isTicket && this.props.threadId;
        return id ? this.viewers.others(id, this.viewersState).filter(({ state }) => state !== "looking") : [];
    },

    writerText(viewer) {
        return doing(viewer);
    },

    /** Somebody wrote on the ticket: the message appears, and the ticket is read anew unless it is being changed. */
    onTicketMessage({ id, message_id: messageId }) {
        if (!this.isTicket || this.props.threadId !== id) {
            return;
        }
        browser.setTimeout(async () => {
            const { thread } = this.state;
            if (status(this) === "destroyed" || thread.id !== id || thread.messages.some((message) => message.id === messageId)) {
                return;
            }
            await thread.fetchNewMessages();
            if (this.props.record?.resId === id && !(await this.props.record.isDirty())) {
                await this.props.record.load();
            }
        }, OWN_MESSAGE);
    },

    /** An answer that waited has left: it stands in the conversation now, and the ticket has moved on. */
    onAnswerSent({ thread }) {
        if (this.isTicket && this.state.thread?.eq(thread)) {
            this.load(this.state.thread, this.afterPostRequestList);
            this.props.record?.load();
        }
    },

    onAnswerUndone(undone) {
        if (this.isTicket && this.state.thread?.eq(undone.thread)) {
            undone.isShown = true;
            this.state.composerType = "message";
            this.load(this.state.thread, ["scheduledMessages", "suggestedRecipients"]);
        }
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
            if (this.isTicket && thread.helpdeskRestored && this.state.thread?.eq(thread)) {
                this.state.composerType = "message"; // taken back on another page
            }
        }
    },
});
