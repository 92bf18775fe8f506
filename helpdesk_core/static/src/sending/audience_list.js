import { _t } from "@web/core/l10n/translation";

import { Component, useState } from "@odoo/owl";

const GROUPS = [
    { how: "to", label: _t("To"), icon: "fa-envelope-o" },
    { how: "cc", label: _t("Cc"), icon: "fa-files-o" },
    { how: "inbox", label: _t("Colleagues, in Odoo"), icon: "fa-bell-o" },
];
const FIRST = 8;

/** Who gets an answer, how, and what is worth a second look; in words, each with an icon. */
export class AudienceList extends Component {
    static template = "helpdesk_core.AudienceList";
    static props = {
        audience: Object,
        onRemove: { type: Function, optional: true },
        onTakeBack: { type: Function, optional: true },
    };

    setup() {
        this.state = useState({ all: false });
    }

    get groups() {
        return GROUPS.map((group) => ({
            ...group,
            people: this.props.audience.recipients.filter(({ how }) => how === group.how),
        })).filter(({ people }) => people.length);
    }

    shown(people) {
        return this.state.all ? people : people.slice(0, FIRST);
    }

    hidden(people) {
        return people.length - this.shown(people).length;
    }

    moreText(people) {
        return _t("and %s more", this.hidden(people));
    }

    title(person) {
        const name = person.address && person.address !== person.name ? `${person.name} <${person.address}>` : person.name;
        const why = {
            customer: _t("the customer"),
            cc: _t("on the ticket's copy list"),
            follower: _t("follows the ticket"),
            colleague: _t("colleague"),
            added: _t("added to this message"),
        }[person.kind];
        return `${name}: ${why}. ${_t("Everybody gets a mail of their own.")}`;
    }

    removedTitle(person) {
        return person.left_out
            ? _t("You removed %s from this message.", person.name)
            : _t("%s was on an earlier message and does not get this one.", person.name);
    }

    removeText(person) {
        return _t("Remove %s from this message", person.name);
    }

    takeBackText(person) {
        return _t("Add %s to this message", person.name);
    }
}
