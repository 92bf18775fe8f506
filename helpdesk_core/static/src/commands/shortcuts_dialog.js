import { isMacOS } from "@web/core/browser/feature_detection";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

import { Component } from "@odoo/owl";

const GROUPS = [
    {
        name: _t("From anywhere"),
        shortcuts: [
            ["alt+shift+h", _t("Overview")],
            ["alt+shift+y", _t("My Tickets")],
            ["alt+shift+z", _t("Unassigned")],
            ["alt+shift+p", _t("Register a phone call")],
            ["control+k", _t("All commands; type the number of a ticket to open it")],
        ],
    },
    {
        name: _t("On a ticket"),
        shortcuts: [
            ["alt+n", _t("Next ticket of the list")],
            ["alt+p", _t("Previous ticket of the list")],
            ["alt+i", _t("Assign to me")],
            ["alt+w", _t("Solve")],
            ["alt+x", _t("Reopen")],
            ["alt+shift+f", _t("Freeze, unfreeze")],
            ["alt+m", _t("Write to the customer")],
            ["alt+shift+m", _t("Write an internal note")],
            ["control+enter", _t("Send")],
            ["alt+u", _t("Everything behind the cog")],
        ],
    },
];

/** The keys of the helpdesk, as they are on the reader's keyboard. */
export class ShortcutsDialog extends Component {
    static template = "helpdesk_core.ShortcutsDialog";
    static components = { Dialog };
    static props = { close: Function };

    get groups() {
        return GROUPS;
    }

    keys(shortcut) {
        const mac = { control: "command", alt: "control" };
        return shortcut.split("+").map((key) => ((isMacOS() && mac[key]) || key).toUpperCase());
    }
}
