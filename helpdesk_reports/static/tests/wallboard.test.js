import { HelpdeskWallboard } from "@helpdesk_reports/wallboard/wallboard";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { contains, mountWithCleanup, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const { DateTime } = luxon;
const NOON = Date.UTC(2026, 2, 4, 12) / 1000;
const HOUR = 3600;
const ROW = { customer: "Acme", assignee: "Ann", waits_since: false };
const OPEN = { key: "open", label: "Open", value: 7, tone: "", icon: "fa-ticket" };

function badge(state, left) {
    return { name: "First answer", due_at: "2026-03-04 13:00:00", state, left, spans: [[NOON, NOON + 8 * HOUR]] };
}

const ROWS = [
    { ...ROW, id: 1, number: "HD1", name: "Late", badge: badge("breached", -2 * HOUR) },
    { ...ROW, id: 2, number: "HD2", name: "Nearly", badge: badge("warning", 65), assignee: "" },
    { ...ROW, id: 3, number: "HD3", name: "Later", badge: badge("running", 2 * HOUR) },
    { ...ROW, id: 4, number: "HD4", name: "Waits", badge: { state: "none" }, waits_since: "2026-03-04 09:00:00", customer: "" },
];

/** A screen whose clock is an hour slow: the server's counts. */
beforeEach(() => mockDate("2026-03-04 11:00:00", 0));

async function show({ rows = ROWS, state, at = () => "2026-03-04 12:00:00" } = {}) {
    const wall = { lost: false, asked: [], open: 7 };
    onRpc("helpdesk.dashboard", "get_choices", () => ({ sections: [], teams: [{ id: 1, name: "Repairs" }, { id: 2, name: "Returns" }], brands: [] }));
    onRpc("helpdesk.dashboard", "get_wallboard", ({ args: [teams] }) => {
        wall.asked.push(teams);
        if (wall.lost) {
            throw new Error("away");
        }
        const names = ["", "Repairs", "Returns"];
        const missed = { key: "sla_missed", label: "Promise missed", value: 1, tone: "danger", icon: "fa-bell-slash-o" };
        return { teams: teams.map((id) => names[id]), figures: [{ ...OPEN, value: wall.open }, missed], rows, at: at() };
    });
    wall.component = await mountWithCleanup(HelpdeskWallboard, { props: { action: {}, actionId: 1, updateActionState: state } });
    return wall;
}

test("what burns counts down by the server's clock", async () => {
    let now = DateTime.fromISO("2026-03-04T12:00:00Z");
    patchWithCleanup(HelpdeskWallboard.prototype, {
        setNow() {
            this.state.now = now;
        },
    });
    const wall = await show();
    expect(Math.round(wall.component.ahead / 60000)).toBe(60);
    expect(queryAllTexts(".o_helpdesk_wall_figures strong")).toEqual(["7", "1"]);
    expect("[data-figure=sla_missed]").toHaveClass("o_helpdesk_wall_danger");
    expect(queryAllTexts(".o_helpdesk_wall_time")).toEqual(["2 h late", "1:05 left", "2 h left", "3 h waits"]);
    expect(queryAllTexts(".o_helpdesk_wall_who")).toEqual(["Ann", "Unassigned", "Ann", "Ann"]);
    expect("[data-ticket='2']").toHaveClass("o_helpdesk_wall_row_warning");
    now = now.plus({ seconds: 10 });
    await advanceTime(1000);
    await animationFrame();
    expect(queryAllTexts(".o_helpdesk_wall_time")[1]).toBe("0:55 left");
    now = now.plus({ minutes: 2 });
    await advanceTime(1000);
    await animationFrame();
    expect("[data-ticket='2']").toHaveClass("o_helpdesk_wall_row_missed");
    expect(queryAllTexts(".o_helpdesk_wall_time")[1]).toBe("1 min late");
});

test("the last figures stay while the line is lost", async () => {
    const wall = await show({ at: () => "2026-03-04 11:00:00" });
    expect(".o_helpdesk_wall_lost").toHaveCount(0);
    wall.lost = true;
    await advanceTime(15000);
    await animationFrame();
    expect(".o_helpdesk_wall_lost").toHaveText(/No connection since .*old/);
    expect(queryAllTexts(".o_helpdesk_wall_figures strong")).toEqual(["7", "1"]);
    Object.assign(wall, { lost: false, open: 8 });
    await advanceTime(15000);
    await animationFrame();
    expect(".o_helpdesk_wall_lost").toHaveCount(0);
    expect(queryAllTexts(".o_helpdesk_wall_figures strong")).toEqual(["8", "1"]);
});

test("teams come from the address and go into it", async () => {
    patchWithCleanup(router, { current: { teams: "1-2" } });
    const wall = await show({ rows: [], state: ({ teams }) => expect.step(String(teams)) });
    expect(wall.asked).toEqual([[1, 2]]);
    expect(".o_helpdesk_wall_head h1").toHaveText("Repairs, Returns");
    expect(".o_helpdesk_wall_empty").toHaveText(/Nothing burns/);
    await contains("select[name=teams]").select("2");
    expect(wall.asked.at(-1)).toEqual([2]);
    await contains("select[name=teams]").select("");
    expect.verifySteps(["1-2", "2", "undefined"]);
    await animationFrame();
    expect(".o_helpdesk_wall_head h1").toHaveText("All teams");
});

test("the screen is kept awake where the browser can", async () => {
    patchWithCleanup(browser, { navigator: { ...browser.navigator, wakeLock: { request: async (what) => expect.step(what) } } });
    await show();
    await animationFrame();
    expect.verifySteps(["screen"]);
});
