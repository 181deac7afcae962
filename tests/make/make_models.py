"""Write tests/fixtures/formats: one small network in every form in which people keep Keras models.

Run from the repository root (needs tensorflow, keras, h5py, numpy; see README.md):

    python tests/make/make_models.py            # writes tests/fixtures/formats
    python tests/make/make_models.py some/dir   # writes there instead

The network has a nested backbone with a nested block, a layer that is called twice, frozen parts, and layers of one
class on several levels, so that every way of telling whose weights are whose is needed.
"""

import io
import json
import logging
import os
import pathlib
import re
import sys
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import h5py
import keras
import numpy as np
from keras import layers as L

logging.getLogger("absl").setLevel(logging.ERROR)

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1] / "fixtures/formats")
STAMP = (2026, 1, 1, 0, 0, 0)


def network():
    rng = np.random.default_rng(3)
    block = keras.Sequential(
        [keras.Input((10, 8, 4)), L.Conv2D(4, 1, name="mix"), L.BatchNormalization(name="norm", trainable=False)],
        name="block",
    )
    i = keras.Input((12, 10, 3))
    x = L.Conv2D(4, 3, name="conv")(i)
    x = L.BatchNormalization(name="norm")(x)
    x = L.ReLU(name="relu")(x)
    backbone = keras.Model(i, block(x), name="backbone")
    image = keras.Input((12, 10, 3), name="image")
    shared = L.Conv2D(4, 3, padding="same", name="shared")
    x = shared(shared(backbone(image)))
    x = L.GlobalAveragePooling2D(name="pool")(x)
    model = keras.Model(image, L.Dense(3, name="dense", trainable=False)(x), name="net")
    for v in model.weights:
        kind = v.path.split("/")[-1]
        low, high = (0.5, 1.5) if kind in ("gamma", "moving_variance") else (-0.6, 0.7)
        v.assign(rng.uniform(low, high, v.shape).astype("float32"))
    return model, backbone, block


def flat_layers(model, backbone, block):
    """Flat name, layer and output tensor of every call, as Urpatch names them."""
    h, w, c = np.meshgrid(np.arange(12), np.arange(10), np.arange(3), indexing="ij")
    x = (((37 * h + 61 * w + 97 * c + 11 * ((h * w) % 53)) % 256) / 255).astype("float32")[None]
    found = []

    def call(name, layer, value):
        value = layer(value, training=False)
        found.append((name, layer, value))
        return value

    for layer in backbone.layers[1:-1]:
        x = call(f"backbone/{layer.name}", layer, x)
    for layer in block.layers:
        x = call(f"backbone/block/{layer.name}", layer, x)
    x = call("shared", model.get_layer("shared"), x)
    x = call("shared@2", model.get_layer("shared"), x)
    x = call("pool", model.get_layer("pool"), x)
    call("dense", model.get_layer("dense"), x)
    return found


def golden(found):
    layers = []
    for name, layer, value in found:
        flat = np.asarray(value)[0].reshape(-1, value.shape[-1])
        layers.append({
            "name": name,
            "class": type(layer).__name__,
            "shape": list(value.shape[1:]),
            "params": 0 if name.endswith("@2") else layer.count_params(),
            "max": [float(m) for m in flat.max(0)],
            "argmax": [int(a) for a in flat.argmax(0)],
        })
    return layers


