"""Statements on attention and transformers."""

import itertools
import math

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode


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


def transformer_01() -> bool:
    """Whether 50 tokens of width 512 take fewer operations by attention."""
    X, U = torch.empty(50, 512, device="meta"), torch.empty(512, 512, device="meta")
    with FlopCounterMode(display=False) as attention:
        (X @ X.T) @ X
    with FlopCounterMode(display=False) as recurrence:
        for token in X.split(1):
            token @ U
    return attention.get_total_flops() < recurrence.get_total_flops()


def transformer_07() -> bool:
    """Whether a convolution with stride 16 yields 196 patches."""
    patches = nn.Conv2d(3, 8, 16, stride=16, device="meta")(
        torch.zeros(1, 3, 224, 224, device="meta")
    )
    return patches.flatten(2).shape[2] == 196


def transformer_09() -> bool:
    """Whether a decoder layer has two attention modules."""
    layer = nn.TransformerDecoderLayer(8, 2, 16, device="meta")
    return (
        sum(isinstance(module, nn.MultiheadAttention) for module in layer.modules())
        == 2
    )
