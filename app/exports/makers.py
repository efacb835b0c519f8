"""Who makes which format: the worker, the command line and the archive of all files read it; the web does not.

What is heavy or optional is imported by its maker when it is asked for.
"""

from collections.abc import Mapping
from typing import Final

from app.reports.pdf import PDF
from app.reports.work import Maker

MAKERS: Final[Mapping[str, Maker]] = {"pdf": PDF, "pdfa": PDF}
"""Each format of `reports/formats.py` by its key."""
