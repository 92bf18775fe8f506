import { exactly, spoken, useClock } from "@helpdesk_core/core/time";
import { useTickets } from "@helpdesk_core/core/tickets_hook";
import { FlowBars } from "@helpdesk_core/overview/flow_bars";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { Component } from "@odoo/owl";

/** One team at a glance. Each number opens its tickets. */
export class TeamCard extends Component {
    static template = "helpdesk_core.TeamCard";
    static components = { CopyButton, FlowBars };
    static props = { team: Object };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.tickets = useTickets();
        this.clock = useClock();
        this.copied = _t("Copied");
    }

    get team() {
        return this.props.team;
    }

    get oldest() {
        return deserializeDateTime(this.team.waits_since);
    }

    get waits() {
        return _t("The oldest waits %s", spoken(this.clock.now.diff(this.oldest, "seconds").seconds));
    }

    get waitsExactly() {
        return _t("Since %s", exactly(this.oldest));
    }

    toneOf(counter) {
        return counter.tone && counter.value ? `o_helpdesk_${counter.tone}` : "";
    }

    get satisfied() {
        return _t("%s %% satisfied", this.team.satisfaction.percent);
    }

    async openRatings() {
        return this.action.doAction(await this.orm.call("helpdesk.team", "action_view_ratings", [[this.team.id]]));
    }

    async openTickets() {
        return this.action.doAction(await this.orm.call("helpdesk.team", "action_view_tickets", [[this.team.id]]));
    }

    openCounter(counter) {
        return this.tickets.openList(
            _t("%(team)s: %(counter)s", { team: this.team.name, counter: counter.label }), counter.domain);
    }

    openOldest() {
        return this.openCounter(this.team.counters.find((counter) => counter.key === "waiting"));
    }

    openSettings() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "helpdesk.team",
            res_id: this.team.id,
            views: [[false, "form"]],
        });
    }
}
