import { exactly, spoken, useClock } from "@helpdesk_core/core/time";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { DateTimeField, dateTimeField } from "@web/views/fields/datetime/datetime_field";

import { Component } from "@odoo/owl";

const MINUTE = 60;
const SOON = 60 * MINUTE;
const DONE = ["solved", "closed"];

/** "due in 35 min" or "2 h over", beside the usual picker where the date can be changed. */
export class DueField extends Component {
    static template = "helpdesk_core.DueField";
    static components = { DateTimeField };
    static props = DateTimeField.props;
    static defaultProps = DateTimeField.defaultProps;

    setup() {
        this.clock = useClock();
    }

    get due() {
        return this.props.record.data[this.props.name];
    }

    get isDone() {
        return DONE.includes(this.props.record.data.status);
    }

    get seconds() {
        return this.due.diff(this.clock.now, "seconds").seconds;
    }

    get text() {
        if (this.isDone) {
            return exactly(this.due);
        }
        return this.seconds < 0
            ? _t("%s over", spoken(-this.seconds))
            : _t("due in %s", spoken(Math.ceil(this.seconds / MINUTE) * MINUTE));
    }

    get title() {
        return _t("Due %s", exactly(this.due));
    }

    get tone() {
        if (this.isDone) {
            return "text-muted";
        }
        if (this.seconds < 0) {
            return "text-danger";
        }
        return this.seconds < SOON ? "o_helpdesk_amber" : "text-muted";
    }

    get icon() {
        return !this.isDone && this.seconds < 0 ? "fa-exclamation-triangle" : "fa-calendar-check-o";
    }
}

export const dueField = {
    ...dateTimeField,
    component: DueField,
    displayName: _t("Due in"),
    supportedTypes: ["datetime"],
    fieldDependencies: [{ name: "status", type: "selection" }],
    listViewWidth: 150,
};

registry.category("fields").add("helpdesk_due", dueField);
