"""The workbooks behind charts of slides: what people named stands in them as text, never as a formula or a link."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.chart.xlsx import CategoryWorkbookWriter, XyWorkbookWriter
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

AS_TEXT: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


class _AsText:
    """Opens the workbook as python-pptx does, which has no way to say what is to become of texts."""

    @contextmanager
    def _open_worksheet(self, file: BytesIO) -> Iterator[tuple[Workbook, Worksheet]]:
        book = Workbook(file, AS_TEXT)
        yield book, book.add_worksheet()
        book.close()


class _CategoryBook(_AsText, CategoryWorkbookWriter):  # type: ignore[misc]  # python-pptx has no annotations
    """Names and values of bars."""


class _PlacesBook(_AsText, XyWorkbookWriter):  # type: ignore[misc]  # python-pptx has no annotations
    """Names and places of points."""


class BarData(CategoryChartData):  # type: ignore[misc]  # python-pptx has no annotations
    """Categories and series of bars, with such a workbook behind them."""

    @property
    def _workbook_writer(self) -> _CategoryBook:
        return _CategoryBook(self)


class PlaceData(XyChartData):  # type: ignore[misc]  # python-pptx has no annotations
    """Series of points in a square, with such a workbook behind them."""

    @property
    def _workbook_writer(self) -> _PlacesBook:
        return _PlacesBook(self)
