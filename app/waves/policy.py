"""The privacy policy of a wave: chosen while the wave is a draft, frozen when it opens, carried by its release.

Everything that people are promised is written from it (`respond`), and so are the papers for the privacy officer and
the works council (`approval`), so that none of them can say something else (MEASUREMENT.md 4.4 and section 9).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from app.errors import InvalidError
from app.sentences import Passage, say

Mode = Literal["confidential", "anonymous"]

VERSION: Final = "2"
SMALLEST_GROUPS: Final = (5, 7, 10)
SMALLEST_SPREAD_GROUP: Final = 10
RETENTION_MONTHS: Final = (3, 6, 12, 24, 36)
MODES: Final[tuple[Mode, ...]] = ("confidential", "anonymous")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a wave promises.

    `k_means` answers are needed behind a mean, `k_intervals` behind everything that tells how far answers lie apart,
    and behind shares, `k_comments` people and comments behind comments that are shown. `comments`: whether people are
    asked to write. `retention_months` after the close answers are deleted; None for waves opened before there was such
    a promise.
    """

    version: str = VERSION
    mode: Mode = "confidential"
    k_means: int = 5
    k_intervals: int = SMALLEST_SPREAD_GROUP
    k_comments: int = SMALLEST_SPREAD_GROUP
    comments: bool = False
    retention_months: int | None = 12


def chosen(*, mode: str, k: int, comments: bool, retention_months: int) -> Policy:
    """The policy of these choices; InvalidError has a sentence for each that is not offered."""
    wrong: dict[str, str] = {}
    if mode not in MODES:
        wrong["mode"] = say("Choose between confidential and anonymous.")
    if k not in SMALLEST_GROUPS:
        wrong["k"] = say("Choose 5, 7 or 10 as the smallest group that is shown.")
    if retention_months not in RETENTION_MONTHS:
        wrong["retention_months"] = say("Choose after how many months the answers are deleted.")
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    return Policy(
        mode="anonymous" if mode == "anonymous" else "confidential",
        k_means=k,
        comments=comments,
        retention_months=retention_months,
    )


def stored(policy: Policy) -> dict[str, Any]:  # Any: a policy as JSON
    """The policy as it lies in the database."""
    return asdict(policy)


def read(kept: Mapping[str, Any] | None) -> Policy:  # Any: a policy as JSON
    """The policy that the database holds. Waves of version 1 promised no deletion and asked for no comments."""
    if kept is None:
        return Policy()
    return Policy(**({"retention_months": None} if kept.get("version") == "1" else {}) | dict(kept))
