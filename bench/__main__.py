"""Measurements: `python -m bench audit|scoring|compare|ceilings|attack|page|respond|console|report`: figures alone."""

import argparse
import os
import sys
from typing import Final

from bench import attacking, auditing, ceilings, comparing, console, pages, reporting, scoring_release
from bench.respond import report as answering

PLAIN: Final = {"audit": auditing.report, "ceilings": ceilings.report}
"""What takes no options."""


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
    if given.word in PLAIN:
        PLAIN[given.word]()
    elif given.word == "scoring":
        scoring_release.report(audited=not given.without_audit, largest=given.largest)
    elif given.word == "compare":
        return comparing.report(people=given.sheets)
    elif given.word == "page":
        pages.report(times=given.times)
    elif given.word == "console":
        return console.report()
    elif given.word == "report":
        return reporting.report()
    elif given.word == "respond":
        answering.report(memory=given.memory)
    else:
        attacking.report(trees=given.trees, broken_trees=given.broken, seed=given.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
