"""`serve` as processes: a supervisor that holds the socket, the web processes and the worker."""

import gc
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from app.errors import SettingError
from app.settings import Settings

STOP_SECONDS = 25.0
START_SECONDS = 30.0


class Stopping(Exception):  # noqa: N818  # not an error: somebody asked the service to stop
    """Ctrl-C or SIGTERM reached the supervisor."""


def supervise(settings: Settings, *, notes: Sequence[str]) -> int:
    """Runs the service until Ctrl-C or SIGTERM, or until one of its processes ends; returns the exit code.

    Raises SettingError when the address cannot be listened on.
    """
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    listener = _listen(settings)
    children: list[subprocess.Popen[bytes]] = []
    try:
        children += _start(settings, listener)
        _wait_until_it_answers(settings, children, listener)
        print(f"Plumbline is ready: {settings.base_url}", *notes, "Stop it with Ctrl-C.", sep="\n", flush=True)
        return _watch(children)
    except Stopping:
        return 0
    finally:
        _end(children)
        listener.close()


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
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise SettingError(
            f"PLUMBLINE_PORT: {settings.host}:{settings.port} cannot be used ({error.strerror}). "
            f"Choose another port, for example: PLUMBLINE_PORT={settings.port + 1} ./run"
        ) from None
    listener.listen(2048)
    listener.set_inheritable(True)
    return listener


def _start(settings: Settings, listener: socket.socket) -> list[subprocess.Popen[bytes]]:
    """One web process for SQLite (one writer at a time), one for each core on PostgreSQL; and the worker."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [-1]
    web = [("web", "--fd", str(listener.fileno()), "--core", str(core)) for core in cores]
    commands = (web[:1] if settings.is_sqlite else web) + [("worker",)]
    environment = {**os.environ, **_handed_down(settings)}
    return [
        subprocess.Popen(
            [sys.executable, "-m", "app", *words],
            env=environment,
            pass_fds=[listener.fileno()],
            # Ctrl-C in a terminal reaches the whole group; the supervisor alone decides who stops when.
            start_new_session=True,
        )
        for words in commands
    ]


def _handed_down(settings: Settings) -> dict[str, str]:
    """The settings as environment variables, so that the processes have what the supervisor checked."""
    values = settings.model_dump(mode="json", exclude_defaults=True)
    return {f"PLUMBLINE_{name.upper()}": str(value) for name, value in values.items()}


def _wait_until_it_answers(
    settings: Settings, children: Sequence[subprocess.Popen[bytes]], listener: socket.socket
) -> None:
    address = listener.getsockname()
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(address[0], address[0])  # noqa: S104  # compared, not bound
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


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopping
