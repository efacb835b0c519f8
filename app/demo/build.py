"""Makes the demo by doing what people do: accounts, departments, waves, answers, closing, with a moved clock."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.accounts.service import create_user
from app.answers.write import Remark
from app.clients.service import add_department, change_department, create_organisation, name_pool
from app.comments import service as comments
from app.comments.queries import reviews
from app.comments.ruling import Ruling
from app.db import Database
from app.demo import (
    ceilings,
    documents,
    experts,
    listing,
    mails,
    mark,
    plan,
    questionnaire,
    sharing,
    story,
    voices,
    work,
    year,
)
from app.demo.papers import approve
from app.demo.people import Person
from app.demo.story import DEPARTMENTS, WAVES, Department, WaveStory
from app.invitations.queries import Link, links
from app.invitations.service import make_personal_links, make_shared_links
from app.respond import service as respond
from app.settings import Settings, link_key
from app.waves import service as waves
from app.waves.policy import Policy
from app.worker import Worker

SECONDS_AN_ITEM = 6.0


@dataclass(frozen=True)
class Client:
    """The demo's client once it is founded: departments by the name they have in the story."""

    organisation: UUID
    user: UUID
    departments: Mapping[str, UUID]


def build(database: Database, settings: Settings, *, say: Callable[[str], None]) -> Client:
    """Makes the whole story in a migrated, empty database; its mails go to the server that the settings name."""
    client, key = _found(database), link_key(settings)
    wave_id: UUID | None = None
    closed: UUID | None = None
    for number, wave in enumerate(WAVES, start=1):
        say(f"Making the demo: wave {wave.label} ...")
        _rename(database, client, number)
        _name_workflows(database, client, number)
        closed, wave_id = wave_id, _plan(database, client, wave, after=wave_id)
        _open(database, settings, client, wave, wave_id=wave_id)
        _run(database, key, client, wave, wave_id=wave_id, number=number)
        if number < len(plan.QUARTERS):
            _carry_out(database, client, plan.QUARTERS[number - 1])
    assert wave_id is not None  # the story has waves
    assert closed is not None
    _decide(database, client)
    _share(database, settings, client, closed, say=say)
    with database.writing() as session:
        year.plan(session, organisation_id=client.organisation, wave_id=wave_id, now=WAVES[-1].opened)
        merging = [client.departments[one] for one in story.MERGING]
        year.merge(
            session,
            organisation_id=client.organisation,
            departments=merging,
            user_id=client.user,
            now=WAVES[-1].opened,
        )
    with database.writing() as session:
        questionnaire.draft(
            session, key, organisation_id=client.organisation, user_id=client.user, now=WAVES[-1].opened
        )
    return client


def _decide(database: Database, client: Client) -> None:
    """Attests controls and issues a decision record, a week after the newest result; then the plan and its papers."""
    with database.writing() as session:
        ceilings.decide(
            session,
            organisation_id=client.organisation,
            user_id=client.user,
            departments=client.departments,
            now=story.DECIDED,
        )
        experts.rate(session, organisation_id=client.organisation, user_id=client.user, now=story.DECIDED)
    _work(database, story.DECIDED)
    _carry_out(database, client, plan.QUARTERS[-1])
    with database.writing() as session:
        documents.write(session, client.organisation, by=story.CONSULTANT)


def _carry_out(database: Database, client: Client, begins: date) -> None:
    """A quarter of the plan, which follows a result."""
    with database.writing() as session:
        plan.carry_out(session, client.organisation, client.departments, begins, by=story.CONSULTANT)


def _share(
    database: Database, settings: Settings, client: Client, wave_id: UUID, *, say: Callable[[str], None]
) -> None:
    """Shares the newest result, and keeps its read-only link where the demo's start page finds it."""
    with database.writing() as session:
        place = {"organisation_id": client.organisation, "user_id": client.user, "wave_id": wave_id}
        link = sharing.share(session, settings, **place, now=WAVES[-1].opened)
        documents.share(session, client.organisation)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    (settings.data_dir / sharing.FILE).write_text(link, encoding="utf-8")
    say(f"A shared result to read without an account: {link}")


def _found(database: Database) -> Client:
    """The consultant, the client and its departments."""
    now = story.FOUNDED
    site_of = {one: site for site, members in story.SITES.items() for one in members}
    with database.writing() as session:
        user = create_user(session, email=story.EMAIL, name=story.CONSULTANT, password=story.PASSWORD, now=now)
        organisation = create_organisation(session, name=story.CLIENT, time_zone=story.ZONE, user_id=user, now=now)
        known: dict[str, UUID] = {}
        for one in DEPARTMENTS:
            known[one.name] = add_department(
                session,
                organisation,
                name=one.name,
                parent_id=known[one.parent] if one.parent else None,
                function=one.function,
                headcount=one.headcount,
                site=site_of.get(one.name),
                now=now,
            )
        for name, members in story.POOLS.items():
            name_pool(session, organisation, name=name, members=[known[one] for one in members])
        mark.put(session, organisation_id=organisation, user_id=user, now=now)
    return Client(organisation, user, known)


def _rename(database: Database, client: Client, number: int) -> None:
    for one in DEPARTMENTS:
        if one.renamed is None or one.renamed[0] != number:
            continue
        with database.writing() as session:
            change_department(
                session,
                client.organisation,
                client.departments[one.name],
                name=one.renamed[1],
                parent_id=client.departments[one.parent] if one.parent else None,
                function=one.function,
                headcount=one.headcount,
                now=story.WAVES[number - 1].opened - timedelta(days=7),
            )


