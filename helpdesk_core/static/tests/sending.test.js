import { click, contains, defineMailModels, insertText, openFormView, start, startServer } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press } from "@odoo/hoot-dom";
import {
    defineMenus,
    defineModels,
    fields,
    makeServerError,
    models,
    onRpc,
    patchWithCleanup,
    serverState,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { session } from "@web/session";

describe.current.tags("desktop");

const HELD_BACK = "odoo.addons.helpdesk_core.models.helpdesk_ticket_sending.AnswerHeldBack";
const PEOPLE = [
    { key: "carla@acme.test", name: "Carla", address: "carla@acme.test", partner_id: false, kind: "customer", how: "to", new: false, external: false, problem: "" },
    { key: "bob@else.test", name: "bob@else.test", address: "bob@else.test", partner_id: false, kind: "cc", how: "cc", new: true, external: true, problem: "" },
    { key: "leo@house.test", name: "Leo", address: "leo@house.test", partner_id: false, kind: "colleague", how: "inbox", new: false, external: false, problem: "" },
];
const STAGES = [
    { id: 2, name: "Open", status: "open", current: true },
    { id: 5, name: "Solved", status: "solved", current: false },
];

class HelpdeskTicket extends models.Model {
    _name = "helpdesk.ticket";
    _inherit = ["mail.thread"];

    name = fields.Char();
    partner_id = fields.Many2one({ relation: "res.partner" });
    _views = { form: `<form><sheet><field name="name"/><field name="partner_id"/></sheet><chatter/></form>` };

    get_answer_recipients(ids, partnerIds, emails, leftOut) {
        return {
            recipients: PEOPLE.filter(({ key }) => !leftOut.includes(key)),
            removed: PEOPLE.filter(({ key }) => leftOut.includes(key)).map((person) => ({ ...person, left_out: true })),
            newest_id: 0,
        };
    }

    get_answer_stages() {
        return STAGES;
    }
}

defineMailModels();
defineModels([HelpdeskTicket]);

beforeEach(() => browser.localStorage.removeItem("helpdesk.send_and_set"));

async function writeAnswer(text = "for them", model = "helpdesk.ticket") {
    defineMenus([{ id: 77, appID: 77, name: "Helpdesk", xmlid: "helpdesk_core.helpdesk_menu_root", children: [] }]);
    const pyEnv = await startServer();
    const partner_id = pyEnv["res.partner"].create({ name: "Carla", email: "carla@acme.test" });
    const ticket = pyEnv[model].create({ name: "Drill", partner_id });
    pyEnv["mail.message"].create({
        author_id: partner_id, body: "it smokes", model, res_id: ticket, message_type: "email",
        subtype_id: pyEnv["mail.message.subtype"].search([["subtype_xmlid", "=", "mail.mt_comment"]])[0],
    });
    await start();
    await openFormView(model, ticket);
    await contains(".o-mail-Message");
    await click("button.o_helpdesk_write_answer");
    await insertText(".o_helpdesk_answer_composer .o-mail-Composer-input", text);
    return ticket;
}

/** Record the choices that reach the server with an answer; `outcome` may refuse it. */
function onPost(outcome = () => {}) {
    onRpc("/mail/message/post", async (request) => {
        const { params } = await request.json();
        const { helpdesk_guard, helpdesk_left_out, helpdesk_stage_id } = params.post_data;
        expect.step(JSON.stringify([helpdesk_guard.confirmed, helpdesk_left_out, helpdesk_stage_id ?? false]));
        return outcome(helpdesk_guard);
    });
}

function heldBack(reasons) {
    throw makeServerError({ errorName: HELD_BACK, message: "not yet", context: { reasons } });
}

test("who gets an answer is told in words", async () => {
    await writeAnswer();
    await contains(".o_helpdesk_audience_to", { text: "To: Carla" });
    await contains(".o_helpdesk_audience_cc .o_helpdesk_new", { text: "new" });
    await contains(".o_helpdesk_audience_cc .o_helpdesk_external", { text: "external" });
    await contains(".o_helpdesk_audience_inbox", { text: "Colleagues, in Odoo: Leo" });
    await contains(".o_helpdesk_audience_removed", { count: 0 });
    await click("button.o_helpdesk_write_note");
    await contains(".o_helpdesk_audience", { count: 0 });
});

test("who is removed is left out, and comes back by one click", async () => {
    onPost();
    await writeAnswer();
    await click(".o_helpdesk_audience_cc [data-key='bob@else.test'] button");
    await contains(".o_helpdesk_audience_removed", { text: "bob@else.test" });
    await click(".o_helpdesk_audience_removed button", { text: "Add back" });
    await contains(".o_helpdesk_audience_cc", { text: "bob@else.test" });
    await click("[data-key='bob@else.test'] button");
    await contains(".o_helpdesk_audience_removed");
    await click(".o-mail-Composer-send:enabled");
    await contains(".o-mail-Message", { count: 2 });
    expect.verifySteps(['[[],["bob@else.test"],false]']);
});

test("when the list cannot be worked out, that is said", async () => {
    let works = false;
    onRpc("helpdesk.ticket", "get_answer_recipients", () => {
        if (!works) {
            throw makeServerError({ message: "no" });
        }
    });
    await writeAnswer();
    await contains(".o_helpdesk_audience", { text: "Who gets this could not be worked out." });
    works = true;
    await click(".o_helpdesk_audience button", { text: "Try again" });
    await contains(".o_helpdesk_audience_to", { text: "Carla" });
});

test("what is held back is asked about, and the draft stays", async () => {
    const at = "2026-03-04 09:00:00";
    onPost(({ confirmed }) => {
        if (!confirmed.includes("quote")) {
            heldBack([
                { kind: "meanwhile", newest_id: 99, messages: [{ id: 99, author: "Ann", at, text: "I was faster" }] },
                { kind: "quote", notes: [{ id: 7, author: "Leo", at, text: "he never pays" }] },
            ]);
        }
    });
    await writeAnswer("mine");
    await click(".o-mail-Composer-send:enabled");
    await contains(".o_helpdesk_meanwhile", { text: "I was faster" });
    await contains(".o_helpdesk_quote", { text: "“he never pays”" });
    await click(".o_helpdesk_read_first", { text: "Read first" });
    await contains(".o_helpdesk_held_back", { count: 0 });
    await contains(".o-mail-Composer-input", { value: "mine" });
    await click(".o-mail-Composer-send:enabled");
    await click(".o_helpdesk_send_anyway");
    await contains(".o-mail-Message", { count: 2 });
    expect.verifySteps(["[[],[],false]", "[[],[],false]", '[["meanwhile","quote"],[],false]']);
});

test("send and set: the stage goes with the message, and the keys know it again", async () => {
    onPost();
    await writeAnswer();
    await click(".o_helpdesk_send_and_set:enabled");
    await contains(".o_helpdesk_send_menu .dropdown-item", { count: 2 });
    await contains(".o_helpdesk_send_menu .dropdown-item", { text: "Openas now" });
    await click(".o_helpdesk_send_menu .dropdown-item", { text: "Solved" });
    await contains(".o-mail-Message", { count: 2 });
    await click("button.o_helpdesk_write_answer");
    await insertText(".o-mail-Composer-input", "once more");
    await press(["alt", "shift", "Enter"]);
    await contains(".o-mail-Message", { count: 3 });
    expect.verifySteps(["[[],[],5]", "[[],[],5]"]);
});

test("the keys do nothing before a choice was made", async () => {
    onPost();
    await writeAnswer();
    await press(["alt", "shift", "Enter"]);
    await contains(".o_notification", { text: "Choose a stage beside “Send to customer” once; these keys use it again." });
    expect.verifySteps([]);
});

test("an answer can be taken back, or leaves when its time has come", async () => {
    let now = Date.now();
    patchWithCleanup(Date, { now: () => now }); // a slow browser must not eat seconds of the countdown
    patchWithCleanup(session, { helpdesk_undo_seconds: 10 });
    onRpc("/helpdesk/answer/hold", async (request) => {
        const { params } = await request.json();
        expect.step(`hold ${params.post_data.body}`);
        return { id: 42, seconds: 10, store_data: {} };
    });
    onRpc("helpdesk.ticket", "undo_answer", ({ args }) => {
        expect.step(`undo ${args[1]}`);
        return { body: "x", attachments: [], partner_ids: [], choices: {} };
    });
    onRpc("mail.scheduled.message", "post_message", ({ args }) => {
        expect.step(`send ${args[0]}`);
        return true;
    });
    await writeAnswer("mine");
    await click(".o-mail-Composer-send:enabled");
    await contains(".o_helpdesk_held_answer", { text: "Sending in 10 s" });
    await contains(".o-mail-Composer", { count: 0 });
    await click(".o_helpdesk_undo");
    await contains(".o-mail-Composer-input", { value: "mine" });
    await contains(".o_helpdesk_held_answer", { count: 0 });
    await click(".o-mail-Composer-send:enabled");
    await contains(".o_helpdesk_held_answer", { text: "Sending in 10 s" });
    now += 3000;
    await contains(".o_helpdesk_held_answer", { text: "Sending in 7 s" });
    now += 8000;
    await contains(".o_helpdesk_held_answer", { count: 0 });
    expect.verifySteps(["hold mine", "undo 42", "hold mine", "send 42"]);
});
