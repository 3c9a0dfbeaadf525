"""Statements on embeddings and transfer."""

import torch
from torch import Tensor, nn
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


def word_vectors() -> Tensor:
    """Five vectors of width four, always the same ones."""
    torch.manual_seed(0)
    return torch.randn(5, 4, dtype=torch.float64)


def cosines(vectors: Tensor) -> Tensor:
    """The cosine similarities of all pairs of rows."""
    return functional.cosine_similarity(vectors[:, None], vectors[None], dim=2)


def table_gradient(tokens: list[int], padding: int | None = None) -> Tensor:
    """The gradient of a table of five rows for the sum of some looked up rows."""
    table = nn.Embedding(5, 3, padding_idx=padding, dtype=torch.float64)
    (gradient,) = torch.autograd.grad(table(torch.tensor(tokens)).sum(), table.weight)
    return gradient


def embedding_09() -> bool:
    """Whether tokens 1 and 3 leave no row of five without a gradient."""
    return bool((table_gradient([1, 3]) != 0).any(dim=1).all())


def embedding_10() -> bool:
    """Whether row 0 has a gradient unless it is that of padding."""
    plain, padded = table_gradient([0, 1]), table_gradient([0, 1], padding=0)
    return bool((plain[0] != 0).all() and (padded[0] == 0).all())


def embedding_11() -> bool:
    """Whether a token that is looked up twice has twice the gradient."""
    return torch.equal(table_gradient([1, 1, 3])[1], 2 * table_gradient([1, 3])[1])


def embedding_12() -> bool:
    """Whether (10, 10) is nearer to (1, 0) than (1, 0.1) is."""
    query = torch.tensor([1.0, 0.0], dtype=torch.float64)
    vectors = torch.tensor([[10.0, 10.0], [1.0, 0.1]], dtype=torch.float64)
    best = (vectors @ query).argmax()
    return bool(best == (vectors - query).norm(dim=1).argmin())


def embedding_13() -> bool:
    """Whether the table has 300 parameters beside its rows."""
    table = nn.Embedding(10_000, 300, device="meta")
    return sum(p.numel() for p in table.parameters()) == 10_000 * 300 + 300


def embedding_14() -> bool:
    """Whether the cosines with a query agree."""
    query, *words = word_vectors()
    text = torch.stack(words)
    mean, total = (
        functional.cosine_similarity(pooled, query, dim=0)
        for pooled in (text.mean(dim=0), text.sum(dim=0))
    )
    return bool(torch.isclose(mean, total))


def embedding_15() -> bool:
    """Whether the cosines of pairs of different one-hot vectors differ."""
    pairs = cosines(torch.eye(5, dtype=torch.float64))[~torch.eye(5, dtype=torch.bool)]
    return len(pairs.unique()) > 1


def embedding_16() -> bool:
    """Whether the middle one of seven words has four words within two places."""
    return sum(0 < abs(place - 3) <= 2 for place in range(7)) == 4


def embedding_17() -> bool:
    """Whether cosines differ after an orthogonal map."""
    vectors = word_vectors()
    rotation = torch.linalg.qr(vectors[:4]).Q
    return not torch.allclose(cosines(vectors @ rotation), cosines(vectors))


def embedding_18() -> bool:
    """Whether a shift by (1, 1, 1, 1) keeps the distances and changes the cosines."""
    vectors = word_vectors()
    shifted = vectors + 1
    return torch.allclose(
        torch.pdist(shifted), torch.pdist(vectors)
    ) and not torch.allclose(cosines(shifted), cosines(vectors))
