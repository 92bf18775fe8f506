import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { isAgent } from "@helpdesk_core/core/agent";
import { useTickets } from "@helpdesk_core/core/tickets_hook";

import { Component, markup, onMounted, onWillUnmount, status, useRef, useState } from "@odoo/owl";

export const INSERT = "HELPDESK_KB:INSERT";
const LETTERS = 2;

/** What helps to answer the ticket: articles for it, similar solved tickets, a search. Loads when it comes into view. */
export class Knowledge extends Component {
    static template = "helpdesk_kb.Knowledge";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.tickets = useTickets();
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        this.state = useState({
            suggested: null, similar: [], found: null, query: "", failed: false, busy: false, open: null, key: null,
        });
        this.searchSoon = useDebounced(() => this.search(), 400);
        useRecordObserver((record) => {
            const key = [record.resId, record.data.name].join();
            if (!record.dirty && key !== this.key) {
                this.key = key;
                this.state.suggested = null;
                this.loadOnSight();
            }
        });
        onMounted(() => {
            this.observer = new IntersectionObserver((entries) => {
                this.visible = entries.some((entry) => entry.isIntersecting);
                this.loadOnSight();
            });
            if (this.root.el) {
                this.observer.observe(this.root.el);
            }
        });
        onWillUnmount(() => this.observer?.disconnect());
    }

    get record() {
        return this.props.record;
    }

    get isShown() {
        return this.record.resId && isAgent(this.env);
    }

    get articles() {
        return this.state.found ?? this.state.suggested ?? [];
    }

    get emptyText() {
        return this.state.found
            ? _t("Nothing found. What you looked for is noted for the editors.")
            : _t("No article seems to fit. Search for one, or make one from this ticket when it is solved.");
    }

    marked(html) {
        return markup(html); // the server escapes everything but <mark>
    }

    loadOnSight() {
        if (this.visible && this.record.resId && !this.state.suggested) {
            this.load();
        }
    }

    async load() {
        if (this.loading === this.key) {
            return;
        }
        this.loading = this.key;
        try {
            const { articles, similar } = await this.keepLast.add(
                this.orm.silent.call("helpdesk.ticket", "get_knowledge", [[this.record.resId]])
            );
            if (status(this) !== "destroyed") {
                Object.assign(this.state, { suggested: articles, similar, failed: false });
            }
        } catch {
            this.state.failed = true; // the form remains of use without it
        }
        this.loading = null;
    }

    onInput(ev) {
        this.state.query = ev.target.value;
        this.searchSoon();
    }

    onKeydown(ev) {
        if (ev.key === "Escape" && this.state.query) {
            ev.stopPropagation();
            this.clear();
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            this.search(true);
        }
    }

    clear() {
        Object.assign(this.state, { query: "", found: null, key: null });
    }

    /** @param {boolean} [sent] not merely typed so far: such a search is logged */
    async search(sent = false) {
        const query = this.state.query.trim();
        if (query.length < LETTERS) {
            this.state.found = null;
            return;
        }
        this.state.busy = true;
        try {
            const { articles, key } = await this.keepLast.add(
                this.orm.silent.call("helpdesk.ticket", "search_knowledge", [[this.record.resId], query, sent])
            );
            Object.assign(this.state, { found: articles, key });
        } finally {
            this.state.busy = false;
        }
    }

    toggle(article) {
        this.state.open = this.state.open === article.id ? null : article.id;
    }

    /** @param {"text"|"link"} how */
    async insert(article, how) {
        const { html, text } = await this.use(article, how);
        this.env.bus.trigger(INSERT, { ticketId: this.record.resId, html, text });
        this.notification.add(
            how === "text" ? _t("The text is in your answer. Read it before you send it.") : _t("The link is in your answer."),
            { type: "info" }
        );
    }

    async open(article) {
        await this.use(article, "opened");
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "helpdesk.article",
            res_id: article.id,
            views: [[false, "form"]],
            target: "new",
        });
    }

    async use(article, how) {
        const used = await this.orm.call("helpdesk.ticket", "use_article", [[this.record.resId], article.id, how]);
        if (this.state.found && this.state.key) {
            this.orm.silent.call("helpdesk.article.search", "note_opened", [this.state.key, article.id]);
        }
        return used;
    }
}

registry.category("view_widgets").add("helpdesk_knowledge", {
    component: Knowledge,
    fieldDependencies: [{ name: "name", type: "char" }],
});
