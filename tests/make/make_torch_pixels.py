"""What torchvision, timm and OpenCV make of awkward pictures, for the presets of PyTorch's libraries.

Run:    python tests/make/make_torch_pixels.py     (needs torch, torchvision, timm, pillow, opencv-python-headless)
Writes: tests/fixtures/torch-pixels.json.gz, in the form of make_preprocessing.py

timm's and torchvision's own functions are called. fastai and Ultralytics were not at hand: their few steps are written
down here with the same calls of Pillow, torchvision and OpenCV, and were compared line by line with their repositories:

- fastai: `Resize.before_call` and `encodes`, `crop_pad` and `_do_crop_pad` of fastai/vision/augment.py (0a10964), of a
  validation set (`pcts` 0.5); `imagenet_stats` of fastai/vision/core.py (0454367). Other methods of `Resize` are other
  settings (squish: stretch), and `RandomResizedCrop` squishes and crops in validation, which is none of ours.
- Ultralytics: `LetterBox.__call__` (`center`, `scaleup`; `auto` only holds for models that are run by PyTorch, and no
  exported one) and `classify_transforms` (mean 0, deviation 1, `crop_fraction` 1) of ultralytics/data/augment.py
  (0005af5); `/ 255` and RGB by engine/predictor.py.
"""

import base64
import gzip
import json
import pathlib

import cv2
import numpy as np
import timm
import torchvision
from PIL import Image
from timm.data import IMAGENET_INCEPTION_MEAN, IMAGENET_INCEPTION_STD, OPENAI_CLIP_MEAN, OPENAI_CLIP_STD
from timm.data import create_transform
from torchvision import transforms as T
from torchvision.transforms._presets import ImageClassification

ROOT = pathlib.Path(__file__).resolve().parents[2]
# (width, height) of the picture: smaller and larger than the input, wide, tall, odd.
SIZES = [(64, 51), (33, 70), (21, 20), (90, 91)]
SIZE = 28


def picture(width, height):
    """As in make_preprocessing.py, without alpha."""
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    smooth = 37 * y + 61 * x + 97 * c + 11 * ((x * y) % 53)
    hard = 255 * ((x // 3 + y // 2 + c) % 2)
    return np.where((x + 2 * y) % 5 < 3, smooth % 256, hard).astype(np.uint8)


def timm_transform(**options):
    return create_transform(SIZE, is_training=False, interpolation="bicubic", **options)


def fastai_resize(image):
    """fastai.vision.augment.Resize(SIZE) of a validation set: Pillow crops, then resizes."""
    width, height = image.size
    m = width / SIZE if width / SIZE < height / SIZE else height / SIZE
    crop_width, crop_height = int(m * SIZE), int(m * SIZE)
    left, top = int(0.5 * (width - crop_width)), int(0.5 * (height - crop_height))
    cropped = image.crop((left, top, left + crop_width, top + crop_height))
    return cropped.resize((SIZE, SIZE), Image.Resampling.BILINEAR)


def letterbox(array, shape):
    """ultralytics.data.augment.LetterBox(shape, auto=False)."""
    height, width = array.shape[:2]
    r = min(shape[0] / height, shape[1] / width)
    unpadded = int(round(width * r)), int(round(height * r))
    dw, dh = (shape[1] - unpadded[0]) / 2, (shape[0] - unpadded[1]) / 2
    if (width, height) != unpadded:
        array = cv2.resize(array, unpadded, interpolation=cv2.INTER_LINEAR)
    top, bottom = int(round(dh - 0.1)), int(round(dh + 0.1))
    left, right = int(round(dw - 0.1)), int(round(dw + 0.1))
    return cv2.copyMakeBorder(array, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(114,) * 3)


cases = []


def case(by, array, result, **settings):
    """`result` is [height, width, channels]."""
    cases.append(
        {
            "by": by,
            "picture": [array.shape[1], array.shape[0]],
            "inputShape": list(result.shape),
            "settings": settings,
            "floats": base64.b64encode(np.ascontiguousarray(result, "<f4").tobytes()).decode(),
        }
    )


imagenet = T.Compose([T.ToTensor(), T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
ways = {
    "torchvision": ("torchvision ImageClassification", ImageClassification(crop_size=SIZE, resize_size=32)),
    "torchvision-v2": ("torchvision ImageClassification", ImageClassification(crop_size=SIZE, resize_size=29)),
    "timm": ("timm create_transform", timm_transform(crop_pct=0.875)),
    "timm-half": (
        "timm create_transform",
        timm_transform(crop_pct=0.9, mean=IMAGENET_INCEPTION_MEAN, std=IMAGENET_INCEPTION_STD),
    ),
    "clip": (
        "timm create_transform",
        timm_transform(crop_pct=1.0, mean=OPENAI_CLIP_MEAN, std=OPENAI_CLIP_STD),
    ),
    "fastai": ("fastai Resize", T.Compose([fastai_resize, imagenet])),
    "ultralytics-classify": (
        "Ultralytics classify_transforms",
        T.Compose([T.Resize(SIZE, T.InterpolationMode.BILINEAR), T.CenterCrop(SIZE), T.ToTensor()]),
    ),
}
for width, height in SIZES:
    array = picture(width, height)
    for preset, (by, transform) in ways.items():
        case(by, array, transform(Image.fromarray(array)).permute(1, 2, 0).numpy(), preset=preset)
    for shape in ((SIZE, SIZE), (20, 33)):
        case(
            "Ultralytics LetterBox",
            array,
            letterbox(array, shape).astype(np.float32) / np.float32(255),
            preset="ultralytics",
        )

# Sizes of which fastai's arithmetic makes a pixel less.
for width, height in ((61, 83), (130, 115)):
    by, transform = ways["fastai"]
    array = picture(width, height)
    case(by, array, transform(Image.fromarray(array)).permute(1, 2, 0).numpy(), preset="fastai")

versions = {
    "torchvision": torchvision.__version__,
    "timm": timm.__version__,
    "pillow": Image.__version__,
    "opencv": cv2.__version__,
}
out = ROOT / "tests/fixtures/torch-pixels.json.gz"
text = json.dumps({"versions": versions, "cases": cases}, separators=(",", ":"))
out.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
print(len(cases), "cases,", out.stat().st_size, "bytes")
