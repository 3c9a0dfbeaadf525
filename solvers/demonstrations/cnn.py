"""Statements on convolutional networks."""

import torch
from torch import Tensor, nn
from torch.nn import functional


def size_of(layer: nn.Module) -> int:
    """How many parameters a layer has."""
    return sum(parameter.numel() for parameter in layer.parameters())


def random_image(height: int, width: int, channels: int = 1) -> Tensor:
    """An image of noise, always the same one."""
    torch.manual_seed(0)
    return torch.randn(1, channels, height, width, dtype=torch.float64)


def random_kernel() -> Tensor:
    """A 3x3 kernel without any symmetry."""
    return torch.arange(1.0, 10.0, dtype=torch.float64).reshape(1, 1, 3, 3) / 10


def cnn_01() -> bool:
    """Whether a layer has other parameters after it has seen a larger image."""
    layer = nn.Conv2d(1, 2, 3)
    sizes = set()
    for side in (8, 16):
        layer(torch.zeros(1, 1, side, side))
        sizes.add(size_of(layer))
    return len(sizes) > 1


def cnn_02() -> bool:
    """Whether the layer has no parameters."""
    return size_of(nn.MaxPool2d(2)) == 0


def cnn_03() -> bool:
    """Whether the layer behind 8 maps is smaller when these are pooled first."""
    maps = torch.zeros(1, 8, 32, 32)
    plain, pooled = maps.flatten(1).shape[1], nn.MaxPool2d(2)(maps).flatten(1).shape[1]
    return size_of(nn.Linear(pooled, 10)) < size_of(nn.Linear(plain, 10))


def cnn_05() -> bool:
    """Whether a window of 3 yields 6 positions on 8 pixels, as stride 1 would."""
    return nn.MaxPool2d(3)(torch.zeros(1, 1, 8, 8)).shape[-1] == 6


def cnn_06() -> bool:
    """Whether a shifted image gives the shifted map, compared away from the border."""
    image, kernel = random_image(10, 10), random_kernel()
    shifted_map = functional.conv2d(image, kernel, padding=1).roll(1, dims=3)
    map_of_shifted = functional.conv2d(image.roll(1, dims=3), kernel, padding=1)
    return torch.allclose(shifted_map[..., 2:-2, 2:-2], map_of_shifted[..., 2:-2, 2:-2])


def cnn_07() -> bool:
    """Whether an enlarged image gives the enlarged map."""
    image, kernel = random_image(6, 6), random_kernel()
    enlarged_map = functional.interpolate(
        functional.conv2d(image, kernel, padding=1), scale_factor=2
    )
    return torch.allclose(
        enlarged_map,
        functional.conv2d(
            functional.interpolate(image, scale_factor=2), kernel, padding=1
        ),
    )


def cnn_08() -> bool:
    """Whether an image turned by 90 degrees gives the turned map."""
    image, kernel = random_image(6, 6), random_kernel()
    turned_map = functional.conv2d(image, kernel).rot90(dims=(2, 3))
    return torch.allclose(
        turned_map, functional.conv2d(image.rot90(dims=(2, 3)), kernel)
    )


def cnn_09() -> bool:
    """Whether pooling forgets a shift by one pixel."""
    image = random_image(8, 8)
    return torch.allclose(
        functional.max_pool2d(image, 2), functional.max_pool2d(image.roll(1, dims=3), 2)
    )


def cnn_11() -> bool:
    """Whether an output pixel has a gradient at exactly 5x5 pixels of the image."""
    image, kernel = torch.zeros(1, 1, 9, 9, requires_grad=True), torch.ones(1, 1, 3, 3)
    features = functional.conv2d(functional.conv2d(image, kernel), kernel)
    (gradient,) = torch.autograd.grad(features[0, 0, 2, 2], image)
    rows, columns = gradient[0, 0].nonzero(as_tuple=True)
    return len(rows) == 25 and len(rows.unique()) == 5 and len(columns.unique()) == 5


def cnn_12() -> bool:
    """Whether two 3x3 layers with 8 channels have fewer weights than a 5x5 layer."""
    return 2 * size_of(nn.Conv2d(8, 8, 3, bias=False)) < size_of(
        nn.Conv2d(8, 8, 5, bias=False)
    )


def cnn_13() -> bool:
    """Whether 7 and 8 pixels give equally many outputs."""
    layer = nn.Conv2d(1, 1, 3, stride=2)
    return layer(torch.zeros(1, 1, 7, 7)).shape == layer(torch.zeros(1, 1, 8, 8)).shape


def cnn_14() -> bool:
    """Whether the map is larger or smaller than the image."""
    return nn.Conv2d(3, 8, 1)(torch.zeros(1, 3, 6, 7)).shape[2:] != (6, 7)


def cnn_15() -> bool:
    """Whether from 32 to 64 channels the two layers outweigh the standard one."""
    depthwise, pointwise = (
        nn.Conv2d(32, 32, 3, groups=32, bias=False),
        nn.Conv2d(32, 64, 1, bias=False),
    )
    return size_of(depthwise) + size_of(pointwise) > size_of(
        nn.Conv2d(32, 64, 3, bias=False)
    )


def cnn_16() -> bool:
    """Whether the transposed convolution gives the image back."""
    image, kernel = random_image(6, 6), random_kernel()
    return torch.allclose(
        functional.conv_transpose2d(functional.conv2d(image, kernel), kernel), image
    )


def cnn_17() -> bool:
    """Whether a padding of 2 gives a smaller map than no padding."""
    image = torch.zeros(1, 1, 64, 64)
    padded, plain = (
        nn.ConvTranspose2d(1, 1, 5, padding=padding)(image) for padding in (2, 0)
    )
    return padded.shape[-1] < plain.shape[-1]


