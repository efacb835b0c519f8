"""The command line for the library: `./run playbook check` and `schema`. 0: all is well, 1: problems were found."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path | None, typer.Argument(metavar="[FOLDER]", help="Without one, the library of this service.")]
To = Annotated[Path | None, typer.Option("--to", help="The folder to write them to.")]

playbook = typer.Typer(no_args_is_help=True)


@playbook.command()
def check(folder: Folder = None) -> None:
    """Say what is wrong with a library of actions and guardrails, by file and line, or what is in it."""
    from app.playbooks.catalogue import read_catalogue
    from app.playbooks.shelf import LIBRARY, read_library
    from surveys.reader import InstrumentError

    try:
        found = read_library(folder or LIBRARY)
        has_rules = folder is None or (folder / "law.yaml").exists() or (folder / "guardrails").exists()
        rules = read_catalogue(folder or LIBRARY, found.states).guardrails if has_rules else ()
    except InstrumentError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Library {found.version}: {len(found.actions)} actions, {len(rules)} guardrails")
    for language, state in found.states.items():
        typer.echo(f"  {language}: {state}")
    typer.echo(f"  sha256 {found.sha256}")


@playbook.command()
def schema(to: To = None) -> None:
    """Write the JSON Schemas of the library's files."""
    from app.playbooks import schema

    for name, text in schema.files().items():
        if to is None:
            typer.echo(text, nl=False)
        else:
            to.mkdir(parents=True, exist_ok=True)
            (to / name).write_text(text, encoding="utf-8")
