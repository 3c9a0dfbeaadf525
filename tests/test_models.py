"""A user's own network: what is asked about it is what ran."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from quizgrad import Bank, UserError, check, show, table_question
from quizgrad.cli import main
from quizgrad.generators.networks import MOST_ROWS, total
from quizgrad.generators.torch_layers import layer_of
from quizgrad.models.networks import of_module
from quizgrad.models.tracing import line_of, trace
from torch import Tensor, nn
from torch.nn import functional

LENET = """
from torch import nn

lenet = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2),
    nn.Flatten(), nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10),
)
number = 3


def small():
    return nn.Linear(5, 2)


def nothing():
    return 3


class Broken(nn.Module):
    def forward(self, x):
        raise RuntimeError("this network\\nis broken")
"""


class Branches(nn.Module):
    """Two branches, a layer used twice, a parameter of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.norm = nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8)
        self.right = nn.Conv2d(3, 8, 1)
        self.again = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.scale = nn.Parameter(torch.ones(8))
        self.head = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.norm(self.left(x))) + self.right(x)
        return self.head(self.again(self.again(y)).mean((2, 3)) * self.scale)


class Words(nn.Module):
    """Recurrent and attention layers."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(100, 16)
        self.lstm = nn.LSTM(16, 32, num_layers=2, batch_first=True, bidirectional=True)
        self.attention = nn.MultiheadAttention(64, 4, batch_first=True)
        self.norm, self.output = nn.LayerNorm(64), nn.Linear(64, 100)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.lstm(self.embedding(x))
        attended, _ = self.attention(states, states, states)
        return self.output(self.norm(states + attended))


class Tied(nn.Module):
    """The output layer has the weight of the embedding, and biases of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.output = nn.Embedding(50, 8), nn.Linear(8, 50)
        self.output.weight = self.embedding.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.output(self.embedding(x))


class LooksAtData(nn.Module):
    """It cannot run without data."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(5, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x) if x.sum().item() < 1 else x


class OwnConvolution(nn.Conv2d):
    """No layer of PyTorch any more: nobody can know from its line what it does."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x)[:, :, ::2]


NETWORKS = {
    "Branches": (Branches, (3, 16, 16), False),
    "Words": (Words, (7,), True),
    "Tied": (Tied, (7,), True),
    "LooksAtData": (LooksAtData, (5,), False),
    "encoder": (
        lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(32, 4, 64, batch_first=True), 2),
        (5, 32),
        False,
    ),
    "lazy": (lambda: nn.Sequential(nn.Flatten(), nn.LazyLinear(3)), (2, 4), False),
    "own layer": (
        lambda: nn.Sequential(OwnConvolution(1, 2, 3), nn.Flatten(), nn.Linear(8, 2)),
        (1, 6, 4),
        False,
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_every_parameter_is_counted_once(name: str) -> None:
    make, size, words = NETWORKS[name]
    module = make()
    rows = trace(of_module(module), size, words=words)
    entry = table_question(module, size, name=name, rows=(1, min(len(rows), MOST_ROWS)), words=words)
    whole = (
        entry.question(1, rows, 0)
        if entry.question.__name__.endswith("Totals")
        else entry.question(1, rows, True)
    )
    with torch.no_grad():
        module.eval()(torch.zeros(1, *size, dtype=torch.long if words else torch.float))
    assert whole.answer()["total"].value == sum(p.numel() for p in module.parameters())
    assert entry.solve(whole)["total"] == whole.answer()["total"].value


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("form", ["table", "totals"])
def test_questions_on_a_network_keep_the_contract(name: str, form: str) -> None:
    make, size, words = NETWORKS[name]
    entry = table_question(make(), size, name=name, form=form, words=words)
    levels = (1, 2) if form == "totals" else (1, 2, 3)
    for level in levels:
        assert not check(entry, level, 3).failures


def test_the_table_says_where_inputs_come_from_and_what_is_shared() -> None:
    rows = trace(of_module(Branches()), (3, 16, 16))
    assert [row.source for row in rows] == [0, 1, 0, -1, 4, -1, -1]
    assert [row.first for row in rows] == [0, 0, 0, 0, 4, 0, 0]
    assert rows[6].known == ((), 8, 0)
    item = show(table_question(Branches(), (3, 16, 16)), level=3, seed="1")
    assert {"size_5", "weights_4"} <= set(item.answers)
    assert "weights_5" not in item.answers


def test_a_layer_that_shares_some_parameters_is_not_asked() -> None:
    _, output = trace(of_module(Tied()), (7,), words=True)
    assert (output.known, output.shares) == (((7, 50), 0, 50), 1)


def test_a_layer_that_only_looks_like_one_of_pytorch_is_not_asked() -> None:
    first, *_ = trace(of_module(nn.Sequential(OwnConvolution(1, 2, 3))), (1, 6, 4))
    assert (first.line, first.known) == ("OwnConvolution", ((2, 2, 2), 18, 2))


def test_the_module_is_left_as_it_is() -> None:
    module = Branches().train()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    table_question(module, (3, 16, 16))
    assert module.training
    assert not any(layer._forward_hooks for layer in module.modules())
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())


