"""Seedlings, leaves and flowers."""

import math

import numpy as np

from . import scenery
from .canvas import bend, dark, mix, pale, pick, rgb, round_points, strip, turned, vary

LEAF_GREENS = ["5a9a3c", "6fae45", "4c8a3a", "83b84e", "3f7f42", "7da23c"]


def shadow(p, shape, by=1.6, alpha=0.35):
    """The shadow that a thing lying on the ground throws away from the light; for frames of finished pixels."""
    off = -np.array((math.cos(p.light), math.sin(p.light))) * by
    for k in (1.0, 0.6):
        p.fill(np.asarray(shape) + off * k, (0.06, 0.04, 0.08), alpha=alpha * 0.6)


def leaf_blade(p, root, angle, length, width, colour, veins=4, vein=None, tip=0.55):
    """An oval leaf with a midrib and side veins; `tip` is where it is widest."""
    c = np.array((math.cos(angle), math.sin(angle)))
    n = np.array((-c[1], c[0]))
    side = lambda t, w: np.array(root) + c * length * t + n * w * width
    shape = [side(0, 0), side(tip * 0.5, 0.42), side(tip, 0.5), side(0.85, 0.24), side(1, 0), side(0.85, -0.24), side(tip, -0.5), side(tip * 0.5, -0.42)]
    shadow(p, shape)
    p.fill(shape, dark(colour, 0.18), pale(colour, 0.2), angle + 1.2)
    p.model(shape, 0.3, 0.25)
    vein = vein or pale(colour, 0.45)
    p.line([side(0, 0), side(0.95, 0)], vein, 1.0, 0.35)
    for t in np.linspace(0.2, 0.75, veins):
        for s in (-1, 1):
            p.line(bend(side(t, 0), side(t + 0.1, s * 0.2), side(min(t + 0.2, 0.96), s * 0.38)), vein, 0.55, 0.2, 0.8)
    return shape


def seedling(p):
    """Small plants with two round seed leaves and a few true ones, from above, on soil."""
    rng = p.rng
    scenery.soil(p)
    kind = pick(rng, ["round", "round", "heart", "long"])
    many = pick(rng, [1, 1, 2, 3])
    for k in range(many):
        a = rng.uniform(0, 6.3)
        x, y = (48, 48) + rng.normal(0, 5, 2) if many == 1 else (48, 48) + 24 * np.array((math.cos(a + k * 6.28 / many), math.sin(a + k * 6.28 / many))) * (1, 1)
        s = rng.uniform(15, 24) * (1 if many == 1 else 0.7)
        green, turn = vary(rng, rgb(pick(rng, LEAF_GREENS)), 0.04), rng.uniform(0, 6.3)
        stem = pale(mix(green, rgb("c87a8a"), rng.uniform(0, 0.6)), 0.25)
        for t in (turn, turn + math.pi + rng.normal(0, 0.15)):
            c = np.array((math.cos(t), math.sin(t)))
            p.line([(x, y), np.array((x, y)) + c * s * 0.6], stem, 1.8, 1.3)
            root, n = np.array((x, y)) + c * s * 0.5, np.array((-c[1], c[0]))
            wide = {"round": 0.48, "heart": 0.56, "long": 0.24}[kind]
            far = {"round": 0.95, "heart": 0.85, "long": 1.4}[kind]
            notch = 0.72 if kind == "heart" else 1.0
            q = np.array([root, root + c * s * far * 0.3 + n * s * wide * 0.8, root + c * s * far * 0.72 + n * s * wide, root + c * s * far + n * s * wide * 0.45,
                          root + c * s * far * notch, root + c * s * far - n * s * wide * 0.45, root + c * s * far * 0.72 - n * s * wide, root + c * s * far * 0.3 - n * s * wide * 0.8])
            shadow(p, q)
            p.fill(q, dark(green, 0.1), pale(green, 0.25), t + 1)
            p.model(q, 0.35, 0.35)
            p.line([root, root + c * s * far * notch * 0.85], pale(green, 0.5), 0.9, 0.3)
        if rng.random() < 0.65:
            young = pale(green, 0.15)
            for t in (turn + math.pi / 2 + rng.normal(0, 0.2), turn - math.pi / 2 + rng.normal(0, 0.2)):
                leaf_blade(p, (x, y), t, s * rng.uniform(0.6, 1.1), s * rng.uniform(0.35, 0.5), young, 3)
        p.oval(x, y, s * 0.09, colour=pale(green, 0.4))


