"""The reference answer for the first images of the kit's index, by the exercise's own definition, with TensorFlow.

Run:   python tests/make/make_expected.py            (needs tensorflow, keras, h5py, numpy)
Reads: ../shared/kit/seed (model, images, index)
Writes: tests/fixtures/expected-64.json, in the form that the kit's check-results.mjs reads.
"""

import json
import pathlib

import keras
import numpy as np
import tensorflow as tf

from top_patches import top_patches

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEED = ROOT.parent / "shared/kit/seed"
LAYER = "conv2d_5"
COUNT = 64
K = 16
CANDIDATES = 24  # more than k, so that ties at the end can be judged

lines = (SEED / "cats-dogs-plants/classes-and-fnames.txt").read_text().split("\n")[:COUNT]
paths = ["/".join(line.split("\t")) for line in lines]


def load(path):
    image = tf.io.decode_png((SEED / "cats-dogs-plants" / path).read_bytes(), channels=3)
    return tf.image.resize(image, [96, 96]) / 255.0


model = keras.models.load_model(SEED / "animals_and_plants.h5", compile=False)
tap = keras.Model(model.inputs, model.get_layer(LAYER).output)
maps = tap.predict(np.stack([load(path) for path in paths]), verbose=0)
n, h, w, c = maps.shape
channels = top_patches(maps, paths, CANDIDATES)

expected = {
    "k": K,
    "images": n,
    "layers": [
        {
            "name": LAYER,
            "shape": [h, w, c],
            "receptiveField": {"size": [20, 20], "stride": [2, 2], "start": [0, 0]},
            "channels": channels,
        }
    ],
}
(ROOT / "tests/fixtures/expected-64.json").write_text(json.dumps(expected) + "\n")
