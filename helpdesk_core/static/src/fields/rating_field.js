import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

// the limits of Odoo's ratings (rating_data.py), best first
const FACES = [
    { from: 4, icon: "fa-smile-o text-success", word: _t("Good") },
    { from: 3, icon: "fa-meh-o text-warning", word: _t("So-so") },
    { from: 1, icon: "fa-frown-o text-danger", word: _t("Bad") },
];

/** What the customer said of a ticket, as a face with its word; nothing where they said nothing. */
export class RatingField extends Component {
    static template = "helpdesk_core.RatingField";
    static props = standardFieldProps;

    get face() {
        return FACES.find(({ from }) => this.props.record.data[this.props.name] >= from);
    }
}

export const ratingField = {
    component: RatingField,
    displayName: _t("Rating"),
    supportedTypes: ["float", "integer"],
    listViewWidth: 90,
};

registry.category("fields").add("helpdesk_rating", ratingField);
