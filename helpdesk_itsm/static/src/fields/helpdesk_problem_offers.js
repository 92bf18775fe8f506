import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Open problems that an incident may belong to, with a button that links it. */
export class HelpdeskProblemOffers extends Component {
    static template = "helpdesk_itsm.ProblemOffers";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get offers() {
        return this.props.record.data[this.props.name] || [];
    }

    open(offer) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "helpdesk.ticket",
            res_id: offer.id,
            views: [[false, "form"]],
        });
    }

    async link(offer) {
        const { record } = this.props;
        if ((await record.isDirty()) && !(await record.save())) {
            return;
        }
        await this.orm.write("helpdesk.ticket", [record.resId], { problem_id: offer.id });
        await record.load();
    }
}

registry.category("fields").add("helpdesk_problem_offers", {
    component: HelpdeskProblemOffers,
    supportedTypes: ["json"],
});
