"""Answering: who comes with a link, saving a page, sending everything in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlmodel import Session

from app import tokens
from app.answers import write
from app.answers.write import DraftAnswers, Remark, Sealed
from app.clients import brand
from app.clients import queries as clients
from app.errors import ConflictError, InvalidError, NotFoundError
from app.invitations import service as invitations
from app.invitations.queries import InvitationFacts
from app.respond import lots, places, trial
from app.respond.places import UNKNOWN, Place
from app.respond.visit import NO_SUCH_PAGE, Visit
from app.sentences import say
from app.trials.queries import TrialLinkFacts
from app.waves import instruments, languages
from app.waves import queries as waves
from app.waves import service as running
from surveys import screening
from surveys.arrange import CHOOSING, Page, core_pages, layout, presented_core
from surveys.codes import encode

LONGEST_SECONDS = 3600.0


@dataclass(frozen=True)
class Step:
    """Where to go after a page: the key of a page, or `SEND`; `asking` about what was left out on it.

    `draft` is what is saved now, where something was.
    """

    key: str
    asking: bool = False
    draft: DraftAnswers | None = None


def enter(session: Session, token: str, *, kind: str = "own", lock: bool = False) -> Visit:
    """The visit that a link leads to. `kind` is "own", or that of an entrance (shared, kiosk); `lock` for writing.

    Raises NotFoundError for an unknown link, GoneError for one that was taken back or whose wave has closed,
    ConflictError before the wave opens. A link that was used comes in after the end too: it says thank you.
    """
    found = tokens.found(token, partial(places.entered, session, kind=kind, lock=lock))
    if found is None and kind == "own" and (link := trial.find(session, token, lock=lock)) is not None:
        return _on_trial(session, link, token.strip().lower())
    if found is None:
        raise NotFoundError(UNKNOWN)
    entry, place = found
    if entry.sealed is not None:
        session.info[_sealed(entry.invitation)] = entry.sealed
    return _visit(entry.invitation, place, token)


def visit_of(session: Session, invitation: InvitationFacts, token: str) -> Visit:
    """The visit of an invitation; raises as `enter` does."""
    return _visit(invitation, places.place_of(session, invitation), token)


def _visit(invitation: InvitationFacts, place: Place, token: str) -> Visit:
    return Visit(
        token=token.strip().lower(),
        invitation=invitation,
        wave=place.wave,
        organisation=place.organisation,
        department=place.department,
        source=place.source,
        offered=place.offered,
        language=next(iter(place.offered)),
        badge=place.badge,
    )


def _on_trial(session: Session, link: TrialLinkFacts, token: str) -> Visit:
    """The visit of a trial link: the questionnaire of the draft as it is now. GoneError once the wave has opened."""
    wave = waves.wave(session, link.organisation_id, link.wave_id)
    trial.require_draft(wave)
    instrument = instruments.asked(session, wave)
    department = trial.department(session, link, rating=bool(instrument.workflow))
    organisation = clients.organisation(session, link.organisation_id)
    offered = languages.offered(session, wave, instrument)
    first, look = next(iter(offered)), brand.badge(session, link.organisation_id)
    return Visit(token, trial.invitation(link), wave, organisation, department, instrument, offered, first, look)


def doors(session: Session, visit: Visit, *, link_key: bytes) -> tuple[tuple[str, str], ...]:
    """The departments of a wave that have a shared link, this visit's left out: name and token, in the tree's order."""
    place = {"organisation_id": visit.wave.organisation_id, "wave_id": visit.wave.id}
    tokens = invitations.shared_tokens(session, link_key=link_key, **place)
    return tuple(
        (one.name, tokens[one.department_id])
        for one in waves.wave_departments(session, visit.wave.organisation_id, visit.wave.id)
        if one.department_id in tokens and one.department_id != visit.department.department_id
    )


def load_draft(session: Session, visit: Visit, *, lock: bool = False) -> DraftAnswers | None:
    """What this person has saved, None when nothing was."""
    if visit.on_trial:
        return trial.load(session, visit.invitation, visit.token)
    place = {"organisation_id": visit.invitation.organisation_id, "invitation_id": visit.invitation.id}
    read_along: Sealed | None = session.info.pop(_sealed(visit.invitation), None)
    if read_along is not None:
        return write.opened(read_along, **place, token=visit.token)
    return write.load_draft(session, **place, token=visit.token, lock=lock)


def knowing(session: Session, visit: Visit) -> Visit:
    """The visit with what falls to this person by what they have saved, where that differs from person to person."""
    return visit.having(load_draft(session, visit)) if visit.shared_out else visit


def save_page(
    session: Session,
    visit: Visit,
    page: Page,
    *,
    answers: Mapping[str, str],
    go: str,
    seconds: float | None,
    now: datetime,
    language: str = "",
) -> Step:
    """Adds a page's answers to the draft and says where to go: `go` is next, back, clear, stay or keep.

    `language` is one that was chosen just now; "" keeps the one chosen before. Whoever chooses one, or only has the
    page saved, stays on the page, which does not count as answered by that.

    What was answered before and is not sent again stays, unless `clear`: so an old tab takes nothing away. What was
    left out is asked about once, when the page is sent for the first time. Answers are checked before (forms.py).
    Raises GoneError when the wave closes in this moment.
    """
    _hold_open(session, visit)
    before = _draft(session, visit, now, language)
    here = {item.id for item in page.items}
    kept = {item: answer for item, answer in before.answers.items() if go != "clear" or item not in here}
    given = {} if go == "clear" else dict(answers)
    spent = before.seconds if go in ("stay", "keep") else _timed(before, page, seconds)
    now_saved = replace(before, answers=kept | given, seconds=spent)
    _save(session, visit, now_saved)
    asking = page.key not in {*before.seconds, CHOOSING} and not here <= (kept | given).keys()
    return replace(_step(visit.having(now_saved), page, go, asking=asking), draft=now_saved)


def save_remarks(
    session: Session, visit: Visit, remarks: Mapping[str, Remark], *, now: datetime, language: str = ""
) -> None:
    """Puts what was written in place of what was saved before. It is checked before (comments.py).

    Raises GoneError when the wave closes in this moment.
    """
    _hold_open(session, visit)
    before = _draft(session, visit, now, language)
    _save(session, visit, replace(before, remarks={key: one for key, one in remarks.items() if one.body}))


def save_language(session: Session, visit: Visit, language: str, *, now: datetime) -> None:
    """Keeps the language that somebody chose. NotFoundError for one that is not offered, GoneError as `save_page`."""
    if language not in visit.offered:
        raise NotFoundError(NO_SUCH_PAGE)
    _hold_open(session, visit)
    _save(session, visit, _draft(session, visit, now, language))


def save_pages(
    session: Session,
    visit: Visit,
    answers: Mapping[str, str],
    *,
    seconds: Mapping[str, float | None],
    now: datetime,
    remarks: Mapping[str, Remark] | None = None,
) -> None:
    """Saves the answers to many pages at once, with the seconds spent on each page by its key, and what was written:
    what `save_page` and `save_remarks` would have left after the last of them.

    Raises GoneError when the wave closes in this moment.
    """
    _hold_open(session, visit)
    kept = DraftAnswers(visit.today(now), dict(answers), dict(seconds), dict(remarks or {}), visit.language)
    _save(session, visit, _with_lot(visit, kept))


def send(session: Session, visit: Visit, *, now: datetime) -> bool:
    """Stores sheet and comments, uses the invitation up, deletes the draft, counts the response: all or nothing.

    False when the answers had been sent already; nothing changes then. Raises InvalidError when there is no answer to
    send, GoneError when the wave closes in this moment.
    """
    _hold_open(session, visit)
    draft = load_draft(session, visit, lock=True)
    if draft is None or not (draft.answers or draft.remarks):
        raise InvalidError(say("You have not answered anything yet, so there is nothing to send."))
    if visit.on_trial:
        trial.save(session, visit.invitation, visit.token, draft, sent=True)
        return True
    day = visit.today(now)
    place = {"organisation_id": visit.wave.organisation_id, "invitation_id": visit.invitation.id}
    if not invitations.spend(session, **place):
        return False
    _submit(session, visit, draft, day)
    write.delete_draft(session, **place)
    return True


def _submit(session: Session, visit: Visit, draft: DraftAnswers, day: date) -> None:
    department = {
        "organisation_id": visit.wave.organisation_id,
        "wave_id": visit.wave.id,
        "department_id": visit.department.department_id,
    }
    write.submit_sheet(
        session,
        **department,
        codes=_codes(visit, draft),
        language=visit.speaking(draft.language).language,
        day=day,
        flags=_flags(visit, draft),
    )
    if visit.wave.policy.comments:
        write.submit_comments(session, **department, remarks=draft.remarks)
    running.count_response(session, **department, day=day)


def _draft(session: Session, visit: Visit, now: datetime, language: str = "") -> DraftAnswers:
    """What was saved before, held for writing, with the language of what is saved now."""
    before = load_draft(session, visit, lock=True) or DraftAnswers(visit.today(now))
    return _with_lot(visit, replace(before, language=visit.speaking(language, before.language).language))


def _with_lot(visit: Visit, draft: DraftAnswers) -> DraftAnswers:
    """The draft with a lot, and what was drawn by it, where more workflows are rated than fall to this person."""
    if not visit.shared_out:
        return draft
    return lots.kept(visit.department.workflows, draft if draft.lot else replace(draft, lot=lots.draw()))


def _sealed(invitation: InvitationFacts) -> tuple[str, UUID]:
    """Under what a session keeps the draft that was read with its invitation, until it is looked at or changed."""
    return "sealed", invitation.id


def _save(session: Session, visit: Visit, draft: DraftAnswers) -> None:
    session.info.pop(_sealed(visit.invitation), None)
    if visit.on_trial:
        trial.save(session, visit.invitation, visit.token, draft)
        return
    write.save_draft(
        session,
        organisation_id=visit.invitation.organisation_id,
        invitation_id=visit.invitation.id,
        wave_id=visit.wave.id,
        token=visit.token,
        draft=draft,
    )


def beside(visit: Visit, key: str, go: str) -> str:
    """The key of the page after that of `key`, or with `go` "back" of the one before."""
    at = visit.keys.index(key)
    return visit.keys[max(at - 1, 0)] if go == "back" else visit.keys[at + 1]


def _step(visit: Visit, page: Page, go: str, *, asking: bool) -> Step:
    if go in ("clear", "stay", "keep"):
        return Step(page.key)
    if go == "next" and asking:
        return Step(page.key, asking=True)
    return Step(beside(visit, page.key, go))


def _hold_open(session: Session, visit: Visit) -> None:
    """Keeps the wave open until this transaction ends. GoneError when it is not open any more.

    Comes before the draft is locked: the worker that deletes the drafts of a closing wave takes its locks in this order
    too, so neither waits for the other for ever, and no draft is saved behind the worker's back.
    """
    if visit.on_trial:
        trial.hold(session, visit.invitation)
        return
    if not waves.stays_open(session, visit.wave):
        raise places.refusal(waves.wave(session, visit.wave.organisation_id, visit.wave.id), visit.organisation)


def _timed(before: DraftAnswers, page: Page, seconds: float | None) -> dict[str, float | None]:
    """Seconds by page with those of this visit added; None where they could not be told."""
    spent = before.seconds.get(page.key)
    known = [s for s in (spent, seconds) if s is not None]
    return {**before.seconds, page.key: min(sum(known), LONGEST_SECONDS) if known else None}


def _codes(visit: Visit, draft: DraftAnswers) -> bytes:
    rated = [one.id for one in visit.department.workflows]
    columns = layout(visit.instrument, form=visit.form, function=visit.department.function, workflows=rated)
    if columns.sha256 != visit.department.layout_sha256:
        raise ConflictError(say("The questions are not those with which this survey opened. What you saved is safe."))
    shared = visit.shared_out
    answers = lots.on_the_sheet(visit.source, visit.department.workflows, draft) if shared else draft.answers
    return encode(columns, answers)


def _flags(visit: Visit, draft: DraftAnswers) -> int:
    """The byte of screening flags (MEASUREMENT.md 1.8, P19); the pages' times end here."""
    presented = [draft.answers.get(item, "skip") for item in presented_core(visit.instrument, visit.pages)]
    timed = [(draft.seconds.get(page.key), len(page.items)) for page in core_pages(visit.instrument, visit.pages)]
    known = [(seconds, items) for seconds, items in timed if seconds is not None]
    return screening.flags(
        presented,
        attention_ok=screening.attention_ok(visit.instrument, draft.answers),
        fast_share=screening.fast_share(known) if known else None,
    )
