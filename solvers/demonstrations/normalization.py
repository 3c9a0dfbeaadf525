"""Statements on normalisation and regularisation."""

import itertools

import torch
from torch import Tensor, nn
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


def norm_13() -> bool:
    """Whether 1, 2, 3 divided by their root mean square have the mean zero."""
    x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    return abs(functional.rms_norm(x, (3,)).mean().item()) < 1e-9


def norm_14() -> bool:
    """Whether the outputs of eight samples average to zero for each of 3 features."""
    torch.manual_seed(0)
    output = nn.BatchNorm1d(3, dtype=torch.float64)(torch.randn(8, 3).double() + 5)
    return output.mean(dim=0).abs().max().item() < 1e-9


def norm_15() -> bool:
    """Whether a running mean of 1 falls to 1/10 on a batch of zeros."""
    layer = nn.BatchNorm1d(1, momentum=0.1, dtype=torch.float64)
    assert layer.running_mean is not None
    layer.running_mean.fill_(1)
    layer(torch.zeros(4, 1, dtype=torch.float64))
    return abs(layer.running_mean.item() - 0.1) < 1e-9


def norm_16() -> bool:
    """Whether the output of a model in evaluation mode has no graph."""
    return not nn.Linear(2, 1).eval()(torch.ones(1, 2)).requires_grad


def norm_17() -> bool:
    """Whether twice the weights give the same normalised outputs."""
    torch.manual_seed(0)
    inputs, weights = torch.randn(8, 3).double(), torch.randn(4, 3).double()
    plain, doubled = (
        functional.batch_norm(inputs @ W.T, None, None, training=True, eps=1e-12)
        for W in (weights, 2 * weights)
    )
    return torch.allclose(plain, doubled)


def reg_09() -> bool:
    """Whether four activations, over all 16 masks with their chances, average so."""
    activations, p = torch.tensor([1.0, -2.0, 0.5, 3.0], dtype=torch.float64), 0.25
    average = torch.zeros(4, dtype=torch.float64)
    for mask in itertools.product((0.0, 1.0), repeat=4):
        kept = torch.tensor(mask, dtype=torch.float64)
        chance = (kept * (1 - p) + (1 - kept) * p).prod()
        average += chance * kept * activations / (1 - p)
    return torch.allclose(average, activations)


def ridge(penalty: float) -> Tensor:
    """The ridge solution of a small problem with variances 9 and 1 of its features."""
    X = torch.tensor([[3.0, 1.0], [3.0, -1.0], [-3.0, 1.0], [-3.0, -1.0]]).double()
    y = torch.tensor([4.0, 2.0, -1.0, -5.0], dtype=torch.float64)
    identity = torch.eye(2, dtype=torch.float64)
    return torch.linalg.solve(X.T @ X + penalty * identity, X.T @ y)


def reg_10() -> bool:
    """Whether both weights shrink to the same share."""
    shares = ridge(4.0) / ridge(0.0)
    return bool(torch.isclose(shares[0], shares[1]))


def reg_11() -> bool:
    """Whether the norm grows anywhere while the penalty grows from 0 to 10."""
    norms = torch.stack([ridge(penalty / 10).norm() for penalty in range(101)])
    return bool((norms.diff() > 0).any())


def reg_12() -> bool:
    """Whether a mixture of classes 0 and 2 is such, and has the mixed loss."""
    logits = torch.tensor([[1.0, 2.0, 0.0]], dtype=torch.float64)
    first, second = torch.eye(3, dtype=torch.float64)[[0, 2]].split(1)
    mixed = 0.3 * first + 0.7 * second
    loss = functional.cross_entropy(logits, mixed)
    parts = [functional.cross_entropy(logits, label) for label in (first, second)]
    return mixed.sum().item() == 1 and torch.allclose(
        loss, 0.3 * parts[0] + 0.7 * parts[1]
    )


def reg_13() -> bool:
    """Whether all of 50 steps stay shorter than the least-squares solution."""
    torch.manual_seed(0)
    X, y = torch.randn(10, 3).double(), torch.randn(10).double()
    best, w = torch.linalg.lstsq(X, y[:, None]).solution[:, 0], torch.zeros(3).double()
    norms = []
    for _ in range(50):
        w = w - 0.01 * X.T @ (X @ w - y)
        norms.append(w.norm())
    return bool((torch.stack(norms) < best.norm()).all())


def reg_14() -> bool:
    """Whether some map of 50 is left with both zeros and other numbers."""
    torch.manual_seed(0)
    maps = nn.Dropout2d(p=0.5)(torch.ones(1, 50, 4, 4)).flatten(2)
    return bool(((maps == 0).any(dim=2) & (maps != 0).any(dim=2)).any())


def reg_15() -> bool:
    """Whether weights of 0.1 and 10 have the same gradient of the absolute value."""
    w = torch.tensor([0.1, 10.0], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(0.5 * w.abs().sum(), w)
    return torch.equal(gradient, torch.full_like(w, 0.5))
