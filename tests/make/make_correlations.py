"""Maxima of a few channels, and how NumPy correlates them.

Writes tests/fixtures/correlations.json: `maxima` [images][channels] as float32, and `correlations` [channels][channels] of
numpy.corrcoef in double precision, with null for NaN.
"""

import json
import warnings
from pathlib import Path

import numpy as np

IMAGES = 97

random = np.random.default_rng(18)
common = random.gamma(1.0, 2.0, IMAGES)
columns = [
    common,
    # Fires on the same images, after a ReLU.
    np.maximum(0, common - 2 + random.normal(0, 0.5, IMAGES)),
    # Fires on the others.
    -3 * common + random.normal(0, 4, IMAGES),
    random.normal(0, 1, IMAGES),
    # Differs from image to image by few units in the last place.
    1000 + 1e-3 * random.normal(0, 1, IMAGES),
    # Is tiny, then huge.
    1e-30 * common,
    1e30 * random.gamma(1.0, 1.0, IMAGES),
    # Fires in one image only.
    np.eye(1, IMAGES, 40)[0],
    np.full(IMAGES, 0.1),
    np.where(np.arange(IMAGES) == 5, np.inf, common),
]
maxima = np.stack(columns, axis=1).astype(np.float32)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    correlations = np.corrcoef(maxima.astype(np.float64), rowvar=False)


def number(value):
    if np.isnan(value):
        return None
    return "Infinity" if np.isinf(value) else float(value)


path = Path(__file__).resolve().parent.parent / "fixtures" / "correlations.json"
path.write_text(
    json.dumps(
        {
            "maxima": [[number(value) for value in row] for row in maxima],
            "correlations": [[number(value) for value in row] for row in correlations],
        }
    )
    + "\n"
)
