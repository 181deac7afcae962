"""ResNet50 for the bench, as both of PyTorch's exporters write it, with random weights, which cost the same time.

Run:    python tests/make/make_bench_onnx.py FOLDER     (needs torch, torchvision, onnx, onnxscript)
Writes: FOLDER/resnet50-torchscript.onnx; FOLDER/resnet50-dynamo.onnx and the .data beside it
"""

import pathlib
import sys
import tempfile

import torch
import torchvision

folder = pathlib.Path(sys.argv[1])
torch.manual_seed(1)
net = torchvision.models.resnet50(weights=None).eval()
example = (torch.rand(1, 3, 224, 224),)
with tempfile.TemporaryDirectory(dir=folder) as unfinished:
    # Moved when they are written whole, the larger ones first.
    made = pathlib.Path(unfinished)
    torch.onnx.export(net, example, made / "resnet50-torchscript.onnx", dynamo=False, opset_version=17)
    torch.onnx.export(net, example, made / "resnet50-dynamo.onnx", dynamo=True)
    for file in sorted(made.iterdir(), key=lambda file: -file.stat().st_size):
        file.rename(folder / file.name)
