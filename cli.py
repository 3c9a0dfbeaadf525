"""The command line: parse, call, print."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from .errors import GateError, UserError, naming

if TYPE_CHECKING:
    from .grading.grade import Duplicates


class _Commands(click.Group):
    """Turns bad input into one sentence and exit code 2, and Ctrl-C into one and 130."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except GateError as fault:
            _fail(ctx, fault, 1)
        except UserError as fault:
            _fail(ctx, fault, 2)
        except KeyboardInterrupt:
            click.echo("quizgrad: stopped; to go on, give the same command again", err=True)
            sys.exit(130)


def _fail(ctx: click.Context, fault: Exception, code: int) -> NoReturn:
    if ctx.params.get("debug"):
        raise fault
    click.echo(f"quizgrad: {fault}", err=True)
    sys.exit(code)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--bank",
    "banks",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Add an outside bank of questions.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="quizgrad")
@click.pass_context
def main(ctx: click.Context, banks: tuple[Path, ...], debug: bool) -> None:
    """Write deep-learning exams whose every key was executed, and grade them."""
    # Solvers run tiny networks: threads of PyTorch would only wait for each other and for other jobs.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    ctx.obj = banks


@contextmanager
def _progress(what: str) -> Iterator[Callable[[Iterable[Any], int], Iterable[Any]]]:
    """A progress bar with the time left, on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield lambda steps, total: progress.track(steps, total, description=what)


def _bank(ctx: click.Context) -> Any:
    from .bank import Bank

    bank = Bank(ctx.obj)

    def name_faults() -> None:
        for fault in bank.faults:
            click.echo(f"quizgrad: left out: {fault}", err=True)

    ctx.call_on_close(name_faults)
    return bank


_new_folder = click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The folder to make.",
)


@main.command("list")
@click.argument("pattern", default="*")
@click.pass_context
def list_questions(ctx: click.Context, pattern: str) -> None:
    """List questions with their levels, kinds of answers and minutes."""
    from .overview import rows, table

    click.echo(table(rows(_bank(ctx).matching(pattern))))


def _showing(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that shows one item."""
    file = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print everything that is known of the item."),
        click.option("--html", type=file, metavar="FILE", help="Write a web page."),
        click.option(
            "--png",
            type=file,
            metavar="FILE",
            help="Write a picture of the page, or of all pages below each other.",
        ),
        click.option("--pdf", type=file, metavar="FILE", help="Write a PDF."),
        click.option("--solution", is_flag=True, help="Also show the key and the worked solution."),
        click.option("--seed", help="Show the same item each time."),
        click.option("--level", type=int, help="The level; 2 if not given."),
    ):
        command = option(command)
    return command


def _show(
    entry: Any,
    level: int | None,
    seed: str | None,
    solution: bool,
    pdf: Path | None,
    png: Path | None,
    html: Path | None,
    as_json: bool,
    parameters: dict[str, Any] | None = None,
) -> None:
    from . import preview
    from .exams.files import write_atomically

    item = preview.drawn(entry, level, seed, parameters)
    with naming(f"question {item.name}"):
        if pdf:
            write_atomically(pdf, preview.as_pdf(item, solution=solution))
        if png:
            write_atomically(png, preview.as_png(item, solution=solution))
        if html:
            write_atomically(html, preview.as_html(item, solution=solution))
        if as_json:
            click.echo(preview.as_json(item))
        elif not (pdf or png or html):
            click.echo(preview.as_text(item, solution=solution))


@main.command()
@click.argument("question")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Use your own parameter.")
@_showing
@click.pass_context
def show(ctx: click.Context, /, question: str, settings: tuple[str, ...], **options: Any) -> None:
    """Show one item of a question."""
    _show(_bank(ctx)[question], **options, parameters=dict(map(_setting, settings)))


