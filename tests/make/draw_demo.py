"""Draw the pictures of the built-in demo: 720 small paintings in six classes.

Run from the repository root (needs numpy and pillow only; about a minute):

    python tests/make/draw_demo.py                 # writes public/demo/images/
    python tests/make/draw_demo.py --sheet out.png # draws a few of each class on one sheet to look at

Each picture is drawn four times too large from parametric shapes and reduced with LANCZOS.
Every picture has its own seed, so the set is the same on every run.
"""

import argparse
import concurrent.futures
import math
import pathlib
import shutil

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

SIZE, N = 64, 256  # finished size, drawing size
PER_CLASS = 120
OUT = pathlib.Path(__file__).parents[2] / "public/demo/images"


# ---------------------------------------------------------------- colour and curve helpers


def hsv(h, s, v):
    i = int(h * 6) % 6
    f = h * 6 - math.floor(h * 6)
    p, q, t = v * (1 - s), v * (1 - f * s), v * (1 - (1 - f) * s)
    r, g, b = [(v, t, p), (q, v, p), (p, v, t), (p, q, v), (t, p, v), (v, p, q)][i]
    return (int(r * 255), int(g * 255), int(b * 255))


def mix(a, b, t):
    return tuple(int(x + (y - x) * t) for x, y in zip(a, b))


def dark(c, t=0.35):
    return mix(c, (20, 14, 24), t)


def pale(c, t=0.4):
    return mix(c, (255, 252, 240), t)


def ellipse(x, y, rx, ry=None, turn=0.0, n=40):
    ry = rx if ry is None else ry
    a = np.linspace(0, 2 * math.pi, n, endpoint=False)
    px, py = rx * np.cos(a), ry * np.sin(a)
    c, s = math.cos(turn), math.sin(turn)
    return [(x + u * c - v * s, y + u * s + v * c) for u, v in zip(px, py)]


def smooth(points, steps=8):
    """Closed Catmull-Rom curve through the points."""
    p = np.array(points, float)
    out = []
    for i in range(len(p)):
        a, b, c, d = p[i - 1], p[i], p[(i + 1) % len(p)], p[(i + 2) % len(p)]
        for k in range(steps):
            t = k / steps
            out.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return [tuple(q) for q in out]


