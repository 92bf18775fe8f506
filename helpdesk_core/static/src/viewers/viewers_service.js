import { isAgent } from "@helpdesk_core/core/agent";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

import { reactive, useEffect, useState } from "@odoo/owl";

export const HEARTBEAT = 10 * 1000; // the server forgets who was silent for twice as long
export const TYPING = 5 * 1000; // without a key: no longer writing
const SETTLE = 100; // boards and forms come in pieces: one request and one subscription for all of them
const CHANNEL = "helpdesk.ticket.viewers_";
const MODEL = "helpdesk.ticket";
const PING_URL = `/web/dataset/call_kw/${MODEL}/viewer_ping`;

/**
 * Who looks at the tickets on this screen, and who writes on them.
 *
 * Asks nothing before a ticket is looked at (`look`) or shown on a board (`watch`). Changes come over the bus; the
 * heartbeat tells that we are still there, brings who came without the bus, and drops who went without a word.
 */
export class Viewers {
    constructor(env, { bus_service: bus, orm }) {
        Object.assign(this, { env, bus, orm });
        this.looked = new Map(); // ticket id -> { readers, state, newest, timer, refused }
        this.watched = new Map(); // ticket id -> number of readers
        this.state = reactive({ viewers: {}, seen: {} });
        bus.subscribe("helpdesk.ticket/viewers", ({ id, viewers }) => this.set(id, viewers));
        bus.subscribe("helpdesk.ticket/message", (payload) => env.bus.trigger("helpdesk_core:ticket_message", payload));
        browser.addEventListener("pagehide", () => this.leaveAll());
        document.addEventListener("visibilitychange", () => this.onVisibility());
    }

    /** Say that the user looks at a ticket; returns what to call when they leave it. */
    look(id) {
        const entry = this.looked.get(id) || { readers: 0, state: "looking", newest: 0 };
        this.looked.set(id, entry);
        if (!entry.readers++) {
            delete this.state.seen[id];
            this.ping(id, entry);
        }
        this.settle();
        return () => {
            if (!--entry.readers) {
                browser.clearTimeout(entry.timer);
                this.looked.delete(id);
                this.send(id, "left", entry);
                this.settle();
            }
        };
    }

    /** Follow who looks at a ticket without looking at it: cards of a board. Returns what to call at the end. */
    watch(id) {
        this.watched.set(id, (this.watched.get(id) || 0) + 1);
        this.settle();
        return () => {
            const readers = this.watched.get(id) - 1;
            readers ? this.watched.set(id, readers) : this.watched.delete(id);
            this.settle();
        };
    }

    /** @param {"answering"|"noting"} state what is being typed on a ticket that is looked at */
    typing(id, state) {
        const entry = this.looked.get(id);
        if (!entry) {
            return;
        }
        browser.clearTimeout(entry.timer);
        entry.timer = browser.setTimeout(() => this.stopTyping(id), TYPING);
        this.change(id, entry, state);
    }

    stopTyping(id) {
        const entry = this.looked.get(id);
        if (entry) {
            browser.clearTimeout(entry.timer);
            this.change(id, entry, "looking");
        }
    }

    /** Note the newest message before the user's eyes; goes to the server with the next heartbeat. */
    sees(id, messageId) {
        const entry = this.looked.get(id);
        if (entry && document.visibilityState === "visible") {
            entry.newest = Math.max(entry.newest, messageId);
        }
    }

    /** @param {typeof this.state} [state] as useState gave it, to be told of changes */
    others(id, state = this.state) {
        return (state.viewers[id] || []).filter((viewer) => viewer.id !== user.userId);
    }

    change(id, entry, state) {
        if (entry.state !== state) {
            entry.state = state;
            this.ping(id, entry);
        }
    }

