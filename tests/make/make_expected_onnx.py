"""The reference answer for the first images of the kit's index and its network of PyTorch, with onnxruntime and Pillow.

Run:   python tests/make/make_expected_onnx.py       (needs onnx, onnxruntime, pillow, numpy)
Reads: ../shared/kit/onnx (the trained network; receptive field and preprocessing of its reference), ../shared/kit/seed
Writes: tests/fixtures/expected-onnx-64.json, in the form that the kit's check-results.mjs reads.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from PIL import Image

from top_patches import top_patches

ROOT = pathlib.Path(__file__).resolve().parents[2]
KIT = ROOT.parent / "shared/kit"
IMAGES = KIT / "seed/cats-dogs-plants"
COUNT = 64
K = 16
CANDIDATES = 20  # more than k, so that ties at the end can be judged

whole = json.loads((KIT / "onnx/trained/residual.expected.json").read_text())
preprocessing = whole["preprocessing"]
assert (preprocessing["resize"], preprocessing["fit"], preprocessing["scale"]) == ("pillow-bilinear", "stretch", "0..1")
lines = (IMAGES / "classes-and-fnames.txt").read_text().split("\n")[:COUNT]
paths = ["/".join(line.split("\t")) for line in lines]


def tensor_of(graph, module):
    """What a module of PyTorch gives, by its path: nodes of `layer1.0.conv1` are called `/layer1/layer1.0/conv1/…`."""
    path = ""
    parts = module.split(".")
    for i, part in enumerate(parts):
        path += f"/{'.'.join(parts[i - 1 : i + 1]) if part.isdigit() else part}"
    return [one.output[0] for one in graph.node if one.name.startswith(f"{path}/")][-1]


model = onnx.load(KIT / "onnx/models/trained/residual.onnx")
tensors = {layer["name"]: tensor_of(model.graph, layer["name"]) for layer in whole["layers"]}
for tensor in tensors.values():
    model.graph.output.append(onnx.helper.make_empty_tensor_value_info(tensor))
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
image_input = session.get_inputs()[0]
height, width = image_input.shape[2:]


def load(path):
    image = Image.open(IMAGES / path).convert("RGB").resize((width, height), Image.Resampling.BILINEAR)
    scaled = (np.asarray(image, np.float32) / 255 - preprocessing["mean"]) / preprocessing["std"]
    return scaled.transpose(2, 0, 1)[None].astype(np.float32)


runs = [session.run(list(tensors.values()), {image_input.name: load(path)}) for path in paths]


def expected_layer(index, layer):
    maps = np.concatenate([run[index] for run in runs]).transpose(0, 2, 3, 1)
    return {
        "name": layer["name"],
        "shape": list(maps.shape[1:]),
        "receptiveField": layer["receptiveField"],
        "channels": top_patches(maps, paths, CANDIDATES),
    }


layers = [expected_layer(i, layer) for i, layer in enumerate(whole["layers"])]
expected = {"k": K, "images": COUNT, "layers": layers}
(ROOT / "tests/fixtures/expected-onnx-64.json").write_text(json.dumps(expected) + "\n")
