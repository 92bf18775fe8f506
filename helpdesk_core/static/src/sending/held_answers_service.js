import { HeldBackDialog, reasonsAgainst } from "@helpdesk_core/sending/held_back_dialog";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { EventBus, markup, reactive, toRaw } from "@odoo/owl";

/**
 * Answers that wait some seconds before they leave. The browser sends them when their time has come; when it has gone,
 * the server's scheduler does, within a minute. Their author may move on to the next ticket meanwhile.
 */
export const heldAnswersService = {
    dependencies: ["orm", "dialog", "action", "notification", "mail.store"],
    start(env, { orm, dialog, action, notification, "mail.store": store }) {
        const state = reactive({ items: [], now: Date.now() });
        const bus = new EventBus();
        let timer;

        function tick() {
            state.now = Date.now();
            for (const item of state.items) {
                if (!item.busy && item.until <= state.now) {
                    send(item);
                }
            }
        }

        function add({ id, seconds, thread, draft, name = thread.display_name }) {
            state.now = Date.now();
            state.items.push({ id, thread, draft, name, busy: false, until: state.now + seconds * 1000 });
            timer ??= browser.setInterval(tick, 250);
        }

        function drop(item) {
            const index = state.items.findIndex(({ id }) => id === item.id);
            if (index >= 0) {
                state.items.splice(index, 1);
            }
            if (!state.items.length) {
                browser.clearInterval(timer);
                timer = undefined;
            }
        }

        async function send(item) {
            item.busy = true;
            try {
                await orm.silent.call("mail.scheduled.message", "post_message", [[item.id]]);
            } catch (error) {
                if (error?.data?.name !== "odoo.exceptions.MissingError") {
                    return failed(item, error); // missing: the scheduler was faster
                }
            }
            drop(item);
            bus.trigger("SENT", { thread: item.thread });
        }

        /** The draft goes back into the composer, and its author reads why. */
        async function failed(item, error) {
            const reasons = reasonsAgainst(error);
            if (!reasons && !error?.data) {
                // no connection: the scheduler sends it
                drop(item);
                notification.add(_t("The connection is lost. The answer leaves within a minute."), { type: "warning" });
                return;
            }
            await undo(item);
            if (reasons) {
                dialog.add(HeldBackDialog, { reasons, onRead: () => item.thread.fetchNewMessages() });
            } else {
                notification.add(error.data.message, { type: "danger", sticky: true });
            }
        }

        async function undo(item) {
            item.busy = true;
            const back = await orm.call("helpdesk.ticket", "undo_answer", [[item.thread.id], item.id]);
            drop(item);
            if (!back) {
                notification.add(_t("This answer was sent already."), { type: "warning" });
                bus.trigger("SENT", { thread: item.thread });
                return;
            }
            restore(item.thread, item.draft ?? fromServer(back));
            store["mail.scheduled.message"]?.get(item.id)?.delete();
            const undone = { thread: item.thread, isShown: false };
            bus.trigger("UNDONE", undone);
            if (!undone.isShown) {
                action.doAction({
                    type: "ir.actions.act_window",
                    res_model: "helpdesk.ticket",
                    res_id: item.thread.id,
                    views: [[false, "form"]],
                });
            }
        }

        /** After a reload of the page the server alone knows what was to be sent. */
        function fromServer(back) {
            return {
                html: markup(back.body),
                attachments: store["ir.attachment"].insert(back.attachments),
                leftOut: back.choices.helpdesk_left_out ?? [],
                confirmed: back.choices.helpdesk_guard?.confirmed ?? [],
                additionalRecipients: (back.choices.helpdesk_emails ?? []).map((email) => ({ email, name: email, partner_id: false })),
            };
        }

        function restore(thread, draft) {
            const { composer } = toRaw(thread);
            composer.composerHtml = draft.html;
            composer.attachments = draft.attachments;
            thread.helpdeskRestored = draft;
        }

        return {
            state,
            bus,
            add,
            undo,
            send: (item) => send(item),
            item: (id) => state.items.find((item) => item.id === id),
        };
    },
};

registry.category("services").add("helpdesk.held_answers", heldAnswersService);
