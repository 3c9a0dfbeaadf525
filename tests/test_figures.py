from __future__ import annotations

import io
import re
from cmath import exp
from itertools import combinations, pairwise
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from quizgrad.rendering.document import Figure
from quizgrad.rendering.figures import KINDS, FigureError, drawing, svg
from quizgrad.rendering.figures.curves import Box, Curve, Outline, arc, around, between, line, spread
from quizgrad.rendering.figures.label import Label, Words
from quizgrad.rendering.figures.layered import layered
from quizgrad.rendering.figures.plots import ticks
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Circle, Path, Rect
from reportlab.pdfgen.canvas import Canvas

COLUMN = 160 / 25.4 * 72

FIGURES = {
    "bars": {
        "heights": [3, 0, 7, 12],
        "edges": [0, 2.5, 5, 7.5, 10],
        "highlight": [2],
        "y_label": "students",
    },
    "network": {
        "layers": [2, 3, 1],
        "labels": [["x_1", "x_2"], ["h_1", "h_2", "h_3"], [r"\hat{y}"]],
        "weights": [[[0.5, -0.25], [1, 2], [3, 4]], [["w_1", "w_2", "w_3"]]],
    },
    "computation_graph": {
        "nodes": [
            {"name": "x", "value": 8},
            {"name": "w", "value": 5},
            {"name": "m", "label": r"\times", "inputs": ["x", "w"], "value": 40},
            {"name": "f", "label": "softmax", "inputs": ["m"]},
            {"name": "s", "label": "+", "inputs": ["f", "x"], "value": "8.5"},
        ]
    },
    "graph": {
        "nodes": ["A", "B", "C", "D"],
        "edges": [(0, 1), (1, 0), (1, 2), (2, 2), (3, 0)],
        "directed": True,
        "features": ["[1, 0]", "x_2", "3", "4"],
        "weights": [2, -1, "0.5", 3, "w_4"],
        "highlight": [1],
    },
    "grid": {
        "grids": [
            {"values": [[1, -2, 3], [4, None, 6]], "title": "input $X$", "highlight": [(0, 1)]},
            {"values": [["w_{11}", "w_{12}"]], "row_labels": ["K"], "column_labels": ["a", "b"]},
        ],
        "symbols": ["*"],
    },
    "confusion_matrix": {"counts": [[50, 3], [12, 35]], "labels": ["positive", "negative"]},
    "plot": {
        "curves": [
            {"points": [(-2, 0), (0, 0), (2, 2)], "label": "ReLU"},
            {"points": [(-2, -1), (2, 1)], "label": r"\tanh x"},
        ],
        "points": [(1, 1), {"x": 0, "y": 1, "label": "B", "mark": "cross"}],
        "x_label": "x",
        "y_label": "loss",
    },
    "receptive_field": {"kernels": [3, 2, 3], "strides": [1, 2, 1], "dilations": [1, 1, 2]},
    "recurrent_network": {
        "inputs": ["x_1", "x_2", "x_3"],
        "states": [["h_1", "h_2", "h_3"]],
        "backward": ["7", "6", "4"],
        "outputs": ["", "(3, 6)", "y_3"],
        "initial": ["h_0 = 0", 0],
        "input_weight": "v",
        "recurrent_weight": "u",
        "output_weight": "w",
    },
    "lstm_cell": {"labels": {"f": "f_t = 0.5", "o": "o_t = 0.75", "h": "h_t = 0.4608"}},
    "gru_cell": {"update_keeps_past": True, "reset_after": True, "labels": {"r": "r_t = 0.75"}},
    "u_net": {
        "contracting": ["C1", "C2"],
        "bottom": "bottom",
        "expanding": ["E1", "E2"],
        "ends": ["image", "output"],
        "arrows": ["max pooling", "copy", "transposed convolution"],
    },
    "layer_stack": {"layers": [{"label": "Conv 3×3", "size": "16×28×28"}, {"label": "ReLU"}] * 5},
}


def figure(kind: str, alt: str = "what it shows", **arguments: object) -> Figure:
    return Figure(kind, arguments or FIGURES[kind], alt)


def shapes(picture, kind=None):
    """Everything in a drawing, with groups opened."""
    for shape in picture.contents:
        if hasattr(shape, "contents"):
            yield from shapes(shape, kind)
        elif kind is None or isinstance(shape, kind):
            yield shape


