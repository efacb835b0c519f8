"""Lets Python's garbage collector rest while a release is made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Within it, or a function that it decorates, nothing is searched for rings of objects that hold each other.

    A release makes hundreds of thousands of objects and no such rings. Python goes through all of them over and over
    while they are made, which takes a third of the time; all that it could free is freed without.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # Of two releases made at once, the one that found it on turns it on again.
        if was_on:
            gc.enable()
