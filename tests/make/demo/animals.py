"""Cats, dogs, wolves and foxes, from the front or turned a little: heads that fill the picture, or sitting.

A head is drawn in units of half its width. Each part has a depth, so that eyes and muzzle move against
the outline when the head is turned or tilted.
"""

import math

import numpy as np

from . import scenery
from .canvas import bend, dark, mirror, mix, pale, pick, rgb, round_points, vary

BLACK, WHITE = rgb("17131a"), rgb("fdfaf2")
CAT_HEAD = [(0, -0.76), (-0.5, -0.72), (-0.9, -0.34), (-1.02, 0.14), (-0.84, 0.52), (-0.4, 0.8), (0, 0.86)]
DOG_HEAD = [(0, -0.9), (-0.52, -0.82), (-0.84, -0.36), (-0.8, 0.2), (-0.6, 0.62), (-0.38, 0.95), (0, 1.06)]
WILD_HEAD = [(0, -0.78), (-0.45, -0.74), (-0.78, -0.4), (-1.04, 0.2), (-0.72, 0.5), (-0.36, 0.84), (0, 1.0)]
CAT_EAR = [(-0.95, -0.1), (-0.96, -0.6), (-0.8, -1.2), (-0.44, -0.86), (-0.12, -0.58)]
WILD_EAR = [(-0.86, -0.2), (-0.9, -0.75), (-0.72, -1.42), (-0.38, -0.95), (-0.1, -0.6)]
FLOP_EAR = [(-0.5, -0.82), (-0.92, -0.84), (-1.28, -0.3), (-1.3, 0.42), (-1.06, 0.62), (-0.86, 0.3), (-0.76, -0.2)]


def both(half):
    """A whole outline from its left half, top to bottom."""
    return np.vstack([half, mirror(half)[-2:0:-1]])


class Head:
    """Where parts of a turned head lie: `yaw` to the side, `nod` downwards."""

    def __init__(self, rng, size):
        self.yaw, self.nod, self.size = rng.normal(0, 0.17), rng.normal(0, 0.07), size
        self.yaw = float(np.clip(self.yaw, -0.36, 0.36))

    def __call__(self, points, depth):
        p = np.array(points, float)
        p[:, 0] = p[:, 0] * (1 - 0.25 * abs(self.yaw)) + self.yaw * depth
        p[:, 1] += self.nod * depth
        return p

    def dot(self, x, y, depth):
        return self([(x, y)], depth)[0]


def ear_pair(p, head, shape, colour, inner=None, tip=None):
    for half in (np.array(shape, float), mirror(shape)):
        q = head(half, -0.25)
        p.fill(q, dark(colour, 0.08))
        if tip:
            with p.inside(q):
                top = q[np.argmin(q[:, 1])]
                p.glow(*top, 0.75, tip, 1, core=0.5)
        p.model(q, 0.4, 0.15)
        if inner:
            c = q.mean(0)
            small = c + (q - c) * 0.6 + (0, 0.04)
            p.fill(small, inner, dark(inner, 0.35))
            with p.inside(q):
                p.hairs(c + p.rng.normal(0, 0.14, (12, 2)) + (0, 0.2), 0.3, 0.03, [pale(colour, 0.5)], 0.5, angle=-math.pi / 2)


def eyes(p, head, x, y, r, iris, pupil, tilt=0.0, open_=1.0, rim=BLACK, slit=True):
    """Two eyes: dark rim, iris lighter below, pupil (wide or a slit), a glint towards the light."""
    rng, look = p.rng, p.rng.uniform(-0.1, 0.1) * r
    for s in (-1, 1):
        ex, ey = head.dot(s * x, y, 0.5)
        almond = [(-1.25, 0.12), (-0.6, -0.62), (0.1, -0.92), (0.85, -0.55), (1.3, 0.2), (0.6, 0.78), (-0.4, 0.8)]
        shape = np.array(almond) * (s * r * 0.9, r * open_)
        c, q = math.cos(s * tilt), -math.sin(s * tilt)  # outer corners up
        shape = shape @ np.array([[c, q], [-q, c]]) + (ex, ey)
        p.fill((shape - (ex, ey)) * 1.22 + (ex, ey), rim)
        with p.inside(shape):
            p.fill(shape, dark(iris, 0.25), pale(iris, 0.35))
            p.oval(ex + look, ey - 0.05 * r, r * pupil, r * (0.95 if slit else pupil), colour=BLACK)
        gx, gy = math.cos(p.light) * r * 0.34, math.sin(p.light) * r * 0.4
        p.oval(ex + gx, ey + gy, r * 0.24, colour=(1, 1, 1))
        p.oval(ex - gx * 0.9, ey + r * 0.42, r * 0.12, colour=(1, 1, 1), alpha=0.55)


