from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from math import nan
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from quizgrad.answers import Integer, MultipleChoice, Notation, Option, Real, SingleChoice
from quizgrad.grading.corrections import Correction
from quizgrad.grading.grade import Settings
from quizgrad.grading.policy import Policy
from quizgrad.grading.statistics import statistics
from quizgrad.grading.statistics.correlation import correlation, fisher_interval
from quizgrad.grading.statistics.distributions import (
    chi_square_tail,
    f_quantile,
    incomplete_beta,
    poisson_tail,
)
from quizgrad.grading.statistics.reliability import cronbach
from quizgrad.grading.statistics.similarity import Sheet, comparable, similarities
from quizgrad.grading.statistics.totals import describe, histogram, quartiles
from quizgrad.grading.statistics.variants import group_test, holm, residuals
from quizgrad.question import Mistake
from scipy import special, stats

from .exam_results import Doubling, Halving, graded, integers, item

POINTS = st.lists(st.integers(-40, 400).map(lambda quarter: quarter / 4), min_size=2, max_size=60)


# Distributions


@pytest.mark.parametrize("mean", [0.001, 0.17, 1, 9.5, 400])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 30, 500])
def test_poisson_tail(count: int, mean: float) -> None:
    assert poisson_tail(count, mean) == pytest.approx(stats.poisson.sf(count - 1, mean), rel=1e-9)


def test_poisson_tail_without_any_chance() -> None:
    assert poisson_tail(1, 0) == 0
    assert poisson_tail(0, 0) == 1


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 20, 99])
@pytest.mark.parametrize("value", [0, 0.01, 1, 7.3, 60, 300])
def test_chi_square_tail(value: float, freedom: int) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(stats.chi2.sf(value, freedom), rel=1e-9)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (1, 3), (14.5, 130.5), (499.5, 19_480.5), (5e3, 2e5)])
@pytest.mark.parametrize("x", [0.0, 1e-6, 0.02, 0.025, 0.1, 0.5, 0.97, 1.0])
def test_incomplete_beta(x: float, a: float, b: float) -> None:
    assert incomplete_beta(x, a, b) == pytest.approx(special.betainc(a, b, x), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(("above", "below"), [(1, 1), (29, 261), (999, 38_961), (9999, 389_961)])
@pytest.mark.parametrize("probability", [0.025, 0.5, 0.975])
def test_f_quantile(probability: float, above: int, below: int) -> None:
    assert f_quantile(probability, above, below) == pytest.approx(
        stats.f.ppf(probability, above, below), rel=1e-7
    )


# Totals


@given(POINTS)
def test_totals_are_described_as_numpy_does(totals: list[float]) -> None:
    described = describe(totals, 100.0)
    assert described is not None
    assert described.mean == pytest.approx(np.mean(totals))
    assert described.deviation == pytest.approx(np.std(totals, ddof=1), abs=1e-9)
    assert described.quartiles == pytest.approx(np.percentile(totals, [25, 50, 75]))
    assert (described.lowest, described.highest) == (min(totals), max(totals))


@given(POINTS, st.sampled_from([0.5, 1.0, 12.0, 37.5, 100.0]))
def test_every_total_is_in_one_bin(totals: list[float], possible: float) -> None:
    bins = histogram(totals, possible)
    edges = [bins[0].low] + [bin_.high for bin_ in bins]
    counts, _ = np.histogram(totals, edges)
    assert [bin_.count for bin_ in bins] == list(counts)
    assert sum(counts) == len(totals)
    assert edges[0] <= min(0, *totals)
    assert edges[-1] >= possible
    assert len(bins) <= 15
    assert np.diff(edges) == pytest.approx(edges[1] - edges[0])


def test_totals_of_one_student_and_of_none() -> None:
    one = describe([3.0], 10.0)
    assert one is not None
    assert one.deviation is None
    assert one.quartiles == quartiles([3.0]) == (3.0, 3.0, 3.0)
    assert describe([], 10.0) is None


def test_totals_where_nothing_could_be_earned() -> None:
    assert sum(bin_.count for bin_ in histogram([0.0, 0.0], 0.0)) == 2


# Correlation


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=4, max_size=40))
def test_correlation_and_interval_are_those_of_scipy(pairs: list[tuple[int, int]]) -> None:
    first, second = [float(x) for x, _ in pairs], [float(y) for _, y in pairs]
    found = correlation(first, second)
    if len(set(first)) == 1 or len(set(second)) == 1:
        assert found is None
        return
    expected = stats.pearsonr(first, second)
    assert found is not None
    assert found.count == len(pairs)
    assert found.value == pytest.approx(expected.statistic, abs=1e-9)
    if found.interval is None:
        assert abs(found.value) == pytest.approx(1)
    else:
        interval = expected.confidence_interval(0.95)
        assert (found.interval.low, found.interval.high) == pytest.approx(tuple(interval), abs=1e-7)


