import { Thread } from "@mail/core/common/thread";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

import { useEffect, useState } from "@odoo/owl";

/** In a ticket's conversation a line marks what is new since the reader last looked. */
patch(Thread.prototype, {
    setup() {
        super.setup(...arguments);
        const viewers = useService("helpdesk_core.viewers");
        this.helpdeskViewers = useState(viewers.state);
        useEffect(
            (id, messageId) => {
                if (id && messageId) {
                    viewers.sees(id, messageId);
                }
            },
            () => {
                const { thread } = this.props;
                return [thread.model === "helpdesk.ticket" && thread.id, thread.newestPersistentMessage?.id];
            }
        );
    },

    /** The last message (its id) that the reader had seen before; undefined when nothing of others is new. */
    get helpdeskSeenId() {
        const { thread } = this.props;
        const seen = thread.model === "helpdesk.ticket" ? this.helpdeskViewers.seen[thread.id] : undefined;
        const isNew = (message) => Number.isInteger(message.id) && message.id > seen && !message.isSelfAuthored;
        return seen && thread.messages.some(isNew) ? seen : undefined;
    },

    /**
     * Whether the line stands above `message`, `previous` being what is shown above it: between old and new, whichever
     * of them comes first.
     */
    isHelpdeskLine(seenId, message, previous) {
        return Boolean(seenId && previous) && message.id > seenId !== previous.id > seenId;
    },
});
