"""What people are promised, in sentences made from the privacy policy of their wave and from nothing else.

The respondent's pages, the papers for the privacy officer and the works council, and whatever else quotes the promise
take it from `promise`, so that they cannot say different things (MEASUREMENT.md 4.4, 4.6 and section 9, P12).
A translation is one more `Wording` in `WORDINGS`; it needs no other change.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.waves.policy import Mode, Policy

FIRST_LANGUAGE: Final = "en"
GROUP_WITHOUT_GUESSES: Final = 10
SMALLEST_THEME: Final = 5  # what app/comments counts by; a test holds the two together


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is promised: the promise itself, and what it means."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The promise in one language.

    `seen` says who sees what and how long it is kept; it holds before and after sending. `kept` says what happens while
    somebody answers. `before_sending` stands beside the button, `afterwards` below the thanks.
    """

    language: str
    seen: tuple[Line, ...]
    kept: tuple[Line, ...]
    before_sending: str
    afterwards: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The sentences in one language. In braces stand the values of `_values`, in any order.

    `small` is added to `shared` for groups of fewer than ten. `deleted` is said before a wave closes, `deleted_on` once
    the day is known, `gone` once the answers are deleted.
    """

    nobody: Line
    groups: Line
    shared: Line
    small: str
    comments: Line
    mode: Mapping[Mode, Line]
    deleted: Line
    deleted_on: Line
    gone: Line
    recorded: Line
    link: Mapping[Mode, Line]
    back: Line
    before_sending: str
    afterwards: str
    day: Callable[[date], str]


ENGLISH: Final = Wording(
    nobody=Line(
        "Nobody is shown your answers.",
        "Not your manager, not {organisation}, not its consultants. There is no page, file or export with one person’s "
        "answers, only results of groups.",
    ),
    groups=Line(
        "A result needs answers from at least {k} people.",
        "Smaller groups are shown only together with others. Anything finer, such as how far opinions differ, needs at "
        "least {k_intervals}.",
    ),
    shared=Line(
        "Groups can still show shared views.",
        "Where everybody in a group answers alike, its result shows what they think.",
    ),
    small=" In a group of {k} to 9 people, when one person leaves before the next survey, the two results together "
    "allow a guess at that person’s view, to within about 20 points of 100.",
    comments=Line(
        "Comments are read before they are shown.",
        "People with an account for {organisation}, its consultants among them, read each by itself, without your "
        "answers, and decide whether it is shown: in random order, and only for groups in which at least {k_comments} "
        "people answered and {k_comments} comments were written. Themes are counted where at least {k_themes} "
        "wrote of them. Your words can still give you away: write no names.",
    ),
    mode={
        "confidential": Line(
            "Your answers are not tied to your link.",
            "Whoever gave you a personal link can find out whether answers were sent with it. Which ones is not "
            "stored. Traces that an open survey leaves on the machine could still lead whoever runs this service to "
            "them. They are removed after the close; in a backup from that time they last as long as it is kept.",
        ),
        "anonymous": Line(
            "There is no list of people.",
            "Everybody in your department gets the same link. Who was asked, and who answered, is stored nowhere.",
        ),
    },
    deleted=Line(
        "Answers are deleted {months} months after the survey closes.",
        "That happens by itself. The results of groups stay.",
    ),
    deleted_on=Line("Answers are deleted on {deleted_on}.", "That happens by itself. The results of groups stay."),
    gone=Line("The answers were deleted on {gone_on}.", "The results of groups stay."),
    recorded=Line(
        "You are not recorded.",
        "With your answers this service keeps your department, the role you choose, the language, the day you send "
        "them, and whether pages were filled in very fast or all alike. It keeps no name, no network address, no "
        "device and no hour, and sets no cookie. Whoever runs it could read stored answers by department, and would "
        "find no names.",
    ),
    link={
        "confidential": Line(
            "Until you send, your link is the key.",
            "What you have saved is encrypted. Whoever has your link can open it, and that includes whoever sent it to "
            "you. Pass it on to nobody. What is not sent when the survey closes is deleted unread.",
        ),
        "anonymous": Line(
            "Until you send, your own link is the key.",
            "You get it with the first page you save, and it is shown to you alone. What you have saved is encrypted; "
            "whoever has that link can open it. What is not sent when the survey closes is deleted unread.",
        ),
    },
    back=Line(
        "Sent answers cannot be taken back.",
        "They carry no name and no link, so nobody can find yours among the others: not to show them to you, not to "
        "change them, not to delete them.",
    ),
    before_sending="Once sent, your answers can’t be taken back or changed: they carry no name and no link, so nobody "
    "can find them among the others.",
    afterwards="Your link now leads to this page only. Your answers can’t be taken back, because nobody can find them "
    "among the others.",
    day=lambda day: f"{day.day} {day:%B %Y}",
)

WORDINGS: Final[Mapping[str, Wording]] = {FIRST_LANGUAGE: ENGLISH}


def promise(
    policy: Policy,
    *,
    organisation: str,
    small: bool,
    language: str = FIRST_LANGUAGE,
    closed_on: date | None = None,
    deleted_on: date | None = None,
) -> Promise:
    """The promise of a policy. `small`: the reader's department, or one that the reader should think of, is below ten.

    `closed_on` and `deleted_on` are the days, in the client's time zone, on which the wave closed and its answers were
    deleted; None while that lies ahead. A language that nobody has translated gets the first one, and says so.
    """
    spoken = language if language in WORDINGS else FIRST_LANGUAGE
    wording = WORDINGS[spoken]
    values = _values(policy, organisation, wording, closed_on, deleted_on)
    told = _filler(values)
    return Promise(
        language=spoken,
        seen=tuple(told(line) for line in _seen(policy, wording, small, closed_on, deleted_on)),
        kept=tuple(told(line) for line in (wording.recorded, wording.link[policy.mode], wording.back)),
        before_sending=wording.before_sending.format_map(values),
        afterwards=wording.afterwards.format_map(values),
    )


def deletion_day(closed_on: date, months: int) -> date:
    """The day so many months after another: the same day of the month, or the month's last where it has none."""
    year, month = divmod(closed_on.year * 12 + closed_on.month - 1 + months, 12)
    return date(year, month + 1, min(closed_on.day, monthrange(year, month + 1)[1]))