def pack(path, entries, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = method
            archive.writestr(info, data)


def rewritten(weights, rename, names):
    """The file of saved weights with other names of groups; `names`: whether it tells the layers' own names."""
    source = h5py.File(io.BytesIO(weights), "r")
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as target:
        def copy(path, item):
            if isinstance(item, h5py.Dataset):
                group, key = path.rsplit("/", 1)
                made = target.require_group(rename(group))
                made[key] = item[()]
                if names and "name" in item.parent.attrs:
                    made.attrs["name"] = item.parent.attrs["name"]
        source.visititems(copy)
    return buffer.getvalue()


def windows(path):
    """As Keras on Windows has named the groups: one link `layers\\conv2d` rather than two."""
    return path.replace("/", "\\").replace("\\vars", "/vars")


def legacy(path, model, backbone, block, config, names, **options):
    """As Keras 2.4 wrote it: names that end in `:0`, trained weights first within a nested model."""
    inner = [*backbone.layers[1:-1], *block.layers]
    weights = [w for layer in inner if layer.trainable for w in layer.trainable_weights]
    weights += [w for layer in inner for w in layer.weights if not any(w is t for t in weights)]
    with h5py.File(path, "w", **options) as file:
        if config:
            file.attrs["model_config"] = np.bytes_(config)
            file.attrs["keras_version"] = np.bytes_("2.4.0")
        root = file.create_group("model_weights") if config else file
        root.attrs["layer_names"] = np.array([layer.name.encode() for layer in model.layers])
        for layer in model.layers:
            group = root.create_group(layer.name)
            own = weights if layer is backbone else layer.weights
            stored = [f"{names(w, i)}:0".encode() for i, w in enumerate(own)]
            group.attrs["weight_names"] = np.array(stored) if stored else np.zeros(0)
            for name, w in zip(stored, own):
                group[name.decode()] = np.asarray(w)


def tfjs(folder, model, backbone, block, quantize):
    """By hand, as tensorflowjs_converter writes layers models; two shards in one group."""
    folder.mkdir(parents=True, exist_ok=True)
    specs, data = [], b""
    prefix = {id(w): f"{layer.name}/" for layer in [*model.layers, *backbone.layers, *block.layers]
              for w in (layer.weights if not isinstance(layer, keras.Model) else [])}
    for w in model.weights:
        values = np.asarray(w)
        inside = any(w is b for b in block.weights)
        spec = {"name": ("backbone/block/" if inside else "") + prefix[id(w)] + w.path.split("/")[-1],
                "shape": list(w.shape), "dtype": "float32"}
        if quantize in ("uint8", "uint16"):
            low, top = float(values.min()), 2 ** (8 if quantize == "uint8" else 16) - 1
            scale = (float(values.max()) - low) / top or 1.0
            spec["quantization"] = {"min": low, "scale": scale, "dtype": quantize}
            values = np.round((values.astype("float64") - low) / scale).astype(quantize)
        elif quantize == "float16":
            spec["quantization"] = {"dtype": "float16"}
            values = values.astype("float16")
        specs.append(spec)
        data += values.tobytes()
    half = len(data) // 2
    paths = ["group1-shard1of2.bin", "group1-shard2of2.bin"]
    (folder / paths[0]).write_bytes(data[:half])
    (folder / paths[1]).write_bytes(data[half:])
    topology = {"keras_version": "3.15.1", "backend": "tensorflow", "model_config": json.loads(model.to_json())}
    text = {"format": "layers-model", "generatedBy": "make_models.py", "modelTopology": topology,
            "weightsManifest": [{"paths": paths, "weights": specs}]}
    (folder / "model.json").write_text(json.dumps(text))


def half_precision(path):
    """Weights stored as float16, as `keras.config.set_floatx("float16")` saves them: a chunked big-endian one too."""
    rng = np.random.default_rng(5)
    model = keras.Sequential([keras.Input((12, 10, 3)), L.Conv2D(4, 3, name="conv")], name="half")
    for w in model.weights:
        w.assign(rng.uniform(-1, 1, w.shape).astype("float16").astype("float32"))
    model.save(path)
    with h5py.File(path, "a") as file:
        layer = file["model_weights/conv"]
        group = layer[layer.attrs["weight_names"][0].rsplit("/", 1)[0]]
        kernel, bias = group["kernel"][()], group["bias"][()]
        del group["kernel"], group["bias"]
        group.create_dataset("kernel", data=kernel.astype(">f2"), chunks=(3, 3, 3, 4), compression="gzip", shuffle=True)
        group["bias"] = bias.astype("<f2")
    h, w, c = np.meshgrid(np.arange(12), np.arange(10), np.arange(3), indexing="ij")
    x = (((37 * h + 61 * w + 97 * c + 11 * ((h * w) % 53)) % 256) / 255).astype("float32")[None]
    return golden([("conv", model.layers[0], model(x, training=False))])


def chain(names):
    """Layers for `keras213`: classes with and without weights between each other, on several levels."""
    quiet = keras.Sequential([keras.Input((12, 10, 3)), L.Rescaling(0.5, name="half")], name="prepare")
    block = keras.Sequential(
        [keras.Input((8, 6, 4)), L.Conv2D(4, 1, name="mix"), L.BatchNormalization(name="norm"), L.ReLU(name="relu")],
        name="block",
    )
    pair = keras.Sequential(
        [keras.Input((6, 4, 5)), L.Conv2D(4, 1, name="one"), L.Conv2D(3, 1, name="two", use_bias=False)], name="pair",
    )
    i = keras.Input((8, 6, 4), name="given")
    x = L.DepthwiseConv2D(3, padding="same", name="deep")(L.Conv2D(5, 3, name="wide")(i))
    backbone = keras.Model(i, pair(x), name="backbone")
    return [
        quiet,
        L.Conv2D(4, 3, name="conv_a"), L.Activation("relu", name="relu_a"),
        # No weights: it counts once, unlike the next of its class.
        L.LayerNormalization(scale=False, center=False, name="bare"),
        L.Conv2D(4, 3, name="conv_b"), L.LayerNormalization(name="full"), L.LayerNormalization(name="again"),
        block, backbone,
        L.Activation("tanh", name="tanh"), L.Conv2D(5, 3, name="conv_c"), L.ReLU(name="relu_c"),
        L.GlobalAveragePooling2D(name="pool"), L.Dense(4, name="dense_a"), L.Dropout(0.5, name="drop"),
        L.Dense(3, name="dense_b"),
    ] if names == "functional" else [
        quiet, L.Conv2D(4, 3, name="conv_a"), L.Conv2D(4, 3, name="conv_b"), block, L.ReLU(name="relu"),
        backbone, L.Conv2D(2, 3, name="conv_c"), L.Flatten(name="flat"), L.Dense(3, name="dense"),
    ]


def chained(kind):
    rng = np.random.default_rng(13)
    layers = chain(kind)
    if kind == "functional":
        x = image = keras.Input((12, 10, 3), name="image")
        for layer in layers:
            x = layer(x)
        model = keras.Model(image, x, name="functional213")
    else:
        model = keras.Sequential([keras.Input((12, 10, 3), name="image"), *layers], name="sequential213")
    for v in model.weights:
        positive = v.path.split("/")[-1] in ("gamma", "moving_variance")
        v.assign(rng.uniform(*((0.5, 1.5) if positive else (-0.6, 0.7)), v.shape).astype("float32"))
    return model


def flat_chain(layers, x, prefix=""):
    found = []
    for layer in layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        if isinstance(layer, keras.Model):
            inner = flat_chain(layer.layers, x, f"{prefix}{layer.name}/")
            found += inner
            x = inner[-1][2]
        else:
            x = layer(x, training=False)
            found.append((prefix + layer.name, layer, x))
    return found


def golden_input():
    h, w, c = np.meshgrid(np.arange(12), np.arange(10), np.arange(3), indexing="ij")
    return (((37 * h + 61 * w + 97 * c + 11 * ((h * w) % 53)) % 256) / 255).astype("float32")[None]


def weights_213(model):
    """
    As Keras 2.12 and 2.13 save weights (saving_lib.py, engine/functional.py). A model's layers come from the dictionary
    `_layer_checkpoint_dependencies`, in which one with weights stands twice; the container counts every entry of a
    class, also those that have been saved before, and each saved layer gets a group, also without arrays.
    """
    buffer = io.BytesIO()
    visited = set()

    def dependencies(model):
        layers, found, weighted = model.layers, {}, 0
        if isinstance(model, keras.Sequential):
            layers = [layer for layer in layers if not isinstance(layer, keras.layers.InputLayer)]
        for index, layer in enumerate(layers):
            if layer.weights:
                found[f"layer_with_weights-{weighted}"] = layer
                weighted += 1
            found[f"layer-{index}"] = layer
        return found

    def save(file, layer, path):
        if id(layer) in visited:
            return
        visited.add(id(layer))
        group = file.create_group(f"{path}/vars" if path else "vars")
        if isinstance(layer, keras.Model):
            counts = {}
            for child in dependencies(layer).values():
                name = snake_case(type(child).__name__)
                counts[name] = counts.get(name, -1) + 1
                own = f"{name}_{counts[name]}" if counts[name] else name
                save(file, child, f"{path}/_layer_checkpoint_dependencies/{own}".lstrip("/"))
        else:
            for i, v in enumerate(layer.weights):
                group[str(i)] = np.asarray(v)

    with h5py.File(buffer, "w") as file:
        save(file, model, "")
    return buffer.getvalue()


def snake_case(name):
    return re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))).lower()


