"""Statements on recurrent networks."""

import torch
from torch import Tensor, nn


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


def sequence(length: int, width: int) -> Tensor:
    """A sequence of noise as a batch of one, always the same one."""
    generator = torch.Generator().manual_seed(1)
    return torch.randn(1, length, width, generator=generator, dtype=torch.float64)


def rnn_13() -> bool:
    """Whether outputs stay when one bias is added to the other and set to zero."""
    torch.manual_seed(0)
    lstm, tokens = nn.LSTM(2, 3, batch_first=True, dtype=torch.float64), sequence(4, 2)
    before, _ = lstm(tokens)
    with torch.no_grad():
        _, _, first, second = lstm.parameters()
        first.add_(second)
        second.zero_()
    return torch.allclose(lstm(tokens)[0], before)


def rnn_14() -> bool:
    """Whether a sequence and its reverse end in the same state."""
    torch.manual_seed(0)
    rnn, tokens = nn.RNN(2, 3, batch_first=True, dtype=torch.float64), sequence(4, 2)
    return torch.allclose(rnn(tokens)[1], rnn(tokens.flip(1))[1])


def rnn_15() -> bool:
    """Whether three such steps leave an eighth of the state."""
    gru = nn.GRU(2, 3, batch_first=True, dtype=torch.float64)
    for parameter in gru.parameters():
        nn.init.zeros_(parameter)
    start = torch.tensor([[[1.0, -2.0, 0.5]]], dtype=torch.float64)
    return torch.allclose(gru(sequence(3, 2), start)[1], start / 8)


def lstm_with_gates(
    entering: float, forget: float, candidate: float, output: float
) -> nn.LSTM:
    """An LSTM of one unit without weights, its gates set by the biases alone."""
    lstm = nn.LSTM(1, 1, batch_first=True, dtype=torch.float64)
    for parameter in lstm.parameters():
        nn.init.zeros_(parameter)
    gates = torch.tensor([entering, forget, candidate, output], dtype=torch.float64)
    with torch.no_grad():
        dict(lstm.named_parameters())["bias_ih_l0"].copy_(gates)
    return lstm


def rnn_16() -> bool:
    """Whether gates saturated at 1 and 0 keep a cell state of 0.7."""
    cell = torch.full((1, 1, 1), 0.7, dtype=torch.float64)
    lstm = lstm_with_gates(entering=-50, forget=50, candidate=1, output=0)
    _, (_, after) = lstm(torch.zeros(1, 1, 1).double(), (torch.zeros_like(cell), cell))
    return torch.allclose(after, cell)


def rnn_17() -> bool:
    """Whether open gates bring the hidden state above one within 20 steps."""
    output, _ = lstm_with_gates(50, 50, 50, 50)(sequence(20, 1))
    return bool(output.abs().max() > 1)


def rnn_18() -> bool:
    """Whether open gates leave the cell state within one after 20 steps."""
    _, (_, cell) = lstm_with_gates(50, 50, 50, 50)(sequence(20, 1))
    return bool(cell.abs().max() <= 1)


def rnn_19() -> bool:
    """Whether a detached state, and only that, cuts off the first chunk."""
    torch.manual_seed(0)
    rnn, second = nn.RNN(2, 3, batch_first=True, dtype=torch.float64), sequence(2, 2)
    reached = []
    for detached in (True, False):
        first = sequence(3, 2).requires_grad_()
        _, state = rnn(first)
        output, _ = rnn(second, state.detach() if detached else state)
        (gradient,) = torch.autograd.grad(output.sum(), first, allow_unused=True)
        reached.append(gradient is not None)
    return reached == [False, True]


def rnn_20() -> bool:
    """Whether both kinds of layer have outputs of the same width."""
    tokens = torch.zeros(1, 4, 2)
    one_way, both_ways = (
        nn.LSTM(2, 3, batch_first=True, bidirectional=both)(tokens)[0]
        for both in (False, True)
    )
    return one_way.shape == both_ways.shape


def rnn_21() -> bool:
    """Whether autograd finds the product of the steps' matrices."""
    torch.manual_seed(0)
    W = torch.randn(3, 3, dtype=torch.float64)
    inputs = sequence(4, 3)[0]

    def last_state(state: Tensor) -> Tensor:
        for token in inputs:
            state = torch.tanh(W @ state + token)
        return state

    state, product = inputs[0], torch.eye(3, dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(last_state, state)
    for token in inputs:
        state = torch.tanh(W @ state + token)
        product = torch.diag(1 - state**2) @ W @ product
    return torch.allclose(jacobian, product)
