"""A canvas over cairo: shapes in finished pixels (96 x 96), drawn four times too large, lit from one side."""

import contextlib
import math

import cairo
import numpy as np
from PIL import Image

SIZE, OVER = 96, 4  # finished side in pixels; how many times larger it is drawn


# ---------------------------------------------------------------- colours: three floats, 0 to 1


def rgb(text):
    """The colour of six hexadecimal digits."""
    return tuple(int(text[i : i + 2], 16) / 255 for i in (0, 2, 4))


def mix(a, b, t):
    return tuple(x + (y - x) * t for x, y in zip(a, b))


def dark(c, t=0.35):
    """Towards a warm near-black, as shadows are painted."""
    return mix(c, (0.10, 0.06, 0.12), t)


def pale(c, t=0.4):
    return mix(c, (1.0, 0.98, 0.92), t)


def vary(rng, c, amount=0.05):
    """The colour a little lighter or darker and a little off in hue."""
    light = rng.normal(0, amount)
    return tuple(float(np.clip(v + light + rng.normal(0, amount * 0.4), 0, 1)) for v in c)


def pick(rng, options):
    return options[rng.integers(len(options))]


# ---------------------------------------------------------------- curves: arrays of points


def bend(a, b, c, n=9):
    """A quadratic Bezier curve from a to c, pulled towards b."""
    t = np.linspace(0, 1, n)[:, None]
    a, b, c = np.array(a, float), np.array(b, float), np.array(c, float)
    return (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c


def strip(line, w0, w1, bulge=0.0):
    """Outline of a stroke along a line: w0 wide at its start, w1 at its end, `bulge` wider in the middle."""
    p = np.asarray(line, float)
    d = np.gradient(p, axis=0)
    d /= np.maximum(np.linalg.norm(d, axis=1, keepdims=True), 1e-9)
    t = np.linspace(0, 1, len(p))
    w = w0 + (w1 - w0) * t + bulge * np.sin(math.pi * t)
    side = np.stack([-d[:, 1], d[:, 0]], 1) * w[:, None] / 2
    return np.vstack([p + side, (p - side)[::-1]])


def mirror(points):
    return np.asarray(points, float) * (-1, 1)


def turned(points, angle):
    c, s = math.cos(angle), math.sin(angle)
    return np.asarray(points, float) @ np.array([[c, s], [-s, c]])


def round_points(x, y, rx, ry=None, turn=0.0, n=12):
    a = np.linspace(0, 2 * math.pi, n, endpoint=False)
    return turned(np.stack([rx * np.cos(a), (rx if ry is None else ry) * np.sin(a)], 1), turn) + (x, y)


# ---------------------------------------------------------------- the canvas


class Pen:
    """Draws on a picture of 96 x 96 units; `at` moves, scales and turns what is drawn inside it."""

    def __init__(self, rng):
        self.rng = rng
        self.surface = cairo.ImageSurface(cairo.FORMAT_RGB24, SIZE * OVER, SIZE * OVER)
        self.ctx = cairo.Context(self.surface)
        self.ctx.scale(OVER, OVER)
        self.ctx.set_line_cap(cairo.LINE_CAP_ROUND)
        self.light = rng.uniform(-2.7, -0.45)  # where the light comes from, in radians; up is -pi/2

    @contextlib.contextmanager
    def at(self, x=0.0, y=0.0, scale=1.0, turn=0.0, flip=False, squeeze=1.0):
        self.ctx.save()
        self.ctx.translate(x, y)
        self.ctx.rotate(turn)
        self.ctx.scale(-scale if flip else scale, scale * squeeze)
        yield
        self.ctx.restore()

    def trace(self, points, curved=True):
        """A closed path: a Catmull-Rom curve through the points, or straight lines."""
        p, ctx = np.asarray(points, float), self.ctx
        ctx.new_path()
        ctx.move_to(*p[0])
        if not curved:
            for q in p[1:]:
                ctx.line_to(*q)
        else:
            before, after, later = np.roll(p, 1, 0), np.roll(p, -1, 0), np.roll(p, -2, 0)
            for a, b, c in zip(p + (after - before) / 6, after - (later - p) / 6, after):
                ctx.curve_to(*a, *b, *c)
        ctx.close_path()

    def source(self, colour, alpha=1.0, to=None, box=None, along=math.pi / 2):
        """One colour, or a ramp from it to `to` across the box (x0, y0, x1, y1) in direction `along`."""
        if to is None:
            self.ctx.set_source_rgba(*colour, alpha)
            return
        x0, y0, x1, y1 = box
        cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
        u, v = math.cos(along) * (x1 - x0) / 2, math.sin(along) * (y1 - y0) / 2
        ramp = cairo.LinearGradient(cx - u, cy - v, cx + u, cy + v)
        ramp.add_color_stop_rgba(0, *colour, alpha)
        ramp.add_color_stop_rgba(1, *to, alpha)
        self.ctx.set_source(ramp)

    def fill(self, points, colour, to=None, along=math.pi / 2, alpha=1.0, curved=True):
        self.trace(points, curved)
        self.source(colour, alpha, to, self.ctx.path_extents(), along)
        self.ctx.fill()

    def oval(self, x, y, rx, ry=None, turn=0.0, colour=(0, 0, 0), to=None, along=math.pi / 2, alpha=1.0):
        self.fill(round_points(x, y, rx, ry, turn), colour, to, along, alpha)

    def line(self, points, colour, w0, w1=None, alpha=1.0, bulge=0.0):
        """A stroke as a brush leaves it: w0 wide at its start, w1 at its end."""
        self.fill(strip(points, w0, w0 if w1 is None else w1, bulge), colour, alpha=alpha, curved=False)

    @contextlib.contextmanager
    def inside(self, points, curved=True):
        """What is drawn here shows only inside the shape."""
        self.ctx.save()
        self.trace(points, curved)
        self.ctx.clip()
        yield
        self.ctx.restore()

    def glow(self, x, y, r, colour, alpha, squeeze=1.0, core=0.0):
        """A soft round spot: full up to `core` of its radius, gone at its rim."""
        self.ctx.save()
        self.ctx.translate(x, y)
        self.ctx.scale(1, squeeze)
        spot = cairo.RadialGradient(0, 0, 0, 0, 0, r)
        spot.add_color_stop_rgba(core, *colour, alpha)
        spot.add_color_stop_rgba(core + (1 - core) * 0.5, *colour, alpha * 0.5)
        spot.add_color_stop_rgba(1, *colour, 0)
        self.ctx.set_source(spot)
        self.ctx.arc(0, 0, r, 0, 2 * math.pi)
        self.ctx.fill()
        self.ctx.restore()

    def model(self, points, shade=0.45, shine=0.3, curved=True):
        """Shade a shape as if it were round: bright where the light falls, dark on the other side."""
        ctx = self.ctx
        self.trace(points, curved)
        path = ctx.copy_path()
        ctx.save()
        ctx.clip()
        corners = np.array([ctx.user_to_device(*q) for q in np.asarray(points, float)]) / OVER
        ctx.identity_matrix()
        ctx.scale(OVER, OVER)
        low, high = corners.min(0), corners.max(0)
        (cx, cy), r = (low + high) / 2, max(high - low) / 2
        lx, ly = math.cos(self.light) * r, math.sin(self.light) * r
        ball = cairo.RadialGradient(cx + lx * 0.45, cy + ly * 0.45, 0, cx + lx * 0.25, cy + ly * 0.25, r * 1.5)
        ball.add_color_stop_rgba(0, 1, 0.97, 0.84, shine)
        ball.add_color_stop_rgba(0.42, 1, 0.97, 0.84, 0)
        ball.add_color_stop_rgba(0.5, 0.12, 0.05, 0.2, 0)
        ball.add_color_stop_rgba(1, 0.12, 0.05, 0.2, shade)
        ctx.set_source(ball)
        ctx.paint()
        ctx.restore()
        return path

    def hairs(self, roots, length, width, colours, alpha, centre=None, angle=None, spread=0.35):
        """Short pointed strokes from the roots, away from `centre` or along `angle`; one path a colour, so quick."""
        rng, ctx = self.rng, self.ctx
        roots = np.asarray(roots, float)
        if centre is not None:
            away = roots - centre
            angle = np.arctan2(away[:, 1], away[:, 0])
        a = angle + rng.normal(0, spread, len(roots))
        tips = roots + np.stack([np.cos(a), np.sin(a)], 1) * (length * rng.uniform(0.5, 1.2, (len(roots), 1)))
        which = rng.integers(len(colours), size=len(roots))
        side = np.stack([-np.sin(a), np.cos(a)], 1) * width * 0.8
        for k, colour in enumerate(colours):
            ctx.new_path()
            for p, q, n in zip(roots[which == k], tips[which == k], side[which == k]):
                ctx.move_to(*(p + n))
                ctx.line_to(*q)
                ctx.line_to(*(p - n))
            ctx.set_source_rgba(*colour, alpha)
            ctx.fill()

    def coat(self, points, colours, count, length, width=0.05, alpha=0.5, centre=(0, 0), edge=0):
        """Fur: strokes over a shape, and `edge` tufts that break its outline."""
        p = np.asarray(points, float)
        low, high = p.min(0), p.max(0)
        with self.inside(points):
            self.hairs(self.rng.uniform(low, high, (count, 2)), length, width, colours, alpha, centre)
        if edge:
            i = self.rng.integers(len(p), size=edge)
            t = self.rng.random((edge, 1))
            rim = p[i] * (1 - t) + p[(i + 1) % len(p)] * t
            rim += (np.array(centre) - rim) * 0.06
            self.hairs(rim, length * 1.1, width * 1.3, colours, 0.9, centre, spread=0.45)

    def finish(self):
        """The picture, reduced to its size, with a warm or cool cast and a slight vignette."""
        rng = self.rng
        a = np.ndarray((SIZE * OVER, SIZE * OVER, 4), np.uint8, self.surface.get_data())[..., 2::-1]
        a = np.asarray(Image.fromarray(np.ascontiguousarray(a)).resize((SIZE, SIZE), Image.Resampling.LANCZOS), float) / 255
        y, x = np.mgrid[0:SIZE, 0:SIZE] / (SIZE - 1) - 0.5
        a *= 1 - rng.uniform(0.1, 0.35) * ((x - math.cos(self.light) * 0.2) ** 2 + (y - math.sin(self.light) * 0.2) ** 2)[..., None]
        warm = rng.normal(0, 0.035)
        a = np.clip(a * (1 + warm, 1, 1 - warm) * rng.uniform(0.9, 1.08), 0, 1) ** rng.uniform(0.88, 1.12)
        return Image.fromarray((a * 255).round().astype("uint8"))
