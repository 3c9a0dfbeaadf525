"""Recurrent layers of PyTorch with loaded weights, and gradients of a loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

Matrix = Sequence[Sequence[float]]


def unrolled_steps(
    form: str,
    activation: str,
    input_weights: Matrix,
    recurrent_weights: Matrix,
    biases: Sequence[float],
    second: Sequence[float],
    output_weights: Matrix,
    output_biases: Sequence[float],
    fed: Sequence[int],
    start: Sequence[float],
    words: Sequence[str],
) -> dict[str, Any]:
    """Run nn.RNN on one-hot vectors or numbers, and nn.Linear on its states."""
    if words:
        x = nn.functional.one_hot(torch.tensor(fed), len(input_weights[0])).double()
    else:
        x = tensor(fed)[:, None]
    weights = input_weights, recurrent_weights, biases
    states = run(activation, x, weights, tensor(start))
    found = {f"h{t}": plain(h, words) for t, h in enumerate(states, 1)}
    if second:
        v, u, c = second
        above = run(activation, states, ([[v]], [[u]], [c]), torch.zeros(1).double())
        found |= {f"s{t}": s.item() for t, s in enumerate(above, 1)}
    if output_weights:
        scores = states @ tensor(output_weights).T + tensor(output_biases)
        best = [words[n] for n in scores.argmax(1).tolist()] if words else []
        if form == "decoder":
            return found | {f"w{t}": word for t, word in enumerate(best, 1)}
        found["y"] = plain(scores[-1], words)
        if words:
            found["word"] = best[-1]
    return found


def run(
    activation: str,
    x: Tensor,
    weights: tuple[Matrix, Matrix, Sequence[float]],
    start: Tensor,
) -> Tensor:
    """The states of one layer; nn.RNN knows tanh and ReLU only."""
    v, u, c = map(tensor, weights)
    if activation == "identity":
        states = [start]
        for step in x:
            states.append(v @ step + u @ states[-1] + c)
        return torch.stack(states[1:])
    layer = nn.RNN(x.shape[1], len(c), nonlinearity=activation, dtype=torch.float64)
    layer.load_state_dict(
        {
            "weight_ih_l0": v,
            "weight_hh_l0": u,
            "bias_ih_l0": c,
            "bias_hh_l0": torch.zeros_like(c),
        }
    )
    states, _ = layer(x, start[None])
    return states.detach()


def bptt_gradient(
    activation: str,
    input_weight: float,
    recurrent_weight: float,
    inputs: Sequence[int],
    start: float,
    targets: Sequence[float],
    reach: int,
) -> dict[str, Any]:
    """Let autograd go back through the loop; detaching a state truncates it."""
    u, v, h0 = (
        tensor(number).requires_grad_()
        for number in (recurrent_weight, input_weight, start)
    )
    states = loop(activation, u, v, h0, inputs)
    loss = objective(states, targets)
    found = {f"h{t}": h.item() for t, h in enumerate(states, 1)}
    gradients = torch.autograd.grad(loss, [*states, u, v, h0])
    found |= {f"d{t}": d.item() for t, d in enumerate(gradients[: len(states)], 1)}
    found["du"] = gradients[-3].item()
    if reach:
        early, late = inputs[:-reach], inputs[-reach:]
        cut = loop(activation, u, v, h0, early)[-1].detach()
        short = objective(loop(activation, u, v, cut, late), targets)
        found["truncated"] = torch.autograd.grad(short, u)[0].item()
        return found
    if targets:
        found["dv"] = gradients[-2].item()
    return found | {"dh0": gradients[-1].item()}


def loop(
    activation: str, u: Tensor, v: Tensor, h: Tensor, inputs: Sequence[int]
) -> list[Tensor]:
    """The states of a unit, step by step."""
    activate: nn.Module = {
        "identity": nn.Identity(),
        "relu": nn.ReLU(),
        "tanh": nn.Tanh(),
    }[activation]
    states = []
    for x in inputs:
        h = activate(v * x + u * h)
        states.append(h)
    return states


def objective(states: list[Tensor], targets: Sequence[float]) -> Tensor:
    """Half the squared errors of the last or all states, or the last state."""
    if not targets:
        return states[-1]
    return (torch.stack(states[-len(targets) :]) - tensor(targets)).square().sum() / 2


def tensor(values: Any) -> Tensor:
    """Numbers in double precision."""
    return torch.tensor(values, dtype=torch.float64)


def plain(values: Tensor, words: Sequence[str]) -> Any:
    """A vector where there are words, else a number."""
    return values.tolist() if words else values.item()