def test_correlation_is_undefined_for_few_students_or_without_spread() -> None:
    assert correlation([1, 2], [2, 1]) is None
    assert correlation([], []) is None
    assert correlation([0.1 + 0.2, 0.3, 0.3], [1, 2, 3]) is None
    assert fisher_interval(0.5, 3) is None
    assert fisher_interval(1.0, 30) is None


# Reliability


def test_alpha_by_hand() -> None:
    # Three items, four students: item variances 1/3, 1/3, 1/3; totals 3, 2, 1, 0 with variance 5/3.
    columns = [[1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0]]
    found = cronbach(columns)
    assert found is not None
    assert found.alpha == pytest.approx(3 / 2 * (1 - 1 / (5 / 3)))
    assert (found.students, found.items) == (4, 3)
    low, high = (1 - (1 - found.alpha) * stats.f.ppf(p, 3, 6) for p in (0.975, 0.025))
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high))


def test_feldts_interval_covers_the_true_value_as_often_as_it_says() -> None:
    rng, covered, items = Random(5), 0, 8
    true = items * 0.5 / (items * 0.5 + 0.5)  # Spearman-Brown for items with reliability 1/2
    for _ in range(400):
        ability = [rng.gauss(0, 1) for _ in range(25)]
        found = cronbach([[skill + rng.gauss(0, 1) for skill in ability] for _ in range(items)])
        assert found is not None
        assert found.interval is not None
        covered += found.interval.low <= true <= found.interval.high
    assert 0.92 < covered / 400 < 0.98


@pytest.mark.parametrize("columns", [[], [[1, 2, 3]], [[1], [2]], [[1, 1], [2, 2]], [[1, 0], [0, 1]]])
def test_alpha_is_undefined_without_spread_or_with_one_item(columns: list[list[float]]) -> None:
    assert cronbach(columns) is None


def test_alpha_of_equal_items_is_one_and_has_no_interval() -> None:
    found = cronbach([[1, 2, 4], [1, 2, 4]])
    assert found is not None
    assert found.alpha == pytest.approx(1)
    assert found.interval is None


# Variants


def test_the_permutation_test_is_that_of_all_permutations() -> None:
    groups, values = ["x", "x", "x", "y", "y", "z", "z"], [1.0, 0.5, 1.0, 0.0, 0.5, 0.0, 0.25]

    def between(labels: tuple[str, ...]) -> float:
        means = [np.mean([v for v, g in zip(values, labels, strict=True) if g == name]) for name in "xyz"]
        return sum(n * (m - np.mean(values)) ** 2 for n, m in zip((3, 2, 2), means, strict=True))

    shuffles = [between(labels) for labels in permutations(groups)]
    exact = np.mean([value >= between(tuple(groups)) - 1e-9 for value in shuffles])
    assert group_test(groups, values, Random(1)) == pytest.approx(exact, rel=0.25)


