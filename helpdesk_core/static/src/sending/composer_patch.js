import { writesToCustomer } from "@helpdesk_core/core/agent";
import { chosenRecipients, endDraft, newestShown } from "@helpdesk_core/sending/draft";
import { HeldBackDialog, reasonsAgainst } from "@helpdesk_core/sending/held_back_dialog";
import { Composer } from "@mail/core/common/composer";
import { isEventHandled } from "@web/core/utils/misc";
import { browser } from "@web/core/browser/browser";
import { rpc } from "@web/core/network/rpc";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import { session } from "@web/session";

import { toRaw } from "@odoo/owl";

const LAST_CHOICE = "helpdesk.send_and_set";

/** Answers to customers are guarded: by the server before they leave, and for some seconds they can be taken back. */
patch(Composer.prototype, {
    setup() {
        super.setup();
        this.helpdeskStages = undefined;
        this.helpdeskStage = undefined;
    },

    get isAnswer() {
        return (
            this.props.type === "message" &&
            this.thread?.model === "helpdesk.ticket" &&
            !this.props.composer.message &&
            writesToCustomer(this.env, this.thread)
        );
    },

    get postData() {
        const data = super.postData;
        if (this.isAnswer) {
            const { helpdeskSeenId, helpdeskConfirmed, helpdeskLeftOut } = this.thread;
            data.helpdesk = {
                guard: { seen_id: helpdeskSeenId ?? null, confirmed: [...helpdeskConfirmed] },
                leftOut: [...helpdeskLeftOut],
                stageId: this.helpdeskStage?.id,
            };
        }
        return data;
    },

    get fullComposerAdditionalContext() {
        const context = super.fullComposerAdditionalContext;
        if (!this.isAnswer) {
            return context;
        }
        return {
            ...context,
            default_helpdesk_seen_id: this.thread.helpdeskSeenId ?? -1,
            default_helpdesk_offered: context.default_partner_ids,
            default_helpdesk_left_out: [...this.thread.helpdeskLeftOut],
            default_helpdesk_emails: this.helpdeskEmails ?? [],
        };
    },

    /**
     * Addresses without a contact stay addresses in the large composer. Core makes contacts of them, and gives people the
     * contact of another where the user may not make any.
     */
    async onClickFullComposer(ev) {
        if (!this.isAnswer) {
            return super.onClickFullComposer(...arguments);
        }
        const { thread } = this;
        const { suggestedRecipients, additionalRecipients } = thread;
        this.helpdeskEmails = chosenRecipients(thread).emails;
        thread.suggestedRecipients = suggestedRecipients.filter(({ partner_id }) => partner_id);
        thread.additionalRecipients = additionalRecipients.filter(({ partner_id }) => partner_id);
        try {
            return await super.onClickFullComposer(...arguments);
        } finally {
            Object.assign(thread, { suggestedRecipients, additionalRecipients });
        }
    },

    /** The draft stays in the composer whenever the answer was not sent, whatever the reason. */
    async processMessage(cb) {
        if (!this.isAnswer) {
            return super.processMessage(cb);
        }
        const stage = this.helpdeskStage;
        try {
            await super.processMessage(cb);
        } catch (error) {
            this.state.active = true;
            const reasons = reasonsAgainst(error);
            if (!reasons) {
                throw error;
            }
            this.askBeforeSending(reasons, stage);
        }
    },

    async _sendMessage(value, postData, extraData) {
        if (!postData.helpdesk) {
            return super._sendMessage(...arguments);
        }
        const seconds = session.helpdesk_undo_seconds;
        const message = seconds
            ? await this.holdAnswer(value, postData)
            : await super._sendMessage(...arguments);
        endDraft(this.thread);
        return message;
    },

    async holdAnswer(value, postData) {
        const thread = toRaw(this.thread);
        const draft = {
            html: value,
            attachments: [...postData.attachments],
            additionalRecipients: [...thread.additionalRecipients],
            leftOut: postData.helpdesk.leftOut,
            confirmed: postData.helpdesk.guard.confirmed,
        };
        const params = await this.store.getMessagePostParams({ body: value, postData, thread });
        const held = await rpc("/helpdesk/answer/hold", { thread_id: thread.id, post_data: params.post_data }, { silent: true });
        this.store.insert(held.store_data);
        this.env.services["helpdesk.held_answers"].add({ ...held, thread, draft });
        this.suggestion?.clearRawMentions();
        this.suggestion?.clearCannedResponses();
        this.props.composer.replyToMessage = undefined;
        this.props.composer.emailAddSignature = true;
        thread.additionalRecipients = [];
    },

    askBeforeSending(reasons, stage) {
        const thread = this.thread;
        const meanwhile = reasons.find(({ kind }) => kind === "meanwhile");
        this.env.services.dialog.add(HeldBackDialog, {
            reasons,
            onSend: () => {
                thread.helpdeskConfirmed = [...new Set([...thread.helpdeskConfirmed, ...reasons.map(({ kind }) => kind)])];
                if (meanwhile) {
                    thread.helpdeskSeenId = meanwhile.newest_id;
                }
                return this.sendAndSet(stage);
            },
            onRead: async () => {
                await thread.fetchNewMessages();
                thread.helpdeskSeenId = Math.max(newestShown(thread), meanwhile?.newest_id ?? 0);
            },
        });
    },

    // ------------------------------------------------------------
    // send and set
    // ------------------------------------------------------------

    /** Asked for when the list is opened, not when a composer is. */
    async loadAnswerStages() {
        this.helpdeskStages = await this.env.services.orm.call("helpdesk.ticket", "get_answer_stages", [[this.thread.id]]);
    },

    get lastChoice() {
        try {
            const choice = JSON.parse(browser.localStorage.getItem(LAST_CHOICE));
            return choice?.user === user.userId ? choice : undefined;
        } catch {
            return undefined;
        }
    },

    /** @param {Object} [stage] of `get_answer_stages`; none leaves the ticket where it is */
    async sendAndSet(stage) {
        this.helpdeskStage = stage;
        try {
            await this.sendMessage();
        } finally {
            this.helpdeskStage = undefined;
        }
    },

    chooseStage(stage) {
        browser.localStorage.setItem(LAST_CHOICE, JSON.stringify({ user: user.userId, status: stage.status, name: stage.name }));
        return this.sendAndSet(stage);
    },

    /** The last choice may be another team's stage: what counts is what it means. */
    async sendWithLastChoice() {
        const choice = this.lastChoice;
        await this.loadAnswerStages();
        const stage =
            choice &&
            (this.helpdeskStages.find(({ status, name }) => status === choice.status && name === choice.name) ||
                this.helpdeskStages.find(({ status }) => status === choice.status));
        if (!stage) {
            this.env.services.notification.add(
                choice
                    ? _t("This team has no stage like “%s”. Choose one beside the button.", choice.name)
                    : _t("Choose a stage beside “Send to customer” once; these keys use it again."),
                { type: "warning" }
            );
            return;
        }
        return this.sendAndSet(stage);
    },

    onKeydown(ev) {
        const sends = this.isAnswer && ev.key === "Enter" && ev.altKey && ev.shiftKey && !ev.ctrlKey && !ev.isComposing;
        if (!sends || isEventHandled(ev, "NavigableList.select")) {
            return super.onKeydown(...arguments);
        }
        ev.preventDefault();
        if (!this.isSendButtonDisabled) {
            this.sendWithLastChoice();
        }
    },
});
