import { _t } from "@web/core/l10n/translation";

import { Component } from "@odoo/owl";

const { Info } = luxon;
const HOURS = [...Array(24).keys()];

/** When tickets come: a row for each day of the week, a column for each hour. The number stands in the cell. */
export class HeatMap extends Component {
    static template = "helpdesk_reports.HeatMap";
    static props = { cells: Array, open: Function };

    setup() {
        this.hours = HOURS;
    }

    get days() {
        const found = new Map(this.props.cells.map((cell) => [`${cell.weekday} ${cell.hour}`, cell.value]));
        const top = Math.max(1, ...this.props.cells.map((cell) => cell.value));
        const long = Info.weekdays("long");
        return Info.weekdays("short").map((name, index) => ({
            weekday: index + 1,
            name,
            cells: HOURS.map((hour) => {
                const value = found.get(`${index + 1} ${hour}`) || 0;
                const title = _t("%(day)s, %(from)s:00 to %(to)s:00", { day: long[index], from: hour, to: hour + 1 });
                return { weekday: index + 1, hour, value, title, share: value ? 0.15 + (0.85 * value) / top : 0 };
            }),
        }));
    }

    hint(cell) {
        return _t("%(when)s: %(count)s tickets came in", { when: cell.title, count: cell.value });
    }
}