def test_for_many_students_it_is_the_test_of_kruskal_and_wallis_when_given_ranks() -> None:
    rng = Random(2)
    groups = [rng.choice("abc") for _ in range(500)]
    values = [round(rng.gauss(0.3 * (group == "a"), 1), 1) for group in groups]
    samples = [[v for v, g in zip(values, groups, strict=True) if g == name] for name in "abc"]
    expected = stats.kruskal(*samples).pvalue
    assert group_test(groups, list(stats.rankdata(values)), rng) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("students", [24, 300])
def test_equal_variants_are_called_different_as_seldom_as_promised(students: int) -> None:
    rng = Random(3)
    tests = [
        group_test(
            [n % 3 for n in range(students)], [float(rng.random() < 0.6) for _ in range(students)], rng
        )
        for _ in range(300)
    ]
    assert sum(found is not None and found < 0.05 for found in tests) / len(tests) < 0.08


@pytest.mark.parametrize("students", [40, 400])
def test_a_harder_variant_is_found(students: int) -> None:
    rng = Random(4)
    values = [float(rng.random() < (0.9 if n % 2 else 0.2)) for n in range(students)]
    found = group_test([n % 2 for n in range(students)], values, rng)
    assert found is not None
    assert found < 0.001


def test_groups_cannot_be_tested_without_spread_or_with_one_student_each() -> None:
    assert group_test(["a", "b", "c"], [1.0, 0.0, 0.5], Random(0)) is None
    assert group_test(["a", "a", "b"], [1.0, 1.0, 1.0], Random(0)) is None
    assert group_test(["a", "a"], [1.0, 0.0], Random(0)) is None
    assert group_test([], [], Random(0)) is None


def test_residuals_are_those_of_least_squares() -> None:
    rng = Random(6)
    known, values = ([rng.random() for _ in range(30)] for _ in range(2))
    slope, constant = np.polyfit(known, values, 1)
    assert residuals(values, known) == pytest.approx(np.array(values) - slope * np.array(known) - constant)
    assert residuals([1.0, 3.0], [2.0, 2.0]) == [-1.0, 1.0]


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.9]) == pytest.approx([0.04, 0.09, 0.09, 0.9])
    assert holm([]) == []


# Similarity


def random_sheets(rng: Random, students: int, items: int, values: int) -> list[Sheet]:
    """Students who are wrong at random; keys and wrong answers come from the same few values."""
    sheets = []
    for _ in range(students):
        cells = [(f"q{number}", "toys/doubling", "a") for number in range(items)]
        keys = {cell: str(rng.randrange(values)) for cell in cells}
        wrong = {
            cell: other
            for cell in cells
            if rng.random() < 0.5 and (other := str(rng.randrange(values))) != keys[cell]
        }
        sheets.append(Sheet(keys, wrong))
    return sheets


def copying(sheets: list[Sheet], student: int, other: int) -> list[Sheet]:
    stolen = {cell: key for cell, key in sheets[other].keys.items() if sheets[student].keys[cell] != key}
    return [replace(sheet, wrong=stolen) if n == student else sheet for n, sheet in enumerate(sheets)]


def test_a_copied_form_is_found_and_nobody_else() -> None:
    sheets = copying(random_sheets(Random(7), 60, 12, 200), 17, 42)
    found = similarities(sheets)
    assert [(pair.student, pair.other) for pair in found] == [(17, 42)]
    assert len(found[0].places) == len(sheets[17].wrong)
    assert found[0].probability < 1e-6


def test_its_figures_are_those_of_a_comparison_of_all_pairs() -> None:
    sheets = copying(random_sheets(Random(8), 15, 10, 100), 3, 11)
    (found,) = similarities(sheets)
    chances = [
        sum(other.keys[cell] == text for n, other in enumerate(sheets) if n != 3) / 14
        for cell, text in sheets[3].wrong.items()
    ]
    assert found.expected == pytest.approx(sum(chances))
    assert found.probability == pytest.approx(stats.poisson.sf(len(found.places) - 1, sum(chances)))
    assert found.pairs == pytest.approx(15 * 14 * found.probability)


