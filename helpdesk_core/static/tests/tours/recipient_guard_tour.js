import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const answer = ".o_helpdesk_answer_composer .o-mail-Composer-input";
const send = ".o-mail-Composer-send:contains('Send to customer'):enabled";

/** An answer in a colleague's name. */
async function answerAs(name, body) {
    const call = (model, method, args, kwargs = {}) =>
        rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs });
    const [author_id] = await call("res.partner", "search", [[["name", "=", name]]]);
    const id = Number(location.pathname.split("/").at(-1));
    await call("helpdesk.ticket", "message_post", [[id]], {
        author_id, body, subtype_xmlid: "mail.mt_comment", message_type: "comment",
    });
}

/** Two agents on one ticket: the second answers, by the server, while the first is writing. */
registry.category("web_tour.tours").add("helpdesk_core_recipient_guard", {
    steps: () => [
        { content: "an answer", trigger: "button.o_helpdesk_write_answer", run: "click" },
        { content: "who gets it", trigger: ".o_helpdesk_audience_to:contains('Tour Customer')" },
        { trigger: ".o_helpdesk_audience_cc:contains('bob@acme.example') .o_helpdesk_external:contains('external')" },
        { content: "bob is not to get it", trigger: ".o_helpdesk_audience_cc [data-key='bob@acme.example'] button", run: "click" },
        { trigger: ".o_helpdesk_audience_removed:contains('bob@acme.example')" },
        { content: "one click takes him back", trigger: ".o_helpdesk_audience_removed button:contains('Add back')", run: "click" },
        { trigger: ".o_helpdesk_audience:not(:has(.o_helpdesk_audience_removed)) :contains('bob@acme.example')" },
        { content: "and off again", trigger: "[data-key='bob@acme.example'] button", run: "click" },
        { trigger: ".o_helpdesk_audience_removed:contains('bob@acme.example')" },
        { trigger: answer, run: "edit Please send us a picture" },
        { content: "somebody else is faster", trigger: send, run: () => answerAs("Tour Colleague", "The replacement has left") },
        { trigger: send, run: "click" },
        { content: "what came is shown", trigger: ".o_helpdesk_meanwhile:contains('Tour Colleague'):contains('The replacement has left')" },
        { content: "it is read first", trigger: ".o_helpdesk_read_first", run: "click" },
        { content: "in the conversation", trigger: ".o-mail-Message.o_helpdesk_agent:contains('The replacement has left')" },
        { content: "the draft is still there", trigger: ".o-mail-Composer-input:value('Please send us a picture')", run: "edit Between us he breaks every drill he ever lays his hands on" },
        { trigger: send, run: "click" },
        { content: "an internal note is quoted", trigger: ".o_helpdesk_quote:contains('he breaks every drill he ever lays his hands on')" },
        { trigger: ".o_helpdesk_held_back .o_helpdesk_read_first:contains('Change it')", run: "click" },
        { trigger: "body:not(:has(.o_helpdesk_held_back))" },
        { trigger: answer, run: "edit Please send us a picture" },
        { content: "send and set", trigger: ".o_helpdesk_send_and_set:enabled", run: "click" },
        { trigger: ".o_helpdesk_send_menu .dropdown-item:contains('Waiting for Customer')", run: "click" },
        { content: "it waits", trigger: ".o_helpdesk_held_answer:contains('Sending in')" },
        { trigger: ".o-mail-Scheduled-Message:contains('About to leave'):contains('Not to: bob@acme.example')" },
        { content: "and is taken back", trigger: ".o_helpdesk_held_answer .o_helpdesk_undo", run: "click" },
        { trigger: ".o-mail-Composer-input:value('Please send us a picture')" },
        { content: "with its people", trigger: ".o_helpdesk_audience_removed:contains('bob@acme.example')" },
        { trigger: "body:not(:has(.o_helpdesk_held_answer))" },
        { content: "the same choice by keys", trigger: answer, run: "press alt+shift+Enter" },
        { trigger: ".o_helpdesk_held_answer:contains('Sending in')" },
        { content: "at once", trigger: ".o_helpdesk_held_answer .o_helpdesk_send_now", run: "click" },
        { trigger: ".o-mail-Message.o_helpdesk_agent:contains('Please send us a picture') .o_helpdesk_side:contains('Sent to customer')" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Waiting for Customer')" },
        { trigger: "body:not(:has(.o-mail-Scheduled-Message)):not(:has(.o_helpdesk_held_answer))" },
    ],
});
