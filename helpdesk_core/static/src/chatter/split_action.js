import { writesToCustomer } from "@helpdesk_core/core/agent";
import { registerMessageAction } from "@mail/core/common/message_actions";
import { _t } from "@web/core/l10n/translation";

/** What a customer wrote about another matter becomes a ticket of its own; the original stays. */
registerMessageAction("helpdesk-split", {
    condition: ({ message, owner, thread }) =>
        thread?.model === "helpdesk.ticket" &&
        message.helpdeskSide === "customer" &&
        writesToCustomer(owner.env, thread),
    icon: "fa fa-code-fork",
    name: _t("Split into a new ticket"),
    onSelected: async ({ message, owner, thread }) => {
        const { action, orm } = owner.env.services;
        const id = await orm.call("helpdesk.ticket", "split_message", [[thread.id], message.id]);
        await action.doAction({
            type: "ir.actions.act_window",
            res_model: "helpdesk.ticket",
            res_id: id,
            views: [[false, "form"]],
        });
    },
    sequence: 65,
});
