import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function field(name) {
    return `.o_form_view .o_field_widget[name=${name}] input`;
}

function inOverview(content) {
    return { content, trigger: ".o_helpdesk_overview .o_helpdesk_strip .o_helpdesk_tile[data-counter=open]" };
}

tours.add("helpdesk_core_agent", {
    steps: () => [
        inOverview("the overview greets the agent"),
        {
            content: "each number opens its tickets",
            trigger: ".o_helpdesk_card:contains('Tour Team') [data-counter=waiting]:contains('1')",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains('Tour: the first question')" },
        { content: "and no others", trigger: ".o_list_view:not(:has(.o_data_row:nth-of-type(2)))" },
        { trigger: ".o_control_panel a:contains('Overview'), .o_control_panel .o_back_button", run: "click" },
        {
            content: "the team's name opens its tickets",
            trigger: ".o_helpdesk_card:contains('Tour Team') .o_helpdesk_card_name",
            run: "click",
        },
        { trigger: ".o_control_panel:contains('Tour Team')" },
        { trigger: ".o_list_view .o_data_row:contains('Tour: the first question')" },
        { content: "a new ticket", trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=name] textarea", run: "edit Tour: the drill smokes" },
        { trigger: field("partner_id"), run: "edit Tour Customer" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Tour Customer')", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "the customer stands beside it", trigger: ".o_helpdesk_customer_card:contains('Tour Customer') [data-ticket]" },
        { content: "the ticket is taken", trigger: "button[name=action_assign_to_me]", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name=action_assign_to_me]))" },
        { content: "an internal note", trigger: "button.o-mail-Chatter-logNote:contains('Internal note')", run: "click" },
        { trigger: ".o_helpdesk_note_banner" },
        { trigger: ".o_helpdesk_note_composer .o-mail-Composer-input", run: "edit Their drill is ten years old" },
        { trigger: ".o-mail-Composer-send:contains('Save internal note'):enabled", run: "click" },
        { trigger: ".o-mail-Message.o_helpdesk_note:contains('Their drill is ten years old') .o_helpdesk_side:contains('Internal note')" },
        { content: "an answer", trigger: "button.o-mail-Chatter-sendMessage:contains('Send to customer')", run: "click" },
        { content: "goes to the customer, as one sees", trigger: ".o-mail-RecipientsInput:contains('Tour Customer')" },
        { trigger: ".o_helpdesk_answer_composer .o-mail-Composer-input", run: "edit Please send us a picture" },
        { trigger: ".o-mail-Composer-send:contains('Send to customer'):enabled", run: "click" },
        { trigger: ".o-mail-Message.o_helpdesk_agent:contains('Please send us a picture') .o_helpdesk_side:contains('Sent to customer')" },
        { content: "solved", trigger: "button[name=action_solve]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Solved')" },
    ],
});

tours.add("helpdesk_core_phone_call", {
    steps: () => [
        inOverview("anywhere in the backend"),
        { content: "the phone rings", trigger: ".o_helpdesk_phone button", run: "click" },
        { content: "the caller is found by number", trigger: "#o_helpdesk_caller", run: "edit 02 555 77 88" },
        { trigger: ".o_helpdesk_phone_dialog .o-autocomplete--dropdown-item:contains('Tour Customer')", run: "click" },
        { trigger: ".o_helpdesk_phone_dialog .form-text:contains('Known contact')" },
        { content: "a call without a subject is not saved", trigger: ".o_helpdesk_call_save", run: "click" },
        { trigger: ".o_helpdesk_phone_dialog [role=alert]" },
        { trigger: "#o_helpdesk_call_subject", run: "edit Tour: a call" },
        { trigger: "#o_helpdesk_call_notes", run: "edit Rings again on Monday" },
        { trigger: ".o_helpdesk_call_open", run: "click" },
        { content: "the ticket opens", trigger: ".o_form_view .o_field_widget[name=name]" },
        { content: "the next call comes by shortcut", trigger: ".o_form_view", run: "press alt+shift+p" },
        { trigger: "#o_helpdesk_caller", run: "edit Uma Unknown 0471 12 34 56" },
        { trigger: ".o_helpdesk_phone_dialog .form-text:contains('Not a contact yet')" },
        { trigger: "#o_helpdesk_call_subject", run: "edit Tour: a stranger's call" },
        { trigger: "#o_helpdesk_call_solved", run: "check" },
        { trigger: ".o_helpdesk_call_save", run: "click" },
        { content: "a notice leads to the ticket", trigger: ".o_notification:contains('registered and solved')" },
        { trigger: "body:not(:has(.o_helpdesk_phone_dialog))" },
    ],
});

