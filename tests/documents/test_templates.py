"""The templates of documents: all twelve, in two languages, asking only for what is known; and what can't be one."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from app.documents.reading import LibraryError, places_of, read
from app.documents.shelf import LIBRARY, ORDER, of_subject, templates

WORDS = {"en": "A word", "de": "Ein Wort"}
TABLE = {"table": "who", "label": WORDS, "columns": [{"id": "a", "label": WORDS}, {"id": "b", "label": WORDS}]}


def a_template(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:  # Any: what a YAML file holds
    usual = {"document": "test", "version": "1.0.0", "subject": "client", "title": WORDS, "about": WORDS}
    return {**usual, "parts": list(parts) or [{"heading": WORDS}], **more}


def test_there_are_twelve_templates_each_in_english_and_german() -> None:
    assert tuple(templates()) == ORDER
    assert (len(of_subject("client")), len(of_subject("workflow"))) == (4, 8)
    for one in templates().values():
        assert one.title.words["de"] != one.title.message
        assert one.parts, one.id


def test_no_template_says_that_somebody_is_compliant_and_drafts_for_counsel_say_that_they_are_no_advice() -> None:
    for path in LIBRARY.glob("*.yaml"):
        text = path.read_text("utf-8").lower()
        assert not {"compliant", "certified", "validated", "rechtskonform", "zertifiziert"} & set(text.split()), path
    for id in ("impact_assessment", "worker_note"):
        [note, *_] = [one for one in templates()[id].parts if one.kind == "note"]
        assert "no legal advice" in note.label
        assert "keine Rechtsberatung" in note.label.words["de"]


def wrong() -> Iterator[tuple[dict[str, Any], str]]:  # Any: what a YAML file holds
    yield a_template(document="other"), "named after its document"
    yield a_template(version="1"), "three numbers"
    yield a_template(subject="planet"), "client, workflow"
    yield a_template(colour="red"), "no field colour"
    yield a_template({"poem": WORDS}), "begins with one of"
    yield a_template({"heading": {"en": "Only English"}}), "en and de"
    yield a_template({"heading": {"en": "<b>loud</b>", "de": "laut"}}), "without markup"
    yield a_template({"text": "some", "label": WORDS, "fill": {"en": "{client}", "de": "{today}"}}), "places"
    yield a_template({"text": "Not An Id", "label": WORDS}), "is no id"
    yield a_template({"text": "same_id", "label": WORDS}, {"text": "same_id", "label": WORDS}), "stands there twice"
    yield a_template({"table": "who", "label": WORDS, "columns": [{"id": "aa", "label": WORDS}]}), "two columns"
    yield a_template({"flow": "map", "label": WORDS, "of": "nothing"}), "no table 'nothing'"
    yield a_template({**TABLE, "columns": [{"id": "aa", "label": WORDS}, {"id": "bb", "label": WORDS}],
                      "lines": [{"id": "first", "cc": "x"}]}), "no column cc"  # fmt: skip
    yield a_template({**TABLE, "columns": [{"id": "aa", "label": WORDS}, {"id": "bb", "label": WORDS}],
                      "rule": "chess"}), "rule is one of"  # fmt: skip


@pytest.mark.parametrize(("written", "said"), list(wrong()), ids=[said for _, said in wrong()])
def test_a_template_that_does_not_fit_is_refused_with_file_part_and_field(written: dict[str, Any], said: str) -> None:
    with pytest.raises(LibraryError, match=said) as refused:
        read("test", written)
    assert str(refused.value).startswith("test")


def test_the_words_of_a_part_name_the_places_that_data_fill() -> None:
    part = templates()["pilot_charter"].part("hypothesis")
    assert part is not None
    assert set(places_of(part)) == {"work", "department", "level"}


def test_every_template_is_plain_yaml() -> None:
    for path in LIBRARY.glob("*.yaml"):
        assert isinstance(yaml.safe_load(path.read_text("utf-8")), dict)