def test_an_error_is_carried_to_the_rows_that_follow() -> None:
    module = nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4 * 13 * 13, 2))
    item = show(table_question(module, (1, 28, 28)), level=2, seed="1")
    marks = item.grade({"size_1": "4x28x28", "size_2": "4x14x14", "size_3": "784", "size_4": "2"})
    assert [marks[f"size_{n}"].state for n in (1, 2, 3, 4)] == ["partly", "carried", "carried", "right"]


IMAGE = (4, 11, 13)


@pytest.mark.parametrize(
    ("layer", "size"),
    [
        (nn.Conv1d(4, 6, 3, stride=2, padding=1), (4, 11)),
        (nn.Conv2d(4, 6, (3, 5), (2, 1), (1, 0), dilation=2, groups=2, bias=False), IMAGE),
        (nn.Conv2d(4, 6, 3, padding="same"), IMAGE),
        (nn.Conv3d(4, 2, 2), (4, 5, 6, 7)),
        (nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1), IMAGE),
        (nn.ConvTranspose2d(4, 6, (3, 2), dilation=(2, 1)), IMAGE),
        (nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True), IMAGE),
        (nn.MaxPool2d((2, 3)), IMAGE),
        (nn.AvgPool2d(3, ceil_mode=True), IMAGE),
        (nn.AdaptiveAvgPool2d((1, None)), IMAGE),
        (nn.AdaptiveMaxPool2d(3), IMAGE),
        (nn.BatchNorm2d(4, affine=False), IMAGE),
        (nn.InstanceNorm2d(4, affine=True), IMAGE),
        (nn.GroupNorm(2, 4), IMAGE),
        (nn.LayerNorm((11, 13)), IMAGE),
        (nn.LayerNorm(13, bias=False), IMAGE),
        (nn.Flatten(2), IMAGE),
        (nn.PReLU(4), IMAGE),
        (nn.Linear(13, 5, bias=False), IMAGE),
        (nn.GRU(13, 5, 2, bias=False, bidirectional=True), (11, 13)),
        (nn.RNN(13, 5), (11, 13)),
    ],
    ids=str,
)
def test_the_line_of_a_layer_says_all_that_counts(layer: nn.Module, size: tuple[int, ...]) -> None:
    line = line_of(layer)
    assert str(eval(line, {"nn": nn})) == str(layer)
    output = layer.eval()(torch.zeros(1, *size))
    shape = (output[0] if isinstance(output, tuple) else output).shape[1:]
    read = layer_of(line)
    assert read.output(size) == tuple(shape)
    assert total(read.weights) + total(read.biases) == sum(p.numel() for p in layer.parameters())


@pytest.mark.parametrize(
    "line", ["nn.Conv2d(3, 8)", "nn.Linear(3, 4, 5, 6)", "nn.Fold(2)", "print(3)", "3", "nn.ReLU("]
)
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"is known here|lacks a setting"):
        layer_of(line)


def test_the_command_shows_a_table(tmp_path: Path) -> None:
    (tmp_path / "nets.py").write_text(LENET)
    arguments = ["from-model", f"{tmp_path}/nets.py:lenet", "--input", "1,28,28", "--rows", "1:8"]
    result = CliRunner().invoke(main, [*arguments, "--level", "2", "--seed", "1", "--solution"])
    assert result.exit_code == 0
    assert "Layers of lenet" in result.stdout
    totals = CliRunner().invoke(main, [*arguments, "--ask", "totals", "--json"])
    assert '"total"' in totals.stdout


