import { keyOf, leaveOut } from "@helpdesk_core/sending/draft";
import { RecipientsInput } from "@mail/core/web/recipients_input";
import { patch } from "@web/core/utils/patch";

/** Who is taken off the list of a ticket's answer does not get it, though the ticket would write to them by itself. */
patch(RecipientsInput.prototype, {
    getTagsFromMailThread() {
        const tags = super.getTagsFromMailThread();
        const { thread } = this.props;
        if (thread.model !== "helpdesk.ticket") {
            return tags;
        }
        return tags
            .map((tag) => ({ ...tag, key: keyOf({ email: tag.email, partner_id: tag.resId }) }))
            .filter(({ key }) => !thread.helpdeskLeftOut.includes(key))
            .map(({ key, ...tag }) => ({ ...tag, onDelete: () => leaveOut(thread, key) }));
    },

    insertAdditionalRecipient(recipient) {
        super.insertAdditionalRecipient(...arguments);
        const { thread } = this.props;
        thread.helpdeskLeftOut = thread.helpdeskLeftOut.filter((key) => key !== keyOf(recipient));
    },
});
