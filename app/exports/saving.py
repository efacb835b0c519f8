"""Where files asked for at a command line are put: never over what is there, and never half. English only."""

import os
from pathlib import Path

from app.errors import ConflictError, InvalidError, NotFoundError


def place(out: str, name: str, *, folder: bool) -> Path:
    """The path for a file: `out` itself, or the `name` in it where it is a folder, which with `folder` it has to be.

    Raises NotFoundError where a folder is missing, ConflictError where something is there already.
    """
    path = Path(out)
    if path.is_dir():
        path = path / name
    else:
        needed = path if folder or out.endswith("/") else path.parent
        if needed.exists() and not needed.is_dir():
            raise InvalidError(f"{needed} is no folder. Name a folder with --out.")
        if not needed.exists():
            raise NotFoundError(f"The folder {needed} does not exist. Make it first, or name another with --out.")
    if path.exists():
        raise _taken(path)
    return path


def save(content: bytes, path: Path) -> None:
    """Writes a new file, whole or not at all."""
    try:
        with open(path, "xb", opener=_private) as file:
            try:
                file.write(content)
                file.flush()
            except OSError:
                path.unlink()
                raise
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise InvalidError(f"{path} cannot be written ({error.strerror}).") from None


def _private(path: str, flags: int) -> int:
    """Opens a file that nobody but its owner may read: what is in it is confidential."""
    return os.open(path, flags, 0o600)


def _taken(path: Path) -> ConflictError:
    return ConflictError(f"{path} is there already, and nothing was changed. Remove it, or name another with --out.")
