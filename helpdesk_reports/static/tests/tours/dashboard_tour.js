import { registry } from "@web/core/registry";

const LIST = ".o_list_view .o_data_row:contains('Tour: still open')";

registry.category("web_tour.tours").add("helpdesk_reports_dashboard", {
    steps: () => [
        { content: "what is open", trigger: "[data-section=now] [data-figure=open] .o_helpdesk_tile_value:contains('2')" },
        { content: "every section came", trigger: "[data-section=satisfaction]:not(:has(.o_helpdesk_skeleton)):contains('Nobody rated')" },
        { trigger: "[data-section=people] [data-table=people] th[scope=row]:contains('Tour Leader')" },
        { content: "the chart is drawn", trigger: "[data-section=flow] .o_helpdesk_chart canvas[width]" },
        { content: "no other team", trigger: "[data-section=now] button[data-figure=open]", run: "click" },
        { content: "exactly these", trigger: `${LIST}` },
        { trigger: ".o_list_view:has(.o_data_row + .o_data_row):not(:has(.o_data_row + .o_data_row + .o_data_row))" },
        { trigger: ".o_control_panel .o_back_button, .o_control_panel .breadcrumb-item a", run: "click" },
        { content: "another period", trigger: ".o_helpdesk_dashboard select[name=period]", run: "select 90" },
        { trigger: ".o_helpdesk_dashboard .o_helpdesk_filter_days:contains('90 days before')" },
        { content: "in the address as well", trigger: "body", run: () => {
            if (!window.location.search.includes("period=90")) {
                throw new Error(`The address does not keep the period: ${window.location.search}`);
            }
        } },
        { content: "who solved what", trigger: "[data-section=people] [data-table=people] tr:contains('Tour Leader') td:eq(1) button:contains('1')", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('Tour: solved') .o_data_cell[name=name]", run: "click" },
        { content: "a row of the report opens its ticket", trigger: ".o_form_view .o_field_widget[name=name] textarea:value('Tour: solved')" },
    ],
});

registry.category("web_tour.tours").add("helpdesk_reports_wallboard", {
    steps: () => [
        { content: "full screen", trigger: "body:not(:has(.o_main_navbar)) .o_helpdesk_wallboard, .o_helpdesk_wallboard" },
        { trigger: ".o_helpdesk_wall_figures [data-figure=open] strong:contains('2')" },
        { trigger: ".o_helpdesk_wall_figures [data-figure=solved] strong:contains('1')" },
        { content: "who waits", trigger: ".o_helpdesk_wall_rows li:contains('Tour: still open')" },
        { content: "back to work", trigger: ".o_helpdesk_wall_controls button", run: "click" },
        { trigger: ".o_helpdesk_dashboard [data-section=now] [data-figure=open]" },
    ],
});
