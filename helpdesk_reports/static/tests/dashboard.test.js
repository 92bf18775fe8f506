import { barName, change, shown, stepName } from "@helpdesk_reports/dashboard/figures";
import { HelpdeskDashboard } from "@helpdesk_reports/dashboard/dashboard";
import { keepFilters, startingFilters } from "@helpdesk_reports/dashboard/filters";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { router } from "@web/core/browser/router";
import { getDefaultConfig } from "@web/views/view";
import {
    allowTranslations,
    contains,
    makeMockEnv,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const DOMAIN = [["team_id", "in", [1]]];

function figure(key, value, values) {
    const open = { model: "helpdesk.ticket", domain: [...DOMAIN, ["key", "=", key]] };
    return { key, label: key, hint: `How ${key} is counted`, kind: "count", value, before: false, good: "", tone: "", open, ...values };
}

const STEPS = [
    { key: "2026-03-03 00:00", start: "2026-03-02 23:00:00", end: "2026-03-03 23:00:00" },
    { key: "2026-03-04 00:00", start: "2026-03-03 23:00:00", end: "2026-03-04 23:00:00" },
];
const DATA = {
    now: { figures: [figure("open", 7), figure("sla_missed", 1, { tone: "danger", icon: "fa-bell-slash-o" })], teams: [] },
    flow: {
        figures: [figure("in", 6, { before: 4 }), figure("solved", 1, { before: 2, good: "up" }), figure("reopened", 0)],
        chart: { unit: "day", steps: STEPS, in: [2, 4], solved: [1, 0], reopened: [0, 0], backlog: [3, 7] },
        channels: [figure("email", 3), figure("web", 1)],
        customers: [],
        heat: { cells: [{ weekday: 2, hour: 14, value: 5 }], open: { model: "helpdesk.ticket.report", domain: DOMAIN } },
    },
    people: {
        columns: [{ key: "open", label: "Open now", hint: "", kind: "count" }, { key: "one_touch", label: "One answer", hint: "", kind: "percent" }],
        teams: [{ id: 1, name: "Repairs", figures: [figure("open", 3), figure("one_touch", false)] }],
        people: [{ id: 7, name: "Ann", figures: [figure("open", 2), figure("one_touch", 50)] }],
        everyone: false,
    },
};

function serve(answer = (name) => DATA[name]) {
    onRpc("helpdesk.dashboard", "get_choices", () => ({
        sections: Object.keys(DATA),
        teams: [{ id: 1, name: "Repairs" }, { id: 2, name: "Returns" }],
        brands: [],
    }));
    onRpc("helpdesk.dashboard", "get_dashboard", async ({ args: [filters, [name]] }) => ({
        period: { first: "2026-03-03", last: "2026-03-04", days: 2, zone: "Europe/Brussels" },
        [name]: await answer(name, filters),
    }));
}

async function show() {
    await mountWithCleanup(HelpdeskDashboard, {
        env: await makeMockEnv({ config: getDefaultConfig() }),
        props: { action: {}, actionId: 1, updateActionState: () => {} },
    });
    await animationFrame();
    await animationFrame();
}

test("figures in words, and how they compare", async () => {
    await makeMockEnv();
    allowTranslations();
    expect([shown(1234), shown(67, "percent"), shown(1.5, "hours"), shown(false, "hours"), shown(0)]).toEqual(
        ["1,234", "67 %", "1 h 30 min", "–", "0"]);
    for (const [value, before, kind, good, arrow, text, tone] of [
        [6, 4, "count", "", "▲", "50 %", ""],
        [1, 2, "count", "up", "▼", "50 %", "worse"],
        [1, 2, "count", "down", "▼", "50 %", "better"],
        [3, 0, "count", "down", "▲", "3", "worse"],
        [4, 4, "count", "up", "=", "as before", ""],
        [80, 92, "percent", "up", "▼", "12 points", "worse"],
        [1.5, 3.25, "hours", "down", "▼", "1 h 45 min", "better"],
    ]) {
        const found = change({ value, before, kind, good });
        expect([found.arrow, found.text, found.tone]).toEqual([arrow, text, tone]);
    }
    expect(change({ value: 5, before: false, kind: "count", good: "" })).toBe(null);
    expect(change({ value: 0, before: 0, kind: "count", good: "" })).toBe(null);
    expect([barName({ above: 0, upto: 0.25 }), barName({ above: 1, upto: 4 }), barName({ above: 24, upto: false })]).toEqual(
        ["up to 15 min", "1 h to 4 h", "over 24 h"]);
    expect([stepName("2026-03-02 00:00", "week"), stepName("2026-03-01 00:00", "month")]).toEqual(["Week of Mar 2", "Mar 2026"]);
});

test("filters come from the address, else from the last time", () => {
    patchWithCleanup(router, { current: {} });
    expect(startingFilters().period).toBe("30");
    expect(keepFilters({ period: "custom", from: "2026-01-01", to: "2026-01-31", team_ids: [3, 4], brand_id: false, partner_id: 9 })).toEqual(
        { period: "custom", from: "2026-01-01", to: "2026-01-31", teams: "3-4", brand: undefined, customer: 9 });
    expect(startingFilters().team_ids).toEqual([3, 4]);
    patchWithCleanup(router, { current: { period: 7, teams: 2, customer: "x" } });
    const found = startingFilters();
    expect([found.period, found.team_ids, found.partner_id]).toEqual(["7", [2], false]);
    patchWithCleanup(router, { current: { period: "ever" } });
    expect(startingFilters().period).toBe("30");
});

test("each section comes by itself, and a figure opens what it counts", async () => {
    serve();
    mockService("action", {
        loadAction: () => ({ type: "ir.actions.act_window", views: [[false, "list"]] }),
        doAction: (action) => expect.step([action.name, action.domain.length, action.res_model || "ticket"].join(" ")),
    });
    await show();
    expect(queryAllTexts(".o_helpdesk_section h2")).toEqual(["Now", "Flow", "People"]);
    expect(".o_helpdesk_filter_days").toHaveText("Mar 3, 2026 – Mar 4, 2026, compared with the 2 days before");
    expect("[data-section=now] [data-figure=sla_missed]").toHaveClass("o_helpdesk_danger");
    expect("[data-section=now] [data-figure=open]").toHaveAttribute("data-tooltip", "How open is counted");
    expect("[data-figure=solved] .o_helpdesk_change").toHaveClass("o_helpdesk_worse");
    await contains("[data-section=now] [data-figure=open]").click();
    await contains("[data-figure=email]").click();
    await contains(".o_helpdesk_heat button").click();
    expect.verifySteps(["open 2 ticket", "email 2 ticket", "Tuesday, 14:00 to 15:00 3 helpdesk.ticket.report"]);
    await contains(".o_helpdesk_chart button:contains(Numbers)").click();
    expect(queryAllTexts(".o_helpdesk_chart tbody tr")[1]).toMatch(/Mar 4\s+4\s+0\s+0\s+7/);
    await contains(".o_helpdesk_chart tbody tr:last button").click();
    expect.verifySteps(["in, Mar 4 4 ticket"]);
});

test("people: nothing to count is a dash, and agents are told why they see themselves only", async () => {
    serve();
    await show();
    expect("[data-table=people] tbody th").toHaveText("Ann");
    expect(queryAllTexts("[data-table=people] tbody td")).toEqual(["2", "50 %"]);
    expect(queryAllTexts("[data-table=teams] tbody tr td")).toEqual(["3", "–"]);
    expect("[data-section=people]").toHaveText(/those who lead their team/);
});

test("other filters ask anew, and an answer to an older question is dropped", async () => {
    const slow = new Deferred();
    serve(async (name, filters) => {
        if (name !== "now") {
            return DATA[name];
        }
        expect.step(`${filters.period} ${filters.team_ids}`);
        if (filters.period === "7") {
            await slow;
        }
        return { figures: [figure("open", filters.period === "7" ? 1 : 2)], teams: [] };
    });
    await show();
    await contains("select[name=period]").select("7");
    expect("[data-section=now]").toHaveAttribute("aria-busy", "true");
    expect("[data-section=now]").toHaveClass("o_helpdesk_loading");
    await contains("select[name=period]").select("90");
    await animationFrame();
    slow.resolve();
    await animationFrame();
    expect("[data-section=now] .o_helpdesk_tile_value").toHaveText("2");
    await contains(".o_helpdesk_filter_teams").click();
    await contains(".o_helpdesk_teams_menu .o-dropdown-item:last").click();
    expect.verifySteps(["30 ", "7 ", "90 ", "90 2"]);
    await contains("select[name=period]").select("custom"); // asks with the days shown, which are whole
    expect(queryOne("input[name=from]").value).toBe("2026-03-03");
    expect.verifySteps(["custom 2"]);
});

test("a section that fails says so, keeps what it had, and can be asked again", async () => {
    let fails = true;
    serve((name) => {
        if (name === "flow" && fails) {
            throw makeServerError({ message: "Too much" });
        }
        return DATA[name];
    });
    await show();
    expect("[data-section=flow] .alert").toHaveText(/Too much/);
    expect(queryAll("[data-section=now] .o_helpdesk_tile")).toHaveLength(2);
    fails = false;
    await contains("[data-section=flow] .alert button").click();
    await animationFrame();
    expect("[data-section=flow] .alert").toHaveCount(0);
    expect("[data-figure=in] .o_helpdesk_tile_value").toHaveText("6");
});
