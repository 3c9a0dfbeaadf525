"""Statements on linear models."""

import torch


def linear_01() -> bool:
    """Whether the ridge makes the matrix of a rank-deficient design regular."""
    X = torch.tensor([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]], dtype=torch.float64)
    regular = X.T @ X + 0.1 * torch.eye(3, dtype=torch.float64)
    return (
        torch.linalg.matrix_rank(X.T @ X).item() < 3
        and torch.linalg.matrix_rank(regular).item() == 3
    )


def linear_04() -> bool:
    """Whether minus the logarithm of a Gaussian grows linearly in the weight."""
    weights = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    penalty = -torch.distributions.Normal(0.0, 1.0).log_prob(weights)
    return bool(torch.isclose(penalty[2] - penalty[1], penalty[1] - penalty[0]))


def linear_09() -> bool:
    """Whether relu(-2x + 6) is active to the left of 3, and only there."""
    left, right = torch.relu(-2 * torch.tensor([2.9, 3.1]) + 6)
    return bool(left > 0 and right == 0)


def linear_11() -> bool:
    """Whether the products with the residuals vanish for a random design."""
    torch.manual_seed(0)
    X, y = torch.randn(8, 3).double(), torch.randn(8, 1).double()
    residuals = y - X @ torch.linalg.lstsq(X, y).solution
    return bool((X.T @ residuals).abs().max() < 1e-12)


def linear_12() -> bool:
    """Whether any of 41 points changes its class when the score is doubled."""
    score = 1.5 * torch.linspace(-2, 2, 41, dtype=torch.float64) - 0.7
    classes = score.sigmoid() > 0.5
    return not torch.equal((2 * score).sigmoid() > 0.5, classes)