def config_213(model):
    """Its configuration in the words of Keras 2.13: `batch_input_shape`, `inbound_nodes` as lists."""
    def call(node):
        tensors = [arg["config"]["keras_history"] for arg in node["args"]]
        return [[*history, {}] for history in tensors]

    def older(entry):
        config = {key: value for key, value in entry["config"].items() if key not in ("optional", "ragged")}
        if "batch_shape" in config:
            config["batch_input_shape"] = config.pop("batch_shape")
        if isinstance(config.get("dtype"), dict):
            config["dtype"] = "float32"
        if "layers" in config:
            config["layers"] = [older(layer) for layer in config["layers"]]
            for key in ("input_layers", "output_layers"):
                if key in config and isinstance(config[key][0], str):
                    config[key] = [config[key]]
        made = {**entry, "config": config}
        if "inbound_nodes" in entry:
            made["inbound_nodes"] = [call(node) for node in entry["inbound_nodes"]]
        return made

    return json.dumps(older(json.loads(model.to_json())))


def archive_213(path, model):
    metadata = json.dumps({"keras_version": "2.13.1", "date_saved": "2023-08-01@10:00:00"})
    weights = weights_213(model)
    pack(path, {"metadata.json": metadata, "config.json": config_213(model), "model.weights.h5": weights})
    return golden(flat_chain(model.layers, golden_input()))