@pytest.mark.parametrize("values", [4, 12, 200])
def test_honest_students_are_hardly_ever_suspected(values: int) -> None:
    rng = Random(9)
    suspected = sum(bool(similarities(random_sheets(rng, 40, 12, values))) for _ in range(150))
    assert suspected <= 3


def test_a_common_mistake_is_no_evidence() -> None:
    # Everybody makes the same mistake, which is the key of a quarter of the forms.
    cells = [(f"q{number}", "toys/doubling", "a") for number in range(10)]
    sheets = [
        Sheet({cell: str(n % 4) for cell in cells}, dict.fromkeys(cells, "1") if n % 4 != 1 else {})
        for n in range(200)
    ]
    assert similarities(sheets) == ()


def test_blanks_of_one_item_count_once() -> None:
    cells = [("q1", "toys/doubling", blank) for blank in "abcdefgh"]
    sheets = [Sheet({cell: f"{n}{cell}" for cell in cells}, {}) for n in range(30)]
    assert similarities(copying(sheets, 1, 2)) == ()


def test_answers_are_compared_by_value_and_options_by_place() -> None:
    point, comma = Notation(), Notation(",")
    assert comparable(Real(0.5, 2), "0.50", point) == comparable(Real(0.5, 2), " .5", point)
    assert comparable(Real(0.5, 2), "0,50", comma) == comparable(Real(0.5, 2), "0,5", comma)
    choice = MultipleChoice((Option("x", True), Option("y"), Option("z", True)))
    assert comparable(choice, "c, A", point) == comparable(choice, "ac", point)
    assert comparable(Integer(1), "9" * 10_000, point) == "9" * 10_000


# The whole exam


def choice(order: str, right: str = "a") -> SingleChoice:
    """Options named a to d on the paper in another order."""
    return SingleChoice(
        tuple(Option(f"option {name}", name == right, origin="abcd".index(name)) for name in order)
    )


def test_items_and_blanks() -> None:
    forms = [[integers("q1", 10 + n, 20 + n), integers("q2", 30 + n)] for n in range(4)]
    typed = [
        {"q1": {"a": "10", "b": "20"}, "q2": {"a": "30"}},
        {"q1": {"a": "11", "b": "0"}, "q2": {"a": "31"}},
        {"q1": {"a": "12"}, "q2": {"a": "nonsense"}},
        {"q2": {"a": "0"}},
    ]
    found = statistics(graded(forms, typed))
    first, second = found.items
    assert (first.place, first.count, first.facility) == ("q1", 4, 0.5)
    assert (second.facility, second.unreadable, second.left_blank) == (0.5, 0.25, 0)
    assert first.left_blank == 3 / 8
    assert [(blank.blank, blank.facility) for blank in first.blanks] == [("a", 0.75), ("b", 0.25)]
    assert first.blanks[1].states == {"blank": 2, "right": 1, "wrong": 1}
    assert first.discrimination is not None
    assert first.discrimination.value == pytest.approx(
        stats.pearsonr([1, 0.5, 0.5, 0], [1, 1, 0, 0]).statistic
    )
    assert found.totals is not None
    assert (found.totals.count, found.totals.mean, found.totals.possible) == (4, 1.0, 2.0)
    assert any("left blank" in warning for warning in first.warnings)


def test_a_person_s_decision_counts() -> None:
    forms = [[integers("q1", 1)]]
    settings = Settings(decisions={("F0", "q1", "a"): Fraction(1, 2)})
    (found,) = statistics(graded(forms, [{"q1": {"a": "illegible"}}], settings)).items
    assert found.facility == 0.5
    assert found.blanks[0].states == {"decided by a person": 1}


