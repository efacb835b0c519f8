"""The worker's part of mail: a plan is looked at, a few people leased, and each gets the mail or does not need it.

Whether somebody needs a mail is looked at just before it is sent and kept nowhere. A person takes the same place in the
pace either way, and the connection is opened either way, so neither progress nor trouble tells who has answered: what
goes wrong while a reminder or thanks are handed over is told nowhere, and they are tried again in silence.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.clients import queries as clients
from app.clients.queries import OrganisationFacts
from app.db import Database
from app.errors import NotFoundError
from app.invitations import queries as invited
from app.invitations import service as invitations
from app.invitations import tokens as links
from app.invitations.queries import InvitationFacts
from app.mail import queries, service, timing, tokens
from app.mail.letter import Letter, LetterPage, message, page_of
from app.mail.queries import OutFacts, PlanFacts
from app.mail.smtp import SAID, Server, ServerTrouble, Told
from app.mail.words import INVITATION, KINDS, LINK, REMINDER, RESULTS, THANKS, WITH_LINK
from app.rosters import queries as rosters
from app.rosters.queries import PersonFacts
from app.settings import Settings
from app.staffpage import service as staffpage
from app.waves import approvals, instruments, languages
from app.waves import queries as waves
from app.waves.promise import GROUP_WITHOUT_GUESSES, Promise
from app.waves.queries import WaveView
from surveys.arrange import longest_share, minutes, pages
from surveys.model import Workflow

log = logging.getLogger("plumbline.mail")

LEASE: Final = timedelta(minutes=10)
MOST_AT_ONCE: Final = 20
# After these a mail that is refused for now is tried again; after the last it counts as refused for good.
PAUSES: Final = tuple(timedelta(minutes=one) for one in (5, 30, 120, 480, 1440))
AFTER_TROUBLE: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one look at a plan gave: the people to deal with, and whether a test mail is wanted."""

    plan: PlanFacts
    people: tuple[OutFacts, ...]
    trial: bool


