import { useViewers } from "@helpdesk_core/viewers/viewers_service";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component } from "@odoo/owl";

export function doing({ name, state }) {
    switch (state) {
        case "answering":
            return _t("%s is writing an answer…", name);
        case "noting":
            return _t("%s is writing a note…", name);
    }
    return _t("%s is looking at this", name);
}

/** In the form: who else looks at this ticket now, and what they do. Said aloud to who cannot see it. */
export class TicketViewers extends Component {
    static template = "helpdesk_core.TicketViewers";
    static props = { ...standardWidgetProps };
    static part = "look";

    setup() {
        this.viewers = useViewers(this.constructor.part, () => this.id);
    }

    /** False for a new ticket, and for the samples of an empty board. */
    get id() {
        const { record } = this.props;
        return !record.model.useSampleModel && record.resId;
    }

    get others() {
        return this.viewers.others.map((viewer) => ({
            ...viewer,
            isWriting: viewer.state !== "looking",
            text: doing(viewer),
        }));
    }
}

/** On a card: a ring around who looks at the ticket. */
export class CardViewers extends TicketViewers {
    static template = "helpdesk_core.CardViewers";
    static part = "watch";
}

registry.category("view_widgets").add("helpdesk_viewers", { component: TicketViewers });
registry.category("view_widgets").add("helpdesk_card_viewers", { component: CardViewers });
