"""Write a TensorFlow.js graph model that uses most operations, what TensorFlow computes at each of its nodes, and what it derives
of its ends with respect to the image and to a node between.

Run from the repository root (needs tensorflow):

    python tests/make/make_graphs.py    # writes tests/fixtures/graph/{model.json,weights.bin,golden.json,gradients.json}

No converter is needed: a frozen GraphDef goes through TensorFlow's own optimiser, which fuses bias and activation as
the converter has it do, and is written as JSON; the numbers of its constants go to the binary file.
"""

import base64
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow as tf
from google.protobuf import json_format
from tensorflow.core.protobuf import config_pb2, rewriter_config_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from tensorflow.python.grappler import tf_optimizer

OUT = pathlib.Path(__file__).parents[1] / "fixtures" / "graph"
HEIGHT, WIDTH = 12, 10
random = np.random.default_rng(7)
precision = tf.float32


def weight(*shape, scale=0.5):
    return tf.constant(random.normal(0, scale, shape).astype(np.float32), precision)


def number(value):
    """Beside a tensor of this precision."""
    return np.array(value) if precision == tf.float64 else value


def two_groups(x, kernel, name):
    """TensorFlow derives convolutions without groups only."""
    if precision == tf.float64:
        halves = zip(tf.split(x, 2, -1), tf.split(kernel, 2, -1))
        return tf.concat([tf.nn.conv2d(one, part, 1, "SAME", name="half") for one, part in halves], -1, name=name)
    return tf.nn.conv2d(x, kernel, 1, "SAME", name=name)


def batch_norm(x, name, **parts):
    """TensorFlow's own knows single precision only."""
    if precision == tf.float64:
        return tf.nn.batch_normalization(
            x, parts["mean"], parts["variance"], parts["offset"], parts["scale"], parts["epsilon"], name=name
        )
    return tf.raw_ops.FusedBatchNormV3(x=x, is_training=False, name=name, **parts)[0]


