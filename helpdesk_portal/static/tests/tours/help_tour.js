import { registry } from "@web/core/registry";

/** A visitor on a phone: what is typed, an article by the keyboard, back to a search that is sent, the article, a vote. */
registry.category("web_tour.tours").add("helpdesk_help_visitor", {
    steps: () => [
        {
            content: "type",
            trigger: "body:has(.o_helpdesk_help) #helpdesk_search[role=combobox]",
            run: "edit Otter",
        },
        { content: "the article is offered", trigger: ".o_helpdesk_typing [role=option]:contains(Otter swims)" },
        { content: "choose it by the keyboard", trigger: "#helpdesk_search", run: "press ArrowDown" },
        {
            content: "it is the chosen one",
            trigger: "#helpdesk_search[aria-activedescendant=helpdesk_typing_0]",
            run: "press Escape",
        },
        { content: "closed", trigger: "#helpdesk_search[aria-expanded=false]" },
        { content: "send the search", trigger: ".o_helpdesk_search button", run: "click", expectUnloadPage: true },
        {
            content: "open the article",
            trigger: "ol.o_helpdesk_found[data-logged] a:contains(Otter swims) mark",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "contents lead to headings", trigger: ".o_helpdesk_contents a[href='#s-legs']" },
        { content: "say more", trigger: ".o_helpdesk_vote summary", run: "click" },
        { content: "a comment", trigger: "#helpdesk_comment", run: "edit Which legs?" },
        { content: "vote", trigger: ".o_helpdesk_vote button[value=no]", run: "click" },
        { content: "thanked on the same page", trigger: ".o_helpdesk_thanks:not(.d-none)" },
    ],
});

/** A customer who writes a request finds the article, opens it, and sends the request all the same. */
registry.category("web_tour.tours").add("helpdesk_help_suggest", {
    steps: () => [
        { content: "subject", trigger: "form:has(.o_helpdesk_suggest) #helpdesk_subject", run: "edit my otter swims badly" },
        { content: "offered", trigger: ".o_helpdesk_suggest:not(.d-none) a[target=_blank]:contains(Otter swims)" },
        {
            content: "open it beside",
            trigger: ".o_helpdesk_suggest a:contains(Otter swims)",
            run() {
                this.anchor.removeAttribute("href"); // a tour lives in one tab
                this.anchor.click();
            },
        },
        { content: "noted", trigger: "form:has(.o_helpdesk_suggest) input[name=found]:not([value='']):not(:visible)" },
        { content: "it may have been the answer", trigger: ".o_helpdesk_answered:not(.d-none)" },
        { content: "what was typed stays", trigger: "#helpdesk_subject:value(my otter swims badly)" },
        { content: "text", trigger: "#helpdesk_new_text", run: "edit It does not." },
        { content: "send", trigger: "form:has(.o_helpdesk_suggest) button.btn-primary", run: "click", expectUnloadPage: true },
        { content: "arrived", trigger: ".alert-success:contains(has arrived)" },
    ],
});
