"""Write the test fixtures: small Keras files, golden layer maxima and awkward pictures.

Run from the repository root (needs tensorflow, keras, h5py, pillow, numpy; see README.md):

    python tests/make/make_fixtures.py            # writes tests/fixtures/
    python tests/make/make_fixtures.py some/dir   # writes there instead

Everything is seeded: running it again gives the same weights and the same pictures.
What is written, and why, is listed in tests/make/README.md.
"""

import base64
import json
import logging
import os
import pathlib
import shutil
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # plain float32 kernels: the golden values are then reproducible

import h5py
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L
from PIL import Image, ImageDraw

logging.getLogger("absl").setLevel(logging.ERROR)  # ".h5 is legacy": that is the point here

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "fixtures")


# ---------------------------------------------------------------- models


def randomise(model, seed):
    """Seeded weights for every variable: no bias stays zero, no BatchNormalization stays neutral."""
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        values = []
        for v in layer.weights:
            shape, kind = tuple(v.shape), v.path.split("/")[-1]
            if kind == "kernel":
                fan_in = int(np.prod(shape[:-1]))
                values.append(rng.normal(0, 1.3 / np.sqrt(fan_in), shape))
            elif kind == "gamma":
                values.append(rng.uniform(0.6, 1.4, shape))
            elif kind == "moving_variance":
                values.append(rng.uniform(0.05, 0.6, shape))
            elif kind == "moving_mean":
                values.append(rng.uniform(0.2, 0.7, shape))
            else:  # bias, beta
                values.append(rng.uniform(-0.3, 0.5, shape))
        layer.set_weights([a.astype("float32") for a in values])
    return model


def sequential():
    keras.utils.clear_session()
    return randomise(
        keras.Sequential(
            [
                keras.Input((24, 22, 3), name="pixels"),
                L.BatchNormalization(name="bn"),
                L.Conv2D(8, 3, padding="valid", activation="relu", name="conv_valid"),
                L.Conv2D(8, 3, padding="same", strides=2, name="conv_same_s2"),
                L.ReLU(name="relu"),
                L.Conv2D(8, (5, 3), padding="same", activation="tanh", name="conv_rect"),
                L.MaxPooling2D(2, name="pool_valid"),
                L.ZeroPadding2D(((1, 2), (0, 1)), name="zero_pad"),
                L.Conv2D(6, 3, dilation_rate=2, padding="same", activation="elu", name="conv_dilated"),
                L.MaxPooling2D(3, strides=2, padding="same", name="pool_same"),
                L.AveragePooling2D(2, strides=1, padding="same", name="avg_same"),
                L.Activation("sigmoid", name="act"),
                L.Dropout(0.3, name="dropout"),
                L.Flatten(name="flatten"),
                L.Dense(10, activation="relu", name="dense"),
                L.Dense(5, activation="softmax", name="out"),
            ],
            name="sequential_fixture",
        ),
        seed=11,
    )


def convolutions():
    """The exercise's network in small: all convolutions but the first have enough channels for Winograd's."""
    keras.utils.clear_session()
    return randomise(
        keras.Sequential(
            [
                keras.Input((38, 34, 3), name="pixels"),
                L.BatchNormalization(name="bn"),
                L.Conv2D(16, 3, activation="relu", name="conv_a"),
                L.Conv2D(17, 3, activation="relu", name="conv_b"),
                L.MaxPooling2D(2, name="pool"),
                L.Conv2D(24, 3, padding="same", name="conv_c"),
                L.BatchNormalization(name="bn_c"),
                L.ReLU(name="relu_c"),
                L.Conv2D(32, 3, activation="relu", name="conv_d"),
                L.MaxPooling2D(2, name="pool_d"),
                L.Flatten(name="flatten"),
                L.Dense(4, activation="softmax", name="out"),
            ],
            name="convolutions_fixture",
        ),
        seed=62,
    )