def whiskers(p, head, colour, y=0.42):
    for s in (-1, 1):
        for k in range(3):
            a = -0.14 + k * 0.16 + p.rng.normal(0, 0.03)
            x, v = head.dot(s * 0.36, y + k * 0.07, 0.55)
            p.line(bend((x, v), (x + s * 0.45, v + a * 0.5 - 0.05), (x + s * p.rng.uniform(0.85, 1.05), v + a * 1.8)), colour, 0.045, 0.015, 0.85)


def sitting(p, coat, belly, tail=None, tip=None, socks=None):
    """The body of a sitting animal below its head."""
    rng = p.rng
    p.glow(0.1, 3.05, 1.7, (0.05, 0.03, 0.08), 0.5, squeeze=0.2)
    if tail:
        s = pick(rng, [-1, 1])
        t = bend((s * 0.6, 2.7), (s * rng.uniform(1.7, 2.3), 3.0), (s * rng.uniform(1.4, 1.9), rng.uniform(0.9, 1.8)), 12)
        p.line(t, dark(coat, 0.15), tail, tail * 0.4, bulge=tail * 0.5)
        if tip:
            p.line(t[8:], tip, tail * 0.85, tail * 0.35)
    w = rng.uniform(0.9, 1.1)
    trunk = [(-0.5, 0.3), (-w * 0.85, 1.3), (-w * 1.15, 2.4), (-w, 3.0), (w, 3.0), (w * 1.15, 2.4), (w * 0.85, 1.3), (0.5, 0.3)]
    p.fill(trunk, coat, dark(coat, 0.2))
    p.fill([(0, 0.5), (-0.45, 1.1), (-0.35, 2.1), (0, 2.5), (0.35, 2.1), (0.45, 1.1)], belly)
    p.coat(trunk, [dark(coat, 0.3), pale(coat, 0.25), coat], 160, 0.22, 0.05, 0.45, (0, -1.5))
    p.model(trunk, 0.5, 0.15)
    for s in (-1, 1):
        leg = [(s * 0.12, 1.7), (s * 0.5, 1.7), (s * 0.5, 2.8), (s * 0.12, 2.8)]
        p.fill(leg, coat, socks or dark(coat, 0.1))
        p.model(leg, 0.3, 0.1)
        p.oval(s * 0.32, 2.92, 0.33, 0.18, colour=socks or belly)
        for k in (-1, 0, 1):
            p.line([(s * 0.32 + k * 0.12, 2.88), (s * 0.32 + k * 0.13, 3.03)], dark(coat, 0.5), 0.04)
    return trunk


def place(p, sit, wide):
    """Where the head is and how large: near, or farther off with its body."""
    rng = p.rng
    if sit:
        s = rng.uniform(18, 23)
        return dict(x=rng.uniform(32, 64), y=rng.uniform(32, 38), scale=s, turn=rng.normal(0, 0.06))
    s = rng.uniform(24, 33) * wide
    return dict(x=rng.uniform(38, 58), y=rng.uniform(46, 58), scale=s, turn=rng.normal(0, 0.17))


def neck(p, coat, belly):
    """Shoulders below a near head."""
    shape = [(-0.6, 0.3), (-1.05, 1.2), (-1.4, 2.4), (1.4, 2.4), (1.05, 1.2), (0.6, 0.3)]
    p.fill(shape, dark(coat, 0.12), dark(coat, 0.35))
    p.fill([(0, 0.6), (-0.6, 1.1), (-0.5, 2.4), (0.5, 2.4), (0.6, 1.1)], dark(belly, 0.1))
    p.coat(shape, [dark(coat, 0.4), coat], 90, 0.25, 0.06, 0.5, (0, -1.5))
    p.glow(0, 0.85, 1.0, (0.05, 0.02, 0.08), 0.45, squeeze=0.5)


