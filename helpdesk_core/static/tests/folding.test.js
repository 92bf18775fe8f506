import { contains, defineMailModels, openFormView, start, startServer } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { defineModels, fields, models } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class HelpdeskTicket extends models.Model {
    _name = "helpdesk.ticket";
    _inherit = ["mail.thread"];

    name = fields.Char();
    _views = { form: `<form><sheet><field name="name"/></sheet><chatter/></form>` };
}

defineMailModels();
defineModels([HelpdeskTicket]);

/** Show a mail on a ticket; its words stand in a shadow of their own. */
async function show(body) {
    const pyEnv = await startServer();
    const author_id = pyEnv["res.partner"].create({ name: "Carla" });
    const ticket = pyEnv["helpdesk.ticket"].create({ name: "Drill" });
    pyEnv["mail.message"].create({ author_id, body, model: "helpdesk.ticket", res_id: ticket, message_type: "email" });
    await start();
    await openFormView("helpdesk.ticket", ticket);
    await contains(".o-mail-Message");
    const root = document.querySelector(".o-mail-Message-body .overflow-x-auto").shadowRoot;
    return {
        shown: () => [...root.querySelectorAll("p")].filter((p) => p.checkVisibility()).map((p) => p.textContent),
        buttons: () => [...root.querySelectorAll(".o-mail-ellipsis")],
    };
}

function said(button) {
    return [button.tagName, button.title, button.getAttribute("aria-label"), button.getAttribute("aria-expanded")];
}

test("quoted text folds behind a button that says what it does", async () => {
    const { shown, buttons } = await show(`<p>It smokes.</p><div data-o-mail-quote="1"><p>Try the switch.</p></div>`);
    expect(shown()).toEqual(["It smokes."]);
    expect(buttons().map(said)).toEqual([["BUTTON", "Show quoted text", "Show quoted text", "false"]]);
    buttons()[0].click();
    expect(shown()).toEqual(["It smokes.", "Try the switch."]);
    expect(buttons().map(said)).toEqual([["BUTTON", "Hide quoted text", "Hide quoted text", "true"]]);
    buttons()[0].click();
    expect(shown()).toEqual(["It smokes."]);
    expect(buttons().map(said)).toEqual([["BUTTON", "Show quoted text", "Show quoted text", "false"]]);
});

test("answers between quoted lines stay in sight", async () => {
    const { shown, buttons } = await show(
        `<div data-o-mail-quote="1"><p>Which?</p></div><p>The red one.</p><div data-o-mail-quote="1"><p>When?</p></div><p>Monday.</p>`
    );
    expect(shown()).toEqual(["The red one.", "Monday."]);
    expect(buttons()).toHaveLength(2);
});

test("a message is never folded as a whole", async () => {
    const { shown, buttons } = await show(`<div data-o-mail-quote="1"><p>Sent from my telephone.</p></div>`);
    expect(shown()).toEqual(["Sent from my telephone."]);
    expect(buttons()).toHaveLength(0);
});
