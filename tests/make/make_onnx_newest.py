"""Write ONNX models with the operators that came with versions 23 to 28, and what they give in full.

Run from the repository root (needs onnx, onnxruntime, numpy):

    python tests/make/make_onnx_newest.py    # writes tests/fixtures/onnx/newest*.onnx and newest.json

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


def save(network, name, opset):
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, CHANNELS, HEIGHT, WIDTH])
    outputs = [helper.make_tensor_value_info(one, TensorProto.FLOAT, None) for one in network.kept]
    graph = helper.make_graph(network.nodes, name, [image], outputs, network.arrays)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=11,
                              producer_name="make_onnx_newest.py")
    onnx.save(model, OUT / f"{name}.onnx")
    feed = {"image": random.random((1, CHANNELS, HEIGHT, WIDTH), np.float32)}
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


truth = {"newest": save(build(), "newest", 24), "newest28": save(build_newest(), "newest28", 28)}
(OUT / "newest.json").write_text(json.dumps(truth) + "\n")
