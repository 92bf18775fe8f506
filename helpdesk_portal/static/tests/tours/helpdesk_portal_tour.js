import { registry } from "@web/core/registry";

const narrow = () => {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error(`the page is ${document.documentElement.scrollWidth} wide`);
    }
};

const leads = { run: "click", expectUnloadPage: true };

/** A customer without login, on a phone: from the link in a mail to the rating. */
registry.category("web_tour.tours").add("helpdesk_portal_customer", {
    steps: () => [
        { trigger: ".o_helpdesk_banner:contains(our turn)", run: narrow },
        { trigger: ".o_helpdesk_talk:contains(Have you tried the switch)" },
        { trigger: "#helpdesk_text", run: "edit Yes, twice." },
        {
            trigger: "#helpdesk_files",
            run() {
                const files = new DataTransfer();
                files.items.add(new File(["png"], "photo.png", { type: "image/png" }));
                this.anchor.files = files.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: ".o_helpdesk_files:contains(photo.png)" },
        { trigger: ".o_helpdesk_answer button:contains(Send)", ...leads },
        { trigger: ".alert-success[role=status]", run: narrow },
        { trigger: ".o_helpdesk_theirs:contains(Yes, twice.):has(a:contains(photo.png))" },
        { trigger: "button:contains(It is solved)", ...leads },
        { content: "a face is chosen by its name", trigger: ".o_helpdesk_face:contains(Good)", run: "click" },
        { trigger: "#helpdesk_comment", run: "edit Quick" },
        { trigger: "button:contains(Send Rating)", ...leads },
        { trigger: ".alert-success:contains(Thank you for telling us)", run: narrow },
        { trigger: ".o_helpdesk_rated:contains(Good)" },
        { trigger: ".o_helpdesk_portal:not(:has(button:contains(Send Rating)))" },
    ],
});

/** Who manages the company's requests: finds a colleague's, answers, brings somebody in. */
registry.category("web_tour.tours").add("helpdesk_portal_manager", {
    steps: () => [
        { trigger: ".o_helpdesk_portal", run: narrow },
        { content: "the company's at first", trigger: "a[aria-current=true]:contains(My company)" },
        { trigger: ".o_helpdesk_row:contains(Saw is loud)" },
        { trigger: "input[name=search]", run: "edit drill" },
        { trigger: "form:has(input[name=search]) button", ...leads },
        { trigger: ".o_helpdesk_portal:not(:contains(Saw is loud))", run: narrow },
        { trigger: "a:contains(Drill is silent)", ...leads },
        { trigger: ".o_helpdesk_portal:contains(Carla)", run: narrow },
        { trigger: "summary:contains(Add a colleague)", run: "click" },
        { trigger: "#helpdesk_address", run: "edit colin@acme.test" },
        { trigger: "button:contains(Add)", ...leads },
        { trigger: ".alert-success[role=status]", run: narrow },
    ],
});
