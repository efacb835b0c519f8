"""Charts of slides: those of the program itself, with their numbers in a sheet behind them, to be edited."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.oxml import parse_xml
from pptx.slide import Slide as Drawn
from pptx.util import Inches, Pt

from app.exports.behind import BarData, PlaceData
from app.exports.fitting import clipped
from app.exports.kinds import Bars, Series, Zones, span
from app.exports.look import ACCENT, BANDS, CHANGES, FONT, INK, LINE, PAPER, SOFT
from app.figures.squares import Field, Point

Say = Callable[[object], str]
Where = tuple[float, float, float, float]
LONGEST: Final = 42
LONGEST_LABEL: Final = 22
LEAST, MIDDLE, MOST = 1, 3, 5
TEN: Final = 10
FULL: Final = "#8fb4d9"
COLOURS: Final = (ACCENT, "#bcaf6f")
FILLS: Final = {name: fill for steps in (BANDS, CHANGES) for name, (fill, _) in steps.items()}
NAMESPACES: Final = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


def bars(drawn: Drawn, shows: Bars, where: Where, said: Say, title: str) -> None:
    """Lying bars with their values, and intervals as thin lines where they are told."""
    data = BarData(number_format="0")
    # Programs draw lying bars from below, so what comes first is given last.
    data.categories = [clipped(said(name), LONGEST) for name in reversed(shows.categories)]
    for one in shows.series:
        data.add_series(said(one.name), list(reversed(one.values)))
    chart, shape = _placed(drawn, XL_CHART_TYPE.BAR_CLUSTERED, data, where)
    _describe(shape, title, shows.categories, shows.series, said)
    chart.has_legend = len(shows.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    _axis(chart.value_axis, shows.low, shows.high)
    chart.value_axis.tick_labels.font.size = Pt(10)
    if shows.high - shows.low < TEN:
        chart.value_axis.major_unit = 1
    categories = chart.category_axis
    categories.format.line.color.rgb = _colour(SOFT)
    categories.has_major_gridlines = False
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    categories.tick_labels.font.size = Pt(11 if len(shows.categories) <= 12 else 9)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, -8
    for place, (series, told) in enumerate(zip(plot.series, shows.series, strict=True)):
        _coloured(series, told, COLOURS[place % len(COLOURS)])
        _valued(series, intervals=any(told.intervals))
        if any(told.intervals):
            series._element.append(_error_bars(reversed(tuple(zip(told.values, told.intervals, strict=True)))))
            _before_values(series._element)


def scatter(drawn: Drawn, shows: Field, where: Where, said: Say, title: str) -> None:
    """Points in a square with a name beside each; the whole organisation stands out."""
    names = {line[0]: said(line[shows.table.named_by]) for line in shows.table.lines}
    groups = [[one for one in shows.points if one.whole is whole] for whole in (False, True)]
    called = (said(shows.across), names.get("", ""))
    told = [(name, points) for name, points in zip(called, groups, strict=True) if points]
    low, high = span(shows)
    chart, shape = _placed(drawn, XL_CHART_TYPE.XY_SCATTER, _places(told, shows.cut or 0, low, high), where)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", f"{title}. {said(shows.described)}")
    chart.has_legend = False
    _titled(chart.category_axis, said(shows.across), low, high, step=10)
    _titled(chart.value_axis, said(shows.table.heads[-2]), low, high, step=10)
    every = list(chart.plots[0].series)
    for series, (_, points) in zip(every, told, strict=False):
        _dotted(series, points, names)
    _cut(every[len(told) :])


def zones(drawn: Drawn, shows: Zones, where: Where, said: Say, title: str) -> None:
    """Workflows by what agents can do, across, and by what staff wish, upwards; divided in the middle of the scale."""
    data = PlaceData(number_format="0.00")
    kinds = [one for one in shows.kinds if one[2]]
    for name, _, spots in kinds:
        series = data.add_series(said(name))
        for one in spots:
            series.add_data_point(one.across, one.up)
    for ends in (((MIDDLE, LEAST), (MIDDLE, MOST)), ((LEAST, MIDDLE), (MOST, MIDDLE))):
        line = data.add_series(str(MIDDLE))
        for across, up in ends:
            line.add_data_point(across, up)
    chart, shape = _placed(drawn, XL_CHART_TYPE.XY_SCATTER, data, where)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", f"{title}. {said(shows.described)}")
    chart.has_legend = False
    _titled(chart.category_axis, said(shows.across), LEAST, MOST, step=1)
    _titled(chart.value_axis, said(shows.up), LEAST, MOST, step=1)
    every = list(chart.plots[0].series)
    for series, (_, hollow, spots) in zip(every, kinds, strict=False):
        series.format.line.fill.background()
        _marked(series, 15, fill=PAPER if hollow else FULL, line=INK)
        for number, one in enumerate(spots):
            _labelled(series.points[number].data_label, one.key, XL_LABEL_POSITION.CENTER, size=9)
    _cut(every[len(kinds) :])


def _cut(lines: Iterable[Any]) -> None:  # Any: series of python-pptx, which have no annotations
    """The lines that divide a square."""
    for series in lines:
        series.marker.style = XL_MARKER_STYLE.NONE
        series.format.line.color.rgb, series.format.line.width = _colour(SOFT), Pt(1)


def _titled(axis: Any, name: str, low: int, high: int, *, step: int) -> None:  # Any: an axis of python-pptx
    _axis(axis, low, high)
    axis.major_unit, axis.has_title = step, True
    axis.axis_title.text_frame.text = name
    run = axis.axis_title.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold, run.font.name = Pt(11), False, FONT
    axis.tick_labels.font.size = Pt(10)


def _marked(series: Any, size: int, *, fill: str, line: str) -> None:  # Any: a series of python-pptx
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, size
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = _colour(fill)
    series.marker.format.line.color.rgb = _colour(line)


def _labelled(label: Any, words: str, where: XL_LABEL_POSITION, *, size: int, bold: bool = False) -> None:
    # Any: a label of python-pptx, which has no annotations
    label.position = where
    frame = label.text_frame
    frame.text = words
    frame.paragraphs[0].runs[0].font.size = Pt(size)
    frame.paragraphs[0].runs[0].font.bold = bold


def _places(told: list[tuple[str, list[Point]]], cut: int, low: int, high: int) -> Any:
    """The points, and the two lines that divide the square."""
    data = PlaceData(number_format="0")  # Any: of python-pptx, which has no annotations
    for name, points in told:
        series = data.add_series(name)
        for one in points:
            series.add_data_point(one.x, 100 - one.top)
    for ends in (((cut, low), (cut, high)), ((low, cut), (high, cut))):
        line = data.add_series(str(cut))
        for across, upwards in ends:
            line.add_data_point(across, upwards)
    return data


def _dotted(series: Any, points: list[Point], names: dict[str, str]) -> None:
    # Any: a series of python-pptx, which has no annotations
    whole = points[0].whole
    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 12 if whole else 8
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = _colour(INK if whole else ACCENT)
    series.marker.format.line.fill.background()
    for place, one in enumerate(points):
        told = clipped(names.get(one.key, ""), LONGEST_LABEL) if len(points) <= 16 else one.key
        side = XL_LABEL_POSITION.RIGHT if one.x < 75 else XL_LABEL_POSITION.LEFT
        _labelled(series.points[place].data_label, told, side, size=10, bold=whole)


def _placed(drawn: Drawn, kind: XL_CHART_TYPE, data: Any, where: Where) -> tuple[Any, Any]:
    # Any: charts of python-pptx, which have no annotations
    left, top, width, height = (Inches(one) for one in where)
    shape = drawn.shapes.add_chart(kind, left, top, width, height, data)
    chart = shape.chart
    chart.has_title = False
    chart.font.size, chart.font.name = Pt(11), FONT
    chart.font.color.rgb = _colour(INK)
    return chart, shape


def _describe(shape: Any, title: str, categories: Iterable[str], series: Iterable[Series], said: Say) -> None:
    # Any: a shape of python-pptx, which has no annotations
    told = (
        f"{said(name)}: " + ", ".join(f"{said(one.name)} {one.values[place]}" for one in series)
        for place, name in enumerate(categories)
    )
    shape._element.nvGraphicFramePr.cNvPr.set("descr", f"{title}. {'; '.join(told)}")


def _axis(axis: Any, low: int, high: int) -> None:  # Any: an axis of python-pptx, which has no annotations
    axis.minimum_scale, axis.maximum_scale = low, high
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = _colour(LINE)
    axis.format.line.color.rgb = _colour(LINE)


def _coloured(series: Any, told: Series, colour: str) -> None:  # Any: a series of python-pptx
    series.invert_if_negative = False
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = _colour(colour)
    for place, step in enumerate(reversed(told.steps)):
        fill = series.points[place].format.fill
        fill.solid()
        fill.fore_color.rgb = _colour(FILLS[step])


def _valued(series: Any, *, intervals: bool) -> None:  # Any: a series of python-pptx
    labels = series.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, "0", False
    # Within the bar's foot where a thin line runs beyond its end.
    labels.position = XL_LABEL_POSITION.INSIDE_BASE if intervals else XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size, labels.font.bold = Pt(10), True
    if intervals:
        labels.font.color.rgb = _colour("#ffffff")


def _error_bars(pairs: Iterable[tuple[int | None, tuple[int, int] | None]]) -> Any:  # Any: an element of lxml
    """The thin lines of intervals: how far each reaches beyond its value, both ways."""
    every = list(pairs)
    more = [0 if ends is None or value is None else ends[1] - value for value, ends in every]
    less = [0 if ends is None or value is None else value - ends[0] for value, ends in every]
    parts = "".join(
        f"<c:{side}><c:numLit><c:formatCode>0</c:formatCode><c:ptCount val='{len(values)}'/>"
        + "".join(f"<c:pt idx='{place}'><c:v>{value}</c:v></c:pt>" for place, value in enumerate(values))
        + f"</c:numLit></c:{side}>"
        for side, values in (("plus", more), ("minus", less))
    )
    return parse_xml(
        f"<c:errBars {NAMESPACES}><c:errBarType val='both'/><c:errValType val='cust'/><c:noEndCap val='1'/>{parts}"
        f"<c:spPr><a:ln w='15875'><a:solidFill><a:srgbClr val='{INK[1:]}'/></a:solidFill></a:ln></c:spPr></c:errBars>"
    )


def _before_values(series: Any) -> None:  # Any: an element of lxml
    """The schema has error bars before the categories of a series."""
    bars_of = series[-1]
    series.remove(bars_of)
    place = next(number for number, one in enumerate(series) if one.tag.endswith("}cat"))
    series.insert(place, bars_of)


def _colour(code: str) -> RGBColor:
    return RGBColor.from_string(code[1:].upper())
