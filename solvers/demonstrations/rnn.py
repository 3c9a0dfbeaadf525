"""Statements on recurrent networks and sequences."""

import itertools

import torch
from torch import nn


def rnn_02() -> bool:
    """Whether the LSTM has four times as many parameters."""
    lstm, rnn = (
        sum(p.numel() for p in layer.parameters())
        for layer in (nn.LSTM(50, 64), nn.RNN(50, 64))
    )
    return lstm == 4 * rnn


def rnn_03() -> bool:
    """Whether the GRU has three quarters of the LSTM's parameters."""
    gru, lstm = (
        sum(p.numel() for p in layer.parameters())
        for layer in (nn.GRU(50, 64), nn.LSTM(50, 64))
    )
    return 4 * gru == 3 * lstm


def rnn_05() -> bool:
    """Whether gating before and after a 2x2 matrix comes to the same."""
    U, r = torch.tensor([[0.5, -1.0], [2.0, 0.3]]), torch.tensor([0.2, 0.9])
    h = torch.tensor([1.0, -1.0])
    return torch.allclose(r * (U @ h), U @ (r * h))


def rnn_07() -> bool:
    """Whether the final states of 3 sequences come with the batch first."""
    rnn = nn.RNN(2, 5, num_layers=4, bidirectional=True, batch_first=True)
    _, final = rnn(torch.zeros(3, 7, 2))
    return final.shape[0] == 3


def rnn_08() -> bool:
    """Whether a state vanishes in the end under eigenvalues of one half."""
    U = torch.tensor([[0.5, 10.0], [0.0, 0.5]], dtype=torch.float64)
    start = torch.tensor([1.0, 1.0], dtype=torch.float64)
    early, late = U @ start, torch.linalg.matrix_power(U, 50) @ start
    return bool(early.norm() > start.norm() and late.norm() < 1e-9)


def rnn_12() -> bool:
    """Whether the last output after padding differs from the last real one."""
    torch.manual_seed(0)
    rnn = nn.RNN(2, 3, batch_first=True)
    tokens = torch.randn(1, 4, 2)
    padded, _ = rnn(torch.cat([tokens, torch.zeros(1, 3, 2)], dim=1))
    output, _ = rnn(tokens)
    return torch.allclose(padded[:, 3], output[:, -1]) and not torch.allclose(
        padded[:, -1], output[:, -1]
    )


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
