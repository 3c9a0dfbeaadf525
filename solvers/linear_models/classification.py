"""Linear classifiers, trained step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional


def perceptron_updates(
    form: str,
    inputs: Sequence[Sequence[int]],
    labels: Sequence[int],
    start: Sequence[int],
    tie: str,
) -> dict[str, Any]:
    """Count mistakes by example, and score by inner products of examples."""
    if form == "multiclass":
        return multiclass_perceptron(inputs, labels)
    X, y = np.array(inputs), np.array(labels)
    similar = X @ X.T
    counts = np.zeros_like(y)
    seen: list[tuple[int, ...]] = []
    history = []
    while True:
        before = counts.copy()
        for n in range(len(y)):
            score = X[n] @ start + similar[n] @ (counts * y)
            wrong = y[n] * score < 0 or (score == 0 and (tie == "mistake" or y[n] < 0))
            counts[n] += wrong
            history.append(start + (counts * y) @ X)
        weights = tuple(history[-1].tolist())
        quiet, back = (counts == before).all(), weights in seen
        if form == "steps" or quiet or back:
            break
        seen.append(weights)
    first = len(y)
    if form == "converge":
        return {"updates": counts.sum(), "weights": weights}
    changes = np.diff(np.array([start, *history[:first]]), axis=0).any(axis=1)
    if form == "stops":
        answer = "yes" if quiet else "no"
        return {
            "updates": changes.sum(),
            "weights": history[first - 1],
            "stops": answer,
        }
    steps = {f"weights{n}": step for n, step in enumerate(history, 1)}
    return steps | ({"updates": changes.sum()} if first > 2 else {})


def multiclass_perceptron(
    inputs: Sequence[Sequence[int]], labels: Sequence[int]
) -> dict[str, Any]:
    """Let SGD step on how much the largest score exceeds that of the label."""
    W = torch.zeros(3, len(inputs[0]), dtype=torch.float64, requires_grad=True)
    sgd = torch.optim.SGD([W], lr=1, foreach=False)
    predicted = []
    for features, label in zip(inputs, labels, strict=True):
        scores = W @ torch.tensor(features, dtype=torch.float64)
        predicted.append(int(np.argmax(scores.detach().numpy())))  # the first if tied
        (W.grad,) = torch.autograd.grad(scores[predicted[-1]] - scores[label], W)
        sgd.step()
    return {"predicted": predicted, "weights": W.detach().to(torch.int64)}


def logistic_sgd_step(
    form: str,
    values: Sequence[float],
    offset: float,
    points: Sequence[Sequence[int]],
    labels: Sequence[int],
    rate: float,
    share: float,
) -> dict[str, Any]:
    """Let autograd differentiate the loss of the logits, and SGD step."""
    w = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(offset, dtype=torch.float64, requires_grad=True)
    if form == "inverse":
        wanted = torch.tensor([0.5, share], dtype=torch.float64).logit()
        middle, x = ((wanted - b) / w).tolist()
        return {"middle": middle, "score": wanted[1], "x": x}
    y = torch.tensor(labels, dtype=torch.float64)
    logits = torch.tensor(points, dtype=torch.float64) @ w + b
    loss = functional.binary_cross_entropy_with_logits(logits, y)
    w.grad, b.grad = torch.autograd.grad(loss, (w, b))
    torch.optim.SGD([w, b], rate, foreach=False).step()
    probabilities = torch.sigmoid(logits.detach())
    stepped = {"w": w.detach(), "b": b.detach()}
    if form == "zero":
        return {"probability": probabilities[0], **stepped, "w": w[0].detach()}
    loss = loss.detach()
    if form == "step":
        return {"probability": probabilities[0], "loss": loss, **stepped}
    return {"probabilities": probabilities, "loss": loss, **stepped}
