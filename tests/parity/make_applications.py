"""Write networks of keras.applications as real Keras saves them, and what Keras computes with them.

    python tests/parity/make_applications.py DIR [NAME ...]

For each name of members.json (all, where none is given; `-`: names are read from standard input, one a line):
DIR/<name>.h5, DIR/<name>.keras, and DIR/<name>.json with the layers (name, class, shape without the batch, number of
parameters) under the flat names that Urpatch gives them. A line `ready <name>` says that they are complete.

Members with a `side` are small (side x side pixels, ten classes) and filled with seeded random weights that keep the
activations of order one; DIR/<name>.bin holds the input and every layer's output for it (float32, by the offsets
of the JSON, in floats), and behind them gradients: of one unit in the middle and of one of the network's last outputs, with respect to
the input and to a layer between. The others have their full size, and files that say how large each array is but hold none:
HDF5 allocates no room for arrays that are never written.
"""

import json
import logging
import math
import os
import pathlib
import re
import sys
import time
from itertools import islice

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # plain float32, as Urpatch computes
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import h5py
import keras
import numpy as np
import tensorflow as tf
from keras import applications, layers
from keras.src.ops.function import make_node_key

MEMBERS = {member["name"]: member for member in json.loads(pathlib.Path(__file__).with_name("members.json").read_text())}

# That HDF5 is old, and that functions are traced often.
for logger in ("absl", "tensorflow"):
    logging.getLogger(logger).setLevel(logging.ERROR)

# Random numbers are drawn here, once, where numbers count: Keras' own take minutes for the largest networks.
for initializer in (keras.initializers.VarianceScaling, keras.initializers.RandomNormal, keras.initializers.TruncatedNormal):
    initializer.__call__ = lambda self, shape, dtype=None: keras.ops.zeros(shape, dtype)


def check_completeness():
    """Every network that this Keras has must be in the list."""
    offered = {name for name in dir(applications) if name[0].isupper()}
    missing = offered - MEMBERS.keys()
    if missing:
        raise SystemExit(f"members.json lacks {', '.join(sorted(missing))} of keras.applications {keras.__version__}.")


# ── The networks


def transfer_sequential(side):
    """A head on a backbone, the way tutorials write it."""
    backbone = applications.MobileNetV2(input_shape=(side, side, 3), include_top=False, weights=None, name="backbone")
    return keras.Sequential(
        [layers.Input((side, side, 3)), layers.Rescaling(1 / 127.5, offset=-1), backbone, layers.GlobalAveragePooling2D(),
         layers.Dropout(0.2), layers.Dense(3, activation="softmax", name="head")],
        name="transfer_sequential",
    )


def transfer_functional(side):
    """Augmentation in a nested Sequential, a backbone called with training=False, most of it frozen when it is saved."""
    inputs = layers.Input((side, side, 3), name="picture")
    augment = [layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.RandomZoom(0.1), layers.RandomContrast(0.1)]
    x = keras.Sequential(augment, name="augmentation")(inputs)
    backbone = applications.EfficientNetB0(input_shape=(side, side, 3), include_top=False, weights=None, name="backbone")
    x = backbone(x, training=False)
    x = layers.GlobalAveragePooling2D(name="pooled")(x)
    x = layers.BatchNormalization(name="head_bn")(x)
    x = layers.Dense(16, activation="relu", name="hidden")(x)
    return keras.Model(inputs, layers.Dense(3, activation="softmax", name="head")(x), name="transfer_functional")


def open_size(_side):
    return applications.MobileNetV2(input_shape=(None, None, 3), include_top=False, weights=None, name="open_size")


def build(name, side):
    own = {"transfer_sequential": transfer_sequential, "transfer_functional": transfer_functional, "open_size": open_size}
    if name in own:
        return own[name](side)
    application = getattr(applications, name)
    return application(weights=None, input_shape=(side, side, 3), classes=10) if side else application(weights=None)


