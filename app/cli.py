"""The command line: serve, demo, user ...

What is heavy is imported where it is needed: each word loads this, and `./run --help` should not wait for a database.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import typer

from app.accounts.commands import commands as account_commands
from app.errors import PlumblineError, SettingError
from app.exports.commands import report, schema
from app.playbooks.commands import playbook
from surveys.commands import commands as instrument_commands

if TYPE_CHECKING:
    from app.db import Database
    from app.serve import Child
    from app.settings import Settings
    from surveys.telling import PageWords

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    epilog="Without a command it serves. ./run test sets up what is missing and runs the tests.",
)


@contextmanager
def open_database() -> "Iterator[tuple[Settings, Database]]":
    """The settings and the migrated database of this installation."""
    from app.db import Database
    from app.migrations import upgrade
    from app.settings import make_data_dir, read_settings

    settings = read_settings()
    make_data_dir(settings)
    with closing(Database(settings.database)) as database:
        upgrade(database)
        yield settings, database


def page_words() -> "list[PageWords]":
    """How far the pages themselves are translated, for the commands about questionnaires."""
    from app.web.catalogs import PARTS, progress, state_of
    from surveys.telling import PageWords

    return [
        PageWords(part, language, there.done, there.messages, state_of(language, part))
        for part, languages in PARTS.items()
        for language in languages
        for there in [progress(language, part)]
    ]


cli.add_typer(account_commands(open_database), name="user", help="Add, list, reset and disable users.")
cli.add_typer(
    instrument_commands(page_words), name="instrument", help="Check, compare, exchange and publish questionnaires."
)
cli.command(name="report")(report(open_database))
cli.command(name="report-schema")(schema)
cli.add_typer(playbook, name="playbook", help="Check the library of actions, and write the schemas of its files.")


@cli.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Plumbline: which work a department may hand to AI agents, and what to fix first."""
    if context.invoked_subcommand is None:
        serve(context)


@cli.command()
def serve(context: typer.Context) -> None:
    """Serve the web pages and work on what they ask for, until Ctrl-C."""
    from app.serve import supervise

    with open_database() as (settings, database):
        _require_link_key(settings, database)
        _require_web_login(settings)
        first_link = _first_link(settings, database)
    notes = [f"Create the first account (the link works once): {first_link}"] if first_link else []
    sys.exit(supervise(settings, context.obj, notes=notes))


@cli.command()
def demo(context: typer.Context) -> None:
    """Make a plainly fictional client with three closed waves and an open one, and serve it."""
    from app.db import Database
    from app.demo import outbox
    from app.demo.prepare import prepare_apart
    from app.serve import supervise
    from app.settings import make_data_dir, read_settings

    settings = read_settings(demo=True, data_dir=os.environ.get("PLUMBLINE_DATA_DIR", "demo-data"))
    make_data_dir(settings)
    prepare_apart(settings)
    with closing(Database(settings.database)) as database:
        _require_link_key(settings, database)
    notes = [f"The demo's start page: {settings.base_url}/demo"]
    with outbox.opened(settings) as posting:
        sys.exit(supervise(posting, context.obj, notes=notes))


@cli.command()
def new_key() -> None:
    """Make a new secret.key when the old one is lost for good: links that were sent no longer work."""
    from app.settings import key_is_missing, link_key, read_settings

    settings = read_settings()
    if not key_is_missing(settings):
        raise SettingError("There is a key already, so none was made.")
    link_key(settings)
    typer.echo("There is a new key. Links of open waves no longer work: replace each on the page of survey links.")


@cli.command()
def deletions() -> None:
    """List what was deleted: answers whose time was over, lists of people, single persons, whole clients."""
    from app.retention import pages, queries, words

    with open_database() as (_, database), database.reading() as session:
        lines = pages.lines(session, queries.records(session))
    for line in lines:
        typer.echo(words.told(line))
    if not lines:
        typer.echo("Nothing was deleted yet.")


@cli.command()
def verify(file: typer.FileBinaryRead) -> None:
    """Say which release a report (a PDF) shows, and whether anything printed in it was changed."""
    from app.reports.verify import verify as verified

    with open_database() as (_, database), database.reading() as session:
        found = verified(session, file.read())
    for line in found.lines:
        typer.echo(line)
    sys.exit(0 if found.genuine else 1)


@cli.command()
def bounce() -> None:
    """Read a delivery status notification from standard input and note the address that does not work."""
    from app.mail.bounces import LONGEST, note
    from app.settings import link_key

    content = sys.stdin.buffer.read(LONGEST)
    with open_database() as (settings, database), database.writing() as session:
        told = note(session, link_key=link_key(settings), content=content)
    typer.echo(told)


@cli.command()
def catalogs() -> None:
    """Bring the catalogs of the pages' words up to date with the pages (for people who change Plumbline)."""
    from app.web import extraction
    from app.web.catalogs import PARTS, progress

    changed = extraction.update()
    for part, languages in PARTS.items():
        for language in languages:
            there = progress(language, part)
            typer.echo(f"{language} {part}: {there.done} of {there.messages} messages have words")
    typer.echo(f"Catalogs that changed: {len(changed)}")


def main(children: "list[Child]") -> None:
    """Runs the command line; a refusal is one sentence and exit code 1, never a stack trace.

    `children` are the processes of a service that is about to start (app/serve.py).
    """
    try:
        cli(prog_name="./run", obj=children)
    except PlumblineError as error:
        sys.exit(error.message)


def _require_link_key(settings: "Settings", database: "Database") -> None:
    """Refuses to go on with a new key while a wave is open, whose links were made with another one."""
    from app.settings import key_is_missing

    if not key_is_missing(settings):
        return
    from app.waves.queries import any_open

    with database.reading() as session:
        if any_open(session):
            raise SettingError(
                f"{settings.data_dir / 'secret.key'} is missing, and a wave is open whose links were made with it. Put "
                "the file back from a backup, or give PLUMBLINE_SECRET_KEY as before. If the key is lost for good, "
                "./run new-key makes another; links that were sent then no longer work."
            )


def _require_web_login(settings: "Settings") -> None:
    """Tries the second login, so that a wrong one is named at once and not by a service that does not start."""
    if not settings.web_database_url:
        return
    from sqlalchemy.exc import OperationalError

    from app.db import Database

    try:
        with closing(Database(settings.web_database_url)) as database, database.reading() as session:
            session.connection()
    except OperationalError as error:
        told = " ".join(str(error.orig).split())
        raise SettingError(f"PLUMBLINE_WEB_DATABASE_URL: the database cannot be reached ({told}).") from None


def _first_link(settings: "Settings", database: "Database") -> str | None:
    """A one-time link for the first consultant, None once there is a user."""
    from app.accounts.queries import any_user
    from app.accounts.service import make_start_link
    from app.clock import utc_now

    with database.writing() as session:
        if any_user(session):
            return None
        token = make_start_link(session, user_id=None, now=utc_now())
    return f"{settings.base_url}/start/{token}"
