import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Questions that hang on the answer to another one come and go with it. The server decides the same when it is sent. */
export class HelpdeskQuestions extends Interaction {
    static selector = ".o_helpdesk_questions";
    dynamicContent = {
        _root: { "t-on-input": () => this.show(), "t-on-change": () => this.show() },
    };

    start() {
        this.el.classList.add("o_helpdesk_live");
        this.show();
    }

    answer(name) {
        const input = this.el.elements[name];
        return !input ? "" : input.type === "checkbox" ? (input.checked ? "1" : "") : input.value.trim();
    }

    show() {
        const hidden = new Set();
        const waiting = [...this.el.querySelectorAll("[data-when]")];
        // once per question is enough for the longest chain
        for (let round = 0; round < waiting.length; round++) {
            for (const question of waiting) {
                const input = question.querySelector("input, select, textarea");
                const { when, value, required } = question.dataset;
                const shown = !hidden.has(when) && this.answer(when) === (value || "");
                hidden[shown ? "delete" : "add"](input.name);
                question.classList.toggle("d-none", !shown);
                input.required = shown && Boolean(required);
            }
        }
    }
}

registry.category("public.interactions").add("helpdesk_portal.questions", HelpdeskQuestions);
