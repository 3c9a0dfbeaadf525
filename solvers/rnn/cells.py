"""Gated cells of PyTorch, with their weights loaded."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

Matrix = Sequence[Sequence[float]]


def lstm_cell_step(
    form: str,
    numbers: Sequence[float],
    input_weights: Matrix,
    recurrent_weights: Matrix,
    biases: Sequence[float],
    inputs: Matrix,
    hidden: Sequence[float],
    cell: Sequence[float],
) -> dict[str, object]:
    """Run nn.LSTMCell; gates that are given become biases of a cell without weights."""
    units = len(cell)
    if form in ("gates", "preactivations"):
        i, f, g, o = vector(numbers)
        if form == "gates":
            i, f, g, o = i.logit(), f.logit(), g.atanh(), o.logit()
        biases = torch.stack([i, f, g, o]).tolist()
        input_weights, recurrent_weights = [[0.0]] * 4, [[0.0]] * 4
        inputs, hidden = [[0.0]], [0.0]
    lstm = nn.LSTMCell(len(inputs[0]), units, dtype=torch.float64)
    load(lstm, input_weights, recurrent_weights, biases, [0.0] * (4 * units))
    h, c = vector(hidden), vector(cell).requires_grad_()
    found: dict[str, object] = {}
    for time, x in enumerate(vector(inputs), 1):
        rows = lstm.weight_ih @ x + lstm.weight_hh @ h + lstm.bias_ih + lstm.bias_hh
        i, f, g, o = rows.chunk(4)
        past = c
        h, c = lstm(x, (h, c))
        step = {"i": i.sigmoid(), "f": f.sigmoid(), "g": g.tanh(), "o": o.sigmoid()}
        step |= {"c": c, "h": h}
        for name, values in step.items():
            blank = f"{name}{time}" if form == "weights" else name
            found[blank] = values.tolist() if form == "matrices" else values.item()
    if form == "preactivations":
        found["slope"] = torch.autograd.grad(c, past)[0].item()
    return {"c": found["c"], "h": found["h"]} if form == "gates" else found


def gru_cell_step(
    form: str,
    update_keeps_past: bool,
    numbers: Sequence[float],
    input_part: Sequence[float],
    input_weights: Sequence[float],
    recurrent_weights: Matrix,
    input_biases: Sequence[float],
    recurrent_biases: Sequence[float],
    inputs: Sequence[float],
    hidden: Sequence[float],
) -> dict[str, object]:
    """Run nn.GRUCell; where z multiplies the candidate, its negative is loaded."""
    if form == "compared":
        return both_resets(
            update_keeps_past, numbers, input_part, recurrent_weights, hidden
        )
    sign = 1 if update_keeps_past else -1
    if form == "gates":
        z, n = vector(numbers)
        input_biases = [0.0, sign * z.logit().item(), n.atanh().item()]
    if form == "preactivations":
        input_biases = [numbers[0], sign * numbers[1], input_part[0]]
        recurrent_weights = [[0.0], [0.0], recurrent_weights[0]]
    if form != "weights":
        input_weights, recurrent_biases, inputs = [0.0] * 3, [0.0] * 3, [0.0]
        recurrent_weights = recurrent_weights or [[0.0]] * 3
    gru = nn.GRUCell(1, 1, dtype=torch.float64)
    columns = [[weight] for weight in input_weights]
    load(gru, columns, recurrent_weights, input_biases, recurrent_biases)
    h, found = vector(hidden), {}
    for time, x in enumerate(vector(inputs), 1):
        from_input = (gru.weight_ih @ x[None] + gru.bias_ih).chunk(3)
        from_state = (gru.weight_hh @ h + gru.bias_hh).chunk(3)
        r, z = (
            (a + b).sigmoid()
            for a, b in zip(from_input[:2], from_state[:2], strict=True)
        )
        h = gru(x[None], h)
        n = (from_input[2] + r * from_state[2]).tanh()
        step = {"r": r, "z": z if update_keeps_past else 1 - z, "n": n, "h": h}
        for name, value in step.items():
            found[f"{name}{time}" if form == "weights" else name] = value.item()
    return {"h": found["h"]} if form == "gates" else found


def both_resets(
    update_keeps_past: bool,
    gates: Sequence[float],
    part: Sequence[float],
    weights: Matrix,
    hidden: Sequence[float],
) -> dict[str, object]:
    """Reset the product of matrix and state, or the state itself."""
    r, z = vector(gates).chunk(2)
    p, u, h = vector(part), vector(weights), vector(hidden)
    past = z if update_keeps_past else 1 - z
    candidates = {"after": (p + r * (u @ h)).tanh(), "before": (p + u @ (r * h)).tanh()}
    found: dict[str, object] = {}
    for name, n in candidates.items():
        found[f"n_{name}"] = n.tolist()
        found[f"h_{name}"] = torch.lerp(n, h, past).tolist()
    return found


def load(
    cell: nn.RNNCellBase,
    input_weights: Matrix,
    recurrent_weights: Matrix,
    input_biases: Sequence[float],
    recurrent_biases: Sequence[float],
) -> None:
    """Give a cell these parameters."""
    cell.load_state_dict(
        {
            "weight_ih": vector(input_weights),
            "weight_hh": vector(recurrent_weights),
            "bias_ih": vector(input_biases),
            "bias_hh": vector(recurrent_biases),
        }
    )


def vector(values: Sequence[float] | Matrix) -> Tensor:
    """Numbers in double precision."""
    return torch.tensor(values, dtype=torch.float64)
