"""Write the graphs of those networks of keras.applications whose receptive fields are published (TF-Slim has them too).

Run from the repository root (needs tensorflow and keras):

    python tests/make/make_application_graphs.py    # writes tests/fixtures/application-graphs.json.gz

Only what receptive fields need is kept: names, classes, connections, windows. No weights.
"""

import gzip
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

OUT = pathlib.Path(__file__).parents[1] / "fixtures" / "application-graphs.json.gz"
NAMES = ["VGG16", "MobileNet", "ResNet50", "ResNet50V2", "ResNet101V2", "ResNet152V2", "InceptionV3", "InceptionResNetV2"]

BOOKKEEPING = {"module", "registered_name", "build_config", "compile_config", "dtype", "shape", "trainable"}
TRAINING = ("_initializer", "_regularizer", "_constraint")


def stripped(value):
    if isinstance(value, dict):
        return {k: stripped(v) for k, v in value.items() if k not in BOOKKEEPING and not k.endswith(TRAINING)}
    if isinstance(value, list):
        return [stripped(v) for v in value]
    return value


def graph(name):
    keras.utils.clear_session()  # so that automatic names start anew
    model = getattr(keras.applications, name)(weights=None)
    config = stripped(json.loads(model.to_json()))
    for layer in config["config"]["layers"]:
        if layer["class_name"] == "InputLayer":
            layer["config"]["batch_shape"] = [None, None, None, 3]  # each test chooses a size
    return config


text = json.dumps({name: graph(name) for name in NAMES}, separators=(",", ":"))
OUT.write_bytes(gzip.compress(text.encode(), mtime=0))
print(f"{OUT}: {OUT.stat().st_size} bytes")
