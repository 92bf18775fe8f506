import { contains, defineMailModels, insertText, click, openFormView, openKanbanView, start, startServer } from "@mail/../tests/mail_test_helpers";
import { waitForChannels } from "@bus/../tests/bus_test_helpers";
import { HEARTBEAT, TYPING } from "@helpdesk_core/viewers/viewers_service";
import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, mockSendBeacon, tick } from "@odoo/hoot-mock";
import { defineMenus, defineModels, fields, makeServerError, models, onRpc, serverState } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class HelpdeskTicket extends models.Model {
    _name = "helpdesk.ticket";
    _inherit = ["mail.thread"];

    name = fields.Char();
    _views = {
        form: `<form><sheet><widget name="helpdesk_viewers"/><field name="name"/></sheet><chatter/></form>`,
        kanban: `<kanban><templates><t t-name="card"><field name="name"/><widget name="helpdesk_card_viewers"/></t></templates></kanban>`,
    };
}

defineMailModels();
defineModels([HelpdeskTicket]);

const BOB = { id: 9001, name: "Bob", state: "looking" };
const me = () => ({ id: serverState.userId, name: "Me", state: "looking" });

/** @param {{ others?: object[], seen?: (messageIds: number[]) => number, agent?: boolean }} [options] */
async function prepare({ others = [], seen = () => 0, agent = true } = {}) {
    if (agent) {
        defineMenus([{ id: 77, appID: 77, name: "Helpdesk", xmlid: "helpdesk_core.helpdesk_menu_root", children: [] }]);
    }
    const pyEnv = await startServer();
    const author_id = pyEnv["res.partner"].create({ name: "Carla" });
    const ids = pyEnv["helpdesk.ticket"].create([{ name: "Drill" }, { name: "Saw" }]);
    const [subtype_id] = pyEnv["mail.message.subtype"].search([["subtype_xmlid", "=", "mail.mt_comment"]]);
    const post = (body, author = author_id) =>
        pyEnv["mail.message"].create({
            author_id: author, body, model: "helpdesk.ticket", res_id: ids[0], message_type: "comment", subtype_id,
        });
    const messages = [post("one"), post("two")];
    const said = [];
    onRpc("helpdesk.ticket", "viewer_ping", ({ args: [[id], state] }) => {
        said.push(`${state} ${id === ids[0] ? "drill" : "saw"}`);
        return { viewers: state === "left" ? others : [me(), ...others], seen_message_id: seen(messages) };
    });
    onRpc("helpdesk.ticket", "get_viewers", ({ args: [asked] }) => {
        said.push(`board of ${asked.length}`);
        return { [ids[0]]: others };
    });
    const tell = (id, viewers) =>
        pyEnv["bus.bus"]._sendone(`helpdesk.ticket.viewers_${id}`, "helpdesk.ticket/viewers", { id, viewers });
    await start();
    return { pyEnv, ids, post, tell, said: () => said.splice(0) };
}

test("who else looks and writes stands beside the badges, and goes with them", async () => {
    const { ids, said, tell } = await prepare({ others: [BOB] });
    await openFormView("helpdesk.ticket", ids[0]);
    await contains(".o_helpdesk_viewers[role=status] .o_helpdesk_viewer", { count: 1, text: "Bob is looking at this" });
    await advanceTime(200);
    await waitForChannels([`helpdesk.ticket.viewers_${ids[0]}`]);
    tell(ids[0], [me(), { ...BOB, state: "answering" }]);
    await contains(".o_helpdesk_viewer .fw-bold", { text: "Bob is writing an answer…" });
    await click("button", { text: "Send to customer" });
    await contains(".o_helpdesk_writer", { text: "Bob is writing an answer…" });
    tell(ids[0], [me()]);
    await contains(".o_helpdesk_viewer", { count: 0 });
    await contains(".o_helpdesk_writer", { count: 0 });
    expect([...new Set(said())]).toEqual(["looking drill"]);
});

