/**
 * Whether the user works in the helpdesk, told without a request: agents have its app among their menus.
 *
 * @param {import("@web/env").OdooEnv} env
 */
export function isAgent(env) {
    return env.services.menu?.getApps().some((app) => app.xmlid === "helpdesk_core.helpdesk_menu_root") ?? false;
}

/**
 * Whether what the user writes on a ticket goes to its customer. Who raised it, employee or agent, is the customer
 * there (unless they also work on it), and so writes to the helpdesk and keeps no notes.
 *
 * @param {import("@web/env").OdooEnv} env
 * @param {import("models").Thread} thread
 */
export function writesToCustomer(env, thread) {
    return isAgent(env) && !thread.isOwnRequest;
}
