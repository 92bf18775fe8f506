import { spoken, useClock } from "@helpdesk_core/core/time";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component } from "@odoo/owl";

/** The reader's own timer on a ticket. It runs on the server: reloading or closing the page does not stop it. */
export class TicketTimer extends Component {
    static template = "helpdesk_timesheet.TicketTimer";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.clock = useClock();
    }

    get state() {
        return this.props.record.data.timer_state;
    }

    get time() {
        const { timer_seconds, timer_since } = this.props.record.data;
        const running = timer_since ? Math.max(0, this.clock.now.diff(timer_since, "seconds").seconds) : 0;
        return spoken(timer_seconds + running);
    }

    async press(method) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call("helpdesk.ticket", method, [[record.resId]]);
        await record.load();
        if (action) {
            await this.action.doAction(action, { onClose: () => record.load() });
        }
    }
}

registry.category("view_widgets").add("helpdesk_timer", {
    component: TicketTimer,
    fieldDependencies: [
        { name: "timer_state", type: "selection", readonly: true },
        { name: "timer_since", type: "datetime", readonly: true },
        { name: "timer_seconds", type: "integer", readonly: true },
    ],
});
