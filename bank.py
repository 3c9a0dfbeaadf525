"""The bank: finds questions with their solver and template, the project's own and those of outside banks."""

from __future__ import annotations

import difflib
import fnmatch
import hashlib
import importlib
import importlib.metadata
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from .errors import UserError
from .question import Question

ENTRY_POINTS = "quizgrad.banks"
ENVIRONMENT = "QUIZGRAD_BANKS"
HOME = Path(__file__).parent


@dataclass(frozen=True)
class Entry:
    """A question of the bank: the class, and where its solver and template are.

    Attributes:
        module: the module of generators and of solvers: `metrics`, or `cnn/pooling` in a topic's folder.
        question: the class.
        root: the folder that holds generators, solvers and templates.
        package: the name under which that folder's modules are imported.
    """

    module: str
    question: type[Question]
    root: Path
    package: str

    @property
    def topic(self) -> str:
        """The module's name, or its folder's."""
        return self.module.partition("/")[0]

    @property
    def name(self) -> str:
        """Topic and question, e.g. `cnn/conv_output_size`."""
        return f"{self.topic}/{self._own_name}"

    @cached_property
    def solver(self) -> Callable[..., Mapping[str, Any]]:
        """The function that builds and runs what is asked; a question inherits its parent's.

        Raises:
            UserError: there is none.
        """
        for home, module, name in self._homes():
            if (home.root / (path := f"solvers/{module}.py")).is_file():
                solver = getattr(_load(home.package, home.root, path), name, None)
                if callable(solver):
                    return solver  # type: ignore[no-any-return]  # any callable of this name is the solver
        raise UserError(
            f"question {self.name} has no solver: solvers/{self.module}.py has no {self._own_name}"
        )

    @cached_property
    def template(self) -> Path:
        """The Markdown template; a question inherits its parent's.

        Raises:
            UserError: there is none.
        """
        for home, module, name in self._homes():
            folder = home.root / "templates" / "questions" / module.partition("/")[0]
            if (path := folder / f"{name}.md").is_file():
                return path
        missing = self.root / "templates" / "questions" / self.topic / f"{self._own_name}.md"
        raise UserError(f"question {self.name} has no template: {missing} does not exist")

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The fields and properties of the question that the solver takes: its parameters without default."""
        return tuple(
            name for name, default in self._solver_parameters.items() if default is inspect.Parameter.empty
        )

    @cached_property
    def carried_inputs(self) -> frozenset[str]:
        """The blanks whose value the solver takes in place of its own: its parameters with a default."""
        return frozenset(self._solver_parameters) - frozenset(self.inputs)

    @cached_property
    def _solver_parameters(self) -> dict[str, Any]:
        parameters = inspect.signature(self.solver).parameters
        return {name: parameter.default for name, parameter in parameters.items()}

    def solve(self, question: Question, given: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Run the solver on an instance.

        Args:
            question: the instance.
            given: values of blanks that a student already has; those that the solver takes are passed on.

        Returns:
            for each blank what came out, as numbers, strings and nested tuples.
        """
        arguments = {name: getattr(question, name) for name in self.inputs}
        arguments |= {name: value for name, value in (given or {}).items() if name in self.carried_inputs}
        return {blank: plain(value) for blank, value in self.solver(**arguments).items()}

    @property
    def _own_name(self) -> str:
        return snake_case(self.question.__name__)

    def _homes(self) -> Iterator[tuple[_Home, str, str]]:
        """Where this question and its parents live: bank, module of generators, and name."""
        yield _Home(self.root, self.package), self.module, self._own_name
        for base in self.question.__mro__[1:]:
            package, inside, module = base.__module__.partition(".generators.")
            if issubclass(base, Question) and inside:
                root = Path(next(iter(sys.modules[package].__path__)))
                yield _Home(root, package), module.replace(".", "/"), snake_case(base.__name__)


@dataclass(frozen=True)
class _Home:
    """A bank's folder, and the name under which its modules are imported."""

    root: Path
    package: str


