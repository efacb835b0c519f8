"""What the respondents of the measurement find: a questionnaire of 8 pages with 5 items each, an open wave, links."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from app.accounts.service import create_user
from app.clients.service import add_department, create_organisation
from app.db import Database
from app.invitations import service as invitations
from app.invitations.queries import links
from app.questionnaires import drafts, queries
from app.questionnaires import service as questionnaires
from app.waves import service as waves
from surveys import load
from surveys.arrange import pages
from surveys.model import Dimension, Instrument, Item
from surveys.translations import source_texts

PAGES: Final = 8
ITEMS: Final = 5
"""On each page."""
LINK_KEY: Final = "b5" * 32
"""The secret of the service that is measured; its links work nowhere else."""
AT_ONCE: Final = 5000
LETTERS: Final = str.maketrans("0123456789", "abcdefghij")


@dataclass(frozen=True)
class Scene:
    """An open wave. `pages` are the pages in their order, each a key and the ids of its items."""

    database: Database
    organisation: UUID
    wave: UUID
    department: UUID
    now: datetime
    pages: tuple[tuple[str, tuple[str, ...]], ...]

    def links(self, count: int) -> list[str]:
        """The tokens of so many new personal links."""
        made: set[UUID] = set()
        key = bytes.fromhex(LINK_KEY)
        while len(made) < count:
            with self.database.writing() as session:
                new = invitations.make_personal_links(
                    session,
                    link_key=key,
                    organisation_id=self.organisation,
                    wave_id=self.wave,
                    department_id=self.department,
                    references=[None] * min(AT_ONCE, count - len(made)),
                    now=self.now,
                )
            made.update(new)
        with self.database.reading() as session:
            found = links(session, link_key=key, organisation_id=self.organisation, wave_id=self.wave, base_url="")
        return [one.url.rpartition("/")[2] for one in found if one.invitation_id in made]

    @staticmethod
    def unused(count: int) -> list[str]:
        """As many tokens that lead nowhere."""
        return [f"{number:026d}".translate(LETTERS) for number in range(count)]

    def sheets(self) -> int:
        """How many answer sheets there are."""
        return self._count("answer_sheet")

    def drafts(self) -> int:
        """How many drafts there are."""
        return self._count("draft")

    def _count(self, table: str) -> int:
        with self.database.reading() as session:
            return int(session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


def open_scene(database: Database, now: datetime) -> Scene:
    """Opens a wave that asks the questionnaire of the measurement, in a migrated database."""
    with database.writing() as session:
        user = create_user(session, email="bench@example.org", name="Bench", password=token_urlsafe(), now=now)
        organisation = create_organisation(session, name="Bench", time_zone="Europe/Berlin", user_id=user, now=now)
        department = add_department(
            session, organisation, name="Everybody", parent_id=None, function="other", headcount=1_000_000, now=now
        )
        asked, key = _published(session, organisation, user, now)
        wave = waves.plan_assessment(
            session,
            organisation_id=organisation,
            name="Bench",
            instrument=key,
            label="2026-Q4",
            form="full",
            planned_close=None,
            now=now,
        )
        waves.open_wave(session, organisation_id=organisation, wave_id=wave, now=now)
    seen = pages(asked, form="full", function="other", seed=b"")
    told = tuple((page.key, tuple(item.id for item in page.items)) for page in seen)
    assert [len(items) for _, items in told] == [ITEMS] * PAGES, told
    return Scene(database, organisation, wave, department, now, told)


def _published(session: Session, organisation: UUID, user: UUID, now: datetime) -> tuple[Instrument, str]:
    """The questionnaire, published in all its languages, with the key that a wave knows it by."""
    base = load.latest("atr")
    asked = forty_items(base)
    known = source_texts(asked).keys() - {"name"}
    texts = {
        tag: drafts.Texts({path: said for path, said in one.texts.items() if path in known})
        for tag, one in load.translations(base.key, base.version).items()
    }
    own = questionnaires.add_draft(
        session,
        organisation_id=organisation,
        instrument=asked,
        derived_from=base.sha256,
        texts=texts,
        user_id=user,
        now=now,
    )
    questionnaires.publish(
        session,
        organisation_id=organisation,
        user_id=user,
        instrument_id=own,
        edition=1,
        version="1.0.0",
        now=now,
    )
    return asked, queries.instrument(session, organisation, own).key


def forty_items(base: Instrument) -> Instrument:
    """The shipped questionnaire cut to 8 pages with 5 items each, in all its languages.

    Six dimensions take an item of another one along, the fifth has the attention item instead; the two pages around
    them are filled up with items that are not scored.
    """
    core = [one for one in base.dimensions if one.block != "criterion"]
    kept, spare = core[:6], _spare(core[6:])
    dimensions = tuple(_filled(one, spare, ITEMS - (number == 4)) for number, one in enumerate(kept))
    context, calibration = (
        (*some, *(replace(next(spare), scored=False, anchor=False) for _ in range(ITEMS - len(some))))
        for some in (base.context, base.calibration)
    )
    return replace(
        base,
        name="Eight pages with five questions each",
        dimensions=dimensions,
        context=tuple(context),
        calibration=tuple(calibration),
        modules={},
        functions=dict.fromkeys(base.functions),
        workflow=(),
        page_texts={name: one for name, one in base.page_texts.items() if name != "workflow"},
        corrected=(),
    )


def _spare(dimensions: list[Dimension]) -> Iterator[Item]:
    for dimension in dimensions:
        yield from (replace(item, anchor=False) for item in dimension.items)


def _filled(dimension: Dimension, spare: Iterator[Item], size: int) -> Dimension:
    items = dimension.items[:size]
    return replace(dimension, items=(*items, *(next(spare) for _ in range(size - len(items)))))
