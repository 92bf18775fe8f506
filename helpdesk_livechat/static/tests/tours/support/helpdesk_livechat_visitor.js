import { registry } from "@web/core/registry";

const ROOT = ".o-livechat-root:shadow";
const says = (text) => ({ trigger: `${ROOT} .o-mail-Message:contains(${text})` });
const write = (text) => [
    { trigger: `${ROOT} .o-mail-Composer-input:enabled`, run: `edit ${text}` },
    { trigger: `${ROOT} .o-mail-Composer-input`, run: "press Enter" },
];

registry.category("web_tour.tours").add("helpdesk_livechat_bot_article", {
    steps: () => [
        { trigger: `${ROOT} .o-livechat-LivechatButton`, run: "click" },
        says("What can I do?"),
        ...write("how to reset the drill"),
        says("Reset the drill"),
        { trigger: `${ROOT} .o-mail-Message button:contains(That helped)`, run: "click" },
        says("Glad that it helped"),
    ],
});

registry.category("web_tour.tours").add("helpdesk_livechat_leave_message", {
    steps: () => [
        { trigger: `${ROOT} .o-helpdesk-Offer-button`, run: "click" },
        { trigger: `${ROOT} .o-helpdesk-Offer:contains(Nobody is free)` },
        { trigger: `${ROOT} #helpdesk_offer_name`, run: "edit Nina" },
        { trigger: `${ROOT} #helpdesk_offer_text`, run: "edit The charger blinks red" },
        { trigger: `${ROOT} #helpdesk_offer_email`, run: "edit nina@new.test" },
        { trigger: `${ROOT} .o-helpdesk-Offer button:contains(Send)`, run: "click" },
        { trigger: `${ROOT} .o-helpdesk-Offer-thanks:contains(HD)` },
    ],
});