MAPLE = [(0, 0.95), (-0.1, 0.42), (-0.55, 0.58), (-0.42, 0.3), (-0.98, 0.12), (-0.74, -0.06), (-0.9, -0.42), (-0.5, -0.28), (-0.42, -0.5),
         (-0.3, -0.34), (-0.36, -0.72), (-0.18, -0.64), (0, -1.1)]


def maple_leaf(p):
    """A lobed leaf with fingers of veins, green to red."""
    rng = p.rng
    scenery.ground(p, litter=2, soil=1.5, lawn=2, planks=2, garden=2, sky=1)
    count = pick(rng, [1, 1, 1, 2])
    for k in range(count):
        x, y = (48, 50) + rng.normal(0, 6, 2) + ((0, 0) if count == 1 else ((-20, -14), (20, 16))[k])
        s = rng.uniform(32, 42) * (1 if count == 1 else 0.62)
        c = vary(rng, rgb(pick(rng, ["cf3f2a", "e0662a", "e8a232", "d9c23c", "7fae45", "b02f34"])), 0.04)
        second = rgb(pick(rng, ["e8b83a", "d9542a", "8fae3c", "f0d05a"]))
        half = np.array(MAPLE[1:]) + rng.normal(0, 0.03, (12, 2)) * (1, 1)
        half[-1, 0] = 0
        shape = turned(np.vstack([[MAPLE[1]], half[1:], (half[:-1] * (-1, 1))[::-1]]) * (1, rng.uniform(0.88, 1.08)), rng.normal(0, 0.9)) * s
        angle = rng.uniform(0, 6.3)
        shape = turned(shape, angle) + (x, y)
        p_shape = shape
        off = -np.array((math.cos(p.light), math.sin(p.light))) * 2
        p.fill(p_shape + off, (0.06, 0.04, 0.08), alpha=0.35, curved=False)
        root = (p_shape[0] + p_shape[-1]) / 2
        middle = p_shape.mean(0)
        p.line(bend(root, root + (root - middle) * 0.5 + rng.normal(0, 2, 2), root + (root - middle) * 1.0), dark(c, 0.25), 2.2, 1.3)
        p.fill(p_shape, c, mix(c, second, rng.uniform(0.2, 0.8)), rng.uniform(0, 6), curved=False)
        with p.inside(p_shape, curved=False):
            scenery.blotches(p, [second, dark(c, 0.3)], 9, 7, 0.35)
        p.model(p_shape, 0.35, 0.2, curved=False)
        vein = pale(mix(c, second, 0.5), 0.5) if rng.random() < 0.7 else dark(c, 0.45)
        for i in (11, 3, 5, 18, 19):
            if i < len(p_shape):
                t = root + (p_shape[i] - root) * 0.92
                p.line([root, t], vein, 1.3, 0.4)
                mid = root + (t - root) * 0.5
                for q in (i - 1, (i + 1) % len(p_shape)):
                    p.line([mid, mid + (p_shape[q] - mid) * 0.5], vein, 0.6, 0.2, 0.8)