def _name_workflows(database: Database, client: Client, number: int) -> None:
    if number == work.FROM_WAVE:
        now = WAVES[number - 1].opened - timedelta(days=7)
        with database.writing() as session:
            work.name(session, client.organisation, client.departments, by=story.CONSULTANT, now=now)


def _plan(database: Database, client: Client, wave: WaveStory, *, after: UUID | None) -> UUID:
    """Plans the assessment with its first wave, or prepares the next wave from the closed one."""
    now = wave.opened - timedelta(days=7)
    with database.writing() as session:
        if after is None:
            return waves.plan_assessment(
                session,
                organisation_id=client.organisation,
                name=story.ASSESSMENT,
                instrument="atr",
                label=wave.label,
                form=wave.form,
                planned_close=None,
                now=now,
            )
        prepared = waves.prepare_next(
            session, organisation_id=client.organisation, wave_id=after, form=wave.form, label=wave.label, now=now
        )
        if wave.comments:
            asking = Policy(comments=True)
            waves.set_policy(session, organisation_id=client.organisation, wave_id=prepared, policy=asking)
        return prepared


def _open(database: Database, settings: Settings, client: Client, wave: WaveStory, *, wave_id: UUID) -> None:
    """Opens the wave once its papers are approved; in the one that stays open, people are on a list and invited."""
    place, key = {"organisation_id": client.organisation, "wave_id": wave_id}, link_key(settings)
    with database.writing() as session:
        approve(session, key, **place, now=wave.opened - timedelta(days=3))
        waves.open_wave(session, organisation_id=client.organisation, wave_id=wave_id, now=wave.opened)
        if wave.closed is None:
            every = list(client.departments.values())
            make_shared_links(session, link_key=key, **place, department_ids=every, now=wave.opened)
            listing.take(session, link_key=key, **place, now=wave.opened)
    if wave.closed is None:
        mails.invite(database, settings, **place, now=wave.opened)


def _run(database: Database, key: bytes, client: Client, wave: WaveStory, *, wave_id: UUID, number: int) -> None:
    """Lets people answer, and closes the wave if it is over."""
    place = {"organisation_id": client.organisation, "wave_id": wave_id}
    for one in DEPARTMENTS:
        _answer(database, key, client, wave, one, wave_id=wave_id, number=number)
    if wave.closed is None:
        return
    with database.writing() as session:
        waves.start_closing(session, **place, now=wave.closed)
    _work(database, wave.closed)
    if wave.comments:
        _review(database, client, wave_id=wave_id, now=wave.closed + timedelta(days=2))


def _work(database: Database, now: datetime) -> None:
    while Worker(database, clock=lambda: now).work_once():
        pass


def _review(database: Database, client: Client, *, wave_id: UUID, now: datetime) -> None:
    """The consultant decides on every comment and has them published."""
    rulings = voices.rulings()
    place = {"organisation_id": client.organisation, "wave_id": wave_id}
    with database.writing() as session:
        for one in reviews(session, organisation_id=client.organisation, wave_id=wave_id):
            voice = rulings[one.masked]
            ruling = Ruling(voice.decision, None, voice.theme, "")
            comments.decide(session, **place, comment_id=one.comment_id, ruling=ruling, user_id=client.user, now=now)
        comments.ask(session, **place, now=now)
    _work(database, now)


def _answer(
    database: Database, key: bytes, client: Client, wave: WaveStory, one: Department, *, wave_id: UUID, number: int
) -> None:
    """Those of a department who answer in this wave: the first on its list, if it has one, and others without a name.

    So reminders go to some people of the list and not to others.
    """
    people = min(one.headcount, round(one.headcount * one.answers * wave.turnout))
    department_id = client.departments[one.name]
    there = _links(database, key, client, wave_id)
    named = [link.invitation_id for link in there if link.reference and link.department_id == department_id][:1]
    with database.writing() as session:
        made = make_personal_links(
            session,
            link_key=key,
            organisation_id=client.organisation,
            wave_id=wave_id,
            department_id=department_id,
            references=[None] * max(1, people - len(named)),
            now=wave.opened,
        )
    urls = {link.invitation_id: link.url for link in _links(database, key, client, wave_id)}
    for place_in_line, (invitation, now) in enumerate(zip((*named, *made)[:people], _times(wave), strict=False)):
        person = Person(one, wave=number, number=place_in_line)
        written = voices.remarks(one.name, place_in_line) if wave.comments else {}
        _send(database, urls[invitation].rsplit("/", 1)[1], person, written, now)


def _links(database: Database, key: bytes, client: Client, wave_id: UUID) -> tuple[Link, ...]:
    with database.reading() as session:
        return links(session, link_key=key, organisation_id=client.organisation, wave_id=wave_id, base_url="")


def _send(database: Database, token: str, person: Person, written: Mapping[str, Remark], now: datetime) -> None:
    with database.writing() as session:
        visit = respond.enter(session, token, lock=True)
        answers = {item: one for page in visit.pages for item, one in person.answers(visit.instrument, page).items()}
        seconds = {page.key: SECONDS_AN_ITEM * len(page.items) for page in visit.pages}
        respond.save_pages(session, visit, answers, seconds=seconds, now=now, remarks=written)
        respond.send(session, visit, now=now)


def _times(wave: WaveStory) -> Iterator[datetime]:
    """When people answer: one an hour from the opening on."""
    hour = 0
    while True:
        hour += 1
        yield wave.opened + timedelta(hours=hour)
