import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

const ICONS = {
    email: "fa-envelope",
    web: "fa-globe",
    portal: "fa-user",
    phone: "fa-phone",
    chat: "fa-comments",
    messenger: "fa-mobile fa-lg",
    api: "fa-plug",
    agent: "fa-headphones",
};

/** The way a ticket came, as an icon with its name. */
export class ChannelField extends Component {
    static template = "helpdesk_core.ChannelField";
    static props = { ...standardFieldProps, label: { type: Boolean, optional: true } };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get name() {
        const { selection } = this.props.record.fields[this.props.name];
        return selection.find(([key]) => key === this.value)?.[1] ?? "";
    }

    get icon() {
        return ICONS[this.value] ?? "fa-question";
    }
}

export const channelField = {
    component: ChannelField,
    displayName: _t("Channel"),
    supportedTypes: ["selection"],
    supportedOptions: [{ label: _t("Show the name"), name: "label", type: "boolean" }],
    extractProps: ({ options }) => ({ label: Boolean(options.label) }),
    listViewWidth: 60,
};

registry.category("fields").add("helpdesk_channel", channelField);
