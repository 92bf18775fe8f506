import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { fuzzyLookup } from "@web/core/utils/search";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

/** "Macro ▾" on a ticket: the user's macros for it, most used first. Loaded when opened, never before. */
export class MacroMenu extends Component {
    static template = "helpdesk_core.MacroMenu";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.dropdown = useDropdownState();
        this.state = useState({ macros: [], isLoaded: false, term: "" });
        useAutofocus({ refName: "search" });
    }

    get found() {
        const { macros, term } = this.state;
        return term ? fuzzyLookup(term, macros, (macro) => `${macro.name} ${macro.description}`) : macros;
    }

    /** The ticket is saved first: the macro works on what stands there. */
    async load() {
        Object.assign(this.state, { macros: [], isLoaded: false, term: "" });
        if (!(await this.props.record.save())) {
            return this.dropdown.close();
        }
        this.state.macros = await this.orm.call("helpdesk.macro", "get_choices", [[this.props.record.resId]]);
        this.state.isLoaded = true;
    }

    onSearchKeydown(ev) {
        const [first] = this.found;
        if (ev.key === "Enter" && first) {
            ev.preventDefault();
            ev.stopPropagation();
            this.dropdown.close();
            return this.choose(first, ev);
        }
    }

    choose(macro, ev) {
        return macro.run_at_once || ev?.ctrlKey || ev?.metaKey ? this.run(macro) : this.preview(macro);
    }

    runNow(macro) {
        this.dropdown.close();
        return this.run(macro);
    }

    async run(macro) {
        const { done, remarks } = await this.orm.call("helpdesk.ticket", "apply_macro", [[this.props.record.resId], macro.id]);
        if (done) {
            this.notification.add([_t("%s: done.", macro.name), ...remarks].join(" "), {
                type: remarks.length ? "warning" : "success",
            });
        }
        return this.reload();
    }

    preview(macro) {
        const { resId } = this.props.record;
        return this.action.doAction("helpdesk_core.helpdesk_macro_run_action", {
            additionalContext: { active_id: resId, active_ids: [resId], active_model: "helpdesk.ticket", default_macro_id: macro.id },
            onClose: () => this.reload(),
        });
    }

    manage() {
        return this.action.doAction("helpdesk_core.helpdesk_macro_action");
    }

    reload() {
        return this.props.record.model.load();
    }
}

registry.category("view_widgets").add("helpdesk_macro_menu", { component: MacroMenu });
