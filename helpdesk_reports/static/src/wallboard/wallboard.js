import { spoken } from "@helpdesk_core/core/time";
import { idsOf } from "@helpdesk_reports/dashboard/filters";
import { passed } from "@helpdesk_sla/badge/sla_badge";
import { worked } from "@helpdesk_sla/core/worked";
import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onMounted, onWillStart, onWillUnmount, useExternalListener, useState } from "@odoo/owl";

const { DateTime } = luxon;
const POLL_MS = 15000;
const TICK_MS = 1000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const ICONS = { missed: "fa-bell-slash-o", warning: "fa-bell-o", running: "fa-clock-o", waits: "fa-hourglass-half" };

/** A screen on the wall: six figures and what burns. Nobody touches it, so it looks after itself. */
export class HelpdeskWallboard extends Component {
    static template = "helpdesk_reports.Wallboard";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.icons = ICONS;
        this.state = useState({ data: null, teams: [], chosen: idsOf(router.current.teams), now: DateTime.now(), lostSince: null });
        this.ahead = 0; // milliseconds the server's clock is ahead of this screen's
        onWillStart(async () => {
            const [choices] = await Promise.all([this.orm.call("helpdesk.dashboard", "get_choices", []), this.load()]);
            this.state.teams = choices.teams;
        });
        onMounted(() => {
            this.poll = browser.setInterval(() => this.load(), POLL_MS);
            this.tick = browser.setInterval(() => this.setNow(), TICK_MS);
            this.stayAwake();
            this.keepInUrl();
        });
        onWillUnmount(() => {
            browser.clearInterval(this.poll);
            browser.clearInterval(this.tick);
            this.lock?.release().catch(() => {});
        });
        useExternalListener(document, "visibilitychange", () => {
            if (!document.hidden) {
                this.stayAwake();
                this.load();
            }
        });
    }

    /** What was last known stays on the wall while the server is away. */
    async load() {
        const asked = this.state.chosen;
        try {
            const data = await this.orm.silent.call("helpdesk.dashboard", "get_wallboard", [asked]);
            if (asked === this.state.chosen) {
                this.ahead = deserializeDateTime(data.at).diff(DateTime.now()).milliseconds;
                Object.assign(this.state, { data, lostSince: null });
                this.setNow();
            }
        } catch {
            this.state.lostSince ||= DateTime.now();
        }
    }

    setNow() {
        this.state.now = DateTime.now().plus(this.ahead);
    }

    /** Where the browser can, and does not mind: the screen is not to go dark. */
    async stayAwake() {
        this.lock = await browser.navigator.wakeLock?.request("screen").catch(() => null);
    }

    keepInUrl() {
        this.props.updateActionState?.({ teams: this.state.chosen.join("-") || undefined });
    }

    choose(value) {
        this.state.chosen = idsOf(value);
        this.keepInUrl();
        return this.load();
    }

    leave() {
        return this.action.doAction("helpdesk_reports.helpdesk_dashboard_action", { clearBreadcrumbs: true });
    }

    get isSeveral() {
        return this.state.chosen.length > 1;
    }

    get title() {
        return this.state.data?.teams.join(", ") || _t("All teams");
    }

    get clock() {
        return this.state.now.toLocaleString(DateTime.TIME_SIMPLE);
    }

    get lost() {
        return _t("No connection since %s. These figures are old.", this.state.lostSince.toLocaleString(DateTime.TIME_SIMPLE));
    }

    get rows() {
        return this.state.data.rows.map((row) => ({ ...row, ...this.burns(row) }));
    }

    /** How a row burns: missed, at risk, running, or somebody waits; and for how long, in working time where promised. */
    burns({ badge, waits_since }) {
        if (badge?.due_at && badge.left !== null) {
            const left = badge.left - passed(badge.spans || [], this.state.now.toSeconds());
            if (left <= 0) {
                return { tone: "missed", time: worked(left, 1), word: _t("late"), what: badge.name };
            }
            return { tone: badge.state === "warning" ? "warning" : "running", time: counted(left), word: _t("left"), what: badge.name };
        }
        if (!waits_since) {
            return { tone: "running", time: "", word: "", what: "" };
        }
        const seconds = this.state.now.diff(deserializeDateTime(waits_since), "seconds").seconds;
        return { tone: "waits", time: spoken(seconds, 1), word: _t("waits"), what: _t("Customer waits") };
    }
}

/** What is left, by the second in the last hour. */
function counted(seconds) {
    if (seconds >= HOUR) {
        return worked(Math.ceil(seconds / MINUTE) * MINUTE, 1);
    }
    const whole = Math.ceil(seconds);
    return `${Math.floor(whole / MINUTE)}:${String(whole % MINUTE).padStart(2, "0")}`;
}

registry.category("actions").add("helpdesk_wallboard", HelpdeskWallboard);