def test_a_dropped_item_is_left_out_of_everything_else() -> None:
    forms = [[integers("q1", 1), integers("q2", 2), integers("q10", 3)]] * 3
    typed = [{"q1": {"a": "1"}, "q2": {"a": "0"}, "q10": {"a": str(n)}} for n in range(3)]
    found = statistics(graded(forms, typed, Settings(corrections=[Correction("q2", "drop")])))
    assert [entry.place for entry in found.items] == ["q1", "q2", "q10"]
    assert found.items[1].warnings == ("dropped",)
    assert found.totals is not None
    assert found.totals.possible == 2


def test_nobody_one_student_and_equal_students() -> None:
    forms = [[integers("q1", 1), integers("q2", 2)]]
    nobody = statistics(graded(forms, []))
    assert (nobody.totals, nobody.items, nobody.reliability) == (None, (), None)
    one = statistics(graded(forms, [{"q1": {"a": "1"}}]))
    assert one.items[0].discrimination is None
    assert one.reliability is None
    equal = statistics(graded(forms * 5, [{"q1": {"a": "1"}}] * 5))
    assert equal.items[0].discrimination is None
    assert equal.reliability is None
    assert equal.totals is not None
    assert equal.totals.deviation == 0


def test_negative_points() -> None:
    forms = [[item("q1", {"a": choice("abcd")}, points=3)]] * 2
    found = statistics(
        graded(forms, [{"q1": {"a": "b"}}, {"q1": {"a": "a"}}], Settings(Policy(lower=Fraction(-1))))
    )
    assert found.totals is not None
    assert found.totals.lowest == pytest.approx(-1)
    assert found.totals.bins[0].low <= -1
    assert found.items[0].facility == pytest.approx(1 / 3)


def test_options_are_mapped_back_through_the_shuffle() -> None:
    orders = ["abcd", "bcda", "dcba", "cdab"]
    forms = [[item("q1", {"choice": choice(order)}), integers("q2", 5)] for order in orders]
    # Chosen by content: a, b, b, and nothing.
    typed = [{"q1": {"choice": letter}, "q2": {"a": "5"}} for letter in ("a", "a", "C", "")]
    (found,) = statistics(graded(forms, typed)).choices
    assert [option.text for option in found.options] == [f"option {name}" for name in "abcd"]
    assert [option.chosen for option in found.options] == [1, 2, 0, 0]
    assert [option.answered for option in found.options] == [3, 3, 3, 3]
    assert [option.mean_total for option in found.options] == [2.0, 1.0, None, None]
    assert [option.right for option in found.options] == [True, False, False, False]
    assert found.options[1].share == pytest.approx(2 / 3)


def test_named_options_are_counted_by_name_though_forms_show_different_ones() -> None:
    def statements(*names: str) -> MultipleChoice:
        return MultipleChoice(tuple(Option(f"says {name}", name < "c", name=name) for name in names))

    forms = [[item("q1", {"true": statements(*names)})] for names in ("abcd", "daxb", "cbx")]
    typed = [{"q1": {"true": text}} for text in ("a, b", "a, b", "b")]
    (found,) = statistics(graded(forms, typed)).choices
    counts = {option.text[-1]: (option.answered, option.chosen) for option in found.options}
    assert counts == {"a": (2, 2), "b": (3, 2), "c": (2, 0), "d": (2, 1), "x": (2, 0)}


def test_a_policy_that_pays_for_guessing_is_reported() -> None:
    options = tuple(Option(f"says {n}", n < 3) for n in range(4))
    forms = [[item("q1", {"true": MultipleChoice(options)})]]
    (kind,) = statistics(graded(forms, [{}], Settings(Policy(choices="none")))).choices
    (strict,) = statistics(graded(forms, [{}], Settings(Policy(choices="all or nothing")))).choices
    assert kind.guessing.pays
    assert (kind.guessing.everything, kind.guessing.random) == (1, 0.5)
    assert not strict.guessing.pays
    assert strict.guessing.random == pytest.approx(1 / 16)


