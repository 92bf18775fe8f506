import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";

import { Component } from "@odoo/owl";

const STORED = "helpdesk_reports.dashboard";
const NONE = { period: "30", from: "", to: "", team_ids: [], brand_id: false, partner_id: false };
export const PERIODS = [
    ["today", _t("Today")],
    ["7", _t("Last 7 days")],
    ["30", _t("Last 30 days")],
    ["90", _t("Last 90 days")],
    ["month", _t("This month")],
    ["last_month", _t("Last month")],
    ["quarter", _t("This quarter")],
    ["year", _t("This year")],
    ["custom", _t("From … to …")],
];

/** The ids in a part of an address: "3-14". */
export function idsOf(text) {
    return String(text ?? "").split("-").map(Number).filter((id) => Number.isInteger(id) && id > 0);
}

/** The filters of the address, else those of the last time. */
export function startingFilters() {
    const { period, teams, brand, customer, from, to } = router.current;
    if (period || teams || brand || customer) {
        return {
            ...NONE,
            period: PERIODS.some(([key]) => key === String(period)) ? String(period) : NONE.period,
            from: from || "",
            to: to || "",
            team_ids: idsOf(teams),
            brand_id: idsOf(brand)[0] || false,
            partner_id: idsOf(customer)[0] || false,
        };
    }
    try {
        return { ...NONE, ...JSON.parse(browser.localStorage.getItem(STORED) || "{}") };
    } catch {
        return { ...NONE };
    }
}

/** Keeps the filters for the next time, and returns what the address says of them. */
export function keepFilters(filters) {
    browser.localStorage.setItem(STORED, JSON.stringify(filters));
    const custom = filters.period === "custom";
    return {
        period: filters.period,
        from: (custom && filters.from) || undefined,
        to: (custom && filters.to) || undefined,
        teams: filters.team_ids.join("-") || undefined,
        brand: filters.brand_id || undefined,
        customer: filters.partner_id || undefined,
    };
}

/** Period, teams, brand and customer, for all sections together. */
export class DashboardFilters extends Component {
    static template = "helpdesk_reports.DashboardFilters";
    static components = { CheckboxItem, Dropdown, RecordSelector };
    static props = { filters: Object, choices: Object, days: String, update: Function };

    setup() {
        this.periods = PERIODS;
        this.customerHint = _t("All customers");
    }

    get teams() {
        const chosen = this.props.choices.teams.filter((team) => this.props.filters.team_ids.includes(team.id));
        if (!chosen.length) {
            return _t("All teams");
        }
        return chosen.length > 2 ? _t("%s teams", chosen.length) : chosen.map((team) => team.name).join(", ");
    }

    get hasFilters() {
        return this.props.filters.team_ids.length || this.props.filters.brand_id || this.props.filters.partner_id;
    }

    teamName(team) {
        return team.company ? _t("%(team)s (%(company)s)", { team: team.name, company: team.company }) : team.name;
    }

    setPeriod(period) {
        const { first, last } = this.props.filters.shown || {};
        this.props.update({ period, ...(period === "custom" ? { from: first || "", to: last || "" } : {}) });
    }

    toggleTeam(id) {
        const ids = this.props.filters.team_ids;
        this.props.update({ team_ids: ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id] });
    }

    clear() {
        this.props.update({ team_ids: [], brand_id: false, partner_id: false });
    }
}
