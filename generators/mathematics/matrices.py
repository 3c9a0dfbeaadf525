"""Matrices: what their products cost, and what they keep of a space."""

from __future__ import annotations

from itertools import pairwise
from math import prod
from random import Random
from typing import Any, Self

from ...answers import Answer, Integer, Option, Shape, SingleChoice
from ...question import Given, MistakeValues, Question, mistake

LARGEST_SIZE = 1000
MOST_VECTORS = 100
ROUND_SIZES = (5, 10, 20, 25, 30, 40, 50, 60, 80, 100)
OPERATIONS = {
    "inner": ("v^\\top v", "M"),
    "outer": ("u v^\\top", "NM"),
    "matvec": ("Av", "NM"),
    "hadamard": ("A \\odot B", "NM"),
    "scaled": ("\\operatorname{diag}(u)\\,A", "NM"),
    "gram": ("A^\\top A", "NMM"),
    "outer_gram": ("A A^\\top", "NNM"),
}
"""What is computed of matrices A and B of N×M and vectors u of N and v of M, and a factor for each size."""
ORDERS = ("((AB)C)D", "(A(BC))D", "(AB)(CD)", "A((BC)D)", "A(B(CD))")
FORMS = {"product": 3, "vector": 3, "operations": 2, "chain": 5, "batch": 3}
"""The number of sizes of each form."""


