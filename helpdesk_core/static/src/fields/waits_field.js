import { exactly, spoken, useClock } from "@helpdesk_core/core/time";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

const HOUR = 3600;

/** "waits 3 h" since a moment; coloured by age. Nothing where nobody waits. */
export class WaitsField extends Component {
    static template = "helpdesk_core.WaitsField";
    static props = {
        ...standardFieldProps,
        amberHours: { type: Number, optional: true },
        redHours: { type: Number, optional: true },
    };
    static defaultProps = { amberHours: 4, redHours: 24 };

    setup() {
        this.clock = useClock();
    }

    get since() {
        return this.props.record.data[this.props.name];
    }

    get seconds() {
        return this.clock.now.diff(this.since, "seconds").seconds;
    }

    get text() {
        return _t("waits %s", spoken(this.seconds, 1));
    }

    get title() {
        return _t("The customer waits since %s", exactly(this.since));
    }

    get tone() {
        if (this.seconds >= this.props.redHours * HOUR) {
            return "text-danger";
        }
        return this.seconds >= this.props.amberHours * HOUR ? "o_helpdesk_amber" : "text-muted";
    }

    get icon() {
        return this.seconds >= this.props.redHours * HOUR ? "fa-hourglass-end" : "fa-hourglass-half";
    }
}

export const waitsField = {
    component: WaitsField,
    displayName: _t("Waits since"),
    supportedTypes: ["datetime"],
    supportedOptions: [
        { label: _t("Amber after hours"), name: "amber", type: "number" },
        { label: _t("Red after hours"), name: "red", type: "number" },
    ],
    extractProps: ({ options }) => ({ amberHours: options.amber, redHours: options.red }),
    listViewWidth: 110,
};

registry.category("fields").add("helpdesk_waits", waitsField);
