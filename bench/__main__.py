"""Figures alone: `python -m bench audit|scoring|compare|ceilings|zones|attack|page|respond|console|report`."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from bench import attacking, auditing, ceilings, comparing, console, pages, reporting, scoring_release, zones
from bench.respond import report as answering

RUN: Final[Mapping[str, Callable[[argparse.Namespace], int | None]]] = {
    "audit": lambda given: auditing.report(),
    "ceilings": lambda given: ceilings.report(),
    "scoring": lambda given: scoring_release.report(audited=not given.without_audit, largest=given.largest),
    "compare": lambda given: comparing.report(people=given.sheets),
    "zones": lambda given: zones.report(given.folder),
    "attack": lambda given: attacking.report(trees=given.trees, broken_trees=given.broken, seed=given.seed),
    "page": lambda given: pages.report(times=given.times),
    "respond": lambda given: answering.report(memory=given.memory),
    "console": lambda given: console.report(),
    "report": lambda given: reporting.report(),
}
"""What each word runs; a number is the exit status."""


def main() -> int:
    """Run the measurement that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Plumbline on this machine.")
    words = parser.add_subparsers(dest="word", required=True)
    words.add_parser("audit", help="the time to audit a release, beside the time to plan and score it")
    scoring = words.add_parser("scoring", help="the time and memory of a release, from answer sheets in SQLite on")
    scoring.add_argument("--without-audit", action="store_true", help="do not audit the releases")
    scoring.add_argument("--largest", type=int, default=1_000_000, help="the most answer sheets (1000000)")
    compare = words.add_parser("compare", help="cell means and alpha beside pandas and pingouin")
    compare.add_argument("--sheets", type=int, default=100_000, help="answer sheets (100000)")
    words.add_parser("ceilings", help="how often ceilings flip over 8 quarters in which nothing changes")
    zoned = words.add_parser("zones", help="zones of a public set of ratings by our rule, beside its authors' cut")
    zoned.add_argument("folder", type=Path, help=f"where {zones.WORKERS} and {zones.EXPERTS} lie")
    attack = words.add_parser("attack", help="attack random organisations and the broken planners, and count the finds")
    attack.add_argument("--trees", type=int, default=1000, help="organisations for the real planner (1000)")
    attack.add_argument("--broken", type=int, default=200, help="organisations for each broken planner (200)")
    attack.add_argument("--seed", type=int, default=1)
    page = words.add_parser("page", help="when the first page of a survey is painted on a slow telephone, in Chromium")
    page.add_argument("--times", type=int, default=9, help="visits of each page (9)")
    respond = words.add_parser("respond", help="complete responses a second, on SQLite and PostgreSQL")
    respond.add_argument("--memory", type=int, default=0, help="only the memory of the web process, over so many")
    words.add_parser("console", help="processor time of every page of the console, with 50 and 500 departments")
    words.add_parser("report", help="the time and memory of the PDF report, with 10, 50 and 500 departments")
    given = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processor cores")
    return RUN[given.word](given) or 0


if __name__ == "__main__":
    sys.exit(main())
