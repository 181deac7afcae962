"""
Writes tests/fixtures/layers.json: small networks as Keras serialises them, each with the output that real Keras
computes. At least one for every class and option that src/core/model/kinds reads. And tests/fixtures/layer-gradients.json:
what TensorFlow, in double precision, derives from `Σ seed · output` with respect to the image and to one layer between.

    python tests/make/make_layers.py        (Keras 3.15, TensorFlow 2.21)

Inputs and weights are formulas in whole numbers (`numbers` below, tests/engine/model/layers.test.ts), so that the file
holds configurations and results only.
"""

import base64
import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L
from keras import ops

FILE = Path(__file__).parents[1] / "fixtures" / "layers.json"
GRADIENTS = FILE.with_name("layer-gradients.json")
SHAPE = (5, 6, 4)
# For what acts on each number alone.
SMALL = (3, 2, 4)
BATCH = 2
BOOKKEEPING = {"module", "registered_name", "build_config", "compile_config", "shape", "sparse", "ragged", "optional"}
cases = []
# By case: the gradient with respect to `image`, and to the layer of another name.
derived = {}


def numbers(shape, offset):
    """In [-1, 1), the same for everyone."""
    i = np.arange(np.prod(shape, dtype=int)) + offset
    return (((i * 7919) % 2003) / 1001.5 - 1).astype("float32").reshape(shape)


def image(shape=SHAPE):
    return numbers((BATCH, *shape), 17) * np.float32(3)


def fill(model):
    offset = 1000
    for layer in model.layers:
        arrays = []
        for weight in layer.weights:
            array = numbers(weight.shape, offset)
            offset += 1000
            if "variance" in weight.name:
                array = np.abs(array) + np.float32(0.5)
            arrays.append(array if weight.name != "count" else np.array(0, "int32"))
        layer.set_weights(arrays)
        if isinstance(layer, L.Normalization):
            layer.finalize_state()


