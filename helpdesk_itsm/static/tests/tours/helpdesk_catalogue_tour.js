import { registry } from "@web/core/registry";

const narrow = () => {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error(`the page is ${document.documentElement.scrollWidth} wide`);
    }
};
const CHOICE = ".o_helpdesk_question:has(label:contains('Model')) select";
const REASON = ".o_helpdesk_question:has(label:contains('Reason')) textarea";

/** A customer finds an item, is told what is missing, and sends it: now it waits for the approval. */
registry.category("web_tour.tours").add("helpdesk_catalogue_order", {
    steps: () => [
        { trigger: ".o_helpdesk_tiles strong:contains('New laptop')", run: narrow },
        { trigger: "input[name=search]", run: "edit road" },
        { trigger: "button[aria-label=Search]", run: "click", expectUnloadPage: true },
        { content: "found", trigger: ".o_helpdesk_tiles:not(:has(strong:contains('Machine'))) a:contains('New laptop')", run: "click", expectUnloadPage: true },
        { trigger: "h1:contains('New laptop')", run: narrow },
        { content: "not asked yet", trigger: `${REASON}:not(:visible):not(:required)` },
        { trigger: CHOICE, run: "selectByLabel 14 inch" },
        { trigger: ".o_helpdesk_question:has(label:contains('Instead')) select", run: "selectByLabel Yes" },
        { content: "asked now", trigger: `${REASON}:visible:required`, run: "edit It is broken" },
        { trigger: ".o_helpdesk_question:has(label:contains('Pieces')) input", run: "edit 9999999999999" },
        { trigger: "button[type=submit]:contains('Send Request')", run: "click", expectUnloadPage: true },
        { content: "told beside the field", trigger: "[role=alert] a:contains('Pieces')", run: narrow },
        { content: "what was typed stayed", trigger: `${REASON}:visible:value(It is broken)` },
        { trigger: "input[aria-invalid=true]:focus", run: "edit 1" },
        { trigger: "button[type=submit]:contains('Send Request')", run: "click", expectUnloadPage: true },
        { trigger: ".alert-success:contains('has arrived')", run: narrow },
        { trigger: ".o_helpdesk_step_now:contains('waits for approval by Hd Employee 2')" },
        { trigger: ".o_helpdesk_answers:contains('It is broken')" },
    ],
});

/** Whoever has to approve opens the link of the mail, without an account, and says yes. */
registry.category("web_tour.tours").add("helpdesk_catalogue_approve", {
    steps: () => [
        { content: "what is asked", trigger: "main:contains('New laptop'):contains('It is broken')", run: narrow },
        { trigger: "button[value=approve]", run: "click", expectUnloadPage: true },
        { trigger: "main:not(:has(button[value=approve])):contains('pproved')", run: narrow },
    ],
});

/** The customer looks again: it goes on. */
registry.category("web_tour.tours").add("helpdesk_catalogue_goes_on", {
    steps: () => [
        { trigger: ".o_helpdesk_step_done:contains('Approved on')", run: narrow },
        { trigger: ".o_helpdesk_step_now:contains('We do it')" },
    ],
});
