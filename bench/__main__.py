"""Measurements: `python -m bench audit` and `python -m bench attack`. They print what they measured, no verdict."""

import argparse
import os
import sys

from bench import attacking, auditing


def main() -> int:
    """Run the measurement that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Plumbline on this machine.")
    words = parser.add_subparsers(dest="word", required=True)
    words.add_parser("audit", help="the time to audit a release, beside the time to plan and score it")
    attack = words.add_parser("attack", help="attack random organisations and the broken planners, and count the finds")
    attack.add_argument("--trees", type=int, default=1000, help="organisations for the real planner (1000)")
    attack.add_argument("--broken", type=int, default=200, help="organisations for each broken planner (200)")
    attack.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processor cores")
    if given.word == "audit":
        auditing.report()
    else:
        attacking.report(trees=given.trees, broken_trees=given.broken, seed=given.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
