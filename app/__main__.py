"""`python -m app WORD ...`: the command line; `./run WORD ...` calls it."""

import sys

from app.serve import processes

# Words after which a service is started: its first process loads while the command line does.
SERVING: list[list[str]] = [[], ["serve"], ["demo"]]

try:
    with processes(ahead=sys.argv[1:] in SERVING) as children:
        from app.cli import main

        main(children)
except KeyboardInterrupt:
    sys.exit(130)
