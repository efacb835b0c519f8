"""Static files, read and compressed once at the start, served under their hash and kept by browsers for ever."""

import base64
import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

ROOT = Path(__file__).resolve().parent.parent.parent / "static"
PREFIX = "/static"
# How a style sheet takes in another, and a script a script that has to run before it.
IMPORT = re.compile(rb'^(?:@import|import) "([^"]+)";\n?', re.MULTILINE)
COMMENT_OR_SPACE = re.compile(rb"(?:/\*.*?\*/|\s)+", re.DOTALL)
AROUND_SIGNS = re.compile(rb" ?([{};,]) ?|(?<=:) ")
PACKED_ALREADY = {".woff2", ".png", ".gz"}
mimetypes.add_type("font/woff2", ".woff2")


@dataclass(frozen=True)
class StaticFile:
    """A file's bytes, plain and compressed (None where compressing gains nothing)."""

    address: str
    media_type: str
    plain: bytes
    packed: bytes | None


def tight(sheet: bytes) -> bytes:
    """A style sheet as it travels: without its comments and the white space that only people need."""
    return AROUND_SIGNS.sub(rb"\1", COMMENT_OR_SPACE.sub(b" ", sheet))


class StaticFiles:
    """All files below `static/`. Style sheets may name fonts relative to themselves."""

    def __init__(self, root: Path = ROOT) -> None:
        files = sorted(path for path in root.rglob("*") if path.is_file())
        self.version = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
        self._files = {file.address: file for file in (self._read(root, path) for path in files)}

    def address(self, name: str) -> str:
        """The address of `static/<name>`; a KeyError for a file that is not there."""
        address = f"{PREFIX}/{self.version}/{name}"
        return self._files[address].address

    def text(self, name: str) -> str:
        """What `static/<name>` holds as it travels, to be put into a page: a style sheet there saves a round trip."""
        return self._files[self.address(name)].plain.decode()

    def digest(self, name: str) -> str:
        """The SHA-256 by which a content security policy lets the text of `static/<name>` stand in a page."""
        return f"'sha256-{base64.b64encode(hashlib.sha256(self.text(name).encode()).digest()).decode()}'"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one file, compressed where the browser takes it."""
        file = self._files.get(scope["path"])
        await self._answer(file, Headers(scope=scope))(scope, receive, send)

    def _read(self, root: Path, path: Path) -> StaticFile:
        plain = path.read_bytes()
        if path.suffix in (".css", ".js"):
            # A file and what it imports travel as one: each request before the first paint costs a round.
            plain = IMPORT.sub(lambda found: (path.parent / found[1].decode()).read_bytes() + b"\n", plain)
        if path.suffix == ".css":
            plain = tight(plain)
        name = path.relative_to(root).as_posix()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        packed = None if path.suffix in PACKED_ALREADY else gzip.compress(plain, 9, mtime=0)
        return StaticFile(f"{PREFIX}/{self.version}/{name}", kind, plain, packed)

    @staticmethod
    def _answer(file: StaticFile | None, headers: Headers) -> Response:
        if file is None:
            return PlainTextResponse("There is no such file.", status_code=404)
        kept = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
        if file.packed is not None and "gzip" in headers.get("accept-encoding", ""):
            kept["Content-Encoding"] = "gzip"
            return Response(file.packed, media_type=file.media_type, headers=kept)
        return Response(file.plain, media_type=file.media_type, headers=kept)
