"""Gathers what the page for all staff shows, and the page on which it is written."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Request
from sqlmodel import Session

from app.accounts import queries as accounts
from app.clients import brand
from app.clients import queries as clients
from app.releases.store import StoredRelease
from app.share import intended, service, telling
from app.share.intended import Plan
from app.share.views import StaffPage, ToldPage
from app.staffpage import queries
from app.staffpage import service as staffpage
from app.staffpage.queries import Action, PageFacts
from app.waves import instruments
from app.waves import languages as offering
from app.waves import queries as waves
from app.waves.queries import WaveView
from app.web.speech import speak, wished_by
from surveys.languages import LANGUAGES, Language
from surveys.model import Instrument
from surveys.translations import spoken


def told(
    session: Session,
    request: Request,
    found: StoredRelease,
    actions: Sequence[Action],
    plan: Plan,
    wish: str,
    *,
    preview: bool,
) -> ToldPage:
    """The page for all staff in the wished language, if the wave was asked in it, else in that of the browser."""
    wave = waves.wave(session, found.organisation_id, found.wave_id)
    source = instruments.asked(session, wave)
    offered = offering.offered(session, wave, source)
    tag = wish if wish in offered else wished_by(request, offered) or next(iter(offered))
    speak(request, tag)
    release = found.document
    instrument = spoken(source, offered[tag])
    blocks = telling.blocks(release, instrument)
    return ToldPage(
        organisation=clients.organisation(session, found.organisation_id).name,
        badge=brand.badge(session, found.organisation_id),
        label=release.wave.label,
        answered=release.organisation.n,
        asked=release.organisation.headcount,
        closed_on=release.wave.closed_on,
        short=telling.in_short(blocks),
        blocks=blocks,
        unseen=telling.UNSEEN,
        actions=tuple(telling.actions(actions, tag)),
        planned=tuple(
            telling.planned(plan, release, instrument, opened=intended.opened_on(session, wave), language=tag)
        ),
        as_of=plan.as_of if plan.told else None,
        contact=wave.contact,
        languages=tuple(LANGUAGES[one] for one in offered) if len(offered) > 1 else (),
        preview=preview,
    )


def writing(session: Session, request: Request, organisation_id: UUID, wave_id: UUID, wish: str) -> StaffPage:
    """The page on which what is done next is written, in one language of the wave."""
    wave = waves.wave(session, organisation_id, wave_id)
    languages = _languages(session, wave, instruments.asked(session, wave))
    chosen = next((one for one in languages if one.tag == wish), languages[0])
    page = queries.page(session, organisation_id, wave_id)
    shared = service.shared_release(session, organisation_id, wave_id)
    state = request.app.state
    written = page.actions if page else ()
    plan = intended.offered(session, wave, shared.id if shared else None, page.choices if page else {})
    return StaffPage(
        organisation=clients.organisation(session, organisation_id),
        wave_id=wave_id,
        wave=wave.label,
        finished=wave.finished,
        shared=shared.number if shared else None,
        spoken=chosen,
        languages=tuple((one, sum(one.tag not in action.words for action in written)) for one in languages),
        typed=staffpage.as_typed(written, chosen.tag),
        fallbacks=tuple(staffpage.words_in(one, chosen.tag)[0] for one in written),
        seen=page.edition if page else 0,
        address=staffpage.address(page, state.link_key, state.settings.base_url) if page and page.is_published else "",
        published_at=page.published_at if page else None,
        published_by=accounts.names(session).get(page.published_by, "") if page and page.published_by else "",
        differs=bool(page and page.is_published and _differs(page, plan)),
        plan=plan,
        newer=bool(page and page.is_published and shared and page.release_id != shared.id),
    )


def _differs(page: PageFacts, plan: Plan) -> bool:
    """Whether publishing would tell staff something else than they read now."""
    return page.published != page.actions or (page.plan or 0, page.planned) != (plan.number, plan.keys)


def _languages(session: Session, wave: WaveView, instrument: Instrument) -> tuple[Language, ...]:
    return tuple(LANGUAGES[tag] for tag in offering.offered(session, wave, instrument))
