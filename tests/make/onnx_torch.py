"""Evaluate ONNX models in double precision with PyTorch, so that its automatic differentiation goes through them.

Numbers that depend on no image (shapes, indices, folded constants) are left to onnxruntime, node by node, and so is where numbers
move to: each operator that only moves them is run on their indices. What is left are the formulas below. Whoever
uses this compares all outputs with onnxruntime first (`outputs_of`).
"""

import math

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from onnx import AttributeProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

MOVING = set(
    "Reshape Transpose Slice Gather Pad DepthToSpace SpaceToDepth Split Squeeze Unsqueeze Expand Tile Flatten Identity Concat "
    "ScatterND Dropout".split()
)


class NotDifferentiable(Exception):
    pass


class Evaluator:
    """`run` returns all tensors by name, differentiable with respect to the image, which is a parameter of it."""

    def __init__(self, model):
        self.model = model
        self.opsets = model.opset_import
        self.opset = next(one.version for one in self.opsets if one.domain in ("", "ai.onnx"))
        self.functions = {(one.domain, one.name): one for one in model.functions}

    def run(self, inputs):
        values = {"": None}
        for one in self.model.graph.initializer:
            array = numpy_helper.to_array(one)
            values[one.name] = tensor(array)
        values |= inputs
        self.nodes(sorted_nodes(self.model.graph.node, values), values)
        return values

    def nodes(self, nodes, values):
        for node in nodes:
            if any(name not in values for name in node.input):
                continue
            try:
                found = self.node(node, values)
            except NotDifferentiable:
                continue
            values |= {name: one for name, one in zip(node.output, found) if name}

    def node(self, node, values):
        inputs = [values[name] for name in node.input]
        attributes = {one.name: helper.get_attribute_value(one) for one in node.attribute}
        function = self.functions.get((node.domain, node.op_type))
        if function:
            return self.function(function, node, inputs, attributes)
        if node.op_type == "If":
            if inputs[0].requires_grad:
                raise NotDifferentiable
            branch = attributes["then_branch" if bool(inputs[0].reshape(-1)[0]) else "else_branch"]
            inner = dict(values)
            inner |= {one.name: tensor(numpy_helper.to_array(one)) for one in branch.initializer}
            self.nodes(branch.node, inner)
            return [inner[one.name] for one in branch.output]
        if node.op_type in ("Shape", "Size"):
            size = list(inputs[0].shape)
            if node.op_type == "Size":
                return [torch.tensor(math.prod(size))]
            return [torch.tensor(size[attributes.get("start", 0) : attributes.get("end", len(size))], dtype=torch.int64)]
        if not any(torch.is_tensor(one) and one.requires_grad for one in inputs):
            return self.reference(node, inputs)
        if node.op_type == "Cast" or node.op_type == "CastLike":
            to = attributes.get("to")
            floats = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.DOUBLE, onnx.TensorProto.BFLOAT16)
            return [inputs[0] if to is None or to in floats else inputs[0].detach()]
        if node.op_type in MOVING:
            return self.moved(node, inputs)
        formula = globals().get(f"op_{node.op_type}")
        if formula is None or node.domain not in ("", "ai.onnx"):
            raise NotDifferentiable(node.op_type)
        result = formula(inputs, attributes, self)
        return list(result) if isinstance(result, (list, tuple)) else [result]

    def function(self, function, node, inputs, attributes):
        inner = {"": None, **dict(zip(function.input, inputs))}
        nodes = []
        for one in function.node:
            copy = onnx.NodeProto.FromString(one.SerializeToString())
            for attribute in copy.attribute:
                if attribute.ref_attr_name:
                    given = next(a for a in node.attribute if a.name == attribute.ref_attr_name)
                    name = attribute.name
                    attribute.CopyFrom(given)
                    attribute.name = name
            nodes.append(copy)
        self.nodes(nodes, inner)
        return [inner[name] for name in function.output]

    def reference(self, node, inputs, double=False):
        """What onnxruntime gives, or ONNX's reference; of floating-point numbers in single precision, as in the file, or as they are."""
        arrays = [None if one is None else array(one, double) for one in inputs]
        names = [name if one is not None else "" for name, one in zip(node.input, arrays)]
        names = [f"i{k}" if name else "" for k, name in enumerate(names)]
        copy = onnx.NodeProto.FromString(node.SerializeToString())
        del copy.input[:]
        copy.input.extend(names)
        infos = [
            helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(one.dtype), one.shape)
            for name, one in zip(names, arrays)
            if name
        ]
        outputs = [onnx.ValueInfoProto(name=name) for name in copy.output if name]
        graph = helper.make_graph([copy], "one", infos, outputs)
        model = helper.make_model(graph, opset_imports=self.opsets, ir_version=10)
        feed = {name: one for name, one in zip(names, arrays) if name}
        try:
            found = iter(session_of(model).run(None, feed))
        except Exception:
            # Of versions of the operators, and types of numbers, that onnxruntime does not know.
            found = iter(ReferenceEvaluator(model).run(None, feed))
        return [tensor(next(found)) if name else None for name in copy.output]

    def moved(self, node, inputs):
        """Runs the operator on the indices of all numbers; a 0 stands for a number that is none of the inputs'."""
        indices, flat, plain, start = [], [], [], 1
        for k, one in enumerate(inputs):
            carries = one is not None and one.dtype == torch.float64 and (k == 0 or node.op_type in ("Concat", "ScatterND"))
            if node.op_type == "Dropout" and k > 0:
                carries = False
            if carries:
                count = one.numel()
                indices.append(torch.arange(start, start + count, dtype=torch.float64).reshape(one.shape))
                flat.append(one.reshape(-1))
                start += count
            elif node.op_type == "Pad" and k == 2 and one is not None:
                indices.append(torch.zeros_like(one))
            else:
                indices.append(one)
            plain.append(None if one is None else one.detach())
        copy = onnx.NodeProto.FromString(node.SerializeToString())
        for attribute in list(copy.attribute):
            if node.op_type == "Pad" and attribute.name == "value":
                copy.attribute.remove(attribute)
        if node.op_type == "Dropout":
            return [inputs[0]] + [None] * (len(node.output) - 1)
        where = self.reference(copy, indices, double=True)
        values = torch.cat([torch.zeros(1, dtype=torch.float64), *flat])
        results = []
        needed = any(bool((one == 0).any()) for one in where)
        constants = self.reference(node, plain, double=True) if needed else where
        for one, constant in zip(where, constants):
            taken = values[one.long().reshape(-1)].reshape(one.shape)
            results.append(torch.where(one == 0, constant, taken) if needed else taken)
        return results


