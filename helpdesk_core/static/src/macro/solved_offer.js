import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";

/** Dragging a ticket into Solved asks nothing; the macro that its team names for it is offered, and may be ignored. */
patch(KanbanRenderer.prototype, {
    setup() {
        super.setup(...arguments);
        if (this.props.list.resModel === "helpdesk.ticket") {
            this.helpdeskAction = useService("action");
            this.helpdeskNotification = useService("notification");
            this.helpdeskOrm = useService("orm");
        }
    },

    async sortRecordDrop(dataRecordId) {
        const { list } = this.props;
        const ticket = list.resModel === "helpdesk.ticket" && list.records.find((record) => record.id === dataRecordId);
        const before = ticket && ticket.data.status;
        await super.sortRecordDrop(...arguments);
        if (ticket && before !== "solved" && ticket.data.status === "solved") {
            await this.offerSolvedMacro(ticket);
        }
    },

    async offerSolvedMacro({ resId, data }) {
        const macro = await this.helpdeskOrm.silent.call("helpdesk.ticket", "get_solved_macro", [[resId]]);
        if (!macro) {
            return;
        }
        const close = this.helpdeskNotification.add(_t("%s is solved. Tell the customer?", data.number), {
            type: "success",
            className: "o_helpdesk_solved_offer",
            autocloseDelay: 10000,
            buttons: [
                {
                    name: macro.name,
                    primary: true,
                    onClick: () => {
                        close();
                        return this.helpdeskAction.doAction("helpdesk_core.helpdesk_macro_run_action", {
                            additionalContext: {
                                active_id: resId,
                                active_ids: [resId],
                                active_model: "helpdesk.ticket",
                                default_macro_id: macro.id,
                            },
                        });
                    },
                },
            ],
        });
    },
});
