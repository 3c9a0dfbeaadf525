"""Statements on graph neural networks."""

import torch
from torch import Tensor


def house_with_self_loops() -> Tensor:
    """The adjacency matrix of a square with a roof, plus the identity."""
    A = torch.eye(5, dtype=torch.float64)
    for i, j in ((0, 1), (1, 2), (2, 3), (3, 0), (3, 4), (4, 0)):
        A[i, j] = A[j, i] = 1
    return A


def symmetrically_normalised(A: Tensor) -> Tensor:
    """The matrix between inverse square roots of its degrees."""
    scale = A.sum(dim=1).rsqrt()
    return scale[:, None] * A * scale


def gnn_01() -> bool:
    """Whether the rows of such a matrix sum to one."""
    sums = symmetrically_normalised(house_with_self_loops()).sum(dim=1)
    return torch.allclose(sums, torch.ones_like(sums))


def gnn_02() -> bool:
    """Whether the largest eigenvalue of such a matrix is one."""
    largest = torch.linalg.eigvalsh(symmetrically_normalised(house_with_self_loops()))[
        -1
    ]
    return abs(largest.item() - 1) < 1e-12


def gnn_08() -> bool:
    """Whether the means of the two multisets differ."""
    return (
        torch.tensor([1.0, 2.0]).mean().item()
        != torch.tensor([1.0, 1.0, 2.0, 2.0]).mean().item()
    )


def node_features() -> Tensor:
    """Features of five nodes, always the same ones."""
    torch.manual_seed(0)
    return torch.randn(5, 3, dtype=torch.float64)


def cycle(length: int) -> Tensor:
    """The adjacency matrix of a cycle."""
    step = torch.eye(length, dtype=torch.float64).roll(1, dims=1)
    return step + step.T


def gnn_14() -> bool:
    """Whether the outputs of reversed nodes are the reversed outputs."""
    A, X = house_with_self_loops(), node_features()
    renumbered = symmetrically_normalised(A.flip(0, 1)) @ X.flip(0)
    return torch.allclose(renumbered, (symmetrically_normalised(A) @ X).flip(0))


def gnn_15() -> bool:
    """Whether ten layers see a hexagon and two triangles as different."""
    torch.manual_seed(0)
    weights = torch.randn(10, 2, 2, dtype=torch.float64)
    outputs = []
    for A in (cycle(6), torch.block_diag(cycle(3), cycle(3))):
        X = torch.ones(6, 2, dtype=torch.float64)
        for W in weights:
            X = torch.tanh(symmetrically_normalised(A + torch.eye(6)) @ X @ W)
        outputs.append(X)
    hexagon, triangles = outputs
    return not torch.allclose(hexagon, triangles)


def gnn_16() -> bool:
    """Whether the product with ones counts the neighbours in a list of edges."""
    A = house_with_self_loops() - torch.eye(5)
    sources, _ = A.nonzero(as_tuple=True)
    return torch.equal(A @ torch.ones(5, dtype=torch.float64), sources.bincount())


def gnn_17() -> bool:
    """Whether the maxima of the two multisets differ."""
    return max([1, 1, 2]) != max([1, 2, 2])


def gnn_18() -> bool:
    """Whether 200 averages leave the same features everywhere."""
    A, X = house_with_self_loops(), node_features()
    average = A / A.sum(dim=1, keepdim=True)
    for _ in range(200):
        X = average @ X
    return torch.allclose(X, X[:1].expand_as(X))


def gnn_19() -> bool:
    """Whether the square of a square's matrix marks the opposite corners only."""
    A = cycle(4)
    opposite = torch.eye(4, dtype=torch.float64).roll(2, dims=1)
    return torch.equal(A @ A, opposite)


def gnn_20() -> bool:
    """Whether the Laplacian of the house sends ones to zeros."""
    A = house_with_self_loops() - torch.eye(5)
    laplacian = torch.diag(A.sum(dim=1)) - A
    return bool((laplacian.sum(dim=1) == 0).all())


def gnn_21() -> bool:
    """Whether the edges of the path, in both directions, take more numbers."""
    A = torch.diag(torch.ones(999), 1)
    edges = (A + A.T).nonzero()
    return edges.numel() > A.numel()


def gnn_22() -> bool:
    """Whether the house and a hexagon get the same outputs together as apart."""
    graphs = [house_with_self_loops(), cycle(6) + torch.eye(6)]
    features = [node_features(), node_features()[[0, 1, 2, 3, 4, 0]]]
    together = symmetrically_normalised(torch.block_diag(*graphs)) @ torch.cat(features)
    apart = [
        symmetrically_normalised(A) @ X for A, X in zip(graphs, features, strict=True)
    ]
    return torch.allclose(together, torch.cat(apart))


def gnn_23() -> bool:
    """Whether the sums differ when the edges are listed backwards."""
    sources, targets = house_with_self_loops().nonzero(as_tuple=True)
    X = node_features()
    listed, backwards = (
        torch.zeros_like(X).index_add(0, targets[order], X[sources[order]])
        for order in (
            torch.arange(len(sources)),
            torch.arange(len(sources)).flip(0),
        )
    )
    return not torch.allclose(listed, backwards)


def gnn_24() -> bool:
    """Whether the layer without neighbours gives zeros."""
    alone = torch.eye(5, dtype=torch.float64)
    return bool((symmetrically_normalised(alone) @ node_features() == 0).all())