def tensor(value):
    value = np.asarray(value)
    if value.dtype.kind == "f" or value.dtype.name == "bfloat16":
        return torch.from_numpy(value.astype(np.float64))
    if value.dtype.name in ("bool", "uint8", "int8", "int32", "int64"):
        return torch.from_numpy(value.copy())
    raise NotDifferentiable(str(value.dtype))


def array(value, double):
    found = value.detach().numpy()
    return found if double or found.dtype != np.float64 else found.astype(np.float32)


def sorted_nodes(nodes, known):
    """As they can be computed: some files have them in another order."""
    known, left, found = set(known) | {""}, list(nodes), []
    while left:
        ready = [node for node in left if all(name in known for name in node.input)]
        if not ready:
            break
        found += ready
        known |= {name for node in ready for name in node.output}
        left = [node for node in left if all(node is not one for one in ready)]
    # The image is given later.
    return found + left


# ── Numbers by themselves


def unary(formula):
    return lambda x, a, _: formula(x[0])


op_Abs = unary(torch.abs)
op_Neg = unary(torch.neg)
op_Sqrt = unary(torch.sqrt)
op_Exp = unary(torch.exp)
op_Log = unary(torch.log)
op_Erf = unary(torch.erf)
op_Sin = unary(torch.sin)
op_Cos = unary(torch.cos)
op_Reciprocal = unary(torch.reciprocal)
op_Floor = unary(torch.floor)
op_Ceil = unary(torch.ceil)
op_Round = unary(torch.round)
op_Sign = unary(torch.sign)
op_Relu = unary(torch.relu)
op_Sigmoid = unary(torch.sigmoid)
op_Tanh = unary(torch.tanh)
op_Softplus = unary(lambda x: torch.logaddexp(x, torch.zeros_like(x)))
op_Softsign = unary(F.softsign)
op_HardSwish = unary(F.hardswish)
op_Mish = unary(lambda x: x * torch.tanh(torch.logaddexp(x, torch.zeros_like(x))))


