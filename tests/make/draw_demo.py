"""Draw the pictures of the built-in demo: 3,000 small paintings, 96 x 96, in twelve classes, as one archive.

Run from the repository root; needs numpy, pillow and pycairo (Debian: python3-cairo):

    python tests/make/draw_demo.py OUT              # writes OUT/images.zip
    python tests/make/draw_demo.py OUT --sheet 10   # OUT/sheet.png: ten of each class, to look at

Every picture has a seed of its own, made of its class and number, so the set is the same on every run.
The archive holds a folder for each class and index.tsv: class, file and split (train or test).
"""

import argparse
import io
import pathlib
import zipfile
import zlib

import numpy as np
from PIL import Image

from demo import animals, plants
from demo.canvas import SIZE, Pen

SUBJECTS = {
    "beagle": animals.beagle,
    "black-cat": animals.black_cat,
    "daisy": plants.daisy,
    "dalmatian": animals.dalmatian,
    "fern": plants.fern,
    "fox": animals.fox,
    "maple-leaf": plants.maple_leaf,
    "seedling": plants.seedling,
    "siamese-cat": animals.siamese,
    "tabby-cat": animals.tabby,
    "tulip": plants.tulip,
    "wolf": animals.wolf,
}
PER_CLASS, HELD_OUT = 250, 6  # every sixth picture is held out
QUALITY = 80
DATE = (2026, 11, 25, 12, 0, 0)


def picture(subject, number):
    """The picture of a class with that number, as a Pillow image."""
    pen = Pen(np.random.default_rng([zlib.crc32(subject.encode()), number]))
    SUBJECTS[subject](pen)
    return pen.finish()


def archive(out, per_class):
    """Write OUT/images.zip; entries are stored, as WebP cannot be packed further."""
    index = []
    with zipfile.ZipFile(out / "images.zip", "w") as pack:

        def put(name, data, method=zipfile.ZIP_STORED):
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = method
            pack.writestr(entry, data)

        for subject in SUBJECTS:
            for number in range(per_class):
                data, name = io.BytesIO(), f"{number:03d}.webp"
                picture(subject, number).save(data, "WEBP", quality=QUALITY, method=6)
                put(f"{subject}/{name}", data.getvalue())
                index.append(f"{subject}\t{name}\t{'test' if number % HELD_OUT == 0 else 'train'}\n")
        put("index.tsv", "".join(index), zipfile.ZIP_DEFLATED)
    print("images.zip:", len(index), "pictures,", (out / "images.zip").stat().st_size, "bytes")


def sheet(out, per_class, zoom=1):
    """Write OUT/sheet.png: a row of pictures for each class."""
    side = SIZE * zoom + 2
    big = Image.new("RGB", (per_class * side, len(SUBJECTS) * side), "white")
    for row, subject in enumerate(SUBJECTS):
        for number in range(per_class):
            big.paste(picture(subject, number).resize((SIZE * zoom,) * 2), (number * side, row * side))
    big.save(out / "sheet.png")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("out", type=pathlib.Path)
    ap.add_argument("--sheet", type=int, metavar="N", help="draw N of each class on one sheet instead")
    args = ap.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    sheet(args.out, args.sheet) if args.sheet else archive(args.out, PER_CLASS)


if __name__ == "__main__":
    main()
