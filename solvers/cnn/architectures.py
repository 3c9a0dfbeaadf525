"""Classic networks, built without memory and looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from ..architectures.alexnet import alexnet
from ..architectures.googlenet import googlenet
from ..architectures.lenet import lenet5
from ..architectures.mobilenet import mobilenet
from ..architectures.resnet import resnet
from ..architectures.unet import UNet
from ..architectures.vgg import CONVOLUTIONS, FILTERS, vgg, vgg_block


def classic_totals(
    network: str, part: str, block: int, side: int, classes: int
) -> dict[str, Any]:
    """Build the part that is asked for, run an image through it, and count."""
    with torch.device("meta"):
        if network == "LeNet-5":
            return table_of(weighted(lenet5(classes)))
        if network == "AlexNet":
            return split(weighted(alexnet(classes)))
        blocks = vgg_blocks(int(network.removeprefix("VGG-")))
        if part == "block":
            return block_of(blocks, block, side)
        maps = nn.Sequential(*blocks)(torch.empty(1, 3, side, side))
        head = [
            nn.Linear(maps[0].numel(), 4096),
            nn.Linear(4096, 4096),
            nn.Linear(4096, classes),
        ]
    if part == "head":
        return {"features": maps[0].numel()} | table_of(head)
    return split([*weighted(nn.Sequential(*blocks)), *head])


def vgg_blocks(depth: int) -> list[nn.Sequential]:
    """The convolutions and poolings of a VGG network, block by block."""
    channels = (3, *FILTERS)
    sizes = zip(channels, FILTERS, CONVOLUTIONS[depth], strict=False)
    return [nn.Sequential(*vgg_block(*size)) for size in sizes]


def block_of(blocks: Sequence[nn.Module], place: int, side: int) -> dict[str, Any]:
    """The parameters of a block's convolutions, and what it makes of the image."""
    counts = [parameters(layer) for layer in weighted(blocks[place])]
    maps = nn.Sequential(*blocks[: place + 1])(torch.empty(1, 3, side, side))
    return {
        "first": counts[0],
        "other": counts[1],
        "total": sum(counts),
        "size": tuple(maps.shape[1:]),
    }


def table_of(layers: Sequence[nn.Module]) -> dict[str, int]:
    """The parameters of each layer, and of all."""
    counts = [parameters(layer) for layer in layers]
    rows = {f"layer_{number}": count for number, count in enumerate(counts, 1)}
    return rows | {"total": sum(counts)}


def split(layers: Sequence[nn.Module]) -> dict[str, float]:
    """The parameters of convolutions and of linear layers, and the share of these."""
    linear = sum(parameters(layer) for layer in layers if isinstance(layer, nn.Linear))
    total = sum(map(parameters, layers))
    return {
        "convolutions": total - linear,
        "linear": linear,
        "total": total,
        "share": 100 * linear / total,
    }


def weighted(network: nn.Module) -> list[nn.Module]:
    """The layers that have weights, in their order."""
    modules = network.modules()
    return [layer for layer in modules if isinstance(layer, nn.Conv2d | nn.Linear)]


def parameters(module: nn.Module) -> int:
    """The number of all weights and biases."""
    return sum(parameter.numel() for parameter in module.parameters())


PHOTO = (3, 224, 224)
WEIGHTED = {"ConvolutionBackward0", "AddmmBackward0"}
Seen = dict[str, Any]
"""What can be seen of a network, by name."""


def seen(build: Callable[[], nn.Module], size: tuple[int, ...]) -> Seen:
    """Build a network without memory, run an image through it, and look."""
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        network = build()
        output = network(torch.empty(1, *size))
    layers = weighted(network)
    convolutions = [layer for layer in layers if isinstance(layer, nn.Conv2d)]
    linear = [layer for layer in layers if isinstance(layer, nn.Linear)]
    depth, steps = longest_path(output)
    return {
        "kinds": sorted({type(module).__name__ for module in network.modules()}),
        "kernels": sorted(kernels(layers)),
        "kernels side by side": side_by_side(network),
        "first kernel": convolutions[0].kernel_size[0],
        "first stride": convolutions[0].stride[0],
        "channels filtered alone": any(layer.groups > 1 for layer in convolutions),
        "units of linear layers": [layer.out_features for layer in linear],
        "adds": "AddBackward0" in steps,
        "stacks": "CatBackward0" in steps,
        "layers in a row": depth,
        "parameters": parameters(network),
        "parameters of linear layers": sum(map(parameters, linear)),
        "operations": counter.get_total_flops() // 2,
        "output": tuple(output.shape[1:]),
    }


def side_by_side(network: nn.Module) -> list[int]:
    """The kernels in branches of a block."""
    branches = [
        getattr(module, "branches", nn.ModuleList()) for module in network.modules()
    ]
    return sorted(kernels([layer for some in branches for layer in weighted(some)]))


def kernels(layers: Sequence[nn.Module]) -> set[int]:
    """The sides of the kernels of convolutions."""
    return {layer.kernel_size[0] for layer in layers if isinstance(layer, nn.Conv2d)}