def network(image):
    nn, raw = tf.nn, tf.raw_ops
    with tf.name_scope("stem"):
        x = nn.conv2d(image, weight(3, 3, 3, 8), 2, "SAME", name="Conv2D")
        x = nn.relu6(nn.bias_add(x, weight(8), name="BiasAdd"), name="Relu6")  # [6, 5, 8]
    with tf.name_scope("explicit"):
        x = nn.conv2d(x, weight(3, 2, 8, 6), 1, [[0, 0], [1, 2], [0, 1], [0, 0]], name="Conv2D")
        x = nn.bias_add(x, weight(6), name="BiasAdd")  # [7, 5, 6]
    with tf.name_scope("grouped"):
        grouped = two_groups(x, weight(3, 3, 3, 4), name="Conv2D")
    with tf.name_scope("depthwise"):
        x = nn.depthwise_conv2d(x, weight(3, 3, 6, 1), [1, 1, 1, 1], "SAME", name="depthwise")
        x = nn.relu(nn.bias_add(x, weight(6), name="BiasAdd"), name="Relu")
    with tf.name_scope("atrous"):  # as TensorFlow 1 wrote it, `same` on 7 x 5 rows and columns
        y = tf.space_to_batch(x, [2, 2], [[2, 3], [2, 3]], name="SpaceToBatchND")
        y = nn.conv2d(y, weight(3, 3, 6, 6), 1, "VALID", name="Conv2D")
        y = tf.batch_to_space(y, [2, 2], [[0, 1], [0, 1]], name="BatchToSpaceND")
    with tf.name_scope("atrous_padded"):  # more than `same`
        z = tf.space_to_batch(x, [2, 2], [[3, 4], [1, 2]], name="SpaceToBatchND")
        z = nn.conv2d(z, weight(3, 3, 6, 6), 1, "VALID", name="Conv2D")
        z = tf.batch_to_space(z, [2, 2], [[0, 0], [0, 0]], name="BatchToSpaceND")
    normalized = batch_norm(
        y, scale=weight(6), offset=weight(6), mean=weight(6), variance=tf.abs(weight(6)) + 0.5,
        epsilon=0.002, name="normalization/FusedBatchNormV3",
    )
    parts = [
        nn.leaky_relu(normalized, 0.3, name="leaky/LeakyRelu"),
        nn.elu(normalized, name="elu/Elu"),
        nn.selu(normalized, name="selu/Selu"),
        tf.tanh(normalized, name="tanh/Tanh"),
        nn.softplus(normalized, name="softplus/Softplus"),
        nn.softsign(normalized, name="softsign/Softsign"),
    ]
    total = tf.add_n(parts, name="sum/AddN")
    excited = tf.reduce_mean(x, [1, 2], keepdims=True, name="excitation/Mean")
    excited = tf.sigmoid(nn.conv2d(excited, weight(1, 1, 6, 6), 1, "SAME", name="excitation/Conv2D"), name="excitation/gate")
    x = tf.multiply(x, excited, name="excitation/mul")
    joined = tf.concat([x, total], -1, name="joined/concat")  # [7, 5, 12]
    first, second, third = tf.split(joined, 3, -1, name="split")
    squared = tf.math.squared_difference(first, second, name="squared")
    halves = tf.realdiv(tf.subtract(number(1.5), third, name="mirrored/sub"), number([1.0, 2.0, 3.0, 4.0]), name="quotient/truediv")
    limited = tf.clip_by_value(halves, number(-0.5), number(0.75), name="limited")
    smallest = tf.minimum(tf.negative(squared, name="negative/Neg"), limited, name="smallest/Minimum")
    largest = tf.maximum(smallest, weight(5, 4), name="largest/Maximum")
    sliced = tf.identity(joined[:, 1:6, :-1, 3:11], name="sliced/Identity")  # [5, 4, 8]
    wide = tf.pad(sliced, [[0, 0], [0, 0], [0, 0], [2, 3]], name="wide/Pad")
    mirrored = tf.pad(sliced, [[0, 0], [2, 1], [0, 3], [0, 0]], "REFLECT", name="reflected/MirrorPad")
    symmetric = tf.pad(sliced, [[0, 0], [2, 1], [0, 3], [0, 0]], "SYMMETRIC", name="symmetric/MirrorPad")
    padded = tf.pad(sliced, [[0, 0], [1, 0], [0, 1], [1, 0]], constant_values=number(-0.25), name="padded/PadV2")
    for kind, op in (("bilinear", raw.ResizeBilinear), ("nearest", raw.ResizeNearestNeighbor)):
        for name, corners, half in (("half", False, True), ("corners", True, False), ("topleft", False, False)):
            op(images=sliced, size=[9, 11], align_corners=corners, half_pixel_centers=half, name=f"{kind}_{name}/resize")
    pooled = nn.max_pool2d(joined, 3, 2, "VALID", name="pooled/MaxPool")  # [3, 2, 12]
    averaged = nn.avg_pool2d(joined, [3, 2], 2, "SAME", name="averaged/AvgPool")  # [4, 3, 12]
    shape = tf.shape(averaged, name="up/Shape")
    size = tf.stack([shape[0], shape[1] * 2, shape[2] * 2, 5], name="up/stack")
    up = nn.conv2d_transpose(averaged, weight(3, 3, 5, 12), size, 2, "SAME", name="up/conv2d_transpose")
    odd = nn.conv2d_transpose(averaged, weight(2, 3, 4, 12), [shape[0], 9, 7, 4], [2, 2], "VALID", name="odd/conv2d_transpose")
    small = nn.conv2d_transpose(averaged, weight(3, 3, 4, 12), [shape[0], 7, 5, 4], [2, 2], "SAME", name="small/conv2d_transpose")
    highest = tf.reduce_max(pooled, [1, 2], name="highest/Max")
    place = tf.transpose(tf.reduce_mean(joined, [1, 2], keepdims=True, name="place/Mean"), [0, 3, 1, 2], name="place/transpose")
    place = tf.squeeze(place, [2, 3], name="place/Squeeze")
    with tf.name_scope("StatefulPartitionedCall/model_1/flatten"):
        count = tf.shape(pooled, name="Shape")[0]
        flat = tf.reshape(pooled, tf.stack([count, 3 * 2 * 12], name="Reshape/shape"), name="Reshape")
    with tf.name_scope("StatefulPartitionedCall/model_1/dense"):
        dense = tf.matmul(flat, weight(16, 72, scale=0.2), transpose_b=True, name="MatMul")
        dense = nn.relu(nn.bias_add(dense, weight(16), name="BiasAdd"), name="Relu")
    vector = tf.concat([dense, highest, place], 1, name="vector/concat")
    one = tf.expand_dims(tf.multiply(vector[:, 3], vector[:, 4], name="one/mul"), 1, name="one/ExpandDims")
    vector = tf.add(vector[:, 2:22], one, name="shifted/add")
    probabilities = nn.softmax(nn.bias_add(tf.matmul(vector, weight(20, 7)), weight(7)), name="probabilities/Softmax")
    running = tf.cumsum(up, 3, name="running/Cumsum")
    after = nn.relu(running, name="after/Relu")
    # As converters write a PReLU of TensorFlow 1, and a pixel shuffle.
    magnitude = tf.abs(normalized, name="magnitude/Abs")
    slopes = tf.multiply(tf.subtract(normalized, magnitude, name="old_prelu/sub"), weight(6), name="old_prelu/mul")
    old = tf.add(nn.relu(normalized, name="old_prelu/Relu"), slopes, name="old_prelu/add")
    spread = nn.depth_to_space(sliced, 2, name="spread/DepthToSpace")  # [10, 8, 2]
    spread = nn.conv2d(spread, weight(3, 3, 2, 3), 1, "SAME", name="behind_spread/Conv2D")
    return [
        grouped, z, old, spread, largest, wide, mirrored, symmetric, padded, up, odd, small, after, probabilities,
        *[tf.compat.v1.get_default_graph().get_tensor_by_name(f"{kind}_{name}/resize:0")
          for kind in ("bilinear", "nearest") for name in ("half", "corners", "topleft")],
    ]