@main.command("from-model")
@click.argument("network", metavar="FILE.py:NAME")
@click.option("--input", "size", required=True, metavar="SIZES", help="One input, e.g. 3,224,224.")
@click.option("--words", is_flag=True, help="The input consists of whole numbers, as of words.")
@click.option("--rows", metavar="FIRST:LAST", help="The layers to ask about; all if not given.")
@click.option(
    "--ask",
    type=click.Choice(["table", "totals"]),
    default="table",
    show_default=True,
    help="For each layer, or for all together.",
)
@click.option(
    "--into", type=click.Path(path_type=Path), metavar="FOLDER", help="Add the questions to a bank instead."
)
@_showing
def from_model(
    network: str, size: str, words: bool, rows: str | None, ask: str, into: Path | None, **options: Any
) -> None:
    """Ask about your own network, an nn.Module that a Python file makes.

    The file is executed: use only code that you trust.
    """
    from .models import questions
    from .models.networks import from_file

    sides, window = (
        _whole_numbers("--input", size, ","),
        _whole_numbers("--rows", rows, ":") if rows else None,
    )
    if window is not None and len(window) != 2:
        raise UserError(f"--rows {rows}: expected FIRST:LAST, e.g. --rows 1:8")
    loaded = from_file(network)
    limits = (window[0], window[1]) if window else None
    if into:
        path, names = questions.write_bank(loaded, sides, into, rows=limits, words=words)
        click.echo(f"wrote {path}")
        for name in names:
            click.echo(f"try it: quizgrad --bank {into} show {name}")
        return
    _show(questions.entry(loaded, sides, form=ask, rows=limits, words=words), **options)


def _whole_numbers(option: str, text: str, separator: str) -> tuple[int, ...]:
    try:
        numbers = tuple(map(int, text.split(separator)))
    except ValueError:
        numbers = (0,)
    if min(numbers) < 1:
        raise UserError(f"{option} {text}: expected whole numbers from 1 on, separated by {separator!r}")
    return numbers


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UserError(f"--set {text}: expected NAME=VALUE, e.g. --set kernel=5")
    try:
        return name.strip(), json.loads(value)
    except ValueError:
        return name.strip(), value


