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
import { defineMenus, defineModels, fields, mockService, models, onRpc } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class HelpdeskSideThread extends models.Model {
    _name = "helpdesk.side.thread";
    _inherit = ["mail.thread"];

    name = fields.Char();
    _views = { form: `<form><sheet><field name="name"/></sheet><chatter/></form>` };
}

class HelpdeskTicket extends models.Model {
    _name = "helpdesk.ticket";
    _inherit = ["mail.thread"];

    name = fields.Char();
    partner_id = fields.Many2one({ relation: "res.partner" });
    user_id = fields.Many2one({ relation: "res.users" });
    _views = {
        form: `<form><sheet><field name="name"/><field name="partner_id"/><field name="user_id"/></sheet><chatter/></form>`,
    };
}

defineMailModels();
defineModels([HelpdeskSideThread, HelpdeskTicket]);
const AGENT_MENU = { id: 77, appID: 77, name: "Helpdesk", xmlid: "helpdesk_core.helpdesk_menu_root", children: [] };

async function open(model) {
    defineMenus([AGENT_MENU]);
    const pyEnv = await startServer();
    const sam = pyEnv["res.partner"].create({ name: "Sam", email: "sam@supplier.test" });
    const id = pyEnv[model].create({ name: "Repair" });
    pyEnv["mail.message"].create({
        author_id: sam, body: "on Monday", model, res_id: id, message_type: "email",
        subtype_id: pyEnv["mail.message.subtype"].search([["subtype_xmlid", "=", "mail.mt_note"]])[0],
    });
    await start();
    await openFormView(model, id);
    return id;
}

test("in a side conversation nobody takes the third party for the customer", async () => {
    onRpc("/mail/message/post", async (request) => {
        const { params } = await request.json();
        expect.step(params.post_data.subtype_xmlid);
    });
    await open("helpdesk.side.thread");
    await contains(".o_helpdesk_third_party .o_helpdesk_side", { text: "Third party" });
    await contains("button", { text: "Send to customer", count: 0 });
    await contains("button", { text: "Send message", count: 0 });
    await click("button.o_helpdesk_write_side");
    await contains(".o_helpdesk_side_banner", { text: "the customer does not see this" });
    await insertText(".o_helpdesk_side_composer .o-mail-Composer-input", "fine");
    await click(".o-mail-Composer-send:enabled", { text: "Send to third party" });
    await contains(".o_helpdesk_sent .o_helpdesk_side", { text: "Sent to third party" });
    await click("button.o_helpdesk_write_note");
    await contains(".o_helpdesk_side_banner", { count: 0 });
    await contains(".o_helpdesk_note_banner");
    expect.verifySteps(["mail.mt_comment"]);
});

test("a message is sent on to the customer, and one of a ticket forwarded, by its menu", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(action.name);
        },
    });
    onRpc("helpdesk.ticket", "action_forward", ({ args }) => {
        expect(args[0].length).toBe(1);
        expect(args[1]).toBeOfType("number");
        return { name: "the dialog" };
    });
    const ticket = await open("helpdesk.ticket");
    expect(ticket).toBeOfType("number");
    await click(".o-mail-Message [title='Expand']");
    await click(".o-dropdown-item", { text: "Forward to a third party" });
    expect.verifySteps(["the dialog"]);
});
