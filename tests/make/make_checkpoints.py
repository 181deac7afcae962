"""Three checkpoints of one small training on the pictures of tests/fixtures/images, to be compared.

Run:    python tests/make/make_checkpoints.py      (needs tensorflow, keras)
Writes: tests/fixtures/checkpoints/epoch-0.h5 (untrained), epoch-2.h5, epoch-10.h5

A filter of `conv` that is zero at first is dead, and is born by training, as ELU has a slope at 0; another is set to zero
after it, as pruning does, and has died. All others learn.
"""

import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures"
OUT = FIXTURES / "checkpoints"
CLASSES = ["blue", "green", "red"]
BORN, DIED = 3, 5

keras.utils.set_random_seed(4)
files = sorted(file for name in CLASSES for file in (FIXTURES / "images" / name).glob("0*.png"))
x = np.stack([np.asarray(tf.image.resize(tf.io.decode_png(file.read_bytes(), 3), (32, 32))) for file in files]) / 255.0
y = np.array([CLASSES.index(file.parent.name) for file in files], np.int32)

model = keras.Sequential(
    [
        keras.Input((32, 32, 3)),
        L.Conv2D(8, 5, activation="elu", name="conv"),
        L.MaxPooling2D(2, name="pool"),
        L.Conv2D(12, 3, activation="relu", name="conv_deep"),
        L.GlobalMaxPooling2D(name="global"),
        L.Dense(3, activation="softmax", name="classes"),
    ]
)
model.compile(keras.optimizers.Adam(4e-3), "sparse_categorical_crossentropy")


def silence(channel):
    kernel, bias = (value.copy() for value in model.get_layer("conv").get_weights())
    kernel[..., channel], bias[channel] = 0, 0
    model.get_layer("conv").set_weights([kernel, bias])


OUT.mkdir(parents=True, exist_ok=True)
silence(BORN)
model.save(OUT / "epoch-0.h5", include_optimizer=False)
model.fit(x, y, epochs=2, batch_size=8, verbose=0)
model.save(OUT / "epoch-2.h5", include_optimizer=False)
model.fit(x, y, epochs=8, batch_size=8, verbose=0)
print("loss", model.evaluate(x, y, verbose=0))
silence(DIED)
model.save(OUT / "epoch-10.h5", include_optimizer=False)
