import { registerComposerAction } from "@mail/core/common/composer_actions";
import { writesToCustomer } from "@helpdesk_core/core/agent";
import { DefaultCommandItem } from "@web/core/commands/command_palette";
import { _t } from "@web/core/l10n/translation";
import { createDocumentFragmentFromContent } from "@web/core/utils/html";
import { fuzzyLookup } from "@web/core/utils/search";

import { Component, markup, toRaw, xml } from "@odoo/owl";

/** A line of the list to choose from: the text's name, and what it is for. */
class ReplyTextItem extends Component {
    static template = xml`
        <div class="o_command_default d-flex align-items-center justify-content-between px-4 py-2 cursor-pointer gap-3">
            <span><t t-slot="name"/></span>
            <span class="text-muted small text-truncate" t-esc="props.about"/>
        </div>`;
    static props = { ...DefaultCommandItem.props, about: { type: String, optional: true } };
}

/**
 * What HTML says, as lines of text.
 *
 * @param {string} html
 */
export function textOf(html) {
    const { body } = createDocumentFragmentFromContent(markup(html));
    for (const element of body.querySelectorAll("br")) {
        element.replaceWith("\n");
    }
    for (const element of body.querySelectorAll("li")) {
        element.prepend("- ");
    }
    for (const element of body.querySelectorAll("p, div, li, h1, h2, h3, blockquote, tr")) {
        element.append("\n");
    }
    return body.textContent.replace(/\n{3,}/g, "\n\n").trim();
}

/** Put the words where the cursor stands. */
function insert(owner, html) {
    if (owner.editor) {
        const { body } = createDocumentFragmentFromContent(markup(html));
        const fragment = document.createDocumentFragment();
        fragment.append(...body.childNodes);
        owner.editor.shared.dom.insert(fragment);
        owner.editor.shared.history.addStep();
        return;
    }
    owner.addEmoji(textOf(html)); // core's way to put a text at the cursor
}

async function chooseReplyText(owner, thread) {
    const { orm, command } = owner.env.services;
    const texts = await orm.call("helpdesk.ticket", "get_reply_texts", [[thread.id]]);
    command.openPalette({
        configByNamespace: {
            default: {
                emptyMessage: _t("No reply or template found. Macros with a reply appear here."),
                placeholder: _t("Search replies and templates…"),
            },
        },
        providers: [
            {
                namespace: "default",
                provide: (env, { searchValue }) => {
                    const found = searchValue ? fuzzyLookup(searchValue, texts, (text) => text.name) : texts;
                    return found.map((text) => ({
                        name: text.name,
                        Component: ReplyTextItem,
                        props: { about: text.about },
                        action: async () => {
                            const html = await orm.call("helpdesk.ticket", "get_reply_text", [[thread.id], text.kind, text.id]);
                            insert(owner, html);
                        },
                    }));
                },
            },
        ],
    });
}

registerComposerAction("helpdesk-reply-text", {
    condition: ({ composer, owner }) => {
        const thread = composer.targetThread;
        return (
            thread?.model === "helpdesk.ticket" &&
            !composer.message &&
            owner.props.type !== "note" &&
            writesToCustomer(owner.env, thread)
        );
    },
    hotkey: "shift+y",
    icon: "fa fa-magic",
    name: _t("Insert a reply or template, in the customer's language"),
    onSelected: ({ composer, owner }) => chooseReplyText(owner, toRaw(composer.targetThread)),
    sequence: 4,
});
