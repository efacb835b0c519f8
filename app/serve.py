"""`serve` as processes: a supervisor that holds the socket, the web processes and the worker.

A process of the service loads its program and then waits for its orders, so that the first web process can load while
the supervisor looks after the database. Loading is most of a start, and this module is what has to be loaded before it
begins: whatever is not needed for starting a process is imported where it is needed.
"""

import errno
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Literal

from app.errors import PlumblineError, SettingError
from app.siblings import divided

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.settings import Settings

STOP_SECONDS = 25.0
START_SECONDS = 30.0
GARBAGE = (20_000, 20, 50)  # so many new things before garbage is looked for: pages make many and keep few
WARM_UP_AFTER = 1.0  # seconds after the start: whoever waits for the first page comes before
FIRST_FREE_PORT = 1024  # those below are for root
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux
PORT_TROUBLE = (errno.EADDRINUSE, errno.EACCES)
CHUNK = 65_536

# Matrices here are small or have few columns: on several cores linear algebra takes longer of each than of one alone.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}

# A program that is loaded: it takes the settings, the descriptor of the open socket, and its cores, none for any.
Run = Callable[["Settings", int, Sequence[int]], None]


class Stopping(Exception):  # noqa: N818  # not an error: somebody asked the service to stop
    """Ctrl-C or SIGTERM reached the supervisor."""


class Child:
    """A process of the service, seen by the supervisor: it loads its program and does nothing more before `begin`.

    When the supervisor goes away without a word, the process ends.
    """

    def __init__(self, program: Literal["web", "worker"]) -> None:
        self.program = program
        self.line, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.serve", program, str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                env={**ENVIRONMENT, **os.environ},
                # Ctrl-C in a terminal reaches the whole group; the supervisor alone decides who stops when.
                start_new_session=True,
            )

    def begin(self, settings: "Settings", *, listener: socket.socket, cores: Sequence[int] = ()) -> None:
        """Hands over the socket, the settings that the supervisor has checked, and the cores of web processes."""
        import json

        orders = json.dumps({"settings": settings.model_dump(mode="json"), "cores": list(cores)}).encode()
        # A process that has died meanwhile is found by those who wait for its answer.
        with self.line, suppress(OSError):
            socket.send_fds(self.line, [orders], [listener.fileno()])

    def stop(self) -> None:
        """Asks it to finish what it is doing; one that was not told to begin ends at once."""
        self.line.close()
        if self.process.poll() is None:
            # A web process and its sibling are a group of their own; what the worker forks it waits for itself.
            (os.killpg if self.program == "web" else os.kill)(self.process.pid, signal.SIGTERM)


@contextmanager
def processes(*, ahead: bool) -> Iterator[list[Child]]:
    """The processes of the service: none yet or, `ahead`, a web process that loads. After the block all end."""
    children: list[Child] = []
    try:
        if ahead:
            children.append(Child("web"))
        yield children
    finally:
        _ignore_more_signals()
        _end(children)


def supervise(settings: "Settings", children: list[Child], *, notes: Sequence[str]) -> int:
    """Runs the service until Ctrl-C or SIGTERM, or until one of its processes ends; returns the exit code.

    `children` come from `processes`, which ends them. Raises SettingError when the address cannot be listened on.
    """
    from app.settings import link_key

    # Made here, by one process, before several need it.
    link_key(settings)
    with _listen(settings) as listener:
        try:
            for number in STOP_SIGNALS:
                signal.signal(number, _stop)
            _start(settings, listener, children)
            print(f"Plumbline is ready: {settings.base_url}", *notes, "Stop it with Ctrl-C.", sep="\n", flush=True)
            return _watch(children)
        except Stopping:
            return 0
        finally:
            _ignore_more_signals()


def end_with(parent: int) -> None:
    """In a process of the service: asks to be stopped when the supervisor, process `parent`, is gone, even by kill -9.

    Linux tells it with a signal; elsewhere a thread looks every second.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:  # it was gone before we asked
            sys.exit(1)
    else:
        threading.Thread(target=stop_when_alone, args=(parent,), daemon=True).start()


def stop_when_alone(parent: int, *, pause: float = 1.0) -> None:
    """Sends this process SIGTERM once `parent` is no longer its parent; looks every `pause` seconds."""
    while os.getppid() == parent:
        time.sleep(pause)
    os.kill(os.getpid(), signal.SIGTERM)


def main(words: Sequence[str]) -> None:
    """A process of the service: its program (web or worker), the descriptor of its line, the supervisor's id."""
    program, line, parent = words
    end_with(int(parent))
    # What a program loads stays loaded: to look for garbage in it again and again only takes time.
    gc.disable()
    run = _loaded_web() if program == "web" else _loaded_worker()
    try:
        run(*_orders(int(line)))
    except PlumblineError as error:
        sys.exit(error.message)


def _orders(line: int) -> tuple["Settings", int, Sequence[int]]:
    """Waits for the settings, the descriptor of the open socket and the cores; no word from the supervisor ends it."""
    import json

    from app.settings import read_settings

    with socket.socket(fileno=line) as ours:
        said, descriptors, _, _ = socket.recv_fds(ours, CHUNK, 1)
        if not said:
            sys.exit(0)
        while more := ours.recv(CHUNK):
            said += more
    orders = json.loads(said)
    return read_settings(**orders["settings"]), descriptors[0], orders["cores"]


def _loaded_web() -> Run:
    """A web process on an open socket, or two of them, each kept on one processor core."""
    import uvicorn  # noqa: F401  # what takes time is loaded now

    from app.main import create_app

    def run(settings: "Settings", listener: int, cores: Sequence[int]) -> None:
        answer(create_app, settings, listener=listener, cores=cores, ready=_warm_up)

    return run


