import { download } from "@web/core/network/download";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

import { Component } from "@odoo/owl";

const REPORTS = ["helpdesk.ticket.report", "helpdesk.sla.report"];

/** All rows of a report as a file, with the filters that are set, however many rows there are. */
export class ExportReport extends Component {
    static template = "helpdesk_reports.ExportReport";
    static components = { DropdownItem };
    static props = {};

    save(kind) {
        const { resModel, domain } = this.env.searchModel;
        return download({
            url: `/helpdesk/export/${resModel}/${kind}`,
            data: { domain: JSON.stringify(domain) },
        });
    }
}

registry.category("cogMenu").add(
    "helpdesk-export-report",
    {
        Component: ExportReport,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: async (env) =>
            REPORTS.includes(env.searchModel.resModel) && (await user.hasGroup("base.group_allow_export")),
    },
    { sequence: 11 }
);
