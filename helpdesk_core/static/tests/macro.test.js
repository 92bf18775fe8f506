import { textOf } from "@helpdesk_core/macro/reply_text_action";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, defineModels, fields, mockService, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Stage extends models.Model {
    _name = "helpdesk.stage";

    name = fields.Char();
    _records = [
        { id: 1, name: "Open" },
        { id: 2, name: "Solved" },
        { id: 3, name: "Waiting" },
    ];
}

class Ticket extends models.Model {
    _name = "helpdesk.ticket";

    number = fields.Char();
    stage_id = fields.Many2one({ relation: "helpdesk.stage" });
    status = fields.Char();
    _records = [
        { id: 1, number: "HD1", stage_id: 1, status: "open" },
        { id: 2, number: "HD2", stage_id: 2, status: "solved" },
        { id: 3, number: "HD3", stage_id: 3, status: "waiting_customer" },
    ];

    web_save(ids, values) {
        values.status = { 1: "open", 2: "solved", 3: "waiting_customer" }[values.stage_id];
        return super.web_save(...arguments);
    }
}

defineMailModels();
defineModels([Stage, Ticket]);

const BOARD = `
    <kanban default_group_by="stage_id">
        <field name="status"/>
        <templates><t t-name="card"><field name="number"/></t></templates>
    </kanban>`;

test("words of a reply as lines of text", () => {
    expect(textOf("<p>Hello Eva,</p><p>one<br/>two</p><ul><li>a</li><li>b</li></ul>")).toBe("Hello Eva,\none\ntwo\n- a\n- b");
    expect(textOf("<div>a &lt;b&gt;</div><div><br></div><div><br></div><div><br></div><div>c</div>")).toBe("a <b>\n\nc");
    expect(textOf("")).toBe("");
});

test("dragging into Solved offers the macro of the team, once", async () => {
    onRpc("helpdesk.ticket", "get_solved_macro", ({ args }) => {
        expect.step(`asked ${args[0]}`);
        return { id: 7, name: "Goodbye" };
    });
    mockService("action", {
        doAction: (action, { additionalContext }) => expect.step([action, additionalContext.active_ids, additionalContext.default_macro_id]),
    });
    await mountView({ type: "kanban", resModel: "helpdesk.ticket", arch: BOARD });
    await contains(".o_kanban_group:eq(0) .o_kanban_record").dragAndDrop(".o_kanban_group:eq(2)");
    await animationFrame();
    expect.verifySteps([]);
    expect(".o_helpdesk_solved_offer").toHaveCount(0);
    await contains(".o_kanban_group:eq(2) .o_kanban_record:contains(HD1)").dragAndDrop(".o_kanban_group:eq(1)");
    await animationFrame();
    expect.verifySteps(["asked 1"]);
    expect(queryAllTexts(".o_helpdesk_solved_offer button:contains(Goodbye)")).toEqual(["Goodbye"]);
    await contains(".o_helpdesk_solved_offer button:contains(Goodbye)").click();
    expect.verifySteps([["helpdesk_core.helpdesk_macro_run_action", [1], 7]]);
    expect(".o_helpdesk_solved_offer").toHaveCount(0);
});

test("a team without such a macro offers nothing", async () => {
    onRpc("helpdesk.ticket", "get_solved_macro", () => false);
    await mountView({ type: "kanban", resModel: "helpdesk.ticket", arch: BOARD });
    await contains(".o_kanban_group:eq(0) .o_kanban_record").dragAndDrop(".o_kanban_group:eq(1)");
    await animationFrame();
    expect(".o_notification").toHaveCount(0);
});
