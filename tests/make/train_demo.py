"""Train the network of the built-in demo on the drawn pictures: the exercise's architecture.

Run from the repository root after draw_demo.py (needs tensorflow, keras, h5py, pillow, numpy):

    python tests/make/train_demo.py OUT              # reads OUT/images.zip; writes OUT/model.h5 and OUT/demo.urpatch-project.json
    python tests/make/train_demo.py OUT --mosaics    # no training: the strongest patches of each layer, OUT/<layer>.png

The pictures that index.tsv calls `test` are used only to measure accuracy. Training that was stopped goes on where it
was (OUT/backup). It has two stages. First the layers up to conv2d_5 learn on parts of pictures, 64 x 64: a classifier
that is left off the saved network sees only the maximum of each channel (deep supervision, Lee et al. 2015,
arXiv:1409.5185), so that a channel must find a part of something, and an L1 penalty keeps it silent elsewhere; this is
what makes its mosaics readable. Then the layers above learn on whole pictures. Every convolution is followed by a batch
normalisation while training, which is much quicker so; afterwards it is folded into the convolution, so that the saved
network is the exercise's, layer for layer.
The seed fixes the start, not every bit: float sums run in parallel, so a new run gives new channels.
Look at the mosaics before replacing the model.
"""

import argparse
import ctypes
import io
import json
import os
import pathlib
import shutil
import sys
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L
from PIL import Image, ImageDraw

BEST_LAYER = "conv2d_5"
SEED, RATE, SILENCE = 6, 2e-3, 0.3
PART, PART_EPOCHS, WHOLE_EPOCHS = 64, 6, 3
# side of a unit's receptive field and step between units, for this network (all 'valid', so unit i starts at i * step)
FIELD = {"conv2d": (3, 1), "conv2d_1": (5, 1), "conv2d_2": (7, 1), "conv2d_3": (12, 2), "conv2d_4": (16, 2), "conv2d_5": (20, 2),
         "conv2d_6": (30, 4), "conv2d_7": (38, 4), "conv2d_8": (46, 4)}


def keep_memory():
    """Let glibc keep what is freed: giving every large tensor back to the system took a third of the time."""
    if sys.platform == "linux":
        libc = ctypes.CDLL("libc.so.6")
        for option, value in ((-8, 1), (-4, 0), (-1, 2**31 - 1), (-2, 2**28)):  # arenas, mmaps, trim threshold, top pad
            libc.mallopt(option, value)


def load(out):
    """Pictures [N, 96, 96, 3] as bytes, class numbers, which are held out, class names in the order of the outputs."""
    with zipfile.ZipFile(out / "images.zip") as pack:
        rows = [line.split("\t") for line in pack.read("index.tsv").decode().splitlines()]
        x = np.stack([np.asarray(Image.open(io.BytesIO(pack.read(f"{c}/{f}"))).convert("RGB")) for c, f, _ in rows])
    names = sorted({c for c, _, _ in rows})
    return x, np.array([names.index(c) for c, _, _ in rows]), np.array([split == "test" for _, _, split in rows]), names


def network(classes):
    keras.utils.clear_session()
    kernels = dict(activation="relu", kernel_initializer="he_normal")
    stack = [keras.Input((96, 96, 3)), L.BatchNormalization()]
    for filters in (32, 64, 128):
        stack += [L.Conv2D(filters, 3, **kernels) for _ in range(3)]
        stack += [L.MaxPooling2D(), L.Dropout(0.2)]
    stack += [L.Flatten(), L.Dense(256, **kernels), L.Dropout(0.4), L.Dense(classes, activation="softmax")]
    return keras.Sequential(stack)


def batches(x, y, side, batch):
    """Training pictures [batch, side, side, 3], flipped, cut out (after 7 pixels of margin) and lit at random."""

    def vary(x, y):
        x = tf.image.random_flip_left_right(tf.cast(x, tf.float32) / 255)
        x = tf.image.random_crop(tf.pad(x, [[7, 7], [7, 7], [0, 0]], "REFLECT"), [side, side, 3])
        x = tf.image.random_contrast(tf.image.random_brightness(x, 0.08), 0.85, 1.15)
        return tf.clip_by_value(x, 0.0, 1.0), y

    data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=SEED)
    return data.map(vary, num_parallel_calls=2).batch(batch).prefetch(2)


def fit(model, data, epochs, folder, test=None):
    rate = keras.optimizers.schedules.CosineDecay(RATE / 10, epochs * len(data), warmup_target=RATE, warmup_steps=80)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    keep = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=False)
    model.fit(data, epochs=epochs, validation_data=test, verbose=2, callbacks=[keep])


def convolutions(maps, filters, pairs):
    """Three convolutions, each normalised while training; remembers the pairs of layers for `fold`."""
    for _ in range(3):
        pairs.append((L.Conv2D(filters, 3, use_bias=False, kernel_initializer="he_normal"), L.BatchNormalization(momentum=0.9)))
        maps = L.ReLU()(pairs[-1][1](pairs[-1][0](maps)))
    return maps


def fold(pairs, convs):
    """Put convolution and normalisation, as they are together, into plain convolutions."""
    for (conv, norm), plain in zip(pairs, convs, strict=True):
        gamma, beta, mean, variance = (w.numpy() for w in (norm.gamma, norm.beta, norm.moving_mean, norm.moving_variance))
        scale = gamma / np.sqrt(variance + norm.epsilon)
        plain.set_weights([conv.kernel.numpy() * scale, beta - mean * scale])


