"""Write what PyTorch, in double precision, derives of the ends of the ONNX fixtures with respect to their image.

Run from the repository root (needs onnx, onnxruntime, torch):

    python tests/make/make_onnx_gradients.py    # writes tests/fixtures/onnx/gradients.json

By file and tensor: d Σ seed · tensor / d image, both in the order of the file. Every tensor is compared with onnxruntime's before.
"""

import base64
import json
import pathlib

import numpy as np
import onnx
import torch

from onnx_torch import Evaluator, outputs_of

OUT = pathlib.Path(__file__).parents[1] / "fixtures" / "onnx"


def numbers(shape, offset):
    """As make_layers.py's."""
    i = np.arange(np.prod(shape, dtype=int)) + offset
    return (((i * 7919) % 2003) / 1001.5 - 1).reshape(shape)


def golden_input(height, width):
    h, w, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    x = ((37 * h + 61 * w + 97 * c + 11 * ((h * w) % 53)) % 256) / 255
    return x.astype(np.float32).transpose(2, 0, 1)[None]


def compared(model, feed, values):
    """Asserts that all tensors are what onnxruntime gives."""
    for name, theirs in outputs_of(model, feed).items():
        if theirs is None or np.asarray(theirs).dtype.kind != "f" or name not in values:
            continue
        ours = values[name].detach().numpy()
        assert ours.shape == theirs.shape, (name, ours.shape, theirs.shape)
        finite = np.isfinite(theirs)
        largest = np.abs(theirs[finite]).max(initial=1e-30)
        error = np.abs(ours - theirs)[finite].max(initial=0) / largest
        assert error < 1e-4, (name, error)


def gradients(file, picture):
    model = onnx.load(OUT / f"{file}.onnx")
    name = model.graph.input[0].name
    image = torch.tensor(picture.astype(np.float64), requires_grad=True)
    values = Evaluator(model).run({name: image})
    if next(one.version for one in model.opset_import if one.domain == "") <= 24:
        compared(model, {name: picture}, values)
    read = {one for node in model.graph.node for one in node.input}
    ends = [one for node in model.graph.node for one in node.output if one not in read]
    kept = {one.name for one in model.graph.output}
    found = {}
    for end in [one for node in model.graph.node for one in node.output if one in kept or one in ends]:
        output = values[end]
        seed = torch.from_numpy(numbers(output.shape, 77))
        (gradient,) = torch.autograd.grad((output * seed).sum(), image, retain_graph=True)
        assert torch.isfinite(gradient).all(), end
        found[end] = base64.b64encode(gradient.numpy().astype("<f4").tobytes()).decode()
    return found


def main():
    newest = json.loads((OUT / "newest.json").read_text())
    result = {"operators": gradients("operators", golden_input(14, 11))}
    for file in ("newest", "newest28", "windows"):
        model = onnx.load(OUT / f"{file}.onnx")
        dims = [one.dim_value for one in model.graph.input[0].type.tensor_type.shape.dim]
        result[file] = gradients(file, np.array(newest[file]["input"], np.float32).reshape(dims))
    lines = [json.dumps(file) + ":{\n" + ",\n".join(json.dumps(k) + ":" + json.dumps(v) for k, v in ends.items()) + "\n}" for file, ends in result.items()]
    (OUT / "gradients.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print({file: len(ends) for file, ends in result.items()}, (OUT / "gradients.json").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
