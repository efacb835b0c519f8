"""Putting answers into the vault: encrypted drafts while they are under way, a sheet when they are sent.

A draft is encrypted with AES-256-GCM under HKDF-SHA256(token), so that neither the database nor a backup of it can be
read without the link (DESIGN.md 4.3). Nothing in here gives answer sheets back.
"""

import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, FromClause, and_, bindparam, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from app.answers import model
from app.db import Prepared
from app.errors import ConflictError
from app.sentences import say

KEY_BYTES = 32
NONCE_BYTES = 12
# A draft is filled up with spaces to a multiple of this, so that its length tells neither how many questions were
# answered nor with "do not know"; all questions fit into one. PostgreSQL keeps rows of up to 2,000 bytes in place.
DRAFT_BYTES = 1536
PURPOSE = b"plumbline draft 1"

_DRAFT = SQLModel.metadata.tables[model.Draft.__tablename__]
_SHEET = SQLModel.metadata.tables[model.AnswerSheet.__tablename__]

# Built once: building a statement costs five times what running it does.
_THIS_DRAFT = and_(
    _DRAFT.c.organisation_id == bindparam("organisation"), _DRAFT.c.invitation_id == bindparam("invitation")
)
_CIPHERTEXT = select(_DRAFT.c.ciphertext).where(_THIS_DRAFT)
_LOAD = Prepared(_CIPHERTEXT)
_LOAD_LOCKED = Prepared(_CIPHERTEXT.with_for_update())
_DELETE = Prepared(delete(_DRAFT).where(_THIS_DRAFT))
_SUBMIT = insert(_SHEET).inline()
_COMMENT = SQLModel.metadata.tables[model.Comment.__tablename__]
_SUBMIT_COMMENT = insert(_COMMENT).inline()
_KEY = [_DRAFT.c.organisation_id, _DRAFT.c.invitation_id]
_SQLITE_INSERT = sqlite.insert(_DRAFT)
_POSTGRESQL_INSERT = postgresql.insert(_DRAFT)
_STATEMENTS = {
    "sqlite": _SQLITE_INSERT.on_conflict_do_update(
        index_elements=_KEY, set_={"ciphertext": _SQLITE_INSERT.excluded.ciphertext}
    ),
    "postgresql": _POSTGRESQL_INSERT.on_conflict_do_update(
        index_elements=_KEY, set_={"ciphertext": _POSTGRESQL_INSERT.excluded.ciphertext}
    ),
}
_SAVE = Prepared(_STATEMENTS, columns=[column.name for column in _DRAFT.c])


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody wrote to one question. `themes_only`: its words may be counted and never be shown."""

    body: str
    themes_only: bool = False


@dataclass(frozen=True, slots=True)
class Sealed:
    """The draft of an invitation as it is stored; None where nothing was saved."""

    ciphertext: bytes | None


@dataclass(frozen=True)
class DraftAnswers:
    """What a respondent has saved so far.

    `answers` maps item ids to the words of `surveys.codes`; `seconds` maps keys of pages that were sent to the time
    spent on them (None: not known), for screening at the end only; `started` is the day of the first saved page;
    `remarks` maps ids of `surveys.comments` to what was written. `language` is the one that is spoken, "" until it is
    known. `lot` is what was drawn to say which of many workflows fall to this person, and `drawn` those that did by
    then; both end with the draft.
    """

    started: date
    answers: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float | None] = field(default_factory=dict)
    remarks: Mapping[str, Remark] = field(default_factory=dict)
    language: str = ""
    lot: str = ""
    drawn: tuple[str, ...] = ()

    @property
    def begun(self) -> bool:
        """True once a page was sent; before that only the language may have been chosen."""
        return bool(self.answers or self.seconds or self.remarks)


def sealed_of(invitation: FromClause) -> ColumnElement[bytes | None]:
    """For a statement that reads invitations: the draft of each as it is stored, None where nothing was saved."""
    mine = and_(_DRAFT.c.organisation_id == invitation.c.organisation_id, _DRAFT.c.invitation_id == invitation.c.id)
    return select(_DRAFT.c.ciphertext).where(mine).correlate(invitation).scalar_subquery()


def load_draft(
    session: Session, *, organisation_id: UUID, invitation_id: UUID, token: str, lock: bool = False
) -> DraftAnswers | None:
    """The draft of an invitation, or None when nothing was saved; `lock` keeps others from changing it meanwhile.

    Raises ConflictError when the link is not the one under which the draft was saved.
    """
    told = {"organisation": organisation_id, "invitation": invitation_id}
    found = (_LOAD_LOCKED if lock else _LOAD).first(session, told)
    return opened(
        Sealed(found[0] if found else None), organisation_id=organisation_id, invitation_id=invitation_id, token=token
    )


def opened(sealed: Sealed, *, organisation_id: UUID, invitation_id: UUID, token: str) -> DraftAnswers | None:
    """What is in a draft that was read with its invitation; else as `load_draft`."""
    if sealed.ciphertext is None:
        return None
    return _decrypt(bytes(sealed.ciphertext), token=token, place=_place(organisation_id, invitation_id))


def save_draft(
    session: Session, *, organisation_id: UUID, invitation_id: UUID, wave_id: UUID, token: str, draft: DraftAnswers
) -> None:
    """Stores the whole draft in place of the one before. The caller holds the invitation, so that two tabs take turns.

    One statement; the nonce is new each time.
    """
    ciphertext = _encrypt(draft, token=token, place=_place(organisation_id, invitation_id))
    _SAVE.run(
        session,
        {
            "organisation_id": organisation_id,
            "invitation_id": invitation_id,
            "wave_id": wave_id,
            "ciphertext": ciphertext,
        },
    )


def delete_draft(session: Session, *, organisation_id: UUID, invitation_id: UUID) -> None:
    """Deletes the draft of an invitation, after it was sent."""
    _DELETE.run(session, {"organisation": organisation_id, "invitation": invitation_id})


def seal(draft: DraftAnswers, *, organisation_id: UUID, invitation_id: UUID, token: str) -> bytes:
    """What somebody answered, encrypted as a draft is, for what is kept outside of the vault."""
    return _encrypt(draft, token=token, place=_place(organisation_id, invitation_id))


def unseal(ciphertext: bytes, *, organisation_id: UUID, invitation_id: UUID, token: str) -> DraftAnswers:
    """What was sealed with that token. ConflictError when it was another one."""
    return _decrypt(ciphertext, token=token, place=_place(organisation_id, invitation_id))


def submit_sheet(
    session: Session,
    *,
    organisation_id: UUID,
    wave_id: UUID,
    department_id: UUID,
    codes: bytes,
    language: str,
    day: date,
    flags: int,
) -> None:
    """Stores one person's answers as a sheet with a random id. It carries nothing of the invitation.

    `codes` is one byte an item of the department's layout (`surveys.codes.encode`), `flags` the byte of
    `surveys.screening.flags`. An INSERT without RETURNING: a database role that may not read sheets can do it.
    """
    session.connection().execute(
        _SUBMIT,
        {
            "organisation_id": organisation_id,
            "wave_id": wave_id,
            "department_id": department_id,
            "id": uuid4(),
            "language": language,
            "day": day,
            "flags": flags,
            "codes": codes,
        },
    )


def submit_comments(
    session: Session, *, organisation_id: UUID, wave_id: UUID, department_id: UUID, remarks: Mapping[str, Remark]
) -> None:
    """Stores what one person wrote, each remark as a row with a random id, cut loose from the sheet and the others.

    They are stored in a random order, so that not even that tells which belong together. White space alone is nothing.
    """
    written = [(question, one) for question, one in remarks.items() if one.body.strip()]
    secrets.SystemRandom().shuffle(written)
    for question, one in written:
        session.connection().execute(
            _SUBMIT_COMMENT,
            {
                "organisation_id": organisation_id,
                "wave_id": wave_id,
                "id": uuid4(),
                "department_id": department_id,
                "question": question,
                "body": one.body.strip(),
                "themes_only": one.themes_only,
            },
        )


def _place(organisation_id: UUID, invitation_id: UUID) -> bytes:
    """What a ciphertext is bound to: moved to another invitation's row it can't be read."""
    return organisation_id.bytes + b"|" + invitation_id.bytes


def draft_key(token: str) -> bytes:
    """HKDF-SHA256 of a token (RFC 5869) without salt, for a key as long as one digest: two calls of HMAC.

    The object that `cryptography` makes for it takes ten times as long, twice a page.
    """
    extracted = hmac.digest(bytes(KEY_BYTES), token.encode(), "sha256")
    return hmac.digest(extracted, PURPOSE + b"\x01", "sha256")


def _cipher(token: str) -> AESGCM:
    return AESGCM(draft_key(token))


def _encrypt(draft: DraftAnswers, *, token: str, place: bytes) -> bytes:
    told = {
        "answers": dict(draft.answers),
        "seconds": dict(draft.seconds),
        "started": draft.started.isoformat(),
        "remarks": {question: [one.body, one.themes_only] for question, one in draft.remarks.items()},
        "language": draft.language,
        **({"lot": draft.lot} if draft.lot else {}),
        **({"drawn": draft.drawn} if draft.drawn else {}),
    }
    nonce, plain = os.urandom(NONCE_BYTES), json.dumps(told, separators=(",", ":")).encode()
    filled = plain.ljust(-(-len(plain) // DRAFT_BYTES) * DRAFT_BYTES)
    return nonce + _cipher(token).encrypt(nonce, filled, place)


def _decrypt(ciphertext: bytes, *, token: str, place: bytes) -> DraftAnswers:
    try:
        told = json.loads(_cipher(token).decrypt(ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:], place))
    except InvalidTag:
        raise ConflictError(
            say(
                "What was saved under this link cannot be opened with it. Ask the people who sent you the link for a "
                "new one; nobody else can read what you saved."
            )
        ) from None
    remarks = {question: Remark(*one) for question, one in told.get("remarks", {}).items()}
    return DraftAnswers(
        date.fromisoformat(told["started"]),
        told["answers"],
        told["seconds"],
        remarks,
        told.get("language", ""),
        told.get("lot", ""),
        tuple(told.get("drawn", ())),
    )