@main.command()
@click.argument("pattern", default="*")
@click.option(
    "--instances",
    type=click.IntRange(1, 1_000_000),
    default=100,
    show_default=True,
    help="Items for each question and level.",
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@click.option("--seed", default="check", show_default=True, help="Names the random streams.")
@click.pass_context
def check(ctx: click.Context, pattern: str, instances: int, jobs: int, seed: str) -> None:
    """Try questions against their contract; exit code 1 if one breaks it."""
    from .checking import check_all, summary

    with _progress("levels") as track:
        reports = check_all(
            _bank(ctx).matching(pattern), instances, jobs, seed, banks=ctx.obj, progress=track
        )
    click.echo(summary(reports))
    if any(report.failures for report in reports):
        sys.exit(1)


@main.command()
@click.argument("pattern", default="*")
@_new_folder
@click.option("--seed", default="gallery", show_default=True, help="Names the random streams.")
@click.option("--force", is_flag=True, help="Replace an existing gallery.")
@click.pass_context
def gallery(ctx: click.Context, pattern: str, output: Path, seed: str, force: bool) -> None:
    """Make a web site with an item of every question at every level."""
    from . import gallery as site

    with _progress("questions") as track:
        pages = site.build(_bank(ctx).matching(pattern), output, seed=seed, force=force, progress=track)
    click.echo(f"{pages} questions in {output / 'index.html'}")


@main.command()
@click.argument("blueprint", type=click.Path(path_type=Path))
@click.option("--roster", type=click.Path(path_type=Path), metavar="ROSTER.csv", help="One form per student.")
@click.option("--forms", type=click.IntRange(1, 10_000), help="So many anonymous forms.")
@_new_folder
@click.option("--seed", help="Make the same exam each time; without it the secret is random.")
@click.option("--fillable", is_flag=True, help="PDFs with form fields.")
@click.option("--no-snippets", is_flag=True, help="Keys without code to paste, on fewer pages.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@click.option("--force", is_flag=True, help="Replace an existing folder.")
@click.pass_context
def exam(
    ctx: click.Context,
    blueprint: Path,
    roster: Path | None,
    forms: int | None,
    output: Path,
    seed: str | None,
    fillable: bool,
    no_snippets: bool,
    jobs: int,
    force: bool,
) -> None:
    """Make an exam: one verified form per student, with its key."""
    from .exams import blueprint as blueprints
    from .exams import build, files
    from .exams import roster as rosters

    if (roster is None) == (forms is None):
        raise UserError("give either --roster ROSTER.csv or --forms NUMBER")
    _bank(ctx)
    students = rosters.load(roster) if roster else None
    text = files.read_text(blueprint, blueprints.LARGEST_FILE)
    order = build.Order(
        text, str(blueprint), students, forms or 0, seed, fillable, ctx.obj, snippets=not no_snippets
    )
    with _progress("forms") as track:
        made = build.build(order, output, jobs=jobs, force=force, progress=track)
    click.echo(build.summary(made))
    if warning := build.transliterated(students or ()):
        click.echo(f"quizgrad: {warning}", err=True)


@main.command()
@click.argument("question")
@click.option(
    "--into",
    default=".",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The bank; here if not given.",
)
def new(question: str, into: Path) -> None:
    """Write the pieces of a new question, TOPIC/NAME, and a test."""
    from .scaffold import new_question

    for path in new_question(question, into):
        click.echo(f"wrote {path}")
    click.echo(f"try it: quizgrad --bank {into} check {question}")


@main.command()
@click.argument("exam_folder", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help="Where to write it; standard output if not given.",
)
@click.pass_context
def sheet(ctx: click.Context, exam_folder: Path, output: Path | None) -> None:
    """Write an empty CSV to type in answers from paper, one row per form."""
    from .exams import files, store
    from .grading.sheet import sheet as empty_sheet

    text = empty_sheet(store.load(exam_folder, _bank(ctx)))
    if output:
        files.write_atomically(output, text, files.PRIVATE)
    else:
        click.echo(text, nl=False)


@main.command()
@click.argument("exam_folder", type=click.Path(path_type=Path))
@click.argument("submissions", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The folder of results.",
)
@click.option(
    "--policy",
    type=click.Path(path_type=Path),
    metavar="POLICY.toml",
    help="How partial, coarse and carried answers count.",
)
@click.option(
    "--duplicates",
    type=click.Choice(["newest", "first", "best"]),
    default="newest",
    show_default=True,
    help="Which of several submissions of a form counts.",
)
@click.option("--keep-better", is_flag=True, help="No total falls below that of the former run.")
@click.option("--no-feedback", is_flag=True, help="Write no sheets for students.")
@click.option("--no-report", is_flag=True, help="Write no report.")
@click.pass_context
def grade(
    ctx: click.Context,
    exam_folder: Path,
    submissions: tuple[Path, ...],
    output: Path,
    policy: Path | None,
    duplicates: Duplicates,
    keep_better: bool,
    no_feedback: bool,
    no_report: bool,
) -> None:
    """Grade submissions: CSV, JSON, filled PDFs, or folders of these."""
    from .grading import policy as policies
    from .grading import run

    chosen = policies.load(policy) if policy else policies.Policy()
    job = run.Job(
        exam_folder,
        submissions,
        output,
        chosen,
        duplicates,
        keep_better,
        not no_feedback,
        not no_report,
    )
    with _progress("feedback") as track:
        result = run.run(job, _bank(ctx), track)
    click.echo(run.summary(result, output))


@main.command()
@click.argument("exam_folder", type=click.Path(path_type=Path))
@click.option("--item", required=True, help="The item, e.g. q3.")
@click.option("--form", default="*", help="The form's code; all forms if not given.")
@click.option("--blank", default="", help="The blank; all blanks of the item if not given.")
@click.option("--accept", metavar="ANSWER", help="Accept another answer.")
@click.option("--tolerance", metavar="NUMBER", help="Accept values within so much of the key.")
@click.option("--full-marks", is_flag=True, help="Give everybody the points.")
@click.option("--drop", is_flag=True, help="Take the item out of the exam.")
@click.option("--reason", default="", help="For the record.")
@click.pass_context
def rekey(
    ctx: click.Context,
    exam_folder: Path,
    item: str,
    form: str,
    blank: str,
    accept: str | None,
    tolerance: str | None,
    full_marks: bool,
    drop: bool,
    reason: str,
) -> None:
    """Correct the key after the exam; then run `quizgrad grade` again."""
    from .exams import store
    from .grading import corrections

    action, value = corrections.chosen_action(accept, tolerance, full_marks=full_marks, drop=drop)
    change = corrections.Correction(item, action, form, blank, value, reason)
    corrections.add(exam_folder, [change], store.load(exam_folder, _bank(ctx)))
    click.echo(f"noted in {exam_folder / corrections.FILE}; run `quizgrad grade` again to apply it")