def functional():
    keras.utils.clear_session()
    x = inputs = keras.Input((20, 20, 3), name="pixels")
    x = L.ZeroPadding2D(1, name="pad")(x)
    x = L.Conv2D(8, 3, use_bias=False, name="stem")(x)
    x = L.BatchNormalization(scale=False, name="stem_bn")(x)
    stem = L.Activation("relu", name="stem_relu")(x)
    a = L.Conv2D(6, 1, name="left_1x1")(stem)
    b = L.Conv2D(6, 3, padding="same", name="right_3x3")(stem)
    x = L.Add(name="join")([a, b])
    side = L.Conv2D(4, 3, padding="same", activation="relu", name="side_3x3")(stem)
    x = L.Concatenate(name="concat")([x, side])
    x = L.GlobalAveragePooling2D(name="gap")(x)
    out = L.Dense(4, activation="softmax", name="out")(x)
    return randomise(keras.Model(inputs, out, name="functional_fixture"), seed=22)


@keras.saving.register_keras_serializable(package="lab")
class Swirl(L.Layer):
    """A layer no other program can know."""

    def __init__(self, turns=1, **kwargs):
        super().__init__(**kwargs)
        self.turns = turns

    def call(self, x):
        return x + 0.5 * tf.roll(x, shift=self.turns, axis=1)

    def get_config(self):
        return {**super().get_config(), "turns": self.turns}


def unsupported():
    keras.utils.clear_session()
    return randomise(
        keras.Sequential(
            [
                keras.Input((16, 16, 3), name="pixels"),
                L.Conv2D(4, 3, activation="relu", name="conv_a"),
                Swirl(2, name="swirl"),
                L.Conv2D(4, 3, activation="relu", name="conv_b"),
            ],
            name="unsupported_fixture",
        ),
        seed=33,
    )


def keras2_net():
    """The network of keras2-style.h5 and keras2-weights.h5, with the names Keras 2 would give."""
    keras.utils.clear_session()
    return randomise(
        keras.Sequential(
            [
                keras.Input((16, 16, 3), name="conv2d_input"),
                L.Conv2D(6, 3, activation="relu", name="conv2d"),
                L.MaxPooling2D(2, name="max_pooling2d"),
                L.Flatten(name="flatten"),
                L.Dense(4, activation="softmax", name="dense"),
            ],
            name="sequential",
        ),
        seed=44,
    )


# ---------------------------------------------------------------- files in the form Keras 2 wrote


def keras2_config():
    glorot = {"class_name": "GlorotUniform", "config": {"seed": None}}
    zeros = {"class_name": "Zeros", "config": {}}
    none = dict.fromkeys(
        ["kernel_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint", "bias_constraint"]
    )
    init = {"use_bias": True, "kernel_initializer": glorot, "bias_initializer": zeros}
    layers = [
        (
            "Conv2D",
            {
                "name": "conv2d",
                "trainable": True,
                "batch_input_shape": [None, 16, 16, 3],
                "dtype": "float32",
                "filters": 6,
                "kernel_size": [3, 3],
                "strides": [1, 1],
                "padding": "valid",
                "data_format": "channels_last",
                "dilation_rate": [1, 1],
                "groups": 1,
                "activation": "relu",
                **init,
                **none,
            },
        ),
        (
            "MaxPooling2D",
            {
                "name": "max_pooling2d",
                "trainable": True,
                "dtype": "float32",
                "pool_size": [2, 2],
                "padding": "valid",
                "strides": [2, 2],
                "data_format": "channels_last",
            },
        ),
        ("Flatten", {"name": "flatten", "trainable": True, "dtype": "float32", "data_format": "channels_last"}),
        (
            "Dense",
            {
                "name": "dense",
                "trainable": True,
                "dtype": "float32",
                "units": 4,
                "activation": "softmax",
                **init,
                **none,
            },
        ),
    ]
    return {
        "class_name": "Sequential",
        "config": {"name": "sequential", "layers": [{"class_name": c, "config": k} for c, k in layers]},
    }


def write_keras2_weights(group, model):
    group.attrs["layer_names"] = np.array([l.name.encode() for l in model.layers])
    group.attrs["backend"] = np.bytes_("tensorflow")
    group.attrs["keras_version"] = np.bytes_("2.4.0")
    for layer in model.layers:
        g = group.create_group(layer.name)
        names = [f"{layer.name}/{w.path.split('/')[-1]}:0" for w in layer.weights]
        # Keras 2 wrote an empty float64 array here for layers that have no weights
        g.attrs["weight_names"] = np.array([n.encode() for n in names]) if names else np.array([])
        for n, w in zip(names, layer.get_weights()):
            g.create_dataset(n, data=w)


