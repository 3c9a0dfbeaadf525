"""What a network does to an input: it is run once, and every layer that runs becomes a row."""

from __future__ import annotations

import math
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..errors import UserError
from ..generators.networks import ELSEWHERE, NETWORK_INPUT, Row
from ..generators.torch_layers import PARAMETERS, Size, defaults_of, layer_of
from .networks import Network, in_one_line

MEMORY = 2 * 2**30
"""Bytes that a network may take which does not run without data."""
ADDRESSES = Path("/proc/self/statm")
COMPOSITE = (nn.MultiheadAttention,)
"""Layers that are one row although they have layers inside."""
NO_LAYERS = (nn.Sequential, nn.modules.linear.NonDynamicallyQuantizableLinear)
"""An empty sequence, and what only occurs inside such a layer."""
POSITIONAL = {
    "Conv": 3,
    "Adaptive": 1,
    "MaxPool": 1,
    "AvgPool": 1,
    "BatchNorm": 1,
    "InstanceNorm": 1,
    "LayerNorm": 1,
}
"""How many settings are written without their names; those of other layers that have any: two."""


def trace(network: Network, size: Size, *, words: bool = False) -> tuple[Row, ...]:
    """The layers of a network in the order in which they run.

    It is run once in evaluation mode, on tensors that have sizes but no data; if that fails, on real ones
    within a limit of memory.

    Args:
        network: what makes the module.
        size: of one input, without the batch.
        words: whether the input consists of whole numbers.

    Raises:
        UserError: the network fails, in its own words, or no layer runs.
    """
    try:
        rows = _Run(network.make("meta"), size, "meta", words=words).rows
    except Exception:  # the network is the user's: it may raise anything
        rows = _on_real_tensors(network, size, words=words)
    if not rows:
        raise UserError(f"{network.name} has no layers that run")
    return rows


def _on_real_tensors(network: Network, size: Size, *, words: bool) -> tuple[Row, ...]:
    try:
        with _limited_memory():
            return _Run(network.make("cpu"), size, "cpu", words=words).rows
    except UserError:
        raise
    except Exception as fault:  # the network is the user's: it may raise anything
        shown = " × ".join(map(str, size))
        raise UserError(f"{network.name} fails on an input of {shown}: {in_one_line(fault)}") from fault


@contextmanager
def _limited_memory() -> Iterator[None]:
    """On Linux, a bound on the address space."""
    if not ADDRESSES.exists():
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(ADDRESSES.read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


class _Run:
    """One run, watched."""

    def __init__(self, module: nn.Module, size: Size, device: str, *, words: bool) -> None:
        self.rows: tuple[Row, ...] = ()
        self._first_rows: dict[int, int] = {}
        kind = torch.long if words else torch.get_default_dtype()
        one = torch.zeros(1, *size, dtype=kind, device=device)
        # Tensors are kept beside their rows, so that no later one can take over an identity.
        self._sources: dict[int, tuple[Tensor, int]] = {id(one): (one, NETWORK_INPUT)}
        for name, layer in module.named_modules():
            if _is_layer(layer):
                layer.register_forward_hook(self._watcher(name), with_kwargs=True)
        with torch.no_grad():
            module.eval()(one)
        self._add_loose_parameters(module)

    def _watcher(self, name: str) -> Any:
        def watch(layer: nn.Module, arguments: Sequence[Any], named: dict[str, Any], output: Any) -> None:
            inputs = [value for value in (*arguments, *named.values()) if isinstance(value, Tensor)]
            first = output[0] if isinstance(output, tuple) else output
            if inputs and isinstance(first, Tensor):
                self._add(name, layer, inputs, first)

        return watch

    def _add(self, name: str, layer: nn.Module, inputs: list[Tensor], output: Tensor) -> None:
        number = len(self.rows) + 1
        sizes = [tuple(tensor.shape[1:]) for tensor in inputs]
        out = tuple(output.shape[1:])
        source = self._sources[id(inputs[0])][1] if id(inputs[0]) in self._sources else ELSEWHERE
        line, shared, new = line_of(layer), self._shared_with(layer), self._new_counts(layer, number)
        again = bool(shared) and new == (0, 0)
        asked = line and len(set(sizes)) == 1 and _agrees(line, sizes[0], out, _counts(layer))
        if shared and not again:
            asked = False
        known = None if asked else (out, *new)
        first, shares = (shared, 0) if again else (0, shared)
        self.rows += (Row(name, line or type(layer).__name__, sizes[0], source, first, known, shares),)
        self._sources[id(output)] = output, number

    def _shared_with(self, layer: nn.Module) -> int:
        """The row where parameters of a layer came before, or 0."""
        rows = (self._first_rows.get(id(parameter), 0) for parameter in layer.parameters())
        return next(filter(None, rows), 0)

    def _new_counts(self, layer: nn.Module, number: int) -> tuple[int, int]:
        """Weights and biases that did not come before."""
        new = {n: p for n, p in layer.named_parameters() if id(p) not in self._first_rows}
        self._first_rows |= {id(parameter): number for parameter in new.values()}
        return _weights_and_biases(new)

    def _add_loose_parameters(self, module: nn.Module) -> None:
        """A row for each parameter that is in no layer that ran, such as a class token."""
        for name, parameter in module.named_parameters():
            if id(parameter) not in self._first_rows:
                counts = _weights_and_biases({name: parameter})
                self.rows += (Row(name, f"parameter {name}", (), ELSEWHERE, 0, ((), *counts)),)


def _is_layer(module: nn.Module) -> bool:
    return not isinstance(module, NO_LAYERS) and (isinstance(module, COMPOSITE) or not any(module.children()))


def _counts(layer: nn.Module) -> tuple[int, int]:
    return _weights_and_biases(dict(layer.named_parameters()))


def _weights_and_biases(parameters: dict[str, nn.Parameter]) -> tuple[int, int]:
    biases = sum(parameter.numel() for name, parameter in parameters.items() if "bias" in name)
    return sum(parameter.numel() for parameter in parameters.values()) - biases, biases


def _agrees(line: str, size: Size, output: Size, counts: tuple[int, int]) -> bool:
    """Whether size and counts follow from the line, by the closed forms: only then a student can be asked."""
    try:
        layer = layer_of(line)
        foretold = tuple(sum(map(math.prod, products)) for products in (layer.weights, layer.biases))
        return (layer.output(size), foretold) == (output, counts)
    except (ValueError, TypeError):
        return False


def line_of(layer: nn.Module) -> str:
    """The line that makes a layer of torch.nn, with the settings that differ from PyTorch's; or nothing."""
    kind = type(layer).__name__
    if getattr(nn, kind, None) is not type(layer) or kind not in PARAMETERS:
        return ""
    positional = next((count for start, count in POSITIONAL.items() if kind.startswith(start)), 2)
    arguments = []
    for place, (name, default) in enumerate(defaults_of(kind).items()):
        value = _setting(layer, name)
        if default is ... or (place < positional and default is None):
            arguments.append(repr(value))
        elif value != (_setting(layer, "kernel_size") if name == "stride" and default is None else default):
            arguments.append(f"{name}={value!r}")
    return f"nn.{kind}({', '.join(arguments)})"


def _setting(layer: nn.Module, name: str) -> Any:
    value = getattr(layer, "in_proj_bias" if name == "bias" and isinstance(layer, COMPOSITE) else name)
    if name == "bias":
        return value is not None and value is not False
    if isinstance(value, tuple | list):
        return (
            value[0]
            if len(set(value)) == 1 and (name != "normalized_shape" or len(value) == 1)
            else tuple(value)
        )
    return value
