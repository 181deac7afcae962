"""What Keras, TensorFlow, Pillow and torchvision make of awkward pictures, for every preprocessing setting.

Run:    python tests/make/make_preprocessing.py     (needs tensorflow, keras, pillow, numpy, torch, torchvision)
Writes: tests/fixtures/preprocessing.json.gz

Each case says by which settings of Urpatch the same numbers must come out. Pictures are the formula `picture`, which
tests/core/images/golden.ts repeats. Wherever a framework has a function for the whole way, that function is called.
"""

import base64
import gzip
import io
import json
import os
import pathlib
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf
import torch
from keras.applications.imagenet_utils import preprocess_input
from PIL import Image, ImageOps
from torchvision import transforms as T
from torchvision.transforms._presets import ImageClassification

ROOT = pathlib.Path(__file__).resolve().parents[2]
PILLOW = {
    "nearest": Image.Resampling.NEAREST,
    "pillow-bilinear": Image.Resampling.BILINEAR,
    "pillow-bicubic": Image.Resampling.BICUBIC,
    "pillow-lanczos": Image.Resampling.LANCZOS,
}

# (width, height) of the picture, (height, width) of the input: smaller and larger, wide, tall, odd, extreme.
SIZES = [
    ((31, 23), (12, 12)),
    ((64, 9), (13, 11)),
    ((7, 50), (12, 12)),
    ((5, 6), (14, 17)),
    ((40, 40), (16, 16)),
    ((101, 1), (8, 8)),
]


