"""The auditor: proves of a release that no combination of its numbers rests on fewer people than it promises.

It shares no code with the planner and trusts none of its decisions. It takes the release documents of a wave and the
counted answer sheets (`releases.membership`), and works out for itself what the documents tell of whom
(`releases.statements`).

A roll-up is a weighted sum of the sets that the rows in it leave, each with equal weights inside. The rows of a release
lie inside each other or apart, so what they span is what these sets span, whatever the weights are. What no document
shows is handed in as `Told` and audited like the rest: the strata by which roll-ups are weighted, the sets on which two
waves are compared, the sets that lend their spread to an interval or a grade, and weights that are not equal.

All numbers of one family (the same answers: both scores of a dimension) are combined with single answers as unknowns:
a person's score is the sum of the valid answers divided by their number. `releases.groups` and `releases.support` find
the smallest number of people on whom a combination rests; the argument why that is exact is in docs/privacy.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.errors import ConflictError
from app.releases import refusals
from app.releases.audit.explained import small_rows, unexplained
from app.releases.audit.families import Family, Smallest, Spans
from app.releases.audit.founded import not_of_quality, unfounded
from app.releases.audit.membership import People
from app.releases.audit.rated import misplaced
from app.releases.audit.statements import RESPONSES, Kind, Statement, Strata, Sums, Told, gathered
from app.releases.document.release import Release

__all__ = ["RESPONSES", "Audit", "Statement", "Strata", "Told", "audit", "refuse"]

_MEANS: Final[frozenset[Kind]] = frozenset({"means", "responses"})
"""What is told from as many people on as a mean needs; everything else from as many as an interval needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The result: `smallest_support` is the smallest number of people on whom any combination of means or of numbers
    of responses rests, `smallest_interval_support` the same for intervals and numbers of answers; None where there is
    nothing of the kind. `statistics` counts what was combined; `offending` names rows and columns that tell too much.
    """

    passed: bool
    k_means: int
    k_intervals: int
    smallest_support: int | None
    smallest_interval_support: int | None
    statistics: int
    offending: tuple[str, ...]


def audit(
    documents: Sequence[Release], people: People, *, told: Iterable[Statement] = (), proven: bool = False
) -> Audit:
    """Audit all releases of one wave together, the new one last, with everything else that is told of its people.

    `people` counts the sheets of the wave for each of the documents (`membership.joined` for more than one). The
    thresholds are those of the last document's policy. `proven` says that the last document was audited before, and
    that only what is `told` besides is new. ValueError for what names an unknown family or release.
    """
    told = tuple(told)
    policy = documents[-1].policy
    sums = Sums(people)
    offending = [*unexplained(documents, people, told), *small_rows(documents), *misplaced(documents)]
    without = [] if proven else unfounded(documents[-1], people, told, place=len(documents) - 1)
    # Sums over unions of what is told anyway add nothing to it.
    statements = gathered(documents, people, told if without else not_of_quality(told), sums)
    offending += without
    spans = Spans(sums, people)
    families = [Family(family, kind, columns, spans) for (family, kind), columns in statements.items()]
    means, spreads = Smallest(policy.k_means), Smallest(policy.k_intervals)
    means.look([one for one in families if one.kind in _MEANS])
    spreads.look([one for one in families if one.kind not in _MEANS])
    named = {**means.offending, **spreads.offending}
    offending += [name for one in families for name in named.get((one.family, one.kind), ())]
    return Audit(
        passed=not offending,
        k_means=policy.k_means,
        k_intervals=policy.k_intervals,
        smallest_support=means.people,
        smallest_interval_support=spreads.people,
        statistics=sum(len(found.sums) for columns in statements.values() for found in columns.values()),
        offending=tuple(dict.fromkeys(offending)),
    )


def refuse(found: Audit) -> None:
    """Raise ConflictError, which names the rows and columns, unless the audit was passed."""
    if not found.passed:
        raise ConflictError(refusals.COMBINED.filled({"offending": "; ".join(found.offending[:10])}))
