"""The command line for questionnaires: `./run instrument check`, `diff`, `export`, `import`, `publish` and others.

Exit codes: 0 when all is well, 1 when problems were found, 2 when a command was used wrongly. What was found goes to
standard output, problems to standard error. Each word of the command line loads this, so the rest is imported where it
is needed.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from surveys.telling import PageWords

INSTRUMENTS = Path(__file__).parent / "instruments"

What = Annotated[str, typer.Argument(metavar="QUESTIONNAIRE", help="atr, atr/1.0.0, a folder or an archive (.zip).")]
Some = Annotated[list[str] | None, typer.Argument(metavar="[QUESTIONNAIRE]...", help="Without one, all there are.")]
To = Annotated[Path | None, typer.Option("--to", help="A file that ends in .zip, or a new folder for the YAML files.")]
Folder = Annotated[Path | None, typer.Option("--to", help="The folder to write them to.")]


def commands(page_words: "Callable[[], list[PageWords]]", *, root: Path = INSTRUMENTS) -> typer.Typer:
    """The commands; `page_words` tells how far the pages themselves are translated."""
    instrument = typer.Typer(no_args_is_help=True)
    _that_tell(instrument, page_words, root)
    _that_change(instrument, root)
    return instrument


def _that_tell(instrument: typer.Typer, page_words: "Callable[[], list[PageWords]]", root: Path) -> None:
    @instrument.command()
    def check(names: Some = None) -> None:
        """Say what is wrong with questionnaires, or what they ask, and which texts are not translated."""
        from surveys import telling

        raise typer.Exit(telling.answered(lambda: telling.check(root, names or [], page_words())))

    @instrument.command()
    def diff(before: What, now: What) -> None:
        """Tell what differs between two versions, which number that needs, and what can be compared on what."""
        from surveys import telling

        raise typer.Exit(telling.answered(lambda: telling.diff(root, before, now)))

    @instrument.command()
    def translate_status(names: Some = None) -> None:
        """Tell for each language how much is translated and reviewed; 1 when something is not translated."""
        from surveys import telling

        raise typer.Exit(telling.answered(lambda: telling.translate_status(root, names or [], page_words())))


def _that_change(instrument: typer.Typer, root: Path) -> None:
    @instrument.command(name="import")
    def take_in(name: What) -> None:
        """Take an archive or a folder in, all of it or nothing."""
        from surveys import telling

        raise typer.Exit(telling.answered(lambda: telling.take_in(root, name)))

    @instrument.command()
    def export(name: What, to: To = None) -> None:
        """Write an archive with translations and all earlier published versions, or a folder with the YAML files."""
        from surveys import telling

        raise typer.Exit(telling.answered(lambda: telling.export(root, name, to)))

    @instrument.command()
    def publish(name: What) -> None:
        """Freeze a version and its translations: waves can use them, and they never change again."""
        from surveys import telling

        raise typer.Exit(telling.answered(lambda: telling.publish(root, name)))

    @instrument.command()
    def schema(to: Folder = None) -> None:
        """Write the JSON Schemas of the YAML files and of an archive's list of contents, for editors and programs."""
        from surveys import telling

        raise typer.Exit(telling.write_schemas(to))
