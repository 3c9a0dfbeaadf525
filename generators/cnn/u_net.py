"""The sizes of maps on their way down and up a U-Net."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Shape
from ...question import Given, MistakeValues, Question, mistake

LOST = 4
"""Rows and columns that two 3 × 3 convolutions without padding take."""
LARGEST_SIDE = 2048
MOST_CHANNELS = 256
MOST_LEVELS = 5
Size = tuple[int, ...]


class UnetShapes(Question):
    """The sizes of the maps in a U-Net, from the image to the output.

    At level 1 one level with padded convolutions; at level 2 two or three levels and the parameters of the
    convolution behind a copy; at level 3 convolutions without padding, so that copies must be cropped.

    Source: Ronneberger, Fischer & Brox 2015, U-Net: convolutional networks for biomedical image segmentation,
    section 2 and figure 1.
    """

    title = "Sizes in a U-Net"
    minutes = {1: 3, 2: 6, 3: 8}

    size: tuple[int, int, int]
    """Channels, rows and columns of the image."""
    width: int
    """The filters of the first level."""
    depth: int
    """How often the maps are pooled."""
    classes: int
    """The maps of the output."""
    valid: bool
    """Whether the convolutions have no padding."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        channels, classes = rng.choice([1, 3]), rng.choice([2, 3, 4, 5, 10])
        if level == 1:
            side = rng.randrange(16, 130, 2)
            return cls((channels, side, side), rng.choice([8, 16, 32, 64]), 1, classes, valid=False)
        if level == 2:
            levels = rng.choice([2, 2, 3])
            rows, columns = rng.sample(range(16, 161, 2**levels), 2)
            return cls(
                (channels, rows, columns), rng.choice([8, 16, 24, 32, 64]), levels, classes, valid=False
            )
        levels = rng.choice([2, 2, 3])
        sides = [rng.randint(12, 40) for _ in range(2)]
        for _ in range(levels):
            sides = [2 * side + LOST for side in sides]
        rows, columns = sides if rng.random() < 0.5 else sides[:1] * 2
        return cls((channels, rows, columns), rng.choice([8, 16, 32, 64]), levels, classes, valid=True)

    def flaw(self) -> str | None:
        if not 1 <= self.depth <= MOST_LEVELS:
            return f"there are 1 to {MOST_LEVELS} levels"
        if not all(1 <= side <= LARGEST_SIDE for side in self.size[1:]):
            return f"rows and columns are 1 to {LARGEST_SIDE}"
        if not all(1 <= number <= MOST_CHANNELS for number in (self.size[0], self.width, self.classes)):
            return f"channels, filters and classes are 1 to {MOST_CHANNELS}"
        if self.width % 2:
            return "the number of filters is even"
        return self._flaw_of_side(self.size[1]) or self._flaw_of_side(self.size[2])

    def _flaw_of_side(self, side: int) -> str | None:
        """Why rows or columns, so many, do not get through."""
        for _ in range(self.depth):
            if (side - self.lost) % 2 or side <= self.lost:
                return "maps with an odd number of rows or columns, or none, are pooled"
            side = (side - self.lost) // 2
        for _ in range(self.depth):
            side = 2 * (side - self.lost)
        return "nothing is left of the output" if side <= self.lost else None

    @property
    def lost(self) -> int:
        """Rows and columns that a box takes."""
        return LOST if self.valid else 0

    @property
    def asks_parameters(self) -> bool:
        """Whether the parameters behind the last copy are asked for."""
        return self.depth > 1 and not self.valid

    @property
    def stages(self) -> list[tuple[str, str]]:
        """What is asked for, row by row: what it is, and its blank."""
        down = [(f"behind C{level}", f"down_{level}") for level in range(1, self.depth + 1)]
        rows = [*down, ("behind B", "bottom")]
        for level in range(self.depth, 0, -1):
            if self.valid:
                rows.append((f"cut from each border of the copy for E{level}", f"crop_{level}"))
            rows.append((f"into E{level}", f"joined_{level}"))
        return [*rows, ("output", "output")]

    @property
    def diagram(self) -> dict[str, Any]:
        """The network as a figure."""
        levels = range(1, self.depth + 1)
        return {
            "contracting": [f"C{level}" for level in levels],
            "bottom": "$\\mathrm{B}$",
            "expanding": [f"E{level}" for level in levels],
        }

    @property
    def sizes(self) -> dict[str, Any]:
        """The true value of each blank."""
        return self.consequences()

    @property
    def enlarged(self) -> dict[int, Size]:
        """What the transposed convolution makes in front of each level of the expanding path."""
        below = {self.depth: self.sizes["bottom"]}
        for level in range(self.depth, 1, -1):
            _, rows, columns = self.sizes[f"joined_{level}"]
            below[level - 1] = (self.sizes[f"down_{level}"][0], rows - self.lost, columns - self.lost)
        return {level: _enlarged(maps) for level, maps in below.items()}

    @property
    def behind_copy(self) -> int:
        """The parameters of the first convolution of E1."""
        return (9 * 2 * self.width + 1) * self.width

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {}
        maps, filters, copies = self.size, self.width, {}
        for level in range(1, self.depth + 1):
            maps = _sized(filters, maps[1] - self.lost, maps[2] - self.lost)
            keys[f"down_{level}"] = Shape(maps)
            copies[level] = given(f"down_{level}", maps)
            filters = 2 * copies[level][0]
            maps = _sized(filters, copies[level][1] // 2, copies[level][2] // 2)
        maps = _sized(filters, maps[1] - self.lost, maps[2] - self.lost)
        keys["bottom"] = Shape(maps)
        maps = given("bottom", maps)
        for level in range(self.depth, 0, -1):
            copy, (half, rows, columns) = copies[level], _enlarged(maps)
            if self.valid:
                keys[f"crop_{level}"] = Integer((copy[1] - rows) // 2)
            joined = _sized(half + copy[0], rows, columns)
            keys[f"joined_{level}"] = Shape(joined)
            joined = given(f"joined_{level}", joined)
            maps = _sized(copy[0], joined[1] - self.lost, joined[2] - self.lost)
        keys["output"] = Shape((self.classes, *maps[1:]))
        return keys | ({"parameters": Integer(self.behind_copy)} if self.asks_parameters else {})

    def _joined(self) -> dict[str, Size]:
        return {blank: size for blank, size in self.sizes.items() if blank.startswith("joined")}

    @mistake("A copy is stacked on the maps from below, it is not added: their channels add up.")
    def adds_instead_of_concat(self) -> MistakeValues:
        return {blank: (size[0] // 2, *size[1:]) for blank, size in self._joined().items()}

    @mistake("The number of filters doubles from each level to the next below.")
    def channels_not_doubled(self) -> MistakeValues:
        deeper = [*(f"down_{level}" for level in range(2, self.depth + 1)), "bottom"]
        return {blank: (self.width, *self.sizes[blank][1:]) for blank in deeper}

    @mistake("The copy is cut to the size of the maps from below before both are stacked.")
    def no_crop(self) -> MistakeValues:
        if not self.valid:
            return None
        levels = range(1, self.depth + 1)
        return {f"joined_{n}": (self.sizes[f"joined_{n}"][0], *self.sizes[f"down_{n}"][1:]) for n in levels}

    @mistake("Two convolutions of 3 × 3 without padding take 4 rows and 4 columns.")
    def same_for_valid(self) -> MistakeValues:
        return self._other(replace(self, valid=False)) if self.valid else None

    @mistake("These convolutions are padded: they keep rows and columns.")
    def valid_for_same(self) -> MistakeValues:
        return None if self.valid else self._other(replace(self, valid=True))

    def _other(self, other: UnetShapes) -> MistakeValues:
        """The sizes of another network, where it has any."""
        try:
            sizes = other.sizes
        except ValueError:
            return None
        return {blank: size for blank, size in sizes.items() if blank in self.sizes and "crop" not in blank}

    @mistake("Half of what is too much is cut from each of two borders.")
    def cuts_all_from_one_border(self) -> MistakeValues:
        return {blank: 2 * cut for blank, cut in self.sizes.items() if blank.startswith("crop")}

    @mistake("The transposed convolution halves the number of channels.")
    def keeps_channels_going_up(self) -> MistakeValues:
        return {blank: (3 * size[0] // 2, *size[1:]) for blank, size in self._joined().items()}

    @mistake("The transposed convolution doubles rows and columns.")
    def does_not_enlarge(self) -> MistakeValues:
        blank = f"joined_{self.depth}"
        return {blank: (self.sizes[blank][0], *self.sizes["bottom"][1:])}

    @mistake("Pooling comes after the copy is taken: behind a box the maps are still large.")
    def pools_inside_the_box(self) -> MistakeValues:
        halved = {}
        for level in range(1, self.depth + 1):
            filters, rows, columns = self.sizes[f"down_{level}"]
            halved[f"down_{level}"] = (filters, rows // 2, columns // 2)
        return halved

    @mistake("The last 1 × 1 convolution makes one map for each class.")
    def keeps_the_filters_at_the_end(self) -> MistakeValues:
        return {"output": (self.width, *self.sizes["output"][1:])}

    @mistake("Without padding the output is smaller than the image.")
    def puts_out_the_image_size(self) -> MistakeValues:
        return {"output": (self.classes, *self.size[1:])} if self.valid else None

    @mistake("The convolution behind a copy sees the channels of the copy too.")
    def forgets_the_copy(self) -> MistakeValues:
        return {"parameters": (9 * self.width + 1) * self.width} if self.asks_parameters else None

    @mistake("Each filter has a bias.")
    def forgets_the_biases(self) -> MistakeValues:
        return {"parameters": self.behind_copy - self.width} if self.asks_parameters else None


def _sized(channels: int, rows: int, columns: int) -> tuple[int, int, int]:
    """A size.

    Raises:
        ValueError: it is empty.
    """
    if min(channels, rows, columns) < 1:
        raise ValueError("no pixels are left")
    return channels, rows, columns


def _enlarged(maps: Size) -> tuple[int, int, int]:
    """The size behind a transposed convolution of 2 × 2 with stride 2."""
    return maps[0] // 2, 2 * maps[1], 2 * maps[2]
