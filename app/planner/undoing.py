"""Taking a mistaken opening back: links, what was begun and mails under way go with it; the list of people stays."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.answers import keep
from app.invitations import queries as invitations
from app.mail import queries as mail
from app.mail import service as mails
from app.rooms import queries as rooms
from app.rosters import queries as rosters
from app.waves import queries as waves
from app.waves import running


def take_back(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Makes an open wave a draft again while no answer is in. ConflictError once there is one.

    What people saved and did not send is deleted unread, their links lead nowhere, and mails are paused. Whoever is on
    the list gets the same link when the wave opens again; another one, if their first was replaced or taken back.
    """
    # In the order in which somebody who saves takes them, so that neither waits for the other for ever.
    invitations.hold_all(session, organisation_id=organisation_id, wave_id=wave_id)
    waves.hold(session, organisation_id, wave_id)
    withdrawn = invitations.withdrawn(session, organisation_id=organisation_id, wave_id=wave_id)
    keep.delete_drafts(session, organisation_id=organisation_id, wave_id=wave_id)
    invitations.delete_of_wave(session, organisation_id=organisation_id, wave_id=wave_id, personal_only=False)
    rooms.drop(session, organisation_id, wave_id)
    mails.pause(session, organisation_id=organisation_id, wave_id=wave_id, now=now)
    mail.forget_rounds(session, organisation_id=organisation_id, wave_id=wave_id)
    rosters.give_new_ids(session, organisation_id=organisation_id, person_ids=withdrawn)
    running.take_back_opening(session, organisation_id=organisation_id, wave_id=wave_id)
