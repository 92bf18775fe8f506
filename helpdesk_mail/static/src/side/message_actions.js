import { isAgent, writesToCustomer } from "@helpdesk_core/core/agent";
import { registerMessageAction } from "@mail/core/common/message_actions";
import { _t } from "@web/core/l10n/translation";

/** Ask the server for a dialog about a message, open it, and show what came of it. */
async function openDialog({ owner, message, thread }, method, args) {
    const { action, orm } = owner.env.services;
    const dialog = await orm.call(thread.model, method, [[thread.id], ...args]);
    await action.doAction(dialog, { onClose: () => message.thread?.fetchNewMessages() });
}

registerMessageAction("helpdesk-forward", {
    condition: ({ message, owner, thread }) =>
        thread?.model === "helpdesk.ticket" &&
        Number.isInteger(message.id) &&
        ["comment", "email"].includes(message.message_type) &&
        writesToCustomer(owner.env, thread),
    icon: "fa fa-share-square-o",
    name: _t("Forward to a third party"),
    onSelected: (params) => openDialog(params, "action_forward", [params.message.id]),
    sequence: 60,
});

registerMessageAction("helpdesk-send-on", {
    condition: ({ message, owner, thread }) =>
        thread?.model === "helpdesk.side.thread" &&
        Number.isInteger(message.id) &&
        ["comment", "email"].includes(message.message_type) &&
        isAgent(owner.env),
    icon: "fa fa-paper-plane",
    name: _t("Send on to customer"),
    onSelected: (params) => openDialog(params, "action_send_on", [params.message.id]),
    sequence: 15,
});
