import { registry } from "@web/core/registry";

/**
 * Does `params.next` after the conversations of the tickets `params.ids` were forgotten: messages moved between them, and
 * the chatter would only ask for newer ones.
 */
registry.category("actions").add("helpdesk_open_anew", (env, { params }) => {
    const { Thread } = env.services["mail.store"];
    for (const id of params.ids) {
        const thread = Thread.get({ model: "helpdesk.ticket", id });
        if (thread) {
            thread.messages = [];
            thread.isLoaded = false;
        }
    }
    return params.next;
});
