from odoo import models

SEARCHES, VIEWS = 'helpdesk.article.search', 'helpdesk.article.view'


class HelpdeskDashboard(models.AbstractModel):
    """Knowledge, where Helpdesk Knowledge is installed: whether people find the answer by themselves (S0-33).

    Counted for the whole knowledge base: who searches belongs to no team.
    """
    _inherit = 'helpdesk.dashboard'

    def _sections(self):
        return [*super()._sections(), 'knowledge'] if SEARCHES in self.env else super()._sections()

    def _section_knowledge(self, frame):
        """Return ``figures``; the two that open rows of the knowledge base for who may read them only."""
        span, searches = frame.stretch, self.env[SEARCHES]
        now = searches.repeat_requests(span.start, span.end)
        before = searches.repeat_requests(span.before_start, span.before_end)
        figures = [
            self._figure(
                'answered', self.env._("Found it themselves"), self.env._(
                    "Of the customers' searches that led to an article or ended in a ticket, how many led to an "
                    "article and to no ticket within a day. Searches of the last 24 hours are not judged yet."),
                _percent(now['rate']), before=_percent(before['rate']), kind='percent', good='up'),
            self._figure(
                'searches', self.env._("Searches of customers"), self.env._(
                    "Searches of customers and visitors on the help pages and while writing a request."),
                now['searches'], before=before['searches']),
            self._figure(
                'no_ticket', self.env._("Articles instead of tickets"), self.env._(
                    "Searches that led to an article and to no ticket within a day."),
                now['answered'], before=before['answered'], good='up'),
            self._figure(
                'tickets', self.env._("Ended in a ticket"), self.env._(
                    "Searches after which a ticket was written within a day."),
                now['tickets'], before=before['tickets'], good='down'),
        ]
        if searches.has_access('read'):
            figures.append(self._counted_twice(
                frame, 'nothing', self.env._("Searches without result"), self.env._(
                    "Searches, also of colleagues, for which there was no article: what to write next."),
                SEARCHES, [('result_count', '=', 0)], good='down'))
        if self.env[VIEWS].has_access('read'):
            figures.append(self._counted_twice(
                frame, 'views', self.env._("Articles read"), self.env._("How often articles were opened."), VIEWS, []))
        return {'figures': figures}

    def _counted_twice(self, frame, key, label, hint, model, domain, **values):
        rows = self.env[model]
        span = frame.stretch
        now = rows.search_count([*domain, ('at', '>=', span.start), ('at', '<', span.end)])
        before = rows.search_count([*domain, ('at', '>=', span.before_start), ('at', '<', span.before_end)])
        opens = (model, [*domain, *frame.within('at')]) if model == SEARCHES else ()
        return self._figure(key, label, hint, now, *opens, before=before, **values)


def _percent(rate):
    return False if rate is None else round(100 * rate)
