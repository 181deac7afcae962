"""The exercise's own way in TensorFlow: decode, predict in batches of 64, keep all activations, then search them.

Run:    python tests/bench/notebook_way.py MODEL IMAGES LAYER   (needs tensorflow; IMAGES has classes-and-fnames.txt)
Prints: one line of JSON: images, seconds of the scan and of the search, bytes of activations, peak memory in bytes
"""

import json
import os
import pathlib
import resource
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf

model_file, folder, layer = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
model = keras.models.load_model(model_file, compile=False)
extractor = keras.Model(model.inputs, model.get_layer(layer).output)
height, width = model.input_shape[1:3]
lines = (folder / "classes-and-fnames.txt").read_text().splitlines()
files = [str(folder / line.replace("\t", "/")) for line in lines]


def read(file):
    image = tf.io.decode_image(tf.io.read_file(file), channels=3, expand_animations=False)
    return tf.image.resize(image, [height, width]) / 255


# What is made once.
extractor.predict(np.zeros([64, height, width, 3], "float32"), verbose=0)

start = time.perf_counter()
activations = []
for i in range(0, len(files), 64):
    batch = np.stack([read(file) for file in files[i : i + 64]])
    activations.append(extractor.predict(batch, verbose=0))
activations = np.concatenate(activations)
scanned = time.perf_counter()

top = []
for channel in range(activations.shape[-1]):
    maps = activations[..., channel].reshape(len(files), -1)
    units = maps.argmax(axis=1)
    highest = maps[np.arange(len(files)), units]
    top.append([(image, units[image]) for image in highest.argsort()[::-1][:16]])
searched = time.perf_counter()

print(
    json.dumps(
        {
            "images": len(files),
            "scanSeconds": scanned - start,
            "searchSeconds": searched - scanned,
            "activationBytes": activations.nbytes,
            "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
    )
)
