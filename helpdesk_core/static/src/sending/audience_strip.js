import { AudienceList } from "@helpdesk_core/sending/audience_list";
import { beginDraft, chosenRecipients, leaveOut, takeBack } from "@helpdesk_core/sending/draft";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";

import { Component, onWillUnmount, useEffect, useState } from "@odoo/owl";

/** Above an answer that is being written: exactly who gets it, worked out by the server with the code that sends it. */
export class AudienceStrip extends Component {
    static template = "helpdesk_core.AudienceStrip";
    static components = { AudienceList };
    static props = { thread: Object };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ audience: null, failed: false });
        this.thread = this.props.thread;
        beginDraft(this.thread);
        onWillUnmount(() => (this.thread.helpdeskSeenId = undefined));
        useEffect(
            () => {
                this.refresh();
            },
            () => [this.question, this.props.thread.newestPersistentMessage?.id, this.props.thread.helpdeskCustomerId]
        );
    }

    /** Everything the answer depends on, as text, so that it can be compared. */
    get question() {
        const { partnerIds, emails } = chosenRecipients(this.props.thread);
        return JSON.stringify([partnerIds, emails, this.props.thread.helpdeskLeftOut]);
    }

    async refresh() {
        const { thread } = this.props;
        try {
            this.state.audience = await this.keepLast.add(
                this.orm.silent.call("helpdesk.ticket", "get_answer_recipients", [[thread.id], ...JSON.parse(this.question)])
            );
            this.state.failed = false;
            if (thread.helpdeskSeenId === undefined) {
                beginDraft(thread);
                thread.helpdeskSeenId ??= this.state.audience.newest_id;
            }
        } catch {
            Object.assign(this.state, { audience: null, failed: true });
        }
    }

    onRemove(person) {
        leaveOut(this.props.thread, person.key);
    }

    onTakeBack(person) {
        takeBack(this.props.thread, person);
    }
}
