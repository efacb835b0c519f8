"""Where actions and guardrails come from: only what was looked up may be named, with the day on which it was."""

import re
from dataclasses import dataclass
from typing import Final

from app.sentences import Sentence, say

CHECKED_ON: Final = "2026-11-22"


@dataclass(frozen=True, slots=True)
class Source:
    """A document that may be named: how it is cited, the form of its parts, and when it was last looked at."""

    name: str
    part: re.Pattern[str]
    told: Sentence
    checked_on: str = CHECKED_ON


SOURCES: Final = (
    Source(
        "NIST AI RMF",
        re.compile(r"(GOVERN|MAP|MEASURE|MANAGE) [1-6]\.\d{1,2}"),
        say("NIST AI Risk Management Framework 1.0: subcategories, from a public control library."),
    ),
    Source(
        "ISO/IEC 42001",
        re.compile(r"A\.\d{1,2}(\.\d{1,2}){1,2}"),
        say("ISO/IEC 42001:2023, Annex A: numbers and titles, from a public control library."),
    ),
    Source(
        "COSO",
        re.compile(r"Achieving Effective Internal Control over Generative AI \(2026\)"),
        say("COSO, Achieving Effective Internal Control over Generative AI, 23 February 2026."),
    ),
    Source(
        "United States v. Heppner",
        re.compile(r"25 Cr\. 503 \(S\.D\.N\.Y\. 2026\)"),
        say("United States v. Heppner, 25 Cr. 503 (S.D.N.Y.), 17 February 2026, on chats with consumer tools."),
    ),
)


def is_source(cited: str) -> bool:
    """Whether something like "NIST AI RMF, GOVERN 1.2" names a part of a source that was looked up."""
    name, _, part = cited.partition(", ")
    return any(one.name == name and one.part.fullmatch(part) for one in SOURCES)
