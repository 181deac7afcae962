"""Plain PNGs whose pixels are known, packed in every way that zlib knows.

Writes tests/fixtures/plain-pngs.json: small files (base64), each with its samples as they were before they were filtered
and packed. Rows have all five filters in turn. Only Python's zlib is needed: the files are put together here.
"""

import base64
import json
import random
import struct
import zlib
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"

# IHDR's number, and the samples of a pixel.
KINDS = {"grey": (0, 1), "colour": (2, 3), "palette": (3, 1), "greyWithAlpha": (4, 2), "colourWithAlpha": (6, 4)}


def chunk(kind, content):
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def paeth(a, b, c):
    pa, pb, pc = abs(b - c), abs(a - c), abs(a + b - 2 * c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filtered(rows, step, first):
    out = bytearray()
    above = bytes(len(rows[0]))
    for y, row in enumerate(rows):
        filter = (y + first) % 5
        out.append(filter)
        for i, value in enumerate(row):
            a = row[i - step] if i >= step else 0
            b = above[i]
            c = above[i - step] if i >= step else 0
            out.append((value - [0, a, b, (a + b) // 2, paeth(a, b, c)][filter]) % 256)
        above = row
    return bytes(out)


def packed(data, way):
    level, strategy, window, flush = {
        "stored": (0, zlib.Z_DEFAULT_STRATEGY, 15, None),
        "fixed": (9, zlib.Z_FIXED, 15, None),
        "own codes": (9, zlib.Z_DEFAULT_STRATEGY, 15, None),
        "no copies": (9, zlib.Z_HUFFMAN_ONLY, 15, None),
        "runs": (9, zlib.Z_RLE, 15, None),
        "small window": (9, zlib.Z_DEFAULT_STRATEGY, 9, None),
        "many blocks": (6, zlib.Z_DEFAULT_STRATEGY, 15, zlib.Z_FULL_FLUSH),
    }[way]
    packer = zlib.compressobj(level, zlib.DEFLATED, window, 9, strategy)
    if flush is None:
        return packer.compress(data) + packer.flush()
    parts = [packer.compress(data[at : at + 50]) + packer.flush(flush) for at in range(0, len(data), 50)]
    return b"".join(parts) + packer.flush()


def samples(texture, count, draw):
    if texture == "noise":
        return bytes(draw.randrange(256) for _ in range(count))
    if texture == "slope":
        return bytes((3 * i // 2 + draw.randrange(3)) % 256 for i in range(count))
    if texture == "even":
        return bytes([200]) * count
    # Each value half as often as the one before, so that rare ones have codes of up to 15 bits.
    return bytes(min(255, int(-17 * draw.random() ** 0.25) % 256 if draw.random() < 0.02 else int(draw.expovariate(0.7))) for _ in range(count))


def png(kind, width, height, texture, way, pieces, first, draw):
    number, step = KINDS[kind]
    pixels = samples(texture, width * height * step, draw)
    rows = [pixels[y * width * step : (y + 1) * width * step] for y in range(height)]
    stream = packed(filtered(rows, step, first), way)
    palette = bytes(draw.randrange(256) for _ in range(3 * 200))
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, number, 0, 0, 0))
    file += chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"tEXt", b"Comment\0made for a test")
    if kind == "palette":
        file += chunk(b"PLTE", palette)
    size = max(1, -(-len(stream) // pieces))
    for at in range(0, len(stream), size):
        file += chunk(b"IDAT", stream[at : at + size])
    if pieces > 1:
        file += chunk(b"IDAT", b"")
    file += chunk(b"IEND", b"")
    return {
        "name": f"{kind} {width}x{height}, {texture}, {way}, {pieces} pieces",
        "kind": kind,
        "width": width,
        "height": height,
        "samples": text(pixels),
        **({"palette": text(palette)} if kind == "palette" else {}),
        "file": text(file),
    }


def text(data):
    return base64.b64encode(data).decode()


def main():
    draw = random.Random(1)
    ways = ["stored", "fixed", "own codes", "no copies", "runs", "small window", "many blocks"]
    textures = ["noise", "slope", "even"]
    sizes = [(1, 1), (7, 1), (1, 9), (13, 11), (32, 24)]
    pngs = []
    for i, way in enumerate(ways):
        for j, kind in enumerate(KINDS):
            width, height = sizes[(i + j) % len(sizes)]
            pngs.append(png(kind, width, height, textures[(i + 2 * j) % 3], way, [1, 3][(i + j) % 2], i + j, draw))
    pngs.append(png("grey", 130, 130, "skewed", "no copies", 1, 0, draw))
    pngs.append(png("colour", 60, 50, "skewed", "own codes", 2, 3, draw))
    (FIXTURES / "plain-pngs.json").write_text(json.dumps(pngs, indent=1) + "\n")


main()
