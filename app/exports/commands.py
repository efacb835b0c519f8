"""The command line for files: `./run report 2026-Q3 --format xlsx --out FOLDER`, made as the worker makes them.

Each word of the command line loads this, so what is heavy is imported where it is needed.
"""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Annotated

import typer

from app.errors import UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    from app.db import Database
    from app.reports.work import Source
    from app.settings import Settings

OpenDatabase = Callable[[], "AbstractContextManager[tuple[Settings, Database]]"]

KINDS = "pdf, pdfa, pptx, docx, xlsx, csv, dictionary, sav, r, json, svg, zip; or all: one file of each."
Wave = Annotated[str, typer.Argument(metavar="WAVE", help="The wave’s name, as 2026-Q3, or its id.")]
Kind = Annotated[str, typer.Option("--format", help=KINDS)]
Client = Annotated[str, typer.Option("--client", help="The client’s name or a part of it, if several have it.")]
Department = Annotated[str, typer.Option("--department", help="Cut to one department, as the result names it.")]
Roles = Annotated[bool, typer.Option("--roles", help="With roles in place of the names of people.")]
Tongue = Annotated[str, typer.Option("--language", help="en or de.")]
Sheet = Annotated[str, typer.Option("--paper", help="A4 or Letter.")]
Out = Annotated[str, typer.Option("--out", metavar="PATH", help="A folder that is there, or a new file.")]


def report(open_database: OpenDatabase) -> Callable[..., None]:
    """The command; `open_database` gives the settings and the migrated database."""

    def make(
        wave: Wave,
        kind: Kind = "pdf",
        client: Client = "",
        department: Department = "",
        roles: Roles = False,
        language: Tongue = "en",
        paper: Sheet = "A4",
        out: Out = ".",
    ) -> None:
        """Make files of the newest result of a wave: report, slides, workbook, data."""
        from app.exports import wanted

        with open_database() as (_, database), database.reading() as session:
            found = wanted.result(session, wave, client)
            edition = wanted.edition(found, department, roles=roles)
            every = wanted.files(kind, paper=paper, language=language, edition=edition)
            wanting = wanted.places(session, found, every, out, folder=kind == wanted.ALL)
        missing = [one.options.kind.key for one, place in wanting if not _made(one, place, alone=len(wanting) == 1)]
        if missing:
            raise typer.Exit(1)

    return make


def _made(source: "Source", place: "Path", *, alone: bool) -> bool:
    """Makes a file and says so; False where something for it is not installed, which a file asked for alone raises."""
    from app.exports.makers import MAKERS
    from app.exports.saving import save

    try:
        content = MAKERS[source.options.format].make(source, lambda _: None)
    except UnavailableError as error:
        if alone:
            raise
        typer.echo(f"Not made: {source.options.kind.name}. {error.message}", err=True)
        return False
    save(content, place)
    typer.echo(f"{place}  {len(content)} bytes  sha256 {hashlib.sha256(content).hexdigest()}")
    return True


def schema(to: Annotated[str, typer.Option("--to", metavar="FOLDER", help="Where to write it.")] = "") -> None:
    """Write the JSON Schema of the results’ JSON files."""
    from pathlib import Path

    from app.releases.document import schema as published

    if to:
        Path(to).mkdir(parents=True, exist_ok=True)
        (Path(to) / published.NAME).write_bytes(published.published())
    else:
        typer.echo(published.published().decode(), nl=False)
