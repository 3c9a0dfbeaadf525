"""Tasks whose targets come from the data itself: contrasted views, rotations, masked patches."""

from __future__ import annotations

import math
from random import Random
from typing import Self

from ...answers import Answer, Integer, Matrix, Real
from ...question import Given, MistakeValues, Question, mistake
from ..numbers import transposed

Picture = tuple[tuple[int, ...], ...]

FORMS = ("views", "matrix", "rotations", "patches")
MOST_IMAGES = 1_000_000
MOST_IN_BATCH = 512
MOST_ROWS = 5
LARGEST_SIDE = 1024
TURNS = 4


class PretextCounts(Question):
    """What self-supervised tasks make of unlabelled images: pairs, classes, patches, and the loss of chance.

    At level 1 the views and negatives of SimCLR are counted, at level 2 the cells of its similarity matrix;
    at level 3 images are rotated and recognised, or cut into patches of which a part is masked.

    Source: Chen et al. 2020, A simple framework for contrastive learning of visual representations, section
    2.1; Gidaris et al. 2018, Unsupervised representation learning by predicting image rotations, section 2;
    He et al. 2022, Masked autoencoders are scalable vision learners, section 3.
    """

    title = "Self-supervised tasks"
    minutes = {1: 2, 2: 5, 3: 6}

    form: str
    """`views`, `matrix`, `rotations` or `patches`."""
    images: int
    """In a batch, or in the data set that is rotated; 1 for patches."""
    anchor: int
    """The row of a view in the similarity matrix, from 0."""
    alternating: bool
    """Whether both views of an image are neighbours; otherwise all second views follow all first ones."""
    picture: Picture
    """A small image to be rotated."""
    turns: tuple[int, ...]
    """By how many quarter turns it is to be rotated, and was rotated."""
    size: tuple[int, ...]
    """Channels, rows and columns of an image that is cut into patches."""
    patch: int
    """The side of a patch."""
    percent: int
    """The share of masked patches."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        if level == 1:
            return cls("views", rng.randint(2, 64), 0, False, (), (), (), 0, 0)
        if level == 2:
            images = rng.choice([16, 20, 24, 32, 40, 48, 50, 64, 100, 128, 200, 256])
            anchor = rng.randrange(2 * images)
            return cls("matrix", images, anchor, rng.random() < 0.5, (), (), (), 0, 0)
        if rng.random() < 0.5:
            picture = tuple(tuple(rng.randint(0, 9) for _ in range(3)) for _ in range(3))
            first, second = rng.sample([1, 2, 3], 2)
            return cls("rotations", 250 * rng.randint(2, 200), 0, False, picture, (first, second), (), 0, 0)
        patch, percent = rng.choice([4, 8, 14, 16]), rng.choice([25, 40, 50, 60, 75, 75, 80])
        size = rng.choice([1, 3]), 2 * patch * rng.randint(2, 8), 2 * patch * rng.randint(2, 8)
        return cls("patches", 1, 0, False, (), (), size, patch, percent)

    def flaw(self) -> str | None:
        if self.form not in FORMS:
            return f"form is one of {', '.join(FORMS)}"
        if (self.form == "rotations") != bool(self.picture) or (self.form == "patches") != bool(self.size):
            return "a picture belongs to rotations, and a size to patches"
        if self.picture:
            return self._flaw_of_rotations()
        if self.size:
            return self._flaw_of_patches()
        if not 2 <= self.images <= MOST_IN_BATCH or not 0 <= self.anchor < self.views:
            return f"a batch has 2 to {MOST_IN_BATCH} images, and the anchor is one of their views"
        return None

    def _flaw_of_rotations(self) -> str | None:
        side = len(self.picture)
        if not 2 <= side <= MOST_ROWS or any(len(row) != side for row in self.picture):
            return f"the picture is a square of two to {MOST_ROWS} rows"
        if not all(0 <= pixel <= 255 for row in self.picture for pixel in row):
            return "pixels lie between 0 and 255"
        if len(self.turns) != 2 or len({*self.turns, 0}) != 3 or not {*self.turns} <= {*range(TURNS)}:
            return "two different rotations by one to three quarter turns are given"
        if len({_turned(self.picture, turn) for turn in range(TURNS)}) < TURNS:
            return "the picture looks the same after a rotation"
        return None if 1 <= self.images <= MOST_IMAGES else f"there are one to {MOST_IMAGES} images"

    def _flaw_of_patches(self) -> str | None:
        if len(self.size) != 3 or not all(1 <= side <= LARGEST_SIDE for side in self.size):
            return f"an image has channels, rows and columns, at most {LARGEST_SIDE} each"
        if not 1 <= self.patch <= LARGEST_SIDE or any(side % self.patch for side in self.size[1:]):
            return "the image is cut into whole patches"
        if self.images != 1:
            return "one image is cut into patches"
        if not 0 < self.percent < 100 or self.patches * self.percent % 100:
            return "a part of the patches is masked, a whole number of them"
        return None

    @property
    def views(self) -> int:
        """Of all images in the batch."""
        return 2 * self.images

    @property
    def column(self) -> int:
        """The column of the anchor's positive."""
        return self._column(self.alternating)

    def _column(self, alternating: bool) -> int:
        if alternating:
            return self.anchor + 1 if self.anchor % 2 == 0 else self.anchor - 1
        return (self.anchor + self.images) % self.views

    @property
    def small_matrix(self) -> list[list[str]]:
        """The cells of the similarity matrix of three images: + for positives, − for negatives."""
        order = [image for image in range(3) for _ in range(2)] if self.alternating else [0, 1, 2, 0, 1, 2]
        return [
            ["" if row == column else "+" if left == right else "−" for column, right in enumerate(order)]
            for row, left in enumerate(order)
        ]

    @property
    def rotated(self) -> Picture:
        """The picture after the first rotation."""
        return _turned(self.picture, self.turns[0]) if self.picture else ()

    @property
    def shown(self) -> Picture:
        """The picture after the second one."""
        return _turned(self.picture, self.turns[1]) if self.picture else ()

    @property
    def patches(self) -> int:
        """Of the image."""
        return math.prod(side // self.patch for side in self.size[1:]) if self.size else 0

    @property
    def masked(self) -> int:
        """The masked patches."""
        return self.patches * self.percent // 100

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "views":
            views = given("views", self.views)
            return {
                "views": Integer(self.views),
                "negatives": Integer(views - 2),
                "pairs": Integer(self.images),
            }
        if self.form == "matrix":
            return self._follow_matrix(given)
        if self.form == "rotations":
            return {
                "rotated": Matrix(self.rotated),
                "turns_seen": Integer(self.turns[1]),
                "samples": Integer(TURNS * self.images),
                "loss": Real(math.log(TURNS), 4),
            }
        return self._follow_patches(given)

    def _follow_matrix(self, given: Given) -> dict[str, Answer]:
        entries = given("entries", self.views**2)
        positives = given("positives", self.views)
        return {
            "entries": Integer(self.views**2),
            "positives": Integer(self.views),
            "negatives": Integer(entries - self.views - positives),
            "column": Integer(self.column),
            "loss": Real(math.log(self.views - 1), 4),
        }

    def _follow_patches(self, given: Given) -> dict[str, Answer]:
        patches = given("patches", self.patches)
        masked = patches * self.percent // 100
        visible = patches - given("masked", masked)
        share = (given("visible", visible) / patches) ** 2
        return {
            "patches": Integer(self.patches),
            "masked": Integer(masked),
            "visible": Integer(visible),
            "targets": Integer(given("masked", masked) * self.patch**2 * self.size[0]),
            "share": Real(share, 4),
        }

    @mistake("Both views of every other image are negatives, not one of them.")
    def one_negative_per_image(self) -> MistakeValues:
        return {"negatives": self.images - 1} if self.form == "views" else None

    @mistake("Neither the anchor itself nor its positive is a negative.")
    def counts_the_positive(self) -> MistakeValues:
        return {"negatives": self.views - 1} if self.form == "views" else None

    @mistake("A view is not compared with itself.")
    def counts_self(self) -> MistakeValues:
        if self.form == "views":
            return {"negatives": self.views}
        return {"loss": math.log(self.views)} if self.form == "matrix" else None

    @mistake("Every image yields two views, by two augmentations.")
    def has_one_view(self) -> MistakeValues:
        if self.form == "views":
            return self.consequences(views=self.images)
        return {"entries": self.images**2} if self.form == "matrix" else None

    @mistake("Two views of an image are one pair, whichever is named first.")
    def counts_ordered_pairs(self) -> MistakeValues:
        return {"pairs": self.views} if self.form == "views" else None

    @mistake("The cells of the diagonal are no negatives.")
    def counts_the_diagonal(self) -> MistakeValues:
        return {"negatives": self.views**2 - self.views} if self.form == "matrix" else None

    @mistake("The matrix is symmetric: each pair of views stands in two cells.")
    def counts_pairs_once(self) -> MistakeValues:
        return self.consequences(positives=self.images) if self.form == "matrix" else None

    @mistake("The order of the views decides where the positive stands.")
    def takes_the_other_order(self) -> MistakeValues:
        return {"column": self._column(not self.alternating)} if self.form == "matrix" else None

    @mistake("The diagonal compares a view with itself; the positive is the other view.")
    def takes_the_diagonal(self) -> MistakeValues:
        return {"column": self.anchor} if self.form == "matrix" else None

    @mistake("The softmax runs over all other views of the batch, 2N − 1 of them.")
    def chance_among_images(self) -> MistakeValues:
        return {"loss": math.log(self.images)} if self.form == "matrix" else None

    @mistake("A positive angle turns counter-clockwise.")
    def rotates_clockwise(self) -> MistakeValues:
        if not self.picture:
            return None
        first, second = ((TURNS - turn) % TURNS for turn in self.turns)
        return {"rotated": _turned(self.picture, first), "turns_seen": second}

    @mistake("Transposing mirrors the image at its diagonal; a rotation also reverses rows or columns.")
    def transposes(self) -> MistakeValues:
        return {"rotated": transposed(self.picture)} if self.picture else None

    @mistake("Reversing the rows mirrors the image.")
    def mirrors(self) -> MistakeValues:
        return {"rotated": self.picture[::-1]} if self.picture else None

    @mistake("The image that is not rotated is a sample as well, of the class 0.")
    def forgets_the_original(self) -> MistakeValues:
        return {"samples": (TURNS - 1) * self.images} if self.picture else None

    @mistake("The loss uses the natural logarithm; this is its value in bits.")
    def takes_bits(self) -> MistakeValues:
        return {"loss": 2.0} if self.picture else None

    @mistake("This is the probability of the right class; the loss is minus its logarithm.")
    def takes_the_probability(self) -> MistakeValues:
        return {"loss": 1 / TURNS} if self.picture else None

    @mistake("Patches lie side by side in rows and in columns: multiply their numbers.")
    def counts_patches_of_a_row(self) -> MistakeValues:
        return self.consequences(patches=self.size[2] // self.patch) if self.size else None

    @mistake("These patches are masked; the encoder sees the others.")
    def takes_masked_as_visible(self) -> MistakeValues:
        return self.consequences(visible=self.masked) if self.size else None

    @mistake("A patch has its pixels in every channel.")
    def targets_of_one_channel(self) -> MistakeValues:
        return {"targets": self.masked * self.patch**2} if self.size else None

    @mistake("The loss counts the pixels of the masked patches only.")
    def targets_all_patches(self) -> MistakeValues:
        return {"targets": math.prod(self.size)} if self.size else None

    @mistake("Each patch attends to each other one: the entries grow with the square of their number.")
    def share_not_squared(self) -> MistakeValues:
        return {"share": 1 - self.percent / 100} if self.size else None


def _turned(picture: Picture, turns: int) -> Picture:
    """The picture after quarter turns counter-clockwise: the last column becomes the first row."""
    for _ in range(turns):
        picture = tuple(zip(*picture, strict=True))[::-1]
    return picture
