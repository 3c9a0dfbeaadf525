"""Momentum and Nesterov's look-ahead, run step by step by PyTorch's SGD."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def momentum_step(
    form: str,
    momentum: float,
    rates: Sequence[float],
    start: int,
    velocity: int,
    gradients: Sequence[int],
    coefficient: int,
    minimum: int,
) -> dict[str, float]:
    """Let SGD take the steps; an average is kept by hand."""
    if form == "constant":
        return under_constant_gradient(momentum, rates, gradients[0])
    weight = torch.tensor(float(start), dtype=torch.float64, requires_grad=True)
    average = torch.tensor(float(velocity), dtype=torch.float64)
    sgd = torch.optim.SGD([weight], rates[0], momentum, foreach=False)
    buffer = average.clone() if form == "buffer" else -average / rates[0]
    sgd.state[weight]["momentum_buffer"] = buffer
    places = [float(start)]
    values: dict[str, float] = {}
    for time, rate in enumerate(rates, 1):
        given = gradients[time - 1] * weight if gradients else None
        gradient = differentiated(weight, coefficient, minimum, given)
        if form == "average":
            average.lerp_(gradient, 1 - momentum)
            weight.data -= rate * average
        else:
            sgd.param_groups[0]["lr"] = rate
            sgd.step()
        places.append(weight.item())
        states = {"average": average.item(), "buffer": buffer.item()}
        step = {"g": gradient.item()} if coefficient else {}
        step |= {"v": states.get(form, places[-1] - places[-2]), "w": places[-1]}
        values |= {f"{name}{time}": value for name, value in step.items()}
    if form == "change":
        classical = places[2] + momentum * values["v2"] - rates[2] * values["g3"]
        first, second = values["w1"], values["w2"]
        return {"w1": first, "w2": second, "classical": classical, "buffer": places[3]}
    return values


def differentiated(
    weight: Tensor, coefficient: int, minimum: int, loss: Tensor | None = None
) -> Tensor:
    """Leave the gradient of a loss, by default of the quadratic one, with a weight."""
    if loss is None:
        loss = coefficient * (weight - minimum) ** 2
    (weight.grad,) = torch.autograd.grad(loss, weight)
    return weight.grad


def under_constant_gradient(
    momentum: float, rates: Sequence[float], gradient: int
) -> dict[str, float]:
    """Repeat the update for the steps, and then until it changes nothing."""
    velocities = [0.0]
    while len(velocities) <= len(rates) or velocities[-1] != velocities[-2]:
        velocities.append(momentum * velocities[-1] - rates[0] * gradient)
    plain_rate = -velocities[-1] / gradient
    return {
        "velocity": velocities[len(rates)],
        "limit": velocities[-1],
        "effective": plain_rate,
    }


def nesterov_step(
    form: str,
    momentum: float,
    rate: float,
    steps: int,
    start: int,
    velocity: int,
    coefficient: int,
    minimum: int,
) -> dict[str, float]:
    """Let SGD take the steps: it keeps the look-ahead point and a buffer."""
    if form == "average":
        rate *= 1 - momentum  # an average is (1 - momentum) times PyTorch's buffer
    ahead = torch.tensor(
        start + momentum * velocity, dtype=torch.float64, requires_grad=True
    )
    sgd = torch.optim.SGD([ahead], rate, momentum, nesterov=True, foreach=False)
    buffer = torch.tensor(-velocity / rate, dtype=torch.float64)
    sgd.state[ahead]["momentum_buffer"] = buffer
    size = {"classical": -rate, "pytorch": 1, "average": 1 - momentum}[form]
    values: dict[str, float] = {}
    for time in range(1, steps + 1):
        before = ahead.item()
        gradient = differentiated(ahead, coefficient, minimum).item()
        sgd.step()
        after = ahead.item()
        values |= {
            f"p{time}": after if form == "pytorch" else before,
            f"g{time}": gradient,
            f"v{time}": size * buffer.item(),
            f"w{time}": after + momentum * rate * buffer.item(),
        }
    return values
