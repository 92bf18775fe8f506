import { useTickets } from "@helpdesk_core/core/tickets_hook";
import { DashboardFilters, keepFilters, startingFilters } from "@helpdesk_reports/dashboard/filters";
import {
    FlowSection,
    KnowledgeSection,
    NowSection,
    PeopleSection,
    PromisesSection,
    SatisfactionSection,
    SpeedSection,
} from "@helpdesk_reports/dashboard/sections";
import { browser } from "@web/core/browser/browser";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";

const { DateTime } = luxon;
const REFRESH_MS = 60000;
const SECTIONS = {
    now: [_t("Now"), NowSection],
    flow: [_t("Flow"), FlowSection],
    promises: [_t("Promises"), PromisesSection],
    speed: [_t("Speed"), SpeedSection],
    people: [_t("People"), PeopleSection],
    satisfaction: [_t("Satisfaction"), SatisfactionSection],
    knowledge: [_t("Knowledge"), KnowledgeSection],
};

/** Where the team stands and why. Each section comes by itself; all look at the same period, teams, brand and customer. */
export class HelpdeskDashboard extends Component {
    static template = "helpdesk_reports.Dashboard";
    static components = { DashboardFilters, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.tickets = useTickets();
        this.display = { controlPanel: {} };
        this.state = useState({ choices: null, filters: startingFilters(), period: null, sections: {} });
        this.asked = 0;
        onWillStart(async () => {
            this.state.choices = await this.orm.call("helpdesk.dashboard", "get_choices", []);
            const known = this.state.choices.teams.map((team) => team.id);
            this.state.filters.team_ids = this.state.filters.team_ids.filter((id) => known.includes(id));
        });
        onMounted(() => {
            this.load();
            this.timer = browser.setInterval(() => !document.hidden && this.loadSection("now", this.asked), REFRESH_MS);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    get sections() {
        return this.state.choices.sections
            .filter((key) => key in SECTIONS)
            .map((key) => ({ key, label: SECTIONS[key][0], Section: SECTIONS[key][1], ...this.state.sections[key] }));
    }

    get days() {
        const { period } = this.state;
        if (!period) {
            return "";
        }
        const [first, last] = [period.first, period.last].map((day) => deserializeDate(day).toLocaleString(DateTime.DATE_MED));
        return first === last
            ? _t("%(first)s, compared with the day before", { first })
            : _t("%(first)s – %(last)s, compared with the %(days)s days before", { first, last, days: period.days });
    }

    update(change) {
        Object.assign(this.state.filters, change);
        const { period, from, to } = this.state.filters;
        if (period === "custom" && !(from && to && from <= to)) {
            return; // half of it has been chosen
        }
        this.load();
    }

    load() {
        this.props.updateActionState?.(keepFilters(this.state.filters));
        this.asked++;
        return Promise.all(this.state.choices.sections.map((key) => this.loadSection(key, this.asked)));
    }

    /** What was there stays until the new figures come; an answer to an older question is dropped. */
    async loadSection(key, asked) {
        const section = (this.state.sections[key] ||= { data: null, failed: false, loading: false });
        section.loading = asked !== section.asked;
        section.asked = asked;
        try {
            const found = await this.orm.silent.call("helpdesk.dashboard", "get_dashboard", [this.state.filters, [key]]);
            if (asked === this.asked) {
                Object.assign(section, { data: found[key], failed: false });
                this.state.period = found.period;
            }
        } catch (error) {
            if (asked === this.asked) {
                section.failed = error.data?.message || _t("The server did not answer. What is shown may be old.");
            }
        } finally {
            if (asked === this.asked) {
                section.loading = false;
            }
        }
    }

    retry(key) {
        return this.loadSection(key, this.asked);
    }

    /** Opens what `figure` counts. */
    open(figure, name) {
        const { model, domain } = figure.open;
        const title = name || figure.label;
        if (model === "helpdesk.ticket") {
            return this.tickets.openList(title, domain);
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: title,
            res_model: model,
            domain,
            context: { search_disable_custom_filters: true },
            views: [[false, "list"], [false, "pivot"], [false, "graph"]],
        });
    }

    openTicket(id) {
        return this.tickets.open(id);
    }

    chooseTeam(id) {
        this.update({ team_ids: [id] });
    }
}

registry.category("actions").add("helpdesk_dashboard", HelpdeskDashboard);