def op_Gelu(x, a, _):
    return F.gelu(x[0], approximate=a.get("approximate", b"none").decode())


def op_Swish(x, a, _):
    return x[0] * torch.sigmoid(a.get("alpha", 1.0) * x[0])


def op_SwiGLU(x, a, _):
    return x[0] * torch.sigmoid(a.get("alpha", 1.0) * x[0]) * x[1]


def op_Elu(x, a, _):
    return F.elu(x[0], a.get("alpha", 1.0))


def op_Celu(x, a, _):
    return F.celu(x[0], a.get("alpha", 1.0))


def op_Selu(x, a, _):
    alpha, gamma = a.get("alpha", 1.67326319217681884765625), a.get("gamma", 1.05070102214813232421875)
    return gamma * torch.where(x[0] > 0, x[0], alpha * torch.expm1(torch.clamp(x[0], max=0)))


def op_LeakyRelu(x, a, _):
    return F.leaky_relu(x[0], a.get("alpha", 0.01))


def op_ThresholdedRelu(x, a, _):
    return F.threshold(x[0], a.get("alpha", 1.0), 0.0)


def op_Shrink(x, a, _):
    limit, bias = a.get("lambd", 0.5), a.get("bias", 0.0)
    zero = torch.zeros_like(x[0])
    return torch.where(x[0] < -limit, x[0] + bias, torch.where(x[0] > limit, x[0] - bias, zero))


def op_HardSigmoid(x, a, _):
    return torch.clamp(a.get("alpha", 0.2) * x[0] + a.get("beta", 0.5), 0, 1)


def op_Clip(x, a, _):
    low = x[1] if len(x) > 1 else a.get("min")
    high = x[2] if len(x) > 2 else a.get("max")
    number = lambda one: None if one is None else float(one)
    return torch.clamp(x[0], number(low), number(high))


def op_PRelu(x, a, _):
    return torch.where(x[0] > 0, x[0], x[1] * x[0])


def op_Add(x, a, _):
    return x[0] + x[1]


def op_Sub(x, a, _):
    return x[0] - x[1]


def op_Mul(x, a, _):
    return x[0] * x[1]


def op_Div(x, a, _):
    return x[0] / x[1]


def op_Pow(x, a, _):
    return torch.pow(x[0], x[1])


def reduced(combine):
    def all_of(x, a, _):
        result = x[0]
        for one in x[1:]:
            result = combine(result, one)
        return result

    return all_of


op_Sum = reduced(torch.add)
op_Max = reduced(torch.maximum)
op_Min = reduced(torch.minimum)


def op_Mean(x, a, _):
    return op_Sum(x, a, _) / len(x)


def compared(compare):
    return lambda x, a, _: compare(x[0].detach(), x[1].detach() if len(x) > 1 else None)


op_Greater = compared(torch.gt)
op_GreaterOrEqual = compared(torch.ge)
op_Less = compared(torch.lt)
op_LessOrEqual = compared(torch.le)
op_Equal = compared(torch.eq)
op_IsNaN = compared(lambda x, _: torch.isnan(x))


def op_Where(x, a, _):
    return torch.where(x[0], x[1], x[2])


class StraightThrough(torch.autograd.Function):
    """Rounds to steps; on the way back as PyTorch's fake quantization."""

    @staticmethod
    def forward(context, x, scale, zero, low, high):
        steps = torch.round(x / scale) + zero
        context.save_for_backward(scale, (steps >= low) & (steps <= high))
        return torch.clamp(steps, low, high)

    @staticmethod
    def backward(context, gradient):
        scale, within = context.saved_tensors
        return gradient * within / scale, None, None, None, None


def steps_of(x, a):
    axis = a.get("axis", 1) % x[0].ndim
    shape = [-1 if i == axis else 1 for i in range(x[0].ndim)]
    spread = lambda one: one.reshape(shape) if one.numel() > 1 else one.reshape(-1)
    zero = spread(x[2]).double() if len(x) > 2 and x[2] is not None else torch.zeros(1, dtype=torch.float64)
    return spread(x[1]), zero