def cnn_18() -> bool:
    """Whether an output padding as large as the stride is accepted."""
    try:
        nn.ConvTranspose2d(1, 1, 3, stride=2, output_padding=2)(torch.zeros(1, 1, 4, 4))
    except RuntimeError:
        return False
    return True


def cnn_21() -> bool:
    """Whether 64 channels can be added to 128 with a projection only."""
    image, branch, projection = (
        torch.zeros(1, 64, 4, 4),
        nn.Conv2d(64, 128, 1),
        nn.Conv2d(64, 128, 1),
    )
    try:
        branch(image) + image
    except RuntimeError:
        return (branch(image) + projection(image)).shape == (1, 128, 4, 4)
    return False


def cnn_22() -> bool:
    """Whether one network classifies images of 8x8 and of 17x17 pixels."""
    network = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 10)
    )
    return all(
        network(torch.zeros(1, 3, side, side)).shape == (1, 10) for side in (8, 17)
    )


def cnn_24() -> bool:
    """Whether 5 output channels have 5 biases, each of which shifts its whole map."""
    layer = nn.Conv2d(3, 5, 3)
    assert layer.bias is not None
    flat = layer(torch.zeros(1, 3, 6, 6))
    return layer.bias.shape == (5,) and torch.allclose(
        flat, layer.bias.reshape(1, 5, 1, 1).expand_as(flat)
    )


def cnn_26() -> bool:
    """Whether pools of averages add up, and those of maxima do not."""
    left = random_image(4, 4)
    right = left.flip(3)
    average, maximum = (
        torch.allclose(pool(left + right, 2), pool(left, 2) + pool(right, 2))
        for pool in (functional.avg_pool2d, functional.max_pool2d)
    )
    return average and not maximum


def cnn_29() -> bool:
    """Whether 25 images, read as rows of 400, stay 25 rows."""
    return torch.zeros(25, 16, 4, 4).view(-1, 400).shape[0] == 25


def cnn_31() -> bool:
    """Whether the Jacobian gives the map, is mostly zero and has 9 other values."""
    image, kernel = random_image(6, 6), random_kernel()
    matrix = torch.autograd.functional.jacobian(
        lambda pixels: functional.conv2d(pixels, kernel), image
    ).reshape(16, 36)
    product = torch.equal(
        matrix.unique(), torch.cat([torch.zeros(1), kernel.flatten()])
    )
    mapped = torch.allclose(
        matrix @ image.flatten(), functional.conv2d(image, kernel).flatten()
    )
    return product and mapped and (matrix == 0).double().mean().item() > 0.5


def cnn_32() -> bool:
    """Whether the map of the shifted image is the shifted map, away from the border."""
    image, kernel = random_image(12, 12), random_kernel()
    features = functional.conv2d(image, kernel, stride=2)
    shifted = functional.conv2d(image.roll(1, dims=3), kernel, stride=2)
    return torch.allclose(shifted[..., 1:], features[..., :-1])


def cnn_33() -> bool:
    """Whether both have the same number of weights, from 8 to 16 channels."""
    one, four = (nn.Conv2d(8, 16, 3, groups=groups, bias=False) for groups in (1, 4))
    return size_of(one) == size_of(four)


def cnn_34() -> bool:
    """Whether one output needs 5x5 pixels with dilation, by the same weights."""
    plain, dilated = nn.Conv2d(1, 1, 3), nn.Conv2d(1, 1, 3, dilation=2)
    output = dilated(torch.zeros(1, 1, 5, 5))
    return output.shape[2:] == (1, 1) and size_of(dilated) == size_of(plain)


def cnn_35() -> bool:
    """Whether the two orders differ on noise."""
    image = random_image(8, 8)
    before = functional.max_pool2d(image, 2).relu()
    return not torch.allclose(before, functional.max_pool2d(image.relu(), 2))


def cnn_36() -> bool:
    """Whether the two orders agree on noise."""
    image = random_image(8, 8)
    before = functional.avg_pool2d(image, 2).relu()
    return torch.allclose(before, functional.avg_pool2d(image.relu(), 2))


def cnn_37() -> bool:
    """Whether a linear layer of the same matrix, on each pixel, gives the same map."""
    image = random_image(4, 5, channels=3)
    kernel = random_image(1, 1, channels=6).reshape(2, 3, 1, 1)
    pixels = functional.linear(image.movedim(1, 3), kernel[:, :, 0, 0])
    return torch.allclose(functional.conv2d(image, kernel).movedim(1, 3), pixels)


def cnn_38() -> bool:
    """Whether the flattened kernels, as a matrix, give the same numbers."""
    image = random_image(4, 4, channels=3)
    kernels = random_image(4, 4, channels=6).reshape(2, 3, 4, 4)
    connected = functional.linear(image.flatten(1), kernels.flatten(1))
    return torch.allclose(functional.conv2d(image, kernels).flatten(1), connected)


def cnn_39() -> bool:
    """Whether kernels of 1, 3 and 5 keep 8x8 pixels with a padding of 1."""
    image = torch.zeros(1, 1, 8, 8)
    return all(
        nn.Conv2d(1, 1, side, padding=1)(image).shape == image.shape
        for side in (1, 3, 5)
    )


def cnn_40() -> bool:
    """Whether one 5x5 kernel does what two 3x3 kernels do."""
    image, first = random_image(8, 8), random_kernel()
    second = first.transpose(2, 3).flip(2)
    both = functional.conv2d(functional.conv2d(image, first), second)
    larger = functional.conv2d(first, second.flip(2, 3), padding=2)
    return torch.allclose(functional.conv2d(image, larger), both)
