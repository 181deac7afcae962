"""The files in which people keep networks of PyTorch, which Urpatch names with the way out of them.

Run:    python tests/make/make_torch_files.py     (needs torch, safetensors)
Writes: tests/fixtures/torch/
"""

import pathlib

import torch
from safetensors.torch import save_file

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/fixtures/torch"
OUT.mkdir(parents=True, exist_ok=True)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 2, 3)

    def forward(self, x):
        return self.conv(x).relu()


torch.manual_seed(0)
net = Net().eval()
example = torch.rand(1, 3, 8, 8)
torch.save(net.state_dict(), OUT / "weights.pth")
torch.save(net, OUT / "whole.pt")
torch.save({"model": net.state_dict(), "epoch": 3}, OUT / "old.pth.tar", _use_new_zipfile_serialization=False)
torch.jit.trace(net, example).save(OUT / "script.pt")
torch.export.save(torch.export.export(net, (example,)), OUT / "exported.pt2")
save_file(net.state_dict(), OUT / "model.safetensors", metadata={"format": "pt"})
for file in sorted(OUT.iterdir()):
    print(file.name, file.stat().st_size)
