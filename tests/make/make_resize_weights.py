"""Write what onnxruntime's Resize mixes each pixel from, in every mode.

Run from the repository root (needs onnx, onnxruntime, numpy):

    python tests/make/make_resize_weights.py    # writes tests/fixtures/onnx/resizeWeights.json

Made with onnx 1.23.1 and onnxruntime 1.30.0. The input is an image whose columns are 1 in one row each, so that the columns of the
output are the weights of that row.
"""

import itertools
import json
import pathlib

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OUT = pathlib.Path(__file__).parents[1] / "fixtures" / "onnx" / "resizeWeights.json"
COORDINATES = ["asymmetric", "align_corners", "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel"]
ROUNDINGS = ["floor", "ceil", "round_prefer_floor", "round_prefer_ceil"]
# Lengths and scales: up and down, whole and broken, and such that a fraction of a pixel is cut off.
SIZES = [(5, 2.0), (6, 0.5), (7, 1.6), (11, 0.6), (4, 3.0), (5, 0.2)]


def weights(length, scale, attributes):
    scales = numpy_helper.from_array(np.array([1, 1, scale, 1], np.float32), "scales")
    node = helper.make_node("Resize", ["x", "", "scales"], ["y"], **attributes)
    info = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 1, None, None]) for n in "xy"]
    graph = helper.make_graph([node], "resize", info[:1], info[1:], [scales])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (y,) = session.run(None, {"x": np.eye(length, dtype=np.float32)[None, None]})
    return [[round(float(n), 6) for n in row] for row in y[0, 0]]


def main():
    ways = [{"mode": "nearest", "nearest_mode": rounding} for rounding in ROUNDINGS]
    ways += [{"mode": "linear"}, {"mode": "linear", "antialias": 1}]
    ways += [{"mode": "cubic"}, {"mode": "cubic", "cubic_coeff_a": -0.5, "exclude_outside": 1}]
    ways += [{"mode": "cubic", "antialias": 1}, {"mode": "cubic", "antialias": 1, "exclude_outside": 1}]
    cases = []
    for way, coordinates, (length, scale) in itertools.product(ways, COORDINATES, SIZES):
        attributes = {**way, "coordinate_transformation_mode": coordinates}
        rows = weights(length, scale, attributes)
        cases.append({"length": length, "scale": scale, "attributes": attributes, "weights": rows})
    lines = ",\n".join(json.dumps(case) for case in cases)
    OUT.write_text(f"[\n{lines}\n]\n")


main()
