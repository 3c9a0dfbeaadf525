"""How often each modelled mistake was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...verify import CHOICE, Item
from .responses import Response


@dataclass(frozen=True)
class MistakeFigures:
    """One modelled mistake of a question.

    Attributes:
        question: the question's name.
        title: the question's title.
        name: the mistake's name.
        sentence: what a student was told who made it; its numbers may differ from form to form.
        made: the number of items in which it was made.
        possible: the number of items in which it could be made.
    """

    question: str
    title: str
    name: str
    sentence: str
    made: int
    possible: int

    @property
    def share(self) -> float:
        """How often it was made where it could be."""
        return self.made / self.possible if self.possible else 0.0


def mistake_figures(responses: Iterable[Response]) -> tuple[MistakeFigures, ...]:
    """The mistakes that somebody made, the most frequent first."""
    made: Counter[tuple[str, str]] = Counter()
    possible: Counter[tuple[str, str]] = Counter()
    titles: dict[str, str] = {}
    sentences: dict[tuple[str, str], str] = {}
    for response in responses:
        modelled = _modelled(response.result.stored.item)
        titles[response.question] = response.result.stored.title
        possible.update((response.question, name) for name in modelled)
        for name in {score.mistake for score in response.result.blanks.values()} & modelled.keys():
            made[response.question, name] += 1
            sentences.setdefault((response.question, name), modelled[name])
    return tuple(
        MistakeFigures(key[0], titles[key[0]], key[1], sentences[key], count, possible[key])
        for key, count in sorted(made.items(), key=lambda entry: (-entry[1], entry[0]))
    )


def _modelled(item: Item) -> Mapping[str, str]:
    """The sentences of the mistakes that could be made, by name; in a choice, only those with an option."""
    mistakes = {mistake.name: mistake.sentence for mistake in item.mistakes}
    if CHOICE not in item.answers:
        return mistakes
    offered = {option.name for option in vars(item.answers[CHOICE])["options"]}
    return {name: sentence for name, sentence in mistakes.items() if name in offered}