def test_the_command_writes_a_bank_that_makes_exams(tmp_path: Path) -> None:
    (tmp_path / "nets.py").write_text(LENET)
    bank = tmp_path / "bank"
    arguments = ["from-model", f"{tmp_path}/nets.py:lenet", "--input", "1,28,28", "--into", str(bank)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    entry = Bank([bank])["lenet/layer_table"]
    whole = entry.question(1, entry.question.all_rows, True)
    assert whole.answer()["total"].value == 61_706
    assert not check(entry, 2, 5).failures
    again = CliRunner().invoke(main, arguments)
    assert (again.exit_code, again.exception.code) == (2, 2)
    assert "exists already" in again.stderr


@pytest.mark.parametrize(
    ("place", "options", "sentence"),
    [
        ("nets.py:lenet", ["--input", "1,28"], "lenet fails on an input of 1 × 28: RuntimeError"),
        (
            "nets.py:Broken",
            ["--input", "3"],
            "Broken fails on an input of 3: RuntimeError: this network is broken",
        ),
        ("nets.py:nobody", ["--input", "3"], "nets.py has no nobody"),
        ("nets.py:number", ["--input", "3"], "number of .*nets.py is no network"),
        ("nets.py:nothing", ["--input", "3"], "makes no network, but a value of type int"),
        ("nets.py", ["--input", "3"], "expected FILE.py:NAME"),
        ("missing.py:net", ["--input", "3"], "missing.py does not exist"),
        ("wrong.py:net", ["--input", "3"], "wrong.py fails: SyntaxError"),
        ("nets.py:small", ["--input", "three"], "--input three: expected whole numbers"),
        ("nets.py:small", ["--input", "5", "--rows", "2:3"], "small has the rows 1 to 1, not 2 to 3"),
        ("nets.py:small", ["--input", "5", "--rows", "2"], "--rows 2: expected FIRST:LAST"),
    ],
)
def test_faults_are_named_in_one_sentence(
    tmp_path: Path, place: str, options: list[str], sentence: str
) -> None:
    (tmp_path / "nets.py").write_text(LENET)
    (tmp_path / "wrong.py").write_text("def")
    result = CliRunner().invoke(main, ["from-model", str(tmp_path / place), *options])
    assert result.exit_code == 2
    assert re.search(sentence, result.stderr)
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_network_without_layers_is_refused() -> None:
    with pytest.raises(UserError, match="has no layers that run"):
        trace(of_module(nn.Sequential()), (3,))


class TextGenerator(nn.Module):
    """Letters as one-hot vectors through a gated recurrent unit: 1514 parameters for 10 letters and 16 units."""

    def __init__(self) -> None:
        super().__init__()
        self.recurrent, self.output = nn.GRU(10, 16, batch_first=True), nn.Linear(16, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.output(self.recurrent(x)[0])


class Encoder(nn.Module):
    """Projections before an attention that projects again, and one normalization for both sublayers: 38144."""

    def __init__(self) -> None:
        super().__init__()
        self.enter = nn.ModuleList(nn.Linear(50, 64) for _ in range(4))
        self.attention = nn.MultiheadAttention(64, 1, batch_first=True)
        self.inner, self.outer = nn.Linear(64, 64), nn.Linear(64, 64)
        self.norm = nn.LayerNorm(64)

    def forward(self, x: Tensor) -> Tensor:
        residual, query, key, value = (enter(x) for enter in self.enter)
        x = self.norm(residual + self.attention(query, key, value)[0])
        return self.norm(x + self.outer(torch.relu(self.inner(x))))


@pytest.mark.parametrize(
    ("module", "size", "parameters", "output"),
    [(TextGenerator(), (1, 10), 1514, (1, 1, 10)), (Encoder(), (5, 50), 38144, (1, 5, 64))],
)
def test_networks_with_sharing_and_attention_have_their_known_size(
    module: nn.Module, size: tuple[int, ...], parameters: int, output: tuple[int, ...]
) -> None:
    entry = table_question(module, size)
    rows = entry.question.all_rows
    assert entry.question(1, rows, True).answer()["total"].value == parameters
    assert module(torch.zeros(1, *size)).shape == output
