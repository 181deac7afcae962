"""What is behind and before the subjects: rooms, meadows, woods, snow, soil, planks, blurred gardens, grass."""

import math

import numpy as np

from .canvas import SIZE, bend, dark, mix, pale, pick, rgb, round_points, vary

WHOLE = [(-4, -4), (SIZE + 4, -4), (SIZE + 4, SIZE + 4), (-4, SIZE + 4)]
SKIES = {
    "day": ("5fa3e0", "d6eefb"),
    "noon": ("3f86d8", "aedcf5"),
    "dawn": ("8fa6d8", "ffdcc4"),
    "dusk": ("5b4a8c", "f79d62"),
    "cloud": ("93a3b4", "dde2e4"),
    "night": ("101a45", "465a9a"),
}
GREENS = [["2f6b2f", "4c8f35", "6cb043", "93c75a"], ["2d5f3a", "437f4c", "62a05c", "86ba74"], ["58702a", "7d9435", "a0b04a", "c0c766"]]
EARTHS = [["3b2a20", "543c2c", "70523c", "8d6c50"], ["40322a", "5c4a3d", "7b6655", "9a8672"], ["2e2320", "463530", "5f4a42", "7a6358"]]


def flat(p, colour, to=None, along=math.pi / 2):
    p.fill(WHOLE, colour, to, along, curved=False)


def blotches(p, colours, count, r, alpha):
    """Soft spots of colour: a quiet, painterly ground."""
    rng = p.rng
    for x, y in rng.uniform(-8, SIZE + 8, (count, 2)):
        p.glow(x, y, r * rng.uniform(0.6, 1.5), pick(rng, colours), alpha, squeeze=rng.uniform(0.5, 1))


def sky(p, kinds=("day", "noon", "dawn", "dusk", "cloud", "night")):
    rng = p.rng
    kind = pick(rng, kinds)
    top, low = (vary(rng, rgb(c), 0.03) for c in SKIES[kind])
    flat(p, top, low)
    if kind == "night":
        for x, y in rng.uniform(0, SIZE, (14, 2)):
            p.oval(x, y, rng.uniform(0.3, 0.7), colour=(1, 0.98, 0.85))
        x, y, r = rng.uniform(12, 84), rng.uniform(10, 26), rng.uniform(5, 8)
        p.glow(x, y, r * 2.6, (0.95, 0.93, 0.75), 0.5)
        p.oval(x, y, r, colour=rgb("fbf3cf"), to=rgb("e6dcb0"))
    else:
        if rng.random() < 0.3:
            x, y = rng.uniform(8, 88), rng.uniform(6, 28)
            p.glow(x, y, 22, (1, 0.95, 0.7), 0.7)
            p.oval(x, y, 5, colour=(1, 0.96, 0.75))
        for _ in range(rng.integers(0, 4)):
            x, y, s = rng.uniform(0, SIZE), rng.uniform(6, 44), rng.uniform(5, 10)
            for k in range(4):
                p.oval(x + (k - 1.5) * s * 0.8, y - (k % 2) * s * 0.3, s * 0.75, s * 0.45, colour=pale(low, 0.7), alpha=0.75)
    return kind


def blades(p, y0, y1, count, colours, tall, wide=1.6):
    """Blades of grass rooted between y0 and y1, far ones first; each a curved, pointed stroke."""
    rng = p.rng
    for y in np.sort(rng.uniform(y0, y1, count)):
        x, h = rng.uniform(-3, SIZE + 3), tall * rng.uniform(0.6, 1.3)
        lean = rng.normal(0, 0.35) * h
        p.line(bend((x, y), (x, y - h * 0.6), (x + lean, y - h), 6), vary(rng, pick(rng, colours), 0.03), wide, 0.15)


def greens(rng):
    return [rgb(c) for c in pick(rng, GREENS)]


def meadow(p):
    rng = p.rng
    horizon, g = rng.uniform(42, 74), greens(rng)
    if sky(p) == "night":
        g = [dark(c, 0.5) for c in g]
    far = mix(g[1], rgb("8fb3c4"), rng.uniform(0.3, 0.7))
    hill = [(-20, 110)] + [(x, horizon - rng.uniform(2, 14)) for x in np.linspace(-16, 112, 5)] + [(116, 110)]
    p.fill(hill, far, dark(far, 0.2))
    p.fill([(-9, 110), (-9, horizon), (48, horizon + rng.uniform(-4, 4)), (105, horizon), (105, 110)], g[3], g[1])
    blades(p, horizon + 3, 106, rng.integers(40, 80), g, rng.uniform(6, 10))


def lawn(p):
    """Grass seen from near, all over."""
    g = greens(p.rng)
    flat(p, g[1], g[0])
    blades(p, 2, 112, 170, g, p.rng.uniform(11, 17), p.rng.uniform(1.8, 2.8))


