"""`serve` as processes: a supervisor that holds the socket, the web processes and the worker."""

import ctypes
import errno
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from app.errors import SettingError
from app.settings import HIGHEST_PORT, Settings, link_key

STOP_SECONDS = 25.0
START_SECONDS = 30.0
FIRST_FREE_PORT = 1024  # those below are for root
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux
PORT_TROUBLE = (errno.EADDRINUSE, errno.EACCES)


class Stopping(Exception):  # noqa: N818  # not an error: somebody asked the service to stop
    """Ctrl-C or SIGTERM reached the supervisor."""


def supervise(settings: Settings, *, notes: Sequence[str]) -> int:
    """Runs the service until Ctrl-C or SIGTERM, or until one of its processes ends; returns the exit code.

    Raises SettingError when the address cannot be listened on.
    """
    # Made here, by one process, before several need it.
    link_key(settings)
    listener = _listen(settings)
    children: list[subprocess.Popen[bytes]] = []
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    try:
        _start(settings, listener, children)
        _wait_until_it_answers(settings, children, listener)
        print(f"Plumbline is ready: {settings.base_url}", *notes, "Stop it with Ctrl-C.", sep="\n", flush=True)
        return _watch(children)
    except Stopping:
        return 0
    finally:
        _ignore_more_signals()
        _end(children)
        listener.close()


def end_with(parent: int) -> None:
    """In a process of the service: asks to be stopped when the supervisor, process `parent`, is gone, even by kill -9.

    Linux tells it with a signal; elsewhere a thread looks every second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:  # it was gone before we asked
            sys.exit(1)
    else:
        threading.Thread(target=stop_when_alone, args=(parent,), daemon=True).start()


def stop_when_alone(parent: int) -> None:
    """Sends this process SIGTERM once `parent` is no longer its parent."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os.kill(os.getpid(), signal.SIGTERM)


def run_web(settings: Settings, *, fd: int, core: int) -> None:
    """One web process on an open socket, kept on one processor core.

    Threads on several cores fight for the interpreter's lock: on one core a process answers twice as many requests.
    """
    import uvicorn

    from app.main import create_app

    if core >= 0 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})
    config = uvicorn.Config(
        create_app(settings),
        fd=fd,
        # An access log would keep survey links.
        access_log=False,
        log_level=settings.log_level,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=10,
        lifespan="on",
    )
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    uvicorn.Server(config).run()


def _listen(settings: Settings) -> socket.socket:
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
    listener.set_inheritable(True)
    return listener


def _about_address(settings: Settings, error: OSError) -> str:
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
    return port + 1 if FIRST_FREE_PORT <= port < HIGHEST_PORT else 8000


def _start(settings: Settings, listener: socket.socket, children: list[subprocess.Popen[bytes]]) -> None:
    """One web process for SQLite (one writer at a time), one for each core on PostgreSQL; and the worker.

    Each is added to `children` as soon as it runs, so that none is forgotten when the start is broken off.
    """
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [-1]
    web = [("web", "--fd", str(listener.fileno()), "--core", str(core)) for core in cores]
    commands = (web[:1] if settings.is_sqlite else web) + [("worker",)]
    environment = {**os.environ, **_handed_down(settings)}
    for words in commands:
        children.append(
            subprocess.Popen(
                [sys.executable, "-m", "app", *words, "--parent", str(os.getpid())],
                env=environment,
                pass_fds=[listener.fileno()],
                # Ctrl-C in a terminal reaches the whole group; the supervisor alone decides who stops when.
                start_new_session=True,
            )
        )


def _handed_down(settings: Settings) -> dict[str, str]:
    """The settings as environment variables, so that the processes have what the supervisor checked."""
    values = settings.model_dump(mode="json", exclude_defaults=True)
    return {f"PLUMBLINE_{name.upper()}": str(value) for name, value in values.items()}


def _wait_until_it_answers(
    settings: Settings, children: Sequence[subprocess.Popen[bytes]], listener: socket.socket
) -> None:
    address = listener.getsockname()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address[0], address[0])  # noqa: S104  # compared, not bound
    host = f"[{host}]" if ":" in host else host
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and all(child.poll() is None for child in children):
        try:
            with urlopen(f"http://{host}:{address[1]}/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise SettingError("The service did not start; the lines above say why.")


def _watch(children: Sequence[subprocess.Popen[bytes]]) -> int:
    while True:
        for child in children:
            if child.poll() is not None:
                print("A process of the service ended, so the service stops.", file=sys.stderr, flush=True)
                return 1
        time.sleep(0.5)


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Asks every process to finish what it is doing, and ends those that do not."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    _ignore_more_signals()
    raise Stopping


def _ignore_more_signals() -> None:
    """Somebody who presses Ctrl-C twice must not break off the stopping, which ends after `STOP_SECONDS` anyhow."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
