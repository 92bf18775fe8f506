import { isAgent } from "@helpdesk_core/core/agent";
import { PhoneCallDialog } from "@helpdesk_core/phone/phone_call_dialog";
import { useCommand } from "@web/core/commands/command_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

import { Component } from "@odoo/owl";

const HOTKEY = "alt+shift+p";

/** A phone in the top bar, a command and a shortcut: a call is registered from wherever the agent is. */
export class PhoneSystray extends Component {
    static template = "helpdesk_core.PhoneSystray";
    static props = {};

    setup() {
        this.dialog = useService("dialog");
        this.ui = useService("ui");
        useCommand(_t("Register a phone call"), () => this.open(), {
            category: "app",
            hotkey: HOTKEY,
            global: true,
            hotkeyOptions: { bypassEditableProtection: true },
            isAvailable: () => !this.ui.activeElement.querySelector(".o_helpdesk_phone_dialog"),
        });
    }

    get title() {
        return _t("Register a phone call (Alt + Shift + P)");
    }

    open() {
        this.dialog.add(PhoneCallDialog);
    }
}

registry
    .category("systray")
    .add("helpdesk_core.phone", { Component: PhoneSystray, isDisplayed: isAgent }, { sequence: 30 });
