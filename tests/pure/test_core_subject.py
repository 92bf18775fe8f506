import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk_core.tools.subject import numbers_in, strip_tag, tag, with_tag

numbers = st.from_regex(r'[A-Z]{1,8}[0-9]{1,12}', fullmatch=True)
# texts in which tags, whole and broken, are as likely as anything else
texts = st.lists(
    st.one_of(
        st.text(max_size=12),
        numbers.map(tag),
        numbers.map(str.lower).map(tag),
        st.sampled_from(
            [
                '[#',
                ']',
                '[#HD',
                '[#HD00042',
                '[HD00042]',
                '#HD00042',
                'Re: ',
                ' ',
                '\n',
                '\t',
                '  ',
                '[#HD00042]',
                '[#hd00042]',
            ]
        ),
    ),
    max_size=8,
).map(''.join)


def test_tag():
    assert tag('HD00042') == '[#HD00042]'


@pytest.mark.parametrize(('subject', 'found'), [
    ('', []),
    (None, []),
    ('Drill', []),
    ('[#HD00042] Drill', ['HD00042']),
    ('Re: [#HD00042] Drill', ['HD00042']),
    ('AW: WG: [#hd00042] Bohrer', ['HD00042']),
    ('[#HD00042] [#HD00042] [#hd00042]', ['HD00042']),
    ('[#HD2] and [#HD1], then [#HD2]', ['HD2', 'HD1']),
    ('[#HD00042]Drill', ['HD00042']),
    ('HD00042 #HD00042 [HD00042] [#HD] [#00042] (#HD00042)', []),
    ('[# HD00042] [#HD 00042] [#HD00042 ]', []),
    ('[#HD1234567890123]', []),  # more digits than any sequence has
    ('[#[#HD1]]', ['HD1']),
])
def test_numbers_in(subject, found):
    assert numbers_in(subject) == found


@pytest.mark.parametrize(('subject', 'expected'), [
    ('', '[#HD1]'),
    (None, '[#HD1]'),
    ('Drill', '[#HD1] Drill'),
    ('[#HD1] Drill', '[#HD1] Drill'),
    ('Re: [#HD1] Drill', '[#HD1] Re: Drill'),
    ('Re: [#hd1] Drill [#HD1]', '[#HD1] Re: Drill'),
    ('Drill[#HD1]is silent', '[#HD1] Drill is silent'),
    ('[#HD2] Drill', '[#HD1] [#HD2] Drill'),  # another ticket's tag is part of what somebody wrote
    ('[#HD10] Drill', '[#HD1] [#HD10] Drill'),
    ('  Drill \n smokes ', '[#HD1] Drill smokes'),
])
def test_with_tag(subject, expected):
    assert with_tag(subject, 'HD1') == expected


@pytest.mark.parametrize(('subject', 'expected'), [
    ('', ''),
    (None, ''),
    ('[#HD1]', ''),
    ('Re: [#HD1] Drill', 'Re: Drill'),
    ('[#HD1] [#HD2] Drill', 'Drill'),
    ('[HD1] Drill', '[HD1] Drill'),
])
def test_strip_tag(subject, expected):
    assert strip_tag(subject) == expected


@given(texts, numbers)
@example('[#HD[#HD1]1]', 'HD1')
def test_the_tag_is_there_once_and_in_front(subject, number):
    tagged = with_tag(subject, number)
    assert tagged.startswith(tag(number))
    assert tagged.upper().count(tag(number)) == 1
    assert numbers_in(tagged)[0] == number


@given(texts, numbers)
def test_tagging_again_changes_nothing(subject, number):
    tagged = with_tag(subject, number)
    assert with_tag(tagged, number) == tagged
    assert with_tag(f'Re: {tagged}', number) == with_tag(f'Re: {subject}', number)


@given(texts, numbers)
def test_other_tickets_stay(subject, number):
    assert set(numbers_in(with_tag(subject, number))) >= set(numbers_in(subject)) | {number}


@given(texts)
@example('[#HD[#HD1]1]')
def test_stripping_leaves_no_tag_and_one_line(subject):
    stripped = strip_tag(subject)
    assert numbers_in(stripped) == []
    assert strip_tag(stripped) == stripped
    assert not set(stripped) & set('\r\n\t')


@given(texts, numbers)
def test_a_tagged_subject_is_one_line(subject, number):
    assert len(with_tag(subject, number).splitlines()) == 1
