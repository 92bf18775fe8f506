import { HistoryService } from "@im_livechat/embed/common/history_service";
import { expirableStorage } from "@im_livechat/core/common/expirable_storage";
import { LivechatService } from "@im_livechat/embed/common/livechat_service";

import { ChatHub } from "@mail/core/common/chat_hub";
import { Store } from "@mail/core/common/store_service";

import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

/** @returns {string[]} the pages that this browser showed, the present one last */
function visitedPages() {
    const pages = JSON.parse(
        expirableStorage.getItem(HistoryService.HISTORY_STORAGE_KEY) || "[]"
    );
    const present = window.location.pathname + window.location.search;
    return [...pages.filter((page) => page !== present), present];
}

patch(Store.prototype, {
    setup() {
        super.setup(...arguments);
        /** @type {{ form_url: string | false, closed: boolean } | false} what to do when nobody can chat */
        this.helpdesk_offer = false;
        this.helpdesk_offer_open = false;
    },
});

patch(LivechatService.prototype, {
    getSessionExtraParams() {
        return { ...super.getSessionExtraParams(...arguments), helpdesk_pages: visitedPages() };
    },
    /** Nobody is there any more: what is offered instead opens. */
    async _createThread() {
        const thread = await super._createThread(...arguments);
        if (!thread) {
            this.store.livechat_available = false;
            this.store.helpdesk_offer_open = true;
        }
        return thread;
    },
});

/** What is offered instead of a chat: whether, and in which colours. */
class Offer {
    constructor(store, livechatService) {
        this.store = store;
        this.options = livechatService.options;
    }

    get isShown() {
        return (
            this.store.helpdesk_offer &&
            !this.store.livechat_available &&
            this.store.livechat_rule?.action !== "hide_button" &&
            this.store.activeLivechats.length === 0 &&
            this.options.channel_id
        );
    }

    get buttonStyle() {
        const { button_background_color, button_text_color } = this.options;
        return `color: ${button_text_color}; background-color: ${button_background_color};`;
    }

    get headerStyle() {
        const { header_background_color, title_color } = this.options;
        return `color: ${title_color}; background-color: ${header_background_color};`;
    }
}

function useOffer() {
    return new Offer(useService("mail.store"), useService("im_livechat.livechat"));
}

/** Stands where the chat's button would. */
export class HelpdeskOfferButton extends Component {
    static template = "helpdesk_livechat.HelpdeskOfferButton";
    static props = {};

    setup() {
        this.store = useService("mail.store");
        this.offer = useOffer();
    }
}

/** What visitors are offered when nobody can chat: the team's form, or to leave a message. */
export class HelpdeskOffer extends Component {
    static template = "helpdesk_livechat.HelpdeskOffer";
    static props = {};

    setup() {
        this.store = useService("mail.store");
        this.offer = useOffer();
        this.state = useState({
            name: "",
            email: "",
            text: "",
            error: "",
            number: "",
            sending: false,
        });
    }

    onKeydown(ev) {
        if (ev.key === "Escape") {
            this.store.helpdesk_offer_open = false;
        }
    }

    async send() {
        if (this.state.sending) {
            return;
        }
        this.state.sending = true;
        try {
            const { error, number } = await rpc("/helpdesk/livechat/message", {
                channel_id: this.offer.options.channel_id,
                name: this.state.name,
                email: this.state.email,
                text: this.state.text,
                pages: visitedPages(),
            });
            Object.assign(this.state, { error: error || "", number: number || "" });
        } catch {
            this.state.error = _t("That did not work. Please try again.");
        } finally {
            this.state.sending = false;
        }
    }
}

Object.assign(ChatHub.components, { HelpdeskOffer, HelpdeskOfferButton });
