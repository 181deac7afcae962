"""Digests of the tensors that the exercise's notebook makes of the kit's 7,454 pictures, with TensorFlow.

Run:    python tests/make/make_kit_pixels.py         (needs tensorflow, pillow, numpy)
Reads:  ../shared/kit/seed/cats-dogs-plants
Writes: tests/fixtures/kit-pixels.json

By class: SHA-256 over the SHA-256 of each tensor ([96, 96, 3], little-endian float32), in the order of the index. By
path: the first 16 hex digits of it, for pictures that are not 96 x 96 or not RGB.
"""

import hashlib
import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared/kit/seed/cats-dogs-plants"


def tensor(path):
    image = tf.io.decode_image(path.read_bytes(), channels=3, expand_animations=False)
    return tf.image.resize(image, [96, 96]).numpy() / 255


classes, odd = {}, {}
for line in (FOLDER / "classes-and-fnames.txt").read_text().splitlines():
    name, file = line.split("\t")
    numbers = tensor(FOLDER / name / file)
    assert numbers.dtype == "float32" and numbers.shape == (96, 96, 3)
    digest = hashlib.sha256(numbers.tobytes())
    classes.setdefault(name, hashlib.sha256()).update(digest.digest())
    with Image.open(FOLDER / name / file) as image:
        if image.size != (96, 96) or image.mode != "RGB":
            odd[f"{name}/{file}"] = digest.hexdigest()[:16]

text = json.dumps({"classes": {name: all.hexdigest() for name, all in classes.items()}, "odd": odd}, indent=1)
(ROOT / "tests/fixtures/kit-pixels.json").write_text(text + "\n")
print(len(odd), "odd ones,", len(text), "bytes")
