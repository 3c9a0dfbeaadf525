"""Layers of torch.nn, read from the lines that make them: the size that comes out, weights and biases."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

Size = tuple[int, ...]
Products = tuple[tuple[int, ...], ...]
"""A count as a sum of products, which a worked solution shows."""

WINDOW = "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False"
AVERAGE = "kernel_size, stride=None, padding=0, ceil_mode=False"
CONVOLUTION = "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True"
TRANSPOSED = (
    "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, "
    "dilation=1"
)
BATCH_NORM = "num_features, eps=1e-05, momentum=0.1, affine=True"
RECURRENT = (
    "input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False"
)
ACTIVATIONS = (
    *("ReLU", "ReLU6", "LeakyReLU", "ELU", "SELU", "CELU", "GELU", "SiLU", "Mish", "Sigmoid", "LogSigmoid"),
    *("Tanh", "Softplus", "Softsign", "Hardtanh", "Hardswish", "Hardsigmoid", "Softmax", "LogSoftmax"),
)
KEEPING = (*ACTIVATIONS, "Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout")
PARAMETERS: Mapping[str, str] = {
    "Linear": "in_features, out_features, bias=True",
    "Embedding": "num_embeddings, embedding_dim",
    "LayerNorm": "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True",
    "GroupNorm": "num_groups, num_channels, eps=1e-05, affine=True",
    "Flatten": "start_dim=1, end_dim=-1",
    "MultiheadAttention": "embed_dim, num_heads, dropout=0.0, bias=True, batch_first=False",
    "RNN": "input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True, batch_first=False, "
    "dropout=0.0, bidirectional=False",
    "LSTM": RECURRENT,
    "GRU": RECURRENT,
    "PReLU": "num_parameters=1",
    **dict.fromkeys(KEEPING, ""),
    **{f"Conv{axes}d": CONVOLUTION for axes in (1, 2, 3)},
    **{f"ConvTranspose{axes}d": TRANSPOSED for axes in (1, 2, 3)},
    **{f"MaxPool{axes}d": WINDOW for axes in (1, 2, 3)},
    **{f"AvgPool{axes}d": AVERAGE for axes in (1, 2, 3)},
    **{f"Adaptive{kind}Pool{axes}d": "output_size" for kind in ("Avg", "Max") for axes in (1, 2, 3)},
    **{f"BatchNorm{axes}d": BATCH_NORM for axes in (1, 2, 3)},
    **{f"InstanceNorm{axes}d": BATCH_NORM.replace("affine=True", "affine=False") for axes in (1, 2, 3)},
}
"""The parameters of each layer that is known here, in PyTorch's order, with its defaults."""
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


EXTRAS = {"dim", "negative_slope", "approximate", "inplace", "p", "alpha", "beta", "min_val", "max_val"}
"""Settings that change neither a size nor a count."""


@dataclass(frozen=True)
class TorchLayer:
    """A layer as its line makes it.

    Attributes:
        kind: its class in torch.nn.
        settings: a value for each of its parameters.
    """

    kind: str
    settings: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        """A setting."""
        return self.settings[name]

    def changed(self, **settings: Any) -> TorchLayer:
        """The same layer with other settings."""
        return replace(self, settings={**self.settings, **settings})

    @property
    def axes(self) -> int:
        """Of images two; of layers without a number in their name, none."""
        return int(self.kind[-2]) if self.kind[-2:-1].isdigit() and self.kind.endswith("d") else 0

    @property
    def is_convolution(self) -> bool:
        """Whether it has a kernel of weights that moves."""
        return self.kind.startswith("Conv")

    @property
    def is_transposed(self) -> bool:
        """Whether its kernel is stamped onto a larger output."""
        return self.kind.startswith("ConvTranspose")

    @property
    def is_pooling(self) -> bool:
        """Whether it has a window without weights."""
        return self.kind.startswith(("MaxPool", "AvgPool"))

    @property
    def is_normalization(self) -> bool:
        """Whether its parameters are a scale and a shift."""
        return self.kind.startswith(("BatchNorm", "InstanceNorm", "LayerNorm", "GroupNorm"))

    def sides(self, name: str) -> tuple[int, ...]:
        """A setting for each axis; one number stands for all."""
        value = self[name] if self.settings.get(name) is not None else self["kernel_size"]
        return value if isinstance(value, tuple) else (value,) * self.axes

    def output(self, size: Size) -> Size:
        """The size that comes out, without the batch.

        Source: the section Shape of the layer's page in PyTorch's documentation.

        Raises:
            ValueError: the layer cannot take this size.
        """
        return _outputs()[self.kind](self, size)

    @property
    def weights(self) -> Products:
        """The number of weights."""
        return _counts(self)[0]

    @property
    def biases(self) -> Products:
        """The number of biases, shifts of normalization among them."""
        return _counts(self)[1]


