"""Train the network of the built-in demo on the drawn pictures.

Run from the repository root after draw_demo.py (needs tensorflow, keras, h5py, pillow, numpy; a few minutes on 2 cores):

    python tests/make/train_demo.py                  # writes public/demo/model.h5 and demo.urpatch-project.json
    python tests/make/train_demo.py --mosaics DIR    # no training: draws each layer's patches from model.h5 into DIR

Every sixth picture of each class is held out and used only to measure accuracy.
The seed fixes the start, not every bit: augmentation and float sums run in parallel, so a new run gives new channels.
Look at the mosaics before replacing the model.
"""

import argparse
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L
from PIL import Image

DEMO = pathlib.Path(__file__).parents[2] / "public/demo"
BEST_LAYER = "conv2d_3"
SEED, EPOCHS, BATCH = 5, 110, 24
# side of a unit's receptive field and step between units, for this network (all 'valid', so unit i starts at i * step)
FIELD = {"conv2d": (3, 1), "conv2d_1": (5, 1), "conv2d_2": (10, 2), "conv2d_3": (14, 2), "conv2d_4": (24, 4), "conv2d_5": (32, 4)}


def load():
    rows = [r.split("\t") for r in (DEMO / "images/index.tsv").read_text().splitlines()]
    names = sorted({c for c, _ in rows})
    x = np.stack([np.asarray(Image.open(DEMO / "images" / c / f).convert("RGB")) for c, f in rows]).astype("float32") / 255
    y = np.array([names.index(c) for c, _ in rows])
    held = np.array([int(f.split(".")[0]) % 6 == 0 for _, f in rows])
    return x, y, held, names


def network(classes):
    keras.utils.clear_session()
    conv = dict(activation="relu", kernel_initializer="he_normal")
    return keras.Sequential(
        [
            keras.Input((64, 64, 3)),
            L.BatchNormalization(),
            L.Conv2D(16, 3, **conv),
            L.Conv2D(16, 3, **conv),
            L.MaxPooling2D(),
            L.Conv2D(32, 3, **conv),
            L.Conv2D(32, 3, **conv),
            L.MaxPooling2D(),
            L.Conv2D(48, 3, **conv),
            L.Conv2D(48, 3, **conv),
            L.MaxPooling2D(),
            L.Flatten(),
            L.Dense(64, activation="relu", kernel_initializer="he_normal"),
            L.Dropout(0.4),
            L.Dense(classes, activation="softmax"),
        ]
    )


def vary(x, y):
    x = tf.image.random_flip_left_right(x)
    x = tf.pad(x, [[6, 6], [6, 6], [0, 0]], "REFLECT")
    x = tf.image.random_crop(x, [64, 64, 3])
    x = tf.image.random_hue(x, 0.04)
    x = tf.image.random_saturation(x, 0.75, 1.25)
    x = tf.image.random_brightness(x, 0.1)
    x = tf.image.random_contrast(x, 0.8, 1.2)
    return tf.clip_by_value(x, 0.0, 1.0), y


def conv_outputs(model):
    convs = [l for l in model.layers if isinstance(l, L.Conv2D)]
    return convs, keras.Model(model.inputs, [l.output for l in convs])


def peaks(model, x):
    """Per conv layer: the maximum and its flat position, for every picture and channel."""
    convs, taps = conv_outputs(model)
    best = {l.name: [] for l in convs}
    for i in range(0, len(x), 48):
        for l, out in zip(convs, taps([x[i : i + 48]], training=False)):
            o = out.numpy()
            flat = o.reshape(len(o), -1, o.shape[-1])
            best[l.name].append((flat.max(1), flat.argmax(1), np.full(1, o.shape[2])))
    return {n: (np.concatenate([b[0] for b in v]), np.concatenate([b[1] for b in v]), int(v[0][2][0])) for n, v in best.items()}


def dead(model, x):
    return {n: int((v[0].max(0) <= 1e-6).sum()) for n, v in peaks(model, x).items()}


def train():
    keras.utils.set_random_seed(SEED)
    x, y, held, names = load()
    data = tf.data.Dataset.from_tensor_slices((x[~held], y[~held])).shuffle(1000, seed=SEED)
    data = data.map(vary, num_parallel_calls=2).batch(BATCH).prefetch(2)
    steps = EPOCHS * -(-int((~held).sum()) // BATCH)
    model = network(len(names))
    rate = keras.optimizers.schedules.CosineDecay(8e-4, steps)
    model.compile(keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(data, epochs=EPOCHS, validation_data=(x[held], y[held]), validation_freq=10, verbose=2)
    model.save(DEMO / "model.h5", include_optimizer=False)
    project = {
        "format": "urpatch-project",
        "version": 1,
        "name": "Urpatch demo",
        "model": "model.h5",
        "images": "images/index.tsv",
        "layers": [BEST_LAYER],
        "k": 16,
        "autorun": True,
    }
    (DEMO / "demo.urpatch-project.json").write_text(json.dumps(project, indent=2) + "\n")


def report():
    x, y, held, names = load()
    model = keras.models.load_model(DEMO / "model.h5", compile=False)
    p = np.concatenate([model(x[i : i + 48], training=False).numpy() for i in range(0, len(x), 48)]).argmax(1)
    print("layers", [l.name for l in model.layers])
    print(f"accuracy: training {np.mean(p[~held] == y[~held]):.4f}, held out {np.mean(p[held] == y[held]):.4f} of {held.sum()}")
    for i in np.flatnonzero(held & (p != y)):
        print(f"  wrong: {names[y[i]]} {i % 120:03d} seen as {names[p[i]]}")
    print("dead channels", dead(model, x))
    print("model.h5", (DEMO / "model.h5").stat().st_size, "bytes")


def mosaics(folder):
    """One sheet per conv layer: a row of the 16 strongest patches (one per picture) for every channel."""
    folder.mkdir(parents=True, exist_ok=True)
    x, _, _, _ = load()
    model = keras.models.load_model(DEMO / "model.h5", compile=False)
    for name, (peak, where, width) in peaks(model, x).items():
        side, step = FIELD[name]
        zoom = max(1, round(40 / side))
        cell = side * zoom + 2
        n = peak.shape[1]
        cols = 2 if n > 16 else 1
        rows = -(-n // cols)
        big = Image.new("RGB", (cols * (16 * cell + 10), rows * (cell + 2)), "white")
        for c in range(n):
            for k, i in enumerate(np.argsort(-peak[:, c], kind="stable")[:16]):
                if peak[i, c] <= 1e-6:
                    break
                v, u = divmod(int(where[i, c]), width)
                patch = x[i, v * step : v * step + side, u * step : u * step + side]
                im = Image.fromarray((patch * 255).round().astype("uint8")).resize((side * zoom,) * 2, Image.Resampling.NEAREST)
                big.paste(im, ((c // rows) * (16 * cell + 10) + k * cell, (c % rows) * (cell + 2)))
        big.save(folder / f"{name}.png")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--mosaics", metavar="DIR", type=pathlib.Path)
    args = ap.parse_args()
    if args.mosaics:
        mosaics(args.mosaics)
    else:
        train()
    report()


if __name__ == "__main__":
    main()