def op_QuantizeLinear(x, a, _):
    scale, zero = steps_of(x, a)
    limits = torch.iinfo(x[2].dtype if len(x) > 2 and x[2] is not None else torch.uint8)
    return StraightThrough.apply(x[0], scale, zero, limits.min, limits.max)


def op_DequantizeLinear(x, a, _):
    scale, zero = steps_of(x, a)
    return (x[0] - zero) * scale


# ── Windows


def sides(padding, count):
    return list(padding[:count]), list(padding[count:])


def margins_of(x, a, kernel, dilations, strides):
    count = len(kernel)
    auto = a.get("auto_pad", b"NOTSET").decode()
    if auto in ("NOTSET", "VALID"):
        return sides(a.get("pads", [0] * 2 * count) if auto == "NOTSET" else [0] * 2 * count, count)
    before, after = [], []
    for size, k, d, s in zip(x.shape[2:], kernel, dilations, strides):
        total = max(0, (math.ceil(size / s) - 1) * s + (k - 1) * d + 1 - size)
        small, large = total // 2, total - total // 2
        before.append(small if auto == "SAME_UPPER" else large)
        after.append(large if auto == "SAME_UPPER" else small)
    return before, after


def padded(x, before, after, value=0.0):
    margins = [side for pair in reversed(list(zip(before, after))) for side in pair]
    return F.pad(x, margins, value=value)


def op_Conv(x, a, _):
    kernel = x[1].shape[2:]
    strides, dilations = a.get("strides", [1] * len(kernel)), a.get("dilations", [1] * len(kernel))
    before, after = margins_of(x[0], a, kernel, dilations, strides)
    convolve = [None, F.conv1d, F.conv2d, F.conv3d][len(kernel)]
    return convolve(padded(x[0], before, after), x[1], x[2] if len(x) > 2 else None, strides, 0, dilations, a.get("group", 1))


