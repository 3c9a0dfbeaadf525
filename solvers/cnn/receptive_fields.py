"""Receptive fields as gradients see them, and settings found by trying."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

LENGTH = 2048


def receptive_field(
    kernels: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
    paddings: Sequence[int],
    unit: int,
    growth: int,
    wanted: int,
) -> dict[str, Any]:
    """Ask autograd along one side which pixels a unit depends on."""
    if growth:
        return deepened(kernels[0], growth, wanted)
    pixels = torch.ones(1, 1, LENGTH, dtype=torch.float64, requires_grad=True)
    maps, found = pixels, {}
    layers = zip(kernels, strides, paddings, dilations, strict=True)
    for number, (kernel, stride, padding, dilation) in enumerate(layers, 1):
        ones = torch.ones(1, 1, kernel, dtype=torch.float64)
        maps = functional.conv1d(maps, ones, None, stride, padding, dilation)
        middle = maps.shape[-1] // 2
        first, last = seen(pixels, maps, middle)
        found[f"field_{number}"] = last - first + 1
        if max(strides) > 1:
            found[f"jump_{number}"] = seen(pixels, maps, middle + 1)[0] - first
    if unit >= 0:
        found["first"], found["last"] = seen(pixels, maps, unit)
    return found


def seen(pixels: Tensor, maps: Tensor, unit: int) -> tuple[int, int]:
    """The first and the last pixel whose change would move a unit."""
    (gradient,) = torch.autograd.grad(maps[0, 0, unit], pixels, retain_graph=True)
    places = gradient[0, 0].nonzero()
    return int(places[0]), int(places[-1])


def deepened(kernel: int, growth: int, wanted: int) -> dict[str, int]:
    """Add dilated layers until the one output left needs so many inputs."""
    dilated = undilated = torch.empty(1, 1, 64 * (wanted + 1), device="meta")
    ones = torch.empty(1, 1, kernel, device="meta")
    layers = reach = 0
    while reach < wanted:
        dilated = functional.conv1d(dilated, ones, dilation=growth**layers)
        undilated = functional.conv1d(undilated, ones)
        reach = 64 * (wanted + 1) - dilated.shape[-1] + 1
        layers += 1
    plain = 64 * (wanted + 1) - undilated.shape[-1] + 1
    return {"layers": layers, "reach": reach, "undilated": plain}


def conv_design(
    form: str,
    settings: Sequence[Sequence[int]],
    sizes: Sequence[int],
    unknown: str,
    filters: Sequence[int],
) -> dict[str, Any]:
    """Try values, run the layers on empty rows, and keep what gives the size."""
    if form == "same":
        paddings = [keeping(kernel, dilation) for kernel, _, _, dilation in settings]
        kept = {
            place: padding is not None for place, padding in enumerate(paddings[1:])
        }
        return {"padding": paddings[0], "kept": kept}
    if form == "inputs":
        smallest = largest = sizes[0]
        while smallest > 1 and side_after(settings, smallest - 1) == sizes[-1]:
            smallest -= 1
        while side_after(settings, largest + 1) == sizes[-1]:
            largest += 1
        side = {"side": side_after(settings, largest)} if filters else {}
        return side | {"smallest": smallest, "largest": largest}
    *first, last = settings
    between = side_after(first, sizes[0])
    place = ["kernel", "stride", "padding"].index(unknown)
    right = [
        value
        for value in range(unknown != "padding", 17, 2 if unknown == "kernel" else 1)
        if side_after([(*last[:place], value, *last[place + 1 :])], between)
        == sizes[-1]
    ]
    (found,) = right
    return {unknown: found} | ({"between": between} if first else {})


def side_after(settings: Sequence[Sequence[int]], side: int) -> int:
    """The length of a row behind convolutions; 0 where a kernel does not fit."""
    row = torch.empty(1, 1, side, device="meta")
    for kernel, stride, padding, dilation in settings:
        if row.shape[-1] + 2 * padding <= dilation * (kernel - 1):
            return 0
        ones = torch.empty(1, 1, kernel, device="meta")
        row = functional.conv1d(row, ones, None, stride, padding, dilation)
    return row.shape[-1]


def keeping(kernel: int, dilation: int) -> int | None:
    """The padding that keeps a row's length, if there is one."""
    span = dilation * (kernel - 1) + 1
    return next(
        (p for p in range(span) if side_after([(kernel, 1, p, dilation)], 64) == 64),
        None,
    )
