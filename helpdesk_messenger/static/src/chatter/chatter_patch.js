import { Chatter } from "@mail/chatter/web_portal/chatter";
import { patch } from "@web/core/utils/patch";

patch(Chatter.prototype, {
    /** Who writes by a messenger is reached there, without a mail address. */
    get reachesNobody() {
        const { channel_person_id: person, answer_by_mail: byMail } = this.props.record?.data ?? {};
        return super.reachesNobody && !(person && !byMail);
    },
});
