"""`python -m app WORD ...`: the command line; `./run WORD ...` calls it."""

from app.cli import main

main()
