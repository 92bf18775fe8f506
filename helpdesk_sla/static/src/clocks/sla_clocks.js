import { exactly } from "@helpdesk_core/core/time";
import { worked } from "@helpdesk_sla/core/worked";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

const STATES = {
    running: _t("Running"),
    paused: _t("Paused"),
    met: _t("Kept"),
    breached: _t("Missed"),
    cancelled: _t("Ended"),
};
const TONES = {
    running: "text-bg-info",
    paused: "text-bg-secondary",
    met: "text-bg-success",
    breached: "text-bg-danger",
    cancelled: "text-bg-light",
};

/** All promises of a ticket: the sentence that explains each, and the stretches of time it is made of. */
export class SlaClocks extends Component {
    static template = "helpdesk_sla.Clocks";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ clocks: [], opened: new Set() });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => this.load(props));
    }

    async load({ record }) {
        if (record.resId) {
            this.state.clocks = await this.orm.call("helpdesk.ticket", "get_sla_timeline", [record.resId]);
        }
    }

    toggle(clock) {
        if (!this.state.opened.delete(clock.id)) {
            this.state.opened.add(clock.id);
        }
    }

    stateName(clock) {
        if (clock.state === "breached" && !clock.is_open) {
            return _t("Kept late");
        }
        return STATES[clock.state];
    }

    tone(clock) {
        return TONES[clock.state];
    }

    /** The stretches with the share of the whole that each takes, nights and breaks cut short. */
    bars(clock) {
        const weights = clock.segments.map(({ start, end, kind }) => {
            const seconds = deserializeDateTime(end).diff(deserializeDateTime(start), "seconds").seconds;
            return kind === "off" || kind === "closed" ? Math.min(seconds, 1800) : seconds;
        });
        const whole = weights.reduce((sum, weight) => sum + weight, 0) || 1;
        return clock.segments.map((segment, index) => ({
            ...segment,
            width: Math.max(0.5, (100 * weights[index]) / whole),
            title: this.describe(segment),
        }));
    }

    describe({ start, end, label, minutes }) {
        const times = _t("%(start)s to %(end)s", {
            start: exactly(deserializeDateTime(start)),
            end: exactly(deserializeDateTime(end)),
        });
        return minutes ? `${label}, ${times} (${worked(minutes * 60)})` : `${label}, ${times}`;
    }
}

export const slaClocks = {
    component: SlaClocks,
};

registry.category("view_widgets").add("helpdesk_sla_clocks", slaClocks);
