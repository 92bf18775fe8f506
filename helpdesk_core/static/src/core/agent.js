/**
 * Whether the user works in the helpdesk, told without a request: agents have its app among their menus.
 *
 * @param {import("@web/env").OdooEnv} env
 */
export function isAgent(env) {
    return env.services.menu?.getApps().some((app) => app.xmlid === "helpdesk_core.helpdesk_menu_root") ?? false;
}
