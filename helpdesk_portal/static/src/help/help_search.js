import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { markup } from "@odoo/owl";
import { setElementContent } from "@web/core/utils/html";
import { Interaction } from "@web/public/interaction";

const PAUSE = 200;

/** Articles while one types: a list to walk through with the arrow keys. One request a pause; an outdated one ends. */
export class HelpdeskHelpSearch extends Interaction {
    static selector = ".o_helpdesk_search";
    dynamicContent = {
        "input[type=search]": {
            "t-on-input": () => this.typed(),
            "t-on-keydown": (ev) => this.key(ev),
            "t-on-blur": () => this.waitForTimeout(() => this.close(), 150),
            "t-att-aria-expanded": () => (this.rows.length ? "true" : "false"),
            "t-att-aria-activedescendant": () => (this.at >= 0 ? `helpdesk_typing_${this.at}` : undefined),
        },
    };

    setup() {
        this.input = this.el.querySelector("input[type=search]");
        this.list = this.el.querySelector(".o_helpdesk_typing");
        this.said = this.el.querySelector(".o_helpdesk_typing_said");
        this.input.setAttribute("role", "combobox");
        this.input.setAttribute("aria-autocomplete", "list");
        this.input.setAttribute("aria-controls", this.list.id);
        this.rows = [];
        this.at = -1;
    }

    typed() {
        clearTimeout(this.timer);
        this.outdated?.abort();
        this.timer = this.waitForTimeout(() => this.ask(), PAUSE);
    }

    async ask() {
        const search = this.input.value.trim();
        if (search.length < 2) {
            return this.close();
        }
        this.outdated = new AbortController();
        try {
            const address = `/help/search/typing?search=${encodeURIComponent(search)}`;
            const response = await browser.fetch(address, { signal: this.outdated.signal });
            const rows = await response.json();
            if (search === this.input.value.trim()) {
                this.show(rows);
            }
        } catch {
            // outdated, or the network is gone: the button still searches
        }
    }

    show(rows) {
        this.rows = rows;
        this.at = -1;
        this.list.replaceChildren(
            ...rows.map((row, place) => {
                const item = document.createElement("li");
                item.id = `helpdesk_typing_${place}`;
                item.setAttribute("role", "option");
                item.setAttribute("aria-selected", "false");
                setElementContent(item, markup(row.title)); // escaped by the search but for <mark>
                item.addEventListener("mousedown", (ev) => {
                    ev.preventDefault();
                    this.open(place);
                });
                return item;
            })
        );
        this.list.classList.toggle("d-none", !rows.length);
        this.said.textContent = rows.length
            ? _t("%s articles fit. Walk through them with the arrow keys.", rows.length)
            : _t("No article fits yet.");
        this.updateContent();
    }

    close() {
        this.rows = [];
        this.at = -1;
        this.list.classList.add("d-none");
        this.said.textContent = "";
        this.updateContent();
    }

    open(place) {
        browser.location.href = this.rows[place].url;
    }

    key(ev) {
        if (!this.rows.length) {
            return;
        }
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            const size = this.rows.length + 1; // one more: back in the field
            this.at = ((this.at + 1 + (ev.key === "ArrowDown" ? 1 : -1) + size) % size) - 1;
            [...this.list.children].forEach((item, place) =>
                item.setAttribute("aria-selected", place === this.at ? "true" : "false")
            );
        } else if (ev.key === "Enter" && this.at >= 0) {
            ev.preventDefault();
            this.open(this.at);
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            this.close();
        }
    }
}

registry.category("public.interactions").add("helpdesk_portal.help_search", HelpdeskHelpSearch);