def _warm_up(application: "FastAPI") -> None:
    """Prepares what the consultant's first visits would wait for, in a thread, once the service answers."""
    from app.warming import warm

    def prepare() -> None:
        time.sleep(WARM_UP_AFTER)
        warm(application)

    threading.Thread(target=prepare, daemon=True).start()


def answer(
    make: Callable[["Settings"], "FastAPI"],
    settings: "Settings",
    *,
    listener: int,
    cores: Sequence[int],
    ready: Callable[["FastAPI"], None] = lambda _: None,
) -> None:
    """Makes an application and lets it answer on an open socket, until this process is asked to stop.

    With several cores in as many processes, two at most, on which `ready` is called. Threads on several cores fight for
    the interpreter's lock: on one core a process answers twice as many requests.
    """
    import uvicorn

    application = make(settings)
    gc.freeze()  # before it is divided, so that what lies in memory stays shared
    if cores:
        os.sched_setaffinity(0, {divided(cores, end_with=end_with)})
    ready(application)
    config = uvicorn.Config(
        application,
        # An access log would keep survey links.
        access_log=False,
        log_level=settings.log_level,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=10,
        lifespan="on",
    )
    gc.enable()
    gc.set_threshold(*GARBAGE)
    # Not by its number: uvicorn takes that for a socket of Unix, whose answers the kernel then sends in two halves,
    # the second one 40 ms later, once the first was acknowledged (Nagle's algorithm).
    with socket.socket(fileno=os.dup(listener)) as ours:
        uvicorn.Server(config).run(sockets=[ours])


def _loaded_worker() -> Run:
    """The worker process.

    What scoring imports when it first computes is there before: nobody waits for a worker yet.
    """
    import logging

    import scipy.special  # noqa: F401

    from app.clock import utc_now
    from app.worker import run_worker

    def run(settings: "Settings", listener: int, _cores: Sequence[int]) -> None:
        os.close(listener)
        gc.freeze()
        gc.enable()
        logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
        run_worker(settings, clock=utc_now)

    return run


def _listen(settings: "Settings") -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with ExitStack() as undo:
            listener = undo.enter_context(socket.socket(family, socket.SOCK_STREAM))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((settings.host, settings.port))
            listener.listen(2048)
            undo.pop_all()
    except OSError as error:
        raise SettingError(_about_address(settings, error)) from None
    return listener


def _about_address(settings: "Settings", error: OSError) -> str:
    """Whether the host or the port is to blame, and what to do."""
    if error.errno in PORT_TROUBLE and not isinstance(error, socket.gaierror):
        return (
            f"PLUMBLINE_PORT: {settings.host}:{settings.port} cannot be used ({error.strerror}). "
            f"Choose another port, for example: PLUMBLINE_PORT={_another_port(settings.port)} ./run"
        )
    return (
        f"PLUMBLINE_HOST: this machine cannot listen on {settings.host} ({error.strerror}). "
        "Give one of its own addresses, for example 127.0.0.1."
    )


def _another_port(port: int) -> int:
    from app.settings import HIGHEST_PORT

    return port + 1 if FIRST_FREE_PORT <= port < HIGHEST_PORT else 8000


def _start(settings: "Settings", listener: socket.socket, children: list[Child]) -> None:
    """One web process for each core, on SQLite two at most, of which one forks the other; and the worker.

    Those of PostgreSQL come when the first one answers, which they would keep from loading. Each is added to `children`
    as soon as it runs, so that none is forgotten when the start is broken off.
    """
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if not children:
        children.append(Child("web"))
    children[0].begin(settings, listener=listener, cores=cores if settings.is_sqlite else cores[:1])
    _wait_until_it_answers(children, listener)
    children.append(Child("worker"))
    children[-1].begin(settings, listener=listener)
    for core in () if settings.is_sqlite else cores[1:]:
        children.append(Child("web"))
        children[-1].begin(settings, listener=listener, cores=[core])


def _wait_until_it_answers(children: Sequence[Child], listener: socket.socket) -> None:
    address = listener.getsockname()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address[0], address[0])  # noqa: S104  # compared, not bound
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and all(child.process.poll() is None for child in children):
        if _answers(host, address[1]):
            return
        time.sleep(0.02)
    raise SettingError("The service did not start; the lines above say why.")


def _answers(host: str, port: int) -> bool:
    """Whether the service is well. The socket is open already: a request waits in it for the first process."""
    from http import HTTPStatus
    from http.client import HTTPConnection, HTTPException

    try:
        with closing(HTTPConnection(host, port, timeout=1)) as connection:
            connection.request("GET", "/health")
            return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False


def _watch(children: Sequence[Child]) -> int:
    while all(child.process.poll() is None for child in children):
        time.sleep(0.25)
    print("A process of the service ended, so the service stops.", file=sys.stderr, flush=True)
    return 1


def _end(children: Sequence[Child]) -> None:
    """Asks every process to finish what it is doing, and ends those that do not."""
    for child in children:
        child.stop()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    _ignore_more_signals()
    raise Stopping


def _ignore_more_signals() -> None:
    """Somebody who presses Ctrl-C twice must not break off the stopping, which ends after `STOP_SECONDS` anyhow."""
    for number in STOP_SIGNALS:
        # With SIG_IGN Python prints a Traceback for a signal that has come and whose handler has not run yet.
        signal.signal(number, _stay)


def _stay(_signal: int, _frame: FrameType | None) -> None:
    """Does nothing: the stopping has begun."""


if __name__ == "__main__":
    main(sys.argv[1:])
