import { spoken } from "@helpdesk_core/core/time";
import { useTickets } from "@helpdesk_core/core/tickets_hook";
import { TeamCard } from "@helpdesk_core/overview/team_card";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onMounted, onWillStart, onWillUnmount, useExternalListener, useState } from "@odoo/owl";

const REFRESH_MS = 60000;

/** What an agent sees first: their own figures, and a card for each team. */
export class HelpdeskOverview extends Component {
    static template = "helpdesk_core.Overview";
    static components = { Layout, TeamCard };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.tickets = useTickets();
        this.state = useState({ me: [], teams: [], can_create_team: false });
        this.display = { controlPanel: {} };
        onWillStart(() => this.load());
        onMounted(() => {
            this.timer = browser.setInterval(() => this.refresh(), REFRESH_MS);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
        useBus(this.env.bus, "helpdesk_core:call_registered", () => this.load(this.orm.silent));
        useExternalListener(document, "visibilitychange", () => this.refresh());
    }

    get mine() {
        return this.state.teams.filter((team) => team.mine);
    }

    get others() {
        return this.state.teams.filter((team) => !team.mine);
    }

    async load(orm = this.orm) {
        Object.assign(this.state, await orm.call("helpdesk.overview", "get_overview", []));
        this.loadedAt = Date.now();
    }

    /** Renews the figures quietly; a server that is away for a moment is no news here. */
    async refresh() {
        if (document.hidden || Date.now() - this.loadedAt < REFRESH_MS / 2) {
            return;
        }
        this.loadedAt = Date.now();
        await this.load(this.orm.silent).catch(() => {});
    }

    valueOf(counter) {
        if (counter.kind === "duration") {
            return counter.value === false ? "–" : spoken(counter.value);
        }
        if (counter.kind === "percent") {
            return counter.value === false ? "–" : `${counter.value} %`;
        }
        return String(counter.value);
    }

    toneOf(counter) {
        return counter.tone && counter.value ? `o_helpdesk_${counter.tone}` : "";
    }

    openCounter(counter) {
        return this.tickets.openList(counter.label, counter.domain);
    }

    createTicket() {
        return this.createRecord("helpdesk.ticket");
    }

    createTeam() {
        return this.createRecord("helpdesk.team");
    }

    createRecord(resModel) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("helpdesk_overview", HelpdeskOverview);