tours.add("helpdesk_core_administrator", {
    steps: () => [
        inOverview("the overview greets the administrator"),
        { content: "who is in no team yet", trigger: ".o_helpdesk_no_team button:contains('Create a team')", run: "click" },
        { trigger: field("name"), run: "edit Tour Night Shift" },
        { content: "somebody joins", trigger: ".o_field_widget[name=member_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".o_field_widget[name=member_ids] .o_selected_row .o_field_widget[name=user_id] input", run: "edit Tour Agent" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Tour Agent')", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: ".o_control_panel a:contains('Overview'), .o_control_panel .o_back_button", run: "click" },
        { content: "the new team has its card", trigger: ".o_helpdesk_card:contains('Tour Night Shift') .o_helpdesk_card_cog" },
    ],
});

tours.add("helpdesk_core_merge", {
    steps: () => [
        inOverview("from the overview"),
        { trigger: ".o_helpdesk_card:contains('Tour Team') .o_helpdesk_card_name", run: "click" },
        {
            content: "two of the same customer",
            trigger: ".o_data_row:contains('Tour: the first question') .o_list_record_selector input",
            run: "click",
        },
        { trigger: ".o_data_row:contains('Tour: the first question again') .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel .o_cp_action_menus button:contains('Actions')", run: "click" },
        { trigger: ".o-dropdown--menu .o-dropdown-item:contains('Merge')", run: "click" },
        { content: "it is said what will happen", trigger: ".modal .alert-info:contains('You can undo this')" },
        { content: "no warning: one customer", trigger: ".modal:not(:has(.alert-warning:visible))" },
        { trigger: ".modal footer button[name=action_merge]", run: "click" },
        { content: "the older one goes on", trigger: ".o_form_view .o_field_widget[name=number]:contains('HD')" },
        {
            content: "with the words of both",
            trigger: ".o-mail-Message:contains('Did you get my question')",
        },
        { trigger: ".o_notebook .nav-link:contains('Linked Tickets')", run: "click" },
        {
            content: "the merged one is listed",
            trigger: "[name=merged_ids] .o_data_row:contains('Tour: the first question again') [name=name]",
            run: "click",
        },
        { content: "it says where it went", trigger: ".o_helpdesk_merged:contains('Merged into')" },
        { content: "and has no buttons", trigger: ".o_form_view:not(:has(button[name=action_solve]:visible))" },
        { trigger: ".o_helpdesk_merged button[name=undo_merge]", run: "click" },
        { content: "it is a ticket again", trigger: ".o_form_view button[name=action_solve]:visible" },
        {
            content: "with its own words, of which one becomes a ticket",
            trigger: ".o-mail-Message:contains('Did you get my question')",
            run: "hover && click .o-mail-Message:contains('Did you get my question') [title=Expand]",
        },
        { trigger: ".o-mail-Message-moreMenu [name=helpdesk-split], .o-dropdown--menu [name=helpdesk-split]", run: "click" },
        { content: "a new one, linked", trigger: ".o_form_view .o_field_widget[name=name] textarea:value('Tour: the first question again')" },
        { trigger: ".o_notebook .nav-link:contains('Linked Tickets')", run: "click" },
        { trigger: "[name=related_ids] .o_data_row:contains('Tour: the first question again')" },
    ],
});

/** The other session is played by the test: see test_collision. */
tours.add("helpdesk_core_collision", {
    steps: () => [
        { content: "the board shows who is there", trigger: ".o_kanban_record:contains('Tour: the first question') [title='Tour Manager is looking at this']" },
        { trigger: ".o_kanban_record:contains('Tour: the first question')", run: "click" },
        { trigger: ".o_helpdesk_viewers[role=status] .o_helpdesk_viewer:contains('Tour Manager is looking at this')" },
        { content: "we write", trigger: "button.o-mail-Chatter-sendMessage:contains('Send to customer')", run: "click" },
        { trigger: ".o_helpdesk_answer_composer .o-mail-Composer-input", run: "edit Have you tried the switch?" },
        { content: "so does the other", trigger: ".o_helpdesk_viewer:contains('Tour Manager is writing an answer…')" },
        { trigger: ".o_helpdesk_writer:contains('Tour Manager is writing an answer…')" },
        { content: "and leaves", trigger: ".o_form_view:not(:has(.o_helpdesk_viewer))" },
        { content: "to the next ticket by its number", trigger: ".o_form_view", run: "press control+k" },
        { trigger: ".o_command_palette_search input", run: "edit #HDTOUR2" },
        { trigger: ".o_command:contains('Tour: the second question')", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=number]:contains('HDTOUR2')" },
    ],
});
