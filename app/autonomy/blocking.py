"""What most often blocks the next level of the departments of a decision, in a sentence. Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from app.autonomy.decision import Decision
from app.autonomy.library import CONTROLS
from app.autonomy.spoken import Names, spans
from app.sentences import Listing, Sentence, say, say_count
from scoring.ceiling import Block, Kind

MOST_NAMED: Final = 3
BY_NAME: Final[frozenset[Kind]] = frozenset({"control", "score", "split", "dk"})


def most_often(decision: Decision, names: Names) -> str:
    """What blocks most departments; empty where nothing blocks any."""
    each = (set(map(_told_as, one.ceiling.blocking)) for one in decision.departments)
    found = Counter(pair for pairs in each for pair in pairs)
    if not found:
        return ""
    most = max(found.values())
    first = sorted(pair for pair, count in found.items() if count == most)
    what = Listing(_named(first, names))
    rising = sum(one.ceiling.next_level is not None for one in decision.departments)
    if rising == 1:
        return say("What blocks the next level of the one department that could rise: {what}.", what=what)
    return say(
        "What most often blocks the next level, in {n} of {all} departments that could rise: {what}.",
        n=most,
        all=rising,
        what=what,
    )


def _told_as(block: Block) -> tuple[Kind, str]:
    """What counts as the same thing in two departments: a control or a dimension, else its kind."""
    return block.kind, block.ref if block.kind in BY_NAME else ""


def _named(pairs: Sequence[tuple[Kind, str]], names: Names) -> list[Sentence]:
    """Controls together, then the first few of what else there is."""
    controls = [ref for kind, ref in pairs if kind == "control"]
    others = [_other(kind, ref, names) for kind, ref in pairs if kind != "control"]
    return [*_controls(controls), *others[: MOST_NAMED - bool(controls)]]


def _controls(ids: Sequence[str]) -> list[Sentence]:
    if not ids:
        return []
    if len(ids) > 1:
        return [
            say_count(
                "{n} control that is not in force ({ids})",
                "{n} controls that are not in force ({ids})",
                len(ids),
                ids=spans(ids),
            )
        ]
    known = CONTROLS.get(ids[0])
    return [say("the control “{title}” ({id})", title=known.title if known else ids[0], id=ids[0])]


def _other(kind: Kind, ref: str, names: Names) -> Sentence:
    name = names.get(ref, ref)
    if kind == "score":
        return say("the score of {name} ({id})", name=name, id=ref)
    if kind == "split":
        return say("a split on {name} ({id})", name=name, id=ref)
    if kind == "dk":
        return say("facts about {name} ({id}) that people do not know", name=name, id=ref)
    if kind == "overtrust":
        return say("trust that runs ahead of skills or of checking")
    if kind == "tenure":
        return say("too few waves at the level below")
    return say("answers that are too few")
