"""What the plan's words stand for in the database."""
from odoo import Command

EMAILS = {'support': 'support@example.com', 'billing': 'billing@example.com', 'it': 'it@example.com'}
# what the plan writes -> field of the ticket
FIELDS = {
    'stage': 'stage_id', 'user': 'user_id', 'team': 'team_id', 'type': 'type_id', 'category': 'category_id',
    'tags': 'tag_ids', 'priority': 'priority', 'deadline': 'deadline', 'active': 'active',
}
LINKS = ('stage', 'user', 'team', 'type', 'category')


class Records:
    """Finds records by the words of the plan, each once."""

    def __init__(self, env):
        self.env = env
        self.root = env.ref('base.user_root')
        self.found = {}

    def ref(self, kind, key):
        """Return the record called ``key``; ``kind`` is 'user', 'team', 'type', 'stage' and so on."""
        if (kind, key) not in self.found:
            name = key.replace(' ', '_').replace('-', '_')
            self.found[kind, key] = self.env.ref(f'helpdesk_core.helpdesk_{kind}_{name}')
        return self.found[kind, key]

    def user(self, login):
        """Return the user with ``login``; without one, the system's."""
        return self.ref('user', login) if login else self.root

    def acting(self, records, user):
        """Return ``records`` in the name of ``user``."""
        # sudo: the system writes the past of those who acted in it
        return records.with_user(user).sudo()

    def teams(self):
        return self.env['helpdesk.team'].concat(*(self.ref('team', key) for key in EMAILS))

    def values(self, words):
        """Return the values of a ticket for what the plan writes."""
        result = {}
        for name, value in words.items():
            if name == 'tags':
                result['tag_ids'] = [Command.set([self.ref('tag', tag).id for tag in value])]
            else:
                result[FIELDS[name]] = self.ref(name, value).id if name in LINKS else value
        return result
