import { LivechatCommandDialog } from "@im_livechat/core/common/livechat_command_dialog";

import { registerThreadAction } from "@mail/core/common/thread_actions";

import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";

function isAgentsChat({ owner, store, thread }) {
    return (
        thread?.channel_type === "livechat" &&
        store.helpdesk_agent &&
        !owner.isDiscussSidebarChannelActions
    );
}

registerThreadAction("helpdesk-make-ticket", {
    actionPanelComponent: LivechatCommandDialog,
    actionPanelComponentProps: ({ action }) => ({
        close: () => action.close(),
        commandName: "ticket",
        placeholderText: _t("What is it about?"),
        title: _t("Create Ticket"),
        icon: "fa fa-life-ring",
    }),
    close: ({ action }) => action.popover?.close(),
    condition: (context) => isAgentsChat(context) && !context.thread.helpdesk_ticket,
    panelOuterClass: "bg-100",
    icon: "fa fa-fw fa-life-ring",
    name: _t("Create Ticket"),
    sequence: 12,
    sequenceGroup: 25,
    setup({ owner }) {
        if (!owner.env.inChatWindow) {
            this.popover = usePopover(LivechatCommandDialog, {
                onClose: () => this.close(),
                popoverClass: this.panelOuterClass,
            });
        }
    },
    toggle: true,
    open({ owner, thread }) {
        this.popover?.open(owner.root.el.querySelector(`[name="${this.id}"]`), {
            thread,
            ...this.actionPanelComponentProps,
        });
    },
});

registerThreadAction("helpdesk-open-ticket", {
    condition: (context) => isAgentsChat(context) && Boolean(context.thread.helpdesk_ticket),
    icon: "fa fa-fw fa-life-ring",
    name: ({ thread }) => _t("Open Ticket %s", thread.helpdesk_ticket?.number ?? ""),
    nameClass: "text-success",
    open: ({ store, thread }) =>
        store.env.services.action.doAction({
            type: "ir.actions.act_window",
            res_model: "helpdesk.ticket",
            res_id: thread.helpdesk_ticket.id,
            views: [[false, "form"]],
        }),
    sequence: 12,
    sequenceGroup: 25,
});
