"""Statements on normalisation and regularisation."""

import itertools

import torch
from torch import nn
from torch.nn import functional


def norm_01() -> bool:
    """Whether the first sample's output changes with the last sample."""
    batch = torch.tensor([[1.0], [3.0], [5.0], [7.0]])
    changed = torch.tensor([[1.0], [3.0], [5.0], [9.0]])
    layer = nn.BatchNorm1d(1)
    return not torch.allclose(layer(batch)[0], layer(changed)[0])


def norm_02() -> bool:
    """Whether a batch of one feature vector passes."""
    try:
        nn.BatchNorm1d(3)(torch.tensor([[1.0, 2.0, 3.0]]))
    except ValueError:
        return False
    return True


def norm_03() -> bool:
    """Whether one 4x4 image fails to pass."""
    try:
        nn.BatchNorm2d(6)(torch.zeros(1, 6, 4, 4))
    except ValueError:
        return True
    return False


def norm_04() -> bool:
    """Whether running_var takes the unbiased variance, the output the biased one."""
    batch = torch.tensor([[1.0], [3.0], [5.0], [7.0]], dtype=torch.float64)
    layer = nn.BatchNorm1d(1, momentum=0.1, eps=1e-12, dtype=torch.float64)
    output = layer(batch)
    running = layer.running_var
    assert running is not None
    mixed = 0.9 + 0.1 * batch.var(dim=0, unbiased=True)
    return (
        torch.allclose(running, mixed)
        and abs(output.var(unbiased=False).item() - 1) < 1e-9
    )


def norm_05() -> bool:
    """Whether evaluation scales and shifts every input by the same numbers."""
    layer = nn.BatchNorm1d(1)
    layer(torch.tensor([[1.0], [3.0], [5.0], [7.0]]))
    layer.eval()
    shift = layer(torch.zeros(1, 1))
    scale = layer(torch.ones(1, 1)) - shift
    batch = torch.tensor([[-2.0], [0.5], [10.0]])
    return torch.allclose(layer(batch), scale * batch + shift)


def norm_06() -> bool:
    """Whether the means over the batch vanish rather than those over the features."""
    torch.manual_seed(0)
    output = nn.LayerNorm(6)(torch.randn(4, 6))
    return (
        output.mean(dim=0).abs().max().item()
        < 1e-5
        < output.mean(dim=1).abs().max().item()
    )


def norm_07() -> bool:
    """Whether a layer of width 6 has 12 learnable parameters."""
    return sum(parameter.numel() for parameter in nn.LayerNorm(6).parameters()) == 12


def norm_08() -> bool:
    """Whether the layer has a buffer that could hold an average."""
    return len(list(nn.LayerNorm(6).buffers())) > 0


def norm_09() -> bool:
    """Whether groups of one channel give what instance normalisation gives."""
    torch.manual_seed(0)
    images = torch.randn(2, 3, 4, 4)
    return torch.allclose(
        functional.group_norm(images, 3), functional.instance_norm(images), atol=1e-6
    )


def norm_10() -> bool:
    """Whether training outputs stay when the convolution's bias changes."""
    torch.manual_seed(0)
    images, kernel = torch.randn(2, 3, 5, 5), torch.randn(4, 3, 3, 3)
    layer = nn.BatchNorm2d(4)
    biases = (torch.zeros(4), torch.tensor([1.0, -2.0, 3.0, 0.5]))
    without, with_bias = (
        layer(functional.conv2d(images, kernel, bias)) for bias in biases
    )
    return torch.allclose(without, with_bias, atol=1e-4)


def norm_11() -> bool:
    """Whether 2x + 3 gives what x gives, with a negligible epsilon."""
    x = torch.tensor([1.0, -2.0, 0.5, 4.0], dtype=torch.float64)
    return torch.allclose(
        functional.layer_norm(x, (4,), eps=1e-12),
        functional.layer_norm(2 * x + 3, (4,), eps=1e-12),
    )


def reg_01() -> bool:
    """Whether about a quarter of 10 000 activations is kept."""
    torch.manual_seed(0)
    kept = (nn.Dropout(p=0.25)(torch.ones(10_000)) != 0).float().mean().item()
    return abs(kept - 0.25) < 0.05


def reg_02() -> bool:
    """Whether dropout in evaluation mode returns its input."""
    activations = torch.arange(10.0)
    return torch.equal(nn.Dropout(p=0.5).eval()(activations), activations)


def reg_04() -> bool:
    """Whether five units can be kept or dropped in 2⁵ different ways."""
    return len(set(itertools.product((0, 1), repeat=5))) == 2**5
