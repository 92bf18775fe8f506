import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("helpdesk_webhook", {
    steps: () => [
        { trigger: ".o_list_view .o_list_button_add, .o_control_panel .o_list_button_add", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=name] input", run: "edit Tour: a program" },
        {
            content: "an address inside is refused, with what to do about it",
            trigger: ".o_field_widget[name=url] input",
            run: "edit http://10.0.0.1/hook",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".modal:contains('inside the network'):contains('system administrator') .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_field_widget[name=url] input", run: "edit http://receiver.example.com/hook" },
        { content: "who reads along is told of", trigger: ".alert-warning:visible:contains('begins with http')" },
        { content: "events have names", trigger: ".o_helpdesk_webhook_topics label:contains('Customer rated')", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "the secret, once", trigger: ".o_statusbar_buttons button[name=action_show_secret]", run: "click" },
        { trigger: ".modal .o_field_widget[name=secret]:contains('whsec_')" },
        { trigger: ".modal button[special=cancel]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_statusbar_buttons:not(:has(button[name=action_show_secret]))" },
        { content: "does it arrive?", trigger: ".o_statusbar_buttons button[name=action_test]", run: "click" },
        { trigger: ".modal .alert-success:contains('The receiver took it: status 200')" },
        { trigger: ".modal .o_field_widget[name=response]:contains('thanks')" },
        { trigger: ".modal .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal)) button[name=action_view_deliveries]:contains('Deliveries')", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('Test'):contains('Sent')" },
    ],
});