class Post:
    """Sends the mails of all plans, a few at a time, for as long as it is called.

    `seconds` tells how much time has passed since it was called: a mail server may be slow.
    """

    def __init__(self, settings: Settings, link_key: bytes, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._key = link_key
        self._name = uuid4().hex
        self._domain = settings.mail_from.rpartition("@")[2]
        self._clean_at: datetime | None = None
        self._seconds = seconds

    def work_once(self, database: Database, now: datetime) -> bool:
        """Looks at one plan; False when none waited. A plan that no mail server takes waits two minutes."""
        began = self._seconds()
        with database.writing() as session:
            if self._clean_at is None or self._clean_at <= now:
                self._clean_at = now + service.REQUESTS_STAY
                service.forget_requests(session, now=now)
            service.answer_requests(session, now=now)
            turn = self._take(session, now)
        if turn is None:
            return False
        if not (turn.people or turn.trial):
            return True
        try:
            with Server(self._settings) as server:
                if turn.trial:
                    self._send_trial(database, server, turn.plan)
                for out in turn.people:
                    until = now + timedelta(seconds=self._seconds() - began) + LEASE
                    self._deal(database, server, turn.plan, out, now=now, until=until)
        except ServerTrouble as trouble:
            log.warning("the mail server takes no mail: %s", trouble)
            self._give_back(database, turn, trouble.told, now)
        else:
            self._note_recovery(database, turn.plan)
        return True

    def _take(self, session: Session, now: datetime) -> Turn | None:
        due = queries.due_plan(session, now=now)
        if due is None:
            return None
        organisation_id, wave_id = due
        place = {"organisation_id": organisation_id, "wave_id": wave_id}
        wave = waves.wave(session, organisation_id, wave_id)
        zone = clients.organisation(session, organisation_id).time_zone
        plan = service.plan_of(session, wave, now=now, lock=True)
        paused = wave.state == "paused"
        going = plan.state == "on" and not paused and timing.is_open(plan, zone, now)
        if going:
            service.begin_due(session, plan, wave, zone=zone, now=now)
        # While a wave is paused everybody stays in the queue: whoever is dealt with gets no other turn.
        kinds = () if paused else KINDS if going else (LINK,)
        most = max(1, min(MOST_AT_ONCE, plan.per_minute // 30))
        people = queries.lease(session, **place, kinds=kinds, most=most, worker=self._name, now=now, until=now + LEASE)
        next_at = _next(plan, people, zone=zone, now=now)
        queries.change_plan(session, **place, next_at=next_at)
        trial = plan.trial is not None and plan.trial["state"] == "waiting"
        return Turn(plan, people, trial)

    def _deal(
        self, database: Database, server: Server, plan: PlanFacts, out: OutFacts, *, now: datetime, until: datetime
    ) -> None:
        """Sends one mail, or finds that it is not needed; then the row goes.

        Nothing where the mails before took so long that another worker has taken this one over: it sends it.
        """
        with database.writing() as session:
            if not queries.hold(session, out, worker=self._name, until=until):
                return
            wave = waves.wave(session, out.organisation_id, out.wave_id)
            if wave.state == "paused" and out.kind in WITH_LINK:  # since this person was leased
                queries.again(session, out, worker=self._name, due_at=now, attempts=out.attempts - 1)
                return
            letter = self._letter(session, plan, wave, out, now)
        told = _handed_over(server, letter, out.kind) if letter else Told("sent")
        with database.writing() as session:
            if told.outcome == "later" and out.attempts <= len(PAUSES):
                due_at = now + PAUSES[out.attempts - 1]
                queries.again(session, out, worker=self._name, due_at=due_at, attempts=out.attempts)
                return
            # Only of an invitation, which everybody gets: of another mail it would say that there was one.
            if told.outcome != "sent" and out.kind == INVITATION:
                rosters.note_bounce(session, organisation_id=out.organisation_id, person_id=out.person_id)
            queries.done(session, out, worker=self._name)

    def _letter(self, session: Session, plan: PlanFacts, wave: WaveView, out: OutFacts, now: datetime) -> Letter | None:
        """The mail for a person, None when none is needed any more."""
        person = rosters.person(session, person_id=out.person_id, organisation_id=out.organisation_id)
        if person is None or not (person.listed and person.mail):
            return None
        if out.kind in WITH_LINK and wave.state != "open":
            return None
        invitation = self._invitation(session, wave, person, now)
        if not _is_needed(out.kind, person, invitation):
            return None
        link = ""
        if out.kind in WITH_LINK and invitation is not None:
            token = links.make_token(
                self._key, wave_id=wave.id, invitation_id=person.id, generation=invitation.generation
            )
            link = invited.address(self._settings.base_url, kind="personal", token=token)
        stop = f"{self._settings.base_url}/stop/{tokens.stop_token(self._key, person.id)}"
        mark = tokens.message_id(
            self._key, person_id=person.id, kind=out.kind, number=out.number, turn=out.id, domain=self._domain
        )
        return self._written(
            session, plan, wave, kind=out.kind, to=person.mail, name=person.name, language=person.language or "",
            department_id=person.department_id, link=link, stop=stop, message_id=mark,
            results=self._results(session, wave, out.kind),
        )  # fmt: skip

    def _invitation(
        self, session: Session, wave: WaveView, person: PersonFacts, now: datetime
    ) -> InvitationFacts | None:
        """The person's invitation; made here for somebody who has none yet and may have one."""
        there = invited.by_id(session, person.organisation_id, person.id)
        if there is not None or wave.state != "open":
            return there
        with suppress(NotFoundError):  # a department that is not part of the wave
            invitations.make_links_of(
                session,
                link_key=self._key,
                organisation_id=wave.organisation_id,
                wave_id=wave.id,
                people=[(person.id, person.department_id, person.reference)],
                now=now,
            )
        return invited.by_id(session, person.organisation_id, person.id)

    def _send_trial(self, database: Database, server: Server, plan: PlanFacts) -> None:
        assert plan.trial is not None  # asked for
        with database.writing() as session:
            wave = waves.wave(session, plan.organisation_id, plan.wave_id)
            kind = plan.trial["kind"]
            letter = self._written(
                session, plan, wave, kind=kind, to=plan.trial["to"], name="", language=plan.trial["language"],
                department_id=None, link=f"{self._settings.base_url}/r/{'x' * 26}" if kind in WITH_LINK else "",
                stop="", message_id=f"<trial.{uuid4().hex}@{self._domain}>",
                results=self._results(session, wave, kind),
            )  # fmt: skip
        told = server.send(message(letter))
        answer = "" if told.outcome == "sent" else SAID.filled({"answer": told.answer})
        with database.writing() as session:
            service.note_trial(session, plan, state="refused" if answer else "sent", told=answer)

    def _results(self, session: Session, wave: WaveView, kind: str) -> str:
        """Where all staff read the results, for the mail that says that they are there."""
        if kind != RESULTS:
            return ""
        place = {"organisation_id": wave.organisation_id, "wave_id": wave.id}
        key, base_url = self._key, self._settings.base_url
        return staffpage.published_address(session, link_key=key, base_url=base_url, **place)

    def _written(
        self, session: Session, plan: PlanFacts, wave: WaveView, *, kind: str, to: str, name: str, language: str,
        department_id: UUID | None, link: str, stop: str, message_id: str, results: str,
    ) -> Letter:  # fmt: skip
        return written(
            session, plan, wave, kind=kind, to=to, name=name, language=language, department_id=department_id,
            link=link, stop=stop, message_id=message_id, from_address=self._settings.mail_from, results=results,
        )  # fmt: skip

    def _give_back(self, database: Database, turn: Turn, trouble: str, now: datetime) -> None:
        """Puts back whoever was not dealt with; the attempt does not count. A test mail failed."""
        place = {"organisation_id": turn.plan.organisation_id, "wave_id": turn.plan.wave_id}
        with database.writing() as session:
            for out in turn.people:
                queries.again(session, out, worker=self._name, due_at=now, attempts=out.attempts - 1)
            if turn.trial:
                service.note_trial(session, turn.plan, state="refused", told=trouble)
            queries.change_plan(session, **place, trouble=trouble, next_at=now + AFTER_TROUBLE)

    def _note_recovery(self, database: Database, plan: PlanFacts) -> None:
        """Takes back what was said of the server, now that it takes mails again."""
        if plan.trouble:
            with database.writing() as session:
                queries.change_plan(session, organisation_id=plan.organisation_id, wave_id=plan.wave_id, trouble="")


def _handed_over(server: Server, letter: Letter, kind: str) -> Told:
    """What became of a mail. Trouble with the server is told of an invitation only, which everybody gets."""
    try:
        return server.send(message(letter))
    except ServerTrouble:
        if kind == INVITATION:
            raise
        return Told("later")


def written(
    session: Session, plan: PlanFacts, wave: WaveView, *, kind: str, to: str, name: str, language: str,
    department_id: UUID | None, link: str, stop: str, message_id: str, from_address: str, results: str = "",
) -> Letter:  # fmt: skip
    """A mail with all that it says, in the language if the wave offers it, else in the first that it offers."""
    organisation = clients.organisation(session, wave.organisation_id)
    instrument = instruments.asked(session, wave)
    offered = languages.offered(session, wave, instrument)
    spoken = language if language in offered else next(iter(offered))
    headcount, function, workflows = _department(session, wave, department_id)
    asked = pages(
        instrument,
        form="full" if wave.form == "full" else "pulse",
        function=function,
        seed=b"",
        workflows=workflows,
        share=longest_share(instrument, workflows),
    )
    return Letter(
        kind=kind,
        language=spoken,
        to=to,
        name=name,
        organisation=organisation.name,
        sender=plan.sender,
        from_address=from_address,
        reply_to=plan.reply_to,
        message_id=message_id,
        link=link,
        stop=stop,
        minutes=minutes(asked),
        closes=wave.planned_close,
        promise=_promise(wave, organisation, headcount),
        own=plan.wording.get(kind, {}).get(spoken, {}),
        on_trial=not stop,
        results=results,
    )


def to_nobody(
    session: Session,
    plan: PlanFacts,
    wave: WaveView,
    *,
    kind: str,
    language: str,
    link: str,
    stop: str,
    from_address: str,
    results: str,
) -> LetterPage:
    """A mail as somebody without a name would get it, for pages that show it.

    `link` stands in those that have one, `results` in the one that says that the results are there.
    """
    made = written(
        session,
        plan,
        wave,
        kind=kind,
        to="",
        name="",
        language=language,
        department_id=None,
        link=link if kind in WITH_LINK else "",
        stop=stop,
        message_id="",
        from_address=from_address,
        results=results,
    )
    return page_of(made)


def _promise(wave: WaveView, organisation: OrganisationFacts, headcount: int) -> Promise:
    return approvals.promise_of(wave, organisation, small=headcount < GROUP_WITHOUT_GUESSES)


def _department(session: Session, wave: WaveView, department_id: UUID | None) -> tuple[int, str, Sequence[Workflow]]:
    """Headcount, function and rated workflows of a department of an open wave; of none in particular else."""
    if department_id is not None:
        for one in waves.wave_departments(session, wave.organisation_id, wave.id, only=department_id):
            return one.headcount, one.function, one.workflows
    return 0, "other", ()


def _is_needed(kind: str, person: PersonFacts, invitation: InvitationFacts | None) -> bool:
    """Whether this person is to get this mail now."""
    if invitation is not None and invitation.revoked_at is not None:
        return False
    if kind == LINK:
        return invitation is not None
    if kind == INVITATION:
        return invitation is not None and not person.mails_stopped
    if person.mails_stopped or person.bounced:
        return False
    if kind == REMINDER:
        return invitation is not None and not invitation.spent
    return kind != THANKS or (invitation is not None and invitation.spent)


def _next(plan: PlanFacts, people: Sequence[OutFacts], *, zone: str, now: datetime) -> datetime:
    """When to look at a plan again: as fast as it may go while somebody waits, else at the next opening, or soon."""
    if people:
        return now + timedelta(minutes=len(people) / plan.per_minute)
    if plan.state != "on":
        return now + timing.SELDOM
    if not timing.is_open(plan, zone, now):
        return min(timing.opens(plan, zone, now), now + timing.SELDOM)
    return now + timing.LOOK_AGAIN
