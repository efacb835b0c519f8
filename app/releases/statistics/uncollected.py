"""Lets Python's garbage collector rest while a release is made."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_making: list[int] = []
"""The threads that make releases now; one stands there again for each `uncollected` within another."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Within it, or a function that it decorates, nothing is searched for rings of objects that hold each other.

    A release makes hundreds of thousands of objects and no such rings. Python goes through all of them over and over
    while they are made, which takes a third of the time; all that it could free is freed without.
    """
    was_on, thread = gc.isenabled(), threading.get_ident()
    gc.disable()
    _making.append(thread)
    try:
        yield
    finally:
        _making.remove(thread)
        # Of two releases made at once, the one that found it on turns it on again.
        if was_on:
            gc.enable()


def is_alone() -> bool:
    """Whether no other thread of this process makes a release."""
    return set(_making) <= {threading.get_ident()}
