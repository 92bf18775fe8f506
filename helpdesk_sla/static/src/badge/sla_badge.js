import { exactly, useClock } from "@helpdesk_core/core/time";
import { worked } from "@helpdesk_sla/core/worked";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

const MINUTE = 60;
const TONES = {
    running: "",
    warning: "o_helpdesk_amber",
    breached: "text-danger",
    paused: "text-muted",
    met: "text-success",
};
const ICONS = {
    running: "fa-clock-o",
    warning: "fa-bell-o",
    breached: "fa-bell-slash-o",
    paused: "fa-pause",
    met: "fa-check",
};

/** Working time that passed in `spans` (pairs of seconds since 1970, sorted) until `now`. */
export function passed(spans, now) {
    let seconds = 0;
    for (const [start, end] of spans) {
        if (start >= now) {
            break;
        }
        seconds += Math.min(end, now) - start;
    }
    return seconds;
}

/**
 * The most urgent promise of a ticket: what is left of it in working time, counting down. Stands on the moment it is due,
 * so that a click on the head of its column sorts by it.
 */
export class SlaBadge extends Component {
    static template = "helpdesk_sla.Badge";
    static props = { ...standardFieldProps, label: { type: Boolean, optional: true } };

    setup() {
        this.clock = useClock();
    }

    get badge() {
        return this.props.record.data.sla_badge || {};
    }

    get left() {
        const { left, spans } = this.badge;
        if (left === null || left === undefined) {
            return null;
        }
        return left - passed(spans || [], this.clock.now.toSeconds());
    }

    get state() {
        const { state } = this.badge;
        return ["running", "warning"].includes(state) && this.left !== null && this.left <= 0
            ? "breached"
            : state;
    }

    get isShown() {
        return this.badge.state && this.badge.state !== "none";
    }

    get tone() {
        return TONES[this.state] ?? "text-muted";
    }

    get icon() {
        return ICONS[this.state] || "fa-clock-o";
    }

    get title() {
        const { name, due_at } = this.badge;
        return due_at ? _t("%(name)s due %(when)s", { name, when: exactly(deserializeDateTime(due_at)) }) : name;
    }

    /** On a form, a click shows how it came about. */
    explain(ev) {
        const page = ev.currentTarget.closest(".o_form_view")?.querySelector('.o_notebook a[name="promises"]');
        page?.click();
        page?.scrollIntoView({ block: "center" });
    }

    get text() {
        if (!this.badge.name) {
            return this.state === "met" ? _t("Kept") : _t("Missed");
        }
        if (this.left === null) {
            return _t("No deadline");
        }
        // a row has room for one figure: the sentence in the tooltip has both
        const minutes = this.left > 0 ? Math.ceil(this.left / MINUTE) : this.left / MINUTE;
        const time = worked(minutes * MINUTE, this.props.label ? 2 : 1);
        if (this.state === "paused") {
            return this.props.label ? _t("%s left, paused", time) : time;
        }
        return this.state === "breached" ? _t("%s late", time) : _t("%s left", time);
    }
}

export const slaBadge = {
    component: SlaBadge,
    displayName: _t("Promise"),
    supportedTypes: ["datetime"],
    fieldDependencies: [{ name: "sla_badge", type: "json" }],
    extractProps: ({ options }) => ({ label: Boolean(options.label) }),
    listViewWidth: 140,
};

registry.category("fields").add("helpdesk_sla_badge", slaBadge);
