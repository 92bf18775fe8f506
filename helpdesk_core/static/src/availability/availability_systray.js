import { isAgent } from "@helpdesk_core/core/agent";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { session } from "@web/session";

import { Component, useState } from "@odoo/owl";

/** A switch in the top bar: whether teams that hand out tickets by themselves give any to me. */
export class AvailabilitySystray extends Component {
    static template = "helpdesk_core.AvailabilitySystray";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.state = useState({ available: session.helpdesk_available ?? null });
    }

    get title() {
        return this.state.available
            ? _t("You get new tickets. Click to get none.")
            : _t("You get no new tickets. Click to get some again.");
    }

    async toggle() {
        this.state.available = await this.orm.call("res.users", "helpdesk_set_availability", [!this.state.available]);
    }
}

registry
    .category("systray")
    .add(
        "helpdesk_core.availability", { Component: AvailabilitySystray, isDisplayed: isAgent }, { sequence: 31 });