test("colleagues hear that one looks, writes, pauses and leaves", async () => {
    const { ids, said } = await prepare();
    await openFormView("helpdesk.ticket", ids[0]);
    await click("button", { text: "Internal note" });
    await insertText(".o-mail-Composer-input", "a");
    await insertText(".o-mail-Composer-input", "b");
    expect(said()).toEqual(["looking drill", "noting drill"]);
    await advanceTime(TYPING);
    expect(said()).toEqual(["looking drill"]);
    await advanceTime(HEARTBEAT);
    expect(said()).toEqual(["looking drill"]);
    const beacons = [];
    mockSendBeacon((url, body) => beacons.push(`${url} ${body.type}`));
    window.dispatchEvent(new Event("pagehide"));
    window.dispatchEvent(new Event("pagehide")); // once is enough
    expect(beacons).toEqual(["/web/dataset/call_kw/helpdesk.ticket/viewer_ping application/json"]);
    await openFormView("helpdesk.ticket", ids[1]);
    await tick();
    expect(said().sort()).toEqual(["left drill", "looking saw"]);
});

test("a board asks once for all its cards and rings who is there", async () => {
    const { ids, pyEnv, said } = await prepare({ others: [BOB] });
    await openKanbanView("helpdesk.ticket");
    await contains(".o_kanban_record:not(.o_kanban_ghost)", { count: 2 });
    await advanceTime(200);
    await contains(".o_kanban_record:contains(Drill) [title='Bob is looking at this'] .o_helpdesk_viewer_face", { count: 1 });
    await contains(".o_helpdesk_viewer_face", { count: 1 });
    expect(said()).toEqual(["board of 2"]);
    await waitForChannels([`helpdesk.ticket.viewers_${ids.join(",")}`]);
    pyEnv["bus.bus"]._sendone(`helpdesk.ticket.viewers_${ids.join(",")}`, "helpdesk.ticket/viewers", {
        id: ids[1], viewers: [me(), { ...BOB, state: "noting" }],
    });
    await contains(".o_kanban_record:contains(Saw) [title='Bob is writing a note…'] .o_helpdesk_viewer_writes", { count: 1 });
});

test("who is no agent says and asks nothing", async () => {
    const { ids, said } = await prepare({ agent: false });
    await openFormView("helpdesk.ticket", ids[0]);
    await contains(".o-mail-Message", { count: 2 });
    await advanceTime(HEARTBEAT);
    expect(said()).toEqual([]);
});

test("who is refused does not ask again, who is cut off does", async () => {
    const { ids } = await prepare();
    let type = undefined;
    let asked = 0;
    onRpc("helpdesk.ticket", "viewer_ping", ({ args }) => {
        if (args[1] === "looking") {
            asked++;
            throw makeServerError({ type });
        }
    });
    type = "UserError";
    await openFormView("helpdesk.ticket", ids[0]);
    await advanceTime(HEARTBEAT + 200);
    expect(asked).toBe(2);
    type = "AccessError";
    await advanceTime(HEARTBEAT);
    await advanceTime(HEARTBEAT);
    expect(asked).toBe(3);
});

test("a line marks what is new since one looked", async () => {
    const { ids } = await prepare({ seen: ([first]) => first });
    await openFormView("helpdesk.ticket", ids[0]);
    await contains(".o_helpdesk_new_line", { count: 1, text: "New since you last looked" });
    await contains(".o-mail-Message:contains(two) + .o_helpdesk_new_line");
});

test("no line where nothing is new, or for one's first look", async () => {
    const { ids } = await prepare({ seen: (messages) => messages.at(-1) });
    await openFormView("helpdesk.ticket", ids[0]);
    await contains(".o-mail-Message", { count: 2 });
    await advanceTime(200);
    await contains(".o_helpdesk_new_line", { count: 0 });
});

test("new messages appear by themselves", async () => {
    const { ids, post, pyEnv } = await prepare();
    await openFormView("helpdesk.ticket", ids[0]);
    await contains(".o-mail-Message", { count: 2 });
    await advanceTime(200);
    await waitForChannels([`helpdesk.ticket.viewers_${ids[0]}`]);
    const message_id = post("three");
    pyEnv["bus.bus"]._sendone(`helpdesk.ticket.viewers_${ids[0]}`, "helpdesk.ticket/message", { id: ids[0], message_id });
    await advanceTime(500);
    await contains(".o-mail-Message", { count: 3 });
    await contains(".o-mail-Message", { text: "three" });
});