# ---------------------------------------------------------------- cats


def cat(p, kind):
    rng = p.rng
    where = scenery.ground(p, room=5, garden=2.5, meadow=1.5, lawn=1, planks=1.5)
    if kind == "tabby":
        coat = vary(rng, rgb(pick(rng, ["a58a6a", "9a938c", "c08a52", "8d8174"])), 0.04)
        mark, muzzle, iris = dark(coat, 0.72), pale(coat, 0.7), rgb(pick(rng, ["9ccb4a", "c9c23f", "7fbf6a"]))
        nose, inner = rgb("d9837a"), rgb("d99a8a")
    elif kind == "black":
        coat = vary(rng, rgb("2b2833"), 0.02)
        mark, muzzle, iris = coat, mix(coat, WHITE, 0.1), rgb(pick(rng, ["f2c832", "e8a62a", "d4d84a"]))
        nose, inner = rgb("3a3038"), rgb("6a4a58")
    else:
        coat = vary(rng, rgb("f0e2c8"), 0.02)
        mark, muzzle, iris = rgb(pick(rng, ["4a342c", "5c4638", "54505c"])), rgb("6a5044"), rgb(pick(rng, ["4f9ff0", "6ab8f5"]))
        nose, inner = rgb("2c2024"), rgb("a8786a")
    ear = mark if kind == "siamese" else coat
    belly = muzzle if kind == "tabby" else pale(coat, 0.12)
    sit = rng.random() < 0.3
    spot = place(p, sit, 1.0)
    with p.at(spot["x"], spot["y"], spot["scale"], 0, rng.random() < 0.5):
        if sit:
            trunk = sitting(p, coat, belly, 0.4, mark, mark if kind == "siamese" else None)
            if kind == "tabby":
                with p.inside(trunk):
                    for k in range(5):
                        for s in (-1, 1):
                            y = 1.0 + k * 0.42
                            p.line(bend((s * 1.25, y), (s * 0.85, y + 0.12), (s * 0.4, y - 0.05)), mark, 0.2, 0.03)
        else:
            neck(p, coat, belly)
    head = Head(rng, spot["scale"])
    with p.at(**spot, squeeze=rng.uniform(0.92, 1.04)):
        ear_pair(p, head, CAT_EAR, ear, inner)
        face = both(CAT_HEAD)
        p.fill(face, pale(coat, 0.08), dark(coat, 0.08))
        p.coat(face, [dark(coat, 0.3), pale(coat, 0.3), coat], 210, 0.2, 0.04, 0.45, (head.yaw * 0.7, 0.2), 60)
        with p.inside(face):
            if kind == "tabby":
                for x in (-0.34, -0.12, 0.12, 0.34):
                    a = head([(x * 1.5, -0.9), (x, -0.6), (x * 0.7, -0.3)], 0.3)
                    p.line(bend(*a), mark, 0.15, 0.04)
                for s in (-1, 1):
                    for k in range(3):
                        y = 0.0 + k * 0.23
                        p.line(bend((s * 1.1, y - 0.05), (s * 0.85, y + 0.1), (s * 0.58, y + 0.02)), mark, 0.14, 0.03)
            elif kind == "siamese":
                p.glow(*head.dot(0, 0.25, 0.5), 0.85, mark, 1, core=0.3)
        p.model(face, 0.4, 0.22 if kind != "black" else 0.3)
        for s in (-1, 1):
            p.oval(*head.dot(s * 0.2, 0.44, 0.6), 0.28, 0.22, colour=muzzle)
        p.oval(*head.dot(0, 0.62, 0.5), 0.2, 0.13, colour=muzzle)
        if kind == "tabby":
            for s in (-1, 1):
                p.oval(*head.dot(s * 0.42, -0.1, 0.5), 0.36, 0.3, colour=pale(coat, 0.55), alpha=0.75)
        pupil = rng.uniform(0.2, 0.42) if kind != "black" else rng.uniform(0.42, 0.62)
        eyes(p, head, 0.45, rng.uniform(-0.12, -0.04), rng.uniform(0.215, 0.255), iris, pupil, 0.22, rng.uniform(0.85, 1.12))
        nx, ny = head.dot(0, 0.27, 0.65)
        p.fill([(nx - 0.15, ny - 0.07), (nx, ny - 0.1), (nx + 0.15, ny - 0.07), (nx + 0.03, ny + 0.1), (nx - 0.03, ny + 0.1)], nose, dark(nose, 0.25))
        line = dark(mark, 0.5) if kind != "black" else rgb("8a7a88")
        for s in (-1, 1):
            p.line(bend((nx, ny + 0.08), (nx + s * 0.03, ny + 0.3), (nx + s * 0.27, ny + 0.22)), line, 0.05, 0.04)
        whiskers(p, head, WHITE if kind != "siamese" else rgb("fffaf0"))
    scenery.foreground(p, where)


