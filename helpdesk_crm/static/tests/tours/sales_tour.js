import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("helpdesk_crm_pass_to_sales", {
    steps: () => [
        {
            content: "The customer's open opportunity stands in the card, or not, by the agent's rights",
            trigger: ".o_helpdesk_customer_card:contains('Tour Customer'):not(:has(.o_helpdesk_opportunities))",
        },
        {
            trigger: ".o_cp_action_menus button",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains('Pass to Sales')",
            run: "click",
        },
        {
            content: "The team's sales team is proposed",
            trigger: ".modal div[name=crm_team_id] input:value('Tour Deals')",
        },
        {
            trigger: ".modal div[name=note] textarea",
            run: "edit Tour: wants an answer before Friday",
        },
        {
            trigger: ".modal button[name=action_pass]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('Sales takes over')",
        },
        {
            content: "The ticket says so",
            trigger: "body:not(:has(.modal)) div[name=badges]:contains('with sales since')",
        },
    ],
});

registry.category("web_tour.tours").add("helpdesk_crm_read_for_sales", {
    steps: () => [
        {
            trigger: ".o_list_view:not(:has(.o_list_button_add)) .o_data_cell:contains('Tour: nine drills')",
            run: "click",
        },
        {
            content: "What was said in public is there, what was noted is not, and nothing can be written",
            trigger: ".o_helpdesk_ticket_sales:has(.o-mail-Message:contains('We ask sales')):not(:has(.o-mail-Message:contains('pays late')))",
        },
        {
            trigger: ".o-mail-Chatter:not(:has(.o_helpdesk_write_answer:enabled)):not(:has(.o-mail-Composer))",
        },
        {
            content: "Its opportunity is there",
            trigger: ".o_helpdesk_ticket_sales .o_data_cell:contains('Tour: framework order')",
        },
    ],
});

registry.category("web_tour.tours").add("helpdesk_crm_opportunities_of_a_ticket", {
    steps: () => [
        {
            content: "The customer's open opportunity stands in the card",
            trigger: ".o_helpdesk_customer_card .o_helpdesk_opportunities button:contains('Tour: framework order'):contains('1,200')",
        },
        {
            trigger: ".o_helpdesk_ticket_form .nav-link[name=linked]",
            run: "click",
        },
        {
            trigger: "div[name=opportunities] button:contains('Create')",
            run: "click",
        },
        {
            trigger: ".modal div[name=name] input:value('Tour: nine drills')",
            run: "edit Tour: nine and one spare",
        },
        {
            trigger: ".modal footer button:contains('Create')",
            run: "click",
        },
        {
            trigger: "button[name=action_view_leads]:contains('2')",
        },
        {
            trigger: ".o_helpdesk_ticket_form .nav-link[name=linked]",
            run: "click",
        },
        {
            trigger: "div[name=opportunities] .o_data_row:contains('Tour: framework order') button[name=action_unlink_helpdesk_ticket]",
            run: "click",
        },
        {
            trigger: "button[name=action_view_leads]:contains('1')",
        },
        {
            content: "It is still the customer's",
            trigger: ".o_helpdesk_opportunities button:contains('Tour: framework order')",
        },
    ],
});
