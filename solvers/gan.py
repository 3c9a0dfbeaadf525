"""Losses and sizes of generative adversarial networks, by PyTorch and autograd."""

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


def network_parameters(
    form: str,
    widths: Sequence[int],
    side: int,
    noise: int,
    classes: int,
    batch: int,
    schedule: Sequence[int],
    listing: str,
    reshapes: Sequence[str],
) -> dict[str, Any]:
    """Build the networks without memory for weights, count, and run shapes."""
    with torch.device("meta"):
        if form in {"linear", "transposed"}:
            return sizes_of_listing(listing, widths[0])
        image = torch.zeros(batch, side, side).flatten(1)
        label = torch.zeros(batch, classes)
        given = torch.zeros(batch, noise) if form == "conditional" else image
        x = torch.cat([given, label], dim=1)
        seen = torch.cat([image, label], dim=1)
        generator = two_layers(x, widths[0], image.shape[1])
        discriminator = two_layers(seen, widths[1], 1)
        out = generator(x)
    found = {"generator": count(generator), "discriminator": count(discriminator)}
    if form == "cycle":
        return found | two_pairs(generator, discriminator, schedule)
    [right] = [
        place for place, line in enumerate(reshapes) if makes_images(line, x, out)
    ]
    return found | {"elements": out.numel(), "reshape": right}


def count(network: nn.Module) -> int:
    """The learned numbers of a network."""
    return sum(parameter.numel() for parameter in network.parameters())


def two_layers(x: torch.Tensor, hidden: int, outputs: int) -> nn.Sequential:
    """A hidden layer that fits the input, and an output layer."""
    first = nn.Linear(x.shape[1], hidden)
    return nn.Sequential(first, nn.LeakyReLU(0.2), nn.Linear(hidden, outputs))


def sizes_of_listing(listing: str, inputs: int) -> dict[str, Any]:
    """Count by kind of layer; pass noise through convolutions."""
    names: dict[str, Any] = {"nn": nn}
    exec(listing, names)
    network = names["network"]
    matrices = [w.numel() for w in network.parameters() if w.dim() > 1]
    vectors = [w.numel() for w in network.parameters() if w.dim() == 1]
    found = {"weights": sum(matrices), "total": count(network)}
    if isinstance(network[0], nn.Linear):
        return found | {"biases": sum(vectors)}
    x, sides = torch.zeros(1, inputs, 1, 1), []
    for layer in network.eval():
        x = layer(x)
        if isinstance(layer, nn.ConvTranspose2d):
            sides.append(x.shape[-1])
    return found | {"normalization": sum(vectors), "sides": sides}


def makes_images(line: str, x: torch.Tensor, out: torch.Tensor) -> bool:
    """Whether a line of code runs and makes square images with one channel."""
    side = round(out.shape[1] ** 0.5)
    try:
        images = eval(line, {"x": x, "out": out})
    except RuntimeError:
        return False
    return bool(images.shape == (len(x), 1, side, side))


def two_pairs(
    generator: nn.Module, discriminator: nn.Module, schedule: Sequence[int]
) -> dict[str, int]:
    """Two of each network; go through the iterations of an epoch."""
    networks = {"generator": [generator] * 2, "discriminator": [discriminator] * 2}
    iterations, epochs, steps = schedule
    taken = {"generator_steps": 0, "discriminator_steps": 0}
    for _ in range(iterations):
        taken["discriminator_steps"] += steps * len(networks["discriminator"])
        taken["generator_steps"] += len(networks["generator"])
    total = sum(count(one) for pair in networks.values() for one in pair)
    return {"total": total} | {
        blank: epochs * number for blank, number in taken.items()
    }
