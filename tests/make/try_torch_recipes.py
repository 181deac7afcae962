"""Runs the lines of README.md that export networks of PyTorch, as they are written, and looks at what they write.

Run:    python tests/make/try_torch_recipes.py [NAME …]     (needs torch, torchvision, timm, onnx, onnxscript, onnxruntime)

Published weights cannot be loaded without a network, so random ones take their place; "a network of your own" is a small
one. Recipes whose package is not there are said to be untried.
"""

import importlib.util
import os
import pathlib
import re
import sys
import tempfile

import onnxruntime
import torch

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
section = README.read_text().split("## From PyTorch in three lines")[1].split("\n## ")[0]
recipes = re.findall(r"^([^\n]+):\n\n```python\n(.*?)```", section, re.M | re.S)


class MyNetwork(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.features = torch.nn.Sequential(
            torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.BatchNorm2d(8), torch.nn.ReLU(), torch.nn.MaxPool2d(2)
        )
        self.classifier = torch.nn.Linear(8, 10)

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


for name, code in recipes:
    if sys.argv[1:] and name not in sys.argv[1:]:
        continue
    package = re.search(r"^(?:import|from) (\w+)", code)
    if package and importlib.util.find_spec(package[1]) is None:
        print(f"{name}: untried, as {package[1]} is not installed")
        continue
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        torch.save(MyNetwork().state_dict(), "weights.pth")
        offline = code.replace('weights="DEFAULT"', "weights=None").replace("pretrained=True", "pretrained=False")
        exec(offline, {"torch": torch, "MyNetwork": MyNetwork})
        (file,) = pathlib.Path(folder).glob("*.onnx")
        outputs = [output.shape for output in onnxruntime.InferenceSession(file).get_outputs()]
        files = sorted(path.name for path in pathlib.Path(folder).iterdir() if "onnx" in path.name)
        print(f"{name}: {' and '.join(files)}, outputs {outputs}")
        if keep := os.environ.get("KEEP"):
            for path in files:
                target = pathlib.Path(keep) / name.replace(" ", "-")
                target.mkdir(parents=True, exist_ok=True)
                (target / path).write_bytes((pathlib.Path(folder) / path).read_bytes())
        os.chdir("/")
