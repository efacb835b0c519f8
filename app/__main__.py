"""`python -m app WORD ...`: the command line; `./run WORD ...` calls it."""

import signal
import sys

from app.serve import processes

# Words after which a service is started: its first process loads while the command line does.
SERVING: list[list[str]] = [[], ["serve"], ["demo"]]

# A shell that starts a command in the background has it ignore SIGINT; a start can be broken off all the same. It ends
# as an exit: after a KeyboardInterrupt inside `exec` Python ends itself by the signal, even if somebody caught it.
signal.signal(signal.SIGINT, lambda _number, _frame: sys.exit(130))

with processes(ahead=sys.argv[1:] in SERVING) as children:
    from app.cli import main

    main(children)
