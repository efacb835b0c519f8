import json

import pytest

from surveys.arrange import layout, pages
from surveys.canonical import canonical, restore
from surveys.load import load_file
from surveys.model import FORMS, FUNCTIONS
from surveys.reader import InstrumentError
from tests.surveys.authored import with_workflow


def test_a_canonical_form_gives_the_same_questionnaire_again(atr):
    again = restore(canonical(atr))
    assert again == atr
    assert again.sha256 == atr.sha256
    assert list(again.items()) == list(atr.items())
    for form in FORMS:
        for function in FUNCTIONS:
            assert layout(again, form=form, function=function) == layout(atr, form=form, function=function)
            assert pages(again, form=form, function=function, seed=b"x") == pages(
                atr, form=form, function=function, seed=b"x"
            )


def test_ratings_of_workflows_survive_the_canonical_form_and_change_it(authored):
    before = load_file(authored.folder)
    with_workflow(authored)
    instrument = load_file(authored.folder)
    assert restore(canonical(instrument)) == instrument
    assert instrument.sha256 != before.sha256


def test_fields_that_have_their_default_are_left_out(atr):
    told = json.loads(canonical(atr))
    assert told["attention"] == {"id": "ATT", "scale": "true5", "scored": False, "text": atr.attention.text}
    assert not {"sha256", "language"} & told.keys()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"key":"atr"', b'"key":5'),
        (b'"key":"atr",', b""),
        (b'"key":"atr"', b'"key":"atr","colour":"red"'),
        (b'"key":"atr"', b'"key": "atr"'),
        (b'"block":"trust"', b'"block":"hope"'),
        (b'"allow_nx":true', b'"allow_nx":false'),
        (b'"finance":"finance"', b'"finance":"money"'),
        (b'"attention_answer":2', b'"attention_answer":true'),
        (b"{", b"["),
    ],
)
def test_what_is_no_canonical_form_is_refused(atr, old, new):
    changed = canonical(atr).replace(old, new, 1)
    assert changed != canonical(atr)
    with pytest.raises(InstrumentError, match="not the canonical form"):
        restore(changed)


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_any_other_bytes_are_refused(data):
    with pytest.raises(InstrumentError, match="not the canonical form"):
        restore(data)
