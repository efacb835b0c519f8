"""What says who somebody is gets found and taken out; ordinary words stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answers import masking
from app.answers.masking import find, mask, name_parts, pieces, told

ROSTER = name_parts(
    ["Ada Lovelace", "will.brown@corp.example", "Østergaard, Søren", "E-1047", "Legal 7"], not_names=["Legal"]
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Write to anna.schmidt@corp.example.com.", "Write to [e-mail]."),
        ("anna@intranet knows", "[e-mail] knows"),
        ("Call +49 (0)171 1234567 or 0171/1234567", "Call [phone] or [phone]"),
        ("555-123-4567, (555) 123-4567", "[phone], [phone]"),
        ("my number 1715551234567", "my number [phone]"),
        ("Anna Schmidt helped, so did Jürgen.", "[name] helped, so did [name]."),
        ("Dr. Meier-Schmidt and Frau Østby", "[name] and [name]"),
        ("Mr. J. R. Hartmann’s team", "[name] team"),
        ("ask @annas", "ask [name]"),
        ("lovelace said; LOVELACE wrote; Lovelace's desk", "[name] said; [name] wrote; [name]'s desk"),
        ("Søren Østergaard knows", "[name] [name] knows"),
        ("Ask Will about it. I know Will Brown.", "Ask [name] about it. I know [name] [name]."),
    ],
)
def test_what_tells_who_is_meant_is_taken_out(text: str, masked: str):
    assert mask(text, ROSTER).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "Will this work? We will see. It will.",
        "In 2025-2026 we had 12 000 000 cases, 3.14159265 each, 10,000,000 in all.",
        "Customer Service and Accounts Payable use Microsoft Copilot at level A2.",
        "Legal should decide; the legal team has 7 people.",
        "An anthology of brown paper; Annapolis; Peterborough.",
        "Invoice 20251104 and order 4711",
    ],
)
def test_words_that_name_nobody_stay_as_they_were_written(text: str):
    assert mask(text, ROSTER).text == text


def test_a_roster_of_numbers_and_departments_gives_no_names():
    assert name_parts(["E-1047", "Legal 7", "hr/12"], not_names=["Legal"]) == frozenset()


def test_of_an_address_in_the_roster_only_the_person_is_a_name():
    assert name_parts(["grace.hopper@navy.example"]) == {"grace", "hopper"}


# Without a codec: to find out what UTF-8 can encode, Hypothesis tries a million characters in each new checkout.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(ANY_TEXT, st.sampled_from(["Anna Schmidt", "a@b.example", "+49 171 2345678", "Frau Meier"]))
def test_masking_twice_changes_nothing_more_and_keeps_no_part_of_what_was_found(text: str, secret: str):
    once = mask(f"{text} {secret} {text}", ROSTER)
    assert mask(once.text, ROSTER).text == once.text
    assert secret not in once.text


def test_a_long_text_is_searched_in_no_time():
    for hard in ("a." * 20_000, "1 " * 20_000, "A" * 40_000, "Mr " * 10_000, "(" * 40_000, "a@" * 20_000):
        assert isinstance(find(hard, ROSTER), tuple)


def test_what_was_found_is_told_in_words():
    assert told(find("Nothing of the kind")) == ""
    assert told(find("Anna and a@b.example")) == "a name and an e-mail address"
    assert told(find("Anna, a@b.example, 0171 2345678")) == "a name, an e-mail address and a telephone number"


def test_a_masked_text_comes_in_pieces():
    assert pieces("Ask [name] […] now") == (
        ("Ask ", False),
        ("[name]", True),
        (" ", False),
        ("[…]", True),
        (" now", False),
    )


def test_the_patterns_are_written_so_that_browsers_read_them_too():
    for _, source in masking.PATTERNS:
        assert "(?P" not in source
        assert "\\A" not in source
        assert "(?i" not in source


def test_a_name_of_the_roster_is_masked_in_its_genitive_without_an_apostrophe():
    assert mask("Petronellas Team entscheidet", {"petronella"}).text == "[name] Team entscheidet"
    assert mask("the marks of a bill", {"mark", "bill"}).text == "the marks of a bill"
