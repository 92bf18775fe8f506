import { spoken, useClock } from "@helpdesk_core/core/time";
import { Chart } from "@helpdesk_reports/dashboard/chart";
import { Figure, FigureBars } from "@helpdesk_reports/dashboard/figure";
import { barName, shown, stepName } from "@helpdesk_reports/dashboard/figures";
import { HeatMap } from "@helpdesk_reports/dashboard/heat_map";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { Component } from "@odoo/owl";

const { DateTime } = luxon;

/** What all sections share. */
class Section extends Component {
    static components = { Chart, Figure, FigureBars };
    static props = {
        data: Object,
        filters: Object,
        open: Function,
        openTicket: Function,
        chooseTeam: Function,
    };

    setup() {
        this.shown = shown;
        this.percent = (value) => shown(value, "percent");
        this.hours = (value) => shown(value, "hours");
    }

    figure(key) {
        return this.props.data.figures.find((figure) => figure.key === key);
    }

    named(chart) {
        return chart.steps.map((step) => ({ ...step, name: stepName(step.key, chart.unit) }));
    }

    /** Opens what `figure` counts, of one step of a chart, by its datetime field `at`. */
    openStep(figure, chart, index, at) {
        const step = chart.steps[index];
        const domain = [...figure.open.domain, [at, ">=", step.start], [at, "<", step.end]];
        const name = _t("%(what)s, %(when)s", { what: figure.label, when: stepName(step.key, chart.unit) });
        return this.props.open({ ...figure, open: { ...figure.open, domain } }, name);
    }

    when(text) {
        return deserializeDateTime(text).toLocaleString(DateTime.DATETIME_MED);
    }
}

export class NowSection extends Section {
    static template = "helpdesk_reports.NowSection";

    setup() {
        super.setup();
        this.clock = useClock();
    }

    waits(team) {
        return spoken(this.clock.now.diff(deserializeDateTime(team.waits_since), "seconds").seconds);
    }

    openTeam(team, figure) {
        return this.props.open(figure, _t("%(team)s: %(figure)s", { team: team.name, figure: figure.label }));
    }
}

const STREAMS = { in: "create_date", solved: "solved_at", reopened: "started_at" };

export class FlowSection extends Section {
    static template = "helpdesk_reports.FlowSection";
    static components = { ...Section.components, HeatMap };

    get steps() {
        return this.named(this.props.data.chart);
    }

    get series() {
        const { chart } = this.props.data;
        const series = Object.keys(STREAMS).map((key) => ({
            key,
            label: this.figure(key).label,
            values: chart[key],
            type: "bar",
            opens: true,
        }));
        if (chart.backlog) {
            series.push({ key: "backlog", label: _t("Open at the end"), values: chart.backlog, type: "line" });
        }
        return series;
    }

    openPoint({ key, opens }, index) {
        return opens && this.openStep(this.figure(key), this.props.data.chart, index, STREAMS[key]);
    }

    openCell(cell, name) {
        const { model, domain } = this.props.data.heat.open;
        const at = [["created_weekday", "=", String(cell.weekday)], ["created_hour", "=", cell.hour]];
        return this.props.open({ label: name, open: { model, domain: [...domain, ...at] } });
    }
}

export class PromisesSection extends Section {
    static template = "helpdesk_reports.PromisesSection";

    get steps() {
        return this.named(this.props.data.trend);
    }

    get series() {
        return this.props.data.trend.lines.map((line) => ({ ...line, type: "line", opens: true }));
    }

    toneOf(figure) {
        return figure.value === 100 ? "o_helpdesk_kept" : "";
    }

    openPoint({ key }, index) {
        const figure = this.props.data.metrics.find((metric) => metric.key === key);
        return this.openStep(figure, this.props.data.trend, index, "decided_at");
    }
}

export class SpeedSection extends Section {
    static template = "helpdesk_reports.SpeedSection";

    setup() {
        super.setup();
        this.barName = barName;
    }

    get parts() {
        const { first_response, resolution } = this.props.data;
        return [
            { key: "first_response", label: _t("First answer"), at: "first_response_at", ...first_response },
            { key: "resolution", label: _t("Solution"), at: "solved_at", ...resolution },
        ].map((part) => ({
            ...part,
            count: part.figures.find((figure) => figure.key === "count"),
            steps: this.named(part.trend),
            series: [{ key: part.key, label: _t("Median"), values: part.trend.values, type: "line", opens: true }],
        }));
    }

    trendName(part) {
        return _t("%s, median working time", part.label);
    }

    openPoint(part, index) {
        return this.openStep({ ...part.count, label: part.label }, part.trend, index, part.at);
    }

    openBar(part, figure, name) {
        return this.props.open(figure, _t("%(what)s: %(span)s", { what: part.label, span: name }));
    }
}

export class PeopleSection extends Section {
    static template = "helpdesk_reports.PeopleSection";

    get tables() {
        const { teams, people, everyone } = this.props.data;
        return [
            { key: "people", label: everyone ? _t("Agents") : _t("Me"), rows: people },
            { key: "teams", label: _t("Teams"), rows: teams },
        ];
    }

    cell(row, index) {
        const column = this.props.data.columns[index];
        return shown(row.figures[index].value, column.kind);
    }

    openCell(row, index) {
        const column = this.props.data.columns[index];
        return this.props.open(row.figures[index], _t("%(who)s: %(what)s", { who: row.name, what: column.label }));
    }
}

export class SatisfactionSection extends Section {
    static template = "helpdesk_reports.SatisfactionSection";

    setup() {
        super.setup();
        this.icons = { good: "fa-smile-o", warning: "fa-meh-o", danger: "fa-frown-o" };
        this.words = { good: _t("Good"), warning: _t("So-so"), danger: _t("Bad") };
    }

    get steps() {
        return this.named(this.props.data.trend);
    }

    get series() {
        return [{ key: "good", label: _t("Good ratings"), values: this.props.data.trend.values, type: "line", opens: true }];
    }

    openPoint(series, index) {
        return this.openStep(this.figure("rated"), this.props.data.trend, index, "rated_on");
    }
}

export class KnowledgeSection extends Section {
    static template = "helpdesk_reports.KnowledgeSection";
}
