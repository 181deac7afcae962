"""Digests of the tensors that the exercise's notebook makes of the kit's 7,454 pictures, and of JPEGs, with TensorFlow.

Run:    python tests/make/make_kit_pixels.py         (needs tensorflow, pillow, numpy)
Reads:  ../shared/kit/seed/cats-dogs-plants, ../shared/kit/odd-images
Writes: tests/fixtures/kit-pixels.json

By class: SHA-256 over the SHA-256 of each tensor ([96, 96, 3], little-endian float32), in the order of the index. By
path: the first 16 hex digits of it, for pictures that are not 96 x 96 or not RGB.
JPEGs: size, SHA-256 of the RGB bytes of `decode_jpeg(dct_method="INTEGER_ACCURATE")`, and how far the default,
INTEGER_FAST, is from them: mean and maximum of the difference in grey levels.
"""

import hashlib
import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
KIT = ROOT.parent / "shared/kit"
FOLDER = KIT / "seed/cats-dogs-plants"
JPEGS = [
    "odd-images/tower-baseline.jpg",
    "odd-images/progressive-cat.jpg",
    "odd-images/gray.jpg",
    "odd-images/exif-landscape-6.jpg",
    "odd-images/jpeg-baseline-islow.jpg",
    "odd-images/ultrahdr-gainmap.jpg",
    "seed/cats-dogs-plants/Charlock/130.jpg",
]


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



def jpeg(path):
    content = (KIT / path).read_bytes()
    accurate = tf.io.decode_jpeg(content, channels=3, dct_method="INTEGER_ACCURATE").numpy()
    difference = np.abs(accurate.astype(int) - tf.io.decode_jpeg(content, channels=3).numpy())
    return {
        "height": accurate.shape[0],
        "width": accurate.shape[1],
        "sha256": hashlib.sha256(accurate.tobytes()).hexdigest(),
        "defaultDiffers": [round(float(difference.mean()), 3), int(difference.max())],
    }


result = {
    "classes": {name: all.hexdigest() for name, all in classes.items()},
    "odd": odd,
    "jpegs": {path: jpeg(path) for path in JPEGS},
}
text = json.dumps(result, indent=1)
(ROOT / "tests/fixtures/kit-pixels.json").write_text(text + "\n")
print(len(odd), "odd ones,", len(text), "bytes")
