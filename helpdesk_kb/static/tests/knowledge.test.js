import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineMenus,
    defineModels,
    fields,
    makeServerError,
    mockService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

import { Knowledge } from "@helpdesk_kb/knowledge/knowledge";

describe.current.tags("desktop");

const PACK = { id: 7, title: "Wake the <mark>pack</mark> up", excerpt: "Leave it in.", visibility: "public", link_refused: "" };
const GOODWILL = { id: 8, title: "Goodwill", excerpt: "Offer half.", visibility: "internal", link_refused: "Customers cannot read it." };

class HelpdeskTicket extends models.Model {
    _name = "helpdesk.ticket";

    name = fields.Char();
    _records = [{ id: 1, name: "Charger stays red" }];
}

class HelpdeskArticleSearch extends models.Model {
    _name = "helpdesk.article.search";

    query = fields.Char();
    _records = [{ id: 1, query: "charger" }];
}

defineMailModels();
defineModels([HelpdeskTicket, HelpdeskArticleSearch]);

async function openTicket() {
    defineMenus([{ id: 77, appID: 77, name: "Helpdesk", xmlid: "helpdesk_core.helpdesk_menu_root", children: [] }]);
    await mountView({
        type: "form",
        resModel: "helpdesk.ticket",
        resId: 1,
        arch: `<form><field name="name"/><widget name="helpdesk_knowledge"/></form>`,
    });
    await animationFrame();
}

test("what fits is offered; what the customer may not read cannot be linked, and says why", async () => {
    onRpc("helpdesk.ticket", "get_knowledge", () => ({
        articles: [PACK, GOODWILL],
        similar: [{ id: 5, number: "HD5", name: "Red light" }],
    }));
    await openTicket();
    expect(".o_helpdesk_knowledge_article mark").toHaveText("pack");
    expect("[data-article='7'] .o_helpdesk_knowledge_link").toBeEnabled();
    expect("[data-article='8'] .o_helpdesk_knowledge_link").not.toBeEnabled();
    expect("[data-article='8'] .badge").toHaveText("Agents only");
    await contains("[data-article='8'] button[aria-expanded]").click();
    expect("[data-article='8']").toHaveText(/Customers cannot read it\./);
    expect(".o_helpdesk_knowledge_similar").toHaveText(/Red light/);
});

test("inserting goes into the answer, and is recorded", async () => {
    onRpc("helpdesk.ticket", "get_knowledge", () => ({ articles: [PACK], similar: [] }));
    onRpc("helpdesk.ticket", "use_article", ({ args }) => {
        expect.step(args.slice(1).join(" "));
        return { html: "<p>Leave it in.</p>", text: "Leave it in." };
    });
    patchWithCleanup(Knowledge.prototype, {
        setup() {
            super.setup();
            this.env.bus.addEventListener("HELPDESK_KB:INSERT", ({ detail }) => expect.step(`${detail.ticketId} ${detail.text}`));
        },
    });
    await openTicket();
    await contains(".o_helpdesk_knowledge_text").click();
    await animationFrame();
    expect.verifySteps(["7 text", "1 Leave it in."]);
});

test("only a search that was sent off is logged, and what it led to", async () => {
    onRpc("helpdesk.ticket", "get_knowledge", () => ({ articles: [], similar: [] }));
    onRpc("helpdesk.ticket", "search_knowledge", ({ args }) => {
        expect.step(`${args[1]} ${args[2]}`);
        return { articles: args[1] === "charger" ? [PACK] : [], key: args[2] ? "k".repeat(20) : false };
    });
    onRpc("helpdesk.ticket", "use_article", () => ({ html: "", text: "" }));
    onRpc("helpdesk.article.search", "note_opened", ({ args }) => {
        expect.step(`opened ${args[1]}`);
        return true;
    });
    mockService("action", { doAction: () => {} });
    await openTicket();
    expect(".o_helpdesk_knowledge [role=status]").toHaveText(/No article seems to fit/);
    await contains(".o_helpdesk_knowledge_search").edit("charger", { confirm: false });
    await advanceTime(400);
    await animationFrame();
    expect(".o_helpdesk_knowledge_article").toHaveCount(1);
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["charger false", "charger true"]);
    await contains(".o_helpdesk_knowledge_article .btn-link:contains(Read)").click();
    await animationFrame();
    expect.verifySteps(["opened 7"]);
    await contains(".o_helpdesk_knowledge_search").edit("nonsense", { confirm: "Enter" });
    await animationFrame();
    expect(".o_helpdesk_knowledge [role=status]").toHaveText(/Nothing found/);
    expect.verifySteps(["nonsense true"]);
});

test("without suggestions the form remains of use", async () => {
    onRpc("helpdesk.ticket", "get_knowledge", () => {
        throw makeServerError({ message: "no" });
    });
    await openTicket();
    await animationFrame();
    expect(".o_helpdesk_knowledge [role=status]").toHaveText(/could not be loaded/);
    expect(".o_field_widget[name=name] input").toHaveValue("Charger stays red");
});

test("above the searches: how many found out by themselves", async () => {
    let rate = null;
    onRpc("helpdesk.article.search", "get_figures", () => ({
        days: 30,
        now: { searches: 6, answered: 4, tickets: 1, neither: 1, rate },
        before: { searches: 2, answered: 1, tickets: 1, neither: 0, rate: 0.5 },
    }));
    const view = { type: "list", resModel: "helpdesk.article.search", arch: `<list js_class="helpdesk_article_search_list"><field name="query"/></list>` };
    await mountView(view);
    expect(".o_helpdesk_search_figures").toHaveText(/once they have searched/);
    rate = 0.8;
    await mountView(view);
    expect(".o_helpdesk_answered").toHaveText("80 %");
    expect(".o_helpdesk_search_figures .text-muted:contains(50)").toHaveCount(1);
    expect(queryAllTexts(".o_data_row:last .o_data_cell")).toEqual(["charger"]);
});
