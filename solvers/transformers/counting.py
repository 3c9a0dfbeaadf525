"""Parameters of transformers, counted in modules of PyTorch without memory for them."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn


def count(parameters: Iterable[Tensor]) -> int:
    """How many numbers there are."""
    return sum(parameter.numel() for parameter in parameters)


def encoder_parameter_count(
    form: str,
    width: int,
    inner: int,
    heads: int,
    layers: int,
    vocabulary: int,
    positions: int,
    shared: bool,
) -> dict[str, int]:
    """Build a layer, look at its parts, and repeat it."""
    kind = (
        nn.TransformerDecoderLayer if form == "decoder" else nn.TransformerEncoderLayer
    )
    with torch.device("meta"):
        layer = kind(width, heads, inner)
    if form == "layer" and shared:
        layer.norm2 = layer.norm1
    if form == "stack":
        size = count(layer.parameters())
        with torch.device("meta"):
            words = nn.Embedding(vocabulary, width)
            places = nn.Embedding(positions, width)
            output = nn.Linear(width, vocabulary, bias=False)
        if shared:
            output.weight = words.weight
        ends = nn.ModuleList([words, places])
        rest = count(nn.ModuleList([words, places, output]).parameters())
        total = layers * size + rest
        return {"layer": size, "embeddings": count(ends.parameters()), "total": total}
    parts = {"attention": 0, "feed_forward": 0, "norms": 0}
    names = {"self_attn": "attention", "multihead_attn": "attention"}
    for name, parameter in layer.named_parameters():
        part, _, _ = name.partition(".")
        blank = names.get(part, "norms" if part.startswith("norm") else "feed_forward")
        if form != "matrices" or parameter.dim() > 1:
            parts[blank] += parameter.numel()
    size = sum(parts.values())
    if form == "matrices":
        return {
            "attention": parts["attention"],
            "feed_forward": parts["feed_forward"],
            "layer": size,
        }
    return parts | {"layer": size, "total": layers * size}


def vit_patches(
    height: int,
    width: int,
    channels: int,
    patch: int,
    stride: int,
    dimension: int,
    growth: int,
) -> dict[str, int]:
    """Cut patches out, and make tokens of them by a convolution."""
    with torch.device("meta"):
        image = torch.zeros(1, channels, height, width)
        columns = nn.functional.unfold(image, patch, stride=stride)
        found = {"patches": columns.shape[2], "values": columns.shape[1]}
        if not dimension:
            return found
        project = nn.Conv2d(channels, dimension, patch, stride=stride)
        tokens = project(image).flatten(2).transpose(1, 2)
        sequence = torch.cat([torch.zeros(1, 1, dimension), tokens], dim=1)
        found["length"] = sequence.shape[1]
        found["projection"] = count(project.parameters())
        found["positions"] = sequence[0].numel()
        pairs = (sequence @ sequence.transpose(1, 2)).numel()
        if growth or stride < patch:
            found["pairs"] = pairs
        if growth:
            larger = torch.zeros(1, channels, growth * height, growth * width)
            places = project(larger).flatten(2).shape[2] + 1
            found["grown_pairs"] = torch.zeros(places, places).numel()
    return found


def trainable_parameters(
    form: str, width: int, classes: int, layers: int, size: int, per_layer: int
) -> dict[str, float]:
    """Freeze a network, add what is trained, and count what has gradients."""
    with torch.device("meta"):
        network = nn.ModuleList(body(form, width, layers, size))
        network.requires_grad_(False)
        head = nn.Linear(width, classes)
        added = [additions(form, width, size) for _ in range(layers * per_layer)]
        prompt = nn.ParameterList()
        if form == "prompt":
            prompt.append(torch.zeros(size, width))
    if form == "unfrozen":
        network[-1].requires_grad_()
    # Layers of a transformer are equal: one of them is built, and counts for all.
    frozen = sum(p.numel() for p in network.parameters() if not p.requires_grad)
    frozen *= layers if form in {"adapter", "prompt", "lora"} else 1
    new = nn.ModuleList([network, *added, prompt, head])
    trained = count(p for p in new.parameters() if p.requires_grad)
    own = count(head.parameters())
    found = {"head": own, "share": 100 * trained / (trained + frozen)}
    if form == "probe":
        return found
    found |= {"added": trained - own, "trained": trained}
    if form == "unfrozen":
        moving = [b for b in network.buffers() if b.is_floating_point()]
        found["buffers"] = count(moving)
    return found


def body(form: str, width: int, layers: int, size: int) -> list[nn.Module]:
    """The layers of the network before it is adapted."""
    if form == "probe":
        return [nn.Linear(width, width) for _ in range(layers)]
    if form == "unfrozen":
        return [
            nn.Sequential(
                nn.Conv2d(width, width, size, bias=False), nn.BatchNorm2d(width)
            )
            for _ in range(layers)
        ]
    return [nn.TransformerEncoderLayer(width, 1, 4 * width)]


def additions(form: str, width: int, size: int) -> nn.Module:
    """An adapter, or the two factors of a low-rank update."""
    bias = form == "adapter"
    return nn.Sequential(nn.Linear(width, size, bias), nn.Linear(size, width, bias))
