"""Making invitations and their links, finding one by its link, using it up, taking it back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlmodel import Session

from app.answers import keep
from app.errors import ConflictError, InvalidError, NotFoundError
from app.invitations import queries, tokens
from app.invitations.queries import InvitationFacts
from app.rosters import queries as rosters
from app.sentences import say
from app.waves import queries as waves

MOST_AT_ONCE = 5000
KIOSK, SITTING = "kiosk", "sitting"
MADE_BY_ENTRANCES = ("resume", SITTING)
NOT_OPEN = {
    "draft": say("Links can be made once the wave is open."),
    "paused": say("The wave is paused. Let it go on first."),
    "closing": say("The wave is closing, so its links lead nowhere now."),
}
HOW_MANY = say("Give a whole number from 1 to 5,000.")
NO_LIST = say(
    "People were promised that there is no list of them in this wave, so there are no personal "
    "links and no roster. Give each department its shared link."
)
CLOSED = say("The wave has closed, so its links lead nowhere now.")


def make_shared_link(
    session: Session, *, link_key: bytes, organisation_id: UUID, wave_id: UUID, department_id: UUID, now: datetime
) -> UUID:
    """Makes the shared link of a department and gives the invitation's id; made twice it is the same link.

    Raises ConflictError unless the wave is open, NotFoundError for a department that is not in it.
    """
    make_shared_links(
        session,
        link_key=link_key,
        organisation_id=organisation_id,
        wave_id=wave_id,
        department_ids=[department_id],
        now=now,
    )
    return tokens.shared_id(wave_id, department_id)


def make_shared_links(
    session: Session,
    *,
    link_key: bytes,
    organisation_id: UUID,
    wave_id: UUID,
    department_ids: Sequence[UUID],
    now: datetime,
) -> None:
    """Makes the shared links of several departments in one statement; see `make_shared_link`."""
    if not department_ids:
        raise InvalidError(say("There is no department to make a link for."))
    _require_open(session, organisation_id, wave_id, department_ids)
    rows = [
        _row(link_key, organisation_id, wave_id, department, tokens.shared_id(wave_id, department), "shared", None, now)
        for department in department_ids
    ]
    queries.add(session, rows)


def make_kiosk_link(
    session: Session, *, link_key: bytes, organisation_id: UUID, wave_id: UUID, department_id: UUID, now: datetime
) -> None:
    """Makes the link of a department for shared devices; made twice it is the same. Raises as `make_shared_link`."""
    _require_open(session, organisation_id, wave_id, [department_id])
    id = tokens.kiosk_id(wave_id, department_id)
    queries.add(session, [_row(link_key, organisation_id, wave_id, department_id, id, "kiosk", None, now)])


def make_personal_links(
    session: Session,
    *,
    link_key: bytes,
    organisation_id: UUID,
    wave_id: UUID,
    department_id: UUID,
    references: Sequence[str | None],
    now: datetime,
    batch: str | None = None,
) -> tuple[UUID, ...]:
    """Makes a personal link for each reference (None: without one) and gives the ids of their invitations.

    `batch` names one click: asked twice with the same, the links are made once. Raises InvalidError for more than
    5,000 at once, ConflictError unless the wave is open, in a wave without a list of people, and for a reference that
    has a link already.
    """
    if not 1 <= len(references) <= MOST_AT_ONCE:
        raise InvalidError(HOW_MANY, fields={"count": HOW_MANY})
    _require_open(session, organisation_id, wave_id, [department_id], personal=True)
    ids = [tokens.batch_id(batch, department_id, n) if batch else uuid4() for n in range(len(references))]
    rows = [
        _row(link_key, organisation_id, wave_id, department_id, id, "personal", reference, now)
        for id, reference in zip(ids, references, strict=True)
    ]
    new = queries.add(session, rows)
    taken = [row["reference"] for row in rows if row["id"] not in new and row["reference"] is not None]
    if taken and batch is None:
        raise ConflictError(say("“{reference}” has a link in this wave already.", reference=str(taken[0])))
    return tuple(ids)


def make_links_of(
    session: Session,
    *,
    link_key: bytes,
    organisation_id: UUID,
    wave_id: UUID,
    people: Sequence[tuple[UUID, UUID, str]],
    now: datetime,
) -> int:
    """Makes a personal link for each (person, department, reference) that has none yet and says how many are new.

    The invitation has the person's id. Raises ConflictError in a wave without a list of people, or that is not open.
    """
    _require_open(session, organisation_id, wave_id, {department_id for _, department_id, _ in people}, personal=True)
    known = queries.personal(session, organisation_id=organisation_id, wave_id=wave_id)
    rows = [
        _row(link_key, organisation_id, wave_id, department_id, id, "personal", reference, now)
        # In one order, so that two who make links at once cannot wait for each other.
        for id, department_id, reference in sorted(people)
        if id not in known
    ]
    new = 0
    for start in range(0, len(rows), MOST_AT_ONCE):
        new += len(queries.add(session, rows[start : start + MOST_AT_ONCE]))
    return new


def without_link(session: Session, *, organisation_id: UUID, wave_id: UUID, person_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these people who have no link in the wave yet."""
    return set(person_ids) - queries.personal(session, organisation_id=organisation_id, wave_id=wave_id).keys()


