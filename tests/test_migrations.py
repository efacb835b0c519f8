"""Migrations: up, down and up again on both databases, and tables as the models say."""

from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from app.accounts.service import add_member
from app.clients.queries import departments
from app.db import Database
from app.errors import SettingError
from app.invitations.service import make_personal_links
from app.metadata import metadata
from app.migrations import ROOT, current, downgrade, revisions, upgrade
from app.rosters import queries as rosters
from tests.cast import Cast, bring_on
from tests.conftest import Clock
from tests.world import KEY, World, begin, plan_wave

pytestmark = [pytest.mark.own_database, pytest.mark.both]


def test_the_migrated_database_is_what_the_models_say(database: Database) -> None:
    with database.read.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_names_of_the_migrations_begin_with_their_revision() -> None:
    scripts = ScriptDirectory(str(ROOT / "alembic"))
    assert scripts.get_current_head() == revisions()[-1]
    assert {script.revision for script in scripts.walk_revisions()} == set(revisions())


def test_migrations_run_up_down_and_up_again_with_data_in_the_tables(database: Database, clock: Clock) -> None:
    bring_on(database, clock())
    with database.read.connect() as connection:
        newest = current(connection)
    downgrade(database, "base")
    with database.read.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    upgrade(database)
    bring_on(database, clock())
    with database.read.connect() as connection:
        assert current(connection) == newest


def test_a_database_of_a_newer_version_is_refused_with_its_reason(database: Database) -> None:
    with database.write.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingError, match="newer Plumbline"):
        upgrade(database)


def test_a_database_that_cannot_be_reached_names_the_setting() -> None:
    with (
        closing(Database("postgresql://nobody@127.0.0.1:9/none")) as database,
        pytest.raises(SettingError, match="PLUMBLINE_DATABASE_URL"),
    ):
        upgrade(database)


def test_every_constraint_and_index_has_a_name_from_the_convention(database: Database) -> None:
    with database.read.connect() as connection:
        seen = inspect(connection)
        for table in metadata.tables:
            assert all((index["name"] or "").startswith("ix_") for index in seen.get_indexes(table)
                       if not index.get("duplicates_constraint"))  # fmt: skip
            assert seen.get_pk_constraint(table)["name"] == f"pk_{table}"
            assert all((key["name"] or "").startswith("fk_") for key in seen.get_foreign_keys(table))


def test_the_read_engine_refuses_to_write(database: Database, cast: Cast) -> None:
    with pytest.raises(DBAPIError), database.reading() as session:
        session.connection().execute(text("UPDATE organisation SET name = 'mine'"))


@pytest.mark.lived_in
def test_a_lived_in_database_goes_down_to_the_first_schema_and_up_again_with_its_data(
    database: Database, cast: Cast, clock: Clock, lived_in: World
) -> None:
    begin(database, cast, lived_in.running, "HR", now=clock())
    told = (
        "SELECT count(*) FROM draft",
        "SELECT count(*) FROM answer_sheet",
        "SELECT count(*) FROM invitation WHERE spent",
        "SELECT count(*) FROM invitation WHERE NOT spent",
        "SELECT sha256 FROM release",
        "SELECT sum(responses) FROM turnout",
    )

    def tell() -> list[object]:
        with database.read.connect() as connection:
            return [connection.exec_driver_sql(one).scalar_one() for one in told]

    before = tell()
    assert all(before)
    downgrade(database, "0001")
    with database.read.connect() as connection:
        assert current(connection) == "0001"
    upgrade(database)
    assert tell() == before


def test_a_database_from_before_there_were_sites_is_brought_on_and_its_departments_have_none(
    database: Database, cast: Cast
) -> None:
    with database.write.begin() as connection:
        connection.execute(text("UPDATE department SET site = 'Quay'"))
    downgrade(database, "0002")
    with database.read.connect() as connection:
        before = connection.scalar(text("SELECT count(*) FROM department"))
        columns = inspect(connection).get_columns
        assert not any(one["name"] == "site" for name in ("department", "wave_department") for one in columns(name))
    upgrade(database)
    with database.reading() as session:
        there = departments(session, cast.organisation)
    assert there
    assert all(one.site is None for one in there)
    with database.read.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM department")) == before


