"""Parameters of transformers: of their layers, of their patches, and those that are trained."""

from __future__ import annotations

from random import Random
from typing import Self

from ...answers import Answer, Integer, Real
from ...question import Given, MistakeValues, Question, mistake

LARGEST_WIDTH = 8192
LARGEST_SIDE = 2048


class EncoderParameterCount(Question):
    """The parameters of an encoder or decoder layer of a transformer, part by part, and of a whole model.

    At level 1 only the matrices of an encoder layer count, at level 2 biases and layer normalizations as
    well, at level 3 a decoder has a second attention, or a stack has embeddings and an output layer.

    Source: Vaswani et al. 2017, Attention is all you need, section 3; torch.nn.TransformerEncoderLayer and
    torch.nn.TransformerDecoderLayer; Press & Wolf 2017, Using the output embedding to improve language
    models.
    """

    title = "Parameters of a transformer"
    minutes = {1: 2, 2: 4, 3: 6}

    form: str
    """`matrices`, `layer`, `decoder` or `stack`."""
    width: int
    """The dimensions of a token."""
    inner: int
    """The hidden units of the feed-forward network."""
    heads: int
    layers: int
    vocabulary: int
    positions: int
    """Learned ones; vocabulary and positions are 0 without a stack."""
    shared: bool
    """Of a layer, whether one layer normalization serves twice; of a stack, whether the output layer is the
    embedding table."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        heads = rng.choice([2, 4, 8])
        if level == 3:
            width, inner = rng.choice([(256, 1024), (512, 2048), (768, 3072), (384, 1536), (512, 1024)])
            if rng.random() < 0.4:
                return cls("decoder", width, inner, heads, rng.choice([2, 3, 4, 6, 8, 12]), 0, 0, False)
            vocabulary, layers = 1000 * rng.randint(5, 32), rng.choice([2, 4, 6, 8, 12])
            return cls(
                "stack",
                width,
                inner,
                heads,
                layers,
                vocabulary,
                rng.choice([128, 256, 512]),
                rng.random() < 0.5,
            )
        width = heads * rng.choice([4, 6, 8, 10, 12, 16, 20, 24, 32])
        inner = width * rng.choice([2, 3, 4])
        if level == 1:
            return cls("matrices", width, inner, heads, 1, 0, 0, False)
        return cls("layer", width, inner, heads, rng.choice([2, 3, 4, 6]), 0, 0, rng.random() < 0.3)

    def flaw(self) -> str | None:
        if self.form not in {"matrices", "layer", "decoder", "stack"}:
            return "form is matrices, layer, decoder or stack"
        if not (4 <= self.width <= LARGEST_WIDTH and 4 <= self.inner <= 8 * LARGEST_WIDTH):
            return f"a token has 4 to {LARGEST_WIDTH} dimensions, and 4 hidden units or more"
        if not 1 <= self.heads <= 64 or self.width % self.heads:
            return "the heads, up to 64, do not divide the dimensions of a token"
        if not (self.layers == 1 if self.form == "matrices" else 2 <= self.layers <= 200):
            return "there is one layer of the form matrices, otherwise 2 to 200"
        stack = 2 <= self.vocabulary <= 300_000 and 2 <= self.positions <= 100_000
        if not (stack if self.form == "stack" else self.vocabulary == self.positions == 0):
            return "a stack has a vocabulary of up to 300000 and up to 100000 positions; others have none"
        return "nothing is shared here" if self.shared and self.form in {"matrices", "decoder"} else None

    @property
    def attention(self) -> int:
        """The parameters of one multi-head attention: queries, keys, values and output."""
        return 4 * self.width**2 + (0 if self.form == "matrices" else 4 * self.width)

    @property
    def feed_forward(self) -> int:
        """The parameters of the feed-forward network."""
        return 2 * self.width * self.inner + (0 if self.form == "matrices" else self.inner + self.width)

    @property
    def attentions(self) -> int:
        """In a layer."""
        return 2 if self.form == "decoder" else 1

    @property
    def norms(self) -> int:
        """Layer normalizations with parameters of their own, in a layer."""
        if self.form == "layer":
            return 1 if self.shared else 2
        return {"matrices": 0, "decoder": 3}.get(self.form, 2)

    @property
    def layer(self) -> int:
        """The parameters of a layer."""
        return self.attentions * self.attention + self.feed_forward + self.norms * 2 * self.width

    @property
    def embeddings(self) -> int:
        """The parameters of the embeddings of tokens and positions."""
        return (self.vocabulary + self.positions) * self.width

    @property
    def output_layer(self) -> int:
        """The parameters that the output layer adds; it has no biases."""
        return 0 if self.shared else self.vocabulary * self.width

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "stack":
            layer, embeddings = given("layer", self.layer), given("embeddings", self.embeddings)
            return {
                "layer": Integer(self.layer),
                "embeddings": Integer(self.embeddings),
                "total": Integer(self.layers * layer + embeddings + self.output_layer),
            }
        keys = {"attention": self.attentions * self.attention, "feed_forward": self.feed_forward}
        if self.norms:
            keys["norms"] = self.norms * 2 * self.width
        layer = sum(given(blank, value) for blank, value in keys.items())
        totals = {"layer": layer}
        if self.layers > 1:
            totals["total"] = self.layers * given("layer", layer)
        return {blank: Integer(value) for blank, value in (keys | totals).items()}

    @mistake(
        "The queries, the keys, the values and the output of the attention have a matrix each: four of them."
    )
    def three_matrices(self) -> MistakeValues:
        missing = self.width**2 + (0 if self.form == "matrices" else self.width)
        return self._without(self.attentions * missing, "attention")

    @mistake(
        "The heads share the dimensions of a token: together they have the parameters of one large head."
    )
    def times_heads(self) -> MistakeValues:
        return self._without(-self.attentions * self.attention * (self.heads - 1), "attention")

    @mistake("The feed-forward network has two matrices: one into the hidden units and one back.")
    def one_matrix_in_feed_forward(self) -> MistakeValues:
        missing = self.width * self.inner + (0 if self.form == "matrices" else self.width)
        return self._without(missing, "feed_forward")

    @mistake("The linear maps have biases, one for each output.")
    def forgets_biases(self) -> MistakeValues:
        if self.form == "matrices":
            return None
        if self.form == "stack":
            return self._without(4 * self.width + self.inner + self.width, "layer")
        attention = self.attentions * 4 * self.width**2
        return self.consequences(attention=attention, feed_forward=2 * self.width * self.inner)

    @mistake("Each sublayer has a layer normalization of its own, with two numbers for each dimension.")
    def one_normalization(self) -> MistakeValues:
        if self.form == "matrices" or self.norms == 1:
            return None
        return self._without((self.norms - 1) * 2 * self.width, "norms")

    @mistake("A layer normalization that serves twice has its parameters once.")
    def counts_shared_twice(self) -> MistakeValues:
        return self._without(-2 * self.width, "norms") if self.form == "layer" and self.shared else None

    @mistake("A layer normalization learns a scale and a shift.")
    def normalization_without_shift(self) -> MistakeValues:
        return self._without(self.norms * self.width, "norms") if self.norms else None

    @mistake("A decoder layer has a second attention, on the encoder's output.")
    def one_attention(self) -> MistakeValues:
        return self._without(self.attention, "attention") if self.form == "decoder" else None

    @mistake("The positions are learned: they have a vector each.")
    def forgets_positions(self) -> MistakeValues:
        if self.form != "stack":
            return None
        return self.consequences(embeddings=self.vocabulary * self.width)

    @mistake("An output layer that is the embedding table itself adds no parameters.")
    def counts_tied_twice(self) -> MistakeValues:
        return self._total(self.vocabulary * self.width) if self.form == "stack" and self.shared else None

    @mistake("The output layer has a table of its own here.")
    def forgets_output_layer(self) -> MistakeValues:
        return self._total(-self.output_layer) if self.form == "stack" and not self.shared else None

    def _without(self, missing: int, blank: str) -> MistakeValues:
        """What follows if a part of a layer is smaller by so much."""
        values = {"layer": self.layer} if self.form == "stack" else {blank: self._part(blank)}
        return self.consequences(**{name: value - missing for name, value in values.items()})

    def _part(self, blank: str) -> int:
        parts = {"attention": self.attentions * self.attention, "feed_forward": self.feed_forward}
        return parts.get(blank, self.norms * 2 * self.width)

    def _total(self, more: int) -> MistakeValues:
        return {"total": self.layers * self.layer + self.embeddings + self.output_layer + more}


class VitPatches(Question):
    """Patches of an image as the tokens of a vision transformer, and the parameters of their embedding.

    At level 1 patches and their numbers are counted, at level 2 the class token and the parameters, at level
    3 patches overlap or the image is not square, and the image is enlarged.

    Source: Dosovitskiy et al. 2021, An image is worth 16x16 words, section 3.1; torch.nn.Conv2d.
    """

    title = "Patches of a vision transformer"
    minutes = {1: 2, 2: 4, 3: 6}

    height: int
    width: int
    channels: int
    patch: int
    stride: int
    """The side of a patch, or less where patches overlap."""
    dimension: int
    """Of a token; 0 at level 1."""
    growth: int
    """By how much both sides of the image grow at last; 0 if they do not."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        channels, dimension = rng.choice([1, 3, 3]), rng.choice([64, 96, 128, 192, 256, 384, 512, 768])
        if level < 3:
            patch = rng.choice([4, 7, 8, 14, 16, 32])
            side = patch * rng.randint(3, 16)
            return cls(side, side, channels, patch, patch, dimension if level == 2 else 0, 0)
        patch, growth = rng.choice([8, 16, 32]), rng.choice([2, 2, 3])
        rows, columns = rng.sample(range(3, 13), 2)
        if rng.random() < 0.3:
            stride = patch // 2
            height, width = (patch + stride * n for n in (rows, columns))
            return cls(height, width, channels, patch, stride, dimension, 0)
        return cls(patch * rows, patch * columns, channels, patch, patch, dimension, growth)

    def flaw(self) -> str | None:
        if not all(4 <= side <= LARGEST_SIDE for side in (self.height, self.width)):
            return f"an image has 4 to {LARGEST_SIDE} pixels a side"
        if not 1 <= self.channels <= 16 or not 2 <= self.patch <= min(self.height, self.width) // 2:
            return "there are 1 to 16 channels, and at least two patches in each direction"
        if not 1 <= self.stride <= self.patch or self.growth not in {0, 2, 3, 4}:
            return "the stride is not larger than the patch, and the image grows by 2, 3 or 4, or not (0)"
        if any((side - self.patch) % self.stride for side in (self.height, self.width)):
            return "the patches do not fit into the image"
        if self.patches > 5000 or (self.growth and self.stride < self.patch):
            return "there are more than 5000 patches, or overlapping ones that are enlarged"
        if self.dimension and not 2 <= self.dimension <= LARGEST_WIDTH:
            return f"a token has 2 to {LARGEST_WIDTH} dimensions"
        if (self.growth or self.overlaps) and not self.dimension:
            return "an image grows, or its patches overlap, only if there are tokens"
        return None

    def _along(self, side: int) -> int:
        return (side - self.patch) // self.stride + 1

    @property
    def rows(self) -> int:
        """Of patches."""
        return self._along(self.height)

    @property
    def columns(self) -> int:
        """Of patches."""
        return self._along(self.width)

    @property
    def patches(self) -> int:
        """Of the image."""
        return self.rows * self.columns

    @property
    def values(self) -> int:
        """The numbers of a patch."""
        return self.channels * self.patch**2

    @property
    def projection(self) -> int:
        """The parameters that make a token of a patch."""
        return self.values * self.dimension + self.dimension

    @property
    def overlaps(self) -> bool:
        """Whether patches overlap."""
        return self.stride < self.patch

    def follow(self, given: Given) -> dict[str, Answer]:
        patches, values = given("patches", self.patches), given("values", self.values)
        keys = {"patches": self.patches, "values": self.values}
        if self.dimension:
            length = given("length", patches + 1)
            keys["length"] = patches + 1
            keys["projection"] = values * self.dimension + self.dimension
            keys["positions"] = length * self.dimension
            if self.growth or self.overlaps:
                keys["pairs"] = length**2
        if self.growth:
            keys["grown_pairs"] = (patches * self.growth**2 + 1) ** 2
        return {blank: Integer(value) for blank, value in keys.items()}

    @mistake("Patches lie side by side in both directions: their number is a product.")
    def counts_one_row(self) -> MistakeValues:
        return self.consequences(patches=self.columns)

    @mistake("A patch has all channels of its pixels.")
    def forgets_channels(self) -> MistakeValues:
        return self.consequences(values=self.patch**2)

    @mistake("The patches lie beside each other and do not start at every pixel.")
    def slides_by_one(self) -> MistakeValues:
        if self.overlaps:
            return None
        return self.consequences(patches=(self.height - self.patch + 1) * (self.width - self.patch + 1))

    @mistake("The patches overlap: they start {stride} pixels apart, not {patch}.")
    def ignores_overlap(self) -> MistakeValues:
        if not self.overlaps:
            return None
        return self.consequences(patches=(self.height // self.patch) * (self.width // self.patch))

    @mistake("A patch has {patch} times {patch} pixels: divide the area by that, not by {patch}.")
    def divides_area_by_side(self) -> MistakeValues:
        return None if self.overlaps else self.consequences(patches=self.height * self.width // self.patch)

    @mistake("The class token comes on top of the patches.")
    def forgets_class_token(self) -> MistakeValues:
        return self.consequences(length=self.patches) if self.dimension else None

    @mistake("The projection has a bias for each dimension of a token.")
    def forgets_bias(self) -> MistakeValues:
        return {"projection": self.values * self.dimension} if self.dimension else None

    @mistake("Each position has a vector, as long as a token.")
    def position_is_a_number(self) -> MistakeValues:
        return {"positions": self.patches + 1} if self.dimension else None

    @mistake("Every token attends to every token, itself included: the pairs are a square.")
    def linear_pairs(self) -> MistakeValues:
        if not self.growth:
            return {"pairs": self.patches + 1} if self.overlaps else None
        return {"pairs": self.patches + 1, "grown_pairs": self.patches * self.growth**2 + 1}

    @mistake("Both sides grow: the number of patches grows by {growth} squared.")
    def grows_in_one_direction(self) -> MistakeValues:
        return {"grown_pairs": (self.patches * self.growth + 1) ** 2} if self.growth else None


class TrainableParameters(Question):
    """The parameters that are trained, and their share, when a model is adapted to a task.

    At level 1 a linear layer is put on a frozen network, at level 2 adapters or a soft prompt are put into
    it, at level 3 low-rank updates, or parts of a convolutional network are unfrozen.

    Source: Houlsby et al. 2019, Parameter-efficient transfer learning for NLP, section 2.1; Lester et al.
    2021, The power of scale for parameter-efficient prompt tuning, section 2; Hu et al. 2022, LoRA, section
    4.1.
    """

    title = "Trained parameters"
    minutes = {1: 2, 2: 4, 3: 5}

    form: str
    """`probe`, `adapter`, `prompt`, `lora` or `unfrozen`."""
    width: int
    classes: int
    layers: int
    size: int
    """Of a bottleneck, a prompt in tokens, or the rank; of the form `unfrozen`, the side of the kernels."""
    per_layer: int
    """Adapters in each layer or matrices with an update; otherwise 0."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        classes = rng.randint(2, 20) if level == 1 else rng.randint(2, 100)
        if level == 1:
            return cls(
                "probe", rng.choice([64, 100, 128, 200, 256, 300, 512]), classes, rng.choice([1, 2, 3]), 0, 0
            )
        width, layers = rng.choice([256, 384, 512, 768, 1024]), rng.choice([4, 6, 8, 12, 24])
        if level == 2:
            if rng.random() < 0.5:
                return cls(
                    "adapter", width, classes, layers, rng.choice([8, 16, 24, 32, 48, 64]), rng.choice([1, 2])
                )
            return cls("prompt", width, classes, layers, rng.choice([5, 8, 10, 16, 20, 32, 50, 100]), 0)
        if rng.random() < 0.5:
            return cls("lora", width, classes, layers, rng.choice([2, 4, 8, 16]), rng.choice([1, 2, 4]))
        return cls(
            "unfrozen",
            rng.choice([16, 24, 32, 48, 64]),
            classes,
            rng.choice([2, 3, 4]),
            rng.choice([3, 5]),
            0,
        )

    def flaw(self) -> str | None:
        if self.form not in {"probe", "adapter", "prompt", "lora", "unfrozen"}:
            return "form is probe, adapter, prompt, lora or unfrozen"
        if not 4 <= self.width <= LARGEST_WIDTH or not 2 <= self.classes <= 1000:
            return f"the width is 4 to {LARGEST_WIDTH}, and there are 2 to 1000 classes"
        if (
            not (1 if self.form == "probe" else 2)
            <= self.layers
            <= (10 if self.form in {"probe", "unfrozen"} else 100)
        ):
            return (
                "there are 2 layers or more (1 for a probe), up to 10 of a probe or unfrozen, up to 100 else"
            )
        if self.form == "probe":
            return (
                None if not self.size and not self.per_layer else "a linear probe has neither size nor parts"
            )
        if not 1 <= self.size < self.width or (self.form == "unfrozen" and self.size not in {1, 3, 5, 7}):
            return "the size is smaller than the width, and a kernel is 1, 3, 5 or 7 wide"
        parts = {"adapter": {1, 2}, "lora": {1, 2, 3, 4}}.get(self.form, {0})
        return (
            None if self.per_layer in parts else "there are up to 2 adapters or 4 updated matrices in a layer"
        )

    @property
    def head(self) -> int:
        """The parameters of the new linear layer."""
        return self.width * self.classes + self.classes

    @property
    def added(self) -> int:
        """What is trained besides the head."""
        if self.form == "adapter":
            each = 2 * self.width * self.size + self.size + self.width
            return self.layers * self.per_layer * each
        if self.form == "prompt":
            return self.size * self.width
        if self.form == "lora":
            return self.layers * self.per_layer * 2 * self.width * self.size
        return self.block if self.form == "unfrozen" else 0

    @property
    def block(self) -> int:
        """The parameters of a convolution without biases and its batch normalization."""
        return self.size**2 * self.width**2 + 2 * self.width

    @property
    def frozen(self) -> int:
        """The parameters that are not trained."""
        if self.form == "probe":
            return self.layers * (self.width**2 + self.width)
        if self.form == "unfrozen":
            return (self.layers - 1) * self.block
        return self.layers * (12 * self.width**2 + 13 * self.width)

    def follow(self, given: Given) -> dict[str, Answer]:
        keys: dict[str, Answer] = {"head": Integer(self.head)}
        trained = given("head", self.head)
        if self.form != "probe":
            keys["added"] = Integer(self.added)
            trained += given("added", self.added)
            keys["trained"] = Integer(trained)
        own = given("trained", trained)
        keys["share"] = Real(100 * own / (own + self.frozen), 3)
        if self.form == "unfrozen":
            keys["buffers"] = Integer(2 * self.width * self.layers)
        return keys

    @mistake("Frozen parameters are not trained: only what has requires_grad counts.")
    def counts_frozen(self) -> MistakeValues:
        if self.form == "probe":
            return {"head": self.head + self.frozen}
        return {"trained": self.head + self.added + self.frozen}

    @mistake("The new linear layer has a bias for each class.")
    def forgets_bias(self) -> MistakeValues:
        return self.consequences(head=self.width * self.classes)

    @mistake("This is a fraction; as a percentage it is 100 times as much.")
    def fraction_for_percentage(self) -> MistakeValues:
        trained = self.head + self.added
        return {"share": trained / (trained + self.frozen)}

    @mistake("The share is that of all parameters, the trained ones among them.")
    def share_of_frozen(self) -> MistakeValues:
        return {"share": 100 * (self.head + self.added) / self.frozen}

    @mistake("An adapter has two matrices: one down to the bottleneck and one up again.")
    def adapter_one_matrix(self) -> MistakeValues:
        if self.form != "adapter":
            return None
        each = self.width * self.size + self.size
        return self.consequences(added=self.layers * self.per_layer * each)

    @mistake("Both matrices of an adapter have biases.")
    def adapter_without_biases(self) -> MistakeValues:
        if self.form != "adapter":
            return None
        return self.consequences(added=self.layers * self.per_layer * 2 * self.width * self.size)

    @mistake("Every one of the layers gets its own.")
    def in_one_layer_only(self) -> MistakeValues:
        return self.consequences(added=self.added // self.layers) if self.per_layer else None

    @mistake("The prompt is put in front of the input only, not of each layer.")
    def prompt_in_each_layer(self) -> MistakeValues:
        return self.consequences(added=self.layers * self.added) if self.form == "prompt" else None

    @mistake("A low-rank update has two factors, with {width} · {size} numbers each.")
    def one_factor(self) -> MistakeValues:
        return self.consequences(added=self.added // 2) if self.form == "lora" else None

    @mistake("The update is the product of two thin matrices: the square matrix itself is not trained.")
    def full_matrices(self) -> MistakeValues:
        if self.form != "lora":
            return None
        return self.consequences(added=self.layers * self.per_layer * self.width**2)

    @mistake(
        "The batch normalization of the block is unfrozen as well: a scale and a shift for each channel."
    )
    def forgets_normalization(self) -> MistakeValues:
        if self.form != "unfrozen":
            return None
        return self.consequences(added=self.block - 2 * self.width)

    @mistake("Running means and variances are buffers, not parameters.")
    def counts_running_statistics(self) -> MistakeValues:
        return self.consequences(added=self.block + 2 * self.width) if self.form == "unfrozen" else None

    @mistake(
        "`requires_grad` is about gradients: in training mode the statistics of frozen blocks go on moving."
    )
    def statistics_are_frozen(self) -> MistakeValues:
        return {"buffers": 2 * self.width} if self.form == "unfrozen" else None

    @mistake("There is a running mean and a running variance for each channel.")
    def means_only(self) -> MistakeValues:
        return {"buffers": self.width * self.layers} if self.form == "unfrozen" else None
