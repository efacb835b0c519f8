"""Answering on trial: the survey of a draft, kept apart from the vault and deleted when the wave opens."""

from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts import service as accounts
from app.answers import write
from app.answers.write import DraftAnswers
from app.clients import queries as clients
from app.errors import ConflictError, GoneError
from app.invitations.queries import InvitationFacts
from app.sentences import say
from app.trials import queries as trials
from app.trials import service as kept
from app.trials.queries import TrialLinkFacts
from app.waves import queries as waves
from app.waves.queries import WaveDepartmentFacts, WaveView
from app.workflows.queries import workflows

TRIAL: Final = "trial"
NOTICE: Final = say("This is a trial run. What you answer counts nowhere and is deleted when the survey opens.")
OVER: Final = say("The trial run is over. What was answered in it counts nowhere.")
TAKEN_BACK: Final = say("This link was taken back. What was answered with it is deleted.")
NOT_THERE: Final = say("The department of this link was closed. Ask for a new link.")


def find(session: Session, token: str, *, lock: bool) -> TrialLinkFacts | None:
    """The trial link of a token, None when it is none. GoneError for one that was taken back."""
    link = kept.find(session, token, lock=lock)
    if link is not None and link.revoked_at is not None:
        raise GoneError(TAKEN_BACK)
    return link


def require_draft(wave: WaveView) -> None:
    """GoneError once the wave has opened."""
    if wave.state != "draft":
        raise GoneError(OVER)


def invitation(link: TrialLinkFacts) -> InvitationFacts:
    """A trial link in the place of an invitation; nothing of it is stored as one."""
    return InvitationFacts(
        link.organisation_id,
        link.id,
        link.wave_id,
        link.department_id,
        TRIAL,
        link.generation,
        spent=bool(link.sent),
        revoked_at=None,
    )


def department(session: Session, link: TrialLinkFacts, *, rating: bool) -> WaveDepartmentFacts:
    """The department of a link as it is now, with its workflows for `rating`. ConflictError when it was closed."""
    for position, node in enumerate(clients.departments(session, link.organisation_id)):
        if node.id == link.department_id:
            return WaveDepartmentFacts(
                department_id=node.id,
                parent_id=node.parent_id,
                name=node.name,
                function=node.function,
                planned_headcount=node.headcount,
                headcount=node.headcount,
                headcount_confirmed=False,
                position=position,
                workflows=workflows(session, link.organisation_id).get(node.id, ()) if rating else (),
                layout_items=(),
                layout_sha256="",
            )
    raise ConflictError(NOT_THERE)


def load(session: Session, invitation: InvitationFacts, token: str) -> DraftAnswers | None:
    """What was saved with a trial link, None when nothing was."""
    found = trials.ciphertext(session, invitation.organisation_id, invitation.id)
    return None if found is None else write.unseal(found, token=token, **_place(invitation))


def save(session: Session, invitation: InvitationFacts, token: str, draft: DraftAnswers, *, sent: bool = False) -> None:
    """Keeps what was answered with a trial link, encrypted as drafts are; `sent`: to the end."""
    kept.keep(
        session,
        organisation_id=invitation.organisation_id,
        link_id=invitation.id,
        wave_id=invitation.wave_id,
        ciphertext=write.seal(draft, token=token, **_place(invitation)),
        sent=sent,
    )


def hold(session: Session, invitation: InvitationFacts) -> None:
    """Keeps the wave a draft until this transaction ends. GoneError when it has opened, ConflictError when its
    client is archived."""
    waves.hold(session, invitation.organisation_id, invitation.wave_id)
    accounts.require_in_use(session, invitation.organisation_id)
    require_draft(waves.wave(session, invitation.organisation_id, invitation.wave_id))


def _place(invitation: InvitationFacts) -> dict[str, UUID]:
    return {"organisation_id": invitation.organisation_id, "invitation_id": invitation.id}
