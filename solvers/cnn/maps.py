"""Convolutions of small maps, run by PyTorch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

Map = Sequence[Sequence[float]]


def numeric_convolution(
    channels: Sequence[Map],
    kernels: Sequence[Map],
    bias: int,
    stride: int,
    padding: int,
    dilation: int,
    flips: bool,
    relu: bool,
) -> dict[str, Tensor]:
    """Let PyTorch convolve; it never turns the kernel."""
    image, kernel = batched(channels), batched(kernels)
    if flips:
        kernel = kernel.flip(2, 3)
    offset = torch.tensor([bias], dtype=torch.float64)
    output = functional.conv2d(image, kernel, offset, stride, padding, dilation)
    return {"output": (output.relu() if relu else output)[0, 0]}


def transposed_numeric(
    channels: Sequence[Map],
    kernels: Sequence[Map],
    stride: int,
    padding: int,
    output_padding: int,
) -> dict[str, Tensor]:
    """Let PyTorch stamp, add and crop."""
    image, kernel = batched(channels), batched(kernels).transpose(0, 1)
    output = functional.conv_transpose2d(
        image, kernel, None, stride, padding, output_padding
    )
    return {"output": output[0, 0]}


def kernel_gradient(
    image: Map,
    kernel: Map,
    upstream: Map,
    stride: int,
    rate: float,
    relu: bool,
    bias: int,
) -> dict[str, Tensor]:
    """Let autograd carry the gradient back, and SGD make the step."""
    pixels = batched([image]).requires_grad_()
    weights = batched([kernel]).requires_grad_()
    offset = torch.tensor([bias], dtype=torch.float64, requires_grad=True)
    before = functional.conv2d(pixels, weights, offset, stride)
    output = before.relu() if relu else before
    optimizer = torch.optim.SGD([weights], lr=rate or 1.0)
    gradients = torch.autograd.grad(
        output, (weights, offset, pixels), batched([upstream])
    )
    names = ("kernel_gradient", "bias_gradient", "image_gradient")
    parts = (gradients[0][0, 0], gradients[1][0], gradients[2][0, 0])
    found = dict(zip(names, parts, strict=True))
    if relu:
        found["before"] = before.detach()[0, 0]
    if not rate:
        return found
    weights.grad = gradients[0]
    optimizer.step()
    return found | {"new_kernel": weights.detach()[0, 0]}


def batched(maps: Sequence[Map]) -> Tensor:
    """Maps as the channels of one sample."""
    return torch.tensor([maps], dtype=torch.float64)
