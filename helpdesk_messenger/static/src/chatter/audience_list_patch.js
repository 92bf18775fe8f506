import { AudienceList } from "@helpdesk_core/sending/audience_list";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** Who is written to by their messenger stands first among those who get an answer. */
patch(AudienceList.prototype, {
    get groups() {
        const people = this.props.audience.recipients.filter(({ how }) => how === "messenger");
        if (!people.length) {
            return super.groups;
        }
        return [{ how: "messenger", label: _t("By %s", people[0].address), icon: "fa-mobile", people }, ...super.groups];
    },

    title(person) {
        return person.how === "messenger"
            ? _t("%(name)s: the customer, by %(channel)s", { name: person.name, channel: person.address })
            : super.title(person);
    },
});