def tabby(p):
    cat(p, "tabby")


def black_cat(p):
    cat(p, "black")


def siamese(p):
    cat(p, "siamese")


# ---------------------------------------------------------------- dogs, wolf, fox


def snout(p, head, colour, width, length, nose, tongue=False):
    """The muzzle with nose and mouth, nearer than the rest of the head."""
    w, y = width, 0.42
    if tongue:
        t = head([(-0.17, y + length * 0.7), (-0.2, y + length + 0.2), (0, y + length + 0.36), (0.2, y + length + 0.2), (0.17, y + length * 0.7)], 0.8)
        p.fill(t, rgb("e86f80"), rgb("f59aa5"))
        p.line([t[0] * 0.5 + t[4] * 0.5, t[2] - (0, 0.1)], rgb("c24a60"), 0.05, 0.03)
    shape = head(both([(0, y - 0.42), (-w * 0.55, y - 0.25), (-w, y + length * 0.45), (-w * 0.7, y + length * 0.95), (0, y + length * 1.05)]), 0.75)
    p.fill(shape, colour, dark(colour, 0.12))
    p.model(shape, 0.3, 0.15)
    nx, ny = head.dot(0, y, 1.0)
    mouth = dark(colour, 0.75)
    p.line([(nx, ny + 0.1), (nx, ny + length * 0.55)], mouth, 0.05)
    for s in (-1, 1):
        p.line(bend((nx, ny + length * 0.5), (nx + s * w * 0.45, ny + length * 0.85), (nx + s * w * 0.85, ny + length * 0.35)), mouth, 0.055, 0.03)
    r = 0.24 if width > 0.4 else 0.2
    p.fill([(nx - r, ny - 0.1), (nx - r * 0.5, ny - 0.19), (nx + r * 0.5, ny - 0.19), (nx + r, ny - 0.1), (nx + r * 0.55, ny + 0.1), (nx, ny + 0.16), (nx - r * 0.55, ny + 0.1)], nose)
    p.oval(nx - r * 0.05 + math.cos(p.light) * 0.1, ny - 0.09, r * 0.36, 0.05, colour=rgb("c9c6d4"), alpha=0.9)
    for s in (-1, 1):
        p.oval(nx + s * r * 0.45, ny + 0.02, 0.045, 0.035, colour=(0, 0, 0))


def collar(p, y=0.95):
    rng = p.rng
    c = rgb(pick(rng, ["c8362f", "2f6fc0", "e0a52c", "3f9a5a", "8a4aa8"]))
    p.line(bend((-0.75, y), (0, y + 0.42), (0.75, y)), c, 0.22)
    p.oval(0, y + 0.42, 0.16, colour=rgb("f2cf5a"), to=rgb("c4922c"))


