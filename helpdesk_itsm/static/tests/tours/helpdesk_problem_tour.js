import { registry } from "@web/core/registry";

/** A stage asks for what it needs, and the ticket moves. Starts on the form of a problem in Analysis. */
registry.category("web_tour.tours").add("helpdesk_itsm_step_dialog", {
    steps: () => [
        { trigger: ".o_statusbar_status:not(:has(button:contains('Waiting for Customer')))" },
        { trigger: ".o_statusbar_status button:contains('Known Error')", run: "click" },
        {
            trigger: ".modal:contains('before “Known Error”') .o_field_widget[name='workaround'] .odoo-editor-editable",
            run: "editor Use the web mail",
        },
        { trigger: ".modal:not(:has(.o_field_widget[name='root_cause']))" },
        { trigger: ".modal button:contains('Save and Move')", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains('Known Error')" },
    ],
});

/** Who may not close is told who may, and the bar shows where the ticket is. Starts on a resolved problem of another. */
registry.category("web_tour.tours").add("helpdesk_itsm_step_refused", {
    steps: () => [
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Resolved')" },
        { trigger: ".o_statusbar_status button:contains('Known Error')", run: "click" },
        { trigger: ".modal:contains('It is moved there by')" },
        { trigger: ".modal .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains('Resolved')" },
    ],
});

/** One answer to all customers, and its recall. Starts on the form of a problem with incidents. */
registry.category("web_tour.tours").add("helpdesk_itsm_update", {
    steps: () => [
        { trigger: ".nav-link:contains('Problem')", run: "click" },
        { trigger: "button[name='action_update_customers']", run: "click" },
        { trigger: ".modal .o_helpdesk_reach td:contains('English')" },
        { trigger: ".modal .o_helpdesk_texts .o_kanban_record:contains('English')", run: "click" },
        { trigger: ".modal:last .o_field_widget[name='body'] .odoo-editor-editable", run: "editor We found it" },
        { trigger: ".modal:last .o_form_button_save", run: "click" },
        { trigger: ".modal .o_helpdesk_texts .o_kanban_record:contains('We found it')" },
        { trigger: ".modal button[name='action_send']", run: "click" },
        { trigger: ".modal .alert:contains('can be')" },
        { trigger: ".modal button[name='action_recall']", run: "click" },
        { trigger: ".modal .alert:contains('Recalled: nothing was sent')" },
        { trigger: ".modal footer button:contains('Close')", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
