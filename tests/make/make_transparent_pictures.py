"""Pictures that browsers decode differently where they are not asked in the right way, and what Pillow makes of them.

Writes tests/fixtures/transparent-pictures.json: small files with transparency of every format but TIFF, and pictures with a colour
profile (base64), with the RGBA bytes that they hold, turned upright where EXIF says so. `lossless` are files of lossless WebP, coded in all
ways that the encoder knows. Needs pillow and numpy only; TensorFlow agrees about the GIF.
"""

import base64
import io
import json
import struct
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "transparent-pictures.json"
ORIENTATION = 0x112


def text(data):
    return base64.b64encode(data).decode()


def drawing(width=26, height=17):
    """Slopes of all colours, and of alpha, with a corner that is clear and one that is opaque."""
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x * 9, y * 14, x * 5 + y * 7, x * 7 + y * 11], -1).astype(np.uint8)
    pixels[:4, :6, 3] = 0
    pixels[9:, 14:, 3] = 255
    return Image.fromarray(pixels, "RGBA")


def saved(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def entry(name, file, rgba=None):
    image = Image.open(io.BytesIO(file))
    image.load()
    upright = ImageOps.exif_transpose(image).convert("RGBA") if rgba is None else rgba
    return {"name": name, "file": text(file), "width": upright.width, "height": upright.height, "rgba": text(upright.tobytes())}


def bmp(image, version):
    """32 bits a pixel: with a fourth byte that means nothing, as Pillow writes it, or with a mask that says that it is alpha."""
    if version == 3:
        return saved(image, "BMP")
    rows = np.asarray(image)[::-1, :, [2, 1, 0, 3]].tobytes()
    masks = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    info = struct.pack("<IiiHHIIiiII4I", 124, image.width, image.height, 1, 32, 3, len(rows), 0, 0, 0, 0, *masks).ljust(124, b"\0")
    return struct.pack("<2sIII", b"BM", 14 + len(info) + len(rows), 0, 14 + len(info)) + info + rows


def profile():
    """A colour profile whose primaries are turned: with it, red becomes green. Nobody can overlook that it was applied."""
    xyz = lambda *numbers: b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(n * 65536) for n in numbers))
    curve = b"curv\0\0\0\0" + struct.pack(">I", 0)
    note = b"text\0\0\0\0none\0"
    name = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"turn\0" + bytes(8 + 3 + 67)
    red, green, blue = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
    tags = [(b"desc", name), (b"cprt", note), (b"wtpt", xyz(0.9642, 1, 0.8249)), (b"rXYZ", xyz(*green)), (b"gXYZ", xyz(*blue)),
            (b"bXYZ", xyz(*red)), (b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve)]
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for key, content in tags:
        content += bytes(-len(content) % 4)
        table += key + struct.pack(">2I", start + len(data), len(content))
        data += content
    head = struct.pack(">I4sI4s4s4s", start + len(data), b"none", 0x02200000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp").ljust(44, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + table + data


def pictures():
    image = drawing()
    opaque = image.convert("RGB")
    mirrored = image.transpose(Image.FLIP_LEFT_RIGHT)
    turn = Image.Exif()
    turn[ORIENTATION] = 6
    yield entry("lossless.webp", saved(image, "WEBP", lossless=True, exact=True))
    yield entry("lossy.webp", saved(image, "WEBP", quality=80, exact=True))
    yield entry("lossy-turned.webp", saved(image, "WEBP", quality=80, exact=True, exif=turn))
    yield entry("lossless-turned.webp", saved(image, "WEBP", lossless=True, exact=True, exif=turn))
    moving = dict(save_all=True, append_images=[mirrored], duration=100)
    yield entry("lossless-moving.webp", saved(image, "WEBP", lossless=True, exact=True, **moving))
    yield entry("lossy-moving.webp", saved(image, "WEBP", quality=80, exact=True, **moving))
    yield entry("full.avif", saved(image, "AVIF", quality=80, subsampling="4:4:4"))
    yield entry("full-turned.avif", saved(image, "AVIF", quality=80, subsampling="4:4:4", exif=turn))
    yield entry("halved.avif", saved(image, "AVIF", quality=80, subsampling="4:2:0"))
    yield entry("halved-opaque.avif", saved(opaque, "AVIF", quality=80, subsampling="4:2:0"))
    yield entry("turned.png", saved(image, "PNG", exif=turn))
    yield gif(image)
    # Nothing says that the fourth byte is alpha.
    yield entry("unused.bmp", bmp(image, 3), rgba=opaque.convert("RGBA"))
    yield entry("alpha.bmp", bmp(image, 5), rgba=image)
    square = drawing(16, 16)
    yield entry("png.ico", saved(square, "ICO", sizes=[(16, 16)]), rgba=square)
    yield entry("bmp.ico", saved(square, "ICO", sizes=[(16, 16)], bitmap_format="bmp"), rgba=square)
    for kind, options in {"jpg": {"format": "JPEG"}, "png": {"format": "PNG"}, "webp": {"format": "WEBP", "lossless": True},
                          "avif": {"format": "AVIF", "subsampling": "4:4:4"}}.items():
        yield entry(f"profile.{kind}", saved(opaque, **options, icc_profile=profile()))
    grey = opaque.convert("L")
    yield entry("grey.jpg", saved(grey, "JPEG"))


def gif(image):
    """Browsers and TensorFlow show its clear pixels as black; Pillow has the colour that the palette gives them."""
    palette = image.convert("RGB").quantize(15)
    indices = np.array(palette)
    clear = np.asarray(image)[..., 3] < 100
    indices[clear] = 15
    picture = Image.fromarray(indices, "P")
    picture.putpalette(palette.getpalette()[:45] + [10, 200, 30])
    file = saved(picture, "GIF", transparency=15)
    rgba = np.array(Image.open(io.BytesIO(file)).convert("RGBA"))
    assert (rgba[clear] == [10, 200, 30, 0]).all()
    rgba[clear] = 0
    return entry("clear.gif", file, rgba=Image.fromarray(rgba, "RGBA"))


def lossless():
    """Palettes of every packing, predictors, runs, a colour cache, several codes in a picture, single rows and columns."""
    random = np.random.default_rng(7)
    for colours in (1, 2, 3, 16, 17, 256):
        palette = random.integers(0, 256, (colours, 4), np.uint8)
        yield f"{colours} colours", palette[random.integers(0, colours, (13, 19))], {}
    noisy = lambda width, height: (np.asarray(drawing(width, height)).astype(int) + random.integers(-9, 9, (height, width, 4))).clip(0, 255).astype(np.uint8)
    for quality, method in ((0, 0), (50, 3), (100, 6)):
        yield f"slopes, method {method}", np.asarray(drawing(41, 23)), {"quality": quality, "method": method}
        yield f"noisy slopes, method {method}", noisy(41, 23), {"quality": quality, "method": method}
    yield "noise", random.integers(0, 256, (11, 9, 4), np.uint8), {}
    yield "tiles", np.tile(np.asarray(drawing(16, 16)), (3, 3, 1)), {}
    yield "different parts", np.concatenate([noisy(64, 24), np.tile(random.integers(0, 256, (1, 4, 4), np.uint8), (24, 16, 1))]), {"quality": 100, "method": 6}
    yield "one pixel", random.integers(0, 256, (1, 1, 4), np.uint8), {}
    yield "a row", np.asarray(drawing(90, 1)), {}
    yield "a column", np.asarray(drawing(1, 90)), {}
    yield "opaque", np.asarray(drawing().convert("RGB").convert("RGBA")), {}


def lossless_entry(name, pixels, options):
    image = Image.fromarray(np.ascontiguousarray(pixels), "RGBA")
    file = saved(image, "WEBP", lossless=True, exact=True, **options)
    assert file[12:16] == b"VP8L" and Image.open(io.BytesIO(file)).convert("RGBA").tobytes() == image.tobytes()
    return entry(name, file)


def main():
    made = {"pictures": list(pictures()), "lossless": [lossless_entry(*one) for one in lossless()]}
    FIXTURE.write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
