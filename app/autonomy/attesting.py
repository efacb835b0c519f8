"""Saying that a control is in place, and taking it back. Nothing is overwritten: the history stays."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.autonomy import drafting, queries
from app.autonomy.library import CONTROLS
from app.autonomy.models import ControlAttestation, EvidenceFile
from app.clients import queries as clients
from app.errors import ConflictError, InvalidError, NotFoundError
from app.evidence import files as evidence
from app.evidence.links import WHOLE_ADDRESS, is_link
from app.lineage.days import today
from app.sentences import Passage, say
from scoring.gating import GatesPolicy

LONGEST: Final = 200
LONGEST_REMARK: Final = 600
OLDEST: Final = timedelta(days=366)

WITHDRAWN: Final = say("This attestation is withdrawn already, or it is not there any more.")
NOTHING_TO_SHOW: Final = say(
    "Give a link to what shows it, or send a file. Without evidence an attestation counts for nothing."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An attestation as it was asked for; `department` is None for the whole organisation. `id` marks the form, so that
    a double click makes one."""

    id: UUID
    control: str
    department: UUID | None
    on: date | None
    owner: str
    expires: date | None
    link: str
    file_name: str
    content: bytes
    remark: str


def attest(
    session: Session, wanted: Wanted, *, organisation_id: UUID, user_id: UUID, policy: GatesPolicy, now: datetime
) -> UUID:
    """Notes that a control is in place and has the draft made anew; gives its id.

    InvalidError has a sentence for each field that is wrong; nothing is stored then. Sent twice, also at the same
    moment, it is one attestation.
    """
    clients.lock_tree(session, organisation_id)
    facts = clients.organisation(session, organisation_id)
    there = {one.id: one.name for one in clients.departments(session, organisation_id)}
    every = queries.attestations(session, organisation_id)
    if any(one.id == wanted.id for one in every):
        return wanted.id
    wrong = _wrong(wanted, policy=policy, day=today(now, facts.time_zone))
    if wanted.department is not None and wanted.department not in there:
        wrong["department"] = say("Choose a department from the list, or the whole organisation.")
    if wanted.content and "file" not in wrong:
        wrong |= _about_file(wanted)
    if wrong or wanted.on is None:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    _store(session, wanted, wanted.on, organisation_id=organisation_id, user_id=user_id, now=now)
    drafting.ask(session, organisation_id, now=now)
    return wanted.id


def _store(session: Session, wanted: Wanted, on: date, *, organisation_id: UUID, user_id: UUID, now: datetime) -> None:
    row = ControlAttestation(
        organisation_id=organisation_id,
        id=wanted.id,
        department_id=wanted.department,
        control=wanted.control,
        attested_on=on,
        owner=wanted.owner,
        expires_on=wanted.expires,
        link=wanted.link,
        file_name=evidence.checked_name(wanted.file_name) if wanted.content else "",
        file_sha256=evidence.fingerprint(wanted.content) if wanted.content else "",
        remark=wanted.remark,
        user_id=user_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    if wanted.content:
        session.add(EvidenceFile(organisation_id=organisation_id, attestation_id=wanted.id, content=wanted.content))
        session.flush()


def withdraw(
    session: Session, *, organisation_id: UUID, attestation_id: UUID, user_id: UUID, because: str, now: datetime
) -> None:
    """Takes an attestation back, with the reason; it counts no more from this moment on, and stays in the history."""
    if not because or len(because) > LONGEST_REMARK:
        about = say("Say in a sentence why it is withdrawn, in at most {most} characters.", most=LONGEST_REMARK)
        raise InvalidError(about, fields={"because": about})
    clients.lock_tree(session, organisation_id)
    done = queries.withdraw(
        session,
        organisation_id=organisation_id,
        attestation_id=attestation_id,
        user_id=user_id,
        because=because,
        now=now,
    )
    if not done:
        raise ConflictError(WITHDRAWN)
    drafting.ask(session, organisation_id, now=now)


def found(session: Session, organisation_id: UUID, attestation_id: UUID) -> queries.AttestationFacts:
    """An attestation of a client; NotFoundError when there is none."""
    every = queries.attestations(session, organisation_id)
    one = next((one for one in every if one.id == attestation_id), None)
    if one is None:
        raise NotFoundError
    return one


def _wrong(wanted: Wanted, *, policy: GatesPolicy, day: date) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if wanted.control not in CONTROLS:
        wrong["control"] = say("Choose a control from the list.")
    if not wanted.owner or len(wanted.owner) > LONGEST:
        wrong["owner"] = say("Name who answers for this control, in at most {most} characters.", most=LONGEST)
    if len(wanted.remark) > LONGEST_REMARK:
        wrong["remark"] = say("Use at most {most} characters.", most=LONGEST_REMARK)
    return wrong | _about_day(wanted.on, day) | _about_end(wanted, policy=policy, day=day) | _about_evidence(wanted)


def _about_day(on: date | None, day: date) -> dict[str, str]:
    if on is None:
        return {"on": say("Give the day on which it was checked, such as 2026-11-30.")}
    if on > day:
        return {"on": say("{day} lies ahead. Attest what has been checked.", day=on)}
    if on < day - OLDEST:
        return {"on": say("{day} is more than a year ago, so it would not count. Check the control anew.", day=on)}
    return {}


def _about_evidence(wanted: Wanted) -> dict[str, str]:
    if wanted.link and wanted.content:
        return {"link": say("Give a link or a file, not both: it has to be plain what shows the control.")}
    if wanted.link and not is_link(wanted.link):
        return {"link": WHOLE_ADDRESS}
    return {} if wanted.link or wanted.content else {"link": NOTHING_TO_SHOW}


def _about_end(wanted: Wanted, *, policy: GatesPolicy, day: date) -> dict[str, str]:
    if wanted.expires is None:
        if wanted.control in policy.dated:
            return {"expires": say("{control} needs the last day on which it counts.", control=wanted.control)}
        return {}
    if wanted.expires < day:
        return {"expires": say("{day} is past, so it would count for nothing.", day=wanted.expires)}
    return {}


def _about_file(wanted: Wanted) -> dict[str, str]:
    try:
        evidence.check(evidence.checked_name(wanted.file_name), wanted.content)
    except InvalidError as error:
        return error.fields
    return {}
