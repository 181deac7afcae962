"""One network as Keras saves it and as PyTorch exports it: the twin has the weights of the file that Keras wrote.

Run:    python tests/make/make_pair.py keras      (needs tensorflow, keras)
        python tests/make/make_pair.py torch      (needs torch, onnx, onnxscript, h5py; after the other)
Writes: tests/fixtures/pair/keras.h5; script.onnx (TorchScript exporter) and dynamo.onnx (torch.export)

The network has what the two libraries say differently: `same` at stride 2, which pads one side only; filters, depthwise
filters and matrices in another order; BatchNormalization, which exporters fold; Flatten, which counts channels last or first.
"""

import os
import pathlib
import sys

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/fixtures/pair"
ROWS, COLUMNS = 32, 28


def keras_file():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import numpy as np
    from keras import layers as L

    x = image = keras.Input((ROWS, COLUMNS, 3), name="image")
    x = L.Conv2D(8, 3, padding="same", use_bias=False, name="stem")(x)
    x = L.BatchNormalization(name="stem_norm")(x)
    x = L.ReLU(name="stem_relu")(x)
    wide = x = L.MaxPooling2D(2, name="pool")(x)
    x = L.Conv2D(12, 3, strides=2, padding="same", name="down")(x)
    x = L.ReLU(name="down_relu")(x)
    short = x
    x = L.DepthwiseConv2D(3, padding="same", use_bias=False, name="depthwise")(x)
    x = L.BatchNormalization(name="depthwise_norm")(x)
    x = L.Activation("silu", name="depthwise_silu")(x)
    squeezed = L.GlobalAveragePooling2D(keepdims=True, name="squeeze")(x)
    squeezed = L.Conv2D(4, 1, activation="relu", name="reduce")(squeezed)
    squeezed = L.Conv2D(12, 1, activation="sigmoid", name="expand")(squeezed)
    x = L.Multiply(name="excite")([x, squeezed])
    x = L.Conv2D(12, 1, name="pointwise")(x)
    x = L.Add(name="residual")([x, short])
    x = L.UpSampling2D(2, name="upsample")(x)
    x = L.Concatenate(name="join")([x, wide])
    x = L.Conv2D(10, 3, dilation_rate=2, padding="same", name="dilated")(x)
    x = L.LeakyReLU(negative_slope=0.1, name="leaky")(x)
    x = L.AveragePooling2D(2, name="mean")(x)
    x = L.Flatten(name="flat")(x)
    x = L.Dense(6, name="dense")(x)
    model = keras.Model(image, L.Softmax(name="classes")(x))

    # With these, no two of the patches that `pair.test.ts` compares are nearer than 4e-6 of their layer's largest value.
    random = np.random.default_rng(3)
    for weight in model.weights:
        kind, shape = weight.path.split("/")[-1], weight.shape
        if "kernel" in kind:
            fan_in = shape[0] * shape[1] if "depthwise" in weight.path else np.prod(shape[:-1])
            values = random.normal(0, 1.4 / np.sqrt(fan_in), shape)
        elif kind in ("gamma", "moving_variance"):
            values = random.uniform(0.5, 1.5, shape)
        elif weight.path == "down/bias":
            # No channel is dead in a dark picture, or several pictures would tie behind it.
            values = random.uniform(0.5, 1, shape)
        else:
            values = random.uniform(-0.3, 0.3, shape)
        weight.assign(values)
    model.save(OUT / "keras.h5")


