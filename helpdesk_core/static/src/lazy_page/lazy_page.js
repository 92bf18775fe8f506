import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { getDefaultConfig, View } from "@web/views/view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onWillStart, useSubEnv } from "@odoo/owl";

/**
 * What a tab of a form shows, read when the tab is opened: `<widget name="helpdesk_lazy_page" view="module.form_view"/>`.
 *
 * `view` is a form view of the same model; modules extend it like any other. It shows the record as saved, and is read
 * again after each save.
 */
export class LazyPage extends Component {
    static template = "helpdesk_core.LazyPage";
    static components = { View };
    static props = { ...standardWidgetProps, view: String };

    setup() {
        useSubEnv({ config: getDefaultConfig() }); // title, pager and breadcrumbs stay those of the form around it
        const views = useService("view");
        onWillStart(async () => {
            const { arch, fields, relatedModels } = await this.loadView(views);
            this.description = { arch, fields, relatedModels };
        });
    }

    async loadView(views) {
        const { resModel } = this.props.record;
        const context = { form_view_ref: this.props.view };
        const found = await views.loadViews({ context, resModel, views: [[false, "form"]] });
        return { ...found, arch: found.views.form.arch };
    }

    get viewProps() {
        const { resModel, resId, context } = this.props.record;
        return {
            ...this.description,
            type: "form",
            resModel,
            resId,
            context,
            readonly: true,
            preventCreate: true,
            display: { controlPanel: false },
            className: "o_helpdesk_lazy_page",
        };
    }

    get key() {
        const { resId, data } = this.props.record;
        return `${resId} ${data.write_date}`;
    }
}

registry.category("view_widgets").add("helpdesk_lazy_page", {
    component: LazyPage,
    extractProps: ({ attrs }) => ({ view: attrs.view }),
    fieldDependencies: [{ name: "write_date", type: "datetime", readonly: true }],
});
