"""Reads codes back as a telephone would: from a printed page, and from the drawing on screen."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from tests.missing import missing

DOTS = 100  # an inch: what a cheap printer and a small camera leave
LARGE = 6


def on_paper(content: bytes, folder: Path) -> list[str]:
    """The texts of the codes in a PDF, page by page."""
    if shutil.which("pdftoppm") is None:
        missing("There is no pdftoppm to look at pages with. Run: sudo apt-get install -y poppler-utils")
    (folder / "poster.pdf").write_bytes(content)
    words = ["pdftoppm", "-gray", "-r", str(DOTS), str(folder / "poster.pdf"), str(folder / "page")]
    subprocess.run(words, check=True)
    return [text for path in sorted(folder.glob("page*.pgm")) for text in _read(_picture(path.read_bytes()))]


def on_screen(page: str) -> list[str]:
    """The texts of the codes that a page draws as SVG."""
    return [text for side, path in re.findall(r'viewBox="0 0 (\d+) \d+" class="qr">.*? stroke="#000" d="([^"]+)"', page)
            for text in _read(_drawn(int(side), path))]  # fmt: skip


def _read(picture: NDArray[np.uint8]) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def _picture(content: bytes) -> NDArray[np.uint8]:
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", content)
    assert head is not None
    width, height = int(head[1]), int(head[2])
    return np.frombuffer(content[head.end() :], dtype=np.uint8).reshape(height, width)


def _drawn(side: int, path: str) -> NDArray[np.uint8]:
    """The dark modules of a drawing: each "h" is a row of them, "m" and "M" move without drawing."""
    picture = np.full((side, side), 255, dtype=np.uint8)
    x = y = 0.0
    for command, told in re.findall(r"([Mmh])([-\d. ]+)", path):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", told)]
        if command == "h":
            picture[int(y), int(x) : int(x + numbers[0])] = 0
            x += numbers[0]
        elif command == "M":
            x, y = numbers
        else:
            x, y = x + numbers[0], y + numbers[1]
    return np.kron(picture, np.ones((LARGE, LARGE), dtype=np.uint8))