def test_mistakes_are_counted_once_per_item_and_by_where_they_could_be_made() -> None:
    wrong = [Mistake("forgets", {"a": 5, "b": 6}, "Do not forget."), Mistake("adds", {"a": 7}, "Multiply.")]
    forms = [[integers("q1", 10, 12, mistakes=wrong)], [integers("q1", 10, 12, mistakes=wrong[:1])]] * 2
    typed = [{"q1": {"a": "5", "b": "6"}}, {"q1": {"a": "5", "b": "12"}}, {"q1": {"a": "7"}}, {}]
    found = statistics(graded(forms, typed)).mistakes
    assert [(m.name, m.made, m.possible, m.sentence) for m in found] == [
        ("forgets", 2, 4, "Do not forget."),
        ("adds", 1, 2, "Multiply."),
    ]
    assert found[0].share == 0.5
    assert found[0].question == "toys/doubling"


def test_variants_of_a_place() -> None:
    rng = Random(11)
    forms, typed = [], []
    for number in range(60):
        hard = rng.random() < 0.5
        forms.append([integers("q1", 1, question=Halving if hard else Doubling), integers("q2", 2)])
        right = rng.random() < (0.2 if hard else 0.9)
        typed.append({"q1": {"a": "1" if right else "9"}, "q2": {"a": str(2 + number % 2)}})
    (test,) = statistics(graded(forms, typed)).variants
    assert test.place == "q1"
    assert [variant.question for variant in test.variants] == ["toys/doubling", "toys/halving"]
    assert sum(variant.count for variant in test.variants) == 60
    assert test.differs
    assert test.variants[0].advantage > 0.2 > -0.2 > test.variants[1].advantage


def test_a_student_with_another_s_answers_is_found() -> None:
    rng = Random(12)
    forms = [[integers(f"q{n}", rng.randrange(10**6)) for n in range(1, 11)] for _ in range(40)]
    typed = [{entry.id: {"a": str(rng.randrange(10**6))} for entry in items} for items in forms]
    typed[5] = {entry.id: {"a": entry.item.answers["a"].printed()} for entry in forms[31]}
    (pair,) = statistics(graded(forms, typed)).similarities
    assert (pair.student, pair.other, len(pair.places)) == (5, 31, 10)


def test_the_same_exam_has_the_same_statistics() -> None:
    rng = Random(13)
    forms = [[integers("q1", 1, level=rng.choice([1, 2])), integers("q2", 2)] for _ in range(30)]
    typed = [{"q1": {"a": rng.choice("19")}, "q2": {"a": rng.choice("29")}} for _ in forms]
    result = graded(forms, typed)
    assert statistics(result) == statistics(result)


def test_a_thousand_students_with_forty_blanks_take_about_a_second() -> None:
    rng = Random(14)
    forms = [
        [
            integers(f"q{n}", *(rng.randrange(10**4) for _ in "abcd"), level=rng.choice([1, 2]))
            for n in range(1, 11)
        ]
        for _ in range(1000)
    ]
    typed = [
        {
            entry.id: {
                blank: key.printed() if rng.random() < 0.6 else str(rng.randrange(10**4))
                for blank, key in entry.item.answers.items()
            }
            for entry in items
        }
        for items in forms
    ]
    result = graded(forms, typed)
    assert len(statistics(result).items) == 10


def test_nothing_of_the_figures_is_not_a_number() -> None:
    forms = [[integers("q1", 1), item("q2", {"choice": choice("abcd")})]] * 3
    text = repr(statistics(graded(forms, [{}, {"q1": {"a": str(nan)}}, {"q2": {"choice": "zz"}}])))
    assert "nan" not in text.replace("unnamed", "")
    assert "inf" not in text
