import { spoken } from "@helpdesk_core/core/time";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { allowTranslations, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Ticket extends models.Model {
    _name = "ticket";

    unanswered_since = fields.Datetime();
    deadline = fields.Datetime();
    status = fields.Selection({ selection: [["open", "Open"], ["solved", "Solved"]] });
    channel = fields.Selection({ selection: [["email", "E-mail"], ["phone", "Phone"]] });
    rating = fields.Float();
    _records = [
        { id: 1, rating: 5, unanswered_since: "2026-03-04 08:50:00", deadline: "2026-03-04 09:35:00", status: "open", channel: "email" },
        { id: 2, rating: 3, unanswered_since: "2026-03-04 04:00:00", deadline: "2026-03-04 06:50:00", status: "open", channel: "phone" },
        { id: 3, rating: 1.5, unanswered_since: "2026-03-01 09:00:00", deadline: "2026-03-04 06:50:00", status: "solved", channel: false },
        { id: 4, rating: 0, unanswered_since: false, deadline: false, status: "open", channel: false },
    ];
}

defineMailModels();
defineModels([Ticket]);
beforeEach(() => mockDate("2026-03-04 09:00:00", 0));

test("spans of time as people say them", () => {
    allowTranslations();
    for (const [seconds, text, short] of [
        [0, "0 min", "0 min"],
        [-30, "0 min", "0 min"],
        [59, "0 min", "0 min"],
        [60, "1 min", "1 min"],
        [3600, "1 h", "1 h"],
        [7800, "2 h 10 min", "2 h"],
        [86400, "1 d", "1 d"],
        [100000, "1 d 3 h", "1 d"],
        [86700, "1 d", "1 d"],
    ]) {
        expect(spoken(seconds)).toBe(text);
        expect(spoken(seconds, 1)).toBe(short);
    }
});

test("waiting customers: a word, an icon and a colour by age, renewed each minute", async () => {
    await mountView({
        type: "list",
        resModel: "ticket",
        arch: `<list><field name="unanswered_since" widget="helpdesk_waits" options="{'amber': 4, 'red': 48}"/></list>`,
    });
    expect(queryAllTexts(".o_data_cell")).toEqual(["waits 10 min", "waits 5 h", "waits 3 d", ""]);
    const [young, older, oldest] = queryAll(".o_helpdesk_waits");
    expect(young).toHaveClass("text-muted");
    expect(older).toHaveClass("o_helpdesk_amber");
    expect(oldest).toHaveClass("text-danger");
    expect(".o_helpdesk_waits i.fa-hourglass-end").toHaveCount(1);
    expect(young).toHaveAttribute("data-tooltip", /^The customer waits since .*2026/);
    await advanceTime(120000);
    await animationFrame();
    expect(queryAllTexts(".o_data_cell")[0]).toBe("waits 12 min");
});

test("deadlines: what is left or over, and the plain date of what is done", async () => {
    await mountView({
        type: "list",
        resModel: "ticket",
        arch: `<list><field name="deadline" widget="helpdesk_due" readonly="1"/></list>`,
    });
    const [soon, over, done, none] = queryAllTexts(".o_data_cell");
    expect([soon, over, none]).toEqual(["due in 35 min", "2 h 10 min over", ""]);
    expect(done).toInclude("2026");
    expect(queryAll(".o_helpdesk_due").map((node) => node.classList.contains("text-danger"))).toEqual([false, true, false]);
});

test("a deadline can be changed where it is not readonly", async () => {
    await mountView({
        type: "form",
        resModel: "ticket",
        resId: 1,
        arch: `<form><field name="deadline" widget="helpdesk_due"/></form>`,
    });
    expect(".o_field_widget[name=deadline] .o_input").toHaveCount(1);
    expect(".o_helpdesk_due").toHaveText("due in 35 min");
});

test("channels: an icon with its name", async () => {
    await mountView({
        type: "list",
        resModel: "ticket",
        arch: `<list><field name="channel" widget="helpdesk_channel"/></list>`,
    });
    expect(".o_helpdesk_channel").toHaveCount(2);
    expect("i.fa-envelope").toHaveAttribute("aria-label", "E-mail");
    expect(".o_helpdesk_channel:eq(1)").toHaveAttribute("title", "Phone");
});

test("ratings: a face with its word, and nothing where nobody rated", async () => {
    await mountView({
        type: "list",
        resModel: "ticket",
        arch: `<list><field name="rating" widget="helpdesk_rating"/></list>`,
    });
    expect(queryAllTexts(".o_data_row .o_data_cell")).toEqual(["Good", "So-so", "Bad", ""]);
    expect("i.fa-frown-o").toHaveCount(1);
});
