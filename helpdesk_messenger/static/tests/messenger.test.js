import { click, contains, defineMailModels, openFormView, start, startServer } from "@mail/../tests/mail_test_helpers";
import { describe, test } from "@odoo/hoot";
import { defineMenus, defineModels, fields, getService, models, serverState } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

const AGENT_MENU = { id: 77, appID: 77, name: "Helpdesk", xmlid: "helpdesk_core.helpdesk_menu_root", children: [] };
const PERSON = {
    key: "messenger", name: "Noor", address: "Bot", partner_id: false, kind: "customer", how: "messenger", new: false,
    external: false, problem: "",
};

class HelpdeskTicket extends models.Model {
    _name = "helpdesk.ticket";
    _inherit = ["mail.thread"];

    name = fields.Char();
    partner_id = fields.Many2one({ relation: "res.partner" });
    channel_person_id = fields.Many2one({ relation: "res.partner" });
    answer_by_mail = fields.Boolean();
    _views = {
        form: `<form><sheet>
            <field name="name"/><field name="channel_person_id"/><field name="answer_by_mail"/>
        </sheet><chatter/></form>`,
    };

    get_answer_recipients() {
        return { recipients: [PERSON], removed: [], newest_id: 0 };
    }

    get_answer_stages() {
        return [];
    }
}

defineMailModels();
defineModels([HelpdeskTicket]);

async function openTicket() {
    defineMenus([AGENT_MENU]);
    const pyEnv = await startServer();
    const person = pyEnv["res.partner"].create({ name: "Noor" });
    const ticket = pyEnv["helpdesk.ticket"].create({ name: "Drill", channel_person_id: person });
    const message = pyEnv["mail.message"].create({
        author_id: serverState.partnerId, body: "try the switch", model: "helpdesk.ticket", res_id: ticket,
        message_type: "comment",
        subtype_id: pyEnv["mail.message.subtype"].search([["subtype_xmlid", "=", "mail.mt_comment"]])[0],
    });
    await start();
    await openFormView("helpdesk.ticket", ticket);
    await contains(".o-mail-Message", { text: "try the switch" });
    return message;
}

test("what became of an answer stands under it", async () => {
    const message = await openTicket();
    await contains(".o_helpdesk_recipients", { count: 0 });
    const store = getService("mail.store");
    const delivery = { id: 1, name: "Noor", channel: "Bot", kind: "telegram", state: "sent", label: "Sent", reason: "" };
    store["mail.message"].insert({ id: message, helpdesk_delivery: delivery });
    await contains(".o_helpdesk_recipients", { text: "Noor (Sent)" });
    store["mail.message"].insert({
        id: message, helpdesk_delivery: { ...delivery, state: "failed", label: "Not Delivered", reason: "She left." },
    });
    await contains(".o_helpdesk_recipients .text-danger", { text: "Noor (Not Delivered): She left." });
});

test("who has no mail address is shown by name alone", async () => {
    const message = await openTicket();
    const record = getService("mail.store")["mail.message"].get(message);
    record.author_id = undefined;
    record.email_from = '"Noor (Telegram)" <info@house.test>';
    await contains(".o-mail-Message-author", { text: '"Noor (Telegram)" <info@house.test>' });
    record.helpdesk_delivery = { sender: "Noor (Telegram)" };
    await contains(".o-mail-Message-author", { text: "Noor (Telegram)" });
});

test("who writes an answer sees that it goes to the messenger", async () => {
    await openTicket();
    await click("button", { text: "Send to customer" });
    await contains(".o_helpdesk_audience_messenger", { text: "By Bot: Noor" });
});
