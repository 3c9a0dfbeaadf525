"""Statements on the decoding of sequences."""

import itertools
import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional


def seq_03() -> bool:
    """Whether the greedy path is the best of all sequences of two letters."""
    first = {"a": 0.6, "b": 0.4}
    second = {"a": {"a": 0.35, "b": 0.65}, "b": {"a": 0.99, "b": 0.01}}
    greedy = max(first, key=lambda letter: first[letter])
    greedy += max("ab", key=lambda letter: second[greedy][letter])
    best = max(
        itertools.product("ab", repeat=2),
        key=lambda pair: first[pair[0]] * second[pair[0]][pair[1]],
    )
    return greedy == "".join(best)


def seq_05() -> bool:
    """Whether the entropy at temperature 1/2 is above that at temperature 1."""
    logits = torch.tensor([2.0, 1.0, 0.0])
    cold, warm = (
        torch.distributions.Categorical(logits=logits / t).entropy() for t in (0.5, 1.0)
    )
    return bool(cold > warm)


def seq_06() -> bool:
    """Whether weights that sum to 8 are refused."""
    try:
        torch.multinomial(torch.tensor([2.0, 6.0]), 10, replacement=True)
    except RuntimeError:
        return True
    return False


def log_probability(conditionals: Tensor, sequence: Sequence[int]) -> float:
    """The log-probability of a sequence whose next token depends on the previous one.

    Row 0 of `conditionals` is the distribution of the first token, row i + 1 that of
    a token behind token i.
    """
    previous = [0, *(token + 1 for token in sequence)]
    steps = [conditionals[i, j].log() for i, j in zip(previous, sequence, strict=False)]
    return float(sum(steps))


def beam(conditionals: Tensor, width: int, length: int) -> tuple[int, ...]:
    """The sequence that a beam search finds."""
    hypotheses: list[tuple[int, ...]] = [()]
    for _ in range(length):
        longer = [
            (*prefix, token)
            for prefix in hypotheses
            for token in range(conditionals.shape[1])
        ]
        longer.sort(key=lambda prefix: -log_probability(conditionals, prefix))
        hypotheses = longer[:width]
    return hypotheses[0]


def seq_07() -> bool:
    """Whether a beam of one takes the best next token in each of four steps."""
    torch.manual_seed(0)
    conditionals = torch.randn(6, 5, dtype=torch.float64).softmax(dim=1)
    greedy: list[int] = []
    for _ in range(4):
        row = greedy[-1] + 1 if greedy else 0
        greedy.append(int(conditionals[row].argmax()))
    return beam(conditionals, width=1, length=4) == tuple(greedy)


def seq_08() -> bool:
    """Whether even guesses among 50 words have the perplexity ln 50."""
    logits = torch.zeros(10, 50, dtype=torch.float64)
    perplexity = functional.cross_entropy(logits, torch.arange(10)).exp()
    return math.isclose(perplexity.item(), math.log(50))


def seq_09() -> bool:
    """Whether the same token is the best at four temperatures."""
    logits = torch.tensor([1.0, 2.5, -0.5, 2.4], dtype=torch.float64)
    best = {int((logits / t).softmax(0).argmax()) for t in (0.1, 0.5, 2.0, 10.0)}
    return best == {1}


def seq_10() -> bool:
    """Whether 20 seeds draw different tokens out of the most probable one."""
    probabilities = torch.tensor([0.4, 0.35, 0.25], dtype=torch.float64)
    kept = torch.where(probabilities == probabilities.max(), probabilities, 0)
    drawn = set()
    for seed in range(20):
        generator = torch.Generator().manual_seed(seed)
        drawn.add(torch.multinomial(kept, 1, generator=generator).item())
    return len(drawn) > 1


def nucleus_size(probabilities: Tensor, p: float) -> int:
    """How many of the most probable tokens it takes to reach the probability p."""
    reached = probabilities.sort(descending=True).values.cumsum(0)
    return int((reached < p).sum()) + 1


def seq_11() -> bool:
    """Whether the nucleus is smaller for a peaked distribution than for a flat one."""
    logits = torch.arange(10, dtype=torch.float64)
    certain, uncertain = logits.softmax(0), (logits / 10).softmax(0)
    return nucleus_size(certain, 0.9) < nucleus_size(uncertain, 0.9)


def seq_12() -> bool:
    """Whether tokens of probability 1/2 each give the same sum for any number."""
    steps = torch.full((6,), 0.5, dtype=torch.float64).log()
    return bool(torch.isclose(steps[:3].sum(), steps.sum()))


def seq_13() -> bool:
    """Whether a beam of two does no worse than greedy decoding in a chosen case."""
    conditionals = torch.tensor(
        [
            [0.52, 0.48, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.46, 0.27, 0.27],
            [0.0, 0.0, 0.0, 0.5, 0.5],
            [1.0, 0.0, 0.0, 0.0, 0.0],
            [0.2, 0.2, 0.2, 0.2, 0.2],
            [0.2, 0.2, 0.2, 0.2, 0.2],
        ],
        dtype=torch.float64,
    )
    narrow, wide = (
        log_probability(conditionals, beam(conditionals, width, length=3))
        for width in (1, 2)
    )
    return wide >= narrow


def seq_14() -> bool:
    """Whether losses have the same order as perplexities, each of which is a power."""
    losses = torch.linspace(0, 5, 51, dtype=torch.float64)
    probabilities = (-losses).exp()
    perplexities = 1 / probabilities
    return torch.equal(losses.argsort(), perplexities.argsort())


def seq_15() -> bool:
    """Whether the probabilities of all sequences of three among four tokens do so."""
    torch.manual_seed(0)
    conditionals = torch.randn(5, 4, dtype=torch.float64).softmax(dim=1)
    total = sum(
        math.exp(log_probability(conditionals, sequence))
        for sequence in itertools.product(range(4), repeat=3)
    )
    return math.isclose(total, 1)


def seq_16() -> bool:
    """Whether the best of three tokens has more than 9/10 at temperature 100."""
    logits = torch.tensor([3.0, 1.0, 0.0], dtype=torch.float64)
    return (logits / 100).softmax(0).max().item() > 0.9
