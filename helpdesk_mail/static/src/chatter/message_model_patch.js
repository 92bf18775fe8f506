import { fields } from "@mail/core/common/record";
import { Message } from "@mail/core/common/message_model";
import { patch } from "@web/core/utils/patch";

export const REMOTE_IMAGE = "o_helpdesk_remote_image";

patch(Message.prototype, {
    setup() {
        super.setup(...arguments);
        /** The reader has asked for the images that a mail would load from elsewhere. */
        this.remoteImagesShown = fields.Attr(false);
    },

    get hasWaitingImages() {
        return !this.remoteImagesShown && String(this.body ?? "").includes(REMOTE_IMAGE);
    },
});
