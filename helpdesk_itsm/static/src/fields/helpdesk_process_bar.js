import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import {
    StatusBarDurationField,
    statusBarDurationField,
} from "@mail/views/fields/statusbar_duration/statusbar_duration_field";

/** The stages of a ticket in the order of its process. A stage that needs more than the ticket has asks for it first. */
export class HelpdeskProcessBar extends StatusBarDurationField {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.action = useService("action");
    }

    getAllItems() {
        const order = this.props.record.data.offered_stage_ids?.currentIds || [];
        const place = (item) => (order.includes(item.value) ? order.indexOf(item.value) : order.length);
        return super.getAllItems().sort((one, other) => place(one) - place(other));
    }

    async selectItem(item) {
        const { record } = this.props;
        if (record.resId && record.data.process_id && (await this.asksFirst(item))) {
            return;
        }
        try {
            await super.selectItem(item);
        } catch (error) {
            await record.discard(); // refused: the ticket is where it was
            throw error;
        }
    }

    /** Open the dialog with what the stage needs; false where it needs nothing more. */
    async asksFirst(item) {
        const { record } = this.props;
        if ((await record.isDirty()) && !(await record.save())) {
            return true;
        }
        const dialog = await this.orm.call("helpdesk.ticket", "get_step_dialog", [[record.resId], item.value]);
        if (dialog) {
            await this.action.doAction(dialog, { onClose: () => record.load() });
        }
        return Boolean(dialog);
    }
}

registry.category("fields").add("helpdesk_process_bar", {
    ...statusBarDurationField,
    component: HelpdeskProcessBar,
});
