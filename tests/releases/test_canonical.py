"""Documents as canonical JSON: the same as the standard library writes of plain dicts, faster."""

import dataclasses
import json
from dataclasses import dataclass

import pytest

from app.releases.document.canonical import around, canonical
from app.releases.document.figures import Share


@dataclass(frozen=True)
class Part:
    """A part of a document with everything that one may hold."""

    word: str
    name: str | None
    shares: dict[str, Share]
    parts: tuple[object, ...] = ()
    yes: bool = True


@dataclass(frozen=True)
class Alone:
    """A part with one field."""

    value: object


SAME = Share(percent=10, bound="<=")
LONG = Part('“ä” "\\ \n \x1f \u2028 😀' * 9, None, {"b": SAME, "a": Share(percent=1), "ä": SAME}, (1, -2, 2.5, [True]))


@pytest.mark.parametrize(
    "part",
    [LONG, Part("", "x", {}, (LONG, SAME, LONG, Alone((1,)), {"z": 1, "b": {"k": False}}), yes=False), Alone(None)],
)
def test_a_document_is_written_as_the_standard_library_writes_it(part: Part) -> None:
    plain = json.dumps(
        dataclasses.asdict(part), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    assert canonical(part) == plain


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_not_written(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical(Alone(value))


def test_what_is_no_part_of_a_document_is_not_written() -> None:
    with pytest.raises(TypeError):
        canonical(Alone({1, 2}))


@pytest.mark.parametrize("field", ["name", "parts", "shares", "word", "yes"])
def test_a_field_can_be_written_after_all_others(field: str) -> None:
    before, after = around(LONG, field)
    assert before + canonical(getattr(LONG, field)) + after == canonical(LONG)


def test_an_only_field_can_be_written_last() -> None:
    assert around(Alone(1), "value") == ('{"value":', "}")
