"""The application behind a real socket, for tests with a browser."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from app.main import create_app
from app.settings import Settings, read_settings
from tests.conftest import SECRET, Clock
from tests.test_serving import free_port

START_SECONDS = 30.0


def live_settings(database_url: str, folder: Path, *, name: str = "127.0.0.1") -> Settings:
    """The settings of a service on a free port of this machine, which is known to browsers by `name`."""
    port = free_port()
    return read_settings(
        data_dir=folder, database_url=database_url, port=port, secret_key=SECRET, public_url=f"http://{name}:{port}"
    )


@contextmanager
def served(settings: Settings, clock: Clock) -> Iterator[str]:
    """Serves the application from a thread of this process and gives its address."""
    config = uvicorn.Config(
        create_app(settings, clock=clock), host=settings.host, port=settings.port, log_level="error", access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        assert thread.is_alive(), "the server ended at once"
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
    try:
        yield settings.base_url
    finally:
        server.should_exit = True
        thread.join(30)
