import { registry } from "@web/core/registry";

const narrow = () => {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error(`the page is ${document.documentElement.scrollWidth} wide`);
    }
};

/** A visitor fills in the public form: a field that hangs on another, a mistake that the server finds, thank you. */
registry.category("web_tour.tours").add("helpdesk_portal_form", {
    steps: () => [
        { trigger: "form.o_helpdesk_live h1, .o_helpdesk_page h1", run: narrow },
        {
            content: "not asked yet, so not required",
            trigger: ".o_helpdesk_live .o_helpdesk_question.d-none:not(:visible) input[name=field_bought]:not(:required):not(:visible)",
        },
        { content: "now it is", trigger: "label[for=helpdesk_q_field_warranty]", run: "click" },
        {
            trigger: ".o_helpdesk_question:not(.d-none) input[name=field_bought]:required",
            run() {
                this.anchor.value = "2026-01-31"; // typing follows the browser's own date format
            },
        },
        { trigger: "label[for=helpdesk_q_name]:contains('Your name')" },
        { trigger: "#helpdesk_q_name", run: "edit Vera Visitor" },
        { trigger: "#helpdesk_q_email", run: "edit vera@visitor" },
        { trigger: "#helpdesk_q_subject", run: "edit Drill smokes" },
        { trigger: "#helpdesk_q_text", run: "edit It smokes" },
        { trigger: "button[type=submit]:contains('Send Request')", run: "click", expectUnloadPage: true },
        { content: "told what to mend", trigger: ".alert[role=alert] a[href='#helpdesk_q_email']", run: narrow },
        {
            content: "the cursor is there, and what was typed stayed",
            trigger: "#helpdesk_q_email[aria-invalid=true][aria-describedby=helpdesk_q_email_error]:focus",
            run: "edit vera@visitor.test",
        },
        { trigger: ".o_helpdesk_live .o_helpdesk_question:not(.d-none) input[name=field_bought]:value(2026-01-31)" },
        { trigger: "button[type=submit]:contains('Send Request')", run: "click", expectUnloadPage: true },
        { trigger: ".o_helpdesk_number:contains('HD')", run: narrow },
    ],
});
