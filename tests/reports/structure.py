"""What a PDF for everybody has to be, read from the file itself: PDF/UA-1 (ISO 14289-1) and PDF/A-3 (ISO 19005-3).

Each check gives what is wrong, in words. They see structure; whether words are right, a person has to read.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from app.clients.colours import READABLE, contrast
from tests.reports.drawing import Pdf, fonts_of, pages_of
from tests.reports.pdf_reader import bookmarks, squeezed

LARGE = 18.0
"""Points from which 3 to 1 is contrast enough (WCAG 2.2, 1.4.3)."""
HEAD = re.compile(r"/H([1-6])")


@dataclass(frozen=True)
class Node:
    """An element of the structure: its type, its dictionary, what is below it, the ids of marked content in it."""

    kind: str
    element: Pdf
    below: tuple["Node", ...]
    marked: tuple[tuple[int, int], ...]


def faults(reader: Pdf, page: str) -> list[str]:
    """Everything that is wrong with a report; `page` is the HTML that it was made from."""
    root = structure(reader)
    return [
        *document_faults(reader),
        *tree_faults(root),
        *tied(reader, root),
        *links(reader),
        *read_in_order(reader, root, page),
        *headed(reader, page),
        *seen(reader),
        *embedded(reader),
    ]


def document_faults(reader: Pdf) -> Iterator[str]:
    """What the file says of itself."""
    root = reader.root_object
    metadata = root.get("/Metadata")
    told = metadata.get_object().get_data().decode() if metadata is not None else ""
    archive = "pdfaid:part" in told
    if not archive and 'pdfuaid:part="1"' not in told:
        yield "it does not say that it is PDF/UA-1"
    if root.get("/MarkInfo", {}).get("/Marked") is None or not root["/MarkInfo"]["/Marked"]:
        yield "it is not marked as tagged"
    if not root.get("/Lang"):
        yield "it names no language"
    if not (reader.metadata and reader.metadata.title) or "dc:title" not in told:
        yield "it has no title"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "viewers show the file's name and not its title"
    if reader.is_encrypted:
        yield "it is encrypted"
    if archive:
        yield from archive_faults(reader, told)


def archive_faults(reader: Pdf, told: str) -> Iterator[str]:
    """What an archive file needs besides (ISO 19005-3)."""
    root = reader.root_object
    if 'pdfaid:part="3"' not in told or 'pdfaid:conformance="A"' not in told:
        yield "it does not say that it is PDF/A-3a"
    intents = root.get("/OutputIntents")
    if not intents or "/DestOutputProfile" not in intents[0].get_object():
        yield "it has no output intent with a colour profile"
    if "/ID" not in reader.trailer:
        yield "it has no identifier"
    if not root.get("/AF"):
        yield "it names no associated file"
    for one in root.get("/AF", []):
        if "/AFRelationship" not in one.get_object():
            yield "an embedded file does not say how it belongs to the document"
    if any("/JS" in one or "/JavaScript" in one for one in _dictionaries(reader)):
        yield "it has scripts"


def structure(reader: Pdf) -> Node:
    """The structure tree."""
    places = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}
    root = reader.root_object["/StructTreeRoot"].get_object()
    assert isinstance(root, DictionaryObject)
    return _node(root, places, 0)


def _node(element: Pdf, places: Mapping[int, int], page: int) -> Node:
    if "/Pg" in element:
        page = places[element.raw_get("/Pg").idnum]
    kids = element.get("/K", [])
    listed = kids if isinstance(kids, ArrayObject) else [kids]
    below, marked = [], []
    for kid in listed:
        found = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(found, DictionaryObject):
            if "/S" in found:
                below.append(_node(found, places, page))
        else:
            marked.append((page, int(str(found))))
    return Node(str(element.get("/S", "")), element, tuple(below), tuple(marked))


def walked(node: Node) -> Iterator[Node]:
    """A node and all below it, in reading order."""
    yield node
    for one in node.below:
        yield from walked(one)


def tree_faults(root: Node) -> Iterator[str]:
    """Figures without a text, tables without heads, headings that skip a level."""
    levels = []
    for node in walked(root):
        if node.kind == "/Figure":
            yield from _figure(node)
        if node.kind == "/Table":
            yield from _table(node)
        if found := HEAD.fullmatch(node.kind):
            levels.append(int(found[1]))
    if not levels or levels[0] != 1:
        yield "it does not begin with a heading of the first level"
    for before, after in pairwise(levels):
        if after - before > 1:
            yield f"a heading of level {after} follows one of level {before}"


def _figure(node: Node) -> Iterator[str]:
    if not str(node.element.get("/Alt", "")).strip():
        yield "a figure has no alternative text"
    box = [float(one) for one in node.element.get("/A", {}).get("/BBox", [])]
    # A page lies on its side or stands; no figure is larger than either.
    if len(box) != 4 or not (0 <= box[0] < box[2] <= 842 and 0 <= box[1] < box[3] <= 842):
        yield f"a figure does not say where it stands: {box}"


def _table(node: Node) -> Iterator[str]:
    cells = [one for one in walked(node) if one.kind in ("/TH", "/TD")]
    heads = {str(one.element.get("/ID", "")): one for one in cells if one.kind == "/TH"}
    if not heads:
        yield "a table has no head cells"
    for one in cells:
        said = one.element.get("/A", {})
        if one.kind == "/TH" and said.get("/Scope") not in ("/Row", "/Column", "/Both"):
            yield "a head cell does not say what it heads"
        if one.kind == "/TD" and not {str(id) for id in said.get("/Headers", [])} & heads.keys():
            yield "a cell is tied to no head cell of its table"


def tied(reader: Pdf, root: Node) -> Iterator[str]:
    """Marked content that no element holds, elements that hold none that there is, pages without an order for keys."""
    held = {one for node in walked(root) for one in node.marked}
    drawn = {
        (page, one.content) for page, found in enumerate(pages_of(reader)) for one in found if one.content is not None
    }
    if lost := drawn - held:
        yield f"{len(lost)} texts are held by no element of the structure"
    for number, page in enumerate(reader.pages, 1):
        if page.get("/Tabs") != "/S":
            yield f"keys do not walk page {number} in the order of its structure"
        if "/StructParents" not in page:
            yield f"page {number} does not lead to its structure"


def links(reader: Pdf) -> Iterator[str]:
    """Links that say nothing, lead nowhere, or stand outside of the structure."""
    named = reader.named_destinations
    for page in reader.pages:
        for one in page.get("/Annots", []):
            found = one.get_object()
            if not str(found.get("/Contents", "")).strip() or str(found["/Contents"]).startswith("page-"):
                yield "a link does not say in words where it leads"
            if "/StructParent" not in found:
                yield "a link stands outside of the structure"
            if "/Dest" in found and str(found["/Dest"]) not in named:
                yield f"a link leads nowhere: {found['/Dest']}"


def headed(reader: Pdf, page: str) -> Iterator[str]:
    """Bookmarks that are not the chapters and departments, in their order."""
    wanted = [name for name in _Texts.of(page).labels]
    told = [mark.title for mark in bookmarks(reader)]
    if told != wanted:
        yield f"bookmarks are not the headings: {told} and {wanted}"


def read_in_order(reader: Pdf, root: Node, page: str) -> Iterator[str]:
    """Texts that the structure reads in another order than the page has them, or not at all."""
    texts: defaultdict[tuple[int, int | None], str] = defaultdict(str)
    for number, found in enumerate(pages_of(reader)):
        for shown in found:
            texts[number, shown.content] += shown.text
    read = (one for node in walked(root) if node.kind != "/Figure" for one in node.marked)
    told = _bare("".join(texts[one] for one in read))
    place = 0
    for text in _Texts.of(page).texts:
        found_at = told.find(_bare(text), place)
        if found_at < 0:
            yield f"not read in its place: {text[:60]}"
            return
        place = found_at + len(_bare(text))


def seen(reader: Pdf) -> Iterator[str]:
    """Texts with too little contrast to what was painted below them."""
    texts = (one for found in pages_of(reader) for one in found if one.text.strip())
    pairs = {(one.colour, one.ground, one.size >= LARGE) for one in texts}
    for colour, ground, large in sorted(pairs):
        if contrast(colour, ground) < (3 if large else READABLE):
            yield f"{colour} on {ground} cannot be read: {contrast(colour, ground):.1f} to 1"


def embedded(reader: Pdf) -> Iterator[str]:
    """Typefaces that the file does not carry, or whose letters it does not know."""
    fonts = {str(font.get("/BaseFont")): font for one in reader.pages for font in fonts_of(one).values()}
    for name, font in fonts.items():
        below = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        described = below.get("/FontDescriptor", {})
        if not any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield f"the typeface {name} is not embedded"
        if "/ToUnicode" not in font:
            yield f"letters of {name} cannot be read aloud"


class _Texts(HTMLParser):
    """The texts of a page in order, without figures, and the names of its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.labels: list[str] = []
        self.inside: list[str] = []

    @classmethod
    def of(cls, page: str) -> "_Texts":
        found = cls()
        found.feed(page.partition("<body")[2].partition(">")[2])
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "svg":
            self.inside.append(tag)
        if label := dict(attrs).get("data-label"):
            self.labels.append(label)

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside and data.strip():
            self.texts.append(data)


def _bare(text: str) -> str:
    """A text without spaces, and without hyphens, which a line's end may add."""
    return squeezed(text).replace("-", "").replace("\N{HYPHEN}", "")


def _dictionaries(reader: Pdf) -> Iterator[DictionaryObject]:
    for number in range(1, int(reader.trailer["/Size"])):
        found = reader.get_object(number)
        if isinstance(found, DictionaryObject) and not isinstance(found, StreamObject):
            yield found
