"""Batch normalization, run by PyTorch's layers."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

SMALLEST_EPS = 1e-12
"""In training PyTorch refuses an eps of zero."""


def batchnorm_forward(
    features: Sequence[Sequence[float]],
    gamma: Sequence[float],
    beta: Sequence[float],
    eps: float,
    maps: bool,
) -> dict[str, Tensor]:
    """Let PyTorch normalize the batch; a momentum of 1 shows its statistics."""
    values = torch.tensor(features, dtype=torch.float64)
    batch = values.T
    if maps:
        batch = values.reshape(len(features), -1, 2, 2).transpose(0, 1)
    channels, count = values.shape
    means, variances = torch.zeros(2, channels, dtype=torch.float64)
    scale, shift = torch.tensor([gamma, beta], dtype=torch.float64)
    output = functional.batch_norm(
        batch,
        means,
        variances,
        scale,
        shift,
        training=True,
        momentum=1.0,
        eps=eps or SMALLEST_EPS,
    )
    asked = output[-1, 0] if maps else output
    variances = variances * (count - 1) / count
    if channels == 1:
        found = {"mean": means[0], "variance": variances[0]}
        return found | {"output": asked if maps else asked[:, 0]}
    return {"means": means, "variances": variances, "output": asked}


def batchnorm_running(
    batches: Sequence[Sequence[float]],
    momentum: float,
    infers: bool,
    value: float,
    gamma: float,
    beta: float,
) -> dict[str, Tensor]:
    """Show the batches to a layer in training, and the value to it at inference."""
    layer = nn.BatchNorm1d(1, SMALLEST_EPS, momentum or None, dtype=torch.float64)
    nn.init.constant_(layer.weight, gamma)
    nn.init.constant_(layer.bias, beta)
    running = dict(layer.named_buffers())
    found: dict[str, Tensor] = {}
    for number, batch in enumerate(batches, 1):
        values = torch.tensor(batch, dtype=torch.float64)
        layer(values[:, None])
        found[f"batch_mean_{number}"] = values.mean()
        found[f"batch_variance_{number}"] = values.var(correction=1)
        found[f"mean_{number}"] = running["running_mean"][0].clone()
        found[f"variance_{number}"] = running["running_var"][0].clone()
    if infers:
        one = torch.tensor([[value]], dtype=torch.float64)
        found["output"] = layer.eval()(one)[0, 0].detach()
    return found
