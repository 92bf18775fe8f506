import { useTickets } from "@helpdesk_core/core/tickets_hook";
import { spoken, useClock } from "@helpdesk_core/core/time";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { pyToJsLocale } from "@web/core/l10n/utils";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { useSelectCreate } from "@web/views/fields/relational_utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, status, useState } from "@odoo/owl";

const ICONS = {
    new: "fa-star-o",
    open: "fa-circle-o",
    waiting_customer: "fa-pause",
    waiting_third_party: "fa-pause",
    solved: "fa-check",
    closed: "fa-lock",
};

/** Who the ticket is for, beside the ticket: how to reach them, what else they asked. Loads after the form. */
export class CustomerCard extends Component {
    static template = "helpdesk_core.CustomerCard";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.tickets = useTickets();
        this.clock = useClock();
        this.state = useState({ card: null, failed: false });
        this.keepLast = new KeepLast();
        useRecordObserver((record) => {
            const key = [record.resId, record.data.partner_id?.id, record.data.partner_email, record.data.partner_name].join();
            if (!record.dirty && key !== this.key) {
                this.key = key;
                this.load(record.resId); // not awaited: the form does not wait for it
            }
        });
        this.choose = useSelectCreate({
            resModel: "res.partner",
            activeActions: { create: true, link: false },
            onSelected: ([id]) => this.assign(id),
            onCreateEdit: () => {},
        });
    }

    get record() {
        return this.props.record;
    }

    get partner() {
        return this.state.card.partner;
    }

    get name() {
        const { card } = this.state;
        return card.partner ? card.partner.name : card.name || card.email || _t("Unknown customer");
    }

    /** Nobody at all is behind the ticket, such as one that agents make for themselves: nothing to show. */
    get isEmpty() {
        const { card } = this.state;
        return Boolean(card && !card.partner && !card.name && !card.email && !this.phone && !card.similar?.length);
    }

    get phone() {
        return this.partner ? this.partner.phone : this.record.data.partner_phone;
    }

    get telephone() {
        return `tel:${this.phone.replace(/[^\d+]/g, "")}`;
    }

    get email() {
        return this.partner ? this.partner.email : this.state.card.email;
    }

    get place() {
        return [this.partner?.city, this.partner?.country].filter(Boolean).join(", ");
    }

    get language() {
        const lang = this.partner?.lang;
        if (!lang) {
            return "";
        }
        const names = new Intl.DisplayNames([user.lang], { type: "language" });
        return names.of(pyToJsLocale(lang));
    }

    /** The customer's time of day; a time zone unknown to the browser shows none. */
    get localTime() {
        const there = this.partner?.tz && this.clock.now.setZone(this.partner.tz);
        if (!there?.isValid) {
            return "";
        }
        return _t("%s there", there.toLocaleString({ ...luxon.DateTime.TIME_SIMPLE, weekday: "short" }));
    }

    get openText() {
        const count = this.state.card.open_count;
        if (!count) {
            return _t("No other open ticket");
        }
        return count === 1 ? _t("1 other open ticket") : _t("%s other open tickets", count);
    }

    get similarText() {
        const count = this.state.card.similar.length;
        return count === 1 ? _t("1 open ticket looks alike") : _t("%s open tickets look alike", count);
    }

    iconOf(ticket) {
        return ICONS[ticket.status];
    }

    ageOf(ticket) {
        const created = deserializeDateTime(ticket.create_date);
        return _t("%s ago", spoken(this.clock.now.diff(created, "seconds").seconds, 1));
    }

    async load(id) {
        if (!id) {
            this.state.card = null;
            return;
        }
        try {
            const card = await this.keepLast.add(this.orm.silent.call("helpdesk.ticket", "get_customer_card", [[id]]));
            if (status(this) !== "destroyed") {
                Object.assign(this.state, { card, failed: false });
            }
        } catch {
            this.state.failed = true; // the form remains of use without the card
        }
    }

    openPartner() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: this.partner.id,
            views: [[false, "form"]],
        });
    }

    async openAll() {
        return this.action.doAction(
            await this.orm.call("helpdesk.ticket", "action_view_customer_tickets", [[this.record.resId]]));
    }

    /** Asks which of the two goes on, the older one proposed. */
    mergeInto(other) {
        return this.action.doAction("helpdesk_core.helpdesk_ticket_merge_dialog_action", {
            additionalContext: { active_ids: [this.record.resId, other.id] },
        });
    }

    async link(other) {
        if (await this.record.save()) {
            await this.orm.call("helpdesk.ticket", "action_link_similar", [[this.record.resId], other.id]);
            await this.record.load();
            await this.load(this.record.resId);
        }
    }

    async makeContact() {
        if (await this.record.save()) {
            await this.orm.call("helpdesk.ticket", "action_make_contact", [[this.record.resId]]);
            await this.record.load();
        }
    }

    chooseContact() {
        return this.choose({
            domain: [],
            context: {},
            title: _t("Who is %s?", this.name),
        });
    }

    async assign(id) {
        if (await this.record.save()) {
            await this.orm.write("helpdesk.ticket", [this.record.resId], { partner_id: id });
            await this.record.load();
        }
    }
}

export const customerCard = {
    component: CustomerCard,
    fieldDependencies: [
        { name: "partner_id", type: "many2one" },
        { name: "partner_name", type: "char" },
        { name: "partner_email", type: "char" },
        { name: "partner_phone", type: "char" },
    ],
};

registry.category("view_widgets").add("helpdesk_customer_card", customerCard);