def frozen():
    function = tf.function(network).get_concrete_function(tf.TensorSpec([None, HEIGHT, WIDTH, 3], tf.float32, name="image"))
    frozen_function = convert_variables_to_constants_v2(function)
    graph_def = frozen_function.graph.as_graph_def()
    for node in graph_def.node:
        node.device = "/device:CPU:0"  # the optimiser fuses for a device only
    fetches = [tensor.name for tensor in frozen_function.outputs]
    meta = tf.compat.v1.train.export_meta_graph(graph_def=graph_def, graph=frozen_function.graph)
    collection = meta.collection_def["train_op"].node_list.value
    collection.extend(name.split(":")[0] for name in fetches)
    config = config_pb2.ConfigProto()
    rewrite = config.graph_options.rewrite_options
    rewrite.optimizers[:] = ["remap", "constfold", "dependency"]
    rewrite.meta_optimizer_iterations = rewriter_config_pb2.RewriterConfig.ONE
    return tf_optimizer.OptimizeGraph(config, meta)


def write(graph_def):
    entries, data = [], b""
    for node in graph_def.node:
        node.device = ""
        if node.op == "Const":
            array = tf.make_ndarray(node.attr["value"].tensor)
            entries.append({"name": node.name, "shape": list(array.shape), "dtype": str(array.dtype)})
            data += array.tobytes()
            node.attr["value"].tensor.ClearField("tensor_content")
            for field in ("float_val", "int_val"):
                node.attr["value"].tensor.ClearField(field)
    topology = json_format.MessageToDict(graph_def)
    topology.pop("library", None)
    model = {
        "format": "graph-model",
        "generatedBy": tf.__version__,
        "modelTopology": topology,
        "weightsManifest": [{"paths": ["weights.bin"], "weights": entries}],
    }
    (OUT / "model.json").write_text(json.dumps(model, separators=(",", ":"), sort_keys=True))
    (OUT / "weights.bin").write_bytes(data)


def picture():
    h, w, c = np.ogrid[:HEIGHT, :WIDTH, :3]
    return (((37 * h + 61 * w + 97 * c + 11 * ((h * w) % 53)) % 256) / 255).astype(np.float32)[None]


def gradients():
    """By node: d Σ seed · output / d image, and of some / d a node between, in double precision. The seed is make_layers.py's."""
    global precision, random
    precision, random = tf.float64, np.random.default_rng(7)
    graph, found = tf.Graph(), {}
    with graph.as_default():
        image = tf.constant(picture().astype(np.float64), name="image")
        ends = [end for end in network(image) if end.op.name != "after/Relu"]  # behind what is not supported
        between = graph.get_tensor_by_name("depthwise/Relu:0")
        for end in ends:
            i = np.arange(np.prod(end.shape, dtype=int)) + 77
            seed = (((i * 7919) % 2003) / 1001.5 - 1).reshape(end.shape)
            total = tf.reduce_sum(tf.cast(end, tf.float64) * seed)
            derived = tf.gradients(total, [image, between])
            found[end.op.name] = {
                name: value for name, value in zip(["image", "depthwise/Relu"], derived) if value is not None
            }
    with tf.compat.v1.Session(graph=graph) as session:
        found = session.run(found)
    coded = {
        end: {name: base64.b64encode(value.astype("<f4").tobytes()).decode() for name, value in values.items()}
        for end, values in found.items()
    }
    (OUT / "gradients.json").write_text(json.dumps(coded, separators=(",", ":")) + "\n")


def golden(graph_def):
    """By node: shape without the batch, and of each channel (last axis) maximum, its first position and mean."""
    image = picture()
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(graph_def, name="")
    names = [
        output.name
        for op in graph.get_operations()
        if op.type not in ("Const", "Placeholder", "NoOp")
        for output in op.outputs[: 1 if "BatchNorm" in op.type else None]
        if output.dtype == tf.float32
    ]
    with tf.compat.v1.Session(graph=graph) as session:
        outputs = session.run(names, {"image:0": image})
    layers = {}
    for name, output in zip(names, outputs):
        flat = output.reshape(-1, output.shape[-1] if output.ndim > 1 else 1).astype(np.float64)
        layers[name.removesuffix(":0")] = {
            "shape": list(output.shape[1:]),
            "max": [float(f"{v:.7g}") for v in flat.max(0)],
            "argmax": flat.argmax(0).tolist(),
            "mean": [float(f"{v:.6g}") for v in flat.mean(0)],
        }
    (OUT / "golden.json").write_text(json.dumps(layers, separators=(",", ":")) + "\n")


OUT.mkdir(exist_ok=True)
graph = frozen()
golden(graph)
write(graph)
gradients()
for file in sorted(OUT.iterdir()):
    print(f"{file.name}: {file.stat().st_size} bytes")
