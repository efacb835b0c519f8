"""What the renderer leaves out of a tagged PDF, put in before the file is written (PDF/UA-1, ISO 14289-1).

Head cells say whether they head a row or a column, links say in words where they lead, figures say where on the page
they stand, and running heads are artifacts that no reader speaks.
"""

from collections.abc import Iterator
from typing import Any, Final

from weasyprint import Document

Pdf = Any
"""A file that is being written: a list of objects with references between them. The library has no types."""

Element = dict[str, Any]  # Any: an object of a PDF, as above
POINTS: Final = 0.75
"""Points in a pixel of the page."""
ACROSS: Final = {"row": "/Row", "rowgroup": "/Row"}


def complete(document: Document, pdf: Pdf) -> None:
    """Completes the tags of a file."""
    for page in document.pages:
        for box in _boxes(page._page_box):
            _name_cell(box)
            _name_link(box)
    heights = dict(zip(pdf.page_references, (page.height for page in document.pages), strict=True))
    for element in _elements(pdf, "/Figure"):
        _place(element["A"]["BBox"], heights[element["Pg"]])
    _leave_out_running_heads(pdf)


def _boxes(box: Any) -> Iterator[Any]:  # Any: boxes of the renderer, which has no types
    waiting = [box]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += (getattr(child, "_box", child) for child in getattr(one, "children", ()))


def _name_cell(box: Any) -> None:  # Any: as above
    mark = getattr(box, "mark", None)
    if isinstance(mark, dict) and mark.get("S") == "/TH":
        mark["A"]["Scope"] = ACROSS.get(box.element.get("scope", ""), "/Column")


def _name_link(box: Any) -> None:  # Any: as above
    annotation = getattr(box, "link_annotation", None)
    if annotation is not None and box.element is not None:
        said = box.element.get("aria-label") or " ".join("".join(box.element.itertext()).split())
        if said:
            annotation["Contents"].string = said


def _elements(pdf: Pdf, kind: str) -> Iterator[Element]:
    return (one for one in pdf.objects if isinstance(one, dict) and one.get("S") == kind)


def _place(box: list[float], height: float) -> None:
    """Turns pixels from the top left into points from the bottom left."""
    left, top, right, bottom = box
    box[:] = (round(one * POINTS, 3) for one in (left, height - bottom, right, height - top))


def _leave_out_running_heads(pdf: Pdf) -> None:
    """Makes an artifact of every text of a page that the structure does not hold."""
    root = next(one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/StructTreeRoot")
    mapping = _at(pdf, root["ParentTree"])["Nums"]
    held = set(_held(pdf, root))
    for number, page in enumerate(pdf.pages["Kids"][::3]):
        marked = mapping[2 * number + 1]
        drawn = _at(pdf, pdf.objects[page]["Contents"]).stream
        places = {one["MCID"]: place for place, one in enumerate(drawn) if isinstance(one, dict) and "MCID" in one}
        for content, element in enumerate(marked):
            if element not in held:
                drawn[places[content] - 1] = "/Artifact"
                drawn[places[content]] = b"<</Type /Pagination>>"
                marked[content] = "null"


def _held(pdf: Pdf, root: Element) -> Iterator[bytes]:
    """The references of all elements below the root."""
    waiting = [one for one in root["K"] if isinstance(one, bytes)]
    while waiting:
        reference = waiting.pop()
        yield reference
        waiting += (one for one in _at(pdf, reference).get("K", ()) if isinstance(one, bytes))


def _at(pdf: Pdf, reference: bytes) -> Any:  # Any: as above
    return pdf.objects[int(reference.split()[0])]
