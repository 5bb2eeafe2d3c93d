"""A plot of CPU time by size of the conversation, as SVG built from strings."""

from html import escape
from math import ceil, floor, log10

from bench.report import NAMES, Results

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, LEGEND = 460, 340, 56, 40, 44, 190
FONT = 'font-family="system-ui, sans-serif" font-size="12" fill="#222"'
COLOURS = {
    "cold": "#b3541e",
    "reader": "#8a6d1b",
    "reply": "#7a3b69",
    "hot": "#1f6f54",
}
CEILINGS = {"django": "#2b5c8a", "wsgi": "#6b7280"}


def svg(runs: dict[str, dict]) -> str:
    """Return the plot of ``{database: results of a run}``, one panel for each database."""
    panels = [Panel(name, Results(found)) for name, found in runs.items()]
    values = [value for panel in panels for value in panel.values()] or [1.0]
    for panel in panels:  # a common scale, so that they can be compared
        panel.low, panel.high = floor(log10(min(values))), ceil(log10(max(values)))
    width = WIDTH * len(panels) + LEGEND
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" {FONT}>',
        f'<rect width="{width}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for place, panel in enumerate(panels):
        parts.append(f'<g transform="translate({place * WIDTH} 0)">{panel.drawn()}</g>')
    parts += _legend(WIDTH * len(panels))
    return "\n".join([*parts, "</svg>"]) + "\n"


class Panel:
    """The plot of one database; both axes are logarithmic."""

    def __init__(self, name, results):
        self.name, self.results = name, results
        self.sizes = results.sizes
        self.low, self.high = 0, 1

    def values(self) -> list[float]:
        """Return all values that are plotted."""
        found = [value for what in COLOURS for _, value in self._points(what)]
        found += [self.results.value(what, of="cpu") for what in CEILINGS]
        return [value for value in found if value > 0]

    def drawn(self):
        return "\n".join([*self._axes(), *self._ceilings(), *self._lines()])

    def _points(self, what):
        found = ((size, self.results.value(what, size, "cpu")) for size in self.sizes)
        return [(size, value) for size, value in found if value > 0]

    def x(self, size):
        span = log10(max(self.sizes) / min(self.sizes)) or 1
        return LEFT + 12 + (WIDTH - LEFT - 48) * log10(size / min(self.sizes)) / span

    def y(self, value):
        height = HEIGHT - TOP - BOTTOM
        return HEIGHT - BOTTOM - height * (log10(value) - self.low) / max(1, self.high - self.low)

    def _axes(self):
        yield text(LEFT, 20, f"{self.name}: CPU ms per request", weight="600")
        for power in range(self.low, self.high + 1):
            y = self.y(10.0**power)
            yield line(LEFT, y, WIDTH - 24, y, "#ddd")
            yield text(LEFT - 6, y + 4, f"{10.0**power:g}", anchor="end")
        for size in self.sizes:
            yield text(self.x(size), HEIGHT - BOTTOM + 18, f"{size:,}", anchor="middle")
        yield text((LEFT + WIDTH) / 2, HEIGHT - 8, "comments on the post", anchor="middle")

    def _ceilings(self):
        for what, colour in CEILINGS.items():
            if value := self.results.value(what, of="cpu"):
                yield line(LEFT, self.y(value), WIDTH - 24, self.y(value), colour, dashes="5 4")

    def _lines(self):
        for what, colour in COLOURS.items():
            points = [(self.x(size), self.y(value)) for size, value in self._points(what)]
            way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            yield f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>'
            for x, y in points:
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'


def _legend(x):
    for row, (what, colour) in enumerate((COLOURS | CEILINGS).items()):
        y = TOP + 14 + 22 * row
        yield line(x, y - 4, x + 18, y - 4, colour, dashes="5 4" if what in CEILINGS else "")
        yield text(x + 24, y, NAMES[what].partition(",")[0] if what == "cold" else NAMES[what])


def line(x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str = "") -> str:
    """Return a straight line as SVG."""
    style = f' stroke-dasharray="{dashes}"' if dashes else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="1.5"{style}/>'


def text(x: float, y: float, words: str, anchor: str = "start", weight: str = "400") -> str:
    """Return a text at (x, y) as SVG; ``anchor`` is "start", "middle" or "end"."""
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}"'
    return f"<text {where}>{escape(words)}</text>"