def pdf(picture) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(500, 500), invariant=True)
    renderPDF.draw(picture, canvas, 10, 10)
    canvas.save()
    return file.getvalue()


def texts(picture) -> list[str]:
    pieces = [piece for label in shapes(picture, Label) for piece in label.setting.pieces]
    return [piece.text if isinstance(piece, Words) else piece.latex for piece in pieces]


def nodes(picture) -> list[Outline]:
    """The circles and boxes that stand for nodes."""
    circles = [
        Outline.circle(complex(shape.cx, shape.cy), shape.r)
        for shape in shapes(picture, Circle)
        if shape.r > 5
    ]
    boxes = [
        Outline(
            complex(shape.x + shape.width / 2, shape.y + shape.height / 2),
            shape.width / 2,
            shape.height / 2,
            shape.rx,
        )
        for shape in shapes(picture, Rect)
    ]
    return circles + boxes


def strokes(picture):
    """Points along every line, close together."""
    for path in shapes(picture, Path):
        if path.strokeColor is None:
            continue
        points = [complex(x, y) for x, y in zip(path.points[::2], path.points[1::2], strict=True)]
        here, rest = 0j, iter(points)
        for operator in path.operators:
            if operator == 0:
                here = next(rest)
                continue
            corners = (here, *(next(rest) for _ in range(1 if operator == 1 else 3)))
            yield [Curve(corners).at(step / 30) for step in range(31)]
            here = corners[-1]


