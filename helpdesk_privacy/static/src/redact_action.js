import { registerMessageAction } from "@mail/core/common/message_actions";
import { _t } from "@web/core/l10n/translation";
import { session } from "@web/session";

const FRESH = 60_000; // ms; a mark older than that was meant for something else

/** What was marked last: opening a message's menu may take the mark away. */
let marked = { text: "", at: 0 };

/** Mails are shown in shadow roots, where Chromium has a selection of their own. */
function markedText() {
    const roots = [...document.querySelectorAll(".o-mail-Message-body *")].map((el) => el.shadowRoot);
    const selections = [document, ...roots].map((root) => root?.getSelection?.()?.toString().trim());
    return selections.find((text) => text) || "";
}

function remember() {
    const text = markedText();
    if (text) {
        marked = { text, at: Date.now() };
    }
}

if (session.helpdesk_redacts) {
    document.addEventListener("mouseup", remember);
    document.addEventListener("keyup", remember);
}

/** Words marked in a message are taken over into the dialog. */
registerMessageAction("helpdesk-redact", {
    condition: ({ message, thread }) =>
        Boolean(session.helpdesk_redacts) &&
        thread?.model === "helpdesk.ticket" &&
        Number.isInteger(message.id),
    icon: "fa fa-eraser",
    name: _t("Redact…"),
    onSelected: ({ owner, thread }) => {
        const fresh = Date.now() - marked.at < FRESH;
        return owner.env.services.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Redact…"),
            res_model: "helpdesk.ticket.redact",
            views: [[false, "form"]],
            target: "new",
            context: { active_id: thread.id, ...(fresh ? { default_text: marked.text } : {}) },
        });
    },
    sequence: 90,
});
