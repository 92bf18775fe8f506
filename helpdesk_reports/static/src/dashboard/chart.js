import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";

import { Component, onMounted, status, useEffect, useRef, useState } from "@odoo/owl";

const scheme = cookie.get("color_scheme");
const GRID = getCustomColor(scheme, "#d8dadd", "#3C3E4B");
const TEXT = getCustomColor(scheme, "#374151", "#E4E4E4");
/** Colours of lines and bars; red, amber and green are left to what they mean. */
export const COLORS = {
    first: getCustomColor(scheme, "#2a6fb5", "#6db3f2"),
    second: getCustomColor(scheme, "#5f6b7a", "#9aa5b1"),
    third: getCustomColor(scheme, "#8a4a8f", "#c792ca"),
    fourth: getCustomColor(scheme, "#0f766e", "#5ec9bf"),
    fifth: getCustomColor(scheme, "#111827", "#f3f4f6"),
};
const DASHES = [[], [6, 4], [2, 3], [10, 3, 2, 3], [12, 4]];
const POINTS = ["circle", "rect", "triangle", "rectRot", "star"];
const NO_MOTION = "(prefers-reduced-motion: reduce)";

/**
 * A chart of one or more series over the same steps, and its numbers as a table for who does not see it.
 * A series is `{ key, label, values, type: "line" | "bar" }`; null values are gaps.
 */
export class Chart extends Component {
    static template = "helpdesk_reports.Chart";
    static props = {
        label: String,
        steps: Array,
        series: Array,
        shown: Function,
        max: { type: Number, optional: true },
        open: { type: Function, optional: true },
    };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ table: false, ready: false });
        // the rest of the section does not wait for the library
        onMounted(async () => {
            await loadBundle("web.chartjs_lib");
            this.state.ready = status(this) !== "destroyed";
        });
        useEffect(
            (ready) => {
                if (ready) {
                    const chart = new window.Chart(this.canvas.el, this.config);
                    return () => chart.destroy();
                }
            },
            () => [this.state.ready, JSON.stringify([this.props.steps, this.props.series])]
        );
    }

    get isEmpty() {
        return !this.props.series.some((series) => series.values.some((value) => value !== null && value !== undefined));
    }

    get tableName() {
        return this.state.table ? _t("Hide numbers") : _t("Numbers");
    }

    get config() {
        const { steps, series, shown, max, open } = this.props;
        const colors = Object.values(COLORS);
        return {
            type: "bar",
            data: {
                labels: steps.map((step) => step.name),
                datasets: series.map((one, index) => ({
                    type: one.type,
                    label: one.label,
                    data: one.values,
                    order: one.type === "line" ? 0 : 1,
                    backgroundColor: colors[index],
                    borderColor: colors[index],
                    borderWidth: one.type === "line" ? 2 : 0,
                    borderDash: DASHES[index],
                    pointStyle: POINTS[index],
                    pointRadius: steps.length > 40 ? 0 : 3,
                    cubicInterpolationMode: "monotone",
                    clip: 8, // points at the upper edge are whole
                    spanGaps: true,
                })),
            },
            options: {
                animation: window.matchMedia(NO_MOTION).matches ? false : { duration: 250 },
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                onClick: (ev, [point]) => point && open?.(series[point.datasetIndex], point.index),
                onHover: (ev, points) => {
                    ev.native.target.style.cursor = open && points.length ? "pointer" : "";
                },
                plugins: {
                    legend: {
                        display: series.length > 1,
                        position: "bottom",
                        labels: { color: TEXT, usePointStyle: true, boxHeight: 6 },
                    },
                    tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${shown(item.raw)}` } },
                },
                scales: {
                    x: { grid: { display: false }, ticks: { color: TEXT, maxRotation: 0, autoSkipPadding: 12 } },
                    y: {
                        beginAtZero: true,
                        max,
                        grid: { color: GRID },
                        border: { display: false },
                        ticks: { color: TEXT, maxTicksLimit: 5, precision: 0, callback: (value) => shown(value) },
                    },
                },
            },
        };
    }
}
