import {
    click,
    contains,
    defineMailModels,
    insertText,
    openFormView,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { defineMenus, defineModels, fields, models, onRpc, serverState } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class HelpdeskTicket extends models.Model {
    _name = "helpdesk.ticket";
    _inherit = ["mail.thread"];

    name = fields.Char();
    partner_id = fields.Many2one({ relation: "res.partner" });
    _views = { form: `<form><sheet><field name="name"/><field name="partner_id"/></sheet><chatter/></form>` };
}

defineMailModels();
defineModels([HelpdeskTicket]);
const AGENT_MENU = { id: 77, appID: 77, name: "Helpdesk", xmlid: "helpdesk_core.helpdesk_menu_root", children: [] };

async function openTicket({ agent = true, own = false } = {}) {
    if (agent) {
        defineMenus([AGENT_MENU]);
    }
    const pyEnv = await startServer();
    const customer = pyEnv["res.partner"].create({ name: "Carla", email: "carla@acme.test" });
    const ticket = pyEnv["helpdesk.ticket"].create({ name: "Drill", partner_id: own ? serverState.partnerId : customer });
    const post = (author_id, subtype, body) =>
        pyEnv["mail.message"].create({
            author_id, body, model: "helpdesk.ticket", res_id: ticket, message_type: "comment",
            subtype_id: pyEnv["mail.message.subtype"].search([["subtype_xmlid", "=", subtype]])[0],
        });
    post(customer, "mail.mt_comment", "it smokes");
    post(serverState.partnerId, "mail.mt_note", "ten years old");
    post(serverState.partnerId, "mail.mt_comment", "send a picture");
    await start();
    await openFormView("helpdesk.ticket", ticket);
    return ticket;
}

test("an agent sees at once what leaves the house", async () => {
    await openTicket();
    await contains(".o-mail-Message", { count: 3 });
    await contains(".o_helpdesk_customer .o_helpdesk_side", { text: "Customer" });
    await contains(".o_helpdesk_note .o_helpdesk_side", { text: "Internal note" });
    await contains(".o_helpdesk_agent .o_helpdesk_side", { text: "Sent to customer" });
});

test("writing to the customer and to colleagues cannot be confused", async () => {
    onRpc("/mail/message/post", async (request) => {
        const { params } = await request.json();
        expect.step(params.post_data.subtype_xmlid);
    });
    await openTicket();
    await click("button", { text: "Internal note" });
    await contains("button", { text: "Send message", count: 0 });
    await contains(".o_helpdesk_note_banner");
    await insertText(".o_helpdesk_note_composer .o-mail-Composer-input", "for us");
    await click(".o-mail-Composer-send:enabled", { text: "Save internal note" });
    await contains(".o-mail-Message", { count: 4 });
    await click("button.o-mail-Chatter-sendMessage", { text: "Send to customer" });
    await contains(".o_helpdesk_note_banner", { count: 0 });
    await insertText(".o_helpdesk_answer_composer .o-mail-Composer-input", "for them");
    await click(".o-mail-Composer-send:enabled", { text: "Send to customer" });
    await contains(".o-mail-Message", { count: 5 });
    expect.verifySteps(["mail.mt_note", "mail.mt_comment"]);
});

test("employees write to the helpdesk and keep no notes", async () => {
    await openTicket({ agent: false });
    await contains("button", { text: "Write to the helpdesk" });
    await contains("button", { text: "Internal note", count: 0 });
    await contains(".o_helpdesk_side", { count: 0 });
});

test("agents are customers on their own requests", async () => {
    await openTicket({ own: true });
    await click("button", { text: "Write to the helpdesk" });
    await contains(".o-mail-Composer-send", { text: "Send" });
    await contains("button", { text: "Internal note", count: 0 });
    await contains(".o-mail-RecipientsInput", { count: 0 });
});

test("other documents keep their chatter", async () => {
    defineMenus([AGENT_MENU]);
    const pyEnv = await startServer();
    const partner = pyEnv["res.partner"].create({ name: "John" });
    await start();
    await openFormView("res.partner", partner);
    await contains("button", { text: "Send message" });
    await contains("button", { text: "Log note" });
    await contains("button", { text: "Internal note", count: 0 });
});
