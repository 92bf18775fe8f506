import { HeldBackDialog, reasonsAgainst } from "@helpdesk_core/sending/held_back_dialog";
import { ScheduledMessage } from "@mail/chatter/web/scheduled_message";
import { ScheduledMessage as ScheduledMessageModel } from "@mail/chatter/web/scheduled_message_model";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

patch(ScheduledMessageModel.prototype, {
    /** On tickets a message that cannot leave stays on the list, and says why. */
    async send() {
        if (this.thread?.model !== "helpdesk.ticket") {
            return super.send();
        }
        const { orm, dialog } = this.store.env.services;
        const { thread } = this;
        try {
            await orm.call("mail.scheduled.message", "post_message", [this.id]);
        } catch (error) {
            const reasons = reasonsAgainst(error);
            if (reasons) {
                dialog.add(HeldBackDialog, { reasons, onRead: () => thread.fetchNewMessages() });
            } else if (error?.data?.name !== "odoo.exceptions.MissingError") {
                throw error;
            }
        }
    },
});

patch(ScheduledMessage.prototype, {
    setup() {
        super.setup();
        this.helpdeskHeld = useService("helpdesk.held_answers");
    },

    get isHeld() {
        return Boolean(this.props.scheduledMessage.helpdesk_undo);
    },

    get leftOutText() {
        const addresses = this.props.scheduledMessage.helpdesk_left_out ?? [];
        return addresses.length ? _t("Not to: %s", addresses.join(", ")) : "";
    },

    undo() {
        const { id, thread } = this.props.scheduledMessage;
        return this.helpdeskHeld.undo(this.helpdeskHeld.item(id) ?? { id, thread });
    },
});
