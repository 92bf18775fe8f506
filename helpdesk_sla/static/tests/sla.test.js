import { passed } from "@helpdesk_sla/badge/sla_badge";
import { worked } from "@helpdesk_sla/core/worked";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, queryAll, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { allowTranslations, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

const NOON = Date.UTC(2026, 2, 4, 12) / 1000;
const HOUR = 3600;
const CLOCK = { name: "First answer", due_at: "2026-03-04 13:00:00" };

class Ticket extends models.Model {
    _name = "helpdesk.ticket";

    sla_badge = fields.Generic({ type: "json" });
    sla_due_at = fields.Datetime();
    _records = [
        { id: 1, sla_badge: { ...CLOCK, state: "running", left: HOUR, spans: [[NOON, NOON + 2 * HOUR]] } },
        { id: 2, sla_badge: { ...CLOCK, state: "warning", left: 600, spans: [[NOON + HOUR, NOON + 2 * HOUR]] } },
        { id: 3, sla_badge: { ...CLOCK, state: "breached", left: -41 * HOUR - 900, spans: [] } },
        { id: 4, sla_badge: { name: "Resolution", due_at: false, state: "paused", left: 2 * HOUR + 300, spans: [] } },
        { id: 5, sla_badge: { name: "Resolution", due_at: false, state: "running", left: null, spans: [] } },
        { id: 6, sla_badge: { state: "met" } },
        { id: 7, sla_badge: { state: "none" } },
    ];
}

defineMailModels();
defineModels([Ticket]);
beforeEach(() => mockDate("2026-03-04 12:00:00", 0));

test("working time in words", () => {
    allowTranslations();
    for (const [seconds, text, short] of [
        [0, "0 min", "0 min"],
        [59, "0 min", "0 min"],
        [-3600, "1 h", "1 h"],
        [7800, "2 h 10 min", "2 h 10 min"],
        [30 * HOUR + 900, "30 h 15 min", "30 h"],
    ]) {
        expect(worked(seconds)).toBe(text);
        expect(worked(seconds, 1)).toBe(short);
    }
});

test("only working time passes", () => {
    const spans = [[100, 200], [300, 400]];
    for (const [now, seconds] of [[50, 0], [150, 50], [250, 100], [350, 150], [999, 200]]) {
        expect(passed(spans, now)).toBe(seconds);
    }
});

test("badges count down in working time, and turn red by themselves", async () => {
    await mountView({
        type: "list",
        resModel: "helpdesk.ticket",
        arch: `<list><field name="sla_due_at" widget="helpdesk_sla_badge"/></list>`,
    });
    expect(queryAllTexts(".o_data_cell")).toEqual(
        ["1 h left", "10 min left", "41 h late", "2 h 5 min", "No deadline", "Kept", ""]);
    const badges = queryAll(".o_helpdesk_sla_badge");
    expect(badges).toHaveLength(6);
    expect(badges[0]).not.toHaveClass("text-success"); // green is what was kept
    expect(badges[5]).toHaveClass("text-success");
    expect(badges[1]).toHaveClass("o_helpdesk_amber");
    expect(badges[2]).toHaveClass("text-danger");
    expect(badges[0]).toHaveAttribute("data-tooltip", /^First answer due .*2026/);
    await advanceTime(61 * 60 * 1000);
    await animationFrame();
    expect(queryAllTexts(".o_data_cell").slice(0, 4)).toEqual(["1 min late", "9 min left", "41 h late", "2 h 5 min"]);
    expect(queryAll(".o_helpdesk_sla_badge")[0]).toHaveClass("text-danger");
});

test("clocks explain themselves, with their stretches on demand", async () => {
    onRpc("helpdesk.ticket", "get_sla_timeline", ({ args }) => {
        expect.step(args[0]);
        return [{
            id: 1, name: "Resolution", state: "breached", is_open: false, sentence: "Resolution kept late by 35 min",
            policy: "Standard", why: "for every ticket", segments: [
                { start: "2026-03-04 08:00:00", end: "2026-03-04 09:00:00", kind: "running", label: "Running: Open", minutes: 60 },
                { start: "2026-03-04 09:00:00", end: "2026-03-04 12:00:00", kind: "paused", label: "Paused: waiting for the customer", minutes: 120 },
                { start: "2026-03-04 12:00:00", end: "2026-03-05 08:00:00", kind: "off", label: "Outside working hours", minutes: 0 },
            ],
        }];
    });
    await mountView({
        type: "form",
        resModel: "helpdesk.ticket",
        resId: 1,
        arch: `<form><widget name="helpdesk_sla_clocks"/></form>`,
    });
    expect.verifySteps([1]);
    expect(".o_helpdesk_sla_clocks .badge").toHaveText("Kept late");
    expect(".o_helpdesk_sla_clocks").toHaveText(/Resolution kept late by 35 min/);
    expect(".o_helpdesk_sla_part").toHaveCount(3);
    expect(".o_helpdesk_sla_clocks li").toHaveCount(0);
    await click(".o_helpdesk_sla_bar");
    await animationFrame();
    expect(queryAllTexts(".o_helpdesk_sla_clocks li")[1]).toMatch(/^Paused: waiting for the customer, .* \(2 h\)$/);
    expect(".o_helpdesk_sla_bar").toHaveAttribute("aria-expanded", "true");
});
