"""Planning mails: what goes out when and in which words, starting, pausing, stopping for one person."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.clients import queries as clients
from app.errors import ConflictError, InvalidError
from app.mail import queries, timing, tokens
from app.mail.queries import PlanFacts
from app.mail.words import (
    INVITATION,
    LINK,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    REMINDER,
    REMINDERS,
    RESULTS,
    THANKS,
    WORDED,
    wrong_places,
)
from app.rosters import queries as rosters
from app.rosters.queries import PersonFacts
from app.sentences import Sentence, say
from app.waves import queries as waves
from app.waves.queries import WaveView
from surveys.languages import LANGUAGES

FROM_HOUR, TO_HOUR, PER_MINUTE = 8, 18, 60
MOST_PER_MINUTE: Final = 6000
LONGEST_SENDER: Final = 80
MOST_REQUESTS: Final = 1000
REQUESTS_STAY: Final = timedelta(hours=1)
NO_MAILS: Final = say(
    "People were promised that there is no list of them in this wave, so no mails can be sent. Give each department "
    "its shared link."
)
OVER: Final = say("The answers of this wave were deleted, and its list with them. No mails can be sent.")
TEST_FIRST: Final = say("Send yourself a test mail first. Once the mail server has taken it, the mails can be started.")
NO_DAY: Final = say("Choose the day of the invitation first.")
NAMES: Final[Mapping[str, Sentence]] = {
    INVITATION: say("Invitation"),
    REMINDER: say("Reminder"),
    THANKS: say("Thanks"),
    RESULTS: say("Results are ready"),
}


def plan_of(session: Session, wave: WaveView, *, now: datetime, lock: bool = False) -> PlanFacts:
    """The plan of a wave: the one that is kept, else one that begins with the words of the client's newest."""
    place = {"organisation_id": wave.organisation_id, "wave_id": wave.id}
    kept = queries.plan(session, **place, lock=lock)
    if kept is not None:
        return kept
    fresh = PlanFacts(
        **place,
        state="off",
        sender=clients.organisation(session, wave.organisation_id).name[:LONGEST_SENDER],
        reply_to="",
        days={},
        wording={},
        from_hour=FROM_HOUR,
        to_hour=TO_HOUR,
        weekends=False,
        per_minute=PER_MINUTE,
        thanks=True,
        tested=False,
        trouble="",
        trial=None,
        next_at=now,
    )
    before = queries.newest_plan(session, organisation_id=wave.organisation_id)
    if before is None:
        return fresh
    return replace(
        before,
        organisation_id=wave.organisation_id,
        wave_id=wave.id,
        state="off",
        days={},
        tested=False,
        trouble="",
        trial=None,
        next_at=now,
    )


def save(session: Session, plan: PlanFacts, *, now: datetime) -> None:
    """Keeps a plan. InvalidError has a sentence for each wrong field; ConflictError in a wave without a list."""
    wave = _with_list(session, plan.organisation_id, plan.wave_id)
    before = plan_of(session, wave, now=now, lock=True)
    begun = _begun(session, wave)
    wrong = _wrong(plan, before, begun)
    if wrong:
        raise InvalidError(" ".join(wrong.values()), fields=wrong)
    days = {key: day for key, day in plan.days.items() if day}
    # Another sender is another thing to be tested; another day is not.
    tested = before.tested and (plan.sender, plan.reply_to) == (before.sender, before.reply_to)
    state = "paused" if before.state == "on" and not tested else before.state
    kept = replace(before, **{name: getattr(plan, name) for name in _CHOSEN}, days=days, tested=tested, state=state)
    _keep(session, replace(kept, next_at=now))


_CHOSEN: Final = ("sender", "reply_to", "from_hour", "to_hour", "weekends", "per_minute", "thanks")


def word(
    session: Session, *, organisation_id: UUID, wave_id: UUID, kind: str, language: str, subject: str, text: str,
    now: datetime,
) -> None:  # fmt: skip
    """Keeps the client's own words for a mail in a language; empty ones are ours again.

    InvalidError, fields `subject` and `text`, for what is too long or has places that cannot be filled in.
    """
    wave = _with_list(session, organisation_id, wave_id)
    if kind not in WORDED or language not in LANGUAGES:
        raise InvalidError(say("There is no such mail."))
    wrong = {}
    for name, told, most in (("subject", subject, LONGEST_SUBJECT), ("text", text, LONGEST_TEXT)):
        about = wrong_places(told) if len(told) <= most else say("This is longer than {most} characters.", most=most)
        if about:
            wrong[name] = about
    if wrong:
        raise InvalidError(" ".join(wrong.values()), fields=wrong)
    plan = plan_of(session, wave, now=now, lock=True)
    own = {name: told for name, told in (("subject", subject), ("text", text)) if told}
    wording = {one: {tag: dict(words) for tag, words in by.items()} for one, by in plan.wording.items()}
    wording.setdefault(kind, {})[language] = own
    if not own:
        del wording[kind][language]
    _keep(session, replace(plan, wording=wording))