def fern(p):
    """Fronds: leaflets in two rows along a bent stalk."""
    rng = p.rng
    scenery.ground(p, wood=2.5, soil=2, garden=3, litter=1.5, planks=1)
    count = pick(rng, [1, 1, 2, 3])
    for k in range(count):
        a = -math.pi / 2 + rng.normal(0, 0.45) + (k - (count - 1) / 2) * 0.8
        start = np.array((48 + rng.normal(0, 6), 92 + rng.uniform(-4, 6)))
        length = rng.uniform(74, 92) * (1 if count == 1 else 0.85)
        end = start + np.array((math.cos(a), math.sin(a))) * length
        side = np.array((-math.sin(a), math.cos(a))) * rng.normal(0, 16)
        spine = bend(start, (start + end) / 2 + side, end, 30)
        c = vary(rng, rgb(pick(rng, ["4f8f3a", "6aa544", "3f7a45", "86b04c"])), 0.04)
        gap = pick(rng, [1, 2])
        wide = length * rng.uniform(0.24, 0.32)
        d = np.gradient(spine, axis=0)
        d /= np.linalg.norm(d, axis=1, keepdims=True)
        p.line(spine, dark(c, 0.35), 1.8, 0.6)
        for i in range(3, 30, gap):
            t = i / 29
            w = wide * min(1, 5 * t) ** 0.5 * (1 - t) ** 0.75 + 1
            for s in (-1, 1):
                angle = math.atan2(*d[i][::-1]) + s * 1.15
                tip = spine[i] + np.array((math.cos(angle), math.sin(angle))) * w
                q = strip(bend(spine[i], (spine[i] + tip) / 2 + d[i] * -w * 0.08, tip + d[i] * w * 0.14, 6), 1.6 * gap, 0.3, 1.4 * gap)
                p.fill(q + (0.5, 0.9), (0.05, 0.06, 0.05), alpha=0.25, curved=False)
                leaf = dark(c, rng.uniform(0, 0.15)) if s * math.cos(p.light) < 0 else pale(c, rng.uniform(0, 0.22))
                p.fill(q, leaf, pale(leaf, 0.15), angle, curved=False)
        p.line(spine, pale(c, 0.3), 1.0, 0.4)


def stem(p, x, y, top, colour):
    """A stalk from the ground to a flower, with a leaf or two."""
    rng = p.rng
    line = bend((x, y), (x + rng.normal(0, 6), (y + top[1]) / 2), top, 12)
    p.line(line, dark(colour, 0.2), 2.4, 1.8)
    p.line(line - (0.4, 0), pale(colour, 0.2), 0.8, 0.6)
    return line


def daisy(p):
    """White or pink petals around a yellow heart; one near, or several."""
    rng = p.rng
    scenery.ground(p, lawn=3, meadow=3, garden=3, soil=1, planks=0.5, sky=1)
    count = pick(rng, [1, 1, 2, 3, 4])
    colour = rgb(pick(rng, ["fdfbf5", "fdfbf5", "fbe3ea", "f2b6c8", "d9c2f0"]))
    green = rgb(pick(rng, LEAF_GREENS))
    for k in range(count):
        s = rng.uniform(26, 36) if count == 1 else rng.uniform(13, 20)
        x = 48 + rng.normal(0, 7) if count == 1 else 96 * (k + 0.5) / count + rng.normal(0, 5)
        y = rng.uniform(36, 54) if count == 1 else rng.uniform(20, 66)
        stem(p, x + rng.normal(0, 5), 102, (x, y), green)
        n, wide, tilt, turn = rng.integers(11, 19), rng.uniform(0.2, 0.27), rng.uniform(0.72, 1), rng.uniform(0, 6)
        for row in (0, 1):
            for i in range(n):
                t = turn + 2 * math.pi * (i + row * 0.5) / n + rng.normal(0, 0.05)
                ln = s * (1 - 0.1 * row) * rng.uniform(0.93, 1.04)
                q = np.array([(0.1, 0), (0.5, -wide * 0.8), (0.86, -wide * 0.72), (1, 0), (0.86, wide * 0.72), (0.5, wide * 0.8)]) * (ln, s * 0.8)
                q = turned(q, t) * (1, tilt) + (x, y)
                c = dark(colour, 0.22 if row == 0 else rng.uniform(0, 0.08))
                if row == 0:
                    p.fill(q + (0.8, 1.2), (0.05, 0.06, 0.1), alpha=0.2)
                p.fill(q, c, pale(c, 0.3), t)
                p.line([q[0] * 0.6 + q[3] * 0.4, q[0] * 0.15 + q[3] * 0.85], dark(c, 0.25), 0.5, 0.2)
        r = s * rng.uniform(0.24, 0.32)
        heart = rgb(pick(rng, ["f2c22c", "e8a82a", "f5d348"]))
        disc = round_points(x, y, r, r * tilt)
        p.fill(disc + (0.5, 0.9), (0.2, 0.12, 0.02), alpha=0.4)
        p.fill(disc, heart)
        for i in range(int(r * r * 0.6) + 8):
            d, a = r * 0.92 * math.sqrt((i + 0.5) / (int(r * r * 0.6) + 8)), i * 2.4
            p.oval(x + d * math.cos(a), y + d * math.sin(a) * tilt, 0.75, colour=dark(heart, 0.3 + 0.2 * (i % 2)), alpha=0.8)
        p.model(disc, 0.5, 0.45)