def op_ConvTranspose(x, a, _):
    kernel = x[1].shape[2:]
    count = len(kernel)
    strides, dilations = a.get("strides", [1] * count), a.get("dilations", [1] * count)
    extra = a.get("output_padding", [0] * count)
    full = F.conv_transpose2d(x[0], x[1], x[2] if len(x) > 2 else None, strides, 0, 0, a.get("group", 1), dilations)
    full = padded(full, [0] * count, extra)
    if len(x) > 2 and any(extra):
        # What is padded gets the bias too.
        plain = F.conv_transpose2d(x[0], x[1], None, strides, 0, 0, a.get("group", 1), dilations)
        full = padded(plain, [0] * count, extra) + x[2].reshape(1, -1, *[1] * count)
    auto = a.get("auto_pad", b"NOTSET").decode()
    if "output_shape" in a or auto.startswith("SAME"):
        wanted = a.get("output_shape", [size * s for size, s in zip(x[0].shape[2:], strides)])[-count:]
        total = [size - want for size, want in zip(full.shape[2:], wanted)]
        before = [t // 2 if auto != "SAME_LOWER" else t - t // 2 for t in total]
        if auto == "NOTSET":
            before = [t - t // 2 for t in total]
        after = [t - b for t, b in zip(total, before)]
    else:
        before, after = sides(a.get("pads", [0] * 2 * count), count)
    return padded(full, [-b for b in before], [-b for b in after])


def windows(x, a, kernel, value):
    """The windows, as a last axis, and how many places of each lie in the map, or in its margins too."""
    count = len(kernel)
    strides, dilations = a.get("strides", [1] * count), a.get("dilations", [1] * count)
    before, after = margins_of(x, a, kernel, dilations, strides)
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
    lengths, more = [], []
    for size, b, e, span, stride in zip(x.shape[2:], before, after, spans, strides):
        inside = size + b + e - span
        length = (math.ceil(inside / stride) if a.get("ceil_mode", 0) else inside // stride) + 1
        # A window that begins in the margin behind is none.
        if a.get("ceil_mode", 0) and (length - 1) * stride >= size + b:
            length -= 1
        lengths.append(length)
        more.append(max(0, (length - 1) * stride + span - size - b - e))
    ones = torch.ones_like(x[:1, :1]).detach()
    include = a.get("count_include_pad", 0)
    ones = padded(padded(ones, before, after, 1.0 if include else 0.0), [0] * count, more)
    full = padded(x, before, [e + m for e, m in zip(after, more)], value)

    def cut(one):
        for axis, (length, stride, k, d) in enumerate(zip(lengths, strides, kernel, dilations)):
            places = torch.arange(length)[:, None] * stride + torch.arange(k)[None] * d
            one = one.index_select(2 + axis, places.reshape(-1))
            one = one.reshape(*one.shape[: 2 + axis], length * k, *one.shape[3 + axis :])
        shape = list(one.shape[:2]) + [part for length, k in zip(lengths, kernel) for part in (length, k)]
        one = one.reshape(shape)
        order = [0, 1, *[2 + 2 * i for i in range(count)], *[3 + 2 * i for i in range(count)]]
        return one.permute(order).reshape(*shape[:2], *lengths, -1)

    return cut(full), cut(ones).sum(-1)


def op_MaxPool(x, a, _):
    return windows(x[0], a, a["kernel_shape"], -math.inf)[0].max(-1).values


def op_AveragePool(x, a, _):
    found, counts = windows(x[0], a, a["kernel_shape"], 0.0)
    return found.sum(-1) / counts


def op_LpPool(x, a, _):
    p = a.get("p", 2)
    return windows(x[0], a, a["kernel_shape"], 0.0)[0].abs().pow(p).sum(-1).pow(1 / p)


def places_of(x):
    return tuple(range(2, x.ndim))


def op_GlobalAveragePool(x, a, _):
    return x[0].mean(places_of(x[0]), keepdim=True)


def op_GlobalMaxPool(x, a, _):
    return x[0].amax(places_of(x[0]), keepdim=True)


def op_GlobalLpPool(x, a, _):
    p = a.get("p", 2)
    return x[0].abs().pow(p).sum(places_of(x[0]), keepdim=True).pow(1 / p)


# ── Statistics


def along_channels(values, x):
    return values.reshape(1, -1, *[1] * (x.ndim - 2))


def op_BatchNormalization(x, a, _):
    if a.get("training_mode", 0):
        raise NotDifferentiable("training")
    scale, bias, mean, variance = (along_channels(one, x[0]) for one in x[1:5])
    return (x[0] - mean) / torch.sqrt(variance + a.get("epsilon", 1e-5)) * scale + bias


def normalized(x, axes, epsilon):
    centered = x - x.mean(axes, keepdim=True)
    return centered / torch.sqrt(centered.square().mean(axes, keepdim=True) + epsilon)


def op_InstanceNormalization(x, a, _):
    unit = normalized(x[0], places_of(x[0]), a.get("epsilon", 1e-5))
    return unit * along_channels(x[1], x[0]) + along_channels(x[2], x[0])


def op_GroupNormalization(x, a, evaluator):
    groups = a["num_groups"]
    shape = x[0].shape
    unit = normalized(x[0].reshape(shape[0], groups, -1), (2,), a.get("epsilon", 1e-5)).reshape(shape)
    spread = lambda one: along_channels(one if one.numel() == shape[1] else one.repeat_interleave(shape[1] // groups), x[0])
    return unit * spread(x[1]) + spread(x[2])


def op_LayerNormalization(x, a, _):
    axes = tuple(range(a.get("axis", -1) % x[0].ndim, x[0].ndim))
    unit = normalized(x[0], axes, a.get("epsilon", 1e-5)) * x[1]
    return unit + x[2] if len(x) > 2 and x[2] is not None else unit


def op_RMSNormalization(x, a, _):
    axes = tuple(range(a.get("axis", -1) % x[0].ndim, x[0].ndim))
    return x[0] / torch.sqrt(x[0].square().mean(axes, keepdim=True) + a.get("epsilon", 1e-5)) * x[1]


def op_MeanVarianceNormalization(x, a, _):
    axes = tuple(a.get("axes", [0, 2, 3]))
    centered = x[0] - x[0].mean(axes, keepdim=True)
    return centered / (torch.sqrt(centered.square().mean(axes, keepdim=True)) + 1e-9)


def op_LRN(x, a, _):
    size = a["size"]
    before, after = (size - 1) // 2, size - 1 - (size - 1) // 2
    square = F.pad(x[0].square(), [0, 0] * (x[0].ndim - 2) + [before, after])
    sums = sum(square.narrow(1, i, x[0].shape[1]) for i in range(size))
    return x[0] / torch.pow(a.get("bias", 1.0) + a.get("alpha", 1e-4) / size * sums, a.get("beta", 0.75))


def op_LpNormalization(x, a, _):
    p, axis = a.get("p", 2), a.get("axis", -1)
    length = x[0].abs().sum(axis, keepdim=True) if p == 1 else torch.linalg.vector_norm(x[0], 2, axis, keepdim=True)
    return x[0] / torch.clamp(length, min=1e-12)


def flattened_from(x, a, evaluator, compute):
    """Before version 13 of the operators all axes from one on were one."""
    if evaluator.opset >= 13:
        return compute(x[0], a.get("axis", -1))
    axis = a.get("axis", 1) % x[0].ndim
    return compute(x[0].flatten(axis), axis).reshape(x[0].shape)


def op_Softmax(x, a, evaluator):
    return flattened_from(x, a, evaluator, torch.softmax)


def op_LogSoftmax(x, a, evaluator):
    return flattened_from(x, a, evaluator, torch.log_softmax)


def reduction(reduce):
    def compute(x, a, _):
        axes = x[1].tolist() if len(x) > 1 and x[1] is not None else a.get("axes")
        axes = tuple(range(x[0].ndim)) if not axes else tuple(int(one) for one in axes)
        return reduce(x[0], axes, bool(a.get("keepdims", 1)))

    return compute


op_ReduceMean = reduction(lambda x, axes, keep: x.mean(axes, keep))
op_ReduceSum = reduction(lambda x, axes, keep: x.sum(axes, keep))
op_ReduceMax = reduction(lambda x, axes, keep: x.amax(axes, keep))
op_ReduceMin = reduction(lambda x, axes, keep: x.amin(axes, keep))
op_ReduceL1 = reduction(lambda x, axes, keep: x.abs().sum(axes, keep))
op_ReduceL2 = reduction(lambda x, axes, keep: torch.linalg.vector_norm(x, 2, axes, keep))
op_ReduceSumSquare = reduction(lambda x, axes, keep: x.square().sum(axes, keep))


# ── Products and sizes


def op_MatMul(x, a, _):
    return torch.matmul(x[0], x[1])


def op_Gemm(x, a, _):
    first = x[0].T if a.get("transA", 0) else x[0]
    second = x[1].T if a.get("transB", 0) else x[1]
    product = a.get("alpha", 1.0) * (first @ second)
    return product + a.get("beta", 1.0) * x[2] if len(x) > 2 and x[2] is not None else product


def op_Einsum(x, a, _):
    return torch.einsum(a["equation"].decode(), *x)


def op_Attention(x, a, _):
    """https://onnx.ai/onnx/operators/onnx__Attention.html, without caches."""
    q, k, v = x[:3]
    three = q.ndim == 3
    if three:
        heads = lambda one, count: one.reshape(*one.shape[:2], count, -1).transpose(1, 2)
        q, k, v = heads(q, a["q_num_heads"]), heads(k, a["kv_num_heads"]), heads(v, a["kv_num_heads"])
    scores = q @ k.transpose(-1, -2) * a.get("scale", 1 / math.sqrt(q.shape[-1]))
    if len(x) > 3 and x[3] is not None:
        scores = scores.masked_fill(~x[3], -math.inf) if x[3].dtype == torch.bool else scores + x[3]
    if a.get("is_causal", 0):
        scores = scores.masked_fill(torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1), -math.inf)
    if a.get("softcap", 0.0):
        scores = a["softcap"] * torch.tanh(scores / a["softcap"])
    empty = torch.isneginf(scores).all(-1, keepdim=True)
    weights = torch.softmax(torch.where(empty, torch.zeros_like(scores), scores), -1)
    result = torch.where(empty, torch.zeros_like(weights), weights) @ v
    return result.transpose(1, 2).flatten(2) if three else result


def op_RotaryEmbedding(x, a, _):
    value, cos, sin = x[:3]
    three = value.ndim == 3
    if three:
        value = value.reshape(*value.shape[:2], a["num_heads"], -1)
    else:
        value = value.transpose(1, 2)
    if len(x) > 3 and x[3] is not None:
        cos, sin = cos[x[3]], sin[x[3]]
    size = a.get("rotary_embedding_dim", 0) or value.shape[-1]
    turned, rest = value[..., :size], value[..., size:]
    cos, sin = cos[:, :, None], sin[:, :, None]
    if a.get("interleaved", 0):
        one, two = turned[..., 0::2], turned[..., 1::2]
        turned = torch.stack([cos * one - sin * two, sin * one + cos * two], -1).flatten(-2)
    else:
        one, two = turned.chunk(2, -1)
        turned = torch.cat([cos * one - sin * two, sin * one + cos * two], -1)
    value = torch.cat([turned, rest], -1)
    return value.flatten(2) if three else value.transpose(1, 2)


def op_Resize(x, a, evaluator):
    return resized(x, a, evaluator)


op_Upsample = op_Resize


def resized(x, a, evaluator):
    value = x[0]
    axes = a.get("axes", list(range(value.ndim)))
    upsample = evaluator.opset < 10
    scales, sizes = (x[1] if len(x) > 1 else None), None
    if upsample and scales is None:
        scales = torch.tensor(a["scales"], dtype=torch.float64)
    if evaluator.opset >= 11:
        scales = x[2] if len(x) > 2 and x[2] is not None and x[2].numel() else None
        sizes = x[3] if len(x) > 3 else None
    policy = a.get("keep_aspect_ratio_policy", b"stretch").decode()
    if policy != "stretch":
        ratios = [int(size) / value.shape[axis] for size, axis in zip(sizes, axes)]
        ratio = min(ratios) if policy == "not_larger" else max(ratios)
        scales, sizes = torch.full((len(axes),), ratio, dtype=torch.float64), None
        rounded = {axis: int(math.floor(ratio * value.shape[axis] + 0.5)) for axis in axes}
    for i, axis in enumerate(axes):
        length = value.shape[axis]
        scale = float(scales[i]) if scales is not None else None
        target = int(sizes[i]) if sizes is not None else math.floor(length * scale)
        if policy != "stretch":
            target = rounded[axis]
        if (scale is None or scale == 1) and target == length:
            continue
        matrix = axis_matrix(length, target, scale, a, evaluator, policy != "stretch")
        value = torch.movedim(torch.movedim(value, axis, -1) @ matrix, -1, axis)
    return value


def axis_matrix(length, target, scale, a, evaluator, by_size):
    """`[length, target]`, from onnxruntime: each pixel alone, in the place of a channel."""
    kept = {k: v for k, v in a.items() if k not in ("axes", "keep_aspect_ratio_policy", "scales")}
    eye = np.eye(length, dtype=np.float32)[None, :, :, None]
    arrays = {}
    if evaluator.opset < 10:
        node = helper.make_node("Upsample", ["x"] + (["s"] if evaluator.opset == 9 else []), ["y"], **kept)
        if evaluator.opset == 9:
            arrays["s"] = np.array([1, 1, scale, 1], np.float32)
        else:
            node.attribute.append(helper.make_attribute("scales", [1.0, 1.0, scale, 1.0]))
    elif evaluator.opset == 10:
        node = helper.make_node("Resize", ["x", "s"], ["y"], **kept)
        arrays["s"] = np.array([1, 1, scale, 1], np.float32)
    elif scale is not None and not by_size:
        node = helper.make_node("Resize", ["x", "", "s"], ["y"], **kept)
        arrays["s"] = np.array([1, 1, scale, 1], np.float32)
    else:
        node = helper.make_node("Resize", ["x", "", "", "s"], ["y"], **kept)
        arrays["s"] = np.array([1, length, target, 1], np.int64)
    graph = helper.make_graph(
        [node],
        "axis",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, eye.shape)],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value, name) for name, value in arrays.items()],
    )
    model = helper.make_model(graph, opset_imports=evaluator.opsets, ir_version=8 if evaluator.opset < 21 else 10)
    (found,) = session_of(model).run(None, {"x": eye})
    assert found.shape == (1, length, target, 1), (found.shape, target)
    return torch.from_numpy(found[0, :, :, 0].astype(np.float64))


def outputs_of(model, feed):
    """What onnxruntime gives for all tensors that are floating-point numbers."""
    tapped = onnx.ModelProto.FromString(model.SerializeToString())
    names = [name for node in tapped.graph.node for name in node.output if name]
    del tapped.graph.output[:]
    tapped.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    return dict(zip(names, session_of(tapped).run(names, feed)))


def session_of(model):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