def take_off(
    session: Session, *, organisation_id: UUID, wave_id: UUID, person_ids: Sequence[UUID], now: datetime
) -> None:
    """Takes the links of people back who are no longer asked, whether they were used or not: who looks at the links
    can't tell one from the other. Answers that were sent stay and count; drafts are deleted unread."""
    known = queries.personal(session, organisation_id=organisation_id, wave_id=wave_id)
    here = [id for id in person_ids if id in known]
    keep.delete_some_drafts(session, organisation_id=organisation_id, invitation_ids=here)
    queries.revoke_some(session, organisation_id=organisation_id, invitation_ids=here, now=now)


def take_back_on(
    session: Session, *, link_key: bytes, organisation_id: UUID, wave_id: UUID, person_ids: Sequence[UUID]
) -> None:
    """Gives people whose link was taken back a new one; somebody who has answered can't answer again with it."""
    known = queries.personal(session, organisation_id=organisation_id, wave_id=wave_id)
    for id in person_ids:
        if id in known:
            reissue(session, link_key=link_key, organisation_id=organisation_id, wave_id=wave_id, invitation_id=id)


def move(session: Session, *, organisation_id: UUID, wave_id: UUID, places: Sequence[tuple[UUID, UUID]]) -> None:
    """Has links count for another department: (person, department) each. Answers that were sent stay where they are.

    What was saved and not sent is deleted unread, because another department is asked other questions.
    """
    known = queries.personal(session, organisation_id=organisation_id, wave_id=wave_id)
    here = [(id, department_id) for id, department_id in places if id in known]
    keep.delete_some_drafts(session, organisation_id=organisation_id, invitation_ids=[id for id, _ in here])
    queries.move_some(session, organisation_id=organisation_id, places=here)


def resume_link(
    session: Session, *, link_key: bytes, shared: InvitationFacts, nonce: str, now: datetime
) -> tuple[InvitationFacts, str]:
    """The respondent's own invitation and token behind an entrance: the same for the same nonce, made when new.

    It is dated to the wave's opening: the moment would tell when somebody began to answer. Raises ConflictError for a
    nonce that was not given out for this entrance.
    """
    if not tokens.is_our_nonce(link_key, shared_id=shared.id, nonce=nonce):
        raise ConflictError(tokens.WRONG_FORM)
    id = tokens.resume_id(link_key, shared_id=shared.id, nonce=nonce)
    made_at = waves.wave(session, shared.organisation_id, shared.wave_id).opened_at or now
    kind = SITTING if shared.kind == KIOSK else "resume"
    row = _row(link_key, shared.organisation_id, shared.wave_id, shared.department_id, id, kind, None, made_at)
    queries.add(session, [row])
    token = tokens.make_token(link_key, wave_id=shared.wave_id, invitation_id=id, generation=1)
    made = find(session, token, lock=True)
    if made is None:
        raise ConflictError(tokens.NOT_MADE)
    return made, token


def kiosk_token(session: Session, *, link_key: bytes, sitting: InvitationFacts) -> str | None:
    """The token of the kiosk that a sitting was made by, None once there is no such kiosk."""
    id = tokens.kiosk_id(sitting.wave_id, sitting.department_id)
    kiosk = queries.seen(session, sitting.organisation_id, id)
    if kiosk is None:
        return None
    return tokens.make_token(link_key, wave_id=kiosk.wave_id, invitation_id=id, generation=kiosk.generation)


def leave(session: Session, sitting: InvitationFacts) -> None:
    """Deletes a sitting that was not sent, with what was saved, unread."""
    if sitting.kind == SITTING and not sitting.spent:
        place = {"organisation_id": sitting.organisation_id, "invitation_id": sitting.id}
        keep.delete_draft(session, **place)
        queries.delete_one(session, **place)


def find(session: Session, token: str, *, lock: bool = False) -> InvitationFacts | None:
    """The invitation that a link's token leads to, None when there is none. `lock`: two tabs then take turns."""
    return tokens.found(token, partial(queries.find, session, lock=lock))


def shared_tokens(session: Session, *, link_key: bytes, organisation_id: UUID, wave_id: UUID) -> dict[UUID, str]:
    """The token of each department's shared link, where there is one that was not taken back."""
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    return {
        department_id: tokens.make_token(link_key, wave_id=wave_id, invitation_id=id, generation=generation)
        for department_id, id, generation in queries.shared(session, **place)
    }


def spend(session: Session, *, organisation_id: UUID, invitation_id: UUID) -> bool:
    """Uses an invitation up; False when it was spent already or was taken back."""
    return queries.spend(session, organisation_id=organisation_id, invitation_id=invitation_id)


def revoke(session: Session, *, organisation_id: UUID, wave_id: UUID, invitation_id: UUID, now: datetime) -> None:
    """Takes a link back: it leads nowhere, and a draft under it is deleted unread. Answers sent stay sent."""
    _given_out(session, organisation_id, wave_id, invitation_id)
    keep.delete_draft(session, organisation_id=organisation_id, invitation_id=invitation_id)
    queries.revoke(session, organisation_id=organisation_id, invitation_id=invitation_id, now=now)