def write_keras2_model(path, model):
    with h5py.File(path, "w") as f:
        f.attrs["backend"] = np.bytes_("tensorflow")
        f.attrs["keras_version"] = np.bytes_("2.4.0")
        f.attrs["model_config"] = np.bytes_(json.dumps(keras2_config()))
        training = {
            "loss": "categorical_crossentropy",
            "metrics": ["accuracy"],
            "weighted_metrics": None,
            "loss_weights": None,
            "optimizer_config": {
                "class_name": "Adam",
                "config": {
                    "name": "Adam",
                    "learning_rate": 0.001,
                    "decay": 0.0,
                    "beta_1": 0.9,
                    "beta_2": 0.999,
                    "epsilon": 1e-07,
                    "amsgrad": False,
                },
            },
        }
        f.attrs["training_config"] = np.bytes_(json.dumps(training))
        write_keras2_weights(f.create_group("model_weights"), model)
        g = f.create_group("optimizer_weights")
        slots = [("Adam/iter:0", np.int64(1))]
        for m in "mv":
            for w in model.weights:
                slots.append((f"Adam/{'/'.join(w.path.split('/')[-2:])}/{m}:0", np.zeros(w.shape, "float32")))
        g.attrs["weight_names"] = np.array([n.encode() for n, _ in slots])
        for n, a in slots:
            g.create_dataset(n, data=a)


def read_back(path):
    """Load with Keras 3, which needs an InputLayer where Keras 2 was content with batch_input_shape."""
    if path.name != "keras2-style.h5":
        return keras.models.load_model(path, compile=False)
    with tempfile.TemporaryDirectory() as d:
        copy = shutil.copy(path, pathlib.Path(d) / "copy.h5")
        with h5py.File(copy, "a") as f:
            config = keras2_config()
            shape = config["config"]["layers"][0]["config"].pop("batch_input_shape")
            first = {"class_name": "InputLayer", "config": {"batch_input_shape": shape, "name": "conv2d_input"}}
            config["config"]["layers"].insert(0, first)
            f.attrs["model_config"] = json.dumps(config)
        return keras.models.load_model(copy, compile=False)


# ---------------------------------------------------------------- golden values


def probe(h, w, c):
    hh, ww, cc = np.meshgrid(np.arange(h), np.arange(w), np.arange(c), indexing="ij")
    return (((37 * hh + 61 * ww + 97 * cc + 11 * ((hh * ww) % 53)) % 256) / 255).astype("float32")


def golden(model, label):
    layers = [l for l in model.layers if not isinstance(l, L.InputLayer)]
    taps = keras.Model(model.inputs, [l.output for l in layers])
    outs = taps([probe(*model.inputs[0].shape[1:])[None]], training=False)
    rows = []
    for layer, out in zip(layers, outs):
        y = out.numpy()[0]
        flat = y.reshape(-1, y.shape[-1])
        peak, first = flat.max(0), flat.argmax(0)
        if y.ndim > 1:
            for c in range(flat.shape[1]):
                below = flat[flat[:, c] < peak[c], c]
                gap = (peak[c] - below.max()) / max(abs(peak[c]), 1e-6) if below.size else np.inf
                ties = int((flat[:, c] == peak[c]).sum())
                if gap < 2e-5 or below.size == 0:
                    print(f"  note: {label} {layer.name} channel {c}: gap {gap:.1e}, {ties} equal maxima")
        rows.append(
            {
                "name": layer.name,
                "class": type(layer).__name__,
                "shape": list(y.shape),
                "params": layer.count_params(),
                "max": [float(f"{v:.9g}") for v in peak],
                "argmax": [int(i) for i in first],
            }
        )
    return {"params": model.count_params(), "layers": rows}


# ---------------------------------------------------------------- pictures

TINT = {"red": (205, 60, 50), "green": (60, 170, 75), "blue": (55, 85, 205)}


def picture(rng, tint, w, h):
    noise = rng.normal(0, 26, (h, w, 3)) + np.array(tint) * rng.uniform(0.55, 0.8)
    im = Image.fromarray(np.clip(noise, 0, 255).astype("uint8"))
    d = ImageDraw.Draw(im)
    r = int(min(w, h) * rng.uniform(0.14, 0.24)) + 1
    x, y = int(rng.integers(r, w - r)), int(rng.integers(r, h - r))
    bright = tuple(int(v) for v in rng.integers(215, 256, 3))
    shape = rng.integers(3)
    if shape == 0:
        d.ellipse([x - r, y - r, x + r, y + r], fill=bright)
    elif shape == 1:
        d.rectangle([x - r, y - r, x + r, y + r], fill=bright)
    else:
        d.polygon([(x, y - r), (x + r, y + r), (x - r, y + r)], fill=bright)
    return im


