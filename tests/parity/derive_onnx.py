"""Write what PyTorch, in double precision, derives of ONNX files of the kit.

    python tests/parity/derive_onnx.py KIT DIR [FILE ...]     (needs torch, onnx, onnxruntime)

For each file that KIT/onnx/truth has numbers of: DIR/<n>.bin with gradients (float32, channels last), and a line of JSON with `units`,
`pairs`, `problem` and whether it is small (`whole`), so that all is compared. A unit is one of a tensor in the middle of the file, or of one of its last; a pair is a unit with respect to a
tensor, or to the image. Several of each are offered, as not every tensor is a layer. All tensors are compared with onnxruntime before.
"""

import gzip
import json
import pathlib
import sys

import numpy as np
import onnx
import torch

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "make"))
from onnx_torch import Evaluator, NotDifferentiable, outputs_of  # noqa: E402

OFFERED = 4

# What single precision makes of the numbers of a network, and how many pictures that differ by it tell where a kink is near.
rounding, MOVED = 1e-6, 4


def kit_image(height, width, channels):
    h, w, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    return (37 * h + 61 * w + 97 * c + 11 * ((h * w) % 53)) % 256


def in_memory(x, layout):
    """As Urpatch has it: channels last, without the axis of images."""
    return np.ascontiguousarray(np.moveaxis(x[0], 0, -1) if layout == "NCHW" else x[0])


def fed(golden, value_info):
    height, width, channels = golden["input"]
    levels = kit_image(height, width, channels)
    kind = value_info.type.tensor_type.elem_type
    image = levels if kind == onnx.TensorProto.UINT8 else (levels / 255).astype(np.float32)
    rank = len(value_info.type.tensor_type.shape.dim)
    layout = golden["layout"]
    image = image.transpose(2, 0, 1) if layout == "NCHW" else image if layout == "NHWC" else image[:, :, 0]
    image = image[None] if rank == image.ndim + 1 else image
    return image, image.astype(onnx.helper.tensor_dtype_to_np_dtype(kind)), layout


def firing(values):
    """A unit that fires as strongly as half of those that do: the strongest is where tanh and sigmoid lose their slope to rounding."""
    order = np.argsort(values, kind="stable")
    return int(order[len(values) - 1 - max(0, int((values > 0).sum()) - 1) // 2])


def agrees(model, feed, values):
    """The largest error among all tensors."""
    worst = 0.0
    for name, theirs in outputs_of(model, feed).items():
        theirs = np.asarray(theirs)
        if theirs.dtype.kind != "f" or name not in values or values[name] is None:
            continue
        ours = values[name].detach().numpy()
        finite = np.isfinite(theirs)
        if ours.shape == theirs.shape and finite.any():
            largest = np.abs(theirs[finite]).max() or 1.0
            worst = max(worst, float(np.abs(ours.astype(np.float64) - theirs)[finite].max() / largest))
    return worst


def derive(path, golden, file):
    model = onnx.load(path)
    constants = {one.name for one in model.graph.initializer}
    info = next(one for one in model.graph.input if one.name not in constants)
    # Urpatch computes with the picture in single precision, whatever the file wants.
    picture, feed, layout = fed(golden, info)
    image = torch.tensor(picture.astype(np.float64), requires_grad=True)
    values = Evaluator(model).run({info.name: image})
    others = []
    for seed in range(1, 1 + MOVED):
        signs = np.random.default_rng(seed).choice([-1, 1], picture.shape)
        moved = torch.tensor(picture * (1 + rounding * signs), requires_grad=True)
        others.append((Evaluator(model).run({info.name: moved}), moved))
    error = agrees(model, {info.name: feed}, values)
    if not golden.get("float32") and error > 1e-3:
        raise NotDifferentiable(f"forward error {error:.1e}")
    known = [
        (name, one["layout"])
        for name, one in golden["layers"].items()
        if torch.is_tensor(values.get(name)) and values[name].requires_grad and one["layout"] and values[name].shape[0] == 1
    ]
    maps = [(name, how) for name, how in known if how in ("NCHW", "NHWC", "NTC") and values[name].numel() > values[name].shape[1]]
    middle = maps[len(maps) // 2 :][:OFFERED]
    # Hand-made files have a trap in each node.
    whole = len(known) < 50 and picture.size < 10000
    last = [one for one in known[::-1] if one not in middle][: None if whole else OFFERED]
    units, pairs, offset = {}, [], 0
    for source, how in middle + last:
        unit = firing(in_memory(values[source].detach().numpy(), how).reshape(-1))
        targets = [("image", layout)] + (middle if (source, how) in last[:OFFERED] else [])

        def gradients(tensors, picture):
            ordered = torch.movedim(tensors[source][0], 0, -1) if how == "NCHW" else tensors[source][0]
            by = [picture if name == "image" else tensors[name] for name, _ in targets]
            return torch.autograd.grad(ordered.reshape(-1)[unit], by, retain_graph=True, allow_unused=True)

        found = [gradients(*other) for other in others]
        for (name, target_layout), gradient, *near in zip(targets, gradients(values, image), *found):
            if gradient is None or not gradient.any() or not torch.isfinite(gradient).all():
                continue
            array = gradient.numpy()
            array = array if array.shape[0] == 1 and array.ndim > 2 or name != "image" else array[None]
            data = in_memory(array, target_layout).astype("<f4")
            file.write(data.tobytes())
            units[source] = unit
            # At a kink, rounding decides which of two gradients it is.
            unsteady = max(float((other - gradient).abs().max() / gradient.abs().max()) for other in near)
            pairs.append({"of": source, "by": None if name == "image" else name, "offset": offset, "size": data.size, "unsteady": unsteady})
            offset += data.size
    return {"units": units, "pairs": pairs, "whole": whole, "problem": None if pairs else "nothing to derive"}


def main():
    kit, out = map(pathlib.Path, sys.argv[1:3])
    golden = json.loads(gzip.open(kit / "onnx/truth/activations_golden.json.gz").read())
    for n, name in enumerate(sys.argv[3:] or golden):
        with open(out / f"{n}.bin", "wb") as file:
            try:
                about = derive(kit / "onnx/models" / name, golden[name], file)
            except Exception as error:
                about = {"units": {}, "pairs": [], "whole": False, "problem": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps({"file": name, "bin": f"{n}.bin", **about}), flush=True)


main()
