import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("helpdesk_core_macro", {
    steps: () => [
        { content: "twenty tickets", trigger: ".o_list_view .o_data_row:contains('Tour: macro 20')" },
        { content: "all of them", trigger: ".o_list_view thead .o_list_record_selector input", run: "check" },
        { trigger: ".o_control_panel .o_selection_box:contains('20')" },
        { content: "one macro", trigger: ".o_control_panel_actions button:contains('Macro'), .o_list_buttons button:contains('Macro')", run: "click" },
        { trigger: ".o_helpdesk_macro_run .o_field_widget[name=macro_id] input", run: "edit Tour routine" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Tour routine')", run: "click" },
        { content: "says what will happen", trigger: ".o_helpdesk_macro_summary:contains('19 tickets'):contains('Solved'):contains('20 tickets')" },
        { content: "and what will not", trigger: ".o_helpdesk_macro_run .alert-warning:contains('no reply is sent')" },
        { content: "with an example", trigger: ".o_helpdesk_macro_run .o_field_widget[name=reply]:contains('Hello Tour Customer')" },
        { trigger: ".modal-footer button:contains('Send and run')", run: "click" },
        { content: "done", trigger: ".o_notification:contains('done on 20 tickets, 19 replies sent')" },
        { trigger: ".o_list_view:not(:has(.o_data_row:not(:contains('Solved'))))" },
    ],
});

tours.add("helpdesk_core_macro_ticket", {
    steps: () => [
        { content: "the ticket's macros", trigger: ".o_helpdesk_macro_toggle", run: "click" },
        { trigger: ".o_helpdesk_macro_item:contains('Tour quick')" },
        { content: "are found by name", trigger: ".o_helpdesk_macro_search", run: "edit routine" },
        { trigger: ".o_helpdesk_macro_list:not(:has(.o_helpdesk_macro_item:contains('Tour quick')))" },
        { content: "by the keyboard", trigger: ".o_helpdesk_macro_search", run: "press Enter" },
        { content: "what will happen", trigger: ".o_helpdesk_macro_summary:contains('Solved'):contains('tour.customer@example.test')" },
        { content: "in one's own words", trigger: ".o_helpdesk_macro_run .o_field_widget[name=reply] .odoo-editor-editable p", run: "editor Dear Tour Customer, it is done" },
        { trigger: ".modal-footer button:contains('Send to customer')", run: "click" },
        { content: "is sent and done", trigger: ".o-mail-Message.o_helpdesk_agent:contains('Dear Tour Customer, it is done')" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Solved')" },
        { content: "at once, without asking", trigger: ".o_helpdesk_macro_toggle", run: "click" },
        { trigger: ".o_helpdesk_macro_item:contains('Tour quick')", run: "click" },
        { trigger: ".o_notification:contains('Tour quick: done')" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Open')" },
        { content: "a reply to go on with", trigger: "button.o_helpdesk_write_answer", run: "click" },
        { trigger: ".o-mail-Composer button .fa-magic, .o-mail-Composer .fa-magic", run: "click" },
        { trigger: ".o_command_palette .o_command_default:contains('Tour routine')", run: "click" },
        {
            content: "stands in the composer, filled in",
            trigger: ".o-mail-Composer-input:value('Hello Tour Customer')",
        },
    ],
});
