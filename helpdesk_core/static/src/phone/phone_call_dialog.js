import { useTickets } from "@helpdesk_core/core/tickets_hook";
import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { Dialog } from "@web/core/dialog/dialog";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

import { Component, useState } from "@odoo/owl";

/** A phone call in one step: who, what, notes; a ticket at the end. */
export class PhoneCallDialog extends Component {
    static template = "helpdesk_core.PhoneCallDialog";
    static components = { AutoComplete, Dialog };
    static props = { close: Function };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.tickets = useTickets();
        // `value` follows what is chosen, not what is typed: a change of it closes the list.
        this.state = useState({ value: "", caller: "", partner: null, name: "", notes: "", solved: false, isMissing: false, isSaving: false });
        this.sources = [{ placeholder: _t("Searching…"), optionSlot: "caller", options: (term) => this.search(term) }];
        useHotkey("control+enter", () => this.save(), { bypassEditableProtection: true });
    }

    async search(term) {
        if (!term) {
            return [];
        }
        const callers = await this.orm.silent.call("helpdesk.ticket", "search_callers", [term]);
        return callers.map((caller) => ({ label: caller.name, data: { caller }, onSelect: () => this.select(caller) }));
    }

    select(caller) {
        Object.assign(this.state, { value: caller.name, caller: caller.name, partner: caller });
    }

    onCallerInput({ inputValue }) {
        if (inputValue !== this.state.caller) {
            Object.assign(this.state, { caller: inputValue, partner: null });
        }
    }

    openText(caller) {
        return caller.open_count === 1 ? _t("1 open ticket") : _t("%s open tickets", caller.open_count);
    }

    openPartnerTickets() {
        this.props.close();
        return this.tickets.openList(this.state.partner.name, [
            ["partner_id", "=", this.state.partner.id],
            ["is_closed", "=", false],
        ]);
    }

    async save({ open = false } = {}) {
        const { caller, partner, name, notes, solved } = this.state;
        this.state.isMissing = !name.trim();
        if (this.state.isMissing || this.state.isSaving) {
            return;
        }
        this.state.isSaving = true;
        try {
            const values = { name, notes, solved };
            Object.assign(values, partner ? { partner_id: partner.id } : { caller });
            const id = await this.orm.call("helpdesk.ticket", "register_call", [values]);
            this.props.close();
            this.env.bus.trigger("helpdesk_core:call_registered", { id });
            if (open) {
                return await this.tickets.open(id);
            }
            this.notification.add(solved ? _t("The call is registered and solved.") : _t("The call is registered."), {
                type: "success",
                buttons: [{ name: _t("Open the ticket"), primary: true, onClick: () => this.tickets.open(id) }],
            });
        } finally {
            this.state.isSaving = false;
        }
    }
}

registry.category("actions").add("helpdesk_phone_call", (env) => env.services.dialog.add(PhoneCallDialog));
