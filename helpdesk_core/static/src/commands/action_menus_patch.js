import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { ActionMenus } from "@web/search/action_menus/action_menus";

import { useEffect } from "@odoo/owl";

const NOTHING = [];

/** What a ticket's cog holds stands in the command palette as well: nobody has to remember where it is. */
patch(ActionMenus.prototype, {
    setup() {
        super.setup(...arguments);
        const command = useService("command");
        useEffect(
            (items) => {
                const removers = items.map((item) =>
                    command.add(item.description, () => void this.onItemSelected(item), { category: "helpdesk" })
                );
                return () => removers.forEach((remove) => remove());
            },
            () => [(this.props.resModel === "helpdesk.ticket" && this.actionItems) || NOTHING]
        );
    },
});