def test_there_is_a_figure_of_every_kind() -> None:
    assert set(FIGURES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_drawing_fits_the_column_and_holds_what_is_drawn(kind: str, scale: float) -> None:
    picture = drawing(figure(kind), scale)
    assert 20 < picture.width <= COLUMN + 0.5
    group = picture.contents[0]
    zoom, dx, dy = group.transform[0], group.transform[4], group.transform[5]
    for label in shapes(picture, Label):
        if label in group.contents:
            box = label.box
            assert box.left * zoom + dx >= 0
            assert box.bottom * zoom + dy >= 0
            assert box.right * zoom + dx <= picture.width
            assert box.top * zoom + dy <= picture.height


def test_large_print_enlarges_as_far_as_the_column_allows() -> None:
    small, large = drawing(figure("confusion_matrix")), drawing(figure("confusion_matrix"), 1.5)
    assert large.width == pytest.approx(1.5 * small.width)
    wide = figure("grid", values=[list(range(20))])
    assert drawing(wide, 1.5).width == pytest.approx(COLUMN, abs=0.5)


def test_layers_wrap_earlier_in_large_print() -> None:
    assert drawing(figure("layer_stack"), 1.5).height > 1.8 * drawing(figure("layer_stack")).height


@pytest.mark.parametrize("kind", KINDS)
def test_svg_is_one_element_that_can_stand_in_a_page(kind: str) -> None:
    text = svg(figure(kind, alt='a < b & "c"'))
    assert text.startswith("<svg ")
    root = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{space}svg"
    assert root.get("role") == "img"
    assert root[0].tag == f"{space}title"
    assert root[0].text == 'a < b & "c"'
    assert len(root.get("viewBox").split()) == 4
    names = {element.tag.removeprefix(space) for element in root.iter()}
    assert names <= {"svg", "title", "g", "path", "circle", "rect", "text"}
    assert not [element for element in root.iter() if "id" in element.attrib]
    assert "nan" not in text
    assert "inf" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_figure_gives_the_same_bytes(kind: str) -> None:
    assert svg(figure(kind)) == svg(figure(kind))
    assert pdf(drawing(figure(kind))) == pdf(drawing(figure(kind)))


@pytest.mark.parametrize("kind", KINDS)
def test_labels_are_text_in_pdf(kind: str) -> None:
    picture = drawing(figure(kind))
    extracted = PdfReader(io.BytesIO(pdf(picture))).pages[0].extract_text()
    words = [text for text in texts(picture) if re.fullmatch(r"[A-Za-z]{3,}", text)]
    for word in words:
        assert word in extracted


def test_labels_in_svg_are_escaped_text_or_outlines() -> None:
    text = svg(figure("grid", values=[["<b>&", r"\frac{a}{b}", "a\x07"]]))
    root = ElementTree.fromstring(text)
    written = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "".join(written) == "<b>&a\N{REPLACEMENT CHARACTER}"
    outlines = [
        path.get("d") for path in root.iter("{http://www.w3.org/2000/svg}path") if path.get("transform")
    ]
    assert sum(outline.count("M") for outline in outlines) == 3


@pytest.mark.parametrize(
    ("label", "latex", "words"),
    [
        ("x", ["x"], []),
        ("x_1", ["x_1"], []),
        (r"\sigma", [r"\sigma"], []),
        ("$2x$", ["2x"], []),
        ("input $X$", ["X"], ["input "]),
        ("ReLU", [], ["ReLU"]),
        ("-1.5", [], ["\N{MINUS SIGN}1.5"]),
        ("[-1, -.5]", [], ["[\N{MINUS SIGN}1, \N{MINUS SIGN}.5]"]),
        ("cross-entropy", [], ["cross-entropy"]),
        ("costs $5", [], ["costs $5"]),
        (-3, [], ["\N{MINUS SIGN}3"]),
        (0.1 + 0.2, [], ["0.3"]),
        (1234567, [], ["1234567"]),
        (20000.0, [], ["20000"]),
        (0.00001, ["10^{-5}"], []),
        (-2.5e-7, [r"-2.5 \cdot 10^{-7}"], []),
        ("", [], []),
    ],
)
def test_what_is_set_as_mathematics(label: str | float, latex: list[str], words: list[str]) -> None:
    pieces = Label(label).setting.pieces
    assert [piece.latex for piece in pieces if not isinstance(piece, Words)] == latex
    assert [piece.text for piece in pieces if isinstance(piece, Words)] == words


@pytest.mark.parametrize("side", [0j, 1j, -1j, 1 + 0j, -1 + 0j])
@pytest.mark.parametrize("text", ["Xg", r"\frac{1}{2}", "input $x_2$"])
def test_a_label_stands_on_the_side_of_its_point(text: str, side: complex) -> None:
    box = Label(text, 12).beside(10 + 20j, side).box
    middle = complex(box.left + box.right, box.bottom + box.top) / 2
    half = complex((box.right - box.left) / 2 * side.real, (box.top - box.bottom) / 2 * side.imag)
    assert middle - half == pytest.approx(10 + 20j)


@pytest.mark.parametrize(
    ("kind", "arguments", "sentence"),
    [
        ("grpah", {}, 'there is no figure "grpah"; do you mean graph?'),
        ("graph", {"edges": []}, 'figure "graph": the argument nodes is missing'),
        ("graph", {"nodes": 3, "edgs": []}, 'figure "graph": there is no argument edgs; do you mean edges?'),
        ("graph", {"nodes": 3, "edges": [(0, 7)]}, "the edge (0, 7) names a node that is not there"),
        ("graph", {"nodes": 3, "edges": [(0, "b")]}, "edges[0][1] is 'b': input should be a valid integer"),
        (
            "graph",
            {"nodes": 3, "edges": [], "weights": [1]},
            "weights has 1 entries, but there are 0 to place",
        ),
        ("graph", {"nodes": 99, "edges": []}, "there are 99 nodes, more than 40"),
        ("graph", {"nodes": 2, "edges": [], "positions": [(1, 1), (1, 1)]}, "nodes 0 and 1 stand too close"),
        ("graph", {"nodes": 2, "edges": [], "highlight": [2]}, "highlight names the node 2"),
        ("computation_graph", {"nodes": [{"name": "a", "inpts": []}]}, "there is no argument nodes[0].inpts"),
        ("computation_graph", {"nodes": [{"name": "a", "inputs": ["b"]}]}, 'the input "b", which is no node'),
        ("computation_graph", {"nodes": [{"name": "a"}, {"name": "a"}]}, 'two nodes have the name "a"'),
        (
            "computation_graph",
            {"nodes": [{"name": "a", "inputs": ["a"]}]},
            "the nodes feed each other in a circle",
        ),
        ("grid", {}, "it takes either values or grids"),
        ("grid", {"values": [[1, 2], [3]]}, "row 1 has 1 cells, but row 0 has 2"),
        ("grid", {"values": [[1]], "highlight": [(0, 1)]}, "highlight names the cell (0, 1)"),
        ("grid", {"values": [[1, 2]], "heat": [[0.5]]}, "heat must have a share for each of the 1 × 2 cells"),
        ("grid", {"values": [[1]], "heat": [[1.5]]}, "heat[0][0] is 1.5"),
        ("grid", {"values": [[1]], "row_labels": ["a", "b"]}, "row_labels has 2 entries, but there are 1"),
        ("grid", {"values": [[float("nan")]]}, "values[0][0] is nan: input should be a finite number"),
        ("grid", {"values": [[r"\nosuchcommand"]]}, "cannot be set"),
        ("grid", {"values": [["x" * 201]]}, "a label has 201 characters, more than 200"),
        ("grid", {"values": [["wide" * 6] * 30]}, "times as wide as a text column"),
        ("grid", {"grids": [{"values": [[1]]}] * 2, "symbols": ["+", "="]}, "symbols has 2 entries"),
        ("confusion_matrix", {"counts": [[1, 2]]}, "counts has 1 rows, so each must have 1 entries"),
        ("network", {"layers": [2, 0]}, "layers[1] is 0: input should be greater than or equal to 1"),
        (
            "network",
            {"layers": [2, 3], "weights": [[[1, 2]]]},
            "weights[0] is no matrix of 3 rows and 2 columns",
        ),
        ("network", {"layers": [2, 9], "weights": [[[1, 2]] * 9]}, "layers of at most 6 units"),
        (
            "network",
            {"layers": [2, 3], "labels": [["a"], []]},
            "labels[0] has 1 entries, but the layer has 2 units",
        ),
        ("plot", {}, "it takes curves or points"),
        ("plot", {"points": [(0, 0)], "x_range": (1, 1)}, "its first number must be the smaller one"),
        ("plot", {"points": [(0, 0)], "x_range": (1, 1.00001)}, "too narrow for its numbers to differ"),
        ("plot", {"points": [(0, 1e300)]}, "points[0][1] is 1e+300"),
        ("layer_stack", {"layers": [{"size": "3"}]}, "the argument layers[0].label is missing"),
        (
            "recurrent_network",
            {"inputs": ["a", "b"], "states": [["h"]]},
            "every row must have 2 labels, as the inputs have",
        ),
        (
            "recurrent_network",
            {"inputs": ["a"], "states": [["h"], ["s"]], "backward": ["b"]},
            "a second direction is drawn for one layer only",
        ),
        (
            "recurrent_network",
            {"inputs": ["a"], "states": [["h"], ["s"]], "initial": [0]},
            "there must be one initial state for each row of states",
        ),
        ("lstm_cell", {"labels": {"z": "1"}}, 'there is no place "z" for a label; there are c_before'),
        ("gru_cell", {}, "the argument update_keeps_past is missing"),
        (
            "receptive_field",
            {"kernels": [3, 3], "strides": [1], "dilations": [1, 1]},
            "kernels, strides and dilations must be as many",
        ),
        (
            "u_net",
            {"contracting": ["C1"], "bottom": "B", "expanding": ["E1", "E2"]},
            "1 levels contract, but 2 expand",
        ),
        (
            "receptive_field",
            {"kernels": [9, 9], "strides": [8, 1], "dilations": [1, 1]},
            "the field has 73 columns, more than 64",
        ),
    ],
)
def test_errors_say_what_was_wrong(kind: str, arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(FigureError) as error:
        drawing(Figure(kind, arguments, "alt"))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_words_for_those_who_cannot_see_it_are_required() -> None:
    with pytest.raises(FigureError, match="alt is empty"):
        svg(Figure("graph", {"nodes": 1, "edges": []}, "  "))


def test_layers_of_many_units_are_abridged() -> None:
    picture = drawing(figure("network", layers=[784, 6]))
    assert len(nodes(picture)) == 4 + 6
    assert texts(picture) == ["784 units", "6 units"]


def test_abridged_layers_keep_the_right_labels() -> None:
    names = [[f"x_{{{unit}}}" for unit in range(10)], []]
    assert texts(drawing(figure("network", layers=[10, 2], labels=names, captions=["", ""]))) == [
        "x_{0}",
        "x_{1}",
        "x_{2}",
        "x_{9}",
    ]


def test_weights_stand_nearest_to_their_own_edge() -> None:
    matrix = [["11", "12"], ["21", "22"], ["31", "32"]]
    picture = drawing(figure("network", layers=[2, 3], weights=[matrix]))
    inputs, outputs = (
        sorted(
            (node.centre for node in nodes(picture) if node.centre.real == x), key=lambda place: -place.imag
        )
        for x in sorted({node.centre.real for node in nodes(picture)})
    )
    for label in shapes(picture, Label):
        box = label.box
        middle = complex(box.left + box.right, box.bottom + box.top) / 2
        row, column = (int(digit) - 1 for digit in label.setting.pieces[0].text)
        distances = {
            (i, j): abs(((middle - a) / (b - a)).imag) * abs(b - a)
            for i, b in enumerate(outputs)
            for j, a in enumerate(inputs)
        }
        assert min(distances, key=distances.get) == (row, column)


def random_graph(seed: int) -> Figure:
    random = Random(seed)
    count = random.randint(3, 12)
    list_of_nodes = []
    for index in range(count):
        inputs = random.sample(range(index), random.randint(1, min(2, index))) if index > 2 else []
        label = random.choice(["+", r"\times", "softmax", r"\log"])
        list_of_nodes.append(
            {"name": str(index), "inputs": [str(i) for i in inputs], "value": random.random()}
            | ({"label": label} if inputs else {"label": f"x_{index}"})
        )
    return figure("computation_graph", nodes=list_of_nodes)


@pytest.mark.parametrize("seed", range(25))
def test_no_edge_of_a_computation_graph_runs_through_a_node(seed: int) -> None:
    picture = drawing(random_graph(seed))
    outlines = nodes(picture)
    assert not any(a.box.shared(b.box) for a, b in combinations(outlines, 2))
    for stroke in strokes(picture):
        for point in stroke:
            assert not any(outline.contains(point, -0.3) for outline in outlines)


@pytest.mark.parametrize("seed", range(25))
def test_no_edge_of_a_graph_runs_through_a_node(seed: int) -> None:
    random = Random(seed)
    count = random.randint(2, 12)
    edges = [pair for pair in combinations(range(count), 2) if random.random() < 0.4]
    edges += [(end, start) for start, end in edges if random.random() < 0.2]
    picture = drawing(figure("graph", nodes=count, edges=edges, directed=True))
    outlines = nodes(picture)
    assert len(outlines) == count
    assert len([path for path in shapes(picture, Path) if path.strokeColor is None]) == bool(edges)
    for stroke in strokes(picture):
        assert not any(outline.contains(point, -0.3) for point in stroke for outline in outlines)


def test_edges_in_a_row_bend_around_the_nodes_between() -> None:
    places = [(0, 0), (1, 0), (2, 0), (3, 0)]
    picture = drawing(figure("graph", nodes=4, edges=[(0, 2), (0, 3)], positions=places))
    for stroke in strokes(picture):
        assert not any(outline.contains(point, 1) for point in stroke for outline in nodes(picture)[1:2])


@pytest.mark.parametrize("kind", KINDS)
def test_no_label_covers_another(kind: str) -> None:
    boxes = [label.box for label in drawing(figure(kind)).contents[0].contents if isinstance(label, Label)]
    assert len(boxes) > 2
    assert not any(a.shared(b) for a, b in combinations(boxes, 2))


def test_a_tree_is_drawn_without_crossings_and_its_trunk_is_level() -> None:
    layering = layered([[], [], [], [0, 1], [3, 2], [4], [5]])
    assert len(layering.columns) == 5
    heights = layering.heights
    assert heights[4] == pytest.approx(heights[5]) == pytest.approx(heights[6])
    assert heights[3] == pytest.approx((heights[0] + heights[1]) / 2)
    assert heights[0] > heights[1] > heights[2]


def test_an_input_used_late_stands_before_its_use() -> None:
    columns = layered([[], [0], [1], [2, 4], []]).columns
    assert 4 in columns[2]


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=20), st.floats(0, 10))
def test_spread_keeps_order_distance_and_mean(wanted: list[float], gap: float) -> None:
    places = spread(wanted, gap)
    assert all(b - a >= gap - 1e-6 for a, b in pairwise(places))
    assert sum(places) == pytest.approx(sum(wanted), abs=1e-6)
    if all(b - a >= gap for a, b in pairwise(wanted)):
        assert places == pytest.approx(wanted, abs=1e-6)


