import { Plugin } from "@html_editor/plugin";
import { isHtmlContentSupported } from "@html_editor/core/selection_plugin";
import { QWebPlugin } from "@html_editor/others/qweb_plugin";
import { withSequence } from "@html_editor/utils/resource";
import { HtmlMailField, htmlMailField } from "@mail/views/web/fields/html_mail_field/html_mail_field";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

import { onWillStart } from "@odoo/owl";

/** "/" offers what a reply may say about the ticket: the customer's name, the number and so on. */
export class TicketPlaceholderPlugin extends Plugin {
    static id = "helpdeskTicketPlaceholder";
    static dependencies = ["dom", "history"];
    resources = {
        user_commands: [
            {
                id: "insertTicketPlaceholder",
                title: _t("From the ticket"),
                description: _t("Filled in for each customer"),
                icon: "fa-ticket",
                run: (placeholder) => this.insert(placeholder),
                isAvailable: isHtmlContentSupported,
            },
        ],
        powerbox_categories: withSequence(5, { id: "helpdesk_ticket", name: _t("From the ticket") }),
        powerbox_items: (this.config.ticketPlaceholders || []).map((placeholder) =>
            withSequence(1, {
                categoryId: "helpdesk_ticket",
                commandId: "insertTicketPlaceholder",
                commandParams: placeholder,
                title: placeholder.label,
            })
        ),
    };

    insert({ expression, words }) {
        const element = this.document.createElement("T");
        element.setAttribute("t-out", expression);
        element.textContent = words; // stands there when the ticket has nothing
        this.dependencies.dom.insert(element);
        this.dependencies.history.addStep();
    }
}

export class ReplyTextField extends HtmlMailField {
    setup() {
        super.setup();
        const orm = useService("orm");
        onWillStart(async () => {
            if (!this.props.readonly) {
                this.placeholders = await orm.call("helpdesk.ticket", "get_reply_placeholders", []);
            }
        });
    }

    /** Other languages are written beside the original, in a dialog of their own; core's shows bare HTML. */
    get isTranslatable() {
        return false;
    }

    getConfig() {
        const config = super.getConfig();
        config.Plugins = [...config.Plugins, QWebPlugin, TicketPlaceholderPlugin];
        config.ticketPlaceholders = this.placeholders;
        return config;
    }
}

registry.category("fields").add("helpdesk_reply_text", { ...htmlMailField, component: ReplyTextField });
