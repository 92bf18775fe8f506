import { Thread } from "@mail/core/common/thread_model";

import { patch } from "@web/core/utils/patch";

patch(Thread.prototype, {
    setup() {
        super.setup(...arguments);
        /** @type {{ id: number, number: string } | false} the ticket that a live chat goes on in */
        this.helpdesk_ticket = false;
    },
});
