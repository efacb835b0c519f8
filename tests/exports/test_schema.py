"""The published JSON Schema: each release satisfies it, what is no release does not, and programs can fetch it."""

import json
from dataclasses import replace
from typing import Any  # a document as JSON

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from app.db import Database
from app.exports.commands import schema as command
from app.releases import store
from app.releases.document import schema
from app.releases.document.release import Release, dump, load
from tests.cast import Cast
from tests.exports.stage import RELEASES, made
from tests.house.rules import ROOT
from tests.reports import builder, richer
from tests.world import World

SCHEMA = json.loads(schema.published())
PUBLISHED_AT = ROOT / "docs" / "schemas" / "release"


def faults(told: Any) -> list[str]:  # Any: a document as JSON
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(told)]


def test_the_published_schema_is_that_of_the_program_and_the_only_one(capsys: pytest.CaptureFixture[str]) -> None:
    """When this fails: ./run report-schema --to docs/schemas/release, with another number if old files would fail."""
    assert (PUBLISHED_AT / schema.NAME).read_bytes() == schema.published()
    assert [path.name for path in PUBLISHED_AT.iterdir()] == [schema.NAME]
    command()
    assert capsys.readouterr().out == schema.published().decode()


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("release", [*RELEASES.values(), richer.rich()], ids=[*RELEASES, "rich"])
def test_every_file_satisfies_it_and_reads_back_as_the_release(release: Release) -> None:
    content = made(release, "json")
    assert faults(json.loads(content)) == []
    assert load(content) == load(dump(release))


@pytest.mark.lived_in
def test_the_file_of_a_real_wave_satisfies_it(database: Database, cast: Cast, lived_in: World) -> None:
    with database.reading() as session:
        found = store.latest(session, cast.organisation, lived_in.closed)
    assert found is not None
    assert faults(json.loads(schema.named(found.raw))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), 2),
        (("number",), "one"),
        (("wave", "form"), "short"),
        (("wave", "wished"), 1),
        (("rows", 0, "cells", "T1", "score"), 61.5),
        (("rows", 0, "cells", "T1", "band"), "good"),
        (("rows", 0, "kind"), "person"),
        (("certificate",), None),
        (("answers",), []),
    ],
)
def test_what_is_no_release_does_not_satisfy_it(path: tuple[str | int, ...], value: object) -> None:
    told: Any = json.loads(made(builder.release(), "json"))
    place = told
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert faults(told)


def test_a_hidden_cell_with_a_number_does_not_satisfy_it() -> None:
    base = builder.release()
    hidden = replace(base.organisation, cells=builder.hidden_cells())
    told: Any = json.loads(made(replace(base, rows=(hidden, *base.rows[1:])), "json"))
    assert faults(told) == []
    told["rows"][0]["cells"]["T1"]["score"] = 61
    assert faults(told)


def test_anybody_can_fetch_it(client: TestClient) -> None:
    answer = client.get(f"/schemas/{schema.NAME}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/schema+json")
    assert answer.content == schema.published()
