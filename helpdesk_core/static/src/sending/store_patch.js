import { chosenRecipients } from "@helpdesk_core/sending/draft";
import { Store } from "@mail/core/common/store_service";
import { patch } from "@web/core/utils/patch";

patch(Store.prototype, {
    /**
     * An answer on a ticket goes to the very contacts that were chosen (core looks them up again by their address, which
     * contacts may share), and to addresses without a contact as such.
     */
    async getMessagePostParams({ postData, thread }) {
        const params = await super.getMessagePostParams(...arguments);
        const { helpdesk } = postData;
        if (!helpdesk) {
            return params;
        }
        const { partnerIds, emails } = chosenRecipients(thread);
        const { partner_emails, ...data } = params.post_data;
        params.post_data = {
            ...data,
            partner_ids: [...new Set([...(data.partner_ids ?? []), ...partnerIds])],
            helpdesk_guard: helpdesk.guard,
            helpdesk_left_out: helpdesk.leftOut,
            helpdesk_emails: emails,
        };
        if (helpdesk.stageId) {
            params.post_data.helpdesk_stage_id = helpdesk.stageId;
        }
        return params;
    },
});
