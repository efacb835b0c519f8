"""Own actions as files: out as a folder that the command accepts, in again unchanged, and what is refused."""

import io
import zipfile
from html import unescape
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.db import Database
from app.playbooks import exchange, queries
from app.playbooks.beside import library_of
from app.playbooks.own import action_of, texts_of
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.playbooks.stage import OWN_CODE, own_action, written

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from httpx2 import Response
    from starlette.testclient import TestClient

TEXTS = texts_of(written(), OWN_CODE, "1.0.0")
FILE = TEXTS[f"actions/{OWN_CODE}.yaml"]


def page(cast: Cast, *steps: str) -> str:
    return "/".join(("", "organisations", str(cast.organisation), "own-actions", *steps))


def packed(files: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return made.getvalue()


def send(client: "TestClient", cast: Cast, content: bytes, **more: str) -> "Response":
    return client.post(page(cast, "import"), data=more, files={"file": ("mine", content)})


def there(database: Database, organisation_id: "UUID") -> dict[str, queries.Own]:
    with database.reading() as session:
        return {one.code: one for one in queries.own_actions(session, organisation_id)}


def test_what_is_saved_is_what_the_command_accepts_and_changes_nothing_when_it_comes_back(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, tmp_path: "Path"
) -> None:
    first = own_action(database, cast.organisation, clock(), instead_of="R3-low-permitted-uses")
    own_action(database, cast.organisation, clock(), "What comes after", needs=[first.code])
    sign_in(client, "Ada")
    answer = client.get(page(cast, "export.zip"))
    assert answer.headers["content-disposition"] == 'attachment; filename="own-actions.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path)
    told = CliRunner().invoke(cli, ["playbook", "check", str(tmp_path)])
    assert (told.exit_code, "Library 1.0.0: 2 actions" in told.stdout) == (0, True), told.stderr
    before = there(database, cast.organisation)
    assert send(client, cast, answer.content, use="yes").headers["location"].endswith("?new=0&changed=0")
    assert there(database, cast.organisation) == before


@pytest.mark.both
def test_a_folder_is_taken_whole_into_use_and_stands_in_the_clients_library(
    client: "TestClient", database: Database, cast: Cast
) -> None:
    sign_in(client, "Ada")
    second = texts_of(written("Then this", needs=[OWN_CODE]), "OWN-R3-then-this", "3.1.0")
    files = {f"mine/{path}": text for path, text in {**TEXTS, **second}.items()}
    junk = {"__MACOSX/mine/._x": "x", "mine/.DS_Store": "x", "mine/actions/": "", "mine/": ""}
    answer = send(client, cast, packed({**files, **junk}), use="yes")
    assert answer.headers["location"].endswith("?new=2&changed=0"), answer.text
    assert "New: 2. Changed: 0." in client.get(answer.headers["location"]).text
    with database.reading() as session:
        library = library_of(session, cast.organisation)
    assert library.by_id["OWN-R3-then-this"].version == "3.1.0"
    assert library.by_id[OWN_CODE].title.words["de"] == "Eine eigene Seite schreiben"


def test_one_file_is_a_draft_and_one_that_is_there_becomes_its_next_version(
    client: "TestClient", database: Database, cast: Cast
) -> None:
    sign_in(client, "Ada")
    assert send(client, cast, FILE.encode()).status_code == 303
    assert there(database, cast.organisation)[OWN_CODE].state == "draft"
    again = send(client, cast, FILE.encode(), use="yes")
    assert (again.status_code, f"{OWN_CODE} is being changed." in again.text) == (422, True)
    used = client.post(page(cast, OWN_CODE, "state"), data={"do": "use", "seen": "1"})
    assert used.status_code == 303
    changed = send(client, cast, FILE.replace("hours: 24", "hours: 30").encode(), use="yes")
    assert changed.headers["location"].endswith("?new=0&changed=1")
    one = there(database, cast.organisation)[OWN_CODE]
    assert (one.version, action_of(one.files).hours) == ("1.1.0", 30)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Choose a file."),
        (b"just words", "a group of fields is needed here"),
        (b"PK\x03\x04 no archive", "this is not a ZIP file"),
        (b"a: &x 1\nb: *x\n", "anchors and aliases (& and *) are not taken"),
        (b"!!python/object/apply:os.system [id]", "the tag"),
        (FILE.replace("dimension: R3", "dimension: R9").encode(), "line 3: 'dimension': R9 is not known"),
        (FILE.replace(OWN_CODE, "R3-low-mine-own").encode(), "the id of an action of your own begins with OWN-"),
        (FILE.replace(OWN_CODE, "../../etc/passwd").encode(), "is not written like OWN-R3-our-rules"),
        (TEXTS[f"translations/de/{OWN_CODE}.yaml"].encode(), "these are the words of an action in another language"),
        (packed({"library.yaml": "version: 1.0.0\n"}), "There is no action in it"),
        (packed({"../actions/x.yaml": FILE}), "a file of this name is not taken here"),
        (packed({"guardrails/G-01.yaml": FILE}), "a file of this name is not taken here"),
        (packed({"actions/OWN-R3-other-name.yaml": FILE}), f"the file has to be named {OWN_CODE}.yaml"),
        (packed({f"actions/{OWN_CODE}.yaml": FILE + "#" * 400_000}), "packed more than 100 times smaller than it is"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_of_it_is_taken(
    client: "TestClient", database: Database, cast: Cast, content: bytes, told: str
) -> None:
    sign_in(client, "Ada")
    answer = send(client, cast, content)
    assert (answer.status_code, told in unescape(answer.text)) == (422, True), answer.text
    assert there(database, cast.organisation) == {}


def test_everything_that_is_wrong_in_a_folder_is_said_at_once_and_its_right_files_are_not_taken(
    client: "TestClient", database: Database, cast: Cast
) -> None:
    sign_in(client, "Ada")
    second = texts_of(written("Then this", needs=["OWN-R3-not-there"]), "OWN-R3-then-this", "1.0.0")
    third = {"actions/OWN-R3-a-third.yaml": FILE.replace("weeks: 2", "weeks: 99")}
    shown = unescape(send(client, cast, packed({**TEXTS, **third}), use="yes").text)
    assert "actions/OWN-R3-a-third.yaml, line" in shown
    alone = unescape(send(client, cast, packed({**TEXTS, **second})).text)
    assert "actions/OWN-R3-then-this.yaml, line" in alone
    assert "there is no action OWN-R3-not-there" in alone
    assert there(database, cast.organisation) == {}


def test_no_more_are_taken_than_a_client_may_have(
    client: "TestClient", database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.playbooks.service.MOST", 1)
    sign_in(client, "Ada")
    second = texts_of(written("Then this"), "OWN-R3-then-this", "1.0.0")
    answer = send(client, cast, packed({**TEXTS, **second}))
    assert (answer.status_code, there(database, cast.organisation)) == (422, {})


def test_a_folder_has_the_same_bytes_each_time(database: Database, cast: Cast, clock: Clock) -> None:
    own_action(database, cast.organisation, clock())
    own = tuple(there(database, cast.organisation).values())
    assert exchange.exported(own) == exchange.exported(own)
