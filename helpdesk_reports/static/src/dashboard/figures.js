import { spoken } from "@helpdesk_core/core/time";
import { worked } from "@helpdesk_sla/core/worked";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";

const { DateTime } = luxon;
const HOUR = 3600;
const NOTHING = "–";

/** What a figure says: `value` of `kind` in words. */
export function shown(value, kind = "count") {
    if (value === false || value === null || value === undefined) {
        return NOTHING;
    }
    if (kind === "percent") {
        return _t("%s %%", value);
    }
    if (kind === "hours") {
        return worked(value * HOUR);
    }
    if (kind === "since") {
        return spoken(DateTime.now().diff(deserializeDateTime(value), "seconds").seconds);
    }
    return formatInteger(value);
}

/**
 * How a figure compares with the period before; null where there is nothing to compare.
 *
 * @returns {{ arrow: string, text: string, tone: "better" | "worse" | "", title: string } | null}
 */
export function change({ value, before, kind, good }) {
    if (value === false || before === false || before === undefined || (!value && !before)) {
        return null;
    }
    const up = value - before;
    const title = _t("%s in the period before", shown(before, kind));
    if (!up) {
        return { arrow: "=", text: _t("as before"), tone: "", title };
    }
    return {
        arrow: up > 0 ? "▲" : "▼",
        text: changedBy(up, before, kind),
        tone: !good ? "" : (good === "up") === up > 0 ? "better" : "worse",
        title,
    };
}

function changedBy(up, before, kind) {
    if (kind === "percent") {
        return _t("%s points", Math.abs(up));
    }
    if (kind === "hours") {
        return worked(up * HOUR);
    }
    return before && Math.abs(up) / before < 10 ? _t("%s %%", Math.round((100 * Math.abs(up)) / before)) : String(Math.abs(up));
}

const FORMATS = {
    hour: { hour: "2-digit", minute: "2-digit" },
    day: { day: "numeric", month: "short" },
    week: { day: "numeric", month: "short" },
    month: { month: "short", year: "numeric" },
};

/** The name of a step of a chart: a day, or the day a week begins on. */
export function stepName(key, unit) {
    const name = DateTime.fromFormat(key, "yyyy-MM-dd HH:mm").toLocaleString(FORMATS[unit]);
    return unit === "week" ? _t("Week of %s", name) : name;
}

/** How long a bar of a distribution goes, in working time. */
export function barName({ above, upto }) {
    if (!upto) {
        return _t("over %s", worked(above * HOUR));
    }
    const most = worked(upto * HOUR);
    return above ? _t("%(least)s to %(most)s", { least: worked(above * HOUR), most }) : _t("up to %s", most);
}
