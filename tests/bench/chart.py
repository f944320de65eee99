"""Two charts as SVG, by hand: few enough marks that a library would be longer."""

import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 400, 70, 150, 40, 50
COLOURS = ("#1b6ca8", "#c0392b", "#2e7d32", "#8e5ea2")


class Plot:
    """Points in data units; axes are linear, or logarithmic where `log` names them."""

    def __init__(self, title, x_name, y_name, xs, ys, log=""):
        self.log = log
        self.x0, self.x1, self.y0, self.y1 = min(xs), max(xs), 1 if "y" in log else 0, max(ys) * 1.08
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
                      f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
                      f'<text x="{LEFT}" y="22" font-size="15">{title}</text>',
                      f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{x_name}</text>',
                      f'<text x="16" y="{(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle" '
                      f'transform="rotate(-90 16 {(TOP + HEIGHT - BOTTOM) / 2})">{y_name}</text>']

    def scale(self, value, axis, low, high):
        if axis in self.log:
            value, low, high = math.log(value), math.log(low), math.log(high)
        return (value - low) / (high - low or 1)

    def x(self, value):
        return LEFT + self.scale(value, "x", self.x0, self.x1) * (WIDTH - RIGHT - LEFT)

    def y(self, value):
        return HEIGHT - BOTTOM - self.scale(value, "y", self.y0, self.y1) * (HEIGHT - BOTTOM - TOP)

    def ticks(self, xs, ys):
        for value, label in xs:
            self.parts.append(f'<text x="{self.x(value):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{label}</text>')
        for value, label in ys:
            at = self.y(value)
            self.parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>'
                              f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{label}</text>')

    def series(self, name, points, colour, dashed=False, label_at=None):
        path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        self.parts += [f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="3" fill="{colour}"/>' for x, y in points]
        x, y = points[-1]
        at = self.y(y) if label_at is None else label_at
        self.parts.append(f'<text x="{self.x(x) + 8:.1f}" y="{at + 4:.1f}" fill="{colour}">{name}</text>')

    def level(self, y, name):
        self.series(name, [(self.x0, y), (self.x1, y)], "#777", dashed=True)

    def save(self, path):
        path.write_text("\n".join([*self.parts, "</svg>"]) + "\n", encoding="utf-8")


def spread(heights, least=15):
    """Labels moved down until none covers another: heights in the order given."""
    order, found, last = sorted(range(len(heights)), key=lambda i: heights[i]), {}, -least
    for i in order:
        last = max(heights[i], last + least)
        found[i] = last
    return [found[i] for i in range(len(heights))]


def steps(most):
    """Four to eight round steps up to `most`."""
    size = 10 ** math.floor(math.log10(most))
    size = next(s for s in (size / 5, size / 2, size, size * 2) if most / s <= 8)
    return [size * i for i in range(int(most / size) + 1)]


def batch(rows, path):
    """Throughput against the most events in a transaction: each stage, and its baseline dashed."""
    found = {}
    for row in rows:
        if row["bench"] == "stage" and row.get("batch"):
            found.setdefault(row["stage"], []).append((row["batch"], row["figure"], row["baseline"]))
    if not found:
        return
    xs = sorted({b for points in found.values() for b, _, _ in points})
    most = max(max(f, b) for points in found.values() for _, f, b in points) / 1000
    plot = Plot("Throughput against batch size", "most events in a transaction", "thousand events a second", xs, [most], "x")
    plot.ticks([(x, f"{x:,}") for x in xs], [(y, f"{y:g}") for y in steps(most)])
    lines = []
    for colour, (stage, points) in zip(COLOURS, sorted(found.items())):
        points.sort()
        lines.append((stage, [(b, f / 1000) for b, f, _ in points], colour, False))
        lines.append((f"{stage}: bare", [(b, base / 1000) for b, _, base in points], colour, True))
    for (name, points, colour, dashed), at in zip(lines, spread([plot.y(points[-1][1]) for _, points, _, _ in lines])):
        plot.series(name, points, colour, dashed, at)
    plot.save(path)


def latency(rows, path):
    """Latency, published to visible in both stores, against load."""
    points = sorted((r["rate"], r["p50"], r["figure"], r["p999"]) for r in rows if r["bench"] == "latency" and "part" in r)
    if not points:
        return
    xs, most = [p[0] for p in points], max(max(p[3] for p in points), 280)
    plot = Plot("End to end, published until in Redis and PostgreSQL", "events a second", "milliseconds", xs, [most])
    plot.ticks([(x, f"{x:,}") for x in xs], [(y, f"{y:g}") for y in steps(most)])
    lines = [(name, [(p[0], p[i]) for p in points], colour) for i, (name, colour) in
             enumerate((("half of them", COLOURS[0]), ("99 of 100", COLOURS[2]), ("999 of 1,000", COLOURS[1])), 1)]
    heights = spread([plot.y(points[-1][1]) for _, points, _ in lines] + [plot.y(250)])
    for (name, points, colour), at in zip(lines, heights):
        plot.series(name, points, colour, label_at=at)
    plot.series("budget of p99", [(plot.x0, 250), (plot.x1, 250)], "#777", True, heights[-1])
    plot.save(path)