def layer_of(line: str) -> TorchLayer:
    """The layer that a line such as `nn.Conv2d(3, 8, 5, padding=2)` makes.

    Raises:
        ValueError: it is no line of a layer that is known here.
    """
    try:
        call = ast.parse(line, mode="eval").body
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            raise ValueError("no call")
        kind = call.func.attr
        names = defaults_of(kind)
        if kind not in KEEPING and len(call.args) > len(names):
            raise ValueError("too many settings")
        given = dict(zip(names, map(ast.literal_eval, call.args), strict=False))
        given |= {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}
    except (KeyError, SyntaxError, ValueError) as reason:
        raise ValueError(f"{line} is no line of a layer that is known here") from reason
    settings = {**names, **given}
    if ... in settings.values() or not set(given) <= {*names, *EXTRAS}:
        raise ValueError(f"{line} lacks a setting, or has one that is unknown here")
    return TorchLayer(kind, settings)


@cache
def defaults_of(kind: str) -> Mapping[str, Any]:
    """The parameters of a layer with their defaults; an ellipsis for those that must be given."""
    signature = ast.parse(f"def layer({PARAMETERS[kind]}): ...").body[0]
    assert isinstance(signature, ast.FunctionDef)
    names = [argument.arg for argument in signature.args.args]
    defaults = [ast.literal_eval(value) for value in signature.args.defaults]
    return dict(zip(names, [...] * (len(names) - len(defaults)) + defaults, strict=True))


@cache
def _outputs() -> Mapping[str, Callable[[TorchLayer, Size], Size]]:
    last = {"Linear": "out_features", "MultiheadAttention": "embed_dim"}
    return {
        **dict.fromkeys(PARAMETERS, _kept),
        **{kind: _replaced(setting) for kind, setting in last.items()},
        **dict.fromkeys(GATES, _recurrent),
        **{kind: _windows for kind in PARAMETERS if kind.startswith(("Conv", "MaxPool", "AvgPool"))},
        **{kind: _stamped for kind in PARAMETERS if kind.startswith("ConvTranspose")},
        **{kind: _adapted for kind in PARAMETERS if kind.startswith("Adaptive")},
        "Embedding": lambda layer, size: (*size, layer["embedding_dim"]),
        "Flatten": _flattened,
    }


def _kept(layer: TorchLayer, size: Size) -> Size:
    return size


def _replaced(setting: str) -> Callable[[TorchLayer, Size], Size]:
    return lambda layer, size: (*size[:-1], layer[setting])


def _recurrent(layer: TorchLayer, size: Size) -> Size:
    return *size[:-1], layer["hidden_size"] * (1 + layer["bidirectional"])


def _windows(layer: TorchLayer, size: Size) -> Size:
    channels = layer["out_channels"] if layer.is_convolution else size[0]
    if layer["padding"] == "same":
        return channels, *size[1:]
    settings = (layer.sides(name) for name in ("kernel_size", "stride", "padding"))
    dilation = layer.sides("dilation") if "dilation" in layer.settings else (1,) * layer.axes
    up = bool(layer.settings.get("ceil_mode"))
    axes = zip(size[1:], *settings, dilation, strict=True)
    return channels, *(_positions(*axis, up=up) for axis in axes)


