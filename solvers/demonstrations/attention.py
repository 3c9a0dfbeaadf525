"""Statements on attention."""

import itertools
import math

import torch
from torch import Tensor, nn
from torch.nn import functional


def attend(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Scaled dot-product attention."""
    return (queries @ keys.T / math.sqrt(keys.shape[1])).softmax(dim=1) @ values


def random_tokens() -> Tensor:
    """Four tokens of width three, always the same ones."""
    torch.manual_seed(0)
    return torch.randn(4, 3, dtype=torch.float64)


def attention_01() -> bool:
    """Whether the weights of each query of a layer sum to one."""
    tokens = random_tokens().float().unsqueeze(0).repeat(1, 1, 4)
    _, weights = nn.MultiheadAttention(12, 2, batch_first=True)(tokens, tokens, tokens)
    return torch.allclose(weights.sum(dim=-1), torch.ones(1, 4))


def attention_02() -> bool:
    """Whether doubled tokens give doubled outputs."""
    X = random_tokens()
    return torch.allclose(attend(2 * X, 2 * X, 2 * X), 2 * attend(X, X, X))


def attention_05() -> bool:
    """Whether the outputs stay in place when the tokens are reversed."""
    X = random_tokens()
    reversed_tokens = X.flip(0)
    return torch.allclose(
        attend(reversed_tokens, reversed_tokens, reversed_tokens), attend(X, X, X)
    )


def attention_06() -> bool:
    """Whether a score of zero takes all weight from a future token."""
    scores = torch.tensor([2.0, 1.0, 0.5])
    scores[2] = 0
    return scores.softmax(0)[2].item() == 0


def attention_07() -> bool:
    """Whether the product of two 4-vectors of signs has variance 4, over all."""
    signs = torch.tensor(list(itertools.product((-1.0, 1.0), repeat=4)))
    return (signs @ signs.T).var(unbiased=False).item() == 4


def attention_09() -> bool:
    """Whether eight heads have eight times the parameters of one."""
    one, eight = (
        sum(
            parameter.numel()
            for parameter in nn.MultiheadAttention(
                64, heads, device="meta"
            ).parameters()
        )
        for heads in (1, 8)
    )
    return eight == 8 * one


def attention_10() -> bool:
    """Whether the layer gives a pair, with one matrix of weights for its two heads."""
    tokens = torch.zeros(1, 3, 4)
    result = nn.MultiheadAttention(4, 2, batch_first=True)(tokens, tokens, tokens)
    return isinstance(result, tuple) and [part.shape for part in result] == [
        (1, 3, 4),
        (1, 3, 3),
    ]


def attention_11() -> bool:
    """Whether four heads are refused for a width of 65, and accepted for one of 64."""
    nn.MultiheadAttention(64, 4, device="meta")
    try:
        nn.MultiheadAttention(65, 4, device="meta")
    except AssertionError:
        return True
    return False


def attention_13() -> bool:
    """Whether the softmax of one score is one, for a low and for a high score."""
    return all(torch.tensor([score]).softmax(0).item() == 1 for score in (-50.0, 50.0))


def attention_14() -> bool:
    """Whether the weights change when 5 is added to all scores."""
    scores = torch.tensor([2.0, 1.0, -0.5], dtype=torch.float64)
    return not torch.allclose(scores.softmax(0), (scores + 5).softmax(0))


def attention_15() -> bool:
    """Whether outputs stay between the least and the largest values."""
    X = random_tokens()
    outputs = attend(10 * X, X, X)
    return bool((outputs <= X.amax(dim=0) + 1e-12).all())


def attention_16() -> bool:
    """Whether the outputs are reversed with the keys and values."""
    X = random_tokens()
    outputs = attend(X, X.flip(0), X.flip(0))
    return torch.allclose(outputs, attend(X, X, X).flip(0))


def attention_17() -> bool:
    """Whether another last token changes the last output, but not the first."""
    X = random_tokens()
    changed = X.clone()
    changed[-1] += 1
    before, after = (
        functional.scaled_dot_product_attention(Y, Y, Y, is_causal=True)
        for Y in (X, changed)
    )
    first, last = ((before - after).abs().sum(dim=1) < 1e-12)[[0, -1]].tolist()
    return first and not last


def attention_18() -> bool:
    """Whether a query that is marked for the first key only leaves that key out."""
    X, mask = random_tokens(), torch.tensor([[True, False, False, False]])
    output = functional.scaled_dot_product_attention(X[:1], X, X, attn_mask=mask)
    return not torch.allclose(output, X[:1])


def attention_19() -> bool:
    """Whether the derivatives are larger for scores that are 20 times as far apart."""
    scores = torch.tensor([2.0, 1.0, -0.5], dtype=torch.float64)
    near, far = (
        torch.autograd.functional.jacobian(lambda s: s.softmax(0), factor * scores)
        for factor in (1, 20)
    )
    return bool(far.abs().max() > near.abs().max())


def attention_20() -> bool:
    """Whether 20 tokens have four times the scores of 10."""
    short, long = torch.zeros(10, 3), torch.zeros(20, 3)
    return (long @ long.T).numel() == 4 * (short @ short.T).numel()


def attention_21() -> bool:
    """Whether a layer has other parameters after it has seen a longer sequence."""
    layer = nn.MultiheadAttention(4, 2, batch_first=True)
    sizes = set()
    for length in (3, 30):
        tokens = torch.zeros(1, length, 4)
        layer(tokens, tokens, tokens)
        sizes.add(sum(parameter.numel() for parameter in layer.parameters()))
    return len(sizes) > 1


def attention_22() -> bool:
    """Whether such a query gives the plain mean of the values."""
    query = torch.tensor([[0.0, 0.0, 2.0]], dtype=torch.float64)
    values, keys = random_tokens(), random_tokens()
    keys[:, 2] = 0
    return torch.allclose(attend(query, keys, values), values.mean(dim=0))


def attention_23() -> bool:
    """Whether a query three times as long gives the same average."""
    X = random_tokens()
    return torch.allclose(attend(3 * X[:1], X, X), attend(X[:1], X, X))


def attention_24() -> bool:
    """Whether the scores are transposed when the two matrices change places."""
    X = random_tokens()
    W_query, W_key = random_tokens()[:3], random_tokens()[1:]
    scores = (X @ W_query) @ (X @ W_key).T
    exchanged = (X @ W_key) @ (X @ W_query).T
    return torch.allclose(exchanged, scores.T) and not torch.allclose(exchanged, scores)