def longest_path(output: Tensor) -> tuple[int, set[str]]:
    """The most layers with weights in a row, and all steps, that autograd recorded."""
    end = output.grad_fn
    if end is None:
        raise ValueError("autograd has recorded nothing")
    depth: dict[Any, int] = {}
    pending: list[Any] = [end]
    while pending:
        node = pending.pop()
        if node is not None and node not in depth:
            depth[node] = 0
            pending += [before for before, _ in node.next_functions]
    for node in sorted(depth, key=lambda node: node._sequence_nr()):
        inputs = [depth.get(before, 0) for before, _ in node.next_functions]
        depth[node] = (node.name() in WEIGHTED) + max(inputs, default=0)
    return depth[end], {node.name() for node in depth}


@cache
def lenet_5() -> Seen:
    """LeNet-5."""
    return seen(lenet5, (1, 32, 32))


@cache
def alex_net() -> Seen:
    """AlexNet, in its version for one GPU."""
    return seen(alexnet, PHOTO)


@cache
def vgg_11() -> Seen:
    """VGG-11."""
    return seen(lambda: vgg(11), PHOTO)


@cache
def vgg_13() -> Seen:
    """VGG-13."""
    return seen(lambda: vgg(13), PHOTO)


@cache
def vgg_16() -> Seen:
    """VGG-16."""
    return seen(lambda: vgg(16), PHOTO)


@cache
def vgg_19() -> Seen:
    """VGG-19."""
    return seen(lambda: vgg(19), PHOTO)


@cache
def google_net() -> Seen:
    """GoogLeNet, without its auxiliary classifiers."""
    return seen(googlenet, PHOTO)


@cache
def resnet_18() -> Seen:
    """ResNet-18."""
    return seen(lambda: resnet(18), PHOTO)


@cache
def resnet_34() -> Seen:
    """ResNet-34."""
    return seen(lambda: resnet(34), PHOTO)


@cache
def resnet_50() -> Seen:
    """ResNet-50."""
    return seen(lambda: resnet(50), PHOTO)


@cache
def resnet_152() -> Seen:
    """ResNet-152."""
    return seen(lambda: resnet(152), PHOTO)


@cache
def mobile_net() -> Seen:
    """MobileNet."""
    return seen(mobilenet, PHOTO)


@cache
def u_net() -> Seen:
    """U-Net."""
    return seen(UNet, (1, 572, 572))


NETWORKS: dict[str, Callable[[], Seen]] = {
    "LeNet-5": lenet_5,
    "AlexNet": alex_net,
    "VGG-11": vgg_11,
    "VGG-13": vgg_13,
    "VGG-16": vgg_16,
    "VGG-19": vgg_19,
    "GoogLeNet": google_net,
    "ResNet-18": resnet_18,
    "ResNet-34": resnet_34,
    "ResNet-50": resnet_50,
    "ResNet-152": resnet_152,
    "MobileNet": mobile_net,
    "U-Net": u_net,
}
FACTS: dict[str, Callable[[Seen], bool]] = {
    "relu": lambda network: "ReLU" in network["kinds"],
    "tanh": lambda network: "Tanh" in network["kinds"],
    "average_pooling": lambda network: "AvgPool2d" in network["kinds"],
    "max_pooling": lambda network: "MaxPool2d" in network["kinds"],
    "dropout": lambda network: "Dropout" in network["kinds"],
    "batch_normalization": lambda network: "BatchNorm2d" in network["kinds"],
    "only_three": lambda network: network["kernels"] == [3],
    "one_by_one": lambda network: 1 in network["kernels"],
    "eleven": lambda network: (
        (network["first kernel"], network["first stride"]) == (11, 4)
    ),
    "seven": lambda network: (
        (network["first kernel"], network["first stride"]) == (7, 2)
    ),
    "inception": lambda network: network["kernels side by side"] == [1, 3, 5],
    "wide_inception": lambda network: network["kernels side by side"] == [3, 5, 7],
    "adds": lambda network: network["adds"],
    "stacks": lambda network: network["stacks"],
    "enlarges": lambda network: "ConvTranspose2d" in network["kinds"],
    "depthwise": lambda network: network["channels filtered alone"],
    "global_pooling": lambda network: "AdaptiveAvgPool2d" in network["kinds"],
    "several_linear": lambda network: len(network["units of linear layers"]) > 1,
    "wide_linear": lambda network: 4096 in network["units of linear layers"],
    "no_linear": lambda network: not network["units of linear layers"],
    "mostly_linear": lambda network: (
        2 * network["parameters of linear layers"] > network["parameters"]
    ),
    "over_100_million": lambda network: network["parameters"] > 100_000_000,
    "under_10_million": lambda network: network["parameters"] < 10_000_000,
    "over_20_layers": lambda network: network["layers in a row"] > 20,
    "maps_out": lambda network: len(network["output"]) > 1,
}


def architecture_facts(
    form: str, subject: str, listed: Sequence[str]
) -> dict[str, Any]:
    """Build the networks, and judge or order them by what is seen."""
    if form == "network":
        return {
            "network": {
                n: FACTS[subject](NETWORKS[name]()) for n, name in enumerate(listed)
            }
        }
    if form == "facts":
        return {
            "facts": {
                n: FACTS[name](NETWORKS[subject]()) for n, name in enumerate(listed)
            }
        }
    numbers = [NETWORKS[name]()[subject] for name in listed]
    places = range(len(numbers))
    return {
        "order": [(i, j) for i in places for j in places if numbers[i] < numbers[j]]
    }


def architecture_facts_parts(
    form: str, subject: str, listed: Sequence[str]
) -> tuple[Callable[[], Seen], ...]:
    """The networks that are asked about."""
    return tuple(NETWORKS[name] for name in ([subject] if form == "facts" else listed))
