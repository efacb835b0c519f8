"""What the fields of the facts of a workflow offer, in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.sentences import Sentence, say
from app.workflows.differing import NOT_SAID
from app.workflows.facts import DATA, EASE, FLAGS, HARM, PER
from scoring.legal import LEGAL

Options = Sequence[tuple[str, str]]
_STEPS: Final = tuple((str(step), say("{step}: {words}", step=step, words=words)) for step, words in EASE.items())
_HARMS: Final = tuple((str(step), say("{step}: {words}", step=step, words=words)) for step, words in HARM.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the fields of the facts offer. `usual` are questions of the law that the department's work often raises."""

    per: Options
    steps: Options
    harms: Options
    classes: Options
    flags: Options
    usual: frozenset[str]


def choices(function: str) -> Choices:
    """What the form of a workflow offers in a department of this function."""
    return Choices(
        per=_options(PER),
        steps=(("", NOT_SAID), *_STEPS),
        harms=(("", NOT_SAID), *_HARMS),
        classes=_options(DATA),
        flags=_options(FLAGS),
        usual=frozenset(dict(LEGAL.functions).get(function, ())),
    )


def _options(words: Mapping[str, Sentence]) -> Options:
    return tuple(words.items())