def picture(width, height):
    """RGBA uint8 [height, width, 4]: a little of everything, edges, smooth parts and full range; every alpha."""
    y, x, c = np.mgrid[0:height, 0:width, 0:4]
    smooth = 37 * y + 61 * x + 97 * c + 11 * ((x * y) % 53)
    hard = 255 * ((x // 3 + y // 2 + c) % 2)
    return np.where((x + 2 * y) % 5 < 3, smooth % 256, hard).astype(np.uint8)


def png(array):
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "png")
    buffer.seek(0)
    return buffer


def load_img(rgba, size, resize, keep=False, mode="rgb"):
    """keras.utils.load_img of a PNG; [height, width, channels] of uint8."""
    image = keras.utils.load_img(
        png(rgba if mode == "rgba" else rgba[..., :3].copy()),
        color_mode=mode,
        target_size=size,
        interpolation=resize.removeprefix("pillow-"),
        keep_aspect_ratio=keep,
    )
    array = np.asarray(image)
    return array[..., None] if array.ndim == 2 else array


def dataset(rgba, size, **options):
    """keras.utils.image_dataset_from_directory of one PNG; float32."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "a.png").write_bytes(png(rgba[..., :3].copy()).getvalue())
        images = keras.utils.image_dataset_from_directory(
            folder, labels=None, image_size=size, batch_size=1, verbose=False, **options
        )
        return next(iter(images)).numpy()[0]


def resized_and_cropped(rgba, size, resize, larger):
    """torchvision's Resize(larger) and CenterCrop(size); for `bilinear` its sizes with tf.image.resize."""
    image = Image.fromarray(rgba[..., :3].copy())
    if resize != "bilinear":
        steps = T.Compose([T.Resize(larger, PILLOW[resize]), T.CenterCrop(size)])
        return np.asarray(steps(image))
    width, height = T.Resize(larger)(image).size
    whole = tf.image.resize(rgba[..., :3], [height, width]).numpy()
    top, left = (int(round((a - b) / 2.0)) for a, b in ((height, size[0]), (width, size[1])))
    return whole[top : top + size[0], left : left + size[1]]


def padded(rgba, size, resize):
    """tf.image.resize_with_pad; for Pillow's filters, its geometry."""
    if resize == "bilinear":
        return tf.image.resize_with_pad(rgba[..., :3], *size).numpy()
    rows, columns = (tf.image.resize_with_pad(np.ones_like(rgba), *size).numpy()[..., 0] > 0).nonzero()
    top, left, bottom, right = rows.min(), columns.min(), rows.max() + 1, columns.max() + 1
    out = np.zeros((*size, 3), np.uint8)
    image = Image.fromarray(rgba[..., :3].copy())
    out[top:bottom, left:right] = np.asarray(image.resize((right - left, bottom - top), PILLOW[resize]))
    return out


def stretched(rgba, size):
    return tf.image.resize(rgba[..., :3], size).numpy()


cases = []


def case(by, rgba, result, **settings):
    """`result` is [height, width, channels], stored as bytes where it is made of bytes."""
    kind = "bytes" if result.dtype == np.uint8 else "floats"
    raw = np.ascontiguousarray(result, np.uint8 if kind == "bytes" else "<f4").tobytes()
    cases.append(
        {
            "by": by,
            "picture": [rgba.shape[1], rgba.shape[0]],
            "inputShape": list(result.shape),
            "settings": settings,
            kind: base64.b64encode(raw).decode(),
        }
    )


for (width, height), size in SIZES:
    rgba = picture(width, height)
    thin = min(width, height) == 1  # TensorFlow pads with nothing at all what is thinner than a pixel
    for resize in ("bilinear", *PILLOW):
        given = dict(scale="0..255", resize=resize)
        if resize == "bilinear":
            case("tf.image.resize", rgba, stretched(rgba, size), **given)
            case(
                "image_dataset_from_directory(crop_to_aspect_ratio)",
                rgba,
                dataset(rgba, size, crop_to_aspect_ratio=True),
                fit="crop",
                **given,
            )
            case("tf.image.resize, 4 channels", rgba, tf.image.resize(rgba, size).numpy(), **given)
        else:
            case("load_img", rgba, load_img(rgba, size, resize), **given)
            case(
                "load_img(keep_aspect_ratio)",
                rgba,
                load_img(rgba, size, resize, keep=True),
                fit="crop",
                **given,
            )
            case("load_img(rgba)", rgba, load_img(rgba, size, resize, mode="rgba"), **given)
            case(
                "load_img(grayscale)",
                rgba,
                load_img(rgba, size, resize, mode="grayscale"),
                grey="pillow",
                **given,
            )
        if not thin:
            case("tf.image.resize_with_pad", rgba, padded(rgba, size, resize), fit="pad", **given)
        if size[0] == size[1]:
            for larger in (size[0], size[0] + 3):
                case(
                    "torchvision Resize and CenterCrop",
                    rgba,
                    resized_and_cropped(rgba, size, resize, larger),
                    fit="resize-crop",
                    cropFraction=round(size[0] / larger, 4),
                    **given,
                )

# The numbers, on bytes and on resized floats.
for (width, height), size in SIZES[:2]:
    rgba = picture(width, height)
    floats = stretched(rgba, size)
    case("/ 255", rgba, floats / np.float32(255))
    for mode in ("tf", "torch", "caffe"):
        case(f"preprocess_input({mode})", rgba, preprocess_input(floats.copy(), mode=mode), preset=mode)
        case(
            f"preprocess_input({mode}) of load_img",
            rgba,
            preprocess_input(load_img(rgba, size, "nearest").astype("float32"), mode=mode),
            preset=mode,
            resize="nearest",
        )
        tensor = preprocess_input(tf.constant(floats), mode=mode).numpy()
        assert (tensor == preprocess_input(floats.copy(), mode=mode)).all()
    case("1 - image / 255", rgba, np.float32(1) - floats / np.float32(255), preset="inverted")
    grey = tf.image.rgb_to_grayscale(floats).numpy()
    case("tf.image.rgb_to_grayscale", rgba, grey, scale="0..255")
    case("tf.image.grayscale_to_rgb", rgba, np.repeat(grey, 3, 2), scale="0..255", channels="grey")
    case(
        "tf.image.resize of convert('L')",
        rgba,
        tf.image.resize(np.asarray(Image.fromarray(rgba).convert("L"))[..., None], size).numpy(),
        scale="0..255",
        grey="pillow",
    )

rgba = picture(64, 51)
image = Image.fromarray(rgba[..., :3].copy())
made = ImageClassification(crop_size=21, resize_size=24)(image)
case("torchvision ImageClassification", rgba, made.permute(1, 2, 0).numpy(), preset="torchvision")
made = T.Compose([T.Resize(24), T.CenterCrop(21), T.ToTensor(), T.Normalize(0.5, 0.25)])(image)
case("torchvision Normalize", rgba, made.permute(1, 2, 0).numpy(), preset="torchvision", mean=0.5, std=0.25)
rgba = picture(60, 44)  # ImageOps.fit crops by halves of pixels where sizes differ by an odd number
image = ImageOps.fit(Image.fromarray(rgba[..., :3].copy()), (20, 20), Image.Resampling.LANCZOS)
made = (np.asarray(image).astype(np.float32) / 127.5) - 1
case("Teachable Machine's code", rgba, made, preset="teachable-machine")

versions = {
    "tensorflow": tf.__version__,
    "keras": keras.__version__,
    "pillow": Image.__version__,
    "torch": torch.__version__,
    "numpy": np.__version__,
}
out = ROOT / "tests/fixtures/preprocessing.json.gz"
text = json.dumps({"versions": versions, "cases": cases}, separators=(",", ":"))
out.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
print(len(cases), "cases,", out.stat().st_size, "bytes")