def bezier(a, b, c, n=14):
    t = np.linspace(0, 1, n)[:, None]
    a, b, c = np.array(a, float), np.array(b, float), np.array(c, float)
    return [tuple(q) for q in (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c]


def strip(line, w0, w1):
    """Polygon around a line, w0 wide at its start and w1 at its end."""
    p = np.array(line, float)
    d = np.gradient(p, axis=0)
    d /= np.maximum(np.linalg.norm(d, axis=1, keepdims=True), 1e-9)
    side = np.stack([-d[:, 1], d[:, 0]], 1) * np.linspace(w0, w1, len(p))[:, None] / 2
    return [tuple(q) for q in np.vstack([p + side, (p - side)[::-1]])]


def mirror(points):
    return [(-x, y) for x, y in points]


GRID_Y, GRID_X = np.mgrid[0:N, 0:N] / N


class Pen:
    """A canvas with one movable frame: shapes are given in object units and placed by it."""

    def __init__(self, rng):
        self.rng = rng
        self.im = Image.new("RGB", (N, N), (128, 128, 128))
        self.light = rng.uniform(-2.6, -0.5)  # where the light comes from (radians; up is -pi/2)
        self.frame()

    def frame(self, x=0.0, y=0.0, scale=1.0, turn=0.0, flip=False, squeeze=1.0):
        c, s = math.cos(turn), math.sin(turn)
        k = -1 if flip else 1
        self.m = (x, y, scale * c * k * squeeze, -scale * s, scale * s * k * squeeze, scale * c)
        self.unit = scale

    def place(self, points):
        x, y, a, b, c, d = self.m
        return [(x + a * u + b * v, y + c * u + d * v) for u, v in points]

    def mask(self, points, clip=None):
        m = Image.new("L", (N, N), 0)
        ImageDraw.Draw(m).polygon(self.place(points), fill=255)
        return ImageChops.multiply(m, clip) if clip else m

    def fill(self, points, colour, clip=None, alpha=1.0, to=None, along=math.pi / 2):
        """Fill; with `to`, the colour runs to it in direction `along`. Returns the mask."""
        m = self.mask(points, clip)
        self.paint(m, colour, alpha, to, along)
        return m

    def paint(self, m, colour, alpha=1.0, to=None, along=math.pi / 2):
        a = m.point(lambda v: int(v * alpha)) if alpha < 1 else m
        box = m.getbbox()
        if not box:
            return
        if to is None:
            self.im.paste(colour, (0, 0), a)
            return
        t = GRID_X * math.cos(along) + GRID_Y * math.sin(along)
        part = t[box[1] : box[3], box[0] : box[2]]
        t = (t - part.min()) / max(part.max() - part.min(), 1e-6)
        t = np.clip(t, 0, 1)[..., None]
        ramp = np.array(colour) * (1 - t) + np.array(to) * t
        self.im.paste(Image.fromarray(ramp.astype("uint8")), (0, 0), a)

    def line(self, points, colour, width, taper=None, clip=None, alpha=1.0):
        self.fill(strip(points, width, width if taper is None else taper), colour, clip, alpha)

    def round(self, m, depth=0.45, size=0.12, shine=0.25):
        """Shade a shape as if it were round: dark rim away from the light, bright towards it."""
        r = max(2.0, size * self.unit)
        dx, dy = int(math.cos(self.light) * r), int(math.sin(self.light) * r)
        soft = m.filter(ImageFilter.GaussianBlur(r))
        shade = ImageChops.multiply(m, ImageChops.invert(ImageChops.offset(soft, dx, dy)))
        self.paint(shade, (18, 8, 36), depth)
        if shine:
            glow = ImageChops.multiply(m, ImageChops.invert(ImageChops.offset(soft, -dx, -dy)))
            self.paint(glow, (255, 250, 225), shine)

    def shadow(self, m, by=0.15, alpha=0.4, blur=0.08):
        r = max(2.0, blur * self.unit)
        dx, dy = int(-math.cos(self.light) * by * self.unit), int(abs(math.sin(self.light)) * by * self.unit)
        soft = ImageChops.offset(m.filter(ImageFilter.GaussianBlur(r)), dx, dy)
        self.paint(soft, (12, 10, 30), alpha)


# ---------------------------------------------------------------- backgrounds (frame: pixels)


def bg_ramp(p, top, bottom, along=math.pi / 2):
    p.paint(Image.new("L", (N, N), 255), top, to=bottom, along=along)


def mottle(p, colours, count, size, alpha=0.35, blur=5):
    """Soft blotches: a quiet, painterly ground."""
    rng = p.rng
    layer = p.im.copy()
    d = ImageDraw.Draw(layer)
    for _ in range(count):
        x, y, r = rng.uniform(-20, N + 20), rng.uniform(-20, N + 20), rng.uniform(0.4, 1) * size
        d.ellipse([x - r, y - r * 0.7, x + r, y + r * 0.7], fill=colours[rng.integers(len(colours))])
    p.im = Image.blend(p.im, layer.filter(ImageFilter.GaussianBlur(blur)), alpha)


def sky(p, horizon=1.0):
    rng = p.rng
    kind = rng.choice(["day", "day", "day", "dusk", "dawn", "night", "grey"])
    top, low = {
        "day": ((70, 140, 220), (190, 225, 250)),
        "dusk": ((80, 60, 130), (250, 150, 90)),
        "dawn": ((130, 160, 220), (255, 215, 200)),
        "night": ((14, 20, 58), (58, 70, 130)),
        "grey": ((130, 145, 160), (215, 220, 222)),
    }[kind]
    j = rng.uniform(-18, 18, 3)
    top = tuple(int(np.clip(v + e, 0, 255)) for v, e in zip(top, j))
    bg_ramp(p, top, low)
    if kind == "night":
        for _ in range(rng.integers(10, 24)):
            x, y = rng.uniform(0, N), rng.uniform(0, N * 0.7)
            p.fill(ellipse(x, y, rng.uniform(1.5, 3.2)), (250, 245, 210))
        if rng.random() < 0.6:
            x, y, r = rng.uniform(25, 230), rng.uniform(20, 70), rng.uniform(11, 18)
            m = p.mask(ellipse(x, y, r))
            m = ImageChops.subtract(m, p.mask(ellipse(x + r * 0.6, y - r * 0.2, r)))
            p.paint(m, (252, 244, 205))
    else:
        if rng.random() < 0.35:
            p.fill(ellipse(rng.uniform(20, 236), rng.uniform(15, 70), rng.uniform(12, 22)), (255, 238, 150))
        for _ in range(rng.integers(0, 4)):
            x, y, s = rng.uniform(0, N), rng.uniform(10, 120), rng.uniform(12, 26)
            white = pale(low, rng.uniform(0.4, 0.9))
            for k in range(4):
                p.fill(ellipse(x + (k - 1.5) * s * 0.8, y - (k % 2) * s * 0.35, s * 0.75, s * 0.5), white, alpha=0.9)
    return kind


def blades(p, y0, y1, count, colours, tall):
    """Grass blades rooted between y0 and y1, far ones first."""
    rng = p.rng
    for y in np.sort(rng.uniform(y0, y1, count)):
        x, h = rng.uniform(-5, N + 5), tall * rng.uniform(0.6, 1.3)
        lean = rng.uniform(-0.5, 0.5) * h
        c = colours[rng.integers(len(colours))]
        p.fill(strip(bezier((x, y), (x, y - h * 0.6), (x + lean, y - h), 7), tall * 0.16 + 1.5, 0.6), c)


def greens(rng):
    h = rng.uniform(0.22, 0.37)
    return [hsv(h + rng.uniform(-0.03, 0.03), rng.uniform(0.5, 0.8), v) for v in (0.38, 0.5, 0.6, 0.7)]


def bg_meadow(p, horizon=None):
    rng = p.rng
    horizon = rng.uniform(110, 190) if horizon is None else horizon
    kind = sky(p)
    if rng.random() < 0.5:
        far = hsv(rng.uniform(0.3, 0.6), 0.35, rng.uniform(0.35, 0.65))
        hill = [(-10, N)] + [
            (x, horizon - rng.uniform(4, 34)) for x in np.linspace(-10, N + 10, 6)
        ] + [(N + 10, N)]
        p.fill(smooth(hill), far)
    g = greens(rng)
    if kind == "night":
        g = [dark(c, 0.5) for c in g]
    p.fill([(-5, N + 5), (-5, horizon), (N * 0.5, horizon - rng.uniform(-8, 10)), (N + 5, horizon), (N + 5, N + 5)],
           g[3], to=g[0])
    blades(p, horizon + 6, N + 14, rng.integers(40, 90), g, rng.uniform(12, 22))
    return horizon


def bg_grass(p):
    rng = p.rng
    g = greens(rng)
    bg_ramp(p, g[2], g[0])
    blades(p, -5, N + 25, 150, g, rng.uniform(20, 36))


def bg_soil(p):
    rng = p.rng
    h = rng.uniform(0.04, 0.1)
    base = [hsv(h, rng.uniform(0.35, 0.6), v) for v in (0.24, 0.32, 0.42, 0.52)]
    bg_ramp(p, base[2], base[0], rng.uniform(0, 3))
    mottle(p, base, 60, 26, 0.8, 3)
    for _ in range(rng.integers(15, 45)):
        x, y, r = rng.uniform(0, N), rng.uniform(0, N), rng.uniform(2.5, 9)
        c = mix(base[3], (170, 165, 160), rng.uniform(0, 0.9))
        p.fill(ellipse(x + 1.5, y + 2, r, r * 0.75), dark(base[0], 0.4))
        p.fill(ellipse(x, y, r, r * 0.75, rng.uniform(0, 3)), c)


def bg_planks(p):
    rng = p.rng
    base = hsv(rng.uniform(0.05, 0.11), rng.uniform(0.3, 0.6), rng.uniform(0.45, 0.8))
    w, upright = rng.uniform(36, 70), rng.random() < 0.5
    start = rng.uniform(-w, 0)
    turn = (lambda q: q) if upright else (lambda q: [(y, x) for x, y in q])
    for i in range(10):
        x = start + i * w
        c = mix(base, (60, 35, 20), rng.uniform(0, 0.3))
        p.fill(turn([(x, -2), (x + w, -2), (x + w, N + 2), (x, N + 2)]), c)
        for _ in range(5):
            u = x + rng.uniform(0.1, 0.9) * w
            p.line(turn(bezier((u, -2), (u + rng.uniform(-9, 9), N / 2), (u, N + 2))), dark(c, 0.18), 2.0)
        p.line(turn([(x, -2), (x, N + 2)]), dark(base, 0.6), 4.0)


def bg_paper(p):
    """Wallpaper: stripes, dots or checks in two quiet tones."""
    rng = p.rng
    h, s = rng.random(), rng.uniform(0.08, 0.45)
    a = hsv(h, s, rng.uniform(0.6, 0.97))
    b = hsv((h + rng.uniform(-0.08, 0.08)) % 1, s * rng.uniform(0.5, 1.3), rng.uniform(0.55, 0.97))
    bg_ramp(p, a, dark(a, 0.12))
    kind, w = rng.integers(4), rng.uniform(24, 54)
    if kind == 0:
        for x in np.arange(-w, N + w, w):
            p.fill([(x, -2), (x + w / 2, -2), (x + w / 2, N + 2), (x, N + 2)], b)
    elif kind == 1:
        for i, y in enumerate(np.arange(-w, N + w, w)):
            for x in np.arange(-w, N + w, w):
                p.fill(ellipse(x + (i % 2) * w / 2, y, w * 0.18), b)
    elif kind == 2:
        for x in np.arange(-w, N + w, w):
            p.fill([(x, -2), (x + w / 2, -2), (x + w / 2, N + 2), (x, N + 2)], b, alpha=0.5)
            p.fill([(-2, x), (-2, x + w / 2), (N + 2, x + w / 2), (N + 2, x)], b, alpha=0.5)
    if rng.random() < 0.45:
        y, c = rng.uniform(190, 225), hsv(rng.uniform(0.03, 0.12), rng.uniform(0.3, 0.6), rng.uniform(0.35, 0.7))
        p.fill([(-2, y), (N + 2, y), (N + 2, N + 2), (-2, N + 2)], c, to=dark(c, 0.3))
        p.line([(-2, y), (N + 2, y)], pale(c, 0.3), 5)


def bg_blur(p):
    """Out-of-focus lights and leaves."""
    rng = p.rng
    h = rng.random()
    a, b = hsv(h, rng.uniform(0.2, 0.6), rng.uniform(0.3, 0.9)), hsv((h + rng.uniform(0.05, 0.3)) % 1, 0.4, rng.uniform(0.3, 0.8))
    bg_ramp(p, a, b, rng.uniform(0, 3))
    mottle(p, [pale(a, 0.4), dark(b, 0.3), pale(b, 0.3), a], rng.integers(8, 26), rng.uniform(22, 48), 0.6, rng.uniform(3, 12))


def bg_water(p):
    rng = p.rng
    h = rng.uniform(0.46, 0.63)
    a, b = hsv(h, rng.uniform(0.35, 0.65), rng.uniform(0.7, 0.95)), hsv(h + 0.03, rng.uniform(0.6, 0.85), rng.uniform(0.25, 0.6))
    bg_ramp(p, a, b, math.pi / 2 + rng.uniform(-0.4, 0.4))
    for _ in range(rng.integers(0, 5)):  # shafts of light
        x, w, d = rng.uniform(-40, N), rng.uniform(12, 40), rng.uniform(-60, 60)
        p.fill([(x, -2), (x + w, -2), (x + w * 2 + d, N + 2), (x + d, N + 2)], (255, 255, 255), alpha=0.09)
    if rng.random() < 0.55:
        sand = hsv(rng.uniform(0.09, 0.13), rng.uniform(0.25, 0.5), rng.uniform(0.6, 0.85))
        y = rng.uniform(200, 235)
        p.fill(smooth([(-20, N + 30), (-20, y), (60, y - 8), (150, y + 6), (N + 20, y - 4), (N + 20, N + 30)]), mix(sand, b, 0.3), to=dark(sand, 0.3))
    if rng.random() < 0.6:
        for _ in range(rng.integers(1, 6)):
            weed(p, rng.uniform(0, N), N + 5, rng.uniform(60, 170))
    for _ in range(rng.integers(0, 9)):
        bubble(p, rng.uniform(0, N), rng.uniform(0, N), rng.uniform(4, 11))


def weed(p, x, y, h):
    rng = p.rng
    c = hsv(rng.uniform(0.25, 0.45), rng.uniform(0.5, 0.8), rng.uniform(0.25, 0.55))
    ph, k = rng.uniform(0, 6), rng.uniform(6, 14)
    t = np.linspace(0, 1, 20)
    p.fill(strip([(x + math.sin(ph + u * 6) * k, y - u * h) for u in t], rng.uniform(10, 18), 2), c)


def bubble(p, x, y, r):
    p.fill(ellipse(x, y, r), (225, 245, 255), alpha=0.45)
    p.fill(ellipse(x, y, r * 0.72), (120, 190, 225), alpha=0.45)
    p.fill(ellipse(x - r * 0.35, y - r * 0.35, r * 0.25), (255, 255, 255))


GROUNDS = {
    "meadow": bg_meadow,
    "grass": bg_grass,
    "soil": bg_soil,
    "planks": bg_planks,
    "paper": bg_paper,
    "blur": bg_blur,
    "water": bg_water,
    "sky": sky,
}


def ground(p, **odds):
    names = list(odds)
    w = np.array([odds[n] for n in names], float)
    name = names[p.rng.choice(len(names), p=w / w.sum())]
    p.frame()
    GROUNDS[name](p)
    if p.rng.random() < 0.5 and name in ("paper", "planks"):  # a slanting patch of light
        x, d = p.rng.uniform(-60, 200), p.rng.uniform(-90, 90)
        w = p.rng.uniform(40, 100)
        p.fill([(x, -2), (x + w, -2), (x + w + d, N + 2), (x + d, N + 2)], (255, 246, 205), alpha=0.22)
    return name


# ---------------------------------------------------------------- cat and dog

FUR = [(232, 150, 70), (205, 120, 50), (120, 115, 120), (165, 160, 160), (60, 55, 62), (245, 238, 225),
       (150, 105, 70), (225, 195, 150), (95, 75, 62), (238, 205, 150)]


def fur(rng):
    c = FUR[rng.integers(len(FUR))]
    return tuple(int(np.clip(v + rng.uniform(-14, 14), 20, 250)) for v in c)


def body(p, coat, belly, tail, slim):
    """Sitting body below a head of half-width 1; drawn before the head."""
    rng = p.rng
    w = rng.uniform(0.75, 1.0) * slim
    if tail:
        side = rng.choice([-1, 1])
        t = bezier((side * 0.6, 2.5), (side * rng.uniform(1.6, 2.4), 2.6), (side * rng.uniform(1.2, 1.9), rng.uniform(0.6, 1.5)))
        m = p.fill(strip(t, 0.42, 0.26), dark(coat, 0.12))
        p.fill(strip(t[-4:], 0.3, 0.2), belly)
        p.round(m, 0.4, 0.1, 0)
    m = p.fill(smooth([(-0.55 * slim, 0.4), (-w, 1.6), (-w * 1.15, 2.7), (w * 1.15, 2.7), (w, 1.6), (0.55 * slim, 0.4)]), coat)
    p.fill(ellipse(0, 1.55, 0.42 * w, 0.8), belly, m)
    p.round(m, 0.5, 0.25, 0.15)
    for s in (-1, 1):
        q = p.fill(smooth([(s * 0.12, 1.5), (s * 0.5, 1.5), (s * 0.52, 2.7), (s * 0.08, 2.7)]), coat)
        p.round(q, 0.35, 0.08, 0.1)
        p.fill(ellipse(s * 0.3, 2.66, 0.3, 0.17), belly)
    return m


def eye_cat(p, x, y, s, tilt, iris, open_, look, slit):
    m = p.fill(ellipse(x, y, 0.285 * s, 0.25 * s * open_, tilt), (28, 22, 26))
    m = p.fill(ellipse(x, y, 0.25 * s, 0.215 * s * open_, tilt), iris, to=pale(iris, 0.45))
    p.fill(ellipse(x + look, y, slit * s, 0.2 * s), (14, 12, 18), m)
    p.fill(ellipse(x + look - 0.07, y - 0.08 * open_, 0.055 * s), (255, 255, 255), m)


def cat(p):
    rng = p.rng
    ground(p, paper=4, planks=2, meadow=2.5, grass=2, blur=3, soil=0.5)
    whole = rng.random() < 0.4
    s = rng.uniform(40, 56) if whole else rng.uniform(58, 92)
    x = rng.uniform(82, 174) if s < 70 else rng.uniform(100, 156)
    y = rng.uniform(75, 105) if whole else rng.uniform(118, 160)
    turn = rng.normal(0, 0.16)
    flip, squeeze = rng.random() < 0.5, rng.uniform(0.9, 1.04)
    coat = fur(rng)
    pattern = rng.choice(["plain", "tabby", "tabby", "tabby", "tuxedo", "siamese", "patches"])
    if pattern == "siamese":
        coat = (240, 224, 196)
    bright = pale(coat, 0.6) if sum(coat) > 250 else mix(coat, (230, 230, 230), 0.55)
    mark = dark(coat, 0.65) if sum(coat) > 230 else pale(coat, 0.4)
    if pattern == "siamese":
        mark = (82, 60, 52)
    belly = (246, 243, 236) if pattern in ("tuxedo", "patches") else bright

    p.frame(x, y, s, turn * 0.3, flip, squeeze)
    if whole or rng.random() < 0.5:
        p.shadow(p.mask(ellipse(0.2, 2.7, 1.1, 0.22)), 0.0, 0.5)
        b = body(p, coat, belly, whole, 1.0)
        if pattern == "tabby":
            for k in range(4):
                for sd in (-1, 1):
                    yy = 1.0 + k * 0.42
                    p.line(bezier((sd * 1.2, yy), (sd * 0.8, yy + 0.08), (sd * 0.45, yy - 0.06)), mark, 0.17, 0.03, b)
    p.frame(x, y, s, turn, flip, squeeze)
    tall, spread = rng.uniform(0.95, 1.3), rng.uniform(0.66, 0.86)
    ear = [(-0.95, -0.2), (-0.93, -0.62), (-spread - 0.06, -tall), (-spread + 0.07, -tall), (-0.42, -0.82), (-0.1, -0.6)]
    face = smooth([(0, -0.78), (-0.5, -0.72), (-0.92, -0.3), (-1.04, 0.18), (-0.82, 0.56), (-0.35, 0.82),
                   (0, 0.86), (0.35, 0.82), (0.82, 0.56), (1.04, 0.18), (0.92, -0.3), (0.5, -0.72)])
    if whole or rng.random() < 0.6:
        p.shadow(p.mask(face), 0.18, 0.35)
    pink = mix((240, 160, 150), coat, rng.uniform(0, 0.35))
    for q in (ear, mirror(ear)):
        m = p.fill(q, mark if pattern == "siamese" else coat)
        p.round(m, 0.4, 0.08, 0.1)
        c = np.array(q).mean(0)
        p.fill([tuple(c + (np.array(v) - c) * 0.58 + (0, 0.03)) for v in q], pink, to=dark(pink, 0.3))
    m = p.fill(face, coat)
    if pattern == "patches":
        p.fill(ellipse(-0.6, -0.35, 0.6, 0.55), mark, m)
        p.fill(ellipse(0.75, -0.55, 0.4, 0.4), dark(coat, 0.25), m)
    if pattern == "siamese":
        soft = p.mask(ellipse(0, 0.3, 0.55, 0.5), m).filter(ImageFilter.GaussianBlur(s * 0.1))
        p.paint(ImageChops.multiply(soft, m), mark)
    if pattern in ("tuxedo", "patches"):
        p.fill(smooth([(0, -0.55), (-0.14, 0), (-0.55, 0.4), (-0.5, 0.9), (0.5, 0.9), (0.55, 0.4), (0.14, 0)]), belly, m)
    if pattern == "tabby":
        for dx in (-0.34, 0, 0.34):
            p.line(bezier((dx * 1.25, -0.9), (dx, -0.6), (dx * 0.55, -0.32)), mark, 0.17, 0.03, m)
        for sd in (-1, 1):
            for k in range(3):
                yy = -0.08 + k * 0.25
                p.line(bezier((sd * 1.1, yy), (sd * 0.85, yy + 0.08), (sd * 0.6, yy + 0.04)), mark, 0.13, 0.02, m)
    if pattern != "siamese":
        for sd in (-1, 1):
            p.fill(ellipse(sd * 0.19, 0.42, 0.3, 0.24), belly, m)
    p.round(m, 0.45, 0.2, 0.22)
    iris = hsv(*[(0.28, 0.65, 0.75), (0.15, 0.8, 0.92), (0.1, 0.85, 0.85), (0.55, 0.55, 0.9)][rng.integers(4)])
    if pattern == "siamese":
        iris = (110, 180, 235)
    open_, look = rng.uniform(0.75, 1.15), rng.uniform(-0.07, 0.07)
    slit, es, ey = rng.uniform(0.05, 0.15), rng.uniform(0.95, 1.25), rng.uniform(-0.13, -0.02)
    if rng.random() < 0.09:  # asleep
        for sd in (-1, 1):
            p.line(bezier((sd * 0.2, ey), (sd * 0.42, ey + 0.2), (sd * 0.66, ey - 0.04)), (30, 22, 26), 0.08)
    else:
        for sd in (-1, 1):
            eye_cat(p, sd * 0.44, ey, es, sd * -0.25, iris, open_, look, slit)
    p.fill(smooth([(-0.13, 0.2), (0.13, 0.2), (0, 0.35)]), mix((225, 120, 120), mark, 0.25 if pattern != "siamese" else 0.8))
    for sd in (-1, 1):
        p.line(bezier((0, 0.33), (sd * 0.02, 0.55), (sd * 0.27, 0.5), 9), dark(mark, 0.6), 0.05)
        for k in range(3):
            a = -0.12 + k * 0.16 + rng.uniform(-0.04, 0.04)
            p.line(bezier((sd * 0.32, 0.4 + k * 0.06), (sd * 0.8, 0.34 + a), (sd * rng.uniform(1.2, 1.4), 0.36 + a * 1.8)),
                   (250, 250, 250) if sum(coat) < 560 else (110, 100, 95), 0.034, 0.014, None, 0.55)


def dog(p):
    rng = p.rng
    ground(p, paper=2.5, planks=2, meadow=4, grass=2.5, blur=3, soil=1)
    whole = rng.random() < 0.4
    s = rng.uniform(38, 54) if whole else rng.uniform(54, 84)
    x = rng.uniform(84, 172) if s < 68 else rng.uniform(102, 154)
    y = rng.uniform(75, 105) if whole else rng.uniform(112, 146)
    turn, flip, squeeze = rng.normal(0, 0.17), rng.random() < 0.5, rng.uniform(0.86, 1.02)
    coat = fur(rng)
    mark = dark(coat, rng.uniform(0.3, 0.6)) if sum(coat) > 260 else pale(coat, 0.25)
    bright = pale(coat, 0.65) if sum(coat) > 200 else (215, 165, 110)
    belly = bright if rng.random() < 0.7 else coat
    p.frame(x, y, s, turn * 0.3, flip, squeeze)
    collar = hsv(rng.random(), 0.75, rng.uniform(0.5, 0.9))
    if whole or rng.random() < 0.6:
        p.shadow(p.mask(ellipse(0.2, 2.7, 1.15, 0.22)), 0.0, 0.5)
        b = body(p, coat, belly, whole, 1.1)
        if rng.random() < 0.3:
            p.fill(ellipse(rng.uniform(-0.8, 0.8), rng.uniform(1.2, 2.2), 0.5, 0.6), mark, b)
        if rng.random() < 0.7:
            p.line(bezier((-0.72, 0.95), (0, 1.3), (0.72, 0.95)), collar, 0.2)
            p.fill(ellipse(0, 1.3, 0.14), (245, 205, 80))
    p.frame(x, y, s, turn, flip, squeeze)
    style = rng.choice(["floppy", "floppy", "floppy", "long", "prick", "half"])
    long_ = {"floppy": rng.uniform(0.35, 0.6), "long": rng.uniform(0.8, 1.05)}.get(style, 0)
    ear_col = mark if rng.random() < 0.65 else dark(coat, 0.15)

    def ears():
        if style == "prick":
            q = smooth([(-0.8, -0.3), (-0.92, -0.85), (-0.84, -1.3), (-0.6, -1.25), (-0.25, -0.75)])
        elif style == "half":
            q = smooth([(-0.7, -0.3), (-0.85, -0.9), (-1.05, -1.0), (-1.35, -0.6), (-1.2, -0.5), (-0.55, -0.8), (-0.3, -0.7)])
        else:
            q = smooth([(-0.5, -0.8), (-0.95, -0.78), (-1.3, -0.2), (-1.32, long_ * 0.8), (-1.08, long_ + 0.1), (-0.86, long_ * 0.6), (-0.78, -0.2)])
        for e in (q, mirror(q)):
            m = p.fill(e, ear_col)
            if style == "prick":
                c = np.array(e).mean(0)
                p.fill([tuple(c + (np.array(v) - c) * 0.55) for v in e], mix((225, 150, 135), ear_col, 0.4))
            p.round(m, 0.45, 0.1, 0.22)

    head = smooth([(0, -0.9), (-0.55, -0.82), (-0.86, -0.35), (-0.8, 0.2), (-0.58, 0.62), (-0.4, 0.95), (0, 1.05),
                   (0.4, 0.95), (0.58, 0.62), (0.8, 0.2), (0.86, -0.35), (0.55, -0.82)])
    p.shadow(p.mask(head), 0.18, 0.35)
    if style in ("prick", "half"):
        ears()
    tongue = rng.random() < 0.5
    if tongue:
        t = p.fill(smooth([(-0.2, 0.75), (-0.22, 1.2), (0, 1.36), (0.22, 1.2), (0.2, 0.75)]), (232, 110, 125))
        p.round(t, 0.3, 0.06, 0)
    m = p.fill(head, coat)
    if rng.random() < 0.45:  # blaze
        p.fill(smooth([(-0.12, -1), (0.12, -1), (0.2, -0.1), (0.4, 0.6), (-0.4, 0.6), (-0.2, -0.1)]), belly, m)
    if rng.random() < 0.45:
        p.fill(ellipse(0.42, -0.2, 0.38, 0.42, 0.3), mark, m)
    elif rng.random() < 0.4:
        for sd in (-1, 1):
            p.fill(ellipse(sd * 0.42, -0.22, 0.32, 0.36), mark, m)
    p.round(m, 0.42, 0.2, 0.2)
    muzzle = smooth([(0, 0.02), (-0.34, 0.1), (-0.56, 0.52), (-0.36, 0.88), (0, 0.93), (0.36, 0.88), (0.56, 0.52), (0.34, 0.1)])
    q = p.fill(muzzle, belly)
    p.round(q, 0.35, 0.14, 0.15)
    if style in ("floppy", "long"):
        ears()
    ey, ex, look = rng.uniform(-0.26, -0.14), rng.uniform(0.36, 0.44), rng.uniform(-0.03, 0.03)
    er = rng.uniform(0.15, 0.2)
    brown = [(60, 32, 18), (96, 56, 26), (30, 22, 22)][rng.integers(3)]
    for sd in (-1, 1):
        p.fill(ellipse(sd * ex, ey, er * 1.35, er * 1.2), pale(coat, 0.2))
        p.fill(ellipse(sd * ex + look, ey, er), brown)
        p.fill(ellipse(sd * ex + look, ey, er * 0.6), (12, 8, 10))
        p.fill(ellipse(sd * ex + look - er * 0.35, ey - er * 0.4, er * 0.34), (255, 255, 255))
        if rng.random() < 0.5:
            p.line(bezier((sd * (ex - 0.16), ey - er * 1.75), (sd * ex, ey - er * 2.3), (sd * (ex + 0.2), ey - er * 1.4)), mark, 0.07)
    nose = (28, 22, 26) if rng.random() < 0.85 else (130, 70, 62)
    p.fill(smooth([(-0.24, 0.2), (0, 0.14), (0.24, 0.2), (0.16, 0.38), (0, 0.46), (-0.16, 0.38)]), nose)
    p.fill(ellipse(-0.07, 0.22, 0.08, 0.045), (215, 215, 225))
    p.line([(0, 0.42), (0, 0.62)], (45, 30, 30), 0.055)
    for sd in (-1, 1):
        p.line(bezier((0, 0.6), (sd * 0.2, 0.8), (sd * 0.42, 0.6), 9), (45, 30, 30), 0.06)
    if rng.random() < 0.4:
        for sd in (-1, 1):
            for k in range(3):
                p.fill(ellipse(sd * (0.22 + 0.1 * (k % 2)), 0.5 + 0.08 * k, 0.028), (60, 45, 40))


# ---------------------------------------------------------------- fish


def fish_at(p, x, y, s, turn, flip, colours=None):
    rng = p.rng
    h = rng.random() if rng.random() < 0.55 else rng.uniform(0.0, 0.13)
    a = hsv(h, rng.uniform(0.5, 0.95), rng.uniform(0.75, 1.0))
    b = hsv((h + rng.choice([0.5, 0.08, 0.92, 0.33, 0.58])) % 1, rng.uniform(0.3, 0.9), rng.uniform(0.5, 1.0))
    if rng.random() < 0.25:
        b = (250, 248, 240)
    tall = rng.uniform(0.38, 0.78)
    p.frame(x, y, s, turn, flip)
    fin = mix(a, b, rng.uniform(0.2, 1)) if rng.random() < 0.7 else a
    tl, tw = rng.uniform(0.35, 0.62), rng.uniform(0.4, 0.75)
    tail = smooth([(0.78, 0), (1.0, -0.14), (1.0 + tl, -tw), (1.0 + tl * rng.uniform(0.45, 0.85), 0), (1.0 + tl, tw), (1.0, 0.14)], 6)
    outline = smooth([(-1, 0.02), (-0.72, -tall * 0.62), (-0.15, -tall), (0.5, -tall * 0.6), (0.95, -0.13),
                      (0.95, 0.13), (0.5, tall * 0.62), (-0.15, tall), (-0.72, tall * 0.66)])
    p.shadow(p.mask(outline), 0.25, 0.22, 0.15)

    def rays(m, x0, y0, pts):
        for q in pts:
            p.line([(x0, y0), ((x0 + q[0]) / 2, (y0 + q[1]) / 2), q], dark(fin, 0.55), 0.04, 0.06, m)

    m = p.fill(tail, fin, to=pale(fin, 0.35), along=turn + (math.pi if flip else 0))
    rays(m, 0.8, 0, [(1.0 + tl, v) for v in np.linspace(-tw, tw, 7)])
    peak = rng.uniform(0.25, 0.55)
    dorsal = smooth([(-0.45, -tall * 0.75), (-0.2, -tall - peak), (0.35, -tall - peak * rng.uniform(0.3, 0.9)), (0.62, -tall * 0.4), (0, -tall * 0.5)])
    m = p.fill(dorsal, fin)
    rays(m, 0.05, 0, [(v, -tall - peak) for v in np.linspace(-0.4, 0.7, 7)])
    belly = smooth([(-0.1, tall * 0.8), (0.15, tall + peak * 0.7), (0.42, tall + peak * 0.5), (0.5, tall * 0.4)])
    p.fill(belly, fin)
    m = p.fill(outline, a, to=pale(a, 0.5) if rng.random() < 0.5 else mix(a, b, 0.5), along=math.pi / 2)
    style = rng.choice(["bands", "bands", "scales", "scales", "lines", "spots", "clown"])
    if style == "bands":
        k = rng.integers(3, 6)
        for u in np.linspace(-0.4, 0.75, k):
            p.fill(strip(bezier((u, -1), (u + 0.2, 0), (u, 1)), 0.9 / k, 0.9 / k), b, m)
    elif style == "clown":
        for u in (-0.42, 0.18, 0.72):
            q = bezier((u, -1), (u + 0.22, 0), (u, 1))
            p.fill(strip(q, 0.3, 0.3), (25, 20, 28), m)
            p.fill(strip(q, 0.2, 0.2), (252, 250, 245), m)
    elif style == "lines":
        for v in np.linspace(-0.8, 0.8, rng.integers(4, 7)):
            p.line(bezier((-0.5, v * tall * 0.8), (0.1, v * tall * 1.1), (0.95, v * 0.12)), b, 0.1, 0.05, m)
    elif style == "spots":
        for _ in range(rng.integers(8, 18)):
            p.fill(ellipse(rng.uniform(-0.35, 0.85), rng.uniform(-tall, tall), rng.uniform(0.05, 0.12)), b, m)
    else:
        g = rng.uniform(0.19, 0.27)
        for i, u in enumerate(np.arange(0.95, -0.5, -g * 0.72)):
            for v in np.arange(-1, 1, g):
                yy = v + (i % 2) * g / 2
                p.fill(ellipse(u, yy, g * 0.6), dark(a, 0.5), m)
                p.fill(ellipse(u + 0.035, yy, g * 0.5), mix(a, b, 0.35 + 0.3 * (i % 2)), m)
    face = p.mask(strip(bezier((-0.75, -1), (-0.4, 0), (-0.75, 1)), 1.0, 1.0), m)
    if style != "clown":
        front = ImageChops.multiply(m, p.mask(smooth([(-1.3, -1), (-0.55, -1), (-0.38, 0), (-0.55, 1), (-1.3, 1)])))
        p.paint(front, mix(a, pale(b, 0.3), rng.choice([0.0, 0.6, 0.9])))
        p.line(bezier((-0.55, -tall * 0.9), (-0.34, 0), (-0.55, tall * 0.9)), dark(a, 0.45), 0.06, None, m)
    p.round(m, 0.42, 0.14, 0.28)
    q = p.fill(smooth([(-0.12, 0.08), (0.3, 0.0), (0.42, 0.24), (0.2, 0.34)]), fin)
    p.round(q, 0.3, 0.05, 0.1)
    r = rng.uniform(0.14, 0.2)
    p.fill(ellipse(-0.64, -tall * 0.2, r * 1.15), dark(a, 0.3))
    p.fill(ellipse(-0.64, -tall * 0.2, r), pale(mix(a, b, rng.uniform(0, 0.6)), rng.uniform(0.45, 0.85)))
    p.fill(ellipse(-0.66, -tall * 0.2, r * 0.55), (34, 28, 40))
    p.fill(ellipse(-0.7, -tall * 0.2 - r * 0.25, r * 0.22), (255, 255, 255))
    p.line(bezier((-0.99, 0.1), (-0.86, 0.2), (-0.78, 0.12), 8), dark(a, 0.6), 0.05)
    p.frame()
    if rng.random() < 0.4:
        sd = 1 if flip else -1
        for k in range(3):
            bubble(p, x + sd * s * (1.05 + 0.12 * k), y - s * (0.1 + 0.3 * k), s * rng.uniform(0.06, 0.11))


def fish(p):
    rng = p.rng
    ground(p, water=8, blur=2, paper=1, soil=0.4, planks=0.4)
    flip = rng.random() < 0.5
    if rng.random() < 0.25:
        for k in range(2):
            fish_at(p, rng.uniform(60, 196), 70 + k * 105 + rng.uniform(-15, 15), rng.uniform(40, 56), rng.normal(0, 0.2),
                    rng.random() < 0.5)
    else:
        s = rng.uniform(62, 92)
        fish_at(p, 118 + rng.uniform(-22, 22) + (20 if flip else -5), 128 + rng.uniform(-34, 34), s, rng.normal(0, 0.28), flip)


# ---------------------------------------------------------------- flower and leaf


def blossom(p, x, y, s, kind, colour, heart):
    rng = p.rng
    p.frame(x, y, s, rng.uniform(0, 6.28), False, 1.0)
    tilt = rng.uniform(0.72, 1.0)
    x0, y0, a, b, c, d = p.m
    p.m = (x0, y0, a, b, c * tilt, d * tilt)
    if kind == "daisy":
        n, wide, rows, core = rng.integers(11, 17), 0.19, 1, rng.uniform(0.25, 0.34)
    elif kind == "sun":
        n, wide, rows, core = rng.integers(14, 20), 0.17, 2, rng.uniform(0.42, 0.52)
    elif kind == "round":
        n, wide, rows, core = 5, 0.44, 1, rng.uniform(0.17, 0.26)
    elif kind == "rose":
        n, wide, rows, core = rng.integers(6, 9), 0.42, 3, 0.14
    else:  # star
        n, wide, rows, core = rng.integers(5, 8), 0.27, 1, rng.uniform(0.14, 0.22)
    p.shadow(p.mask(ellipse(0, 0, 0.85)), 0.22, 0.35, 0.15)
    for row in range(rows):
        r = 1 - row * (0.27 if kind == "rose" else 0.16)
        petals = list(range(n))
        for i in petals:
            t = 2 * math.pi * (i + row * 0.5) / n + rng.uniform(-0.06, 0.06)
            ln = r * rng.uniform(0.92, 1.05)
            if kind == "star":
                q = [(0.05, 0), (0.45, -wide), (ln, 0), (0.45, wide)]
            elif kind == "round" or kind == "rose":
                q = [(0.03, 0), (0.35 * r, -wide * r), (0.82 * r, -wide * r * 0.9), (ln, -0.1 * r), (ln, 0.1 * r), (0.82 * r, wide * r * 0.9), (0.35 * r, wide * r)]
            else:
                q = [(0.05, 0), (0.5, -wide * 0.75), (0.85 * r, -wide * 0.7), (ln, 0), (0.85 * r, wide * 0.7), (0.5, wide * 0.75)]
            ct, st = math.cos(t), math.sin(t)
            rot = lambda pts: [(u * ct - v * st, u * st + v * ct) for u, v in pts]
            outline = rot(smooth(q, 6))
            shade = mix(colour, dark(colour, 0.35), rng.uniform(0, 0.35))
            shade = pale(shade, 0.16 * row)
            m = p.fill(outline, dark(shade, 0.6))
            c0 = np.array(outline).mean(0)
            p.fill([tuple(c0 + (np.array(v) - c0) * 0.86) for v in outline], shade)
            p.line(rot([(0.1, 0), (0.5, 0), (ln * 0.8, 0)]), pale(shade, 0.45), 0.09, 0.03, m)
    m = p.fill(ellipse(0, 0, core), heart)
    dots = 24 if kind in ("sun", "daisy") else 9
    for i in range(dots):
        rr, t = core * 0.85 * math.sqrt((i + 0.5) / dots), i * 2.4
        p.fill(ellipse(rr * math.cos(t), rr * math.sin(t), core * 0.12), dark(heart, 0.4) if i % 2 else pale(heart, 0.35))
    p.round(m, 0.45, 0.08, 0.2)
    p.frame()


def tulip(p, x, y, s, colour):
    rng = p.rng
    p.frame(x, y, s, rng.normal(0, 0.18))
    m = p.fill(smooth([(-0.35, -0.75), (0, -0.95), (0.35, -0.75), (0.4, 0.4), (-0.4, 0.4)]), dark(colour, 0.3))
    for sd in (-1, 1):
        m = p.fill(smooth([(sd * 0.72, -0.95), (sd * 0.78, -0.1), (sd * 0.5, 0.6), (0, 0.75), (-sd * 0.05, 0.3), (sd * 0.25, -0.4)]), colour, to=dark(colour, 0.2))
        p.round(m, 0.35, 0.12, 0.25)
    m = p.fill(smooth([(0, -0.85), (-0.38, -0.2), (-0.3, 0.5), (0, 0.72), (0.3, 0.5), (0.38, -0.2)]), pale(colour, 0.12), to=colour)
    p.line([(0, -0.6), (0, 0), (0, 0.6)], pale(colour, 0.4), 0.1, 0.03, m)
    p.round(m, 0.35, 0.1, 0.2)
    p.frame()


def stem(p, x, y, s):
    rng = p.rng
    g = greens(rng)
    x1 = x + rng.uniform(-35, 35)
    line = bezier((x, y), (x + rng.uniform(-15, 15), (y + N) / 2), (x1, N + 10))
    m = p.fill(strip(line, s * 0.13, s * 0.16), g[1])
    p.round(m, 0.4, 0.1, 0.2)
    for sd in (-1, 1):
        if rng.random() < 0.7:
            bx, by = line[rng.integers(6, 11)]
            p.frame(bx, by, s * rng.uniform(0.7, 1.1), sd * rng.uniform(-0.9, -0.3), sd < 0)
            q = p.fill(smooth([(0, 0), (0.35, -0.24), (0.95, -0.05), (0.4, 0.16)]), g[2], to=g[1])
            p.line([(0, 0), (0.4, -0.03), (0.85, -0.05)], pale(g[3], 0.3), 0.05, 0.02, q)
            p.frame()


def flower(p):
    rng = p.rng
    ground(p, meadow=2.5, grass=3, blur=3, soil=1.5, paper=1.2, sky=2.5)
    kind = rng.choice(["daisy", "sun", "round", "rose", "star", "tulip"])
    h = {"daisy": rng.choice([0.14, 0.93, 0.0]), "sun": rng.uniform(0.09, 0.14)}.get(kind, rng.choice([0.97, 0.0, 0.05, 0.13, 0.6, 0.72, 0.8, 0.88]))
    colour = hsv((h + rng.uniform(-0.02, 0.02)) % 1, rng.uniform(0.55, 0.95), rng.uniform(0.8, 1.0))
    if kind == "daisy" and rng.random() < 0.65 or rng.random() < 0.08:
        colour = (250, 248, 242)
    heart = (110, 66, 34) if kind == "sun" and rng.random() < 0.75 else [(248, 200, 50), (250, 225, 110), (225, 150, 30), (120, 60, 90)][rng.integers(4)]
    many = rng.integers(1, 4) if rng.random() < 0.4 else 1
    spots = []
    for k in range(many):
        s = rng.uniform(64, 98) if many == 1 else rng.uniform(36, 52)
        x = rng.uniform(92, 164) if many == 1 else 45 + 166 * (k + 0.5) / many + rng.uniform(-14, 14)
        y = rng.uniform(85, 150) if many == 1 else rng.uniform(60, 160)
        spots.append((x, y, s))
    for x, y, s in spots:
        if rng.random() < 0.85 or kind == "tulip":
            stem(p, x, y, s)
    for x, y, s in spots:
        if kind == "tulip":
            tulip(p, x, y, s * 0.85, colour)
        else:
            blossom(p, x, y, s, kind, colour, heart)


def leaf_outline(kind, rng):
    """Right half from base (0,1) to tip (0,-1); mirrored by the caller. Returns points and vein ends."""
    w = rng.uniform(0.42, 0.68)
    veins = [(0.7 * w * math.sin(math.pi * t) ** 0.8 + 0.1, 1 - 2 * t - 0.28) for t in np.linspace(0.12, 0.78, 6)]
    if kind == "oval":
        half = [(w * math.sin(math.pi * t) ** 0.85 * (1.15 - 0.3 * t), 1 - 2 * t) for t in np.linspace(0, 1, 24)]
    elif kind == "saw":
        half = []
        for i, t in enumerate(np.linspace(0, 1, 31)):
            r = w * math.sin(math.pi * t) ** 0.8 * (1.15 - 0.35 * t)
            half.append((r + (0.12 if i % 2 else -0.02) * (r > 0.1), 1 - 2 * t - (0.05 if i % 2 else 0)))
    elif kind == "oak":
        half = []
        for t in np.linspace(0, 1, 60):
            r = w * math.sin(math.pi * t) ** 0.6 * (0.75 + 0.3 * t)
            half.append((r * (0.78 + 0.3 * math.sin(t * 2 * math.pi * 4 - 1.2)), 1 - 2 * t))
    elif kind == "heart":
        half = [(0, 0.8), (0.3, 1.0), (0.7, 0.85), (0.86, 0.4), (0.72, -0.15), (0.4, -0.6), (0.12, -0.95), (0, -1.08)]
        half = [tuple(q) for q in smooth(half + mirror(half[1:-1][::-1]), 6)][: 6 * 7 + 1]
        veins = [(0.6, 0.55), (0.62, 0.1), (0.45, -0.3), (0.25, -0.62)]
    else:  # maple
        half = [(0, 0.62), (0.12, 0.66), (0.5, 0.78), (0.44, 0.62), (0.58, 0.56), (0.42, 0.42), (0.8, 0.3), (1.0, 0.02), (0.86, -0.04), (0.98, -0.3),
                (0.72, -0.22), (0.62, -0.36), (0.36, -0.1), (0.42, -0.5), (0.5, -0.62), (0.3, -0.66), (0.22, -0.82), (0, -1.12)]
        veins = [(0.42, 0.66), (0.86, -0.12)]
    return half, veins


def leaf_at(p, x, y, s, turn):
    rng = p.rng
    kind = rng.choice(["oval", "saw", "saw", "oak", "heart", "maple", "maple"])
    season = rng.random()
    if season < 0.5:
        a = hsv(rng.uniform(0.2, 0.4), rng.uniform(0.5, 0.85), rng.uniform(0.45, 0.8))
    else:
        a = hsv(rng.uniform(0.0, 0.14), rng.uniform(0.65, 0.95), rng.uniform(0.65, 0.95))
    b = mix(a, hsv(rng.uniform(0.02, 0.3), 0.8, 0.75), rng.uniform(0.15, 0.7))
    p.frame(x, y, s, turn, rng.random() < 0.5, rng.uniform(0.82, 1.1))
    half, veins = leaf_outline(kind, rng)
    outline = half + mirror(half[::-1])
    p.shadow(p.mask(outline), 0.14, 0.5, 0.06)
    base = 0.62 if kind == "maple" else 0.8 if kind == "heart" else 0.97
    bend = rng.uniform(-0.35, 0.35)
    p.line(bezier((0, base - 0.05), (bend * 0.3, base + 0.2), (bend, base + rng.uniform(0.35, 0.6))), dark(b, 0.25), 0.07, 0.1)
    m = p.fill(outline, a, to=b, along=rng.uniform(0, 6.28))
    right = p.mask([(0, -2), (2, -2), (2, 2), (0, 2)], m)
    p.paint(right, (0, 0, 0), 0.13)
    if rng.random() < 0.4:
        for _ in range(rng.integers(4, 12)):
            p.fill(ellipse(rng.uniform(-0.7, 0.7), rng.uniform(-0.9, 0.9), rng.uniform(0.03, 0.1)), dark(b, 0.45), m, 0.8)
    p.round(m, 0.38, 0.06, 0.25)
    vein = pale(a, rng.uniform(0.6, 0.85)) if rng.random() < 0.75 else dark(a, 0.45)
    p.line([(0, base), (0, 0), (0, -1.02)], vein, 0.075, 0.02, m)
    for vx, vy in veins:
        for sd in (-1, 1):
            y0 = 0.55 if kind == "maple" else min(base, vy + 0.38)
            q = bezier((0, y0), (sd * vx * 0.45, y0 - (y0 - vy) * 0.35), (sd * vx, vy), 9)
            p.line(q, vein, 0.05, 0.018, m)
            if kind == "maple":
                for t in (4, 6):
                    u = np.array(q[t])
                    p.line([tuple(u), tuple(u + (sd * 0.16, 0.1)), tuple(u + (sd * 0.28, 0.2))], vein, 0.03, 0.01, m)
    if rng.random() < 0.2:  # drops of dew
        for _ in range(rng.integers(1, 4)):
            u, v, r = rng.uniform(-0.35, 0.35), rng.uniform(-0.5, 0.5), rng.uniform(0.06, 0.12)
            p.fill(ellipse(u, v, r), pale(a, 0.35))
            p.fill(ellipse(u - r * 0.3, v - r * 0.3, r * 0.35), (255, 255, 255))
    p.frame()


def leaf(p):
    rng = p.rng
    ground(p, soil=3, planks=2.5, paper=2, sky=2, blur=2.5, grass=1.2, water=0.8)
    if rng.random() < 0.28:
        for k in range(rng.integers(2, 4)):
            leaf_at(p, 70 + 116 * (k % 2) + rng.uniform(-20, 20), 80 + 50 * k + rng.uniform(-20, 20), rng.uniform(48, 66), rng.uniform(0, 6.28))
    else:
        leaf_at(p, rng.uniform(105, 151), rng.uniform(105, 151), rng.uniform(78, 108), rng.uniform(-1.2, 1.2) + (math.pi if rng.random() < 0.25 else 0))


# ---------------------------------------------------------------- house


def window(p, x, y, w, h, glass, frame, arch):
    rng = p.rng
    pts = [(x - w, y + h), (x - w, y - h), (x + w, y - h), (x + w, y + h)]
    if arch:
        pts = [(x - w, y + h)] + [(x - w * math.cos(t), y - h * 0.5 - h * 0.8 * math.sin(t)) for t in np.linspace(0, math.pi, 10)] + [(x + w, y + h)]
    p.fill(pts, frame)
    c = np.array([x, y])
    m = p.fill([tuple(c + (np.array(q) - c) * 0.78) for q in pts], glass, to=pale(glass, 0.4), along=0.8)
    p.line([(x, y - h * 1.4), (x, y + h)], frame, 0.05, None, m)
    p.line([(x - w, y), (x + w, y)], frame, 0.05, None, m)


def house(p):
    rng = p.rng
    p.frame()
    night = False
    if rng.random() < 0.8:
        horizon = bg_meadow(p, rng.uniform(165, 205))
    else:
        ground(p, blur=2, paper=1, sky=1)
        horizon = rng.uniform(195, 215)
        c = greens(rng) if rng.random() < 0.6 else [(235, 238, 245)] * 4
        p.fill([(-5, horizon), (N + 5, horizon), (N + 5, N + 5), (-5, N + 5)], c[2], to=c[0])
    night = np.asarray(p.im)[:60].mean() < 95
    wall = hsv(rng.choice([0.02, 0.08, 0.1, 0.13, 0.55, 0.95, 0.3]) + rng.uniform(0, 0.03), rng.uniform(0.08, 0.5), rng.uniform(0.75, 0.98))
    roof = hsv(rng.choice([0.0, 0.02, 0.04, 0.07, 0.6, 0.35]), rng.uniform(0.35, 0.8), rng.uniform(0.35, 0.75))
    trim = [(250, 248, 240), (92, 60, 40), (60, 80, 95)][rng.choice(3, p=[0.6, 0.25, 0.15])]
    door = hsv(rng.random(), rng.uniform(0.5, 0.8), rng.uniform(0.3, 0.7))
    glass = (255, 214, 110) if night or rng.random() < 0.2 else [(120, 175, 215), (70, 95, 130), (165, 205, 225)][rng.integers(3)]
    if night:
        wall, roof = dark(wall, 0.35), dark(roof, 0.35)
    s = rng.uniform(66, 96)
    wide, tall = rng.uniform(0.75, 1.15), rng.uniform(0.6, 1.05)
    peak = rng.uniform(0.55, 0.95)
    x = rng.uniform(95, 161)
    y = min(horizon + rng.uniform(12, 42), 240)
    p.frame(x, y, s, rng.normal(0, 0.025), rng.random() < 0.5)
    if rng.random() < 0.5:  # a tree behind
        tx = rng.choice([-1, 1]) * (wide + 0.4)
        g = greens(rng)
        p.line([(tx, 0), (tx, -0.4), (tx, -0.9)], (96, 66, 44), 0.16, 0.12)
        if rng.random() < 0.5:
            for k in range(3):
                p.fill([(tx - 0.5 + k * 0.1, -0.4 - k * 0.42), (tx, -1.15 - k * 0.42), (tx + 0.5 - k * 0.1, -0.4 - k * 0.42)], g[k % 3])
        else:
            for k in range(6):
                p.fill(ellipse(tx + rng.uniform(-0.32, 0.32), -1.1 + rng.uniform(-0.35, 0.35), 0.32), g[k % 4])
    p.shadow(p.mask([(-wide, -0.1), (wide, -0.1), (wide + 0.3, 0.12), (-wide + 0.2, 0.12)]), 0.05, 0.5)
    eave = rng.uniform(0.1, 0.22)
    style = rng.choice(["gable", "gable", "gable", "long", "tower"])
    cx = rng.uniform(-0.5, 0.5) * wide
    if rng.random() < 0.7:  # chimney and smoke
        cx = rng.choice([-1, 1]) * wide * 0.5
        top = -tall - peak * 0.95
        m = p.fill([(cx - 0.11, -tall), (cx - 0.11, top), (cx + 0.11, top), (cx + 0.11, -tall)], (165, 88, 70))
        p.fill([(cx - 0.15, top - 0.07), (cx + 0.15, top - 0.07), (cx + 0.15, top + 0.03), (cx - 0.15, top + 0.03)], (120, 62, 52))
        if rng.random() < 0.6:
            for k in range(4):
                p.fill(ellipse(cx + 0.1 * k * rng.uniform(0.3, 1.4), top - 0.18 - 0.2 * k, 0.09 + 0.04 * k), (240, 240, 244), alpha=0.65 - 0.1 * k)
    front = [(-wide, 0), (-wide, -tall), (wide, -tall), (wide, 0)]
    if style != "long":
        front = [(-wide, 0), (-wide, -tall), (0, -tall - peak), (wide, -tall), (wide, 0)]
    m = p.fill(front, wall, to=dark(wall, 0.15))
    skin = rng.choice(["plain", "bricks", "boards", "timber"])
    if skin == "bricks":
        for i, v in enumerate(np.arange(0, -tall - peak, -0.13)):
            p.line([(-wide, v), (wide, v)], dark(wall, 0.4), 0.032, None, m)
            for u in np.arange(-wide + (i % 2) * 0.13, wide, 0.26):
                p.line([(u, v), (u, v - 0.13)], dark(wall, 0.4), 0.032, None, m)
    elif skin == "boards":
        for v in np.arange(0, -tall - peak, -0.12):
            p.line([(-wide, v), (wide, v)], dark(wall, 0.42), 0.038, None, m)
    elif skin == "timber":
        beam = (88, 56, 38)
        for u in (-wide * 0.96, 0, wide * 0.96):
            p.line([(u, 0), (u, -tall - peak)], beam, 0.08, None, m)
        p.line([(-wide, -tall), (wide, -tall)], beam, 0.1, None, m)
        for sd in (-1, 1):
            p.line([(sd * wide, -tall), (sd * wide * 0.5, -tall * 0.5)], beam, 0.07, None, m)
    p.paint(p.mask([(0.2, 1), (3, 1), (3, -3), (0.2, -3)], m), (10, 10, 40), 0.14)
    if style == "long":
        r = [(-wide - eave, -tall + 0.04), (-wide * 0.78, -tall - peak), (wide * 0.78, -tall - peak), (wide + eave, -tall + 0.04)]
        q = p.fill(r, roof, to=dark(roof, 0.25))
        step = rng.uniform(0.12, 0.18)
        for i, v in enumerate(np.arange(-tall, -tall - peak, -step)):
            p.line([(-2, v), (2, v)], dark(roof, 0.4), 0.035, None, q)
            for u in np.arange(-2 + (i % 2) * step * 0.6, 2, step * 1.2):
                p.line([(u, v), (u, v - step)], dark(roof, 0.35), 0.03, None, q)
    else:
        for sd in (-1, 1):
            th = rng.uniform(0.15, 0.22)
            e = (sd * (wide + eave), -tall + eave * peak / wide)
            q = p.fill([(0, -tall - peak - th), (0, -tall - peak + 0.02), (e[0], e[1]), (e[0] + sd * 0.03, e[1] - th)], roof if sd < 0 else dark(roof, 0.18))
            for t in np.linspace(0.08, 0.95, 9):
                u, v = e[0] * t, (-tall - peak) * (1 - t) + e[1] * t
                p.line([(u, v), (u, v - 0.3)], dark(roof, 0.45), 0.03, None, q)
    arch = rng.random() < 0.25
    dx = rng.choice([-0.45, 0, 0.45]) * wide
    dw, dh = 0.15, min(0.5, tall * 0.72)
    p.fill([(dx - dw - 0.05, 0), (dx - dw - 0.05, -dh - 0.05), (dx + dw + 0.05, -dh - 0.05), (dx + dw + 0.05, 0)], trim)
    p.fill([(dx - dw, 0), (dx - dw, -dh), (dx + dw, -dh), (dx + dw, 0)], door, to=dark(door, 0.3))
    p.fill(ellipse(dx + dw * 0.55, -dh * 0.45, 0.035), (250, 215, 110))
    wy, ww, wh = -tall * 0.6, rng.uniform(0.15, 0.2), rng.uniform(0.17, 0.22)
    for u in (-0.55, 0, 0.55):
        if abs(u * wide - dx) > 0.33:
            window(p, u * wide, wy, ww, wh, glass, trim, arch)
            if rng.random() < 0.3:
                p.fill([(u * wide - ww, wy + wh), (u * wide + ww, wy + wh), (u * wide + ww, wy + wh + 0.07), (u * wide - ww, wy + wh + 0.07)], hsv(rng.random(), 0.6, 0.8))
    if style != "long" and peak > 0.5:
        if rng.random() < 0.5:
            p.fill(ellipse(0, -tall - peak * 0.33, 0.17), trim)
            q = p.fill(ellipse(0, -tall - peak * 0.33, 0.125), glass)
            p.line([(-0.2, -tall - peak * 0.33), (0.2, -tall - peak * 0.33)], trim, 0.04, None, q)
            p.line([(0, -tall - peak * 0.33 - 0.2), (0, -tall - peak * 0.33 + 0.2)], trim, 0.04, None, q)
        else:
            window(p, 0, -tall - peak * 0.28, 0.14, 0.16, glass, trim, arch)
    if rng.random() < 0.35:  # fence
        c = (246, 244, 236) if rng.random() < 0.6 else (140, 100, 66)
        sd = rng.choice([-1, 1])
        p.line([(sd * 0.5, 0.0), (sd * 3, 0.0)], dark(c, 0.1), 0.06)
        for u in np.arange(0.55, 3, 0.17):
            p.fill([(sd * u - 0.045, 0.14), (sd * u - 0.045, -0.17), (sd * u, -0.25), (sd * u + 0.045, -0.17), (sd * u + 0.045, 0.14)], c)
    p.frame()


# ---------------------------------------------------------------- finishing


def occlude(p, name):
    """Now and then something stands in front."""
    rng = p.rng
    p.frame()
    kind = rng.choice(["blades", "branch", "dots"])
    if name == "fish":
        for _ in range(rng.integers(1, 3)):
            weed(p, rng.uniform(10, 246), N + 5, rng.uniform(70, 190))
    elif kind == "blades":
        g = greens(rng)
        blades(p, N, N + 25, rng.integers(8, 26), g, rng.uniform(45, 80))
    elif kind == "branch":
        x = rng.choice([-1, 1])
        side = 0 if x > 0 else N
        y = rng.uniform(10, 120)
        g = greens(rng)
        line = bezier((side - x * 10, y), (side + x * 40, y + 5), (side + x * rng.uniform(60, 110), y + rng.uniform(-30, 40)))
        p.fill(strip(line, 7, 3), (92, 64, 44))
        for k in range(3, 14, 3):
            u, v = line[k]
            p.frame(u, v, rng.uniform(22, 34), rng.uniform(0, 6.28))
            p.fill(smooth([(0, 0), (0.4, -0.3), (1, 0), (0.4, 0.3)]), g[k % 4])
            p.line([(0, 0), (0.5, 0), (0.95, 0)], pale(g[3], 0.3), 0.08, 0.03)
            p.frame()
    else:  # drifting petals, flakes or fireflies
        c = [(255, 250, 250), (255, 190, 205), (255, 230, 120)][rng.integers(3)]
        for _ in range(rng.integers(6, 16)):
            p.fill(ellipse(rng.uniform(0, N), rng.uniform(0, N), rng.uniform(3, 7), rng.uniform(2.5, 5), rng.uniform(0, 3)), c, alpha=0.9)


def finish(p):
    rng = p.rng
    im = p.im
    # one slanting light over everything, a tint, a little contrast
    t = GRID_X * math.cos(p.light) + GRID_Y * math.sin(p.light)
    t = (t - t.min()) / (t.max() - t.min())
    gain = 1 + rng.uniform(0.0, 0.28) * (t - 0.6)
    tint = np.array([1, 1, 1]) + rng.normal(0, 0.035, 3)
    a = np.asarray(im).astype(float) * gain[..., None] * tint * rng.uniform(0.9, 1.06)
    im = Image.fromarray(np.clip(a, 0, 255).astype("uint8"))
    im = ImageEnhance.Color(im).enhance(rng.uniform(0.85, 1.12))
    im = im.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    # 64 levels a channel: no visible difference at this size, a third off the PNG
    return im.point([round(round(v / 255 * 63) * 255 / 63) for v in range(256)] * 3)


CLASSES = {"cat": cat, "dog": dog, "fish": fish, "flower": flower, "house": house, "leaf": leaf}


def draw(name, i):
    rng = np.random.default_rng([list(CLASSES).index(name), i, 2026])
    p = Pen(rng)
    CLASSES[name](p)
    if rng.random() < 0.22:
        occlude(p, name)
    return finish(p)


def sheet(path, per, zoom, first=0, only=None):
    names = [only] if only else list(CLASSES)
    cells = [(n, i) for n in names for i in range(first, first + per)]
    cols = 12
    rows = -(-len(cells) // cols)
    big = Image.new("RGB", (cols * (SIZE * zoom + 4), rows * (SIZE * zoom + 4)), (255, 255, 255))
    for k, (n, i) in enumerate(cells):
        im = draw(n, i).resize((SIZE * zoom,) * 2, Image.Resampling.NEAREST)
        big.paste(im, ((k % cols) * (SIZE * zoom + 4), (k // cols) * (SIZE * zoom + 4)))
    big.save(path)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--sheet", metavar="PNG", help="only draw a contact sheet")
    ap.add_argument("--per", type=int, default=24, help="pictures of each class on the sheet")
    ap.add_argument("--zoom", type=int, default=2)
    ap.add_argument("--first", type=int, default=0)
    ap.add_argument("--only", choices=list(CLASSES))
    args = ap.parse_args()
    if args.sheet:
        sheet(args.sheet, args.per, args.zoom, args.first, args.only)
        return
    shutil.rmtree(OUT, ignore_errors=True)
    total, rows, seen = 0, [], set()
    for name in CLASSES:
        (OUT / name).mkdir(parents=True)
        with concurrent.futures.ProcessPoolExecutor() as pool:
            drawn = list(pool.map(draw, [name] * PER_CLASS, range(PER_CLASS), chunksize=10))
        for i, im in enumerate(drawn):
            f = OUT / name / f"{i:03d}.png"
            assert im.tobytes() not in seen
            seen.add(im.tobytes())
            im.save(f, optimize=True)
            total += f.stat().st_size
            rows.append(f"{name}\t{f.name}\n")
    (OUT / "index.tsv").write_text("".join(rows))
    print(f"{len(rows)} pictures, {total} bytes in {OUT}")


if __name__ == "__main__":
    main()
