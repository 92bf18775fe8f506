import { _t } from "@web/core/l10n/translation";

const HOUR = 3600;
const MINUTE = 60;

const LONG = 10;

/**
 * Working time in hours and minutes, never in days: "30 h 15 min". Negative time reads as its size.
 *
 * @param {number} seconds
 * @param {number} [units] with 1, ten hours and more are said without minutes
 */
export function worked(seconds, units = 2) {
    const minutes = Math.floor(Math.abs(seconds) / MINUTE);
    const hours = Math.floor(minutes / (HOUR / MINUTE));
    const rest = minutes % MINUTE;
    if (!hours) {
        return _t("%s min", rest);
    }
    return rest && (units > 1 || hours < LONG) ? _t("%(hours)s h %(minutes)s min", { hours, minutes: rest }) : _t("%s h", hours);
}
