"""What people are promised, in sentences made from the privacy policy of their wave and from nothing else.

The respondent's pages, the papers for the privacy officer and the works council, and whatever else quotes the promise
take it from `promise`, so that they cannot say different things (MEASUREMENT.md 4.4, 4.6 and section 9, P12).
The sentences are said in the reader's language where they are shown, like all others (app/sentences.py).
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.sentences import Sentence, Value, say
from app.waves.policy import Mode, Policy

GROUP_WITHOUT_GUESSES: Final = 10
SMALLEST_THEME: Final = 5  # what app/comments counts by; a test holds the two together


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is promised: the promise itself, and what it means."""

    heading: Sentence
    text: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The promise.

    `seen` says who sees what and how long it is kept; it holds before and after sending. `kept` says what happens while
    somebody answers. `before_sending` stands beside the button, `afterwards` below the thanks.
    """

    seen: tuple[Line, ...]
    kept: tuple[Line, ...]
    before_sending: Sentence
    afterwards: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The sentences. In braces stand the values of `_values`.

    `small` is the text of `shared` for groups of fewer than ten. `deleted` is said before a wave closes, `deleted_on`
    once the day is known, `gone` once the answers are deleted.
    """

    nobody: Line
    groups: Line
    shared: Line
    small: Sentence
    comments: Line
    mode: Mapping[Mode, Line]
    deleted: Line
    deleted_on: Line
    gone: Line
    recorded: Line
    link: Mapping[Mode, Line]
    back: Line
    before_sending: Sentence
    afterwards: Sentence


WORDING: Final = Wording(
    nobody=Line(
        say("Nobody is shown your answers."),
        say(
            "Not your manager, not {organisation}, not its consultants. There is no page, file or export with one "
            "person’s answers, only results of groups."
        ),
    ),
    groups=Line(
        say("A result needs answers from at least {k} people."),
        say(
            "Smaller groups are shown only together with others. Anything finer, such as how far opinions differ, "
            "needs at least {k_intervals}."
        ),
    ),
    shared=Line(
        say("Groups can still show shared views."),
        say("Where everybody in a group answers alike, its result shows what they think."),
    ),
    small=say(
        "Where everybody in a group answers alike, its result shows what they think. In a group of {k} to 9 people, "
        "when one person leaves before the next survey, the two results together allow a guess at that person’s view, "
        "to within about 20 points of 100."
    ),
    comments=Line(
        say("Comments are read before they are shown."),
        say(
            "People with an account for {organisation}, its consultants among them, read each by itself, without your "
            "answers, and decide whether it is shown: in random order, and only for groups in which at least "
            "{k_comments} people answered and {k_comments} comments were written. Themes are counted where at least "
            "{k_themes} wrote of them. Your words can still give you away: write no names."
        ),
    ),
    mode={
        "confidential": Line(
            say("Your answers are not tied to your link."),
            say(
                "Whoever gave you a personal link can find out whether answers were sent with it. Which ones is not "
                "stored. Traces that an open survey leaves on the machine could still lead whoever runs this service "
                "to them. They are removed after the close; in a backup from that time they last as long as it is kept."
            ),
        ),
        "anonymous": Line(
            say("There is no list of people."),
            say("Everybody in your department gets the same link. Who was asked, and who answered, is stored nowhere."),
        ),
    },
    deleted=Line(
        say("Answers are deleted {months} months after the survey closes."),
        say("That happens by itself. The results of groups stay."),
    ),
    deleted_on=Line(
        say("Answers are deleted on {deleted_on}."), say("That happens by itself. The results of groups stay.")
    ),
    gone=Line(say("The answers were deleted on {gone_on}."), say("The results of groups stay.")),
    recorded=Line(
        say("You are not recorded."),
        say(
            "With your answers this service keeps your department, the role you choose, the language, the day you send "
            "them, and whether pages were filled in very fast or all alike. It keeps no name, no network address, no "
            "device and no hour, and sets no cookie. Whoever runs it could read stored answers by department, and "
            "would find no names."
        ),
    ),
    link={
        "confidential": Line(
            say("Until you send, your link is the key."),
            say(
                "What you have saved is encrypted. Whoever has your link can open it, and that includes whoever sent "
                "it to you. Pass it on to nobody. What is not sent when the survey closes is deleted unread."
            ),
        ),
        "anonymous": Line(
            say("Until you send, your own link is the key."),
            say(
                "You get it with the first page you save, and it is shown to you alone. What you have saved is "
                "encrypted; whoever has that link can open it. What is not sent when the survey closes is deleted "
                "unread."
            ),
        ),
    },
    back=Line(
        say("Sent answers cannot be taken back."),
        say(
            "They carry no name and no link, so nobody can find yours among the others: not to show them to you, not "
            "to change them, not to delete them."
        ),
    ),
    before_sending=say(
        "Once sent, your answers can’t be taken back or changed: they carry no name and no link, so nobody "
        "can find them among the others."
    ),
    afterwards=say(
        "Your link now leads to this page only. Your answers can’t be taken back, because nobody can find them "
        "among the others."
    ),
)


def promise(
    policy: Policy,
    *,
    organisation: str,
    small: bool,
    closed_on: date | None = None,
    deleted_on: date | None = None,
    wording: Wording = WORDING,
) -> Promise:
    """The promise of a policy. `small`: the reader's department, or one that the reader should think of, is below ten.

    `wording` is today's unless it was written down before (app/waves/wording.py). `closed_on` and `deleted_on` are the
    days, in the client's time zone, on which the wave closed and its answers were deleted; None while that lies ahead.
    """
    values = _values(policy, organisation, closed_on, deleted_on)
    kept = (wording.recorded, wording.link[policy.mode], wording.back)
    return Promise(
        seen=tuple(_filled(line, values) for line in _seen(wording, policy, small, closed_on, deleted_on)),
        kept=tuple(_filled(line, values) for line in kept),
        before_sending=wording.before_sending.filled(values),
        afterwards=wording.afterwards.filled(values),
    )


def deletion_day(closed_on: date, months: int) -> date:
    """The day so many months after another: the same day of the month, or the month's last where it has none."""
    year, month = divmod(closed_on.year * 12 + closed_on.month - 1 + months, 12)
    return date(year, month + 1, min(closed_on.day, monthrange(year, month + 1)[1]))


def _seen(
    wording: Wording, policy: Policy, small: bool, closed_on: date | None, deleted_on: date | None
) -> tuple[Line, ...]:
    lines = [wording.nobody, wording.groups, wording.shared]
    if small and policy.k_means < GROUP_WITHOUT_GUESSES:
        lines[-1] = Line(wording.shared.heading, wording.small)
    if policy.comments:
        lines.append(wording.comments)
    lines.append(wording.mode[policy.mode])
    if deleted_on is not None:
        lines.append(wording.gone)
    elif policy.retention_months is not None:
        lines.append(wording.deleted if closed_on is None else wording.deleted_on)
    return tuple(lines)


def _values(policy: Policy, organisation: str, closed_on: date | None, deleted_on: date | None) -> Mapping[str, Value]:
    due: date | str = ""
    if closed_on is not None and policy.retention_months is not None:
        due = deletion_day(closed_on, policy.retention_months)
    return {
        "organisation": organisation,
        "k": policy.k_means,
        "k_intervals": policy.k_intervals,
        "k_comments": policy.k_comments,
        "k_themes": SMALLEST_THEME,
        "months": policy.retention_months or 0,
        "deleted_on": due,
        "gone_on": deleted_on or "",
    }


def _filled(line: Line, values: Mapping[str, Value]) -> Line:
    return Line(line.heading.filled(values), line.text.filled(values))