def train(out):
    keras.utils.set_random_seed(SEED)
    x, y, held, names = load(out)
    model = network(len(names))
    convs = [l for l in model.layers if isinstance(l, L.Conv2D)]
    first = model.layers[0]

    low = []
    part = keras.Input((PART, PART, 3))
    maps = L.MaxPooling2D()(convolutions(first(part), 32, low))
    maps = convolutions(maps, 64, low)
    maps = L.Activation("linear", activity_regularizer=lambda a: SILENCE * keras.ops.mean(a))(maps)
    verdict = L.Dense(len(names), activation="softmax")(L.Dropout(0.3)(L.GlobalMaxPooling2D()(maps)))
    fit(keras.Model(part, verdict), batches(x[~held], y[~held], PART, 32), PART_EPOCHS, out / "backup/parts")
    fold(low, convs[:6])
    save(model, out)

    high = []
    below = model.layers[: model.layers.index(convs[6])]
    above = model.layers[model.layers.index(convs[8]) + 1 :]
    maps = whole = keras.Input((96, 96, 3))
    for layer in below:
        layer.trainable = False
        maps = layer(maps)
    maps = convolutions(maps, 128, high)
    for layer in above:
        maps = layer(maps)
    test = (x[held].astype("float32") / 255, y[held])
    fit(keras.Model(whole, maps), batches(x[~held], y[~held], 96, 32), WHOLE_EPOCHS, out / "backup/whole", test)
    fold(high, convs[6:])
    for layer in below:
        layer.trainable = True
    save(model, out)
    shutil.rmtree(out / "backup")


def save(model, out):
    """Half-precision weights, as a network with `float16` variables is stored."""
    path = out / "model.h5"
    model.save(out / "full.h5", include_optimizer=False)
    with h5py.File(out / "full.h5") as full, h5py.File(path, "w") as half:

        def copy(name, thing):
            to = half.create_dataset(name, data=thing[()].astype("float16")) if isinstance(thing, h5py.Dataset) else half.require_group(name)
            for key, value in thing.attrs.items():
                to.attrs[key] = value

        full.visititems(copy)
        for key, value in full.attrs.items():
            half.attrs[key] = value
    (out / "full.h5").unlink()
    project = {
        "format": "urpatch-project",
        "version": 1,
        "name": "Urpatch demo",
        "model": "model.h5",
        "images": "images.zip",
        "sample": "random:600",
        "layers": [BEST_LAYER],
        "k": 16,
        "autorun": True,
        "afterwards": "rest",
    }
    (out / "demo.urpatch-project.json").write_text(json.dumps(project, indent=2) + "\n")


def outputs(model, x, layers):
    """What the layers give for all pictures, one batch after another."""
    taps = keras.Model(model.inputs, [l.output for l in layers])
    for i in range(0, len(x), 64):
        yield [o.numpy() for o in tf.nest.flatten(taps(x[i : i + 64].astype("float32") / 255, training=False))]


def peaks(model, x):
    """Per conv layer: the maximum and its flat position, for every picture and channel, and the map's width."""
    convs = [l for l in model.layers if isinstance(l, L.Conv2D)]
    best = {l.name: ([], [], l.output.shape[2]) for l in convs}
    for maps in outputs(model, x, convs):
        for l, o in zip(convs, maps):
            flat = o.reshape(len(o), -1, o.shape[-1])
            best[l.name][0].append(flat.max(1))
            best[l.name][1].append(flat.argmax(1))
    return {n: (np.concatenate(a), np.concatenate(b), w) for n, (a, b, w) in best.items()}


def mosaic(x, peak, where, width, side, step, zoom):
    """The 4 x 4 mosaic of one channel's strongest patches, one a picture."""
    cell = side * zoom + 1
    im = Image.new("RGB", (4 * cell, 4 * cell), "white")
    for k, i in enumerate(np.argsort(-peak, kind="stable")[:16]):
        if peak[i] <= 1e-6:
            break
        v, u = divmod(int(where[i]), width)
        patch = Image.fromarray(x[i, v * step : v * step + side, u * step : u * step + side])
        im.paste(patch.resize((side * zoom,) * 2, Image.Resampling.BICUBIC), (k % 4 * cell, k // 4 * cell))
    return im


def report(out, draw):
    x, y, held, names = load(out)
    model = keras.models.load_model(out / "model.h5", compile=False)
    p = np.concatenate([o for (o,) in outputs(model, x, [model.layers[-1]])]).argmax(1)
    print("layers", [l.name for l in model.layers])
    print(f"accuracy: training {np.mean(p[~held] == y[~held]):.4f}, held out {np.mean(p[held] == y[held]):.4f} of {held.sum()}")
    for i in np.flatnonzero(held & (p != y)):
        print(f"  wrong: a {names[y[i]]} seen as {names[p[i]]}")
    print("model.h5", (out / "model.h5").stat().st_size, "bytes")
    for name, (peak, where, width) in peaks(model, x).items():
        print(name, "dead channels:", int((peak.max(0) <= 1e-6).sum()))
        if draw:
            side, step = FIELD[name]
            tiles = [mosaic(x, peak[:, c], where[:, c], width, side, step, max(1, round(56 / side))) for c in range(peak.shape[1])]
            w, h = tiles[0].width + 10, tiles[0].height + 18
            big = Image.new("RGB", (8 * w, -(-len(tiles) // 8) * h), "white")
            for c, tile in enumerate(tiles):
                big.paste(tile, (c % 8 * w, c // 8 * h + 14))
                ImageDraw.Draw(big).text((c % 8 * w, c // 8 * h), str(c), fill="black")
            big.save(out / f"{name}.png")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("out", type=pathlib.Path)
    ap.add_argument("--mosaics", action="store_true")
    args = ap.parse_args()
    keep_memory()
    if not args.mosaics:
        train(args.out)
    report(args.out, args.mosaics)


if __name__ == "__main__":
    main()
