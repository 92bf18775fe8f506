import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

registry.category("discuss.channel_commands").add("ticket", {
    channel_types: ["livechat"],
    condition: ({ store }) => store.helpdesk_agent,
    help: _t("Make a helpdesk ticket of this chat (/ticket subject)"),
    icon: "fa fa-life-ring",
    methodName: "execute_command_ticket",
});
