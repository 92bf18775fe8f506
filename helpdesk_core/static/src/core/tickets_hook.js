import { useService } from "@web/core/utils/hooks";

/** Opens tickets from anywhere; the list holds those of the given domain and no others. */
export function useTickets() {
    const action = useService("action");
    return {
        /**
         * @param {string} name shown in the breadcrumb
         * @param {Array} domain
         */
        async openList(name, domain) {
            const description = await action.loadAction("helpdesk_core.helpdesk_ticket_action");
            // A list first, to compare with the number that led here; no favourite filter may narrow it.
            const views = [...description.views].sort((a, b) => (b[1] === "list") - (a[1] === "list"));
            return action.doAction(
                {
                    ...description,
                    id: false,
                    path: false,
                    xml_id: false,
                    name,
                    display_name: name,
                    domain,
                    context: { search_disable_custom_filters: true },
                    views,
                    view_mode: views.map((view) => view[1]).join(","),
                },
                { viewType: "list" }
            );
        },
        /** @param {number} id */
        open(id) {
            return action.doAction({
                type: "ir.actions.act_window",
                res_model: "helpdesk.ticket",
                res_id: id,
                views: [[false, "form"]],
            });
        },
    };
}
