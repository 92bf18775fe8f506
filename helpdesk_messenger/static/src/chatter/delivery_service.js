import { registry } from "@web/core/registry";

/** The state of answers by messenger changes before the eyes of who has the ticket open. */
registry.category("services").add("helpdesk_messenger.delivery", {
    dependencies: ["bus_service", "mail.store"],
    start(env, { bus_service: bus, "mail.store": store }) {
        bus.subscribe("helpdesk.ticket/delivery", ({ message_id: id, delivery }) => {
            const message = store["mail.message"].get(id);
            if (message) {
                message.helpdesk_delivery = delivery;
            }
        });
    },
});
