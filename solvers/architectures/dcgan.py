"""The generator and the discriminator of DCGAN, for images of 3 × 64 × 64."""

from __future__ import annotations

from itertools import pairwise

from torch import nn


def generator(noise: int = 100, width: int = 64, channels: int = 3) -> nn.Sequential:
    """Transposed convolutions from noise of shape (N, noise, 1, 1) to images.

    Source: Radford et al. 2016, Unsupervised representation learning with deep
    convolutional generative adversarial networks, section 3 and figure 1, with 64
    times 8, 4, 2 and 1 channels, as in PyTorch's tutorial.
    """
    widths = [width * factor for factor in (8, 4, 2, 1)]
    layers: list[nn.Module] = [nn.ConvTranspose2d(noise, widths[0], 4, bias=False)]
    for before, after in pairwise(widths):
        layers += [nn.BatchNorm2d(before), nn.ReLU()]
        layers.append(nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False))
    layers += [nn.BatchNorm2d(width), nn.ReLU()]
    last = nn.ConvTranspose2d(width, channels, 4, 2, 1, bias=False)
    return nn.Sequential(*layers, last, nn.Tanh())


def discriminator(width: int = 64, channels: int = 3) -> nn.Sequential:
    """Convolutions with stride 2 from images to one probability.

    Source: Radford et al. 2016, section 3.
    """
    widths = [width * factor for factor in (1, 2, 4, 8)]
    layers: list[nn.Module] = [nn.Conv2d(channels, width, 4, 2, 1, bias=False)]
    layers.append(nn.LeakyReLU(0.2))
    for before, after in pairwise(widths):
        layers.append(nn.Conv2d(before, after, 4, 2, 1, bias=False))
        layers += [nn.BatchNorm2d(after), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Conv2d(widths[-1], 1, 4, bias=False), nn.Sigmoid())
