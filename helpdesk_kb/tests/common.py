from pathlib import Path

from odoo.addons.helpdesk_core.tests.common import AGENT, NOW, HelpdeskCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import mute_logger

CORPUS = Path(__file__).parent / 'corpus'
LANGS = {'en': 'en_US', 'de': 'de_DE', 'cs': 'cs_CZ', 'ru': 'ru_RU'}
EDITOR = 'base.group_user,helpdesk_kb.group_helpdesk_editor'


class KnowledgeCommon(HelpdeskCommon):
    """Everybody of the helpdesk, an ``editor`` in company A and one in B, and a category for each kind of reader."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, company in (('editor', cls.company_a), ('editor_b', cls.company_b)):
            setattr(cls, name, mail_new_test_user(
                cls.env, login=f'hd_{name}', name=f"Hd {name.title()}", groups=EDITOR, email=f'{name}@helpdesk.test',
                company_id=company.id, company_ids=[Command.set(company.ids)], notification_type='inbox'))
        cls.articles = cls.env['helpdesk.article'].with_context(tracking_disable=True)
        cls.categories = {
            visibility: cls.env['helpdesk.article.category'].create({
                'name': f"For {visibility}", 'visibility': visibility})
            for visibility in ('internal', 'portal', 'public')}

    @classmethod
    def article(cls, name="Reset the drill", state='published', visibility='public', **vals):
        """Create an article as the superuser."""
        return cls.articles.create({
            'name': name, 'state': state, 'visibility': visibility, 'lang': 'en_US',
            'body': "<p>Hold both keys for ten seconds.</p>", **vals})

    @classmethod
    def corpus(cls, **vals):
        """Create the sample articles; return {(two letters of the language, key): article}."""
        made, keys = [], []
        for short, lang in LANGS.items():
            for line in (CORPUS / f'{short}.txt').read_text(encoding='utf-8').splitlines():
                key, title, text = (part.strip() for part in line.split('|'))
                first, _, rest = text.partition('. ')
                keys.append((short, key))
                made.append({'name': title, 'summary': first, 'body': f'<p>{rest or first}</p>', 'lang': lang,
                             'state': 'published', 'visibility': 'public', **vals})
        return dict(zip(keys, cls.articles.create(made), strict=True))

    def assertRefused(self, act, *args, **kwargs):
        with (
            self.assertRaises(AccessError),
            mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'),
        ):
            act(*args, **kwargs)

    def found(self, query, user=None, **kwargs):
        """Return the articles that ``user`` finds, best first."""
        results = self.env['helpdesk.article'].with_user(user or self.agent).search_articles(query, **kwargs)
        return self.articles.browse([result['id'] for result in results])


__all__ = ['AGENT', 'CORPUS', 'LANGS', 'NOW', 'KnowledgeCommon']
