import { CustomerCard } from "@helpdesk_core/customer_card/customer_card";
import { patch } from "@web/core/utils/patch";

patch(CustomerCard.prototype, {
    openOpportunity(lead) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: lead.id,
            views: [[false, "form"]],
        });
    },
});