def _positions(size: int, kernel: int, stride: int, padding: int, dilation: int, *, up: bool) -> int:
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("a window is larger than its input")
    if not up:
        return room // stride + 1
    steps = -(-room // stride)
    return steps + (steps * stride < size + padding)


def _stamped(layer: TorchLayer, size: Size) -> Size:
    names = ("kernel_size", "stride", "padding", "output_padding", "dilation")
    axes = zip(size[1:], *(layer.sides(name) for name in names), strict=True)
    return layer["out_channels"], *((i - 1) * s - 2 * p + d * (k - 1) + o + 1 for i, k, s, p, o, d in axes)


def _adapted(layer: TorchLayer, size: Size) -> Size:
    wanted = layer["output_size"]
    sides = wanted if isinstance(wanted, tuple) else (wanted,) * layer.axes
    return size[0], *(own if side is None else side for own, side in zip(size[1:], sides, strict=True))


def _flattened(layer: TorchLayer, size: Size) -> Size:
    whole = (0, *size)
    first, last = (range(len(whole))[layer[name]] for name in ("start_dim", "end_dim"))
    return (*whole[:first], math.prod(whole[first : last + 1]), *whole[last + 1 :])[1:]


def _counts(layer: TorchLayer) -> tuple[Products, Products]:
    """Weights and biases.

    Source: the section Variables of the layer's page in PyTorch's documentation.
    """
    if layer.is_convolution:
        filters, channels = layer["out_channels"], layer["in_channels"] // layer["groups"]
        kernel = layer.sides("kernel_size")
        return ((filters, channels, *kernel),), ((filters,),) * layer["bias"]
    if layer.kind == "Linear":
        outputs = layer["out_features"]
        return ((outputs, layer["in_features"]),), ((outputs,),) * layer["bias"]
    if layer.kind == "Embedding":
        return ((layer["num_embeddings"], layer["embedding_dim"]),), ()
    if layer.kind == "PReLU":
        return ((layer["num_parameters"],),), ()
    if layer.kind == "MultiheadAttention":
        width = layer["embed_dim"]
        return ((3, width, width), (width, width)), ((3, width), (width,)) * layer["bias"]
    if layer.kind in GATES:
        return _recurrent_counts(layer)
    if layer.is_normalization:
        return _scale_and_shift(layer)
    return (), ()


def _scale_and_shift(layer: TorchLayer) -> tuple[Products, Products]:
    if layer.kind == "LayerNorm":
        shape = layer["normalized_shape"]
        sides = shape if isinstance(shape, tuple) else (shape,)
        scaled = layer["elementwise_affine"]
        return (sides,) * scaled, (sides,) * (scaled and layer["bias"])
    channels = layer["num_channels" if layer.kind == "GroupNorm" else "num_features"]
    return ((channels,),) * layer["affine"], ((channels,),) * layer["affine"]


def _recurrent_counts(layer: TorchLayer) -> tuple[Products, Products]:
    gates, hidden, directions = GATES[layer.kind], layer["hidden_size"], 1 + layer["bidirectional"]
    inputs = [layer["input_size"], *(hidden * directions for _ in range(1, layer["num_layers"]))]
    pairs = [((gates, hidden, width), (gates, hidden, hidden)) for width in inputs for _ in range(directions)]
    weights = tuple(product for pair in pairs for product in pair)
    return weights, tuple((2, gates, hidden) for _ in pairs) * layer["bias"]


def size_working(layer: TorchLayer, size: Size) -> str:
    """How the size that comes out follows, as Markdown with this layer's numbers."""
    output = layer.output(size)
    if layer.is_transposed:
        names = ("kernel_size", "stride", "padding", "output_padding", "dilation")
        return _each_axis(_stamped_working, size, output, [layer.sides(name) for name in names])
    if (layer.is_convolution or layer.is_pooling) and layer["padding"] != "same":
        working = partial(_window_working, rounding="ceil" if layer.settings.get("ceil_mode") else "floor")
        settings = [layer.sides(name) for name in ("kernel_size", "stride", "padding")]
        settings.append(layer.sides("dilation") if "dilation" in layer.settings else (1,) * layer.axes)
        return _each_axis(working, size, output, settings)
    if layer.kind == "Flatten" and len(size) > 1:
        product = r" \cdot ".join(map(str, size))
        return f"${product} = {output[-1]}$"
    return "the size stays" if output == size else ""


def _each_axis(working: Callable[..., str], size: Size, output: Size, settings: list[tuple[int, ...]]) -> str:
    axes = zip(size[1:], *settings, output[1:], strict=True)
    return ", ".join(dict.fromkeys(working(*axis) for axis in axes))


def _window_working(i: int, k: int, s: int, p: int, d: int, o: int, *, rounding: str) -> str:
    padding = f" + {2 * p}" if p else ""
    steps = rf"\frac{{{i}{padding} - {d * (k - 1) + 1}}}{{{s}}}"
    return rf"$\left\l{rounding} {steps} \right\r{rounding} + 1 = {o}$"


def _stamped_working(i: int, k: int, s: int, p: int, extra: int, d: int, o: int) -> str:
    padding = f" - {2 * p}" if p else ""
    return rf"$({i} - 1) \cdot {s}{padding} + {d * (k - 1) + extra} + 1 = {o}$"


def count_working(products: Products) -> str:
    """A count as a sum of products and its value, as Markdown."""
    if not products:
        return "$0$"
    value = sum(map(math.prod, products))
    terms = [r" \cdot ".join(map(str, product)) for product in products]
    return f"${value}$" if terms == [str(value)] else f"${' + '.join(terms)} = {value}$"
