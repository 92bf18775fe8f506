import { Message } from "@mail/core/common/message";
import { patch } from "@web/core/utils/patch";
import { REMOTE_IMAGE } from "./message_model_patch";

patch(Message.prototype, {
    prepareMessageBody(bodyEl) {
        super.prepareMessageBody(bodyEl);
        if (this.message.remoteImagesShown) {
            this.loadRemoteImages(bodyEl);
        }
    },

    /** Give the images that wait their address; whoever serves them learns that the mail is read. */
    loadRemoteImages(bodyEl) {
        for (const image of bodyEl?.querySelectorAll(`img.${REMOTE_IMAGE}`) ?? []) {
            if (/^https?:\/\//i.test(image.title)) {
                image.referrerPolicy = "no-referrer";
                image.src = image.title;
            }
        }
    },

    onClickShowImages() {
        this.message.remoteImagesShown = true;
        this.loadRemoteImages(this.shadowRoot ?? this.messageBody.el);
    },
});