    async ping(id, entry) {
        if (entry.refused || document.visibilityState !== "visible") {
            return;
        }
        entry.gone = false;
        try {
            const answer = await this.send(id, entry.state, entry);
            if (!answer || this.looked.get(id) !== entry) {
                return;
            }
            this.state.seen[id] ??= answer.seen_message_id;
            this.set(id, answer.viewers);
        } catch (error) {
            // Offline: the next heartbeat tries again. Refused (their own request to another team): never again.
            entry.refused = error.exceptionName === "odoo.exceptions.AccessError";
            this.set(id, []);
        }
    }

    send(id, state, entry) {
        const call = this.orm.silent.call(MODEL, "viewer_ping", [[id], state, entry.newest]);
        return state === "left" ? call.catch(() => {}) : call;
    }

    set(id, viewers) {
        this.state.viewers[id] = viewers;
        const entry = this.looked.get(id);
        if (entry && !entry.refused && viewers.length && !viewers.some((viewer) => viewer.id === user.userId)) {
            this.ping(id, entry); // left in another tab, but not in this one
        }
    }

    /** Once what comes and goes together has done so: listen to what is on the screen, and ask who is there. */
    settle() {
        browser.clearTimeout(this.settling);
        this.settling = browser.setTimeout(() => {
            const ids = [...new Set([...this.looked.keys(), ...this.watched.keys()])].sort((a, b) => a - b);
            const channel = ids.length ? CHANNEL + ids.join(",") : undefined;
            if (channel !== this.channel) {
                channel && this.bus.addChannel(channel);
                this.channel && this.bus.deleteChannel(this.channel);
                this.channel = channel;
                this.refresh();
            }
            browser.clearInterval(this.heart);
            this.heart = ids.length ? browser.setInterval(() => this.beat(), HEARTBEAT) : undefined;
        }, SETTLE);
    }

    beat() {
        for (const [id, entry] of this.looked) {
            this.ping(id, entry);
        }
        this.refresh();
    }

    /** Ask who looks at the cards on the board: one request for all of them. */
    async refresh() {
        const ids = [...this.watched.keys()].filter((id) => !this.looked.has(id));
        if (!ids.length || document.visibilityState !== "visible") {
            return;
        }
        try {
            const found = await this.orm.silent.call(MODEL, "get_viewers", [ids]);
            for (const id of ids) {
                if (found[id] || this.state.viewers[id]?.length) {
                    this.set(id, found[id] || []);
                }
            }
        } catch {
            // the next heartbeat tries again
        }
    }

    onVisibility() {
        if (document.visibilityState === "visible") {
            this.beat();
        } else {
            this.leaveAll();
        }
    }

    /**
     * The page goes: no time for a request, the browser sends these by itself. It says so twice, that the page is no
     * longer seen and that it is left: told at once, the two would meet in the database.
     */
    leaveAll() {
        for (const [id, entry] of this.looked) {
            entry.state = "looking";
            if (entry.gone) {
                continue;
            }
            entry.gone = true;
            const params = { model: MODEL, method: "viewer_ping", args: [[id], "left", entry.newest], kwargs: {} };
            const body = JSON.stringify({ jsonrpc: "2.0", method: "call", params });
            browser.navigator.sendBeacon(PING_URL, new Blob([body], { type: "application/json" }));
        }
    }
}

registry.category("services").add("helpdesk_core.viewers", {
    dependencies: ["bus_service", "orm"],
    start: (env, services) => new Viewers(env, services),
});

/**
 * For a component that shows one ticket: take part as `part` says while it is mounted.
 *
 * @param {"look"|"watch"} part
 * @param {() => number|false} getId of the ticket; false for a new one
 */
export function useViewers(part, getId) {
    const viewers = useService("helpdesk_core.viewers");
    const state = useState(viewers.state);
    const env = viewers.env;
    useEffect(
        (id) => (id && isAgent(env) ? viewers[part](id) : undefined),
        () => [getId()]
    );
    return {
        get others() {
            return viewers.others(getId(), state);
        },
    };
}
