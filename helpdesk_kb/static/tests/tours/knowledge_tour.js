import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("helpdesk_kb_answer_with_an_article", {
    steps: () => [
        {
            content: "An article is suggested for the ticket",
            trigger: ".o_helpdesk_knowledge_article:contains('Tour: wake the pack up') .o_helpdesk_knowledge_text",
        },
        {
            content: "A link to an article for agents cannot be inserted",
            trigger: ".o_helpdesk_knowledge_article:contains('Agents only') .o_helpdesk_knowledge_link:disabled",
        },
        {
            trigger: ".o_helpdesk_knowledge_search",
            run: "edit invoces copie",
        },
        {
            content: "What was mistyped is found",
            trigger: ".o_helpdesk_knowledge_article:contains('Tour: copies of invoices') mark",
        },
        {
            trigger: ".o_helpdesk_knowledge_search",
            run: "clear",
        },
        {
            content: "The suggestion is back",
            trigger: ".o_helpdesk_knowledge_article:contains('Tour: wake the pack up') .o_helpdesk_knowledge_text",
            run: "click",
        },
        {
            content: "The text stands in the answer to the customer, its steps numbered",
            trigger: ".o_helpdesk_answer_composer textarea:value('1. Leave it in the charger for an hour')",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('Leave it in the charger for an hour')",
        },
    ],
});
