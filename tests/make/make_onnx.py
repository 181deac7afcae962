"""Write an ONNX model that uses most operators, and what onnxruntime computes at each of its nodes.

Run from the repository root (needs onnx, onnxruntime, numpy):

    python tests/make/make_onnx.py    # writes tests/fixtures/onnx/

Made with onnx 1.23.1 and onnxruntime 1.30.0. The input is the one of `golden.json` in README.md.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OUT = pathlib.Path(__file__).parents[1] / "fixtures" / "onnx"
HEIGHT, WIDTH = 14, 11
random = np.random.default_rng(7)


class Network:
    """Nodes and arrays as they come; the name of a tensor says what it is."""

    def __init__(self):
        self.nodes, self.arrays = [], []

    def constant(self, values):
        name = f"c{len(self.arrays)}"
        self.arrays.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def weight(self, *shape, scale=0.4, dtype=np.float32):
        return self.constant(random.normal(0, scale, shape).astype(dtype))

    def whole(self, *values):
        return self.constant(np.array(values, np.int64))

    def scalar(self, value):
        return self.constant(np.array(value, np.float32))

    def __call__(self, op, inputs, output, **attributes):
        outputs = [output] if isinstance(output, str) else output
        self.nodes.append(helper.make_node(op, inputs, outputs, f"node_{outputs[0]}", **attributes))
        return output

    def conv(self, x, output, filters, channels, kernel=(3, 3), bias=True, **attributes):
        inputs = [x, self.weight(filters, channels, *kernel)]
        return self("Conv", inputs + ([self.weight(filters)] if bias else []), output, **attributes)


def build():
    n = Network()
    x = n.conv("image", "strided", 8, 3, pads=[1, 1, 1, 1], strides=[2, 1])  # [7, 11, 8]
    x = n("Relu", [x], "relu")
    n.conv(x, "asymmetric", 4, 8, kernel=(2, 3), pads=[1, 0, 0, 3])
    n.conv(x, "lower", 4, 8, kernel=(2, 2), auto_pad="SAME_LOWER", bias=False)
    n.conv(x, "grouped", 6, 4, group=2, pads=[1, 1, 1, 1])
    n.conv(x, "depthwise", 16, 1, group=8, pads=[1, 1, 1, 1])
    n.conv(x, "strided_dilated", 4, 8, pads=[2, 2, 2, 2], strides=[2, 2], dilations=[2, 2])
    half = n("Cast", [n.weight(4, 8, 1, 1, dtype=np.float16)], "half_weights", to=TensorProto.FLOAT)
    n("Conv", [x, half], "half")
    up = n("ConvTranspose", [x, n.weight(8, 3, 3, 3), n.weight(6)], "up", group=2, strides=[2, 2],
           pads=[1, 1, 0, 1], output_padding=[1, 0])
    n("MaxPool", [up], "max_ceil", kernel_shape=[3, 3], strides=[2, 2], pads=[0, 1, 0, 1], ceil_mode=1)
    n("MaxPool", [up], "max_dilated", kernel_shape=[2, 3], dilations=[2, 2], pads=[1, 0, 1, 2])
    n("AveragePool", [up], "mean_counted", kernel_shape=[3, 2], pads=[1, 1, 0, 0], count_include_pad=1)
    n("AveragePool", [up], "mean_ceil", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1)
    n("LpPool", [x], "lp", kernel_shape=[2, 2], p=3)
    n("GlobalMaxPool", [x], "global_max")

    # Normalizations.
    n("BatchNormalization", [x, n.weight(8), n.weight(8), n.weight(8),
                             n.constant(np.abs(random.normal(1, 0.1, 8)).astype(np.float32))], "batch")
    n("InstanceNormalization", [x, n.weight(8), n.weight(8)], "instance")
    groups = n("Reshape", [x, n.whole(0, 4, -1)], "groups")
    ones, zeros = n.constant(np.ones(4, np.float32)), n.constant(np.zeros(4, np.float32))
    groups = n("InstanceNormalization", [groups, ones, zeros], "group_normalized")
    groups = n("Reshape", [groups, n.whole(1, 8, 7, 11)], "group_map")
    n("Add", [n("Mul", [groups, n.weight(8, 1, 1)], "group_scaled"), n.weight(8, 1, 1)], "group")
    n("LRN", [x], "lrn", size=3, alpha=0.3, beta=0.6, bias=1.5)
    n("LpNormalization", [x], "unit", axis=1)
    last = n("Transpose", [x], "channels_last", perm=[0, 2, 3, 1])
    last = n("LayerNormalization", [last, n.weight(8), n.weight(8)], "layer")
    last = n("MatMul", [last, n.weight(8, 5)], "expanded")
    n("Transpose", [n("Add", [last, n.weight(5)], "biased")], "channels_first", perm=[0, 3, 1, 2])

    # Numbers by themselves.
    n("PRelu", ["strided", n.weight(8, 1, 1)], "prelu")
    n("HardSigmoid", ["strided"], "hard_sigmoid", alpha=0.3, beta=0.4)
    n("Clip", ["strided", n.scalar(-0.3), n.scalar(0.6)], "clip")
    n("Celu", ["strided"], "celu", alpha=1.5)
    n("Pow", ["relu", n.scalar(1.5)], "power")
    n("Sub", [n.weight(7, 11), "strided"], "per_place")
    n("Div", ["strided", n.constant(np.full((1, 1, 7, 1), 1.5, np.float32))], "per_row")
    n("Erf", ["strided"], "erf")
    n("Softmax", ["strided"], "softmax_channels", axis=1)
    n("Softmax", ["strided"], "softmax_columns", axis=3)
    n("LogSoftmax", ["strided"], "softmax_rows", axis=2)
    n("Mean", ["strided", "relu", "prelu"], "mean_of_three")
    excited = n("ReduceMean", [x, n.whole(2, 3)], "squeezed", keepdims=0)
    excited = n("Gemm", [excited, n.weight(8, 8), n.weight(8)], "excited", transB=1, alpha=0.5)
    excited = n("Unsqueeze", [n("Sigmoid", [excited], "gate"), n.whole(2, 3)], "gate_map")
    n("Mul", [excited, x], "excitation")
    spatial = n("ReduceMax", [x, n.whole(1)], "channel_max")
    n("Mul", [x, n("Sigmoid", [spatial], "place_gate")], "attended")

    # Numbers that move.
    five = n("Reshape", [x, n.whole(1, 2, 4, 7, 11)], "five")
    five = n("Transpose", [five], "five_turned", perm=[0, 2, 1, 3, 4])
    n.conv(n("Reshape", [five, n.whole(1, 8, 7, 11)], "shuffled"), "behind_shuffle", 4, 8, kernel=(1, 1))
    n("DepthToSpace", [x], "crd", blocksize=2, mode="CRD")
    dcr = n("DepthToSpace", [x], "dcr", blocksize=2, mode="DCR")
    n("SpaceToDepth", [dcr], "depth", blocksize=2)
    n("Pad", [x, n.whole(0, 0, 2, 1, 0, 0, 1, 3)], "edge", mode="edge")
    n("Pad", [x, n.whole(0, 0, 2, 1, 0, 0, 1, 3)], "wrap", mode="wrap")
    n("Pad", [x, n.whole(2, -1, 1, -2), "", n.whole(2, 3)], "cropped", mode="reflect")
    n("Pad", [x, n.whole(0, 1, 0, 0, 0, 2, 0, 0), n.scalar(0.5)], "deeper")
    n("Slice", [x, n.whole(99), n.whole(-99), n.whole(2), n.whole(-2)], "backwards")
    n("Concat", [n("Slice", [x, n.whole(4), n.whole(7), n.whole(2)], "low"), x], "below", axis=2)
    n("Gather", [x, n.whole(5, 0, 0, 3)], "chosen", axis=1)
    first, second = n("Split", [x, n.whole(3, 5)], ["first", "second"], axis=1)
    n("Concat", [second, first], "swapped", axis=1)
    n("Resize", [x, "", n.constant(np.array([1, 1, 2, 2], np.float32))], "nearest", mode="nearest")
    n("Resize", [x, "", "", n.whole(1, 8, 5, 16)], "linear", mode="linear",
      coordinate_transformation_mode="align_corners")
    n("Gemm", [n("Flatten", [x], "flat"), n.weight(616, 5, scale=0.1), n.weight(5)], "classes")

    # Windows along an axis that is alone.
    line = n("Reshape", [x, n.whole(1, 8, -1)], "line")
    n("Conv", [line, n.weight(6, 4, 3), n.weight(6)], "line_conv", group=2, strides=[2], pads=[1, 0])
    pooled = n("Squeeze", [n("GlobalAveragePool", [x], "pooled"), n.whole(3)], "pooled_line")
    pooled = n("Transpose", [pooled], "pooled_turned", perm=[0, 2, 1])
    eca = n("Conv", [pooled, n.weight(1, 1, 3), n.weight(1)], "eca_conv", pads=[2, 2], dilations=[2])
    eca = n("Unsqueeze", [n("Transpose", [eca], "eca_turned", perm=[0, 2, 1]), n.whole(3)], "eca_map")
    n("Mul", [x, n("Sigmoid", [eca], "eca_gate")], "eca")

    # Functions that are spelled out.
    for size, before, after in [(3, 1, 1), (4, 1, 2), (4, 2, 1)]:
        name = f"response_{size}_{before}"
        square = n("Mul", ["strided", "strided"], f"{name}_square")
        stack = n("Unsqueeze", [square, n.whole(1)], f"{name}_stack")
        stack = n("Pad", [stack, n.whole(0, 0, before, 0, 0, 0, 0, after, 0, 0)], f"{name}_padded")
        stack = n("AveragePool", [stack], f"{name}_mean", kernel_shape=[size, 1, 1])
        mean = n("Squeeze", [stack, n.whole(1)], f"{name}_squeezed")
        mean = n("Add", [n("Mul", [mean, n.scalar(0.4)], f"{name}_scaled"), n.scalar(1.5)], f"{name}_base")
        n("Div", ["strided", n("Pow", [mean, n.scalar(0.75)], f"{name}_power")], name)
    wide = n("Mul", ["strided", n.scalar(3)], "wide")
    n("Mul", [wide, n("Sigmoid", [wide], "silu_gate")], "silu")
    n("Mul", [wide, n("Tanh", [n("Softplus", [wide], "mish_soft")], "mish_gate")], "mish")
    clipped = n("Clip", [n("Add", [wide, n.scalar(3)], "swish_raised"), n.scalar(0), n.scalar(6)], "swish_clip")
    n("Div", [n("Mul", [wide, clipped], "swish_product"), n.scalar(6)], "hard_swish")
    erf = n("Erf", [n("Div", [wide, n.scalar(np.sqrt(2))], "gelu_scaled")], "gelu_erf")
    erf = n("Mul", [wide, n("Add", [erf, n.scalar(1)], "gelu_raised")], "gelu_product")
    n("Mul", [erf, n.scalar(0.5)], "gelu")
    cubic = n("Mul", [n("Pow", [wide, n.scalar(3)], "tanh_cube"), n.scalar(0.044715)], "tanh_cubic")
    inner = n("Mul", [n("Add", [wide, cubic], "tanh_sum"), n.scalar(np.sqrt(2 / np.pi))], "tanh_inner")
    tanh = n("Add", [n("Tanh", [inner], "tanh_tanh"), n.scalar(1)], "tanh_raised")
    n("Mul", [n("Mul", [wide, n.scalar(0.5)], "tanh_half"), tanh], "gelu_tanh")
    exponential = n("Add", [n("Exp", [wide], "soft_exponential"), n.scalar(1)], "soft_sum")
    n("Log", [exponential], "softplus")
    return n


def summary(values):
    """By channel, which is axis 1: maximum, its first place, and mean."""
    rows = values.reshape(values.shape[1], -1)
    return {
        "dims": list(values.shape),
        "max": [float(f"{v:.7g}") for v in rows.max(1)],
        "argmax": [int(i) for i in rows.argmax(1)],
        "mean": [float(f"{v:.6g}") for v in rows.mean(1)],
    }


def golden_input():
    h, w, c = np.meshgrid(np.arange(HEIGHT), np.arange(WIDTH), np.arange(3), indexing="ij")
    x = ((37 * h + 61 * w + 97 * c + 11 * ((h * w) % 53)) % 256) / 255
    return x.astype(np.float32).transpose(2, 0, 1)[None]


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    network = build()
    names = [output for node in network.nodes for output in node.output]
    graph = helper.make_graph(
        network.nodes, "fixture",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 3, HEIGHT, WIDTH])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ["classes"]],
        network.arrays,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9,
                              producer_name="make_onnx.py")
    onnx.save(model, OUT / "operators.onnx")
    tapped = onnx.ModelProto.FromString(model.SerializeToString())
    del tapped.graph.output[:]
    tapped.graph.output.extend(helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in names)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(tapped.SerializeToString(), options, ["CPUExecutionProvider"])
    results = session.run(names, {"image": golden_input()})
    layers = {
        name: summary(values) for name, values in zip(names, results)
        if values.ndim >= 2 and values.shape[0] == 1
    }
    (OUT / "golden.json").write_text(json.dumps({"input": [HEIGHT, WIDTH, 3], "layers": layers}) + "\n")

    # The same with the arrays in a file beside it.
    split = onnx.ModelProto.FromString(model.SerializeToString())
    (OUT / "split").mkdir(exist_ok=True)
    (OUT / "split" / "model.onnx.data").unlink(missing_ok=True)
    onnx.save(split, OUT / "split" / "model.onnx", save_as_external_data=True, location="model.onnx.data",
              size_threshold=256)


main()
