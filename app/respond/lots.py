"""Which of a department's many workflows one person rates: five of those that they do, by lot (ADR 0035).

The lot is drawn from nothing that anybody could know: not from the link, from which the pattern of a sheet could be
worked out again, and not from what others answered, which nobody is to learn.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.answers.write import DraftAnswers
from surveys.arrange import CHOOSING, MOST_EACH, OFTEN
from surveys.model import BETWEEN, Instrument, Workflow


def draw() -> str:
    """A lot, to be kept in a draft and nowhere else."""
    return secrets.token_hex(8)


def fallen(workflows: Sequence[Workflow], draft: DraftAnswers) -> tuple[str, ...] | None:
    """The ids of the workflows that somebody rates, in their order; None until they have said what they do."""
    if CHOOSING not in draft.seconds:
        return None
    drawn = _drawn(workflows, draft)
    return tuple(id for id in _done(workflows, draft) if id in drawn)


def kept(workflows: Sequence[Workflow], draft: DraftAnswers) -> DraftAnswers:
    """A draft before it is changed, with what has been drawn by then: whoever empties one of these gets no other."""
    return draft if CHOOSING not in draft.seconds else replace(draft, drawn=_drawn(workflows, draft))


def on_the_sheet(instrument: Instrument, workflows: Sequence[Workflow], draft: DraftAnswers) -> Mapping[str, str]:
    """The answers as they are sent: of a workflow that did not fall to somebody only how often they do it."""
    rated = fallen(workflows, draft) or ()
    asked = (item.id for one in workflows if one.id not in rated for item in instrument.rated(one))
    return {**draft.answers, **{id: "not_asked" for id in asked if not id.endswith(f"{BETWEEN}{OFTEN}")}}


def all_of(workflows: Sequence[Workflow], draft: DraftAnswers) -> DraftAnswers:
    """A draft that somebody sends back whole, after the lot was thrown away: what they rated had fallen to them."""
    return replace(draft, seconds={**draft.seconds, CHOOSING: None}) if len(workflows) > MOST_EACH else draft


def _drawn(workflows: Sequence[Workflow], draft: DraftAnswers) -> tuple[str, ...]:
    """What has fallen to somebody, be it done or not: what was drawn before, and as many others as there is room for.

    Of these come first those that they have begun to rate, so that nothing that was answered is taken away.
    """
    begun = {item.partition(BETWEEN)[0] for item in draft.answers if not item.endswith(f"{BETWEEN}{OFTEN}")}
    others = (id for id in _done(workflows, draft) if id not in draft.drawn)
    in_turn = sorted(others, key=lambda id: (id not in begun, _place(draft.lot, id)))
    return (*draft.drawn, *in_turn)[:MOST_EACH]


def _done(workflows: Sequence[Workflow], draft: DraftAnswers) -> tuple[str, ...]:
    return tuple(one.id for one in workflows if f"{one.id}{BETWEEN}{OFTEN}" in draft.answers)


def _place(lot: str, id: str) -> bytes:
    return hashlib.sha256(f"{lot}|{id}".encode()).digest()
