"""Statements on embeddings and transfer."""

import torch
from torch import nn
from torch.nn import functional


def embedding_02() -> bool:
    """Whether the cosine of two vectors changes with the length of one."""
    x, y = torch.tensor([1.0, 2.0, -1.0]), torch.tensor([0.5, 1.0, 3.0])
    return not torch.isclose(
        functional.cosine_similarity(x, y, dim=0),
        functional.cosine_similarity(3 * x, y, dim=0),
    )


def embedding_03() -> bool:
    """Whether 20 random unit vectors have the same order by distance as by cosine."""
    torch.manual_seed(0)
    query, *others = functional.normalize(
        torch.randn(21, 5, dtype=torch.float64), dim=1
    )
    vectors = torch.stack(others)
    return torch.equal(
        (vectors - query).norm(dim=1).argsort(),
        (vectors @ query).argsort(descending=True),
    )


def embedding_06() -> bool:
    """Whether sums of word vectors of two orders of the same words differ."""
    torch.manual_seed(0)
    words = {
        word: torch.randn(4, dtype=torch.float64)
        for word in ("not", "adequate", "but", "great")
    }
    first, second = "not adequate but great", "not great but adequate"
    first_sum, second_sum = (
        torch.stack([words[word] for word in text.split()]).sum(dim=0)
        for text in (first, second)
    )
    return not torch.allclose(first_sum, second_sum)


def embedding_08() -> bool:
    """Whether the table takes part in training."""
    return nn.Embedding.from_pretrained(torch.zeros(5, 3)).weight.requires_grad
