import { browser } from "@web/core/browser/browser";

const SEARCH = "helpdesk_search";
const VISIT = "helpdesk_visit";
const DAY = 24 * 60 * 60 * 1000;

/** Sends a form's values to one of our own addresses, with the page's key against forged requests. */
export function send(url, values, options = {}) {
    const body = new FormData();
    for (const [name, value] of Object.entries({ csrf_token: odoo.csrf_token, ...values })) {
        body.append(name, value);
    }
    return browser.fetch(url, { method: "POST", body, ...options });
}

/** What this tab keeps of a visit; nothing where the browser lets pages keep nothing. */
function keep(name, value) {
    try {
        browser.sessionStorage.setItem(name, value);
    } catch {
        // then the visit is not told apart, and nothing else is lost
    }
}

function kept(name) {
    try {
        return browser.sessionStorage.getItem(name);
    } catch {
        return null;
    }
}

/** The key of the last search of this tab, for as long as a ticket may come of it. */
export function searchKey() {
    const [key, at] = (kept(SEARCH) || "").split(" ");
    return key && Date.now() - Number(at) < DAY ? key : "";
}

export function keepSearchKey(key) {
    if (key) {
        keep(SEARCH, `${key} ${Date.now()}`);
    }
}

/** The random key of this visit; says nothing about who it is. */
export function visitKey() {
    let key = kept(VISIT);
    if (!key) {
        key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
            byte.toString(16).padStart(2, "0")
        ).join("");
        keep(VISIT, key);
    }
    return key;
}

/** Logs a search that was sent off and keeps its key. Returns the key, "" when nothing was logged. */
export async function logSearch(search) {
    try {
        const response = await send("/help/search/sent", { search });
        const { key } = await response.json();
        keepSearchKey(key);
        return key || "";
    } catch {
        return ""; // counting must never stand in the way of reading
    }
}

export function noteOpened(key, article) {
    if (key && article) {
        send("/help/search/opened", { key, article }, { keepalive: true }).catch(() => {});
    }
}
