import { ChatbotStep } from "@im_livechat/core/common/chatbot_step_model";

import { patch } from "@web/core/utils/patch";

export const ARTICLES = "helpdesk_articles";

/** A step that offers articles waits for the visitor to say whether they helped. */
patch(ChatbotStep.prototype, {
    get expectAnswer() {
        return this.step_type === ARTICLES || super.expectAnswer;
    },
    get answer() {
        return this.step_type === ARTICLES ? this.selectedAnswer?.label : super.answer;
    },
});
