"""The networks of the bench that are too large to keep: made by Keras with random weights, which cost the same time.

Run:    python tests/make/make_bench_models.py FOLDER NAME ...   (names: MobileNetV2, ResNet50; needs tensorflow)
Writes: FOLDER/NAME.h5
"""

import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras

folder = pathlib.Path(sys.argv[1])
for name in sys.argv[2:]:
    keras.utils.set_random_seed(1)
    model = getattr(keras.applications, name)(weights=None)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            # As after training: activations neither grow nor fade from block to block.
            layer.moving_variance.assign(layer.moving_variance * 2)
    # Written whole or not at all.
    unfinished = folder / f"unfinished-{name}.h5"
    model.save(unfinished)
    unfinished.rename(folder / f"{name}.h5")
