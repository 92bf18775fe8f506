import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("helpdesk_core_freeze", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains('Tour: the first question') .o_data_cell[name=name]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=name] textarea:value('Tour: the first question')" },
        { content: "put aside", trigger: ".o_statusbar_buttons button:contains('Freeze')", run: "click" },
        { trigger: ".modal .o_field_widget[name=when] label:contains('Until the customer writes')", run: "click" },
        { content: "without a reason it is not frozen", trigger: ".modal button[name=action_freeze]", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason].o_field_invalid" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit They measure again" },
        { trigger: ".modal button[name=action_freeze]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_form_view [name=badges]:contains('frozen until the customer writes'):contains('They measure again')" },
        { trigger: ".o_control_panel .o_back_button, .o_control_panel .breadcrumb-item a", run: "click" },
        { content: "out of the list", trigger: ".o_list_view:not(:has(.o_data_row:contains('Tour: the first question')))" },
        { content: "the filter brings it back", trigger: ".o_searchview_facet:contains('Not Frozen') .o_facet_remove", run: "click" },
        { trigger: ".o_list_view .o_data_row.text-muted:contains('Tour: the first question') .o_data_cell[name=name]", run: "click" },
        { trigger: ".o_statusbar_buttons button[name=action_unfreeze]", run: "click" },
        { content: "awake", trigger: ".o_form_view [name=badges]:not(:contains('frozen'))" },
        { trigger: ".o_statusbar_buttons button:contains('Freeze')" },
    ],
});
