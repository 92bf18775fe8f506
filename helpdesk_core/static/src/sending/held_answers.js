import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

import { Component, useState } from "@odoo/owl";

/** In the corner, wherever the agent goes: what is about to leave, and the way to take it back. */
export class HeldAnswers extends Component {
    static template = "helpdesk_core.HeldAnswers";
    static props = {};

    setup() {
        this.held = useService("helpdesk.held_answers");
        this.state = useState(this.held.state);
    }

    text(item) {
        return item.busy ? _t("Sending…") : _t("Sending in %s s", this.held.left(item));
    }
}

registry.category("main_components").add("helpdesk_core.HeldAnswers", { Component: HeldAnswers });
