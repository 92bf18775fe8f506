import { AudienceList } from "@helpdesk_core/sending/audience_list";
import { HeldBackReasons } from "@helpdesk_core/sending/held_back_dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, useExternalListener } from "@odoo/owl";

/** In the large composer: who gets the answer, by the same list as in the small one. */
export class AudienceField extends Component {
    static template = "helpdesk_core.AudienceField";
    static components = { AudienceList };
    static props = standardFieldProps;

    setup() {
        const viewers = useService("helpdesk_core.viewers");
        useExternalListener(document, "input", ({ target }) => {
            if (target.closest?.(".o_mail_composer_form_view, .o_mail_composer_form")) {
                viewers.typing(this.ticketId, "answering");
            }
        });
    }

    get ticketId() {
        return JSON.parse(this.props.record.data.res_ids || "[]")[0];
    }

    get audience() {
        return this.props.record.data[this.props.name];
    }

    get leftOut() {
        return this.props.record.data.helpdesk_left_out || [];
    }

    async remove(person) {
        const { record } = this.props;
        const contact = record.data.partner_ids.records.find(({ resId }) => resId === person.partner_id);
        if (contact) {
            await record.data.partner_ids.forget(contact);
        }
        await record.update({
            helpdesk_left_out: [...new Set([...this.leftOut, person.key])],
            helpdesk_emails: (record.data.helpdesk_emails || []).filter((email) => email.toLowerCase() !== person.key),
        });
    }

    async takeBack(person) {
        const { record } = this.props;
        await record.update({ helpdesk_left_out: this.leftOut.filter((key) => key !== person.key) });
        const offered = record.data.helpdesk_offered || [];
        if (person.partner_id && (!person.left_out || offered.includes(person.partner_id))) {
            await record.data.partner_ids.addAndRemove({ add: [person.partner_id] });
        } else if (!person.left_out && person.address) {
            await record.update({ helpdesk_emails: [...(record.data.helpdesk_emails || []), person.address] });
        }
    }
}

registry.category("fields").add("helpdesk_audience", { component: AudienceField, supportedTypes: ["json"] });

/** Why the answer was not sent at the first click. */
export class HeldBackField extends Component {
    static template = "helpdesk_core.HeldBackField";
    static components = { HeldBackReasons };
    static props = standardFieldProps;

    get reasons() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("helpdesk_held_back", { component: HeldBackField, supportedTypes: ["json"] });
