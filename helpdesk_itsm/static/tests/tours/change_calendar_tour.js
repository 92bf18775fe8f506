import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("helpdesk_change_calendar", {
    steps: () => [
        {
            content: "two changes meet on one asset: said in words, not by colour alone",
            trigger: ".o_calendar_view .fc-event:contains('Collision'):contains('Tour: firmware')",
        },
        { trigger: ".fc-event:contains('Collision'):contains('Tour: new rack')" },
        { content: "another asset: no collision", trigger: ".fc-event:contains('Planned'):contains('Tour: printer')" },
        {
            content: "a blackout that comes again, among the changes; a click on it opens nothing",
            trigger: ".fc-event.o_helpdesk_window_blackout:contains('Blackout: Tour freeze')",
            run: "click",
        },
        { trigger: ".fc-event:contains('Tour: firmware')", run: "click" },
        { trigger: ".o_cw_popover:contains('Tour switch')" },
        { trigger: ".o_cw_popover .o_cw_popover_edit", run: "click" },
        {
            content: "the form says what it meets, with a link",
            trigger: ".o_form_view .alert-danger:contains('Collision'):contains('Tour: new rack')",
        },
        { trigger: ".o_form_view .nav-link[name=change]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=change_risk]" },
        { content: "whose yes it needs", trigger: ".alert-info:contains('needs approval'):contains('Tour board') button", run: "click" },
        { trigger: ".modal .o_field_widget[name=path_id] input:value('Tour board')" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name=approval_words]:contains('Tour Boss')" },
        { trigger: ".o_form_view button[name=action_view_collisions]", run: "click" },
        { trigger: ".o_calendar_view .fc-event:contains('Tour: new rack')" },
        { trigger: ".o_calendar_view:not(:has(.fc-event:contains('Tour: printer')))" },
    ],
});
