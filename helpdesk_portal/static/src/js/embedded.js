import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** A form inside another site tells that site, if it is an allowed one, how high it is. */
export class HelpdeskEmbedded extends Interaction {
    static selector = ".o_helpdesk_page[data-parents]";

    setup() {
        const allowed = this.el.dataset.parents.split(" ");
        let parent = "";
        try {
            parent = new URL(document.referrer).origin;
        } catch {
            // opened on its own
        }
        // the thank-you page has our own form as its referrer
        this.parent = allowed.includes(parent) ? parent : this.ancestor(allowed);
    }

    ancestor(allowed) {
        const parent = window.location.ancestorOrigins?.[0];
        return allowed.includes(parent) ? parent : allowed.length === 1 ? allowed[0] : "";
    }

    start() {
        if (window.parent === window || !this.parent) {
            return;
        }
        const watcher = new ResizeObserver(() => this.tell());
        watcher.observe(this.el);
        this.registerCleanup(() => watcher.disconnect());
    }

    tell() {
        const height = Math.ceil(this.el.getBoundingClientRect().bottom + window.scrollY) + 32;
        window.parent.postMessage({ helpdeskFormHeight: height }, this.parent);
    }
}

registry.category("public.interactions").add("helpdesk_portal.embedded", HelpdeskEmbedded);
