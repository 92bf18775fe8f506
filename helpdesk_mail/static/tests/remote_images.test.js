import { click, contains, defineMailModels, openFormView, start, startServer } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";

describe.current.tags("desktop");
defineMailModels();

const PIXEL = "http://127.0.0.1:9/logo.png";

/** The mail's images, which stand in a shadow of their own. */
const images = () => [...document.querySelector(".o-mail-Message-body .overflow-x-auto").shadowRoot.querySelectorAll("img")];

async function openMail(body) {
    const pyEnv = await startServer();
    const partner = pyEnv["res.partner"].create({ name: "Carla" });
    pyEnv["mail.message"].create({ body, message_type: "email", model: "res.partner", res_id: partner });
    await start();
    await openFormView("res.partner", partner);
    await contains(".o-mail-Message");
}

test("images of other servers wait until they are asked for", async () => {
    await openMail(`<p><img class="o_helpdesk_remote_image" title="${PIXEL}" alt="Logo"></p>`);
    await contains(".o_helpdesk_waiting_images");
    expect(images().map((image) => image.hasAttribute("src"))).toEqual([false]);
    await click("button", { text: "Show images" });
    await contains(".o_helpdesk_waiting_images", { count: 0 });
    expect(images().map((image) => image.getAttribute("src"))).toEqual([PIXEL]);
});

test("what is no address of the web is never loaded", async () => {
    await openMail(`<p><img class="o_helpdesk_remote_image" title="javascript:alert(1)" alt="Logo"></p>`);
    await click("button", { text: "Show images" });
    await contains(".o_helpdesk_waiting_images", { count: 0 });
    expect(images().map((image) => image.hasAttribute("src"))).toEqual([false]);
});

test("a mail without them says nothing", async () => {
    await openMail("<p>Hello</p>");
    await contains(".o_helpdesk_waiting_images", { count: 0 });
});