def wood(p):
    """Tree trunks in mist."""
    rng = p.rng
    mist = rgb(pick(rng, ["b9cbd0", "d8d3b4", "9fb8a6", "6f86a8", "e2c9a0"]))
    flat(p, pale(mist, 0.3), mist)
    bark = mix(rgb("4a3a32"), mist, 0.1)
    for depth in (0.65, 0.4, 0.1):
        for _ in range(rng.integers(2, 5)):
            x, w = rng.uniform(-4, 100), rng.uniform(3, 8) * (1.3 - depth)
            c = mix(bark, mist, depth)
            p.fill([(x - w * 0.5, -3), (x + w * 0.5, -3), (x + w * 0.7, 99), (x - w * 0.7, 99)], c, mix(c, mist, 0.3), 0, curved=False)
        if depth > 0.2:
            blotches(p, [mix(rgb("4f7a45"), mist, depth), mist], 8, 12, 0.35)
    ground = mix(rgb(pick(rng, ["55703c", "7a5a34", "5d5240"])), mist, 0.15)
    p.fill([(-9, 110), (-9, 82), (30, rng.uniform(76, 86)), (70, rng.uniform(76, 86)), (105, 82), (105, 110)], ground, dark(ground, 0.3))


def fir(p, x, y, h, colour):
    for k in range(4):
        top, w = y - h + k * h * 0.2, h * (0.12 + 0.07 * k)
        p.fill([(x, top), (x + w, top + h * 0.38), (x, top + h * 0.32), (x - w, top + h * 0.38)], dark(colour, 0.1 * (3 - k)), curved=False)


def snow(p):
    rng = p.rng
    kind = sky(p, ("day", "dawn", "dusk", "cloud", "night"))
    white = rgb("c3cfe8") if kind == "night" else rgb("f4f6fa")
    far = mix(rgb(SKIES[kind][1]), rgb("8494ac"), 0.5)
    p.fill([(-30, 110), (-10, 50)] + [(x, rng.uniform(30, 52)) for x in np.linspace(8, 88, 5)] + [(106, 50), (126, 110)], far, pale(far, 0.3), curved=False)
    y = rng.uniform(56, 74)
    for _ in range(rng.integers(2, 7)):
        fir(p, rng.uniform(0, SIZE), y + 3, rng.uniform(18, 38), mix(rgb("2f4f4a"), far, rng.uniform(0.05, 0.4)))
    p.fill([(-9, 110), (-9, y), (30, y + rng.uniform(-4, 4)), (70, y + rng.uniform(-4, 4)), (105, y), (105, 110)], white, mix(white, rgb("a9bbdc"), 0.6))
    if rng.random() < 0.5:
        for x, v in rng.uniform(0, SIZE, (22, 2)):
            p.oval(x, v, rng.uniform(0.5, 1.1), colour=(1, 1, 1), alpha=0.85)


def soil(p, stones=None):
    rng = p.rng
    e = [rgb(c) for c in pick(rng, EARTHS)]
    flat(p, e[2], e[1], rng.uniform(0, 3))
    blotches(p, e, 50, 8, 0.5)
    for _ in range(rng.integers(25, 55) if stones is None else stones):
        x, y, r = rng.uniform(-2, 98), rng.uniform(-2, 98), rng.gamma(2.2, 0.75) + 0.6
        c = mix(pick(rng, e), rgb(pick(rng, ["b5aaa0", "a08c78", "c9b9a2", "8b8580"])), rng.uniform(0, 0.85))
        stone = round_points(x, y, r, r * rng.uniform(0.6, 0.9), rng.uniform(0, 3), 7) + rng.normal(0, r * 0.09, (7, 2))
        p.fill(stone - np.array((math.cos(p.light), math.sin(p.light))) * r * 0.35, dark(e[0], 0.5), alpha=0.7)
        p.fill(stone, c)
        p.model(stone, 0.5, 0.35)


def litter(p):
    """A floor of fallen leaves."""
    rng = p.rng
    flat(p, rgb("5a3d26"), rgb("3f2b1e"))
    for _ in range(70):
        x, y, r = rng.uniform(-4, 100), rng.uniform(-4, 100), rng.uniform(4, 8)
        c = rgb(pick(rng, ["a8642c", "c58a3c", "8a4f2a", "b98a4e", "77502f", "9c3f22"]))
        a = rng.uniform(0, 6.3)
        d = np.array((math.cos(a), math.sin(a))) * r
        side = np.array((-d[1], d[0])) * rng.uniform(0.3, 0.5)
        leaf = [(x, y) - d, (x, y) + side, (x, y) + d, (x, y) - side]
        p.fill(np.array(leaf) + (0.5, 0.9), (0.12, 0.07, 0.05), alpha=0.45)
        p.fill(leaf, dark(c, rng.uniform(0, 0.35)), pale(c, 0.15), a)
        p.line([leaf[0], leaf[2]], dark(c, 0.4), 0.5, 0.2)


def planks(p):
    rng = p.rng
    base = rgb(pick(rng, ["b98b5e", "9a7350", "c9a780", "8b7e74", "7a553a"]))
    w, across = rng.uniform(13, 24), rng.random() < 0.5
    turn = (lambda q: [(y, x) for x, y in q]) if across else (lambda q: q)
    flat(p, base)
    for k in range(9):
        x, c = k * w - rng.uniform(0, 3), dark(base, rng.uniform(0, 0.22))
        p.fill(turn([(x, -2), (x + w, -2), (x + w, 98), (x, 98)]), c, curved=False)
        for _ in range(3):
            u = x + rng.uniform(0.1, 0.9) * w
            p.line(turn(bend((u, -2), (u + rng.uniform(-4, 4), 48), (u, 98))), dark(c, 0.25), 0.7, 0.5, 0.6)
        p.line(turn([(x, -2), (x, 98)]), dark(base, 0.65), 1.2)


