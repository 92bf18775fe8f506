"""Which routing rules apply to a new request, what they set, and why the others do not (S0-19, N11). Pure Python.

Rules are gone through in their order. Where one applies, what it sets counts for the rules after it too: a later one
may set it anew, tags add up. A rule that stops is the last one.
"""
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from . import wildcards

TAGS = 'tag_ids'
SETS = ('team_id', 'type_id', 'category_id', 'user_id', 'priority', TAGS)  # fields of a ticket that rules set
SUBJECT, BODY, BOTH = 'subject', 'body', 'both'
# in the order they are looked at: what costs little first
CONDITIONS = ('channel', 'team', 'address', 'sender', 'partner_tags', 'lang', 'files', 'words', 'domain')
MAX_MATCH = 60  # characters of what matched that are kept


@dataclass
class Facts:
    """What is known of a request when it comes.

    :param company: id of the company whose team it comes to
    :param team: id of the team it comes to
    :param addresses: mail addresses it was sent to
    :param sender: the customer's mail address, '' when unknown
    :param partner_tags: ids of the contact's tags
    :param lang: the contact's language ('de_DE'), '' when unknown
    :param files: (name, media type) of what is attached
    """
    channel: str = ''
    company: int = 0
    team: int = 0
    addresses: tuple = ()
    sender: str = ''
    partner_tags: frozenset = frozenset()
    lang: str = ''
    subject: str = ''
    body: str = ''
    files: tuple = ()

    @cached_property
    def folded(self):
        """Subject and words as they are searched: {'subject': text, 'body': text}."""
        return {SUBJECT: wildcards.fold(self.subject), BODY: wildcards.fold(self.body)}


class Rule(NamedTuple):
    """One rule. A condition that is empty is none; all others must hold.

    :param company: id of the company whose requests it looks at, 0 for all
    :param sets: {name of a field: value}, ``tag_ids`` as a list of ids
    :param wanted: {condition: what it asks for, in short}, for the trace
    """
    id: int = 0
    name: str = ''
    company: int = 0
    channel: str = ''
    teams: frozenset = frozenset()
    address: tuple = ()
    sender: tuple = ()
    partner_tags: frozenset = frozenset()
    langs: frozenset = frozenset()
    files: tuple = ()
    words: tuple = ()
    words_in: str = BOTH
    domain: str = ''
    sets: dict = {}
    stop: bool = False
    wanted: dict = {}


@dataclass
class Look:
    """What became of one rule that looked at a request.

    ``failed`` is the first condition that did not hold, '' where the rule fired; ``matched`` {condition: what was
    found}; ``sets`` what it set; ``kept`` the fields it left alone because a person had filled them in.
    """
    rule: Rule
    failed: str = ''
    matched: dict = field(default_factory=dict)
    sets: dict = field(default_factory=dict)
    kept: tuple = ()


def route(rules, facts, fulfils=None, kept=()):
    """Go through ``rules`` (:class:`Rule`, in order) for one request.

    :param Facts facts: what is known of it
    :param fulfils: callable (rule, values so far) that tells whether the free condition holds; called only when every
        other condition of the rule does
    :param kept: names of fields that rules leave alone
    :return: ({field: value}, [:class:`Look` of each rule that looked at it])
    """
    values, looks = {}, []
    for rule in rules:
        if rule.company and rule.company != facts.company:
            continue
        look = Look(rule)
        looks.append(look)
        look.failed = _first_failing(rule, facts, values, fulfils, look.matched)
        if look.failed:
            continue
        look.kept = tuple(name for name in rule.sets if name in kept)
        look.sets = {name: value for name, value in rule.sets.items() if name not in kept}
        for name, value in look.sets.items():
            values[name] = [*dict.fromkeys([*values.get(TAGS, ()), *value])] if name == TAGS else value
        if rule.stop:
            break
    return values, looks


def needs(rules):
    """Return the conditions (set of names) that any of ``rules`` asks about."""
    asked = set()
    for rule in rules:
        asked.update(name for name, given in (
            ('partner_tags', rule.partner_tags), ('lang', rule.langs), ('files', rule.files),
            ('body', rule.words and rule.words_in != SUBJECT)) if given)
    return asked


def _first_failing(rule, facts, values, fulfils, matched):
    """Return the first condition that does not hold, '' when all do; what was found goes into ``matched``."""
    checks = (
        ('channel', rule.channel, lambda: facts.channel if facts.channel == rule.channel else ''),
        ('team', rule.teams, lambda: (values.get('team_id') or facts.team) in rule.teams),
        ('address', rule.address, lambda: _address(rule.address, facts.addresses)),
        ('sender', rule.sender, lambda: _address(rule.sender, (facts.sender,))),
        ('partner_tags', rule.partner_tags, lambda: sorted(rule.partner_tags & facts.partner_tags)),
        ('lang', rule.langs, lambda: facts.lang if facts.lang in rule.langs else ''),
        ('files', rule.files, lambda: _file(rule.files, facts.files)),
        ('words', rule.words, lambda: _words(rule, facts.folded)),
        ('domain', rule.domain, lambda: bool(fulfils) and fulfils(rule, values)),
    )
    for name, given, check in checks:
        if not given:
            continue
        found = check()
        if not found:
            return name
        matched[name] = found[:MAX_MATCH] if isinstance(found, str) else found
    return ''


def _address(pieces, addresses):
    return next((address for address in addresses[:wildcards.MAX_FILES] for piece in pieces
                 if wildcards.address_fits(address, piece)), '')


def _file(pieces, files):
    return next((name or mimetype for name, mimetype in files[:wildcards.MAX_FILES] for piece in pieces
                 if wildcards.file_fits(name, mimetype, piece)), '')


def _words(rule, folded):
    places = (SUBJECT, BODY) if rule.words_in == BOTH else (rule.words_in,)
    return next((piece for place in places for piece in rule.words if wildcards.word_in(folded[place], piece)), '')
