import { INSERT } from "@helpdesk_kb/knowledge/knowledge";
import { Chatter } from "@mail/chatter/web_portal/chatter";
import { isHtmlEmpty } from "@web/core/utils/html";
import { useBus } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

import { markup } from "@odoo/owl";

/** What is inserted from the knowledge base goes into the answer to the customer, after what stands there. */
patch(Chatter.prototype, {
    setup() {
        super.setup(...arguments);
        useBus(this.env.bus, INSERT, ({ detail }) => this.insertKnowledge(detail));
    },

    insertKnowledge({ ticketId, html, text }) {
        const { thread } = this.state;
        if (thread?.model !== "helpdesk.ticket" || thread.id !== ticketId) {
            return;
        }
        if (this.state.composerType !== "message") {
            this.toggleComposer("message", { force: true });
        }
        const { composer } = thread;
        if (this.env.services["mail.composer"]?.htmlEnabled) {
            const before = isHtmlEmpty(composer.composerHtml) ? "" : composer.composerHtml.toString();
            composer.composerHtml = markup(before + html); // sanitized by the server when the article was saved
        } else {
            // a field without formatting: lists and tables as one would type them
            const before = composer.composerText.trimEnd();
            composer.composerText = (before ? `${before}\n\n` : "") + text;
        }
        composer.isDirty = true;
        composer.autofocus++;
    },
});
