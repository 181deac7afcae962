"""A small vision transformer, as PyTorch writes it, whose tokens stand for patches of 6×4 pixels of an image of 24×20.

Run:    python tests/make/make_tokens.py     (needs torch, onnx)
Writes: tests/fixtures/onnx/tokens.onnx
"""

import pathlib

import torch
from torch import nn

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/fixtures/onnx/tokens.onnx"
CHANNELS, HEADS, ROWS, COLUMNS = 8, 2, 4, 5


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(CHANNELS, 3 * CHANNELS)
        self.proj = nn.Linear(CHANNELS, CHANNELS)

    def forward(self, x):
        images, tokens, channels = x.shape
        qkv = self.qkv(x).reshape(images, tokens, 3, HEADS, channels // HEADS).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        weights = (q @ k.transpose(-2, -1) * (channels // HEADS) ** -0.5).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(images, tokens, channels))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(CHANNELS)
        self.attn = Attention()
        self.norm2 = nn.LayerNorm(CHANNELS)
        self.mlp = nn.Sequential(nn.Linear(CHANNELS, 2 * CHANNELS), nn.GELU(), nn.Linear(2 * CHANNELS, CHANNELS))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Tokens(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch_embed = nn.Conv2d(3, CHANNELS, (6, 4), stride=(6, 4))
        self.cls_token = nn.Parameter(torch.randn(1, 1, CHANNELS))
        self.pos_embed = nn.Parameter(0.2 * torch.randn(1, 1 + ROWS * COLUMNS, CHANNELS))
        self.block = Block()
        self.norm = nn.LayerNorm(CHANNELS)
        self.head = nn.Linear(CHANNELS, 3)

    def forward(self, x):
        x = self.patch_embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.block(x))[:, 0])


torch.manual_seed(1)
net = Tokens().eval()
# PyTorch's own weights are so small that all patches of a picture would be much alike.
with torch.no_grad():
    for parameter in net.parameters():
        if parameter.dim() > 1:
            parameter.mul_(2)
example = (torch.rand(1, 3, 6 * ROWS, 4 * COLUMNS),)
torch.onnx.export(net, example, OUT, dynamo=False, opset_version=17, input_names=["image"], output_names=["classes"])
print(OUT.name, OUT.stat().st_size)
