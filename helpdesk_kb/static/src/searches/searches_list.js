import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

import { Component, onWillStart } from "@odoo/owl";

const percent = (rate) => Math.round(100 * rate);

/** How many customers found out by themselves, above the searches (S0-33). */
export class SearchFigures extends Component {
    static template = "helpdesk_kb.SearchFigures";
    static props = {};

    setup() {
        const orm = useService("orm");
        onWillStart(async () => {
            this.figures = await orm.call("helpdesk.article.search", "get_figures", []);
        });
    }

    get now() {
        return this.figures.now;
    }

    get answered() {
        return `${percent(this.now.rate)} %`;
    }

    get change() {
        const { rate } = this.figures.before;
        return rate === null
            ? _t("nothing to compare with in the %s days before", this.figures.days)
            : _t("%(rate)s %% in the %(days)s days before", { rate: percent(rate), days: this.figures.days });
    }
}

export class SearchesRenderer extends ListRenderer {
    static template = "helpdesk_kb.SearchesRenderer";
    static components = { ...ListRenderer.components, SearchFigures };
}

registry.category("views").add("helpdesk_article_search_list", { ...listView, Renderer: SearchesRenderer });
