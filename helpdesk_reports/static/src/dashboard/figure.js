import { change, shown } from "@helpdesk_reports/dashboard/figures";

import { Component } from "@odoo/owl";

const TONES = { good: "o_helpdesk_good", warning: "o_helpdesk_warning", danger: "o_helpdesk_danger" };

/** One figure: how much, how it compares, and on a click what it counts. */
export class Figure extends Component {
    static template = "helpdesk_reports.Figure";
    static props = { figure: Object, open: Function };

    get shown() {
        return shown(this.props.figure.value, this.props.figure.kind);
    }

    get change() {
        return change(this.props.figure);
    }

    get tone() {
        return TONES[this.props.figure.tone] || "";
    }

    get hint() {
        return [this.props.figure.hint, this.change?.title].filter(Boolean).join("\n");
    }
}

/** Figures as bars, the longest as wide as there is room. */
export class FigureBars extends Component {
    static template = "helpdesk_reports.FigureBars";
    static props = { figures: Array, open: Function, nameOf: { type: Function, optional: true } };

    get bars() {
        const top = Math.max(1, ...this.props.figures.map((figure) => figure.value));
        return this.props.figures.map((figure) => ({
            figure,
            name: this.props.nameOf ? this.props.nameOf(figure) : figure.label,
            width: (100 * figure.value) / top,
        }));
    }
}
