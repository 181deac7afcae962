"""Write ONNX models with the operators that came with versions 23 to 28, and with windows of attention, and what they give in full.

Run from the repository root (needs onnx, onnxruntime, numpy):

    python tests/make/make_onnx_newest.py    # writes newest*.onnx, windows.onnx and newest.json in tests/fixtures/onnx/

Made with onnx 1.23.1 and onnxruntime 1.30.0. The numbers are those of ONNX's own reference evaluator; onnxruntime has to agree as
far as it has the operators.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

OUT = pathlib.Path(__file__).parents[1] / "fixtures" / "onnx"
CHANNELS, HEIGHT, WIDTH = 4, 4, 5
TOKENS, WIDE, HEADS = HEIGHT * WIDTH, 24, 3
random = np.random.default_rng(11)


class Network:
    """Nodes and arrays as they come; `kept` are the outputs of the graph."""

    def __init__(self):
        self.nodes, self.arrays, self.kept = [], [], []

    def constant(self, values):
        name = f"c{len(self.arrays)}"
        self.arrays.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def weight(self, *shape, scale=0.4):
        return self.constant(random.normal(0, scale, shape).astype(np.float32))

    def __call__(self, op, inputs, output, keep=True, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], f"node_{output}", **attributes))
        if keep:
            self.kept.append(output)
        return output


def tokens(n):
    """`[1, tokens, wide]` and heads `[1, heads, tokens, wide / heads]` of three different maps."""
    three, split = [], []
    for name in ["q", "k", "v"]:
        x = n("Conv", ["image", n.weight(WIDE, CHANNELS, 1, 1, scale=1.5), n.weight(WIDE)], f"{name}_map", keep=False)
        x = n("Reshape", [x, n.constant(np.array([0, 0, -1]))], f"{name}_flat", keep=False)
        three.append(n("Transpose", [x], f"{name}_tokens", keep=False, perm=[0, 2, 1]))
        x = n("Reshape", [three[-1], n.constant(np.array([0, 0, HEADS, -1]))], f"{name}_apart", keep=False)
        split.append(n("Transpose", [x], f"{name}_heads", keep=False, perm=[0, 2, 1, 3]))
    return three, split


def build():
    n = Network()
    three, heads = tokens(n)
    x = n("Conv", ["image", n.weight(6, CHANNELS, 3, 3, scale=1), n.weight(6)], "conv", keep=False, pads=[1, 1, 1, 1])
    n("Swish", [x], "swish")
    n("Swish", [x], "swish_alpha", alpha=1.7)
    n("Shrink", [x], "hard_shrink", lambd=0.7)
    n("Shrink", [x], "soft_shrink", lambd=0.3, bias=0.3)
    n("RMSNormalization", [three[0], n.weight(WIDE)], "rms", axis=-1, epsilon=1e-6)

    n("Attention", heads, "attention")
    n("Attention", heads, "scaled", scale=0.6)
    n("Attention", heads, "capped", softcap=1.5)
    n("Attention", heads, "causal", is_causal=1)
    n("Attention", three, "three_axes", q_num_heads=HEADS, kv_num_heads=HEADS)
    bias = n.weight(HEADS, TOKENS, TOKENS, scale=1)
    n("Attention", heads + [bias], "biased")
    allowed = random.random((TOKENS, TOKENS)) < 0.4
    n("Attention", heads + [n.constant(allowed | np.eye(TOKENS, dtype=bool))], "masked")
    allowed[3] = False
    n("Attention", heads + [n.constant(allowed)], "empty_row")
    n("Attention", heads + [bias], "biased_causal", is_causal=1)

    half = WIDE // HEADS // 2
    angles = random.uniform(0, 6, (1, TOKENS, half)).astype(np.float32)
    caches = [n.constant(np.cos(angles)), n.constant(np.sin(angles))]
    n("RotaryEmbedding", [heads[0], *caches], "rotary")
    n("RotaryEmbedding", [heads[0], *caches], "interleaved", interleaved=1)
    n("RotaryEmbedding", [three[0], *caches], "rotary_three_axes", num_heads=HEADS)
    some = [n.constant(np.cos(angles[..., :2])), n.constant(np.sin(angles[..., :2]))]
    n("RotaryEmbedding", [heads[0], *some], "partial", rotary_embedding_dim=4)
    places = n.constant(random.integers(0, TOKENS, (1, TOKENS)))
    table = [n.constant(np.cos(angles[0])), n.constant(np.sin(angles[0]))]
    n("RotaryEmbedding", [heads[0], *table, places], "of_places", interleaved=1)
    return n


def build_newest():
    n = Network()
    a, b = [n("Conv", ["image", n.weight(6, CHANNELS, 1, 1, scale=1.5)], name, keep=False) for name in ["a", "b"]]
    n("SwiGLU", [a, b], "swiglu")
    n("SwiGLU", [a, b], "swiglu_alpha", alpha=0.6)
    return n


def build_windows():
    """Attention within four windows that lie in the place of the images, and tokens that are counted together with the images."""
    n = Network()
    rows, columns, wide = 2, 3, 12
    x = n("Conv", ["image", n.weight(wide, CHANNELS, 1, 1, scale=1.5), n.weight(wide)], "map", keep=False)
    x = n("Transpose", [x], "last", keep=False, perm=[0, 2, 3, 1])
    x = n("Reshape", [x, n.constant(np.array([1, 2, rows, 2, columns, wide]))], "apart", keep=False)
    x = n("Transpose", [x], "by_window", keep=False, perm=[0, 1, 3, 2, 4, 5])
    x = n("Reshape", [x, n.constant(np.array([-1, rows * columns, wide]))], "windows", keep=False)
    x = n("MatMul", [x, n.weight(wide, 3 * wide, scale=0.4)], "qkv", keep=False)
    x = n("Reshape", [x, n.constant(np.array([4, rows * columns, 3, HEADS, -1]))], "qkv_apart", keep=False)
    x = n("Transpose", [x], "qkv_turned", keep=False, perm=[2, 0, 3, 1, 4])
    split = ["q_one", "k_one", "v_one"]
    n.nodes.append(helper.make_node("Split", [x], split, "node_split", axis=0, num_outputs=3))
    q, k, v = [n("Squeeze", [one, n.constant(np.array([0]))], one[0], keep=False) for one in split]
    k = n("Transpose", [k], "k_turned", keep=False, perm=[0, 1, 3, 2])
    scores = n("Add", [n("MatMul", [q, k], "scores", keep=False), n.weight(1, HEADS, 6, 6)], "biased", keep=False)
    n("MatMul", [n("Softmax", [scores], "weights", axis=-1), v], "values")
    x = n("Transpose", ["values"], "values_turned", keep=False, perm=[0, 2, 1, 3])
    x = n("Reshape", [x, n.constant(np.array([1, 2, 2, rows, columns, wide]))], "windows_apart", keep=False)
    x = n("Transpose", [x], "in_rows", keep=False, perm=[0, 5, 1, 3, 2, 4])
    x = n("Reshape", [x, n.constant(np.array([1, wide, 4, 6]))], "whole", keep=False)
    n("Relu", [x], "behind")

    # As LeViT normalizes its tokens, and NextViT pools them.
    x = n("Transpose", [n("Reshape", ["map", n.constant(np.array([0, 0, -1]))], "rows", keep=False)], "tokens",
          keep=False, perm=[0, 2, 1])
    flat = n("Reshape", [x, n.constant(np.array([-1, wide]))], "flat", keep=False)
    statistics = [n.weight(wide), n.weight(wide), n.weight(wide), n.constant(np.full(wide, 1.2, np.float32))]
    flat = n("BatchNormalization", [flat, *statistics], "normalized", keep=False)
    n("Reshape", [flat, n.constant(np.array([1, 24, wide]))], "normalized_tokens")
    n("AveragePool", ["rows"], "pooled", kernel_shape=[4], strides=[4])
    n("MaxPool", ["rows"], "most", kernel_shape=[3], strides=[2], pads=[1, 0])

    # Attention to places alone, of constants.
    places = n("Softmax", [n.weight(24, 24, scale=2)], "to_places", keep=False, axis=-1)
    n("MatMul", [places, x], "of_places")
    return n


def save(network, name, opset, size=(HEIGHT, WIDTH)):
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, CHANNELS, *size])
    outputs = [helper.make_tensor_value_info(one, TensorProto.FLOAT, None) for one in network.kept]
    graph = helper.make_graph(network.nodes, name, [image], outputs, network.arrays)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=11,
                              producer_name="make_onnx_newest.py")
    onnx.save(model, OUT / f"{name}.onnx")
    feed = {"image": random.random((1, CHANNELS, *size), np.float32)}
    found = dict(zip(network.kept, ReferenceEvaluator(model).run(None, feed)))
    if opset <= 24:
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
        for output, values in zip(network.kept, session.run(None, feed)):
            error = np.abs(values - found[output]).max()
            print(output, values.shape, error)
            assert error < 1e-5, output
    return {
        "input": [float(f"{v:.8g}") for v in feed["image"].ravel()],
        "outputs": {
            one: {"dims": list(values.shape), "values": [float(f"{v:.7g}") for v in values.ravel()]}
            for one, values in found.items()
        },
    }


truth = {
    "newest": save(build(), "newest", 24),
    "newest28": save(build_newest(), "newest28", 28),
    "windows": save(build_windows(), "windows", 20, (4, 6)),
}
(OUT / "newest.json").write_text(json.dumps(truth) + "\n")
