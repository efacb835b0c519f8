"""The sentences that a release stores in English, as messages: what makes it fills them in, its pages recall them."""

from collections.abc import Mapping
from typing import Final

from app.releases.document.figures import Shift
from app.sentences import Sentence, say
from surveys.compare import WhyNot

FEW: Final = say("Fewer than {k} people answered. Nothing is shown, to protect them.")
CORRECTED: Final = say("The headcount of {names} was corrected, because more people answered than it counted.")
ALERT: Final = say(
    "More than a tenth of the answer sheets show several signs of careless answering, so all of them were "
    "counted. Find out what went wrong before you rely on small differences."
)
OMITTED: Final = say("{number} answer sheets show several signs of careless answering and were left out.")
SHIFTED: Final[Mapping[Shift, Sentence]] = {
    "< 1": say("If they counted, the scores of groups with at least {k} of them would move by less than 1 point."),
    "1-2": say("If they counted, the scores of groups with at least {k} of them would move by 1 to 2 points at most."),
    "2-5": say("If they counted, the scores of groups with at least {k} of them would move by 2 to 5 points at most."),
    "> 5": say(
        "If they counted, the scores of groups with at least {k} of them would move by more than 5 points, one of "
        "them at least."
    ),
}
NOTES: Final = (FEW, CORRECTED, ALERT, OMITTED, *SHIFTED.values())

WHY_NOT: Final[Mapping[WhyNot, Sentence]] = {
    "other_questionnaire": say("The questionnaire has a new first version number, with which every trend begins anew."),
    "not_asked_before": say("The previous wave did not ask about it."),
    "not_asked_now": say("This wave does not ask about it."),
    "other_scale": say("The previous wave used another answer scale."),
    "too_few_common_items": say("Too few of its questions were asked in both waves."),
}
WITHHELD: Final = say("The comparison is not shown, to protect a small group.")
NOT_COMPARED: Final = (*WHY_NOT.values(), WITHHELD)

NO_COEFFICIENT: Final = say("not told: it takes 50 people who answered all of it, and answers that go together")
"""One sentence for all reasons: that the sums are all alike, or that few answered all of it, must not be told apart."""
TOO_FEW: Final = say("Too few people answered all of it.")
NOT_APART: Final = say("These answers do not tell the dimensions apart.")
REFUSED: Final = (NO_COEFFICIENT, TOO_FEW, NOT_APART)
