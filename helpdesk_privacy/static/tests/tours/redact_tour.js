import { registry } from "@web/core/registry";

const MAIL = ".o-mail-Message:has(.o_helpdesk_side:contains('Customer'))";

function mark(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let text = walker.nextNode();
    while (!text.data.includes("My card is")) {
        text = walker.nextNode();
    }
    const range = document.createRange();
    const start = text.data.indexOf("4111");
    range.setStart(text, start);
    range.setEnd(text, start + "4111 1111 1111 1111".length);
    const selection = root.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    document.dispatchEvent(new MouseEvent("mouseup"));
}

registry.category("web_tour.tours").add("helpdesk_privacy_redact", {
    steps: () => [
        {
            content: "mark what must go",
            trigger: ".o-mail-Message-body div:shadow :contains('My card is 4111')",
            run: ({ anchor }) => mark(anchor.getRootNode()),
        },
        { content: "the message's own menu", trigger: MAIL, run: "hover && click .o-mail-Message-actions [title='Expand']" },
        { trigger: ".o-dropdown-item:contains('Redact')", run: "click" },
        { content: "takes the words over", trigger: ".modal .o_field_widget[name=text] textarea:value(4111 1111 1111 1111)" },
        { content: "and says where they are", trigger: ".modal .o_helpdesk_redact_preview:contains('Found 2 times')" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit card number sent by mistake" },
        { trigger: ".modal button[name=action_redact]", run: "click" },
        { content: "asked once more", trigger: ".modal:contains('Nobody can bring back') button:contains('Redact for Good')", run: "click" },
        { content: "it is gone", trigger: ".o-mail-Message-body div:shadow :contains('My card is █████')" },
    ],
});
