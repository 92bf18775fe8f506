import { Thread } from "@mail/core/common/thread_model";
import { parseEmail } from "@mail/utils/common/format";
import { patch } from "@web/core/utils/patch";

patch(Thread.prototype, {
    setup() {
        super.setup();
        /** Keys of those who do not get the answer that is being written. */
        this.helpdeskLeftOut = [];
        /** The newest message its author has read: undefined while nothing is being written. */
        this.helpdeskSeenId = undefined;
        /** Kinds of reasons against sending it that its author waved through. */
        this.helpdeskConfirmed = [];
        /** A draft that was taken back, until the composer opens with it. */
        this.helpdeskRestored = undefined;
    },
});

/** What names a recipient, as the server does: the bare address, else the contact. */
export function keyOf({ email, partner_id }) {
    const address = email && parseEmail(email)?.[1];
    return address ? address.toLowerCase() : String(partner_id || "");
}

/** @param {import("models").Thread} thread */
export function chosenRecipients(thread) {
    const all = [...thread.suggestedRecipients, ...thread.additionalRecipients].filter(
        (recipient) => !thread.helpdeskLeftOut.includes(keyOf(recipient))
    );
    return {
        partnerIds: all.map(({ partner_id }) => partner_id).filter(Boolean),
        emails: all.filter(({ partner_id, email }) => !partner_id && email).map(({ email }) => email),
    };
}

export function leaveOut(thread, key) {
    for (const name of ["suggestedRecipients", "additionalRecipients"]) {
        thread[name] = thread[name].filter((recipient) => keyOf(recipient) !== key);
    }
    if (!thread.helpdeskLeftOut.includes(key)) {
        thread.helpdeskLeftOut = [...thread.helpdeskLeftOut, key];
    }
}

/** @param {Object} person as `get_answer_recipients` tells of it */
export function takeBack(thread, person) {
    thread.helpdeskLeftOut = thread.helpdeskLeftOut.filter((key) => key !== person.key);
    const all = [...thread.suggestedRecipients, ...thread.additionalRecipients];
    if (!all.some((recipient) => keyOf(recipient) === person.key)) {
        thread.additionalRecipients = [
            ...thread.additionalRecipients,
            { email: person.address, name: person.name, partner_id: person.partner_id },
        ];
    }
}

/** Begin an answer, or go on with one that was taken back: what is shown now is what its author has read. */
export function beginDraft(thread) {
    const restored = thread.helpdeskRestored;
    if (restored) {
        thread.helpdeskRestored = undefined;
        thread.helpdeskLeftOut = restored.leftOut;
        thread.helpdeskConfirmed = restored.confirmed;
        thread.additionalRecipients = restored.additionalRecipients;
    }
    if (thread.helpdeskSeenId === undefined && thread.isLoaded) {
        thread.helpdeskSeenId = newestShown(thread);
    }
}

export function newestShown(thread) {
    return Math.max(0, ...thread.messages.map(({ id }) => id).filter(Number.isInteger));
}

export function endDraft(thread) {
    thread.helpdeskSeenId = undefined;
    thread.helpdeskConfirmed = [];
    thread.helpdeskLeftOut = [];
}