def go_on(session: Session, wave: WaveView, *, before: WaveView, now: datetime) -> bool:
    """Starts the mails of a planned wave as those of the wave before it went out, and says whether it did.

    So only where those were started and nothing that a test mail would show is another today: sender and where answers
    go. Without a day for the invitation they wait for a person.
    """
    last = queries.plan(session, organisation_id=before.organisation_id, wave_id=before.id)
    plan = plan_of(session, wave, now=now, lock=True)
    alike = last is not None and (last.sender, last.reply_to) == (plan.sender, plan.reply_to)
    if last is None or not (alike and last.tested and last.state == "on") or INVITATION not in plan.days:
        return False
    _keep(session, replace(plan, tested=True, state="on", trouble="", next_at=now))
    return True


def has_more(session: Session, wave: WaveView) -> bool:
    """Whether mails of a wave are still to come: a round that was not begun, or somebody who is still to get one."""
    place = {"organisation_id": wave.organisation_id, "wave_id": wave.id}
    plan = queries.plan(session, organisation_id=wave.organisation_id, wave_id=wave.id)
    if plan is None or wave.state == "cancelled":
        return False
    return timing.to_come(plan, _begun(session, wave), over=wave.finished) or queries.anything_left(session, **place)


def start(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Lets the mails of a plan go out. ConflictError before a test mail was taken, or without a day."""
    wave = _with_list(session, organisation_id, wave_id)
    plan = plan_of(session, wave, now=now, lock=True)
    if not plan.tested:
        raise ConflictError(TEST_FIRST)
    if INVITATION not in plan.days and not wave.finished:
        raise ConflictError(NO_DAY)
    _keep(session, replace(plan, state="on", trouble="", next_at=now))


def pause(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Lets no more mails go out until they are started again; one that is being sent at this moment still is."""
    plan = plan_of(session, waves.wave(session, organisation_id, wave_id), now=now, lock=True)
    if plan.state == "on":
        _keep(session, replace(plan, state="paused"))


def ask_trial(
    session: Session, *, organisation_id: UUID, wave_id: UUID, to: str, kind: str, language: str, now: datetime
) -> None:
    """Has the worker send a test mail, with a link that leads nowhere."""
    wave = _with_list(session, organisation_id, wave_id)
    if kind not in WORDED or language not in LANGUAGES:
        raise InvalidError(say("There is no such mail."))
    trial = {"to": to, "kind": kind, "language": language, "state": "waiting", "told": ""}
    _keep(session, replace(plan_of(session, wave, now=now, lock=True), trial=trial, next_at=now))


def begin_due(session: Session, plan: PlanFacts, wave: WaveView, *, zone: str, now: datetime) -> None:
    """Begins the rounds whose day has come: a row for everybody on the list who has an address, in random order.

    Everybody: whether somebody needs the mail is looked at when it is sent, so the size of a round tells nothing.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    begun = set(_begun(session, wave))
    if wave.state == "open":
        due = timing.due(plan.days, begun, today)
        for kind, number in due:
            # Somebody who is invited today is not reminded today.
            missed = kind == REMINDER and ((kind, number) != due[-1] or due[0][0] == INVITATION)
            _begin(session, wave, kind, number, () if missed else _addressed(session, wave), now)
    elif wave.finished:
        # Nobody is to be asked any more.
        queries.drop(session, organisation_id=wave.organisation_id, wave_id=wave.id, kinds=(INVITATION, REMINDER, LINK))
        if plan.thanks and (INVITATION, 1) in begun and (THANKS, 1) not in begun:
            _begin(session, wave, THANKS, 1, _addressed(session, wave), now)
        if timing.results_due(plan.days, begun, today):
            _begin(session, wave, RESULTS, 1, _addressed(session, wave), now)


def invite(session: Session, wave: WaveView, people: Iterable[UUID], *, now: datetime) -> None:
    """Has people who came onto the list, or got another address, invited, if the others have been."""
    if (INVITATION, 1) not in _begun(session, wave):
        return
    wanted = set(people)
    found = [one for one in _addressed(session, wave) if one.id in wanted]
    if found:
        _begin(session, wave, INVITATION, 1, found, now)
        wake(session, organisation_id=wave.organisation_id, wave_id=wave.id, now=now)


def wake(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Has the worker look at a plan soon."""
    queries.change_plan(session, organisation_id=organisation_id, wave_id=wave_id, next_at=now)


def stop(session: Session, *, link_key: bytes, token: str) -> bool:
    """Sends somebody no more mails about a wave; False for a token that we did not make.

    True too when the list was deleted meanwhile: then there are no more mails either.
    """
    person_id = tokens.stopping(link_key, token)
    if person_id is None:
        return False
    person = rosters.person(session, person_id=person_id)
    if person is not None:
        rosters.stop_mails(session, organisation_id=person.organisation_id, person_id=person_id)
    return True


def request_link(session: Session, *, link_key: bytes, mail: str, now: datetime) -> None:
    """Notes that somebody wants their link sent again; the worker looks whether the address is on a list.

    What is done here is the same for every address.
    """
    mark = tokens.request_mark(link_key, mail)
    forget_requests(session, now=now)
    queries.note_request(session, mark=mark, mail=mail, now=now, most=MOST_REQUESTS)


def answer_requests(session: Session, *, now: datetime) -> None:
    """Has the links of those who asked for them sent, where their address is on the list of an open wave; of one that
    is paused once it goes on."""
    for mark, mail in queries.requests(session):
        for person in rosters.with_address(session, mail):
            wave = waves.wave(session, person.organisation_id, person.wave_id)
            if wave.state in ("open", "paused"):
                queries.add_out(session, [_row(person, LINK, 1, now)])
                _keep(session, replace(plan_of(session, wave, now=now, lock=True), next_at=now))
        queries.looked_at(session, mark)


def forget_requests(session: Session, *, now: datetime) -> None:
    """Deletes the marks of requests that are older than an hour."""
    queries.drop_requests(session, before=now - REQUESTS_STAY)


def note_trial(session: Session, plan: PlanFacts, *, state: str, told: str) -> None:
    """Notes what became of a test mail."""
    trial = {**(plan.trial or {}), "state": state, "told": told}
    place = {"organisation_id": plan.organisation_id, "wave_id": plan.wave_id}
    queries.change_plan(session, **place, trial=trial, tested=plan.tested or state == "sent")


def _begin(
    session: Session, wave: WaveView, kind: str, number: int, people: Iterable[PersonFacts], now: datetime
) -> None:
    rows = [_row(one, kind, number, now) for one in people]
    queries.begin_round(
        session, organisation_id=wave.organisation_id, wave_id=wave.id, kind=kind, number=number, rows=rows
    )


def _row(person: PersonFacts, kind: str, number: int, now: datetime) -> dict[str, object]:
    return {
        "organisation_id": person.organisation_id,
        "id": uuid4(),
        "wave_id": person.wave_id,
        "person_id": person.id,
        "kind": kind,
        "number": number,
        "state": "waiting",
        "attempts": 0,
        "due_at": now,
    }


def _addressed(session: Session, wave: WaveView) -> list[PersonFacts]:
    found = rosters.people(session, organisation_id=wave.organisation_id, wave_id=wave.id)
    return [one for one in found if one.listed and one.mail]


def _begun(session: Session, wave: WaveView) -> list[tuple[str, int]]:
    found = queries.rounds(session, organisation_id=wave.organisation_id, wave_id=wave.id)
    return [(one.kind, one.number) for one in found]


def _with_list(session: Session, organisation_id: UUID, wave_id: UUID) -> WaveView:
    wave = waves.wave(session, organisation_id, wave_id)
    if wave.policy.mode == "anonymous":
        raise ConflictError(NO_MAILS)
    if wave.deleted_at is not None:
        raise ConflictError(OVER)
    return wave


def _keep(session: Session, plan: PlanFacts) -> None:
    row: dict[str, Any] = asdict(plan)  # Any: the columns of a plan
    queries.keep_plan(session, row)


def _wrong(plan: PlanFacts, before: PlanFacts, begun: Iterable[tuple[str, int]]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not plan.sender or len(plan.sender) > LONGEST_SENDER or not plan.sender.isprintable():
        wrong["sender"] = say("Give a name of at most {most} characters.", most=LONGEST_SENDER)
    if not 0 <= plan.from_hour < plan.to_hour <= 24:
        wrong["to_hour"] = say("The last hour has to come after the first.")
    if not 1 <= plan.per_minute <= MOST_PER_MINUTE:
        wrong["per_minute"] = say("Give a whole number from 1 to {most}.", most=MOST_PER_MINUTE)
    for kind, number in begun:
        key = timing.day_key(kind, number)
        if kind != THANKS and plan.days.get(key, "") != before.days.get(key, ""):
            wrong[key] = say("This mail is going out already, so its day stays.")
    return wrong | _wrong_order(plan.days)


def _wrong_order(days: Mapping[str, str]) -> dict[str, str]:
    keys = [INVITATION, *(timing.day_key(REMINDER, number) for number in range(1, REMINDERS + 1))]
    wrong: dict[str, str] = {}
    last: date | None = None
    for place, key in enumerate(keys):
        if not days.get(key):
            continue
        day = date.fromisoformat(days[key])
        if place and not all(days.get(one) for one in keys[:place]):
            wrong[key] = say("Choose the days before this one first.")
        elif last is not None and day <= last:
            wrong[key] = say("Each mail goes out on a later day than the one before.")
        last = day
    return wrong
