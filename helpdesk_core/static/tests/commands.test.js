import { click, contains, defineMailModels, insertText, openFormView, start, startServer } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { press } from "@odoo/hoot-dom";
import { animationFrame, tick } from "@odoo/hoot-mock";
import { defineMenus, defineModels, fields, mockService, models, onRpc } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class HelpdeskTicket extends models.Model {
    _name = "helpdesk.ticket";
    _inherit = ["mail.thread"];

    name = fields.Char();
    _toolbar = { action: [{ id: 5, name: "Merge Into…", type: "ir.actions.server" }], print: [] };
    _records = [{ id: 12, name: "Drill" }];
    _views = {
        form: `<form><header><button name="action_solve" type="object" string="Solve" data-hotkey="w"/></header>
                   <sheet><field name="name"/></sheet><chatter/></form>`,
        search: `<search/>`,
    };
}

defineMailModels();
defineModels([HelpdeskTicket]);

async function prepare({ agent = true } = {}) {
    const done = [];
    if (agent) {
        defineMenus([{ id: 77, appID: 77, name: "Helpdesk", xmlid: "helpdesk_core.helpdesk_menu_root", children: [] }]);
    }
    onRpc("helpdesk.ticket", "find_by_number", ({ args: [text] }) => {
        done.push(`find ${text}`);
        return text === "999" ? [] : [{ id: 12, number: "HD00012", name: "Drill" }];
    });
    await startServer();
    await start();
    return done;
}

function mockActions(done) {
    mockService("action", {
        doAction(action) {
            done.push(typeof action === "string" ? action : `${action.res_model} ${action.res_id}`);
            return Promise.resolve(true);
        },
    });
}

async function typeCommand(text) {
    await press("control+k");
    await contains(".o_command_palette_search input");
    await insertText(".o_command_palette_search input", text, { replace: true });
    await animationFrame();
}

test("from anywhere: places by name and by key", async () => {
    const done = [];
    mockActions(done);
    await prepare();
    await typeCommand("helpdesk");
    await contains(".o_command", { count: 5 });
    await contains(".o_command:contains(Helpdesk: My Tickets) kbd", { count: 3 });
    await click(".o_command", { text: "Helpdesk: All Tickets" });
    await press("alt+shift+y");
    await press("alt+shift+z");
    await press("alt+shift+h");
    await tick();
    expect(done.map((action) => action.split(".")[1])).toEqual([
        "helpdesk_ticket_action", "helpdesk_ticket_action_my", "helpdesk_ticket_action_unassigned", "helpdesk_overview_action",
    ]);
});

test("the keys are listed", async () => {
    await prepare();
    await typeCommand("keyboard shortcuts");
    await click(".o_command", { text: "Helpdesk: Keyboard Shortcuts" });
    await contains(".o_helpdesk_shortcuts dt:contains(ALT + SHIFT + Y) + dd:contains(My Tickets)");
    await contains(".o_helpdesk_shortcuts dt", { count: 15 });
    await click(".modal-footer button", { text: "Close" });
    await contains(".o_helpdesk_shortcuts", { count: 0 });
});

test("a ticket is opened by its number", async () => {
    const opened = [];
    mockActions(opened);
    const done = await prepare();
    await typeCommand("hd12");
    await click(".o_command", { text: "Open ticket HD00012: Drill" });
    await typeCommand("#");
    await insertText(".o_command_palette_search input", "HD00012");
    await click(".o_command", { text: "Open ticket HD00012: Drill" });
    await contains(".o_command_palette", { count: 0 });
    await typeCommand("999");
    await contains(".o_command", { count: 0 });
    for (const text of ["hd12", "HD00012", "999"]) {
        expect(done).toInclude(`find ${text}`);
    }
    expect(opened).toEqual(["helpdesk.ticket 12", "helpdesk.ticket 12"]);
});

test("others are offered nothing, and nothing is asked for them", async () => {
    const opened = [];
    mockActions(opened);
    const done = await prepare({ agent: false });
    await typeCommand("hd12");
    await contains(".o_command:contains(ticket)", { count: 0 });
    await press("escape");
    await press("alt+shift+y");
    await tick();
    expect([...done, ...opened]).toEqual([]);
});

test("a ticket's buttons and its cog stand in the palette", async () => {
    await prepare();
    await openFormView("helpdesk.ticket", 12);
    await typeCommand("solve");
    await contains(".o_command:contains(Solve) kbd", { count: 2 });
    await press("escape");
    await contains(".o_command_palette", { count: 0 });
    await typeCommand("merge");
    await contains(".o_command", { text: "Merge Into…" });
});
