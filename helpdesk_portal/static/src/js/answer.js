import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { _t } from "@web/core/l10n/translation";

/** Files by drag and drop, told what is too large before they travel; a form is sent once. */
export class HelpdeskAnswer extends Interaction {
    static selector = ".o_helpdesk_answer";
    dynamicContent = {
        _root: {
            "t-on-dragover.prevent": () => this.over(true),
            "t-on-dragleave": () => this.over(false),
            "t-on-drop.prevent": (ev) => this.drop(ev),
            "t-on-submit": (ev) => this.send(ev),
        },
        "input[type=file]": { "t-on-change": () => this.tell() },
    };

    get input() {
        return this.el.querySelector("#helpdesk_files");
    }

    over(inside) {
        this.el.querySelector(".o_helpdesk_drop")?.classList.toggle("o_helpdesk_over", inside);
    }

    drop(ev) {
        this.over(false);
        if (!this.input) {
            return;
        }
        const files = new DataTransfer();
        for (const file of [...this.input.files, ...ev.dataTransfer.files]) {
            files.items.add(file);
        }
        this.input.files = files.files;
        this.tell();
    }

    /** Returns whether the chosen files may be sent; says which are too large. */
    tell() {
        if (!this.input) {
            return true; // a form that takes no files
        }
        const limit = Number(this.input.dataset.maxMb) * 1024 * 1024;
        const files = [...this.input.files];
        const large = files.filter((file) => file.size > limit).map((file) => file.name);
        const place = this.el.querySelector(".o_helpdesk_files");
        const most = Number(this.input.dataset.totalMb || Infinity);
        const sum = files.reduce((bytes, file) => bytes + file.size, 0);
        const wrong = large.length
            ? _t("Too large: %s", large.join(", "))
            : sum > most * 1024 * 1024
            ? _t("Too large together: at most %s MB", most)
            : "";
        place.textContent = wrong || files.map((file) => file.name).join(", ");
        place.classList.toggle("text-danger", Boolean(wrong));
        return !wrong;
    }

    send(ev) {
        if (!this.tell()) {
            ev.preventDefault();
            return;
        }
        this.el.querySelector("button.btn-primary").setAttribute("disabled", "disabled");
    }
}

registry.category("public.interactions").add("helpdesk_portal.answer", HelpdeskAnswer);
