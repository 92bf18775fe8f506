"""Which rules apply to a request, what they set, and why the others do not (S0-19, N11)."""
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.tools.routing import CONDITIONS, Facts, Rule, needs, route

FACTS = Facts(
    channel='email', company=1, team=10, addresses=('support@house.test', 'billing@house.test'),
    sender='eva@acme.example', partner_tags=frozenset({3, 4}), lang='de_DE',
    subject='Your Invoice 7', body='It is wrong.\nPlease correct it.',
    files=(('bill.pdf', 'application/pdf'),))


@pytest.mark.parametrize(('condition', 'good', 'bad', 'matched'), [
    ('channel', {'channel': 'email'}, {'channel': 'web'}, 'email'),
    ('team', {'teams': frozenset({10, 11})}, {'teams': frozenset({11})}, True),
    ('address', {'address': ('billing@*',)}, {'address': ('sales@*',)}, 'billing@house.test'),
    ('sender', {'sender': ('x.test', 'acme.example')}, {'sender': ('acme.test',)}, 'eva@acme.example'),
    ('partner_tags', {'partner_tags': frozenset({4, 9})}, {'partner_tags': frozenset({9})}, [4]),
    ('lang', {'langs': frozenset({'de_DE'})}, {'langs': frozenset({'fr_FR'})}, 'de_DE'),
    ('files', {'files': ('docx', 'pdf')}, {'files': ('docx',)}, 'bill.pdf'),
    ('words', {'words': ('wrong',)}, {'words': ('wron',)}, 'wrong'),
    ('words', {'words': ('invoice',), 'words_in': 'subject'}, {'words': ('wrong',), 'words_in': 'subject'}, 'invoice'),
    ('words', {'words': ('wrong',), 'words_in': 'body'}, {'words': ('invoice',), 'words_in': 'body'}, 'wrong'),
    ('domain', {'domain': 'good'}, {'domain': 'bad'}, True),
])
def test_each_condition(condition, good, bad, matched):
    def fulfils(rule, values):
        return rule.domain == 'good'
    values, [look] = route([Rule(**good, sets={'priority': '3'})], FACTS, fulfils)
    assert (values, look.failed, look.matched) == ({'priority': '3'}, '', {condition: matched})
    values, [look] = route([Rule(**bad, sets={'priority': '3'})], FACTS, fulfils)
    assert (values, look.failed, look.sets) == ({}, condition, {})


def test_conditions_without_a_fact_do_not_hold():
    for given_ in ({'address': ('*',)}, {'sender': ('*',)}, {'langs': frozenset({'de_DE'})}, {'files': ('*',)},
                   {'words': ('a',)}, {'partner_tags': frozenset({1})}, {'domain': 'x'}):
        assert route([Rule(**given_)], Facts())[1][0].failed


def test_order_stop_and_what_came_before():
    rules = [
        Rule(1, channel='email', sets={'team_id': 11, 'tag_ids': [1, 2]}),
        Rule(2, teams=frozenset({10}), sets={'priority': '0'}),
        Rule(3, teams=frozenset({11}), sets={'priority': '3', 'tag_ids': [2, 5]}, stop=True),
        Rule(4, channel='email', sets={'priority': '1'}),
    ]
    values, looks = route(rules, FACTS)
    assert values == {'team_id': 11, 'tag_ids': [1, 2, 5], 'priority': '3'}
    assert [(look.rule.id, look.failed) for look in looks] == [(1, ''), (2, 'team'), (3, '')]
    values, _looks = route([*rules[:2], rules[3], Rule(5, channel='email', sets={'priority': '2'})], FACTS)
    assert values['priority'] == '2', "the later one decides"


def test_another_companys_rule_does_not_look():
    values, looks = route([Rule(1, company=2, channel='email', sets={'priority': '3'})], FACTS)
    assert (values, looks) == ({}, [])


def test_what_a_person_filled_in_is_kept():
    rule = Rule(1, channel='email', sets={'team_id': 11, 'priority': '3'})
    values, [look] = route([rule, Rule(2, teams=frozenset({11}))], FACTS, kept=('team_id',))[0], \
        route([rule], FACTS, kept=('team_id',))[1]
    assert (values, look.sets, look.kept) == ({'priority': '3'}, {'priority': '3'}, ('team_id',))


def test_the_free_condition_is_asked_last_and_with_what_was_set():
    asked = []

    def fulfils(rule, values):
        asked.append((rule.id, dict(values)))
        return True
    route([Rule(1, channel='email', sets={'team_id': 11}), Rule(2, channel='web', domain='x'),
           Rule(3, domain='x', channel='email')], FACTS, fulfils)
    assert asked == [(3, {'team_id': 11})]


def test_needs():
    assert needs([Rule(channel='email'), Rule(words=('a',), words_in='subject')]) == set()
    assert needs([Rule(words=('a',)), Rule(files=('pdf',)), Rule(langs=frozenset({'x'}))]) == {'body', 'files', 'lang'}


RULES = st.lists(st.builds(
    Rule, id=st.integers(1, 9), company=st.sampled_from([0, 1, 2]), channel=st.sampled_from(['', 'email', 'web']),
    teams=st.frozensets(st.integers(10, 12), max_size=2), words=st.lists(st.sampled_from(['invoice', 'x']), max_size=2),
    words_in=st.sampled_from(['subject', 'body', 'both']), name=st.just('rule'), domain=st.just(''),
    sets=st.dictionaries(st.sampled_from(['team_id', 'type_id']), st.integers(10, 12)), stop=st.booleans()), max_size=8)


@given(RULES)
def test_the_trace_tells_all(rules):
    """What was set is what the fired rules set, the last one deciding; nothing after a stop; each miss has a reason."""
    values, looks = route(rules, FACTS)
    told = {}
    for look in looks:
        assert (look.failed == '' and set(look.matched) <= set(CONDITIONS)) or look.failed in CONDITIONS
        assert look.rule.company in (0, 1)
        told.update(look.sets)
    assert values == told
    stops = [number for number, look in enumerate(looks) if not look.failed and look.rule.stop]
    assert stops in ([], [len(looks) - 1])


@given(RULES)
def test_a_rule_that_does_not_fire_changes_nothing(rules):
    fired = [look.rule for look in route(rules, FACTS)[1] if not look.failed]
    assert route(fired, FACTS)[0] == route(rules, FACTS)[0]


def test_many_rules_on_a_hostile_mail():
    facts = Facts(channel='email', company=1, subject='a' * 10_000, body='invoic ' * 200_000,
                  addresses=('a@b.c',) * 5000, files=(('x.y', 'z/z'),) * 5000)
    rules = [Rule(number, words=('invoice', 'order*late', 'inv-????'), sender=()) for number in range(200)]
    begin = time.process_time()
    values, looks = route(rules, facts)
    assert (values, len(looks)) == ({}, 200)
    assert time.process_time() - begin < 1
