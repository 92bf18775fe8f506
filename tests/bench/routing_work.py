"""What routing rules cost: one mail, as in :mod:`mail_work`, gone through by two hundred of them."""
from unittest.mock import patch

import mail_work

_RULES = {}


def rules_of(env):
    """The rules that the loader left, as they are kept from one mail to the next: read once."""
    if env.cr.dbname not in _RULES:
        model = env(user=1, su=True)['helpdesk.routing.rule']
        found = model.search([('name', '=like', 'Bench %'), ('active', '=', False)], order='sequence')
        _RULES[env.cr.dbname] = found._plain_rules()
    return _RULES[env.cr.dbname]


def routed(desk, kind, rules):
    """Take in a mail with ``rules`` switched on; return what :func:`mail_work.process` does."""
    with patch.object(type(desk.env['helpdesk.routing.rule']), '_rules', lambda model: rules):
        return mail_work.process(desk, mail_work.mail(desk, kind, f'The printer does not print {desk.number}'))


def none_fires(desk):
    """All two hundred look, none applies."""
    assert routed(desk, 'none', rules_of(desk.env)[:-1])
    return 1


def last_fires(desk):
    """The last of two hundred applies: it sets priority, type and a tag."""
    record = routed(desk, 'last', rules_of(desk.env)[1:])
    if not desk.number:  # while warming up: mails are taken in transactions of their own
        with desk.env.registry.cursor() as cursor:
            cursor.execute("SELECT priority FROM helpdesk_ticket WHERE id = %s", [record])
            assert cursor.fetchone() == ('3',)
    return 1