def beagle(p):
    rng = p.rng
    where = scenery.ground(p, room=2, meadow=3, lawn=2.5, garden=2, planks=1)
    coat, ear, white = vary(rng, rgb("c68a4c"), 0.04), vary(rng, rgb("7a4526"), 0.03), vary(rng, rgb("f7efe2"), 0.015)
    sit, long_ = rng.random() < 0.3, rng.uniform(0.85, 1.2)
    spot = place(p, sit, 0.95)
    with p.at(spot["x"], spot["y"], spot["scale"], 0, rng.random() < 0.5):
        if sit:
            trunk = sitting(p, coat, white, 0.3, white, white)
            with p.inside(trunk):
                p.glow(pick(rng, [-1, 1]) * 0.8, 1.9, 0.9, rgb("2c2226"), 0.9, core=0.5)
        else:
            neck(p, coat, white)
        if rng.random() < 0.6:
            collar(p)
    head = Head(rng, spot["scale"])
    with p.at(**spot):
        face = both(DOG_HEAD)
        p.fill(face, coat, dark(coat, 0.1))
        p.coat(face, [dark(coat, 0.25), pale(coat, 0.25)], 150, 0.16, 0.04, 0.4, (0, 0.3), 30)
        with p.inside(face):
            p.fill(head([(-0.1, -1), (0.1, -1), (0.16, -0.2), (0.44, 0.5), (-0.44, 0.5), (-0.16, -0.2)], 0.45), white)
        p.model(face, 0.4, 0.2)
        snout(p, head, white, 0.46, rng.uniform(0.5, 0.6), rgb("201a1e"), rng.random() < 0.4)
        eyes(p, head, 0.4, -0.14, rng.uniform(0.17, 0.2), rgb("6b3d1c"), 0.6, -0.1, 1.05, dark(ear, 0.6), slit=False)
        for half in (np.array(FLOP_EAR) * (1, long_), mirror(np.array(FLOP_EAR) * (1, long_))):
            q = head(half, -0.1)
            p.fill(q, ear, dark(ear, 0.3))
            p.coat(q, [dark(ear, 0.3), pale(ear, 0.2)], 50, 0.25, 0.04, 0.4, (0, -2))
            p.model(q, 0.4, 0.3)
    scenery.foreground(p, where)


def dalmatian(p):
    rng = p.rng
    where = scenery.ground(p, room=2.5, meadow=2.5, lawn=2.5, garden=2, planks=1)
    white, spot_colour = vary(rng, rgb("f4f1ee"), 0.015), vary(rng, rgb("241f26"), 0.02)
    sit = rng.random() < 0.3
    at = place(p, sit, 0.95)

    def spots(shape, count, r):
        low, high = np.min(shape, 0), np.max(shape, 0)
        with p.inside(shape):
            for x, y in rng.uniform(low, high, (count, 2)):
                s = r * rng.uniform(0.6, 1.3)
                p.fill(round_points(x, y, s, s * 0.85, 0, 7) + rng.normal(0, s * 0.14, (7, 2)), spot_colour)

    with p.at(at["x"], at["y"], at["scale"], 0, rng.random() < 0.5):
        if sit:
            spots(sitting(p, white, white, 0.26, None, white), 26, 0.14)
        else:
            neck(p, white, white)
            spots([(-0.6, 0.3), (-1.05, 1.2), (-1.4, 2.4), (1.4, 2.4), (1.05, 1.2), (0.6, 0.3)], 30, 0.14)
        if rng.random() < 0.6:
            collar(p)
    head = Head(rng, at["scale"])
    with p.at(**at):
        face = both(DOG_HEAD)
        p.fill(face, white, dark(white, 0.1))
        spots(face, 24, 0.11)
        p.model(face, 0.35, 0.1)
        snout(p, head, white, 0.45, rng.uniform(0.5, 0.6), rgb("1c181c"), rng.random() < 0.4)
        for _ in range(6):
            p.oval(*head.dot(rng.uniform(-0.35, 0.35), rng.uniform(0.6, 0.85), 0.75), 0.035, colour=spot_colour)
        eyes(p, head, 0.39, -0.14, rng.uniform(0.165, 0.195), rgb("7a4a24"), 0.6, -0.08, 1.05, slit=False)
        for half in (np.array(FLOP_EAR) * (1, 0.92), mirror(np.array(FLOP_EAR) * (1, 0.92))):
            q = head(half, -0.1)
            p.fill(q, spot_colour if rng.random() < 0.75 else white, dark(spot_colour, 0.2))
            p.model(q, 0.35, 0.28)
    scenery.foreground(p, where)


