import { browser } from "@web/core/browser/browser";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { onMounted, onWillUnmount, reactive, useState } from "@odoo/owl";

const { DateTime } = luxon;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A span of time as people say it: "35 min", "2 h 10 min", "3 d".
 *
 * @param {number} seconds
 * @param {number} [units] how many units at most; two by default
 */
export function spoken(seconds, units = 2) {
    const span = Math.max(0, Math.floor(seconds / MINUTE)) * MINUTE;
    const parts = [];
    const days = Math.floor(span / DAY);
    const hours = Math.floor((span % DAY) / HOUR);
    const minutes = Math.floor((span % HOUR) / MINUTE);
    if (days) {
        parts.push(_t("%s d", days));
    }
    if (hours) {
        parts.push(_t("%s h", hours));
    }
    if (minutes && !days) {
        parts.push(_t("%s min", minutes));
    }
    return parts.slice(0, units).join(" ") || _t("0 min");
}

/** The exact moment, in the reader's time zone, for tooltips. */
export function exactly(moment) {
    return formatDateTime(moment);
}

const clock = reactive({ now: DateTime.now() });
let readers = 0;
let timer;

function tick() {
    clock.now = DateTime.now();
}

/**
 * The present, renewed every minute: one timer for all that show remaining or past time.
 *
 * @returns {{ now: luxon.DateTime }}
 */
export function useClock() {
    if (!readers) {
        tick();
    }
    const state = useState(clock);
    onMounted(() => {
        if (!readers++) {
            timer = browser.setInterval(tick, MINUTE * 1000);
        }
    });
    onWillUnmount(() => {
        if (!--readers) {
            browser.clearInterval(timer);
        }
    });
    return state;
}
