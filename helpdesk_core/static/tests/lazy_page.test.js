import { describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Ticket extends models.Model {
    _name = "ticket";

    name = fields.Char();
    write_date = fields.Datetime();
    event_ids = fields.One2many({ relation: "event" });

    _records = [{ id: 1, name: "Drill", write_date: "2026-03-04 09:00:00", event_ids: [1] }];
    web_save(ids) {
        this.write(ids, { event_ids: [[4, 2]], write_date: "2026-03-04 09:00:07" });
        return super.web_save(...arguments);
    }

    _views = {
        "form,history": `<form edit="0"><field name="event_ids"><list><field name="summary"/></list></field></form>`,
    };
}

class Event extends models.Model {
    _name = "event";

    summary = fields.Char();

    _records = [
        { id: 1, summary: "Came by mail" },
        { id: 2, summary: "Moved to Open" },
    ];
}

defineMailModels();
defineModels([Ticket, Event]);

test("a tab is read when it is opened, and again after each save", async () => {
    onRpc("ticket", "web_read", ({ kwargs }) => {
        expect.step("event_ids" in kwargs.specification ? "events" : "ticket");
    });
    await mountView({
        type: "form",
        resModel: "ticket",
        resId: 1,
        arch: `
            <form>
                <field name="name"/>
                <notebook>
                    <page name="first" string="First">first</page>
                    <page name="history" string="History"><widget name="helpdesk_lazy_page" view="history"/></page>
                </notebook>
            </form>`,
    });
    expect.verifySteps(["ticket"]);
    await contains("a[name=history]").click();
    expect(".o_helpdesk_lazy_page .o_data_row").toHaveText("Came by mail");
    expect.verifySteps(["events"]);
    await contains(".o_field_widget[name=name] input").edit("Drill again");
    expect.verifySteps([]);
    await contains(".o_form_button_save").click();
    await animationFrame();
    expect(".o_helpdesk_lazy_page .o_data_row").toHaveCount(2);
    expect.verifySteps(["events"]);
    expect(".o_breadcrumb").toHaveText("Drill again");
});
