"""The demo's network before and after its training, and what Keras and NumPy say of the change.

Run:    python tests/long/demo_checkpoints.py OUT     (needs tensorflow, keras, h5py, pillow, numpy)
Reads:  public/demo
Writes: OUT/epoch-0.h5 (untrained, by the seed of train_demo.py), OUT/epoch-9.h5 (the demo's own), OUT/expected.json

Over the pictures that index.tsv calls `test`, for each channel of conv2d_5: numpy.corrcoef of its maxima before and after, in double
precision (null for NaN), and how many of its 16 strongest pictures are the same.
"""

import json
import pathlib
import shutil
import sys

import keras
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/make"))

from train_demo import SEED, load, network

LAYER, TOP = "conv2d_5", 16
out = pathlib.Path(sys.argv[1])
demo = ROOT / "public/demo"
x, _, held, names = load(demo)
pictures = x[held].astype(np.float32) / 255

keras.utils.set_random_seed(SEED)
before = network(len(names))
before.save(out / "epoch-0.h5", include_optimizer=False)
shutil.copy(demo / "model.h5", out / "epoch-9.h5")
after = keras.models.load_model(out / "epoch-9.h5", compile=False)


def maxima(model):
    tap = keras.Model(model.inputs, model.get_layer(LAYER).output)
    return tap.predict(pictures, verbose=0).max(axis=(1, 2)).astype(np.float64)


a, b = maxima(before), maxima(after)
with np.errstate(invalid="ignore"):
    r = [np.corrcoef(a[:, c], b[:, c])[0, 1] for c in range(a.shape[1])]
tops = [np.argsort(-m, axis=0, kind="stable")[:TOP] for m in (a, b)]
shared = [len(set(tops[0][:, c]) & set(tops[1][:, c])) for c in range(a.shape[1])]
correlations = [None if np.isnan(one) else float(one) for one in r]
found = {"layer": LAYER, "images": len(pictures), "top": TOP, "correlations": correlations, "shared": shared}
(out / "expected.json").write_text(json.dumps(found))
