import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { keepSearchKey, logSearch, noteOpened, searchKey } from "./help_trail";

/** A search that was sent off is counted by the page's script, and what came of it: an article, or a ticket. */
export class HelpdeskHelpFound extends Interaction {
    static selector = ".o_helpdesk_found[data-search]";
    dynamicContent = {
        "a[data-article]": { "t-on-click": (ev) => this.opened(ev), "t-on-auxclick": (ev) => this.opened(ev) },
    };

    setup() {
        this.logged = logSearch(this.el.dataset.search);
        this.logged.then(() => this.el.setAttribute("data-logged", "1"));
    }

    async opened(ev) {
        const { article } = ev.currentTarget.dataset;
        noteOpened(await this.logged, article);
    }
}

/** "Ask us" takes along which search led here, so that a search that ended in a ticket counts as one. */
export class HelpdeskHelpAsk extends Interaction {
    static selector = ".o_helpdesk_ask";
    dynamicContent = { _root: { "t-on-click": () => this.take(), "t-on-auxclick": () => this.take() } };

    take() {
        const key = searchKey();
        if (key) {
            keepSearchKey(key);
            const url = new URL(this.el.href);
            url.searchParams.set("found", key);
            this.el.href = url;
        }
    }
}

registry.category("public.interactions").add("helpdesk_portal.help_found", HelpdeskHelpFound);
registry.category("public.interactions").add("helpdesk_portal.help_ask", HelpdeskHelpAsk);