def write_images(root):
    rng = np.random.default_rng(77)
    for tint in TINT:
        (root / tint).mkdir(parents=True)
        for i in range(6):
            picture(rng, TINT[tint], 24, 24).save(root / tint / f"{i:02d}.png", optimize=True)
    picture(rng, TINT["red"], 48, 36).save(root / "red/large.png", optimize=True)
    picture(rng, TINT["green"], 12, 10).save(root / "green/small.png", optimize=True)
    picture(rng, TINT["blue"], 24, 24).convert("L").save(root / "blue/gray.png", optimize=True)
    picture(rng, TINT["blue"], 24, 24).quantize(16, dither=Image.Dither.NONE).save(root / "blue/palette.png")

    # every alpha from 0 to 255 occurs, in scrambled order, over saturated colours
    alpha = (np.arange(24 * 24) * 97 % 256).reshape(24, 24)
    vivid = np.array([(255, 0, 40), (0, 230, 60), (30, 60, 255), (255, 220, 0), (255, 0, 255), (0, 240, 255)])
    rgb = vivid[rng.integers(0, len(vivid), (24, 24))]
    assert set(alpha.ravel()) == set(range(256))
    Image.fromarray(np.dstack([rgb, alpha]).astype("uint8"), "RGBA").save(root / "green/alpha.png")

    (root / "red/broken.png").write_bytes((root / "red/00.png").read_bytes()[:60])

    unnamed = root / "blue/05.png"
    names = sorted(p for p in root.glob("*/*.png") if p != unnamed) + [root / "green/missing.png"]
    (root / "index.tsv").write_text("".join(f"{p.parent.name}\t{p.name}\n" for p in names))


def tensors(root):
    """What TensorFlow makes of the awkward pictures, for a 24 x 24 x 3 input."""
    found = {}
    for rel in ["green/alpha.png", "blue/palette.png", "blue/gray.png", "red/large.png", "green/small.png"]:
        x = tf.io.decode_png((root / rel).read_bytes(), channels=3)
        if x.shape[:2] != (24, 24):
            x = tf.image.resize(x, [24, 24], method="bilinear")
        x = (tf.cast(x, tf.float32) / 255.0).numpy()
        assert x.shape == (24, 24, 3)
        found[rel] = base64.b64encode(x.astype("<f4").tobytes()).decode()
    return found


# ---------------------------------------------------------------- all of it


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    gold = {}

    net = sequential()
    net.save(OUT / "sequential.h5")
    net.save_weights(OUT / "weights-only.weights.h5")
    gold["sequential.h5"] = golden(net, "sequential.h5")

    net = functional()
    net.save(OUT / "functional.h5")
    gold["functional.h5"] = golden(net, "functional.h5")

    net = convolutions()
    net.save(OUT / "convolutions.h5")
    gold["convolutions.h5"] = golden(net, "convolutions.h5")

    unsupported().save(OUT / "unsupported.h5")

    net = keras2_net()
    write_keras2_model(OUT / "keras2-style.h5", net)
    with h5py.File(OUT / "keras2-weights.h5", "w") as f:
        write_keras2_weights(f, net)
    gold["keras2-style.h5"] = golden(net, "keras2-style.h5")

    for name in gold:  # what was written must read back as what was measured
        again = read_back(OUT / name)
        assert golden(again, name)["layers"] == gold[name]["layers"], name

    rows = []
    for name, g in gold.items():
        inner = ",\n".join("      " + json.dumps(l) for l in g["layers"])
        rows.append(f'  "{name}": {{\n    "params": {g["params"]},\n    "layers": [\n{inner}\n    ]\n  }}')
    (OUT / "golden.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")

    shutil.rmtree(OUT / "images", ignore_errors=True)
    write_images(OUT / "images")
    (OUT / "pixels.json").write_text(json.dumps(tensors(OUT / "images"), indent=1) + "\n")

    files = sorted(p for p in OUT.rglob("*") if p.is_file())
    print(f"{len(files)} files, {sum(p.stat().st_size for p in files)} bytes in {OUT}")


if __name__ == "__main__":
    main()