def test_whoever_had_a_link_with_a_reference_stands_on_the_list_of_the_wave_afterwards(
    database: Database, cast: Cast, clock: Clock
) -> None:
    wave = plan_wave(database, cast, now=clock())
    with database.writing() as session:
        made = make_personal_links(
            session,
            link_key=KEY,
            organisation_id=cast.organisation,
            wave_id=wave,
            department_id=cast.departments["Legal"],
            references=["p-1", None, "p-2"],
            now=clock(),
        )
    downgrade(database, "0005")
    upgrade(database)
    with database.reading() as session:
        there = {one.reference: one for one in rosters.people(session, organisation_id=cast.organisation, wave_id=wave)}
    assert {one.id for one in there.values()} == {made[0], made[2]}
    assert (there["p-1"].department_id, there["p-1"].mail, there["p-1"].listed) == (
        cast.departments["Legal"],
        None,
        True,
    )


OWN_QUESTIONNAIRE = (
    "INSERT INTO instrument"
    " (organisation_id, id, key, name, derived_from, translations, edition, created_at, changed_at)"
    " SELECT id, id, 'own_x', 'X', 'x', '{}', 1, created_at, created_at FROM organisation",
    "INSERT INTO instrument_version"
    " (organisation_id, sha256, instrument_id, version, derived_from, content, published_at)"
    " SELECT organisation_id, 'x', id, '1.0.0', 'x', CAST('{}' AS {bytes}), created_at FROM instrument",
    "INSERT INTO instrument_translation (organisation_id, instrument_sha256, language, sha256, content)"
    " SELECT organisation_id, sha256, 'de', 'y', content FROM instrument_version",
)


def publish_a_version(database: Database) -> None:
    bytes_type = "BLOB" if database.is_sqlite else "BYTEA"
    with database.write.begin() as connection:
        for statement in OWN_QUESTIONNAIRE:
            connection.exec_driver_sql(statement.replace("{bytes}", bytes_type))


@pytest.mark.parametrize("table", ["instrument_version", "instrument_translation"])
def test_the_database_refuses_to_change_a_published_questionnaire(database: Database, cast: Cast, table: str) -> None:
    publish_a_version(database)
    with (
        pytest.raises(DBAPIError, match="a published questionnaire is never changed"),
        database.write.begin() as connection,
    ):
        connection.execute(text(f"UPDATE {table} SET sha256 = 'z'"))
    with database.read.connect() as connection:
        assert set(connection.scalars(text(f"SELECT sha256 FROM {table}"))) == {"x" if "version" in table else "y"}


@pytest.mark.lived_in
def test_a_database_from_before_clients_had_questionnaires_is_brought_on_with_its_waves(
    database: Database, cast: Cast, lived_in: World
) -> None:
    publish_a_version(database)
    told = "SELECT id, label, state, instrument_sha256 FROM wave ORDER BY id"
    with database.read.connect() as connection:
        before = connection.execute(text(told)).all()
    downgrade(database, "0003")
    with database.read.connect() as connection:
        assert not [name for name in inspect(connection).get_table_names() if name.startswith("instrument")]
        assert connection.execute(text(told)).all() == before
    upgrade(database)
    publish_a_version(database)
    with database.read.connect() as connection:
        assert connection.execute(text(told)).all() == before
        assert set(connection.scalars(text("SELECT languages FROM wave"))) == {None}


def test_whoever_was_a_consultant_is_an_owner_afterwards_and_roles_there_were_not_go_on_the_way_down(
    database: Database, cast: Cast, clock: Clock
) -> None:
    with database.writing() as session:
        add_member(session, organisation_id=cast.organisation, user_id=cast.ben, now=clock(), role="sponsor")
        add_member(session, organisation_id=cast.organisation, user_id=cast.cleo, now=clock(), role="reviewer")
    roles = "SELECT role FROM membership ORDER BY role"
    downgrade(database, "0012")
    with database.read.connect() as connection:
        assert connection.scalars(text(roles)).all() == ["consultant", "consultant", "reviewer"]
    upgrade(database)
    with database.read.connect() as connection:
        assert connection.scalars(text(roles)).all() == ["owner", "owner", "reviewer"]
