"""Which channels of the demo's network fire on the same pictures, as Keras and NumPy find it.

Run:    python tests/make/make_demo_correlations.py     (needs tensorflow, keras, h5py, pillow, numpy)
Reads:  public/demo
Writes: tests/fixtures/demo-correlations.json

Over the pictures that index.tsv calls `test`, numpy.corrcoef of the maxima of channel 16 of conv2d_5 and those of all channels of
conv2d_5 and conv2d_8, in double precision; null for NaN, as of a channel that is dead in these pictures.
"""

import io
import json
import pathlib
import warnings
import zipfile

import keras
import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAYER, CHANNEL, OTHERS = "conv2d_5", 16, ["conv2d_5", "conv2d_8"]

with zipfile.ZipFile(ROOT / "public/demo/images.zip") as pack:
    rows = [line.split("\t") for line in pack.read("index.tsv").decode().splitlines()]
    pictures = [Image.open(io.BytesIO(pack.read(f"{c}/{f}"))).convert("RGB") for c, f, split in rows if split == "test"]

x = np.stack([np.asarray(picture) for picture in pictures]).astype(np.float32) / 255
model = keras.models.load_model(ROOT / "public/demo/model.h5", compile=False)
taps = keras.Model(model.inputs, [model.get_layer(name).output for name in OTHERS])
maps = dict(zip(OTHERS, taps.predict(x, verbose=0)))
maxima = {name: of.max(axis=(1, 2)).astype(np.float64) for name, of in maps.items()}

expected = {}
for name in OTHERS:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        both = np.corrcoef(maxima[LAYER][:, CHANNEL], maxima[name], rowvar=False)[0, 1:]
    expected[name] = [None if np.isnan(value) else float(value) for value in both]

path = ROOT / "tests/fixtures/demo-correlations.json"
path.write_text(json.dumps({"layer": LAYER, "channel": CHANNEL, "images": len(x), "correlations": expected}) + "\n")
