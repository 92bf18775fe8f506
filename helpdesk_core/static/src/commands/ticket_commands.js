import { ShortcutsDialog } from "@helpdesk_core/commands/shortcuts_dialog";
import { isAgent } from "@helpdesk_core/core/agent";
import { _t } from "@web/core/l10n/translation";
import { DefaultCommandItem } from "@web/core/commands/command_palette";
import { HotkeyCommandItem } from "@web/core/commands/default_providers";
import { registry } from "@web/core/registry";

const PLACES = [
    { name: _t("Helpdesk: Overview"), action: "helpdesk_core.helpdesk_overview_action", hotkey: "alt+shift+h" },
    { name: _t("Helpdesk: My Tickets"), action: "helpdesk_core.helpdesk_ticket_action_my", hotkey: "alt+shift+y" },
    { name: _t("Helpdesk: Unassigned"), action: "helpdesk_core.helpdesk_ticket_action_unassigned", hotkey: "alt+shift+z" },
    { name: _t("Helpdesk: All Tickets"), action: "helpdesk_core.helpdesk_ticket_action" },
];
const LIMIT = 5;
const NUMBER = /^\s*#?\s*[a-z/._-]{0,10}\d[a-z0-9/._-]{0,10}\s*$/i; // "HD00012", "#hd12", "12": the server knows which it is

// What an action of the palette returns would be its next page: hence braces, and nothing returned.

function openTicket(env, id) {
    env.services.action.doAction({
        type: "ir.actions.act_window",
        res_model: "helpdesk.ticket",
        res_id: id,
        views: [[false, "form"]],
    });
}

function openPlace(env, action) {
    env.services.action.doAction(action, { clearBreadcrumbs: true });
}

/** Tickets with that number, as far as the user may read them. */
async function findTickets(env, text) {
    if (!NUMBER.test(text) || !isAgent(env)) {
        return [];
    }
    const found = await env.services.orm.silent.call("helpdesk.ticket", "find_by_number", [text, LIMIT]);
    return found.map((ticket) => ({
        name: _t("Open ticket %(number)s: %(subject)s", { number: ticket.number, subject: ticket.name }),
        category: "helpdesk",
        action: () => openTicket(env, ticket.id),
    }));
}

registry.category("command_categories").add("helpdesk", { namespace: "default" }, { sequence: 20 });
registry.category("command_categories").add("helpdesk_number", { namespace: "#" }, { sequence: 1 });

const providers = registry.category("command_provider");

/** "Helpdesk: …" from anywhere. What stands on a ticket's form comes from its buttons, each with its key. */
providers.add("helpdesk_core.places", {
    provide: (env) =>
        isAgent(env)
            ? PLACES.map(({ name, action, hotkey }) => ({
                  Component: hotkey ? HotkeyCommandItem : DefaultCommandItem,
                  name,
                  category: "helpdesk",
                  action: () => openPlace(env, action),
                  props: hotkey ? { hotkey } : {},
              }))
            : [],
});

providers.add("helpdesk_core.shortcuts", {
    provide: (env) =>
        isAgent(env)
            ? [
                  {
                      name: _t("Helpdesk: Keyboard Shortcuts"),
                      category: "helpdesk",
                      action: () => void env.services.dialog.add(ShortcutsDialog),
                  },
              ]
            : [],
});

providers.add("helpdesk_core.number", {
    provide: (env, { searchValue = "" } = {}) => findTickets(env, searchValue),
});

/** "#HD00012": the sign that tickets' numbers carry in mails. */
registry.category("command_setup").add("#", {
    emptyMessage: _t("No ticket has this number"),
    placeholder: _t("Number of a ticket…"),
});

providers.add("helpdesk_core.number_sign", {
    namespace: "#",
    provide: async (env, { searchValue = "" } = {}) =>
        (await findTickets(env, searchValue)).map((command) => ({ ...command, category: "helpdesk_number" })),
});

/** The same keys without the palette, from anywhere in the backend. */
registry.category("services").add("helpdesk_core.keys", {
    dependencies: ["action", "hotkey", "menu"],
    start(env, { hotkey }) {
        for (const place of PLACES.filter((one) => one.hotkey)) {
            hotkey.add(place.hotkey, () => openPlace(env, place.action), {
                global: true,
                isAvailable: () => isAgent(env),
            });
        }
    },
});
