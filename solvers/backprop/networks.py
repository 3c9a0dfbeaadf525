"""Backpropagation by autograd, and training steps by running their lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, combinations
from types import CodeType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

OPERATIONS: dict[str, Callable[..., Tensor]] = {
    "+": torch.add,
    "*": torch.mul,
    "max": torch.maximum,
    "square": torch.square,
    "exp": torch.exp,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
}


def scalar_graph(
    inputs: Sequence[tuple[str, int]],
    nodes: Sequence[Sequence[str]],
    outputs: Sequence[tuple[str, int]],
) -> dict[str, float]:
    """Build the graph of tensors and let autograd differentiate it."""
    tensors = {name: leaf(value) for name, value in inputs}
    for name, operation, *operands in nodes:
        arguments = (tensors[operand] for operand in operands)
        tensors[name] = OPERATIONS[operation](*arguments)
    answers = {f"value_{name}": tensors[name].item() for name, *_ in nodes}
    ends = [tensors.pop(name) for name, _ in outputs]
    slopes = [leaf(slope) for _, slope in outputs]
    gradients = torch.autograd.grad(ends, list(tensors.values()), slopes)
    for name, gradient in zip(tensors, gradients, strict=True):
        answers[f"derivative_{name}"] = gradient.item()
    return answers


def delta_rule(
    inputs: Sequence[int],
    weights: Sequence[int],
    bias: int,
    logarithm: int,
    target: int,
    activation: str,
    loss: str,
    rate: float,
    delta: float | None = None,
) -> dict[str, float]:
    """Differentiate the error by autograd, and let an optimizer make the step."""
    w = leaf(weights)
    b = leaf(bias + math.copysign(math.log(abs(logarithm)), logarithm))
    x, t = constant(inputs), constant(target)
    z = w @ x + b
    y = z if activation == "linear" else getattr(torch, activation)(z)
    if loss == "cross_entropy":
        error = functional.binary_cross_entropy(y, t)
    else:
        error = (y - t) ** 2 / (2 if loss == "half_squared" else 1)
    (slope,) = torch.autograd.grad(error, z, retain_graph=True)
    z.backward(slope if delta is None else constant(delta))
    names = [*(f"w{place}" for place in range(1, len(weights) + 1)), "b"]
    answers = {"output": y.item(), "delta": slope.item()}
    for name, gradient in zip(names, [*w.grad.tolist(), b.grad.item()], strict=True):
        answers[f"gradient_{name}"] = gradient
    if rate:
        torch.optim.SGD([w, b], rate, foreach=False).step()
        for name, value in zip(names, [*w.tolist(), b.item()], strict=True):
            answers[f"new_{name}"] = value
    return answers


def mlp_gradients(
    inputs: Sequence[Sequence[int]],
    W1: Sequence[Sequence[int]],
    b1: Sequence[int],
    W2: Sequence[Sequence[int]],
    b2: Sequence[int],
    targets: Sequence[Sequence[int]],
    loss: str,
    logarithm: int,
    rate: float,
) -> dict[str, Any]:
    """Run the network forward and backward in PyTorch."""
    scale = math.log(logarithm) if logarithm > 1 else 1.0
    first, second = [leaf(W1), leaf(b1)], [leaf(W2, scale), leaf(b2, scale)]
    x, t = constant(inputs), constant(targets)
    z1 = functional.linear(x, *first)
    hidden = functional.relu(z1)
    z2 = functional.linear(hidden, *second)
    if loss == "cross_entropy":
        output, error = z2.softmax(1), functional.cross_entropy(z2, t)
    else:
        output, error = z2, (z2 - t).square().sum(1).mean() / 2
    z1.retain_grad()
    z2.retain_grad()
    error.backward()
    answers: dict[str, Any] = {
        "hidden": hidden,
        "output": output,
        "output_delta": z2.grad,
        "hidden_delta": z1.grad,
    }
    if len(inputs) == 1:
        answers = {blank: rows.squeeze() for blank, rows in answers.items()}
    else:
        answers["b1_gradient"] = first[1].grad
    answers |= {"W1_gradient": first[0].grad, "W2_gradient": second[0].grad}
    if rate:
        torch.optim.SGD([*first, *second], rate, foreach=False).step()
        answers["new_W1"] = first[0]
    return {blank: value.tolist() for blank, value in answers.items()}


def training_step_order(
    numbers: Sequence[tuple[str, float]], setup: Sequence[str], lines: Sequence[str]
) -> dict[str, Any]:
    """Run the lines in other orders to see what must be kept, then in the right one."""
    names = tuple(name for name, _ in numbers)
    answers: dict[str, Any] = {
        "order": pairs_to_keep(names, tuple(setup), tuple(lines))
    }
    if "start" in names:
        w = run(dict(numbers), [*setup, *lines])["w"]
        answers |= {"gradient": w.grad.item(), "weight": w.item()}
    return answers


@lru_cache(maxsize=4096)
def pairs_to_keep(
    names: tuple[str, ...], setup: tuple[str, ...], lines: tuple[str, ...]
) -> frozenset[tuple[int, int]]:
    """The pairs of lines that must not be exchanged, found with arbitrary numbers.

    For each pair an order is made in which they are neighbours: what must follow the
    first is moved behind them. Then they are exchanged and the lines are run.
    """
    numbers = {name: 0.7 + 0.37 * place**1.3 for place, name in enumerate(names)}
    right = outcome(numbers, [*setup, *lines])
    keep: set[tuple[int, int]] = set()
    pairs = combinations(range(len(lines)), 2)
    for first, second in sorted(pairs, key=lambda pair: pair[1] - pair[0]):
        between = range(first + 1, second)
        behind = [place for place in between if (first, place) in keep]
        ahead = [place for place in between if place not in behind]
        after = range(second + 1, len(lines))
        order = [*range(first), *ahead, second, first, *behind, *after]
        follows = any((place, second) in keep for place in behind)
        exchanged = [*setup, *(lines[place] for place in order)]
        if follows or not same(outcome(numbers, exchanged), right):
            keep.add((first, second))
    return frozenset(keep)


def outcome(numbers: Mapping[str, float], lines: Sequence[str]) -> list[float]:
    """All numbers that the lines leave behind; none if they do not run."""
    try:
        left = run(numbers, lines)
    except (NameError, RuntimeError):
        return []
    values = [left[name] for name in sorted(left)]
    models = [value for value in values if isinstance(value, nn.Module)]
    weights = chain.from_iterable(model.parameters() for model in models)
    tensors = [value for value in [*values, *weights] if isinstance(value, Tensor)]
    tensors += [
        tensor.grad for tensor in tensors if tensor.is_leaf and tensor.grad is not None
    ]
    entries = chain.from_iterable(tensor.flatten().tolist() for tensor in tensors)
    return [*(value for value in values if isinstance(value, int | float)), *entries]


def same(left: Sequence[float], right: Sequence[float]) -> bool:
    """Whether two outcomes are equal up to rounding."""
    return len(left) == len(right) and all(
        math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6)
        for a, b in zip(left, right, strict=True)
    )


def run(numbers: Mapping[str, float], lines: Sequence[str]) -> dict[str, Any]:
    """Execute the lines one after another; returns the names that they leave behind."""
    names: dict[str, Any] = {"torch": torch, "nn": nn, **numbers}
    for line in lines:
        exec(compiled(line), names)
    return names


@lru_cache(maxsize=4096)
def compiled(line: str) -> CodeType:
    """A line, ready to run."""
    return compile(line, "line", "exec")


def constant(value: Any) -> Tensor:
    """A tensor in float64."""
    return torch.tensor(value, dtype=torch.float64)


def leaf(value: Any, scale: float = 1.0) -> Any:
    """A tensor in float64, times a scale, that gradients are wanted for."""
    return (scale * constant(value)).requires_grad_()
