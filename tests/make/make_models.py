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


def legacy(path, model, backbone, block, config, names):
    """As Keras 2.4 wrote it: names that end in `:0`, trained weights first within a nested model."""
    inner = [*backbone.layers[1:-1], *block.layers]
    weights = [w for layer in inner if layer.trainable for w in layer.trainable_weights]
    weights += [w for layer in inner for w in layer.weights if not any(w is t for t in weights)]
    with h5py.File(path, "w") as file:
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
for quantize in ("float32", "float16", "uint16", "uint8"):
    tfjs(OUT / f"tfjs-{quantize}", model, backbone, block, quantize)
pack(OUT / "torch.bin", {"net/data.pkl": b"\x80\x02}.", "net/version": b"3\n"})
expected = {"nested": golden(flat_layers(model, backbone, block)), "half": half_precision(OUT / "half.h5")}
(OUT / "golden.json").write_text(json.dumps(expected, indent=1))
