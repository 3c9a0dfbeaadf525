"""Convolutions in several steps, built in PyTorch and counted."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from .counting import parameters


def stacked_small_kernels(
    kernels: tuple[tuple[int, ...], ...],
    channels: tuple[int, int],
    biased: bool,
    size: tuple[int, ...],
) -> dict[str, Any]:
    """See how far one output looks by autograd, then count both networks."""
    convolution: Any = (nn.Conv1d, nn.Conv2d)[len(kernels[0]) - 1]
    seen = field(kernels)
    before, after = channels
    with torch.device("meta"):
        stack = nn.Sequential()
        for kernel in kernels:
            stack.append(
                convolution(before, after, kernel, padding="same", bias=biased)
            )
            before = after
        single = convolution(*channels, seen, padding="same", bias=biased)
        stacked, one = parameters(stack), parameters(single)
        found = {"kernel": seen, "stacked": stacked, "single": one}
        if biased or size:
            found["ratio"] = stacked / one
        if size:
            x = torch.zeros(1, channels[0], *size)
            found["stacked_macs"] = macs(stack, x)
            found["single_macs"] = macs(single, x)
    return found


def field(kernels: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """How many inputs along each axis change one output of a stack of ones."""
    axes = range(len(kernels[0]))
    sides = [sum(kernel[axis] for kernel in kernels) for axis in axes]
    image = torch.zeros(1, 1, *sides, requires_grad=True)
    convolve = (nn.functional.conv1d, nn.functional.conv2d)[len(sides) - 1]
    y = image
    for kernel in kernels:
        y = convolve(y, torch.ones(1, 1, *kernel))
    (gradient,) = torch.autograd.grad(y.flatten()[0], image)
    places = gradient[0, 0].nonzero()
    return tuple((places.amax(0) - places.amin(0) + 1).tolist())


def depthwise_separable(
    channels: tuple[int, ...],
    kernel: int,
    stride: int,
    size: tuple[int, int],
    multiplier: int,
    biased: bool,
    normalized: bool,
) -> dict[str, Any]:
    """Build all convolutions, and count parameters, or what they do with an image."""
    found: dict[str, Any] = {}
    separable = standard = 0
    x = torch.zeros(1, channels[0], *(side or 1 for side in size), device="meta")
    with torch.device("meta"):
        for number, (before, after) in enumerate(pairwise(channels), 1):
            middle = before * multiplier
            parts: dict[str, nn.Module] = {
                "depthwise": nn.Conv2d(
                    before,
                    middle,
                    kernel,
                    stride,
                    kernel // 2,
                    groups=before,
                    bias=biased,
                ),
                "pointwise": nn.Conv2d(middle, after, 1, bias=biased),
            }
            whole: list[nn.Module] = [
                nn.Conv2d(before, after, kernel, stride, kernel // 2, bias=biased)
            ]
            if normalized:
                parts["normalization"] = nn.ModuleList(
                    [nn.BatchNorm2d(middle), nn.BatchNorm2d(after)]
                )
                whole.append(nn.BatchNorm2d(after))
            if any(size):
                return counted_operations(x, *parts.values(), *whole)
            counts = {
                f"{name}_{number}": parameters(part) for name, part in parts.items()
            }
            found |= counts
            separable += sum(counts.values())
            standard += sum(map(parameters, whole))
    found |= {"separable": separable, "standard": standard}
    return found | {"ratio": separable / standard}


def counted_operations(
    x: Tensor, depthwise: nn.Module, pointwise: nn.Module, standard: nn.Module
) -> dict[str, Any]:
    """Multiply-accumulates of both steps, and of an ordinary convolution."""
    between = depthwise(x)
    steps = macs(depthwise, x), macs(pointwise, between)
    whole = macs(standard, x)
    return {
        "output": pointwise(between).shape[2:],
        "depthwise_1": steps[0],
        "pointwise_1": steps[1],
        "separable": sum(steps),
        "standard": whole,
        "ratio": sum(steps) / whole,
    }


def macs(module: nn.Module, x: Tensor) -> int:
    """The multiply-accumulates of a forward pass: half of what PyTorch counts."""
    with FlopCounterMode(display=False) as counter:
        module(x)
    return int(counter.get_total_flops()) // 2
