"""The losses of generative adversarial networks, by PyTorch and autograd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional


def discriminator_loss(
    form: str,
    values: Sequence[float],
    targets: Sequence[float],
    listing: str,
) -> dict[str, Any]:
    """Compute binary cross-entropies of PyTorch; run the listing on logits."""
    outputs = torch.tensor(values, dtype=torch.float64)
    labels = torch.tensor(targets, dtype=torch.float64)
    if form == "logits":
        return loss_of_listing(outputs, listing)
    loss = functional.binary_cross_entropy
    count = len(outputs) // 2
    real, fake = (
        loss(p, y)
        for p, y in zip(outputs.split(count), labels.split(count), strict=True)
    )
    found = {"real_loss": real, "fake_loss": fake, "loss": real + fake}
    if count == 1:
        return found
    value = outputs[:count].log().mean() + (1 - outputs[count:]).log().mean()
    return found | {"value": value, "mean_of_all": loss(outputs, labels)}


def loss_of_listing(logits: torch.Tensor, listing: str) -> dict[str, Any]:
    """Run the listing on the logits, and on logits of zero."""
    loss, gradient = run(listing, logits)
    return {
        "probabilities": logits.sigmoid(),
        "loss": loss,
        "gradient": gradient,
        "undecided": run(listing, torch.zeros_like(logits))[0],
    }


def run(listing: str, logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The loss that a listing computes, in double precision, and its gradient."""
    logits = logits.clone().requires_grad_()
    real, fake = logits.chunk(2)
    names: dict[str, Any] = {
        "torch": torch,
        "nn": nn,
        "real_logits": real,
        "fake_logits": fake,
    }
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        exec(listing, names)
    finally:
        torch.set_default_dtype(before)
    loss = names["loss"]
    return loss.detach(), torch.autograd.grad(loss, logits)[0]


def generator_loss(
    form: str, values: Sequence[float], real_label: int, sure: str
) -> dict[str, Any]:
    """Take cross-entropies with the labels that both losses mean."""
    outputs = torch.tensor(values, dtype=torch.float64)
    if form == "probabilities":
        minimax, non_saturating = generator_losses(outputs.logit(), real_label)
        return {"minimax": minimax.mean(), "non_saturating": non_saturating.mean()}
    found = {"probabilities": outputs.sigmoid()}
    gradients = generator_gradients(outputs, real_label)
    found["minimax_gradient"], found["non_saturating_gradient"] = gradients
    towards_real = 1 if real_label else -1
    beyond = 30.0 * towards_real * (1 if sure == "real" else -1)
    sizes = generator_gradients(torch.tensor([beyond]).double(), real_label)
    vanish = [bool(size.abs() < 1e-9) for size in sizes]
    options = [[True, False], [False, True], [True, True], [False, False]]
    return found | {"vanishing": options.index(vanish)}


def generator_losses(
    logits: torch.Tensor, real_label: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Minus the discriminator's loss; and the loss with the label of real images."""
    fake, real = (
        torch.full_like(logits, label) for label in (1 - real_label, real_label)
    )
    loss = functional.binary_cross_entropy_with_logits
    return -loss(logits, fake, reduction="none"), loss(logits, real, reduction="none")


def generator_gradients(logits: torch.Tensor, real_label: int) -> list[torch.Tensor]:
    """The gradients of both losses, image by image."""
    logits = logits.clone().requires_grad_()
    losses = generator_losses(logits, real_label)
    return [torch.autograd.grad(loss.sum(), logits)[0] for loss in losses]