def lean(value):
    """Without what only training needs."""
    if isinstance(value, list):
        return [lean(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "DTypePolicy" and value["config"]["name"] == "float32":
        return "float32"
    if value.get("class_name") == "__keras_tensor__":
        return {**value, "config": {"keras_history": value["config"]["keras_history"]}}
    return {
        k: lean(v)
        for k, v in value.items()
        if not k.endswith(("_initializer", "_regularizer", "_constraint")) and k not in BOOKKEEPING
    }


def write(name, config, output, keras_major=3, shape=SHAPE):
    output = np.asarray(output, "float32")
    assert np.isfinite(output).all(), name
    assert name not in [case["name"] for case in cases], name
    cases.append(
        {
            "name": name,
            "kerasMajor": keras_major,
            "input": list(shape),
            "config": config,
            "shape": list(output.shape),
            "output": base64.b64encode(output.tobytes()).decode(),
        }
    )


def derive(name, compute, shape):
    """`compute` gives the output, and a dictionary of what lies between, for an image in double precision."""
    picture = tf.constant(image(shape).astype("float64"))
    with tf.GradientTape() as tape:
        tape.watch(picture)
        output, between = compute(picture)
        assert list(output.shape) == cases[-1]["shape"], name
        seed = numbers(output.shape, 77).astype("float64")
        total = tf.reduce_sum(tf.cast(output, "float64") * seed)
    sources = {"image": picture, **between}
    found = tape.gradient(total, sources, unconnected_gradients="zero")
    for gradient in found.values():
        assert np.isfinite(gradient).all(), name
    derived[name] = {
        source: base64.b64encode(np.asarray(gradient, "float32").tobytes()).decode() for source, gradient in found.items()
    }


def derive_network(name, build, weights, shape, names_differ=False):
    """The network that `build` makes, in double precision, with the weights of another."""
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    try:
        keras.utils.clear_session()
        x = keras.Input(shape, name="image")
        y = build(x)
        model = keras.Model(x, y)
        for variable, given in zip(model.weights, weights, strict=True):
            variable.assign(given)
        for layer in model.layers:
            if isinstance(layer, L.Normalization):
                layer.finalize_state()
        inner = [operation for operation in model.operations[1:] if operation.output is not y]
        middle = [] if names_differ else inner[len(inner) // 2 :][:1]
        tapped = keras.Model(x, {"output": y, **{operation.name: operation.output for operation in middle}})

        def compute(picture):
            found = tapped(picture, training=False)
            return found.pop("output"), found

        derive(name, compute, shape)
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")


def case(name, build, shape=SHAPE):
    """A network from an input of `shape`, as Keras 3 writes and computes it."""
    keras.utils.clear_session()
    x = keras.Input(shape, name="image")
    model = keras.Model(x, build(x))
    fill(model)
    write(name, lean(json.loads(model.to_json())), model.predict(image(shape), verbose=0), shape=shape)
    derive_network(name, build, [weight.numpy() for weight in model.weights], shape)


def layer(name, make, shape=SHAPE):
    case(name, lambda x: make()(x), shape)


def legacy(name, class_name, config, compute, keras_major=2):
    """One layer in the words of an older Keras; `compute` says what these mean."""
    inner = {"name": "layer", **config}
    chain = [
        {"class_name": "InputLayer", "config": {"batch_input_shape": [None, *SMALL], "dtype": "float32", "name": "image"}},
        {"class_name": class_name, "config": inner},
    ]
    config = {"class_name": "Sequential", "config": {"name": "chain", "layers": chain}}
    write(name, config, compute(image(SMALL)), keras_major, SMALL)
    derive(name, lambda x: (compute(x), {}), SMALL)


def function(name, function, compute, keywords=None, operands=None):
    """A function of TensorFlow as Keras 2 writes it."""
    call = operands or [["image", 0, 0, keywords or {}]]
    layers = [
        {
            "class_name": "InputLayer",
            "config": {"batch_input_shape": [None, *SMALL], "dtype": "float32", "name": "image"},
            "name": "image",
            "inbound_nodes": [],
        },
        {
            "class_name": "TFOpLambda",
            "config": {"name": "tf.op", "trainable": True, "dtype": "float32", "function": function},
            "name": "tf.op",
            "inbound_nodes": call,
        },
    ]
    config = {
        "name": "graph",
        "layers": layers,
        "input_layers": [["image", 0, 0]],
        "output_layers": [["tf.op", 0, 0]],
    }
    write(name, {"class_name": "Functional", "config": config}, compute(image(SMALL)), 2, SMALL)
    derive(name, lambda x: (compute(x), {}), SMALL)


def channels_first(name, make, twin, shape=SHAPE):
    """TensorFlow computes channels_first on graphics cards only: the numbers come from the channels_last twin."""
    keras.utils.clear_session()
    height, width, channels = shape
    x = keras.Input((channels, height, width), name="image")
    model = keras.Model(x, make(x))
    y = keras.Input(shape, name="image")
    last = keras.Model(y, twin(y))
    fill(last)
    write(name, lean(json.loads(model.to_json())), last.predict(image(shape), verbose=0), shape=shape)
    derive_network(name, twin, [weight.numpy() for weight in last.weights], shape, names_differ=True)


def convolutions():
    layer("Conv2D valid", lambda: L.Conv2D(3, 3))
    layer("Conv2D same, strides 2", lambda: L.Conv2D(3, 3, strides=2, padding="same", activation="relu"))
    layer("Conv2D same, strides (2, 3), kernel (2, 4)", lambda: L.Conv2D(3, (2, 4), strides=(2, 3), padding="same"))
    layer("Conv2D dilation (2, 1), same", lambda: L.Conv2D(3, 3, dilation_rate=(2, 1), padding="same"))
    layer("Conv2D dilation 2, kernel 2, same", lambda: L.Conv2D(3, 2, dilation_rate=2, padding="same"))
    layer("Conv2D groups 2", lambda: L.Conv2D(6, 3, groups=2, padding="same", activation="silu"))
    layer("Conv2D groups as channels", lambda: L.Conv2D(8, 3, groups=4, strides=2, padding="same"))
    layer("Conv2D without bias, gelu", lambda: L.Conv2D(3, 1, use_bias=False, activation="gelu"))
    layer("DepthwiseConv2D", lambda: L.DepthwiseConv2D(3, padding="same", activation="relu6"))
    layer("DepthwiseConv2D multiplier 2, strides 2", lambda: L.DepthwiseConv2D(3, strides=2, depth_multiplier=2))
    layer("DepthwiseConv2D dilation 2", lambda: L.DepthwiseConv2D(2, dilation_rate=2, padding="same"))
    layer("SeparableConv2D", lambda: L.SeparableConv2D(3, 3, padding="same", activation="tanh"))
    layer("SeparableConv2D multiplier 2, strides 2", lambda: L.SeparableConv2D(3, 3, strides=2, depth_multiplier=2))
    layer("SeparableConv2D dilation 2, no bias", lambda: L.SeparableConv2D(3, 2, dilation_rate=2, use_bias=False))
    for padding in ("valid", "same"):
        for kernel, strides in ((3, 2), (2, 2), (4, 3), (2, 3)):
            layer(
                f"Conv2DTranspose {padding}, kernel {kernel}, strides {strides}",
                lambda: L.Conv2DTranspose(3, kernel, strides=strides, padding=padding),
            )
    layer("Conv2DTranspose same, output_padding 0", lambda: L.Conv2DTranspose(3, 3, strides=2, padding="same", output_padding=0))
    layer("Conv2DTranspose same, output_padding 1", lambda: L.Conv2DTranspose(3, 3, strides=2, padding="same", output_padding=1))
    layer("Conv2DTranspose valid, output_padding (1, 0)", lambda: L.Conv2DTranspose(3, 2, strides=2, output_padding=(1, 0)))
    layer("Conv2DTranspose relu, no bias", lambda: L.Conv2DTranspose(3, 3, use_bias=False, activation="relu"))


def dilated_transposed():
    """TensorFlow on a CPU cannot; a transposed convolution is that of a kernel with zeros between."""
    for padding in ("valid", "same"):
        keras.utils.clear_session()
        x = keras.Input(SHAPE, name="image")
        model = keras.Model(x, L.Conv2DTranspose(3, 3, dilation_rate=(2, 1), padding=padding)(x))
        fill(model)
        kernel, bias = model.layers[1].get_weights()
        wide = np.zeros((5, 3, *kernel.shape[2:]), "float32")
        wide[::2] = kernel
        compute = lambda x: ops.conv_transpose(x, like(x, wide), strides=1, padding=padding) + like(x, bias)
        name = f"Conv2DTranspose {padding}, dilation (2, 1)"
        write(name, lean(json.loads(model.to_json())), compute(image()))
        derive(name, lambda x: (compute(x), {}), SHAPE)


def pools():
    layer("MaxPooling2D", lambda: L.MaxPooling2D())
    layer("MaxPooling2D same, 3, strides 2", lambda: L.MaxPooling2D(3, strides=2, padding="same"))
    layer("AveragePooling2D same, 3, strides (1, 2)", lambda: L.AveragePooling2D(3, strides=(1, 2), padding="same"))
    layer("AveragePooling2D valid (2, 3)", lambda: L.AveragePooling2D((2, 3)))
    layer("GlobalAveragePooling2D", lambda: L.GlobalAveragePooling2D())
    layer("GlobalAveragePooling2D keepdims", lambda: L.GlobalAveragePooling2D(keepdims=True))
    layer("GlobalMaxPooling2D", lambda: L.GlobalMaxPooling2D())
    layer("GlobalMaxPooling2D keepdims", lambda: L.GlobalMaxPooling2D(keepdims=True))


def normalizations():
    layer("BatchNormalization", lambda: L.BatchNormalization())
    layer("BatchNormalization epsilon, without scale", lambda: L.BatchNormalization(epsilon=0.1, scale=False))
    layer("BatchNormalization axis 3, without center", lambda: L.BatchNormalization(axis=3, center=False))
    case("BatchNormalization of a vector", lambda x: L.BatchNormalization()(L.GlobalMaxPooling2D()(x)))
    layer("Normalization with weights", lambda: L.Normalization())
    layer("Normalization with weights, no axis", lambda: L.Normalization(axis=None))
    layer("Normalization constants", lambda: L.Normalization(mean=[1, 2, 3, -1], variance=[1, 0.5, 2, 0]))
    layer("Normalization constants, no axis", lambda: L.Normalization(axis=None, mean=0.4, variance=2.5))
    layer("Normalization invert", lambda: L.Normalization(mean=[1, 2, 3, -1], variance=[1, 0.5, 2, 4], invert=True))
    layer("LayerNormalization", lambda: L.LayerNormalization())
    layer("LayerNormalization epsilon, no scale", lambda: L.LayerNormalization(epsilon=0.5, scale=False))
    layer("LayerNormalization over everything, no center", lambda: L.LayerNormalization(axis=[1, 2, 3], center=False))
    layer("LayerNormalization axis 1", lambda: L.LayerNormalization(axis=1))
    layer("RMSNormalization", lambda: L.RMSNormalization(epsilon=0.01))
    layer("RMSNormalization axes", lambda: L.RMSNormalization(axis=[2, 3]))
    layer("GroupNormalization 2", lambda: L.GroupNormalization(2, epsilon=0.01))
    layer("GroupNormalization instance", lambda: L.GroupNormalization(-1, scale=False))
    layer("GroupNormalization axis 3, no center", lambda: L.GroupNormalization(1, axis=3, center=False))
    case("GroupNormalization of a vector", lambda x: L.GroupNormalization(2)(L.GlobalMaxPooling2D()(x)))
    layer("UnitNormalization", lambda: L.UnitNormalization())
    layer("UnitNormalization over the map", lambda: L.UnitNormalization(axis=[1, 2]))


def activations():
    layer = lambda name, make: case(name, lambda x: make()(x), SMALL)
    for name in (
        "relu relu6 elu selu celu sigmoid hard_sigmoid tanh softmax log_softmax softplus softsign silu hard_silu gelu "
        "exponential mish log_sigmoid leaky_relu squareplus hard_tanh tanh_shrink soft_shrink hard_shrink sparse_plus linear"
    ).split():
        layer(f"Activation {name}", lambda: L.Activation(name))
    layer("ReLU", lambda: L.ReLU())
    layer("ReLU max_value", lambda: L.ReLU(max_value=1.5))
    layer("ReLU negative_slope", lambda: L.ReLU(negative_slope=0.2))
    layer("ReLU threshold", lambda: L.ReLU(threshold=0.7))
    layer("ReLU everything", lambda: L.ReLU(max_value=2, negative_slope=0.25, threshold=0.5))
    layer("LeakyReLU", lambda: L.LeakyReLU())
    layer("LeakyReLU 0.1", lambda: L.LeakyReLU(negative_slope=0.1))
    layer("ELU alpha", lambda: L.ELU(alpha=0.4))
    layer("PReLU", lambda: L.PReLU())
    layer("PReLU shared", lambda: L.PReLU(shared_axes=[1, 2]))
    layer("PReLU shared along rows", lambda: L.PReLU(shared_axes=[1]))
    layer("Softmax", lambda: L.Softmax())
    layer("Conv2D with a layer as activation", lambda: L.Conv2D(3, 1, activation=L.LeakyReLU(negative_slope=0.15)))
    layer("Activation with an operation", lambda: L.Activation(ops.relu))


def shapes():
    layer("Dense on a map", lambda: L.Dense(3, activation="sigmoid"))
    case("Flatten, Dense", lambda x: L.Dense(3, use_bias=False)(L.Flatten()(x)))
    layer("Reshape", lambda: L.Reshape((6, 5, 4)))
    layer("Reshape with -1", lambda: L.Reshape((3, -1)))
    layer("Permute of nothing", lambda: L.Permute((1, 2, 3)))
    case("RepeatVector 1", lambda x: L.RepeatVector(1)(L.GlobalMaxPooling2D()(x)))
    layer("ZeroPadding2D", lambda: L.ZeroPadding2D(((1, 2), (0, 3))))
    layer("ZeroPadding2D pair", lambda: L.ZeroPadding2D((2, 1)))
    layer("Cropping2D", lambda: L.Cropping2D(((1, 0), (2, 1))))
    layer("CenterCrop odd", lambda: L.CenterCrop(2, 3))
    layer("UpSampling2D nearest (2, 3)", lambda: L.UpSampling2D((2, 3)))
    layer("UpSampling2D bilinear", lambda: L.UpSampling2D((2, 3), interpolation="bilinear"))
    layer("Resizing bilinear", lambda: L.Resizing(8, 4))
    layer("Resizing nearest", lambda: L.Resizing(3, 11, interpolation="nearest"))
    layer("Rescaling", lambda: L.Rescaling(1 / 127.5, offset=-1))
    layer("Rescaling lists", lambda: L.Rescaling([1.0, 2.0, 3.0, 4.0], offset=[0.5, 0.0, -0.5, 1.0]))


def merges():
    other = lambda x: L.Conv2D(4, 1)(x)
    for make in (L.Add, L.Subtract, L.Multiply, L.Average, L.Maximum, L.Minimum):
        case(f"{make.__name__} layer", lambda x: make()([x, other(x)]))
    case("Average of three", lambda x: L.Average()([x, other(x), L.ReLU()(x)]))
    case("Multiply with 1×1 map", lambda x: L.Multiply()([x, L.GlobalAveragePooling2D(keepdims=True)(x)]))
    case("Multiply with a vector", lambda x: L.Multiply()([x, L.GlobalAveragePooling2D()(x)]))
    case("Add of one row", lambda x: L.Add()([L.MaxPooling2D((5, 1))(x), x]))
    case("Concatenate", lambda x: L.Concatenate()([x, other(x), x]))
    case("Concatenate axis 3", lambda x: L.Concatenate(axis=3)([x, L.Conv2D(2, 1)(x)]))
    case(
        "squeeze and excitation",
        lambda x: L.Multiply()([x, L.Reshape((1, 1, 4))(L.Dense(4, activation="hard_sigmoid")(L.GlobalAveragePooling2D()(x)))]),
    )


def augmentations():
    for make in (
        lambda: L.Dropout(0.5),
        lambda: L.SpatialDropout2D(0.5),
        lambda: L.AlphaDropout(0.5),
        lambda: L.GaussianDropout(0.5),
        lambda: L.GaussianNoise(1.0),
        lambda: L.ActivityRegularization(l1=1.0),
        lambda: L.Identity(),
    ):
        case(f"{make().__class__.__name__} when predicting", lambda x: L.ReLU()(make()(x)))
    for make in (
        lambda: L.RandomFlip(),
        lambda: L.RandomRotation(0.2),
        lambda: L.RandomZoom(0.2),
        lambda: L.RandomTranslation(0.2, 0.2),
        lambda: L.RandomContrast(0.5),
        lambda: L.RandomBrightness(0.5),
        lambda: L.RandomColorDegeneration(0.5),
        lambda: L.RandomColorJitter(),
        lambda: L.RandomElasticTransform(),
        lambda: L.RandomErasing(),
        lambda: L.RandomGaussianBlur(),
        lambda: L.RandomGrayscale(),
        lambda: L.RandomHue(0.5),
        lambda: L.RandomInvert(),
        lambda: L.RandomPerspective(),
        lambda: L.RandomPosterization(4),
        lambda: L.RandomSaturation(0.5),
        lambda: L.RandomSharpness(0.5),
        lambda: L.RandomShear(0.2),
        lambda: L.MixUp(),
        lambda: L.CutMix(),
        lambda: L.RandAugment(),
        lambda: L.AugMix(),
    ):
        case(f"{make().__class__.__name__} when predicting", lambda x: L.ReLU()(make()(x)), shape=(2, 3, 3))


def operations():
    case("x + 1", lambda x: x + 1.0, SMALL)
    case("1 - x", lambda x: 1.0 - x, SMALL)
    case("x * 2", lambda x: x * 2, SMALL)
    case("x / 3", lambda x: x / 3, SMALL)
    case("2 / exp(x)", lambda x: 2 / ops.exp(x), SMALL)
    case("max(x, 0.5)", lambda x: ops.maximum(x, 0.5), SMALL)
    case("min(x, x relu6 * 2 - 1)", lambda x: ops.minimum(x, ops.relu6(x) * 2 - 1), SMALL)
    case("-x / (relu(x) + 1)", lambda x: -x / (L.ReLU()(x) + 1.0), SMALL)
    for name in "relu relu6 sigmoid silu hard_sigmoid hard_silu tanh selu softplus softsign soft_shrink hard_shrink".split():
        case(f"ops.{name}", lambda x: getattr(ops, name)(x), SMALL)
    for name in "tanh_shrink sparse_plus squareplus celu elu leaky_relu log_softmax softmax log_sigmoid hard_tanh exp gelu".split():
        case(f"ops.{name}", lambda x: getattr(ops, name)(x), SMALL)
    case("ops.gelu exact", lambda x: ops.gelu(x, approximate=False), SMALL)
    case("ops.elu alpha", lambda x: ops.elu(x, alpha=0.3), SMALL)
    case("ops.leaky_relu slope", lambda x: ops.leaky_relu(x, 0.05), SMALL)
    case("activations.relu with a slope", lambda x: keras.activations.relu(x, negative_slope=0.1, max_value=1.0), SMALL)
    case("ops.clip", lambda x: ops.clip(x, 0, 1.5), SMALL)
    case("ops.mean", lambda x: ops.mean(x, axis=(1, 2)))
    case("ops.max keepdims", lambda x: ops.max(x, axis=[-3, -2], keepdims=True))
    case("ops.reshape", lambda x: ops.reshape(x, (-1, 30, 4)))
    case("ops.squeeze", lambda x: ops.squeeze(ops.mean(x, axis=(1, 2), keepdims=True), axis=(1, 2)))
    case("ops.expand_dims", lambda x: ops.expand_dims(ops.expand_dims(ops.mean(x, axis=(1, 2)), 1), 1) * x)
    case("ops.concatenate", lambda x: ops.concatenate([x, ops.relu(x)], axis=-1))
    case("ops.max_pool", lambda x: ops.max_pool(x, 2))
    case("ops.average_pool same", lambda x: ops.average_pool(x, 3, strides=2, padding="same"))
    case("ops.image.resize", lambda x: ops.image.resize(x, (7, 9)))


@keras.saving.register_keras_serializable(name="LayerScale")
class LayerScale(L.Layer):
    """As in keras.applications.convnext."""

    def __init__(self, init_values, projection_dim, **kwargs):
        super().__init__(**kwargs)
        self.init_values, self.projection_dim = init_values, projection_dim

    def build(self, _):
        self.gamma = self.add_weight(shape=(self.projection_dim,), name="gamma")

    def call(self, x):
        return x * self.gamma

    def get_config(self):
        return {**super().get_config(), "init_values": self.init_values, "projection_dim": self.projection_dim}


class CustomScaleLayer(L.Layer):
    """As in keras.applications.inception_resnet_v2."""

    def __init__(self, scale, **kwargs):
        super().__init__(**kwargs)
        self.scale = scale

    def call(self, inputs):
        return inputs[0] + inputs[1] * self.scale

    def get_config(self):
        return {**super().get_config(), "scale": self.scale}


def application_layers():
    case("LayerScale", lambda x: LayerScale(1e-6, 4)(x))
    case("CustomScaleLayer", lambda x: CustomScaleLayer(0.17)([x, L.ReLU()(x)]))


def policies():
    # In float32: the numbers of the half-precision computation are the same function's, to fewer digits.
    keras.utils.clear_session()
    for policy in ("mixed_float16", "float16", "bfloat16", "float64"):
        x = keras.Input(SHAPE, name="image")
        half = keras.Model(x, L.Conv2D(3, 3, dtype=policy)(x))
        y = keras.Input(SHAPE, name="image")
        full = keras.Model(y, L.Conv2D(3, 3)(y))
        fill(full)
        write(f"Conv2D {policy}", lean(json.loads(half.to_json())), full.predict(image(), verbose=0))
        weights = [weight.numpy() for weight in full.weights]
        derive_network(f"Conv2D {policy}", lambda x: L.Conv2D(3, 3)(x), weights, SHAPE, names_differ=True)


def older():
    legacy("Keras 2 hard_sigmoid", "Activation", {"activation": "hard_sigmoid"}, lambda x: ops.clip(0.2 * x + 0.5, 0, 1))
    legacy("Keras 2 swish", "Activation", {"activation": "swish"}, ops.silu)
    legacy("Keras 2 softmax_v2", "Activation", {"activation": "softmax_v2"}, ops.softmax)
    legacy("Keras 2 function object", "Activation", {"activation": {"class_name": "function", "config": "relu6"}}, ops.relu6)
    legacy("Keras 2 LeakyReLU alpha", "LeakyReLU", {"alpha": 0.1}, lambda x: ops.where(x > 0, x, like(x, 0.1) * x))
    legacy("Keras 2 ELU alpha", "ELU", {"alpha": 0.5}, lambda x: ops.where(x > 0, x, 0.5 * ops.expm1(x)))
    legacy("Keras 2 ThresholdedReLU", "ThresholdedReLU", {"theta": 1.0}, lambda x: x * ops.cast(x > 1, x.dtype))
    legacy("Keras 2 pooling without strides", "MaxPooling2D", {"pool_size": 2, "strides": None}, lambda x: ops.max_pool(x, 2))
    legacy("Keras 2 BatchNormalizationV1", "BatchNormalizationV1", {"axis": [3], "epsilon": 0.001}, batch_normalized)
    legacy("Keras 2 FixedDropout", "FixedDropout", {"rate": 0.2, "noise_shape": [None, 1, 1, None]}, identity)
    legacy("Keras 2 RandomHeight", "RandomHeight", {"factor": 0.2, "interpolation": "bilinear"}, identity)
    legacy(
        "Keras 1 Convolution2D",
        "Convolution2D",
        {"nb_filter": 3, "nb_row": 2, "nb_col": 3, "border_mode": "same", "subsample": [2, 1], "dim_ordering": "tf", "bias": True, "activation": "relu", "W_regularizer": None, "init": "glorot_uniform"},
        lambda x: ops.relu(
            ops.conv(x, like(x, numbers((2, 3, 4, 3), 1000)), strides=(2, 1), padding="same") + like(x, numbers((3,), 2000))
        ),
        keras_major=1,
    )
    legacy("Keras 1 Dense", "Dense", {"output_dim": 3, "bias": False, "activation": "linear"}, lambda x: ops.matmul(x, like(x, numbers((4, 3), 1000))), keras_major=1)
    legacy("Keras 1 Dropout", "Dropout", {"p": 0.5}, identity, keras_major=1)

    plus = [["image", 0, 0, {"y": 3, "name": None}]]
    function("tf x + 3", "__operators__.add", lambda x: x + 3, operands=plus)
    function("tf 1 - x", "math.subtract", lambda x: 1 - x, operands=[["_CONSTANT_VALUE", -1, 1.0, {"y": ["image", 0, 0], "name": None}]])
    function("tf x / 4", "math.truediv", lambda x: x / 4, operands=[["image", 0, 0, {"y": 4.0}]])
    function("tf x - list", "math.subtract", lambda x: x - like(x, [1, 2, 3, 4]), operands=[["image", 0, 0, {"y": [1.0, 2.0, 3.0, 4.0]}]])
    function("tf x * list", "math.multiply", lambda x: x * like(x, [1, 2, 3, 4]), operands=[["image", 0, 0, {"y": [1.0, 2.0, 3.0, 4.0]}]])
    function("tf x + x", "math.add", lambda x: x + x, operands=[["image", 0, 0, {"y": ["image", 0, 0]}]])
    function("tf relu6", "compat.v1.nn.relu6", ops.relu6)
    function("tf silu", "nn.silu", ops.silu, keywords={"beta": 1.0})
    function("tf hard_swish", "nn.hard_swish", ops.hard_silu)
    function("tf leaky_relu", "nn.leaky_relu", lambda x: ops.leaky_relu(x, 0.05), keywords={"alpha": 0.05})
    function("tf reduce_mean", "math.reduce_mean", lambda x: ops.mean(x, (1, 2)), keywords={"axis": [1, 2], "keepdims": False})
    function("tf reduce_max", "compat.v1.math.reduce_max", lambda x: ops.max(x, (1, 2), keepdims=True), keywords={"axis": [1, 2], "keep_dims": True})
    function("tf softmax", "nn.softmax", ops.softmax, keywords={"axis": -1})
    function("tf cast", "cast", identity, keywords={"dtype": "float32"})


def batch_normalized(x):
    gamma, beta, mean, variance = (numbers((4,), 1000 * (i + 1)) for i in range(4))
    deviation = np.sqrt(np.abs(variance) + 0.5 + 0.001)
    return (x - like(x, mean)) / like(x, deviation) * like(x, gamma) + like(x, beta)


def identity(x):
    return x


def like(x, values):
    """As an array of the precision of `x`."""
    return np.asarray(values, keras.backend.standardize_dtype(x.dtype))


def channels_first_networks():
    first = {"data_format": "channels_first"}
    channels_first(
        "channels_first Conv2D, BatchNormalization, pool",
        lambda x: L.MaxPooling2D(**first)(L.BatchNormalization(axis=1)(L.Conv2D(3, (2, 3), padding="same", **first)(x))),
        lambda x: L.MaxPooling2D()(L.BatchNormalization()(L.Conv2D(3, (2, 3), padding="same")(x))),
    )
    channels_first(
        "channels_first Concatenate, LayerNormalization, Softmax",
        lambda x: L.Softmax(axis=1)(L.LayerNormalization(axis=1)(L.Concatenate(axis=1)([x, L.ZeroPadding2D(0, **first)(x)]))),
        lambda x: L.Softmax()(L.LayerNormalization()(L.Concatenate()([x, x]))),
    )
    channels_first(
        "channels_first Flatten in the file's order",
        lambda x: L.Dense(3)(L.Flatten()(L.Conv2D(3, 2, **first)(x))),
        lambda x: L.Dense(3)(L.Flatten()(L.Permute((3, 1, 2))(L.Conv2D(3, 2)(x)))),
    )
    channels_first(
        "channels_first Flatten as channels_last",
        lambda x: L.Dense(3)(L.Flatten(**first)(L.Conv2D(3, 2, **first)(x))),
        lambda x: L.Dense(3)(L.Flatten()(L.Conv2D(3, 2)(x))),
    )
    channels_first(
        "channels_first vector",
        lambda x: L.Dense(3, activation="softmax")(L.BatchNormalization()(L.GlobalAveragePooling2D(**first)(x))),
        lambda x: L.Dense(3, activation="softmax")(L.BatchNormalization()(L.GlobalAveragePooling2D()(x))),
    )
    channels_first(
        "channels_first squeeze and excitation",
        lambda x: L.Multiply()([x, L.Reshape((4, 1, 1))(L.Dense(4)(L.GlobalAveragePooling2D(**first)(x)))]),
        lambda x: L.Multiply()([x, L.Reshape((1, 1, 4))(L.Dense(4)(L.GlobalAveragePooling2D()(x)))]),
    )


for part in (
    convolutions,
    dilated_transposed,
    pools,
    normalizations,
    activations,
    shapes,
    merges,
    augmentations,
    operations,
    application_layers,
    policies,
    older,
    channels_first_networks,
):
    part()
GRADIENTS.write_text("{\n" + ",\n".join(f"{json.dumps(name)}:{json.dumps(one)}" for name, one in derived.items()) + "\n}\n")
assert len(derived) == len(cases)
FILE.write_text("[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases) + "\n]\n")
print(f"{len(cases)} cases, {FILE.stat().st_size} bytes; gradients: {GRADIENTS.stat().st_size} bytes")
