import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { send, visitKey } from "./help_trail";

/** Counts that an article is read. By POST, once a visit: robots and links of other sites count for nothing. */
export class HelpdeskHelpArticle extends Interaction {
    static selector = ".o_helpdesk_article[data-slug]";

    start() {
        send(`/help/article/${this.el.dataset.slug}/read`, { visit: visitKey() }).catch(() => {});
    }
}

/** The vote without leaving the page. Without script the form does the same. */
export class HelpdeskHelpVote extends Interaction {
    static selector = ".o_helpdesk_vote";
    dynamicContent = { form: { "t-on-submit.prevent": (ev) => this.vote(ev) } };

    async vote(ev) {
        const form = ev.currentTarget;
        const error = this.el.querySelector(".o_helpdesk_vote_error");
        let problem = _t("This could not be sent. Please try again.");
        try {
            const response = await send(
                form.action,
                { comment: form.elements.comment.value, helpful: ev.submitter?.value || "" },
                { headers: { Accept: "application/json" } }
            );
            const answer = await response.json();
            problem = response.ok ? "" : answer.error;
        } catch {
            // the sentence above says it
        }
        error.textContent = problem;
        error.classList.toggle("d-none", !problem);
        if (!problem) {
            form.classList.add("d-none");
            const thanks = this.el.querySelector(".o_helpdesk_thanks");
            thanks.classList.remove("d-none");
            thanks.setAttribute("tabindex", "-1");
            thanks.focus();
        }
    }
}

registry.category("public.interactions").add("helpdesk_portal.help_article", HelpdeskHelpArticle);
registry.category("public.interactions").add("helpdesk_portal.help_vote", HelpdeskHelpVote);
