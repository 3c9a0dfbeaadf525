"""Statements on adversarial examples."""

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional


def classifier() -> nn.Module:
    """A small network on four inputs with three classes, always the same one."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3)).double()


def input_gradient(model: nn.Module, x: Tensor, label: int) -> Tensor:
    """The gradient of a label's loss with respect to the input."""
    x = x.clone().requires_grad_()
    loss = functional.cross_entropy(model(x), torch.tensor(label))
    return torch.autograd.grad(loss, x)[0]


def clean_input() -> Tensor:
    """The input that is to be attacked."""
    return torch.tensor([0.5, 0.2, 0.9, 0.4], dtype=torch.float64)


def adversarial_01() -> bool:
    """Whether five steps of an attack raise the loss and leave the weights."""
    model, x = classifier(), clean_input()
    before = [parameter.clone() for parameter in model.parameters()]
    start = functional.cross_entropy(model(x), torch.tensor(0))
    for _ in range(5):
        x = x + 0.05 * input_gradient(model, x, label=0).sign()
    raised = functional.cross_entropy(model(x), torch.tensor(0)) > start
    return bool(raised) and all(map(torch.equal, before, model.parameters()))


def adversarial_02() -> bool:
    """Whether going along the gradient of the target's loss favours the target."""
    model, x = classifier(), clean_input()
    attacked = x + 0.05 * input_gradient(model, x, label=2).sign()
    return bool(model(attacked).softmax(0)[2] > model(x).softmax(0)[2])


def adversarial_04() -> bool:
    """Whether a step of 0.1 changes each input by 0.1."""
    step = 0.1 * input_gradient(classifier(), clean_input(), label=0).sign()
    return torch.allclose(step.abs(), torch.full_like(step, 0.1))


def adversarial_05() -> bool:
    """Whether inputs of different gradients are changed by different amounts."""
    gradient = input_gradient(classifier(), clean_input(), label=0)
    assert len(gradient.abs().unique()) == 4
    return len((0.1 * gradient.sign()).abs().unique()) > 1


def linear_weights() -> Tensor:
    """The weights of a linear score."""
    return torch.tensor([0.5, -2.0, 1.0, -0.25], dtype=torch.float64)


def corners() -> Tensor:
    """The corners of the cube of side 2 around the origin, where extremes lie."""
    return torch.tensor(list(itertools.product((-1.0, 1.0), repeat=4))).double()


def adversarial_06() -> bool:
    """Whether the largest change of the score, over all corners, is that bound."""
    largest = (0.1 * corners() @ linear_weights()).max()
    return bool(torch.isclose(largest, 0.1 * linear_weights().abs().sum()))


def adversarial_07() -> bool:
    """Whether the corners of the cube lie in the ball of the same radius."""
    return bool((corners().norm(dim=1) <= 1).all())


def adversarial_08() -> bool:
    """Whether 50 steps of 0.03 with projection end within 0.1, without it outside."""
    model, x = classifier(), clean_input()
    projected, free = x, x
    for _ in range(50):
        stepped = projected + 0.03 * input_gradient(model, projected, label=0).sign()
        projected = x + (stepped - x).clamp(-0.1, 0.1)
        free = free + 0.03 * input_gradient(model, free, label=0).sign()
    return bool((projected - x).abs().max() <= 0.1 + 1e-12 < (free - x).abs().max())


def adversarial_09() -> bool:
    """Whether 1000 random signs reach half of what the signs of the weights reach."""
    generator = torch.Generator().manual_seed(0)
    weights = torch.randn(1000, generator=generator, dtype=torch.float64)
    noise = torch.randint(2, (1000,), generator=generator) * 2 - 1
    return bool((weights * noise).sum() > 0.5 * weights.abs().sum())


def adversarial_10() -> bool:
    """Whether a network with frozen weights refuses the gradient at its input."""
    model = classifier().requires_grad_(requires_grad=False)
    try:
        gradient = input_gradient(model, clean_input(), label=0)
    except RuntimeError:
        return True
    return not gradient.any()


def adversarial_11() -> bool:
    """Whether the label's probability grows by a small step against its gradient."""
    model, x = classifier(), clean_input()
    attacked = x - 0.01 * input_gradient(model, x, label=2)
    return bool(model(attacked).softmax(0)[2] > model(x).softmax(0)[2])


def adversarial_12() -> bool:
    """Whether a score of rounded inputs, without gradient, stays when 0.49 rises."""
    x = torch.tensor([0.49], dtype=torch.float64, requires_grad=True)
    score = x.round() - 0.5
    (gradient,) = torch.autograd.grad(score, x)
    changed = (x + 0.02).round() - 0.5
    return gradient.item() == 0 and bool(score.sign() == changed.sign())


def adversarial_13() -> bool:
    """Whether clipping carries an attacked pixel further from where it was."""
    x = torch.linspace(0, 1, 11, dtype=torch.float64)
    attacked = x + 0.3 * torch.tensor([1.0, -1.0]).double().repeat(6)[:11]
    return bool(((attacked.clamp(0, 1) - x).abs() > (attacked - x).abs() + 1e-12).any())


def adversarial_14() -> bool:
    """Whether such changes move the score by 10."""
    weights = torch.tensor([1.0, -1.0], dtype=torch.float64).repeat(500)
    return bool(
        torch.isclose(weights @ (0.01 * weights.sign()), torch.tensor(10.0).double())
    )
