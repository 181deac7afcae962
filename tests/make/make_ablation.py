"""What networks answer without a channel: Keras with zeroed weights, and onnxruntime with a zeroed file.

Run:    python tests/make/make_ablation.py keras     (needs tensorflow, keras)
        python tests/make/make_ablation.py onnx      (needs onnx, onnxruntime)
Reads:  public/demo (network and all its pictures); tests/fixtures/pair
Writes: tests/fixtures/ablation/demo.json, keras.json; onnx.json

A channel that is multiplied by f has f times its filter and bias, before an activation that keeps factors (ReLU); one that is set
to a value has no filter, and the value for its bias. A batch normalization has no scale and shift, or those.
"""

import json
import os
import pathlib
import sys
import zipfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAIR = ROOT / "tests/fixtures/pair"
OUT = ROOT / "tests/fixtures/ablation"
LAYER = "conv2d_5"
SAMPLE = 300
# The channel without which the network loses most.
EYES = 6
IMAGES = 24
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def write(name, content):
    OUT.mkdir(exist_ok=True)
    (OUT / name).write_text(json.dumps(content, separators=(",", ":")) + "\n")


def random_numbers(seed):
    """`seededRandom.ts`: mulberry32 by Tommy Ettinger."""
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((state ^ (state >> 15)) * (1 | state)) & 0xFFFFFFFF
        t = ((t + (((t ^ (t >> 7)) * (61 | t)) & 0xFFFFFFFF)) & 0xFFFFFFFF) ^ t
        yield (t ^ (t >> 14)) / 2**32


def sample_order(count):
    """`seededOrder` in `core/reasons/answers.ts`."""
    order = list(range(count))
    random = random_numbers(1)
    for last in range(count - 1, 0, -1):
        other = int(next(random) * (last + 1))
        order[last], order[other] = order[other], order[last]
    return order


def pair_images():
    """`[24, 32, 28, 3]`: bytes of a formula, which the test makes too."""
    i, h, w, c = np.indices((IMAGES, 32, 28, 3))
    return (i * 29 + h * 37 + w * 61 + c * 97 + 11 * ((h * w + i * i) % 53)) % 256


def keras_truth():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import tensorflow as tf

    def changed(file, layer, channel, factor, value=0.0):
        model = keras.models.load_model(file, compile=False)
        one = model.get_layer(layer)
        weights = one.get_weights()
        if isinstance(one, keras.layers.BatchNormalization):
            gamma, beta = weights[:2]
            gamma[channel] *= factor
            beta[channel] = beta[channel] * factor + value
        else:
            weights[0][..., channel] *= factor
            if one.use_bias:
                weights[1][channel] = weights[1][channel] * factor + value
        one.set_weights(weights)
        return model

    demo = ROOT / "public/demo"
    with zipfile.ZipFile(demo / "images.zip") as archive:
        paths = sorted(name for name in archive.namelist() if name.endswith(".webp"))
        pictures = np.stack([tf.io.decode_webp(archive.read(p), channels=3).numpy()[0] for p in paths])
    x = pictures.astype("float32") / 255
    model = keras.models.load_model(demo / "model.h5", compile=False)
    tap = keras.Model(model.inputs, model.get_layer(LAYER).output)
    sample = sample_order(len(paths))[:SAMPLE]
    maps = tap.predict(x[sample], verbose=0).astype("float64")
    means = maps.mean(axis=(0, 1, 2))
    answer = lambda outputs: "".join(DIGITS[i] for i in outputs.argmax(axis=1))
    strong = int(means.argmax())
    undisturbed = model.predict(x, verbose=0)
    cases = []
    for channel, replacement, factor, value, few in [
        (EYES, 0, 0, 0, False),
        (strong, 0, 0, 0, True),
        (EYES, "mean", 0, float(means[EYES]), True),
        (strong, "mean", 0, float(means[strong]), True),
        (EYES, 3, 3, 0, True),
    ]:
        outputs = changed(demo / "model.h5", LAYER, channel, factor, value).predict(x[sample] if few else x, verbose=0)
        shown = outputs if few else outputs[sample]
        cases.append(
            {
                "channel": channel,
                "replacement": replacement,
                "value": value,
                "images": len(outputs),
                "answers": answer(outputs),
                "outputs": [[float(f"{v:.7g}") for v in row] for row in shown[:20]],
            }
        )
        before = undisturbed[sample] if few else undisturbed
        print(channel, replacement, (outputs.argmax(1) != before.argmax(1)).sum(), "of", len(outputs), "answers are others")
    write(
        "demo.json",
        {"layer": LAYER, "first": [paths[i] for i in sample[:20]], "answers": answer(undisturbed), "cases": cases},
    )

    images = pair_images().astype("float32") / 255
    cases = [{"layer": None, "channel": 0, "outputs": keras.models.load_model(PAIR / "keras.h5", compile=False).predict(images, verbose=0).tolist()}]
    for layer, channel in [("stem", 3), ("stem_norm", 5), ("down", 7), ("depthwise_norm", 2), ("pointwise", 4), ("dilated", 9), ("dense", 1)]:
        outputs = changed(PAIR / "keras.h5", layer, channel, 0).predict(images, verbose=0)
        cases.append({"layer": layer, "channel": channel, "outputs": outputs.tolist()})
    write("keras.json", cases)


def onnx_truth():
    import onnx
    import onnxruntime
    from onnx import numpy_helper

    file = PAIR / "script.onnx"
    images = pair_images().astype("float32") / 255
    cases = []
    for wanted, channel in [(None, 0), ("stem", 3), ("down", 7), ("reduce", 0), ("pointwise", 4), ("dilated", 9), ("dense", 1)]:
        model = onnx.load(file)
        if wanted:
            node = next(n for n in model.graph.node if n.op_type in ("Conv", "Gemm") and wanted in n.name)
            for tensor in model.graph.initializer:
                if tensor.name in node.input[1:]:
                    values = numpy_helper.to_array(tensor).copy()
                    values[channel] = 0
                    tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        feed = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
        outputs = np.concatenate([session.run(None, {name: feed[i : i + 1]})[0] for i in range(IMAGES)])
        cases.append({"layer": wanted, "channel": channel, "outputs": outputs.tolist()})
    write("onnx.json", cases)


{"keras": keras_truth, "onnx": onnx_truth}[sys.argv[1]]()
