import { registry } from "@web/core/registry";

/** What the large composer says when an answer waits: it closes, and the corner counts down. */
registry.category("actions").add("helpdesk_answer_held", (env, { params }) => {
    const { id, seconds, ticket_id, name } = params;
    const thread = env.services["mail.store"].Thread.insert({ model: "helpdesk.ticket", id: ticket_id });
    env.services["helpdesk.held_answers"].add({ id, seconds, thread, name });
    return { type: "ir.actions.act_window_close" };
});
