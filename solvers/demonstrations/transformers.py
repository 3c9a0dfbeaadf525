"""Statements on transformers."""

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode


def encoder_layer(*, norm_first: bool = False) -> nn.TransformerEncoderLayer:
    """A small encoder layer without dropout, always the same one."""
    torch.manual_seed(0)
    return nn.TransformerEncoderLayer(
        8, 2, 16, 0.0, batch_first=True, norm_first=norm_first, dtype=torch.float64
    )


def noise(*shape: int) -> Tensor:
    """Numbers of a normal distribution, always the same ones."""
    return torch.randn(
        shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64
    )


def sinusoids(positions: int, width: int) -> Tensor:
    """The encodings of the first positions, a row for each."""
    rates = 10_000 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.arange(positions, dtype=torch.float64)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)


def number_of_parameters(module: nn.Module) -> int:
    """The size of all parameters, a shared one once."""
    return sum(parameter.numel() for parameter in module.parameters())


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


def transformer_10() -> bool:
    """Whether another first token changes what the sublayer makes of the others."""
    layer, tokens = encoder_layer(), noise(4, 8)
    sublayer = nn.Sequential(layer.linear1, nn.ReLU(), layer.linear2)
    changed = tokens.clone()
    changed[0] += 1
    return not torch.allclose(sublayer(changed)[1:], sublayer(tokens)[1:])


def transformer_11() -> bool:
    """Whether the encodings of 50 positions are equally long."""
    norms = sinusoids(50, 16).norm(dim=1)
    return torch.allclose(norms, norms[:1])


def transformer_12() -> bool:
    """Whether the products on each diagonal of the table of positions are equal."""
    encodings = sinusoids(20, 16)
    products = encodings @ encodings.T
    return torch.allclose(products[1:, 1:], products[:-1, :-1])


def transformer_13() -> bool:
    """Whether tokens of variance 9 have variance 1 behind the block."""
    output = encoder_layer(norm_first=True)(3 * noise(1, 4, 8))
    variances = output.var(dim=2, unbiased=False)
    return torch.allclose(variances, torch.ones_like(variances), atol=0.01)


def transformer_14() -> bool:
    """Whether both kinds of layer have equally many parameters."""
    before, behind = encoder_layer(norm_first=True), encoder_layer()
    return number_of_parameters(before) == number_of_parameters(behind)


def transformer_15() -> bool:
    """Whether a layer tells the order of its tokens, as encodings would let it."""
    layer, tokens = encoder_layer(), noise(1, 4, 8)
    return not torch.allclose(layer(tokens.flip(1)), layer(tokens).flip(1))


def transformer_16() -> bool:
    """Whether a table of 512 positions has an entry for the next one."""
    try:
        nn.Embedding(512, 4)(torch.tensor([512]))
    except IndexError:
        return False
    return True


def transformer_17() -> bool:
    """Whether the share is two thirds within one per cent, for a width of 512."""
    layer = nn.TransformerEncoderLayer(512, 8, 2048, device="meta")
    inner = sum(map(number_of_parameters, (layer.linear1, layer.linear2)))
    return abs(inner / number_of_parameters(layer) - 2 / 3) < 0.01


def transformer_18() -> bool:
    """Whether a model with a shared matrix is smaller by 1000 times 16."""
    embedding, output = nn.Embedding(1000, 16), nn.Linear(16, 1000, bias=False)
    model = nn.ModuleList([embedding, output])
    apart = number_of_parameters(model)
    output.weight = embedding.weight
    return apart - number_of_parameters(model) == 1000 * 16


def transformer_19() -> bool:
    """Whether passes over the prefixes end otherwise than one masked pass."""
    layer, tokens = encoder_layer(), noise(1, 5, 8)
    mask = nn.Transformer.generate_square_subsequent_mask(5, dtype=torch.float64)
    at_once = layer(tokens, src_mask=mask)
    one_by_one = [
        layer(tokens[:, :n], src_mask=mask[:n, :n])[:, -1] for n in range(1, 6)
    ]
    return not torch.allclose(at_once, torch.stack(one_by_one, dim=1))


def transformer_20() -> bool:
    """Whether the newest output differs when the older keys and values are cached."""
    queries, keys, values = noise(3, 5, 8)
    whole = functional.scaled_dot_product_attention(
        queries, keys, values, is_causal=True
    )
    cached_keys, cached_values = keys[:4].clone(), values[:4].clone()
    newest = functional.scaled_dot_product_attention(
        queries[4:],
        torch.cat([cached_keys, keys[4:]]),
        torch.cat([cached_values, values[4:]]),
    )
    return not torch.allclose(newest, whole[4:])


def transformer_21() -> bool:
    """Whether patches of 8 pixels are twice as many as patches of 16 pixels."""
    coarse, fine = (
        nn.Unfold(side, stride=side)(torch.zeros(1, 1, 224, 224)).shape[2]
        for side in (16, 8)
    )
    return fine == 2 * coarse


def transformer_22() -> bool:
    """Whether projected patches are what the convolution gives."""
    image, kernels = noise(1, 3, 8, 8), noise(5, 3, 4, 4)
    patches = functional.unfold(image, 4, stride=4)
    projected = kernels.flatten(1) @ patches
    return torch.allclose(
        projected, functional.conv2d(image, kernels, stride=4).flatten(2)
    )