class MatmulCost(Question):
    """Multiplications of numbers that products of matrices need.

    At level 1 one product is counted, at level 2 two orders of a product with a vector are compared, or
    several operations counted, at level 3 the best order of four matrices is found, or a batch of products is
    counted in two orders.

    Source: Golub & Van Loan 2013, Matrix Computations, section 1.1; Cormen et al. 2022, Introduction to
    Algorithms, section 14.2; torch.linalg.multi_dot.
    """

    title = "Cost of matrix products"
    minutes = {1: 1, 2: 4, 3: 5}

    form: str
    """`product`, `vector`, `operations`, `chain` or `batch`."""
    sizes: tuple[int, ...]
    """Rows of the first matrix and columns of each; N and M of operations; samples, tokens and features."""
    operations: tuple[str, ...]
    """What is counted of OPERATIONS, and nothing in the other forms."""

    @classmethod
    def draw(cls, rng: Random, level: int) -> Self:
        forms = {1: ["product"], 2: ["vector", "operations"], 3: ["chain", "batch"]}[level]
        form = rng.choice(forms)
        if form == "batch":
            return cls(form, (rng.choice([4, 5, 8, 10]), *rng.sample(ROUND_SIZES, 2)), ())
        choices = {1: range(2, 11), 2: range(5, 51), 3: ROUND_SIZES}[level]
        if form == "vector":
            choices = range(10, 51, 5)
        sizes = tuple(rng.choices(choices, k=FORMS[form]))
        if form != "operations":
            return cls(form, sizes, ())
        chosen = rng.sample([name for name in OPERATIONS if "gram" not in name], 3)
        return cls(form, sizes, (*chosen, rng.choice(["gram", "outer_gram"])))

    def flaw(self) -> str | None:
        if self.form not in FORMS or len(self.sizes) != FORMS[self.form]:
            return f"form is one of {', '.join(FORMS)}, with {', '.join(map(str, FORMS.values()))} sizes"
        if not all(2 <= size <= LARGEST_SIZE for size in self.sizes):
            return f"sizes go from 2 to {LARGEST_SIZE}"
        if (self.form == "operations") != bool(self.operations) or not {*self.operations} <= {*OPERATIONS}:
            return f"operations are counted only in the form of that name, and are of {', '.join(OPERATIONS)}"
        if len({*self.operations}) != len(self.operations):
            return "an operation is counted twice"
        if self.form == "chain" and sorted(self.costs)[1] < 1.05 * min(self.costs):
            return "two orders are nearly equally good"
        if self.form in {"operations", "batch"} and self.sizes[-1] == self.sizes[-2]:
            return "two sizes are equal, so that mistakes would not be noticed"
        return self._vector_flaw() if self.form == "vector" else None

    def _vector_flaw(self) -> str | None:
        _, at_once = self.orders_of_vector
        once = prod(self.sizes)
        each = self.sizes[0] * self.sizes[2]
        if at_once <= each or once / (at_once - each) > MOST_VECTORS:
            return f"forming the product first does not pay within {MOST_VECTORS} vectors"
        return None

    @property
    def orders_of_vector(self) -> tuple[int, int]:
        """The multiplications of (AB)v and of A(Bv)."""
        rows, inner, columns = self.sizes[:3] if self.form == "vector" else (1, 1, 1)
        return rows * inner * columns + rows * columns, inner * columns + rows * inner

    @property
    def costs(self) -> tuple[int, ...]:
        """The multiplications of each order of four matrices."""
        if self.form != "chain":
            return ()
        a, b, c, d, e = self.sizes
        return (
            a * b * c + a * c * d + a * d * e,
            b * c * d + a * b * d + a * d * e,
            a * b * c + c * d * e + a * c * e,
            b * c * d + b * d * e + a * b * e,
            c * d * e + b * c * e + a * b * e,
        )

    @property
    def factors(self) -> dict[str, tuple[int, ...]]:
        """The sizes whose product is the count of each operation."""
        if self.form != "operations":
            return {}
        values = dict(zip("NM", self.sizes, strict=True))
        return {name: tuple(values[letter] for letter in OPERATIONS[name][1]) for name in self.operations}

    @property
    def labels(self) -> dict[str, str]:
        """The operations in LaTeX."""
        return {name: OPERATIONS[name][0] for name in self.operations}

    def follow(self, given: Given) -> dict[str, Answer]:
        if self.form == "operations":
            return {name: Integer(prod(sizes)) for name, sizes in self.factors.items()}
        if self.form == "chain":
            return {"best": SingleChoice(self._options), "least": Integer(min(self.costs))}
        if self.form == "vector":
            return self._compared(given)
        if self.form == "product":
            rows, inner, columns = self.sizes
            entries = prod(given("shape", (rows, columns)))
            return {"shape": Shape((rows, columns)), "multiplications": Integer(entries * inner)}
        return self._batched(given)

    def _batched(self, given: Given) -> dict[str, Answer]:
        batch, tokens, features = self.sizes
        scores, summary = (batch, tokens, tokens), (batch, features, features)
        return {
            "scores": Shape(scores),
            "left": Integer(2 * prod(given("scores", scores)) * features),
            "summary": Shape(summary),
            "right": Integer(2 * prod(given("summary", summary)) * tokens),
        }

    @property
    def _orders(self) -> list[tuple[str, int]]:
        return list(zip(ORDERS, self.costs, strict=True))

    @property
    def _options(self) -> tuple[Option, ...]:
        least = min(self.costs)
        why = "This order takes {} multiplications, and another one only {}."
        return tuple(
            Option(f"${order}$", cost == least, "" if cost == least else why.format(cost, least))
            for order, cost in self._orders
        )

    @property
    def best_order(self) -> str:
        """The order of four matrices that takes the fewest multiplications."""
        return min(self._orders, key=lambda order: order[1])[0] if self.costs else ""

    def _compared(self, given: Given) -> dict[str, Answer]:
        left, right = self.orders_of_vector
        each = self.sizes[0] * self.sizes[2]
        own_left, own_right = given("left", left), given("right", right)
        if own_right <= each:
            raise ValueError("forming the product first never pays")
        vectors = (own_left - each) // (own_right - each) + 1
        return {"left": Integer(left), "right": Integer(right), "vectors": Integer(vectors)}

    @property
    def _single_count(self) -> str | None:
        """The blank of the count that mistakes of a single product change."""
        return {"product": "multiplications", "vector": "right"}.get(self.form)

    @mistake("Each entry of the result takes as many multiplications as the inner size: multiply all sizes.")
    def adds_dimensions(self) -> MistakeValues:
        return {blank: sum(self.sizes)} if (blank := self._single_count) else None

    @mistake("This is the number of entries of the result; each of them is a sum of several products.")
    def output_only(self) -> MistakeValues:
        if self.form == "operations":
            return {name: sizes[0] * sizes[1] for name, sizes in self._grams.items()}
        return {blank: self.sizes[0] * self.sizes[-1]} if (blank := self._single_count) else None

    @property
    def _grams(self) -> dict[str, tuple[int, int]]:
        """The rows and columns of the results of products of A with itself."""
        rows, columns = self.sizes
        shapes = {"gram": (columns, columns), "outer_gram": (rows, rows)}
        return {name: shape for name, shape in shapes.items() if name in self.operations}

    @mistake("The cube of one size holds only for square matrices; here each size counts once.")
    def cubic_assumed(self) -> MistakeValues:
        if self.form == "operations":
            return {name: max(self.sizes) ** 3 for name in self._grams}
        return {blank: max(self.sizes) ** 3} if (blank := self._single_count) else None

    @mistake("Only multiplications are counted here, not the additions.")
    def counts_additions(self) -> MistakeValues:
        return {"multiplications": 2 * prod(self.sizes)} if self.form == "product" else None

    @mistake("The result has the rows of the first matrix and the columns of the second one.")
    def result_turned_round(self) -> MistakeValues:
        return {"shape": (self.sizes[2], self.sizes[0])} if self.form == "product" else None

    @mistake("The inner size is summed over and does not remain in the result.")
    def keeps_inner_size(self) -> MistakeValues:
        return self.consequences(shape=self.sizes[:2]) if self.form == "product" else None

    @mistake("The order matters for the cost: with the brackets around Bv, only vectors are computed.")
    def ignores_order(self) -> MistakeValues:
        if self.form == "batch":
            return {"right": 2 * prod(self.sizes) * self.sizes[1]}
        left, _ = self.orders_of_vector
        return {"right": left} if self.form == "vector" else None

    @mistake("There are two products: what AB costs, and its product with the vector on top.")
    def forgets_the_vector(self) -> MistakeValues:
        return {"left": prod(self.sizes)} if self.form == "vector" else None

    @mistake("This is the cost of the first product alone: the second one comes on top of it.")
    def first_product_only(self) -> MistakeValues:
        if self.form == "batch":
            return {blank: key["value"] // 2 for blank, key in self._batch_counts.items()}
        return {"right": self.sizes[1] * self.sizes[2]} if self.form == "vector" else None

    @property
    def _batch_counts(self) -> dict[str, Any]:
        return {blank: vars(key) for blank, key in self.answer().items() if isinstance(key, Integer)}

    @mistake("The product AB is formed only once, and every vector then costs only its own product.")
    def forms_product_each_time(self) -> MistakeValues:
        if self.form != "vector":
            return None
        left, right = self.orders_of_vector
        return {"vectors": left // right + 1}

    @mistake("This is the last number of vectors for which it does not cost less; one more is needed.")
    def one_vector_too_few(self) -> MistakeValues:
        keys = self.answer() if self.form == "vector" else {}
        return {"vectors": vars(keys["vectors"])["value"] - 1} if keys else None

    @mistake("Each entry of an elementwise product is one multiplication: no sum is taken.")
    def elementwise_as_matrix_product(self) -> MistakeValues:
        rows, columns = self.sizes[:2]
        return self._operations(hadamard=rows * columns * columns)

    @mistake("The outer product multiplies every entry of u with every one of v.")
    def outer_as_inner(self) -> MistakeValues:
        return self._operations(outer=max(self.sizes))

    @mistake("An inner product multiplies entries that stand at the same place: one product for each.")
    def inner_as_outer(self) -> MistakeValues:
        return self._operations(inner=self.sizes[1] ** 2)

    @mistake("A diagonal matrix only scales the rows: its zeros need not be multiplied.")
    def diagonal_as_full(self) -> MistakeValues:
        return self._operations(scaled=self.sizes[0] ** 2 * self.sizes[1])

    @mistake("A product of A with itself sums over the size that both factors share: mind which one it is.")
    def gram_turned_round(self) -> MistakeValues:
        rows, columns = self.sizes[:2]
        return self._operations(gram=rows * rows * columns, outer_gram=rows * columns * columns)

    def _operations(self, **wrong: int) -> MistakeValues:
        return {name: value for name, value in wrong.items() if name in self.operations}

    @mistake("Multiplying from left to right is not the cheapest order here.")
    def left_to_right(self) -> MistakeValues:
        return self._ordered(0)

    @mistake("Multiplying from right to left is not the cheapest order here.")
    def right_to_left(self) -> MistakeValues:
        return self._ordered(4)

    @mistake("Beginning with the cheapest product does not lead to the least cost: compare all five orders.")
    def cheapest_first(self) -> MistakeValues:
        if self.form != "chain":
            return None
        firsts = [a * b * c for (a, b), (_, c) in pairwise(pairwise(self.sizes))]
        followers = ((0, 2), (1, 3), (2, 4))[firsts.index(min(firsts))]
        return self._ordered(min(followers, key=lambda place: self.costs[place]))

    def _ordered(self, place: int) -> MistakeValues:
        return {"least": self.costs[place]} if self.form == "chain" else None

    @mistake("The products of all {sizes[0]} samples of the batch count.")
    def forgets_batch(self) -> MistakeValues:
        if self.form != "batch":
            return None
        return {blank: key["value"] // self.sizes[0] for blank, key in self._batch_counts.items()}

    @mistake("QKᵀ sums over the features and KᵀV over the tokens: the other size remains, twice.")
    def shapes_turned_round(self) -> MistakeValues:
        if self.form != "batch":
            return None
        batch, tokens, features = self.sizes
        return self.consequences(scores=(batch, features, features), summary=(batch, tokens, tokens))