def freeze(model):
    """The upper third of a backbone stays trainable, as in fine-tuning: this changes the order of stored arrays."""
    backbone = next((layer for layer in model.layers if layer.name == "backbone"), None)
    if backbone:
        for layer in backbone.layers[: len(backbone.layers) * 2 // 3]:
            layer.trainable = False


# ── Weights


def all_layers(model):
    for layer in model.layers:
        yield from all_layers(layer) if isinstance(layer, keras.Model) else [layer]


def random_array(name, shape, rng):
    name = re.sub(r"_\d+$", "", name)
    uniform = lambda low, high: rng.uniform(low, high, shape)
    if name.endswith("kernel"):
        # He's scale: what goes through a ReLU keeps its size. A depthwise kernel sees one channel.
        inputs = shape[0] * shape[1] if name == "depthwise_kernel" else math.prod(shape[:-1])
        return rng.normal(0, math.sqrt(2 / inputs), shape)
    return {"bias": lambda: uniform(-0.1, 0.1), "beta": lambda: uniform(-0.2, 0.2), "gamma": lambda: uniform(0.7, 1.3),
            "moving_mean": lambda: uniform(-0.1, 0.1), "moving_variance": lambda: uniform(0.8, 1.2),
            "variable": lambda: uniform(0.2, 0.4),  # of LayerScale
            "mean": lambda: uniform(0.4, 0.5), "variance": lambda: uniform(0.05, 0.08), "count": lambda: np.zeros(shape)}[name]()


def fill(model, pictures, rng):
    normalizations = [layer for layer in all_layers(model) if isinstance(layer, layers.BatchNormalization)]
    for layer in all_layers(model):
        for variable in layer.weights:
            variable.assign(random_array(variable.name, variable.shape, rng).astype(variable.dtype))
    for layer in all_layers(model):
        if isinstance(layer, layers.Normalization):
            layer.finalize_state()  # it computes with copies of its variables, as it does after loading
    if not normalizations:
        return
    # The statistics of real data, or else the activations of deep networks grow or vanish; then away from them a bit.
    momenta = [layer.momentum for layer in normalizations]
    for layer in normalizations:
        layer.momentum = 0.0
    keras.utils.set_random_seed(7)  # of Dropout
    training_pass(model, pictures)
    for layer, momentum in zip(normalizations, momenta):
        layer.momentum = momentum
        mean, variance = (np.asarray(v) for v in (layer.moving_mean, layer.moving_variance))
        spread = np.sqrt(variance + layer.epsilon)
        layer.moving_mean.assign((mean + spread * rng.uniform(-0.2, 0.2, mean.shape)).astype("float32"))
        layer.moving_variance.assign(((variance + 1e-3) * rng.uniform(0.7, 1.4, mean.shape)).astype("float32"))


def training_pass(model, pictures):
    """In training mode throughout: a call with training=False inside a model would keep its backbone out."""
    value = pictures
    for layer in model.layers:
        if isinstance(layer, keras.Model) and layer.name == "backbone":
            layer(value, training=True)
    model(value, training=True)


# ── What Keras computes


def kit_input(height, width):
    """The input of all golden numbers of this project."""
    h, w, c = np.ogrid[:height, :width, :3]
    return (((37 * h + 61 * w + 97 * c + 11 * ((h * w) % 53)) % 256) / 255).astype("float32")


def record(model, value, prefix, into):
    """Flat name, operation, symbolic and real output: of every operation in the model and in those nested in it."""
    graph = getattr(model, "_functional", None) or model  # of a Sequential
    nodes = [(operation, n, node) for operation in graph.operations if not isinstance(operation, layers.InputLayer)
             for n, node in enumerate(operation._inbound_nodes) if make_node_key(operation, n) in graph._nodes]
    values = {}
    if value is not None:
        wanted = [tensor for operation, _, node in nodes
                  for tensor in [node.output_tensors[0], *(node.input_tensors[:1] if isinstance(operation, keras.Model) else [])]]
        values = {id(tensor): v for tensor, v in zip(wanted, keras.Model(graph.inputs, wanted)([value], training=False))}
    for operation, n, node in nodes:
        name = f"{prefix}{operation.name}{f'@{n + 1}' if n else ''}"
        if isinstance(operation, keras.Model):
            record(operation, values.get(id(node.input_tensors[0])), f"{name}/", into)
        else:
            into.append((name, operation, node.output_tensors[0], values.get(id(node.output_tensors[0]))))


class Derivation:
    """What `record` records of a model, and gradients through it."""

    def __init__(self, model, pictures):
        self.entries, self.pictures = [], tf.constant(pictures)
        self.tape = tf.GradientTape(persistent=True)
        with self.tape:
            self.tape.watch(self.pictures)
            record(model, self.pictures, "", self.entries)

    def plan(self):
        """Of a unit in the middle, and of one of the last outputs, with respect to the input and a layer between: by places in `entries`."""
        maps = [i for i, (*_, value) in enumerate(self.entries) if len(value.shape) == 4 and value.shape[1] > 1]
        middle, quarter, last = maps[len(maps) // 2], maps[len(maps) // 4], len(self.entries) - 1
        planned = []
        for source, between in ((middle, range(quarter, middle)), (last, range(middle, last))):
            # The largest is seen through every activation.
            unit = int(np.argmax(self.entries[source][3]))
            # What lies in a network within the network is computed beside the way to the outputs, not on it.
            connected = (i for i in between if i in maps and self.gradient(source, unit, i) is not None)
            planned += [(source, unit, None), *((source, unit, i) for i in islice(connected, 1))]
        return planned

    def gradient(self, source, unit, to):
        value = self.entries[source][3]
        seed = np.zeros(value.shape, value.dtype.as_numpy_dtype)
        seed.flat[unit] = 1
        return self.tape.gradient(value, self.pictures if to is None else self.entries[to][3], output_gradients=seed)


def in_double_precision(model, pictures, name, side):
    """A derivation without Keras' own rounding: some layers make of it ten times as much."""
    policy, floatx = keras.config.dtype_policy(), keras.config.floatx()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    try:
        exact = build(name, side)
        for variable, given in zip(exact.weights, model.weights, strict=True):
            variable.assign(given)
        for layer in all_layers(exact):
            if isinstance(layer, layers.Normalization):
                layer.finalize_state()
        return Derivation(exact, pictures.astype("float64"))
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)


def describe(entry, offset, seen):
    name, operation, tensor, value = entry
    again = id(operation) in seen
    seen.add(id(operation))
    shape = list((value if value is not None else tensor).shape[1:])
    count = operation.count_params() if isinstance(operation, layers.Layer) and not again else 0
    return {"name": name, "className": type(operation).__name__, "shape": shape, "params": count, "offset": offset}


def write_without_arrays(save):
    create, write = h5py.Group.create_dataset, h5py.Dataset.__setitem__

    def create_empty(self, name, shape=None, dtype=None, data=None, **options):
        if data is not None:
            shape, dtype = np.shape(data), np.asarray(data).dtype
        return create(self, name, shape, dtype, **options)

    h5py.Group.create_dataset, h5py.Dataset.__setitem__ = create_empty, lambda *_: None
    try:
        save()
    finally:
        h5py.Group.create_dataset, h5py.Dataset.__setitem__ = create, write


def make(name, out):
    start = time.perf_counter()
    keras.backend.clear_session()
    side = MEMBERS[name].get("side")
    model = build(name, side)
    save = lambda: [model.save(out / f"{name}{ending}") for ending in (".h5", ".keras")]
    entries = []
    about = {"name": name, "input": None, "inputSize": None, "gradients": []}
    if side:
        height, width = side, side + (32 if name == "open_size" else 0)
        rescales = any(isinstance(layer, layers.Rescaling) for layer in all_layers(model))
        picture = kit_input(height, width) * (255 if rescales else 1)
        rng = np.random.default_rng(2026)
        others = [np.roll(picture, (13 * i, 29 * i), (0, 1)) + rng.uniform(0, picture.max() / 2, picture.shape) for i in (1, 2, 3)]
        fill(model, np.stack([picture, *others]).astype("float32"), rng)
        freeze(model)
        record(model, None, "", entries)
        exact = in_double_precision(model, picture[None], name, side)
        # Rounding decides on which side of a kink a number lies, and so does a picture that is moved by as little.
        singles = [Derivation(model, (picture[None] * (1 + step * rng.choice([-1, 1], picture.shape))).astype("float32")) for step in (0, 1e-6, 1e-6)]
        entries = [(*entry[:3], value) for entry, (*_, value) in zip(entries, exact.entries, strict=True)]
        about |= {"input": [height, width, 3], "inputSize": [height, width] if name == "open_size" else None}
        offset = picture.size
        seen, described = set(), []
        with open(out / f"{name}.bin", "wb") as file:
            file.write(np.ascontiguousarray(picture, "<f4").tobytes())
            for entry in entries:
                described.append(describe(entry, offset, seen))
                value = np.asarray(entry[3])
                assert np.isfinite(value).all() and value.any(), f"{name}: {entry[0]} is no use for a comparison"
                file.write(np.ascontiguousarray(value, "<f4").tobytes())
                offset += value.size
            about["gradients"] = []
            for source, unit, to in exact.plan():
                value = exact.gradient(source, unit, to).numpy()
                assert np.isfinite(value).all() and value.any(), f"{name}: the gradient of {entries[source][0]} is no use"
                own = max(np.abs(single.gradient(source, unit, to).numpy() - value).max() for single in singles) / np.abs(value).max()
                names = {"of": entries[source][0], "by": None if to is None else entries[to][0]}
                about["gradients"].append({**names, "unit": unit, "offset": offset, "size": value.size, "ownError": float(own)})
                file.write(np.ascontiguousarray(value, "<f4").tobytes())
                offset += value.size
        save()
    else:
        record(model, None, "", entries)
        seen = set()
        described = [describe(entry, 0, seen) for entry in entries]
        write_without_arrays(save)
    about |= {"layers": described, "parameters": model.count_params()}
    (out / f"{name}.json").write_text(json.dumps(about))
    print(f"ready {name} {time.perf_counter() - start:.1f} s", flush=True)


if __name__ == "__main__":
    check_completeness()
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    names = sys.argv[2:] or list(MEMBERS)
    for wanted in map(str.strip, sys.stdin) if names == ["-"] else names:
        make(wanted, folder)
