"""Pictures of every kind that is decoded, and what Pillow makes of them.

Writes tests/fixtures/pictures.json: small files (base64) with the RGB bytes that PIL.Image.open(...).convert("RGB")
gives (`ignore`) and those after PIL.ImageOps.exif_transpose (`apply`). With --kit DIR it also writes
tests/fixtures/odd-images.json: size and mean of each channel of the pictures in DIR/odd-images.
"""

import argparse
import base64
import io
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ORIENTATION = 0x112

# What the files hold, each picture once; entries name them by number.
PIXELS = []


def drawing():
    """24 x 16, four different corners, and a slope in each, so that no turn and no shift looks like another."""
    pixels = np.zeros((16, 24, 3), np.uint8)
    pixels[:8, :12] = [250, 20, 20]
    pixels[:8, 12:] = [20, 250, 20]
    pixels[8:, :12] = [20, 20, 250]
    pixels[8:, 12:] = [240, 240, 30]
    slope = np.arange(16)[:, None] + 2 * np.arange(24)[None, :]
    return Image.fromarray((pixels * 0.7 + slope[..., None]).astype(np.uint8))


def saved(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def pixels_of(image):
    rgb = image.convert("RGB")
    pixels = {"width": rgb.width, "height": rgb.height, "rgb": text(rgb.tobytes())}
    if pixels not in PIXELS:
        PIXELS.append(pixels)
    return PIXELS.index(pixels)


def text(data):
    return base64.b64encode(data).decode()


def entry(name, file, expected=None):
    image = Image.open(io.BytesIO(file))
    ignore = pixels_of(image) if expected is None else expected
    image = Image.open(io.BytesIO(file))
    # Pillow has turned a TIFF when it has loaded it, and then says so.
    image.load()
    apply = pixels_of(ImageOps.exif_transpose(image)) if expected is None else expected
    return {"name": name, "file": text(file), "ignore": ignore, "apply": apply}


def turned():
    image = drawing()
    for number in range(1, 9):
        exif = Image.Exif()
        exif[ORIENTATION] = number
        yield entry(f"turned-{number}.jpg", saved(image, "JPEG", quality=95, exif=exif))
        yield entry(f"turned-{number}.png", saved(image, "PNG", exif=exif))
        yield entry(f"turned-{number}.webp", saved(image, "WEBP", lossless=True, exif=exif))
        yield entry(f"turned-{number}.avif", saved(image, "AVIF", quality=90, exif=exif))
        yield entry(f"turned-{number}.tif", saved(image, "TIFF", tiffinfo={ORIENTATION: number}))
    transparent = image.copy()
    transparent.putalpha(Image.fromarray((np.arange(24 * 16).reshape(16, 24) % 256).astype(np.uint8)))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    yield entry("turned-alpha.webp", saved(transparent, "WEBP", lossless=True, exact=True, exif=exif))
    yield entry("alpha.tif", saved(transparent, "TIFF"))


def tiffs():
    image = drawing()
    modes = {
        "rgb": image,
        "grey": image.convert("L"),
        "palette": image.quantize(11),
        "bits": image.convert("1"),
        "cmyk": image.convert("CMYK"),
        # Colours that no conversion from RGB gives.
        "cmyk-full": Image.frombytes("CMYK", (24, 16), np.random.default_rng(4).integers(0, 256, 1536, np.uint8).tobytes()),
    }
    for mode, picture in modes.items():
        for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
            yield entry(f"{mode}-{compression}.tif", saved(picture, "TIFF", compression=compression))
    # More than a strip, and tiles that hang over the edge.
    yield entry("strips.tif", saved(image, "TIFF", compression="tiff_lzw", tiffinfo={278: 5}))
    yield entry("predictor.tif", saved(image, "TIFF", compression="tiff_lzw", tiffinfo={317: 2}))
    grey16 = (np.arange(24 * 16).reshape(16, 24) * 170).astype(np.uint16)
    high = Image.fromarray((grey16 >> 8).astype(np.uint8))
    # Pillow's convert clips grey of 16 bits at 255; its upper byte is what TensorFlow and browsers take of a PNG.
    yield entry("grey16.tif", saved(Image.fromarray(grey16), "TIFF"), expected=pixels_of(high))
    yield entry("grey16-big-endian.tif", big_endian_grey16(grey16), expected=pixels_of(high))
    # Pillow 12.3 takes the bytes of such planes for pixels; its size and its upper bytes are no question.
    yield entry("rgb16-planar.tif", rgb16_planar(image), expected=pixels_of(image))
    yield entry("tiled.tif", tiled(image))
    pages = io.BytesIO()
    image.save(pages, "TIFF", save_all=True, append_images=[image.convert("L")])
    yield entry("pages.tif", pages.getvalue())


def tiff(order, entries, blocks):
    """A TIFF of short and long tags; `blocks` follow the directory, and tags may ask for their places."""
    start = 8 + 2 + 12 * len(entries) + 4
    places = list(np.cumsum([start] + [len(block) for block in blocks]))
    number = lambda value, size: int(value).to_bytes(size, {"II": "little", "MM": "big"}[order])
    out = order.encode() + number(42, 2) + number(8, 4) + number(len(entries), 2)
    for tag, type, count, value in entries:
        value = places[value[0]] if isinstance(value, tuple) else value
        size = {3: 2, 4: 4}[type]
        out += number(tag, 2) + number(type, 2) + number(count, 4) + number(value, size).ljust(4, b"\0")
    return out + number(0, 4) + b"".join(blocks)


def big_endian_grey16(grey):
    data = grey.astype(">u2").tobytes()
    entries = [(256, 3, 1, 24), (257, 3, 1, 16), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, (0,)),
               (277, 3, 1, 1), (278, 3, 1, 16), (279, 4, 1, len(data))]
    return tiff("MM", entries, [data])