def onnx_files():
    import h5py
    import onnx
    import torch
    import torch.nn.functional as F
    from torch import nn

    class Twin(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem = nn.Conv2d(3, 8, 3, padding=1, bias=False)
            self.stem_norm = nn.BatchNorm2d(8, eps=1e-3)
            self.stem_relu = nn.ReLU()
            self.pool = nn.MaxPool2d(2)
            self.down = nn.Conv2d(8, 12, 3, stride=2)
            self.down_relu = nn.ReLU()
            self.depthwise = nn.Conv2d(12, 12, 3, padding=1, groups=12, bias=False)
            self.depthwise_norm = nn.BatchNorm2d(12, eps=1e-3)
            self.depthwise_silu = nn.SiLU()
            self.squeeze = nn.AdaptiveAvgPool2d(1)
            self.reduce = nn.Conv2d(12, 4, 1)
            self.reduce_relu = nn.ReLU()
            self.expand = nn.Conv2d(4, 12, 1)
            self.expand_sigmoid = nn.Sigmoid()
            self.pointwise = nn.Conv2d(12, 12, 1)
            self.upsample = nn.Upsample(scale_factor=2)
            self.dilated = nn.Conv2d(20, 10, 3, dilation=2, padding=2)
            self.leaky = nn.LeakyReLU(0.1)
            self.mean = nn.AvgPool2d(2)
            self.dense = nn.Linear(ROWS // 4 * (COLUMNS // 4) * 10, 6)
            self.classes = nn.Softmax(1)

        def forward(self, image):
            wide = self.pool(self.stem_relu(self.stem_norm(self.stem(image))))
            # TensorFlow's `same` at stride 2 of an even length.
            short = self.down_relu(self.down(F.pad(wide, (0, 1, 0, 1))))
            x = self.depthwise_silu(self.depthwise_norm(self.depthwise(short)))
            x = x * self.expand_sigmoid(self.expand(self.reduce_relu(self.reduce(self.squeeze(x)))))
            x = self.upsample(self.pointwise(x) + short)
            x = self.leaky(self.dilated(torch.cat([x, wide], 1)))
            return self.classes(self.dense(self.mean(x).flatten(1)))

    twin = Twin().eval()
    with h5py.File(OUT / "keras.h5") as file, torch.no_grad():

        def stored(layer, weight):
            found = []
            file[f"model_weights/{layer}"].visititems(
                lambda path, item: found.append(item[()]) if path.split("/")[-1].split(":")[0] == weight else None
            )
            return torch.from_numpy(found[0])

        for name, module in twin.named_children():
            if isinstance(module, nn.BatchNorm2d):
                module.weight.copy_(stored(name, "gamma"))
                module.bias.copy_(stored(name, "beta"))
                module.running_mean.copy_(stored(name, "moving_mean"))
                module.running_var.copy_(stored(name, "moving_variance"))
            elif isinstance(module, nn.Linear):
                kernel = stored(name, "kernel").reshape(ROWS // 4, COLUMNS // 4, 10, 6)
                module.weight.copy_(kernel.permute(3, 2, 0, 1).reshape(6, -1))
            elif isinstance(module, nn.Conv2d):
                kernel = stored(name, "kernel").permute(3, 2, 0, 1)
                module.weight.copy_(kernel.transpose(0, 1) if module.groups > 1 else kernel)
            if isinstance(module, (nn.Linear, nn.Conv2d)) and module.bias is not None:
                module.bias.copy_(stored(name, "bias"))

    example = (torch.zeros(1, 3, ROWS, COLUMNS),)
    torch.onnx.export(twin, example, OUT / "script.onnx", dynamo=False, opset_version=17, input_names=["image"])
    torch.onnx.export(twin, example, OUT / "dynamo.onnx", dynamo=True, external_data=False)
    # Traces name folders of the machine that made them.
    model = onnx.load(OUT / "dynamo.onnx")
    for node in model.graph.node:
        kept = [entry for entry in node.metadata_props if "stack_trace" not in entry.key]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    onnx.save(model, OUT / "dynamo.onnx")


if sys.argv[1:] not in (["keras"], ["torch"]):
    sys.exit(__doc__)
OUT.mkdir(parents=True, exist_ok=True)
{"keras": keras_file, "torch": onnx_files}[sys.argv[1]]()
for written in sorted(OUT.iterdir()):
    print(written.name, written.stat().st_size)
