"""A copy of the questionnaire in a folder of its own, in which tests make the mistakes that authors make."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from surveys.load import INSTRUMENTS

ATR = INSTRUMENTS / "atr" / "1.0.0"


@dataclass(frozen=True)
class Authored:
    folder: Path

    def replace(self, file: str, old: str, new: str) -> int:
        """Put `new` in the place of the only `old`; the number of the line where it begins."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1


def author(tmp_path: Path) -> Authored:
    """The published questionnaire copied to `tmp_path/instruments/atr/1.0.0`, with no list of published ones."""
    folder = tmp_path / "instruments" / "atr" / "1.0.0"
    shutil.copytree(ATR, folder)
    return Authored(folder)


WORKFLOW = """
workflow:
  - {id: F, scale: use, text: "How often do you do this: {workflow}?"}
  - {id: RB, text: "This work can be done by following fixed rules."}
  - {id: DS, text: "I would want an agent to do this."}

functions:"""


def with_workflow(authored: Authored) -> None:
    """Adds ratings of workflows to the copy."""
    authored.replace("core.yaml", "\nfunctions:", WORKFLOW)
    authored.replace(
        "core.yaml", "  module:\n", '  workflow:\n    title: "A piece of your work: {workflow}"\n  module:\n'
    )