def reissue(session: Session, *, link_key: bytes, organisation_id: UUID, wave_id: UUID, invitation_id: UUID) -> None:
    """Gives the invitation a new link; the old one leads nowhere. Answers sent stay sent, a draft is deleted unread."""
    invitation = _given_out(session, organisation_id, wave_id, invitation_id)
    generation = invitation.generation + 1
    token = tokens.make_token(link_key, wave_id=wave_id, invitation_id=invitation_id, generation=generation)
    keep.delete_draft(session, organisation_id=organisation_id, invitation_id=invitation_id)
    queries.reissue(
        session,
        organisation_id=organisation_id,
        invitation_id=invitation_id,
        generation=generation,
        fingerprint=tokens.fingerprint(token),
    )


def shuffle(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Deletes the invitations of a closing wave and inserts them again in random order, under the ids that they had.

    The order in which links were used up, and in which people came through a shared link, is gone then. What it was
    stays in the database's files until `Database.forget_deleted`.
    """
    opened_at = waves.wave(session, organisation_id, wave_id).opened_at
    assert opened_at is not None  # a wave that closes has been opened
    queries.shuffle(session, organisation_id=organisation_id, wave_id=wave_id, opened_at=opened_at)


def delete_roster(session: Session, *, organisation_id: UUID, wave_id: UUID) -> dict[str, int]:
    """Deletes the list of people of a closed wave with their links, and gives how many rows of each table.

    Answers and results are not touched: nothing leads from them to a link. ConflictError while the links are needed.
    """
    wave = waves.wave(session, organisation_id, wave_id)
    if not wave.finished:
        raise ConflictError(
            say("{label} is not closed yet, so its links are still needed. Close it first.", label=wave.label)
        )
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    return {
        "invitation": queries.delete_of_wave(session, **place, personal_only=True),
        "person": rosters.delete_of_wave(session, **place),
    }


def delete_invitations(session: Session, *, organisation_id: UUID, wave_id: UUID) -> dict[str, int]:
    """Deletes all invitations and the list of people of a wave at the end of its retention; how many rows of each."""
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    return {
        "invitation": queries.delete_of_wave(session, **place, personal_only=False),
        "person": rosters.delete_of_wave(session, **place),
    }


def forget_person(session: Session, *, organisation_id: UUID, reference: str) -> dict[str, int]:
    """Takes a person off all rosters, by reference or address, and deletes, unread, what they saved and did not send.

    Gives how many rows of each table. Their links go on working, without a name; answers that were sent stay.
    """
    people = rosters.called(session, organisation_id=organisation_id, reference=reference)
    forgotten = drafts = 0
    for called in {reference, *(one.reference for one in people)}:
        found = queries.entries(session, organisation_id=organisation_id, reference=called)
        # The invitation comes first, as with people who save.
        forgotten += queries.forget(session, organisation_id=organisation_id, reference=called)
        drafts += sum(
            keep.delete_draft(session, organisation_id=organisation_id, invitation_id=one.invitation_id)
            for one in found
        )
    gone = rosters.forget(session, organisation_id=organisation_id, person_ids=[one.id for one in people])
    return {"invitation": forgotten, "person": gone, "draft": drafts}


def _given_out(session: Session, organisation_id: UUID, wave_id: UUID, invitation_id: UUID) -> InvitationFacts:
    """The invitation, if it is one that consultants give out in this open wave."""
    _require_open(session, organisation_id, wave_id, [])
    invitation = queries.by_id(session, organisation_id, invitation_id)
    if invitation is None or invitation.wave_id != wave_id or invitation.kind in MADE_BY_ENTRANCES:
        raise NotFoundError(say("There is no such link in this wave."))
    return invitation


def _require_open(
    session: Session, organisation_id: UUID, wave_id: UUID, departments: Iterable[UUID], *, personal: bool = False
) -> None:
    wave = waves.wave(session, organisation_id, wave_id)
    if wave.state != "open":
        raise ConflictError(NOT_OPEN.get(wave.state, CLOSED))
    if personal and wave.policy.mode == "anonymous":
        raise ConflictError(NO_LIST)
    wanted = set(departments)
    if wanted and wanted - {d.department_id for d in waves.wave_departments(session, organisation_id, wave_id)}:
        raise NotFoundError(say("There is no such department in this wave."))


def _row(
    link_key: bytes,
    organisation_id: UUID,
    wave_id: UUID,
    department_id: UUID,
    id: UUID,
    kind: str,
    reference: str | None,
    now: datetime,
) -> dict[str, object]:
    token = tokens.make_token(link_key, wave_id=wave_id, invitation_id=id, generation=1)
    return {
        "organisation_id": organisation_id,
        "id": id,
        "wave_id": wave_id,
        "department_id": department_id,
        "kind": kind,
        "reference": reference,
        "generation": 1,
        "token_sha256": tokens.fingerprint(token),
        "created_at": now,
        "spent": False,
        "revoked_at": None,
    }