def room(p):
    """A papered wall, a floor, and often a window, a picture or a cushion."""
    rng = p.rng
    wall = rgb(pick(rng, ["e8d9c0", "c9d6cf", "d9c2b4", "b7c4d4", "e3c9c0", "cfd3b4", "9fb0a8", "d8b67a", "a892a8", "7d95a6"]))
    flat(p, pale(wall, 0.15), dark(wall, 0.12))
    second, w = mix(wall, pick(rng, [(1, 1, 1), dark(wall, 0.6)]), 0.35), rng.uniform(8, 15)
    kind = rng.integers(4)
    if kind == 0:
        for x in np.arange(rng.uniform(-w, 0), 100, w):
            p.fill([(x, -2), (x + w * 0.45, -2), (x + w * 0.45, 98), (x, 98)], second, curved=False)
    elif kind == 1:
        for k, y in enumerate(np.arange(-w, 100, w)):
            for x in np.arange(-w, 100, w):
                p.oval(x + (k % 2) * w / 2, y, w * 0.17, colour=second)
    elif kind == 2:
        x, y, c = rng.uniform(-8, 60), rng.uniform(-12, 14), rgb(SKIES[pick(rng, ["day", "dawn", "dusk", "night"])][0])
        p.fill([(x, y), (x + 36, y), (x + 36, y + 42), (x, y + 42)], c, pale(c, 0.5), curved=False)
        for q in ([(x, y), (x + 36, y), (x + 36, y + 42), (x, y + 42), (x, y)], [(x + 18, y), (x + 18, y + 42)], [(x, y + 21), (x + 36, y + 21)]):
            for a, b in zip(q, q[1:]):
                p.line([a, b], rgb("f5f0e4"), 2.2)
    if rng.random() < 0.55:
        y, c = rng.uniform(70, 84), rgb(pick(rng, ["a8774c", "8a5f3f", "b89468", "6e6a70", "9c4f48", "5c7488"]))
        p.fill([(-2, y), (98, y), (98, 98), (-2, 98)], c, dark(c, 0.3), curved=False)
        p.line([(-2, y), (98, y)], pale(wall, 0.4), 1.8)
    if rng.random() < 0.5:  # a slanting patch of light
        x, d, w = rng.uniform(-20, 70), rng.uniform(-34, 34), rng.uniform(14, 34)
        p.fill([(x, -2), (x + w, -2), (x + w + d, 98), (x + d, 98)], (1, 0.96, 0.78), alpha=0.25, curved=False)


def garden(p):
    """Leaves and lights out of focus."""
    rng = p.rng
    base = rgb(pick(rng, ["5c8a4e", "7fa36a", "3f6650", "a3ae62", "8a9a5a", "4f7a78", "b59a6a"]))
    flat(p, pale(base, 0.3), dark(base, 0.3), rng.uniform(0, 3))
    blotches(p, [dark(base, 0.35), pale(base, 0.35), base, rgb("d9d27a")], 26, 16, 0.5)
    for x, y in rng.uniform(0, SIZE, (rng.integers(3, 10), 2)):
        p.oval(x, y, rng.uniform(3, 7), colour=pale(rgb(pick(rng, ["f2e6a0", "e89ab0", "c7e08f", "ffffff"])), 0.2), alpha=rng.uniform(0.12, 0.35))


GROUNDS = {f.__name__: f for f in (meadow, lawn, wood, snow, soil, litter, planks, room, garden, sky)}


def ground(p, **odds):
    """One of the grounds, by the odds given; its name."""
    names = list(odds)
    w = np.array([odds[n] for n in names], float)
    name = names[p.rng.choice(len(names), p=w / w.sum())]
    GROUNDS[name](p)
    return name


def foreground(p, name):
    """Now and then something stands before the subject: grass, a twig."""
    rng = p.rng
    if name in ("meadow", "lawn", "wood", "garden", "litter") and rng.random() < 0.45:
        blades(p, 99, 112, rng.integers(6, 22), greens(rng), rng.uniform(14, 28), rng.uniform(1.6, 2.8))
    elif name in ("garden", "room", "wood", "snow") and rng.random() < 0.12:
        x, c = rng.uniform(0, SIZE), rgb(pick(rng, ["4f7f3a", "6a8f3f", "7a5a3a"]))
        for k in range(rng.integers(3, 7)):
            y, s = k * 7 - 4, pick(rng, [-1, 1])
            p.fill(round_points(x + s * 4 + k, y, 4.5, 1.9, s * 0.6 - 0.3), c, pale(c, 0.3))
        p.line(bend((x - 2, -4), (x + 2, 14), (x + 6, k * 7)), dark(c, 0.3), 1.2, 0.5)
