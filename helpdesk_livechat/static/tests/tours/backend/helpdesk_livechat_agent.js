import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("helpdesk_livechat_chat_to_ticket", {
    steps: () => [
        { trigger: ".o-mail-Message:contains(My drill is silent)" },
        { trigger: ".o-mail-DiscussContent-header button[name='helpdesk-make-ticket']", run: "click" },
        { trigger: ".o-livechat-LivechatCommandDialog-form input", run: "edit Silent drill" },
        { trigger: ".o-mail-ActionPanel button:contains(Create Ticket)", run: "click" },
        { trigger: ".o-mail-Message:contains(Ticket made: HD)" },
        { trigger: ".o-mail-DiscussContent-header button[name='helpdesk-open-ticket']", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=name]:contains(Silent drill), .o_form_view .o_field_widget[name=name] :value(Silent drill)" },
        { trigger: ".o_field_widget[name=description]:contains(My drill is silent)" },
        { trigger: "button[name=action_open_chat]", run: "click" },
        { trigger: ".o-mail-ChatWindow .o-mail-Message:contains(My drill is silent)" },
    ],
});
