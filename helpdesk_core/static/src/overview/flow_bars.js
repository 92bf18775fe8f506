import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { Component } from "@odoo/owl";

const { DateTime } = luxon;

/** Tickets that came and went on each of the last days: two bars a day, same scale. */
export class FlowBars extends Component {
    static template = "helpdesk_core.FlowBars";
    static props = { flow: Object };

    get days() {
        const { days, in: came, out: went } = this.props.flow;
        const top = Math.max(1, ...came, ...went);
        return days.map((day, index) => ({
            day,
            came: Math.round((100 * came[index]) / top),
            went: Math.round((100 * went[index]) / top),
            title: _t("%(day)s: %(came)s in, %(went)s out", {
                day: deserializeDate(day).toLocaleString({ weekday: "short", ...DateTime.DATE_MED, year: undefined }),
                came: came[index],
                went: went[index],
            }),
        }));
    }

    get legend() {
        const { days, in: came, out: went } = this.props.flow;
        return {
            came: _t("%s in", this.sum(came)),
            went: _t("%s out", this.sum(went)),
            days: _t("%s days", days.length),
            summary: _t("The last %(days)s days: %(came)s tickets in, %(went)s out", {
                days: days.length,
                came: this.sum(came),
                went: this.sum(went),
            }),
        };
    }

    sum(numbers) {
        return numbers.reduce((total, number) => total + number, 0);
    }
}
