import "@im_livechat/embed/common/thread_model_patch";
import { ARTICLES } from "@helpdesk_livechat/core/common/chatbot_step_patch";

import { Thread } from "@mail/core/common/thread_model";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

patch(Thread.prototype, {
    get composerDisabledText() {
        const step = this.chatbot?.currentStep;
        if (step?.step_type === ARTICLES && !step.selectedAnswer && !this.chatbot.completed) {
            return _t("Select an option above");
        }
        return super.composerDisabledText;
    },
});