OUT.mkdir(parents=True, exist_ok=True)
model, backbone, block = network()
config = model.to_json()
model.save(OUT / "nested.h5")
model.save_weights(OUT / "nested.weights.h5")
(OUT / "nested.json").write_text(config)
weights = (OUT / "nested.weights.h5").read_bytes()
metadata = json.dumps({"keras_version": "3.15.1", "date_saved": "2026-01-01@00:00:00"})
archive = {"metadata.json": metadata, "config.json": config, "model.weights.h5": weights}
pack(OUT / "nested.keras", archive)
mac = {f"net/{name}": data for name, data in archive.items()}
mac["net/config.json"] = b"\xef\xbb\xbf" + config.encode()
mac |= {"__MACOSX/net/._config.json": b"\x00\x05\x16\x07junk", "net/.DS_Store": b"junk"}
pack(OUT / "nested-mac.zip", mac, zipfile.ZIP_DEFLATED)
pack(OUT / "nested-windows.keras", archive | {"model.weights.h5": rewritten(weights, windows, names=False)})
dependencies = rewritten(weights, lambda path: path.replace("layers/", "_layer_checkpoint_dependencies/"), names=True)
pack(OUT / "nested-dependencies.keras", archive | {"model.weights.h5": dependencies}, zipfile.ZIP_DEFLATED)
legacy(OUT / "nested-keras2.h5", model, backbone, block, config, lambda w, i: f"some_{i}/{w.path.split('/')[-1]}")
legacy(OUT / "nested-keras2-weights.h5", model, backbone, block, None, lambda w, i: f"some_{i}/{w.path.split('/')[-1]}")
for libver, block_size in (("earliest", 512), ("latest", 1024)):
    # A user block of the writer's own: the file's end counts from the block's first byte.
    legacy(OUT / f"userblock-{libver}.h5", model, backbone, block, config, lambda w, i: f"some_{i}/{w.path.split('/')[-1]}",
           libver=libver, userblock_size=block_size)
for quantize in ("float32", "float16", "uint16", "uint8"):
    tfjs(OUT / f"tfjs-{quantize}", model, backbone, block, quantize)
expected = {
    "nested": golden(flat_layers(model, backbone, block)),
    "half": half_precision(OUT / "half.h5"),
    "functional213": archive_213(OUT / "functional213.keras", chained("functional")),
    "sequential213": archive_213(OUT / "sequential213.keras", chained("sequential")),
}
(OUT / "golden.json").write_text(json.dumps(expected, indent=1))
