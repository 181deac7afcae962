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
LAYER = "layer3.1.act2"
COUNT = 64
K = 16
CANDIDATES = 20  # more than k, so that ties at the end can be judged

whole = json.loads((KIT / "onnx/trained/residual.expected.json").read_text())
preprocessing = whole["preprocessing"]
assert (preprocessing["resize"], preprocessing["fit"], preprocessing["scale"]) == ("pillow-bilinear", "stretch", "0..1")
lines = (IMAGES / "classes-and-fnames.txt").read_text().split("\n")[:COUNT]
paths = ["/".join(line.split("\t")) for line in lines]

model = onnx.load(KIT / "onnx/models/trained/residual.onnx")
node = "/layer3/layer3.1/act2/"
tensor = next(output for one in model.graph.node if one.name.startswith(node) for output in one.output)
model.graph.output.append(onnx.helper.make_empty_tensor_value_info(tensor))
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
image_input = session.get_inputs()[0]
height, width = image_input.shape[2:]


def load(path):
    image = Image.open(IMAGES / path).convert("RGB").resize((width, height), Image.Resampling.BILINEAR)
    scaled = (np.asarray(image, np.float32) / 255 - preprocessing["mean"]) / preprocessing["std"]
    return scaled.transpose(2, 0, 1)[None].astype(np.float32)


maps = np.concatenate([session.run([tensor], {image_input.name: load(path)})[0] for path in paths]).transpose(0, 2, 3, 1)
n, h, w, c = maps.shape
channels = top_patches(maps, paths, CANDIDATES)

field = next(layer["receptiveField"] for layer in whole["layers"] if layer["name"] == LAYER)
expected = {
    "k": K,
    "images": n,
    "layers": [{"name": LAYER, "shape": [h, w, c], "receptiveField": field, "channels": channels}],
}
(ROOT / "tests/fixtures/expected-onnx-64.json").write_text(json.dumps(expected) + "\n")