def tulip(p):
    """Cups of petals on straight stems with long, bowed leaves."""
    rng = p.rng
    where = scenery.ground(p, meadow=3, garden=3, soil=1, lawn=1.5, sky=1, room=1)
    count = pick(rng, [1, 1, 2, 3])
    green = vary(rng, rgb(pick(rng, ["5a9a5c", "6fa85a", "4c8a5a"])), 0.03)
    hue = pick(rng, ["d9342f", "f0a02c", "e85a8a", "8a3fa8", "f5d03c", "f2e6e0"])
    for k in range(count):
        s = rng.uniform(21, 28) if count == 1 else rng.uniform(12, 16)
        x = 48 + rng.normal(0, 6) if count == 1 else 96 * (k + 0.5) / count + rng.normal(0, 4)
        y = rng.uniform(34, 46) if count == 1 else rng.uniform(26, 52)
        c = vary(rng, rgb(hue), 0.05)
        line = stem(p, x + rng.normal(0, 4), 102, (x, y + s * 0.8), green)
        for sd in (-1, 1):
            if rng.random() < 0.85:
                a = line[2]
                tip = a + (sd * rng.uniform(10, 24), -rng.uniform(30, 46))
                q = strip(bend(a + (0, 8), a + (sd * 3, -18), tip, 14), 3, 0.3, rng.uniform(4, 7))
                p.fill(q, dark(green, 0.25), pale(green, 0.2), sd * 0.3)
                p.line(bend(a + (0, 8), a + (sd * 3, -18), tip, 14), pale(green, 0.4), 0.7, 0.2)
        with p.at(x, y, s, rng.normal(0, 0.14)):
            for dx in (-0.42, 0.42):
                p.fill([(dx * 0.3, 0.9), (dx - 0.3, 0.3), (dx - 0.12, -0.5), (dx, -0.92), (dx + 0.14, -0.5), (dx + 0.3, 0.3)], dark(c, 0.32), dark(c, 0.15))
            for sd in (-1, 1):
                q = np.array([(0, 0.98), (-0.6, 0.78), (-0.8, 0.1), (-0.66, -0.55), (-0.5, -0.98), (-0.22, -0.5), (0.1, 0.1)]) * (sd, 1)
                p.fill(q, pale(c, 0.12) if sd * math.cos(p.light) > 0 else dark(c, 0.1), dark(c, 0.2))
                p.model(q, 0.35, 0.3)
            q = [(0, 1.0), (-0.42, 0.72), (-0.5, 0.1), (-0.26, -0.5), (0, -0.82), (0.26, -0.5), (0.5, 0.1), (0.42, 0.72)]
            p.fill(q, pale(c, 0.22), c)
            p.model(q, 0.35, 0.3)
            for dx in (-0.2, 0, 0.2):
                p.line(bend((dx * 0.6, 0.85), (dx * 1.4, 0.1), (dx * 0.5, -0.55)), dark(c, 0.28), 0.05, 0.02, 0.7)
    scenery.foreground(p, where)