def wild(p, coat, cheek, ear_tip, inner, iris, narrow, ruff, where, tail_tip):
    """A wolf or a fox: pointed ears, a ruff of long fur, a narrow muzzle."""
    rng = p.rng
    sit = rng.random() < 0.3
    spot = place(p, sit, 0.98)
    with p.at(spot["x"], spot["y"], spot["scale"], 0, rng.random() < 0.5):
        if sit:
            sitting(p, coat, cheek, 0.6, tail_tip, ear_tip)
        else:
            neck(p, coat, cheek)
    head = Head(rng, spot["scale"])
    with p.at(**spot):
        ear_pair(p, head, np.array(WILD_EAR) * (1, rng.uniform(0.88, 1.05)), coat, inner, ear_tip)
        face = both(np.array(WILD_HEAD) * (1 if ruff else 0.98, 1))
        p.fill(face, coat)
        if ruff:
            p.coat(face, [cheek, mix(coat, cheek, 0.5), dark(coat, 0.2)], 40, 0.24, 0.06, 0.8, (0, -0.1), 110)
        else:
            p.coat(face, [coat, dark(coat, 0.15)], 20, 0.2, 0.05, 0.6, (0, -0.1), 60)
        with p.inside(face):
            for s in (-1, 1):
                p.fill(head([(s * 1.2, 0.05), (s * 0.6, 0.12), (s * 0.2, 0.3), (s * 0.1, 1.1), (s * 0.9, 1.0)], 0.3), cheek)
            p.fill(head([(-0.16, -0.5), (0.16, -0.5), (0.24, 0.5), (-0.24, 0.5)], 0.55), dark(coat, 0.12) if ruff else coat)
        p.coat(face, [dark(coat, 0.35), pale(coat, 0.35), coat], 190, 0.22, 0.04, 0.4, (head.yaw * 0.7, 0.4))
        p.model(face, 0.45, 0.2)
        if ruff:
            for s in (-1, 1):
                p.oval(*head.dot(s * 0.3, -0.38, 0.45), 0.17, 0.11, s * 0.4, pale(cheek, 0.3))
        snout(p, head, cheek, 0.36 if narrow else 0.42, 0.56, rgb("17131a"))
        with p.inside(head(both([(0, -0.05), (-0.2, 0.05), (-0.24, 0.45), (0, 0.5)]), 0.78)):
            p.glow(*head.dot(0, 0.1, 0.75), 0.4, dark(coat, 0.1), 0.9, core=0.4)
        nx, ny = head.dot(0, 0.42, 1.0)
        p.fill([(nx - 0.2, ny - 0.1), (nx, ny - 0.19), (nx + 0.2, ny - 0.1), (nx, ny + 0.14)], rgb("17131a"))
        p.oval(nx + math.cos(p.light) * 0.08, ny - 0.09, 0.07, 0.04, colour=rgb("c9c6d4"))
        eyes(p, head, 0.4, -0.1, rng.uniform(0.17, 0.2), iris, rng.uniform(0.4, 0.5), 0.38, 0.82, slit=narrow)
        if narrow:
            whiskers(p, head, BLACK, 0.5)
    scenery.foreground(p, where)


def wolf(p):
    rng = p.rng
    where = scenery.ground(p, snow=4, wood=4, meadow=1, sky=1)
    coat = vary(rng, rgb(pick(rng, ["7d8088", "6a6a70", "8c8478", "5a5e6a"])), 0.04)
    wild(p, coat, pale(coat, rng.uniform(0.55, 0.75)), dark(coat, 0.6), rgb("a8948c"), rgb(pick(rng, ["f0b02c", "e8c84a", "d99a2a"])), False, True, where, dark(coat, 0.5))


def fox(p):
    rng = p.rng
    where = scenery.ground(p, litter=3, wood=3, meadow=2, garden=2, snow=1)
    coat = vary(rng, rgb(pick(rng, ["e0742a", "d2642a", "e88a3a"])), 0.03)
    wild(p, coat, rgb("fbf3e6"), rgb("2a2022"), rgb("4a3430"), rgb(pick(rng, ["c98a2c", "a86a24"])), True, False, where, rgb("fbf3e6"))
