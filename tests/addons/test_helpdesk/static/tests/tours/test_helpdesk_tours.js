import { registry } from "@web/core/registry";

/** A ticket that came by mail, from the list to the solution: what the customer wrote, a note, an answer, done. */
registry.category("web_tour.tours").add("test_helpdesk_mail_ticket", {
    steps: () => [
        { trigger: ".o_helpdesk_overview .o_helpdesk_card:contains('Repairs') .o_helpdesk_card_name", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('Tour by mail') .o_data_cell[name=name]", run: "click" },
        { content: "the customer stands beside it", trigger: ".o_helpdesk_customer_card:contains('Carla Customer')" },
        { content: "their words, kept apart as mails are", trigger: ".o-mail-Message-body .overflow-x-auto:shadow span:contains('It does not turn')" },
        { content: "and their file", trigger: ".o-mail-Message .o-mail-AttachmentCard:contains('photo.bin')" },
        { content: "the ticket is taken", trigger: "button[name=action_assign_to_me]", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name=action_assign_to_me]))" },
        { content: "a note", trigger: "button.o-mail-Chatter-logNote:contains('Internal note')", run: "click" },
        { trigger: ".o_helpdesk_note_composer .o-mail-Composer-input", run: "edit They broke it" },
        { trigger: ".o-mail-Composer-send:contains('Save internal note'):enabled", run: "click" },
        { trigger: ".o-mail-Message.o_helpdesk_note:contains('They broke it')" },
        { content: "an answer", trigger: "button.o-mail-Chatter-sendMessage:contains('Send to customer')", run: "click" },
        { trigger: ".o_helpdesk_answer_composer .o-mail-Composer-input", run: "edit Please press the button" },
        { trigger: ".o-mail-Composer-send:contains('Send to customer'):enabled", run: "click" },
        { trigger: ".o-mail-Message.o_helpdesk_agent:contains('Please press the button')" },
        { content: "solved", trigger: "button[name=action_solve]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Solved')" },
    ],
});