def _seen(
    policy: Policy, wording: Wording, small: bool, closed_on: date | None, deleted_on: date | None
) -> tuple[Line, ...]:
    lines = [wording.nobody, wording.groups, wording.shared]
    if small and policy.k_means < GROUP_WITHOUT_GUESSES:
        lines[-1] = Line(wording.shared.heading, wording.shared.text + wording.small)
    if policy.comments:
        lines.append(wording.comments)
    lines.append(wording.mode[policy.mode])
    if deleted_on is not None:
        lines.append(wording.gone)
    elif policy.retention_months is not None:
        lines.append(wording.deleted if closed_on is None else wording.deleted_on)
    return tuple(lines)


def _values(
    policy: Policy, organisation: str, wording: Wording, closed_on: date | None, deleted_on: date | None
) -> Mapping[str, object]:
    due = None
    if closed_on is not None and policy.retention_months is not None:
        due = deletion_day(closed_on, policy.retention_months)
    return {
        "organisation": organisation,
        "k": policy.k_means,
        "k_intervals": policy.k_intervals,
        "k_comments": policy.k_comments,
        "k_themes": SMALLEST_THEME,
        "months": policy.retention_months,
        "deleted_on": "" if due is None else wording.day(due),
        "gone_on": "" if deleted_on is None else wording.day(deleted_on),
    }


def _filler(values: Mapping[str, object]) -> Callable[[Line], Line]:
    return lambda line: Line(line.heading.format_map(values), line.text.format_map(values))
