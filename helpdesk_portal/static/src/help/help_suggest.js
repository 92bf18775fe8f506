import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { markup } from "@odoo/owl";
import { setElementContent } from "@web/core/utils/html";
import { Interaction } from "@web/public/interaction";
import { logSearch, noteOpened, searchKey, send } from "./help_trail";

const PAUSE = 500;

/** Articles that may answer a request while it is being written. They open beside it: what was typed stays. */
export class HelpdeskHelpSuggest extends Interaction {
    static selector = "form:has(.o_helpdesk_suggest)";
    dynamicContent = {
        "[name=subject], [name=text]": { "t-on-input": () => this.typed() },
        ".o_helpdesk_answered": { "t-on-click": () => this.answered() },
    };

    setup() {
        this.box = this.el.querySelector(".o_helpdesk_suggest");
        this.list = this.box.querySelector("ul");
        this.found = this.el.elements.found;
        this.found.value ||= new URLSearchParams(browser.location.search).get("found") || searchKey();
    }

    start() {
        this.typed(); // what the form came back with
    }

    value(name) {
        return this.el.elements[name]?.value.trim() || "";
    }

    typed() {
        clearTimeout(this.timer);
        this.outdated?.abort();
        if (this.value("subject").length > 3) {
            this.timer = this.waitForTimeout(() => this.ask(), PAUSE);
        }
    }

    async ask() {
        const [title, text] = [this.value("subject"), this.value("text").slice(0, 3000)];
        this.outdated = new AbortController();
        try {
            const response = await send("/help/search/suggest", { title, text }, { signal: this.outdated.signal });
            const rows = await response.json();
            if (title === this.value("subject") && !this.isDestroyed) {
                this.show(rows);
            }
        } catch {
            // outdated, or the network is gone: the request can be sent all the same
        }
    }

    show(rows) {
        this.list.replaceChildren(
            ...rows.map((row) => {
                const item = document.createElement("li");
                const link = document.createElement("a");
                Object.assign(link, { href: row.url, target: "_blank", rel: "noopener", className: "d-block p-2" });
                const [name, excerpt] = [document.createElement("strong"), document.createElement("span")];
                setElementContent(name, markup(row.title)); // both escaped by the search but for <mark>
                setElementContent(excerpt, markup(row.excerpt));
                excerpt.className = "d-block small";
                link.append(name, excerpt);
                for (const kind of ["click", "auxclick"]) {
                    link.addEventListener(kind, () => this.opened(row));
                }
                item.append(link);
                return item;
            })
        );
        this.box.classList.toggle("d-none", !rows.length);
        if (rows.length) {
            // suggestions that were seen and did not help count as well, when the request is sent
            this.el.elements.suggested.value = this.value("subject");
        }
    }

    async opened(row) {
        this.article = row;
        this.box.querySelector(".o_helpdesk_answered").classList.remove("d-none");
        this.logged ||= logSearch(this.value("subject"));
        this.found.value = (await this.logged) || this.found.value;
        noteOpened(await this.logged, row.id);
    }

    answered() {
        send(`${this.article.url}/vote`, { helpful: "yes" }, { headers: { Accept: "application/json" } }).catch(() => {});
        this.box.querySelector(".o_helpdesk_answered").classList.add("d-none");
        this.box.querySelector(".o_helpdesk_answered_said").classList.remove("d-none");
    }
}

registry.category("public.interactions").add("helpdesk_portal.help_suggest", HelpdeskHelpSuggest);
