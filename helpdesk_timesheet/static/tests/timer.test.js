import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, queryAllAttributes } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import {
    contains, defineModels, fields, MockServer, mockService, models, mountView, onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

const TIMER = ".o_helpdesk_timer";
const MINUTE = 60 * 1000;

class Ticket extends models.Model {
    _name = "helpdesk.ticket";

    name = fields.Char();
    timer_state = fields.Selection({ selection: [["none", "None"], ["running", "Running"], ["paused", "Paused"]] });
    timer_since = fields.Datetime();
    timer_seconds = fields.Integer();
    _records = [
        { id: 1, name: "Drill", timer_state: "none", timer_since: false, timer_seconds: 0 },
        { id: 2, name: "Saw", timer_state: "running", timer_since: "2026-03-04 10:55:00", timer_seconds: 3600 },
        { id: 3, name: "Lamp", timer_state: "paused", timer_since: false, timer_seconds: 150 },
        { id: 4, name: "Clock", timer_state: "running", timer_since: "2026-03-04 12:30:00", timer_seconds: 600 },
    ];
    _views = { form: `<form><field name="name"/><widget name="helpdesk_timer"/></form>` };
}

defineMailModels();
defineModels([Ticket]);
beforeEach(() => mockDate("2026-03-04 12:00:00", 0));

const write = (id, values) => MockServer.env["helpdesk.ticket"].write([id], values);

/** Open a ticket; the server's buttons note their names and change its timer as `answers` says. */
async function open(resId, answers = {}) {
    for (const method of ["action_timer_start", "action_timer_pause", "action_timer_stop"]) {
        onRpc("helpdesk.ticket", method, ({ args: [ids] }) => {
            expect.step(`${method} ${ids}`);
            const { values = {}, action = false } = answers[method] || {};
            write(resId, values);
            return action;
        });
    }
    return mountView({ type: "form", resModel: "helpdesk.ticket", resId });
}

const buttons = () => queryAllAttributes(`${TIMER} button`, "aria-label");

test("a timer that runs counts on from what was measured, minute by minute", async () => {
    await open(2);
    expect(`${TIMER} [role=timer]`).toHaveText("2 h 5 min");
    expect(`${TIMER} [role=timer]`).toHaveClass("text-success");
    expect(buttons()).toEqual(["Pause the timer", "Stop the timer"]);
    await advanceTime(MINUTE);
    await animationFrame();
    expect(`${TIMER} [role=timer]`).toHaveText("2 h 6 min");
    await advanceTime(54 * MINUTE);
    await animationFrame();
    expect(`${TIMER} [role=timer]`).toHaveText("3 h");
});

test("a paused timer stands still", async () => {
    await open(3);
    expect(`${TIMER} [role=timer]`).toHaveText("2 min");
    expect(`${TIMER} [role=timer]`).toHaveClass("text-muted");
    expect(buttons()).toEqual(["Go on with the timer", "Stop the timer"]);
    await advanceTime(10 * MINUTE);
    await animationFrame();
    expect(`${TIMER} [role=timer]`).toHaveText("2 min");
});

test("a browser whose clock is behind takes no time away", async () => {
    await open(4);
    expect(`${TIMER} [role=timer]`).toHaveText("10 min");
});

test("starting keeps what was typed, and shows the server's timer", async () => {
    onRpc("helpdesk.ticket", "web_save", ({ args: [ids, values] }) => {
        expect.step(`saved ${ids} ${values.name}`);
    });
    await open(1, { action_timer_start: { values: { timer_state: "running", timer_since: "2026-03-04 12:00:00" } } });
    expect(TIMER).toHaveText("Start timer");
    await contains("[name=name] input").edit("Drill, loud");
    await click(`${TIMER} button`);
    await animationFrame();
    expect.verifySteps(["saved 1 Drill, loud", "action_timer_start 1"]);
    expect(`${TIMER} [role=timer]`).toHaveText("0 min");
    expect(buttons()).toEqual(["Pause the timer", "Stop the timer"]);
});

test("what cannot be saved starts no timer", async () => {
    Ticket._views.form = `<form><field name="name" required="1"/><widget name="helpdesk_timer"/></form>`;
    await open(1);
    await contains("[name=name] input").edit("");
    await click(`${TIMER} button`);
    await animationFrame();
    expect.verifySteps([]);
    expect(TIMER).toHaveText("Start timer");
});

test("pausing and going on", async () => {
    await open(2, {
        action_timer_pause: { values: { timer_state: "paused", timer_since: false, timer_seconds: 7500 } },
        action_timer_start: { values: { timer_state: "running", timer_since: "2026-03-04 12:00:00" } },
    });
    await click(`${TIMER} [aria-label^=Pause]`);
    await animationFrame();
    expect(`${TIMER} [role=timer]`).toHaveText("2 h 5 min");
    expect(`${TIMER} [role=timer]`).toHaveClass("text-muted");
    await click(`${TIMER} [aria-label^=Go]`);
    await animationFrame();
    expect(`${TIMER} [role=timer]`).toHaveClass("text-success");
    expect.verifySteps(["action_timer_pause 2", "action_timer_start 2"]);
});

test("stopping asks what was done, and reads the ticket again when that is answered", async () => {
    let close;
    mockService("action", {
        doAction(action, { onClose }) {
            expect.step(action.name);
            close = onClose;
        },
    });
    await open(3, { action_timer_stop: { action: { type: "ir.actions.act_window", name: "Write Down Time" } } });
    await click(`${TIMER} [aria-label^=Stop]`);
    await animationFrame();
    expect.verifySteps(["action_timer_stop 3", "Write Down Time"]);
    expect(`${TIMER} [role=timer]`).toHaveText("2 min");
    write(3, { timer_state: "none", timer_seconds: 0 });
    await close();
    await animationFrame();
    expect(TIMER).toHaveText("Start timer");
});