@given(st.floats(0, 6.28), st.floats(-15, 15))
def test_edges_start_and_end_on_the_borders(angle: float, bow: float) -> None:
    start, end = Outline.circle(0j, 10), Outline(80 * exp(1j * angle), 20, 10, 4)
    curve = between(start, end, arc(start.centre, end.centre, bow))
    assert abs(curve.points[0]) == pytest.approx(10, abs=0.05)
    assert end.contains(curve.points[-1], 0.05)
    assert not end.contains(curve.points[-1], -0.05)


@pytest.mark.parametrize("bow", [0, 12])
def test_a_gap_leaves_room_for_a_label(bow: float) -> None:
    curve = arc(0j, 100 + 30j, bow)
    box = Box.around(curve.at(0.4), 20, 10)
    before, after = around(curve, box, 0.4)
    assert before.points[0] == 0j
    assert after.points[-1] == 100 + 30j
    inside = box.padded(-0.05)
    for piece in (before, after):
        assert not any(inside.contains(piece.at(step / 50)) for step in range(51))


@given(st.floats(-1e6, 1e6), st.floats(1e-4, 1e4))
def test_ticks_are_few_even_and_within_the_range(low: float, share: float) -> None:
    width = share * max(abs(low), 1e-3)
    high = low + width
    values = ticks(low, high)
    assert 2 <= len(values) <= 6
    assert low - width * 1e-6 <= values[0] < values[-1] <= high + width * 1e-6


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-5, 5, [-4, -2, 0, 2, 4]),
        (0, 50, [0, 10, 20, 30, 40, 50]),
        (-1.2, 2, [-1, 0, 1, 2]),
    ],
)
def test_ticks_are_round_numbers(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == expected


def test_steps_are_counted_in_whole_numbers() -> None:
    picture = drawing(figure("plot", points=[(1, 0.5), (2, 0.25), (3, 0.125)]))
    assert {"1", "2", "3"} <= set(texts(picture))
    assert "1.5" not in texts(picture)


def test_curves_are_cut_at_the_axes() -> None:
    picture = drawing(
        figure("plot", curves=[{"points": [(0, 0), (10, 100)]}], x_range=(0, 10), y_range=(0, 10))
    )
    points = [point for stroke in strokes(picture) for point in stroke]
    height = max(point.imag for point in points if point.real == 0)
    assert max(point.imag for point in points) <= height + 0.02


def test_a_grid_cell_is_square_and_its_number_in_the_middle() -> None:
    picture = drawing(figure("grid", values=[[1, -22], [333, 4]], highlight=[(1, 0)]))
    frame, area = sorted(shapes(picture, Rect), key=lambda rect: -rect.width)
    assert frame.width == frame.height == 2 * area.width == 2 * area.height
    (label,) = (label for label in shapes(picture, Label) if label.setting.pieces[0].text == "333")
    assert (label.box.left + label.box.right) / 2 == pytest.approx(area.x + area.width / 2)
    assert (label.box.bottom + label.box.top) / 2 == pytest.approx(area.y + area.height / 2)


def test_the_heat_of_a_cell_darkens_it_and_leaves_its_value() -> None:
    picture = drawing(figure("grid", values=[[0.75, 0.25, 0]], heat=[[0.75, 0.25, 0]]))
    dark, light = (rect for rect in shapes(picture, Rect) if rect.fillColor)
    assert dark.x < light.x
    assert dark.fillColor.strength == pytest.approx(3 * light.fillColor.strength)
    assert dark.fillColor.strength < 0.5
    assert texts(picture) == ["0.75", "0.25", "0"]


def test_a_receptive_field_has_a_cell_for_each_column_and_tints_what_is_used() -> None:
    picture = drawing(figure("receptive_field", kernels=[3, 2], strides=[1, 1], dilations=[1, 3]))
    cells = [shape for shape in shapes(picture, Rect) if shape.strokeColor]
    tinted = [shape for shape in shapes(picture, Rect) if shape.fillColor]
    assert (len(cells), len(tinted)) == (6 + 4 + 1, 6 + 2 + 1)
    assert texts(picture) == ["input", "layer 1", "layer 2"]


def arrows(picture) -> int:
    """How many arrowheads there are: each is a filled area of four corners."""
    heads = [shape for shape in shapes(picture, Path) if shape.fillColor is not None]
    return sum(head.operators.count(3) for head in heads)


def test_an_unrolled_network_has_an_arrow_for_each_dependence() -> None:
    inputs, states, tops = ["x_1", "x_2"], [["h_1", "h_2"], ["s_1", "s_2"]], ["", "y_2"]
    deep = drawing(figure("recurrent_network", inputs=inputs, states=states, outputs=tops, initial=[0, ""]))
    assert arrows(deep) == 2 + 2 + 1 + 2 + 1
    both = figure("recurrent_network", inputs=inputs, states=states[:1], backward=states[1], outputs=inputs)
    assert arrows(drawing(both)) == 4 + 4 + 2
    assert len(nodes(drawing(both))) == 8


@pytest.mark.parametrize(("keeps", "after"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_gru_shows_what_the_update_gate_multiplies_and_where_the_reset_acts(
    keeps: bool, after: bool
) -> None:
    picture = drawing(figure("gru_cell", update_keeps_past=keeps, reset_after=after))
    labels = dict(zip(texts(picture), shapes(picture, Label), strict=True))
    rest, mixed = labels["1 −"], labels["+"]
    assert (abs(rest.box.left + rest.box.right - mixed.box.left - mixed.box.right) < 0.1) == keeps
    assert ("linear" in texts(picture)) == after


@pytest.mark.parametrize("kind", ["lstm_cell", "gru_cell"])
def test_wide_labels_of_a_cell_keep_clear_of_each_other(kind: str) -> None:
    names = "figo" if kind == "lstm_cell" else "rnz"
    labels = {name: f"{name}_t = -0.1234567" for name in names}
    more = {} if kind == "lstm_cell" else {"update_keeps_past": False}
    boxes = [label.box for label in shapes(drawing(figure(kind, labels=labels, **more)), Label)]
    assert all(a.shared(b) == 0 for a, b in combinations(boxes, 2))


def test_a_copy_goes_across_each_level_of_a_u_net() -> None:
    picture = drawing(figure("u_net"))
    dashed = [shape for shape in shapes(picture, Path) if shape.strokeDashArray]
    assert (len(dashed), len(nodes(picture))) == (2, 5)
    assert "transposed convolution" in texts(picture)


def test_a_straight_line_keeps_to_its_points() -> None:
    assert line(0j, 10 + 10j).part(0.2, 0.5).points == pytest.approx((2 + 2j, 5 + 5j))


def heights_of_bars(**arguments: object) -> list[float]:
    return [rect.height for rect in shapes(drawing(figure("bars", **arguments)), Rect) if rect.fillColor]


def test_bars_are_as_high_as_their_numbers_say() -> None:
    one, other, third = heights_of_bars(heights=[2, 8, 4], labels=["a", "b", "c"])
    assert other == pytest.approx(4 * one)
    assert third == pytest.approx(2 * one)


def test_bars_of_a_histogram_touch_and_separate_ones_do_not() -> None:
    histogram = list(shapes(drawing(figure("bars", heights=[1, 2], edges=[0, 1, 2])), Rect))
    separate = list(shapes(drawing(figure("bars", heights=[1, 2], labels=["a", "b"])), Rect))
    assert max(rect.x for rect in histogram) == pytest.approx(histogram[0].x + histogram[0].width)
    assert max(rect.x for rect in separate) > separate[0].x + separate[0].width + 5


@pytest.mark.parametrize("heights", [[0], [0, 0, 0], [0.25], [1e9, 1], [0.001, 0.002]])
def test_bars_of_any_size_are_drawn(heights: list[float]) -> None:
    labels = ["a", "b", "c"][: len(heights)]
    assert set(labels) <= set(texts(drawing(figure("bars", heights=heights, labels=labels))))


def test_numbers_below_a_histogram_do_not_run_into_each_other() -> None:
    picture = drawing(figure("bars", heights=[1] * 40, edges=[1000 * place for place in range(41)]))
    below = sorted((label.box for label in shapes(picture, Label) if label.y < 0), key=lambda box: box.left)
    assert len(below) > 5
    assert all(left.right < right.left for left, right in pairwise(below))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"heights": [1]}, "either edges"),
        ({"heights": [1], "edges": [0, 1], "labels": ["a"]}, "either edges"),
        ({"heights": [1], "edges": [0]}, "1 edges, but 1 bars stand between 2"),
        ({"heights": [1, 2], "labels": ["a"]}, "1 labels for 2 bars"),
        ({"heights": [1, 2], "edges": [0, 2, 1]}, "edges must ascend"),
        ({"heights": [1], "labels": ["a"], "highlight": [1]}, "highlight names bar 1"),
        ({"heights": [-1], "labels": ["a"]}, "greater than or equal to 0"),
    ],
)
def test_wrong_bars_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(FigureError, match=re.escape(message)):
        drawing(figure("bars", **arguments))
