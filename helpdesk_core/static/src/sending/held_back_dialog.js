import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

import { Component } from "@odoo/owl";

const HELD_BACK = "odoo.addons.helpdesk_core.models.helpdesk_ticket_sending.AnswerHeldBack";

/**
 * @param {Error} error of a request
 * @returns {Array|undefined} why the server did not send an answer; undefined when it is another error
 */
export function reasonsAgainst(error) {
    return error?.exceptionName === HELD_BACK ? error.data.context.reasons : undefined;
}

/** Why an answer was not sent yet. */
export class HeldBackReasons extends Component {
    static template = "helpdesk_core.HeldBackReasons";
    static props = { reasons: Array };

    reason(kind) {
        return this.props.reasons.find((reason) => reason.kind === kind);
    }

    moment(message) {
        return formatDateTime(deserializeDateTime(message.at));
    }
}

/** What an author should know before their answer leaves, and the way to send it all the same. */
export class HeldBackDialog extends Component {
    static template = "helpdesk_core.HeldBackDialog";
    static components = { Dialog, HeldBackReasons };
    static props = {
        reasons: Array,
        onSend: { type: Function, optional: true },
        onRead: Function,
        close: Function,
    };

    get isLate() {
        return this.props.reasons.some(({ kind }) => kind === "meanwhile");
    }

    get title() {
        return this.isLate ? _t("Somebody else wrote meanwhile") : _t("Send this to the customer?");
    }

    get readText() {
        return this.isLate ? _t("Read first") : _t("Change it");
    }

    send() {
        this.props.close();
        this.props.onSend();
    }

    read() {
        this.props.close();
        this.props.onRead();
    }
}
