import { deserializeDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { CalendarCommonRenderer } from "@web/views/calendar/calendar_common/calendar_common_renderer";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { CalendarRenderer } from "@web/views/calendar/calendar_renderer";
import { calendarView } from "@web/views/calendar/calendar_view";

// Blackouts and maintenance windows among the changes: behind the hours of a day or week, as bars in a month.

const WINDOW = "window_";

export class ChangeCalendarModel extends CalendarModel {
    get windows() {
        return this.data.windows || [];
    }

    async updateData(data) {
        const range = this.computeRange();
        const windows = this.orm.call("helpdesk.change.window", "get_spans", [
            serializeDateTime(range.start),
            serializeDateTime(range.end),
        ]);
        await Promise.all([super.updateData(data), windows]);
        data.windows = (await windows).map((span) => ({
            ...span,
            begin: deserializeDateTime(span.begin),
            end: deserializeDateTime(span.end),
        }));
    }
}

export class ChangeCalendarCommonRenderer extends CalendarCommonRenderer {
    mapRecordsToEvents() {
        return [...this.props.model.windows.map((span, at) => this.windowEvent(span, at)), ...super.mapRecordsToEvents()];
    }

    windowEvent(span, at) {
        const inMonth = this.props.model.scale === "month";
        // a bar covers whole days: its words say the hours
        const whole = inMonth && { start: span.begin.startOf("day"), end: span.end.minus({ second: 1 }).startOf("day").plus({ days: 1 }) };
        const { start, end } = whole || { start: span.begin, end: span.end };
        return {
            id: `${WINDOW}${at}`,
            title: inMonth && !this.env.isSmall ? `${span.words} · ${this.windowHours(span)}` : span.words,
            start: inMonth ? start.toISODate() : start.toISO(),
            end: inMonth ? end.toISODate() : end.toISO(),
            allDay: inMonth,
            display: inMonth ? "block" : "background",
            editable: false,
            classNames: ["o_helpdesk_window", `o_helpdesk_window_${span.kind}`],
        };
    }

    windowHours(span) {
        const format = `ccc ${this.timeFormat}`;
        return `${span.begin.toFormat(format)} – ${span.end.toFormat(format)}`;
    }

    windowOf(event) {
        const found = event.id.startsWith(WINDOW) && event.id.slice(WINDOW.length);
        return found && this.props.model.windows[found];
    }

    onEventContent(info) {
        if (!this.windowOf(info.event)) {
            return super.onEventContent(info);
        }
        const words = document.createElement("div");
        words.className = "fc-event-title text-truncate";
        words.textContent = info.event.title;
        return { domNodes: [words] };
    }

    onEventDidMount(info) {
        super.onEventDidMount(info);
        const span = this.windowOf(info.event);
        if (span) {
            info.el.title = [span.words, this.windowHours(span), span.teams, span.note].filter(Boolean).join("\n");
        }
    }

    onEventClick(info) {
        if (!this.windowOf(info.event)) {
            super.onEventClick(info);
        }
    }
}

export class ChangeCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: ChangeCalendarCommonRenderer,
        week: ChangeCalendarCommonRenderer,
        month: ChangeCalendarCommonRenderer,
    };
}

registry.category("views").add("helpdesk_change_calendar", {
    ...calendarView,
    Model: ChangeCalendarModel,
    Renderer: ChangeCalendarRenderer,
});