def rgb16_planar(image):
    """Each colour in a strip of its own; the lower bytes are noise."""
    wide = (np.asarray(image).astype(np.uint16) << 8) | 171
    planes = [wide[..., c].astype("<u2").tobytes() for c in range(3)]
    long = lambda values: b"".join(int(value).to_bytes(4, "little") for value in values)
    start = 8 + 2 + 12 * 10 + 4 + 6 + 12 + 12
    offsets = long(start + i * len(planes[0]) for i in range(3))
    entries = [(256, 3, 1, 24), (257, 3, 1, 16), (258, 3, 3, (0,)), (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 3, (1,)),
               (277, 3, 1, 3), (278, 3, 1, 16), (279, 4, 3, (2,)), (284, 3, 1, 2)]
    return tiff("II", entries, [(16).to_bytes(2, "little") * 3, offsets, long(len(p) for p in planes), *planes])


def tiled(image):
    """Tiles of 16 x 16, the right ones half empty."""
    padded = np.zeros((16, 32, 3), np.uint8)
    padded[:, :24] = np.asarray(image)
    tiles = [padded[:, x : x + 16].tobytes() for x in (0, 16)]
    long = lambda values: b"".join(int(value).to_bytes(4, "little") for value in values)
    start = 8 + 2 + 12 * 10 + 4 + 6 + 8 + 8
    entries = [(256, 3, 1, 24), (257, 3, 1, 16), (258, 3, 3, (0,)), (259, 3, 1, 1), (262, 3, 1, 2), (277, 3, 1, 3),
               (322, 3, 1, 16), (323, 3, 1, 16), (324, 4, 2, (1,)), (325, 4, 2, (2,))]
    offsets = long([start, start + len(tiles[0])])
    return tiff("II", entries, [(8).to_bytes(2, "little") * 3, offsets, long(len(t) for t in tiles), *tiles])


def refused():
    """TIFFs that do not come out exactly everywhere, by what is said of them."""
    image = drawing()
    yield {"name": "jpeg.tif", "file": text(saved(image, "TIFF", compression="jpeg")), "says": "JPEG compression"}
    yield {"name": "fax.tif", "file": text(saved(image.convert("1"), "TIFF", compression="group4")), "says": "CCITT fax"}
    floats = Image.fromarray(np.linspace(0, 1, 384, dtype=np.float32).reshape(16, 24))
    yield {"name": "floats.tif", "file": text(saved(floats, "TIFF")), "says": "32-bit numbers"}
    yield {"name": "lab.tif", "file": text(saved(image.convert("LAB"), "TIFF")), "says": "colours of kind 8"}


def odd_images(folder):
    found = {}
    for path in sorted(folder.iterdir()):
        try:
            with Image.open(path) as image:
                image.load()
                rgb = np.asarray(image.convert("RGB"), np.float64)
        except Exception:  # what Pillow cannot open is not compared
            continue
        height, width = rgb.shape[:2]
        found[path.name] = {"width": width, "height": height, "mean": [round(x, 3) for x in rgb.mean((0, 1)).tolist()]}
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kit", type=Path)
    kit = parser.parse_args().kit
    pictures = {"decoded": [*turned(), *tiffs()], "refused": list(refused()), "pixels": PIXELS}
    (FIXTURES / "pictures.json").write_text(json.dumps(pictures, indent=1) + "\n")
    if kit:
        text = json.dumps(odd_images(kit / "odd-images"), indent=1, ensure_ascii=False)
        (FIXTURES / "odd-images.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