class Bank:
    """Questions by name. A topic is imported when it is first asked for.

    Outside banks that cannot be loaded are named in `faults`, and the rest still works.
    """

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        """Use the questions of the project, of installed banks, of QUIZGRAD_BANKS, and of more folders.

        Raises:
            UserError: a folder is no bank.
        """
        self.faults: list[str] = []
        self._entries: dict[str, Entry] = {}
        self._modules: dict[str, list[_Module]] = {}
        self._add(HOME, __package__ or "quizgrad")
        named = [Path(path) for path in os.environ.get(ENVIRONMENT, "").split(os.pathsep) if path]
        found = [*_installed_banks(self.faults), *named, *folders]
        for folder in found:
            if not (folder / "generators").is_dir():
                raise UserError(f"{folder} is no bank of questions: it has no folder `generators`")
        for root in dict.fromkeys(folder.resolve() for folder in found):
            self._add(root, f"quizgrad_bank_{hashlib.sha256(str(root).encode()).hexdigest()[:12]}")

    def __iter__(self) -> Iterator[Entry]:
        """All questions, by name."""
        for topic in list(self._modules):
            self._load_topic(topic)
        return iter(sorted(self._entries.values(), key=lambda entry: entry.name))

    def __getitem__(self, name: str) -> Entry:
        """The question of a name.

        Raises:
            UserError: there is none; the nearest names are suggested.
        """
        self._load_topic(name.partition("/")[0])
        if name not in self._entries:
            raise UserError(f"there is no question {name!r}{self._suggestion(name)}")
        return self._entries[name]

    def matching(self, pattern: str) -> tuple[Entry, ...]:
        """The questions that a name or glob such as `cnn/*` means.

        Raises:
            UserError: there is none; the nearest names are suggested.
        """
        topic = pattern.partition("/")[0]
        if not re.search(r"[*?\[]", pattern):
            return (self[pattern],)
        if topic in self._modules:
            self._load_topic(topic)
            entries: Iterable[Entry] = sorted(self._entries.values(), key=lambda entry: entry.name)
        else:
            entries = self
        found = tuple(entry for entry in entries if fnmatch.fnmatchcase(entry.name, pattern))
        if not found:
            raise UserError(f"no question matches {pattern!r}{self._suggestion(pattern)}")
        return found

    def _suggestion(self, name: str) -> str:
        if name.removesuffix("/*") in self._modules:
            return f'; `quizgrad list "{name.removesuffix("/*")}/*"` shows those of that topic'
        entries = {entry.name: entry for entry in self}
        near = difflib.get_close_matches(name, entries, n=3, cutoff=0.5)
        topic = name.partition("/")[0]
        near = near or [f"{close}/*" for close in difflib.get_close_matches(topic, self._modules, n=2)]
        return f"; did you mean {' or '.join(near)}?" if near else "; `quizgrad list` shows all"

    def _add(self, root: Path, package: str) -> None:
        generators = root / "generators"
        for path in sorted([*generators.glob("[!_]*.py"), *generators.glob("[!_]*/[!_]*.py")]):
            name = path.relative_to(generators).with_suffix("").as_posix()
            self._modules.setdefault(name.partition("/")[0], []).append(_Module(root, package, name))

    def _load_topic(self, topic: str) -> None:
        modules = self._modules.get(topic, [])
        while modules:
            module = modules.pop(0)
            try:
                entries = module.entries()
            except (Exception, SystemExit) as fault:  # an outside bank may do anything, the rest must work
                if module.root == HOME:
                    raise
                path = module.root / "generators" / f"{module.name}.py"
                self.faults.append(f"{path}: {type(fault).__name__}: {fault}")
                continue
            for entry in entries:
                if entry.name in self._entries:
                    self.faults.append(f"{entry.name} of {module.root}: another bank has that name")
                else:
                    self._entries[entry.name] = entry


@dataclass(frozen=True)
class _Module:
    """Questions of one topic in one bank."""

    root: Path
    package: str
    name: str

    def entries(self) -> list[Entry]:
        module = _load(self.package, self.root, f"generators/{self.name}.py")
        return [
            Entry(self.name, value, self.root, self.package)
            for value in vars(module).values()
            if _is_question(value) and value.__module__ == module.__name__
        ]


def _is_question(value: object) -> bool:
    """A class that an author finished; a base class without a title is not shown."""
    return isinstance(value, type) and issubclass(value, Question) and hasattr(value, "title")


def _load(package: str, root: Path, path: str) -> ModuleType:
    if not (root / path).is_file():
        raise UserError(f"{root / path} does not exist")
    if package not in sys.modules:
        home = ModuleType(package)
        home.__path__ = [str(root)]
        sys.modules[package] = home
    return importlib.import_module(".".join([package, *Path(path).with_suffix("").parts]))


def _installed_banks(faults: list[str]) -> Iterator[Path]:
    for point in importlib.metadata.entry_points(group=ENTRY_POINTS):
        try:
            location = point.load()
        except (Exception, SystemExit) as fault:  # an outside bank may do anything, the rest must work
            faults.append(f"bank {point.name}: {type(fault).__name__}: {fault}")
            continue
        package = isinstance(location, ModuleType)
        yield Path(str(location.__file__)).parent if package else Path(str(location))


@cache
def snake_case(name: str) -> str:
    """`ConvOutputSize` as `conv_output_size`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def plain(value: Any) -> Any:
    """A solver's value as numbers, strings and nested tuples; tensors and arrays become tuples."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(map(plain, value))
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    return value
