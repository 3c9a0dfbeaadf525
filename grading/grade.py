"""From submissions to results: a pure function of exam, submissions, policy, corrections and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from ..answers import Notation
from ..exams.roster import Student
from ..exams.store import StoredExam, StoredForm, StoredItem
from .corrections import Correction, corrected
from .policy import Policy
from .score import BlankScore, score_item
from .submissions import Fault, Submission

Duplicates = Literal["newest", "first", "best"]
Place = tuple[str, str, str]
"""Form, item and blank."""


@dataclass(frozen=True)
class ItemResult:
    """One item of one submission.

    Attributes:
        stored: the item as the exam keeps it, after corrections.
        blanks: the scores by blank.
        decided: the points that a person gave, by blank; they take the place of the computed ones.
        dropped: whether a correction took the item out of the exam.
    """

    stored: StoredItem
    blanks: Mapping[str, BlankScore]
    decided: Mapping[str, Fraction]
    dropped: bool = False

    def points_of(self, blank: str) -> Fraction:
        """The points of a blank."""
        if blank in self.decided:
            return self.decided[blank]
        return self.blanks[blank].share * self.stored.blank_points[blank]

    @property
    def points(self) -> Fraction:
        """The points of the item."""
        return Fraction(0) if self.dropped else sum(map(self.points_of, self.blanks), Fraction(0))

    @property
    def possible(self) -> Fraction:
        """What it could have earned."""
        return Fraction(0) if self.dropped else self.stored.points


@dataclass(frozen=True)
class FormResult:
    """One graded submission.

    Attributes:
        form: what was asked.
        student: whose form it is, if it is somebody's.
        submission: what was handed in.
        items: in printed order.
        floor: the total of a former run below which this one may not fall.
    """

    form: StoredForm
    student: Student | None
    submission: Submission
    items: tuple[ItemResult, ...]
    floor: Fraction | None = None

    @property
    def points(self) -> Fraction:
        """The total."""
        total = sum((item.points for item in self.items), Fraction(0))
        return total if self.floor is None else max(total, self.floor)

    @property
    def possible(self) -> Fraction:
        """What the form was worth."""
        return sum((item.possible for item in self.items), Fraction(0))

    @property
    def student_id(self) -> str:
        """The student's id as far as it is known."""
        return self.student.id if self.student else self.submission.student


@dataclass(frozen=True)
class Result:
    """A graded exam.

    Attributes:
        exam: what was graded.
        policy: how.
        forms: the graded submissions, in the exam's order of forms.
        faults: what could not be graded, and why.
        corrections: of the key, that were applied.
    """

    exam: StoredExam
    policy: Policy
    forms: tuple[FormResult, ...]
    faults: tuple[Fault, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def absent(self) -> tuple[StoredForm, ...]:
        """The forms of students who handed in nothing; spare forms without a student are not among them."""
        graded = {form.form.code for form in self.forms}
        return tuple(form for code, form in self.exam.forms.items() if form.student and code not in graded)


@dataclass(frozen=True)
class Settings:
    """What a grading run depends on besides exam and submissions.

    Attributes:
        policy: how partial, coarse and carried answers count.
        duplicates: which of several submissions of one form counts.
        corrections: changes of the key after the exam.
        decisions: points that people gave, by form, item and blank.
    """

    policy: Policy = field(default_factory=Policy)
    duplicates: Duplicates = "newest"
    corrections: Sequence[Correction] = ()
    decisions: Mapping[Place, Fraction] = field(default_factory=dict)


def grade(
    exam: StoredExam,
    submissions: Iterable[Submission],
    settings: Settings | None = None,
    faults: Iterable[Fault] = (),
) -> Result:
    """Grade what was handed in; the same input always gives the same result.

    Args:
        exam: the exam folder as it was read.
        submissions: what was handed in.
        settings: policy, corrections and decisions.
        faults: what the readers could not read; they go into the result.
    """
    settings = settings or Settings()
    found = [*faults, *_changed(exam)]
    by_form: dict[str, list[Submission]] = {}
    for submission in submissions:
        form = form_of(exam, submission)
        if isinstance(form, Fault):
            found.append(form)
        else:
            by_form.setdefault(form.code, []).append(submission)
    results = []
    for code, form in exam.forms.items():
        handed_in = by_form.get(code, [])
        if handed_in:
            graded = [_graded(exam, form, submission, settings) for submission in handed_in]
            chosen = _chosen(graded, settings.duplicates)
            results.append(chosen)
            found += [_set_aside(other, chosen) for other in graded if other is not chosen]
            found += _foreign_answers(chosen)
    return Result(exam, settings.policy, tuple(results), tuple(found), tuple(settings.corrections))


def _changed(exam: StoredExam) -> Iterator[Fault]:
    """The questions that were graded by their stored keys alone."""
    made = f"quizgrad {exam.versions.get('quizgrad', '')}".strip()
    for name, change in exam.changed.items():
        reason = (
            f"it has changed since the exam was made with {made}: {change}; it was graded by the stored "
            "keys, but errors could not be carried forward"
        )
        yield Fault(f"question {name}", reason)


def form_of(exam: StoredExam, submission: Submission) -> StoredForm | Fault:
    """The form that a submission answers, by its code or else by its student."""
    if submission.form:
        form = exam.forms.get(submission.form)
        if form is None:
            return Fault(submission.source, f"this exam has no form {submission.form[:40]!r}")
        if form.student and submission.student and form.student.id != submission.student:
            reason = (
                f"form {form.code} belongs to student {form.student.id}, not to {submission.student[:40]!r}"
            )
            return Fault(submission.source, reason)
        return form
    if not submission.student:
        return Fault(submission.source, "neither a form code nor a student id is given")
    for form in exam.forms.values():
        if form.student and form.student.id == submission.student:
            return form
    return Fault(submission.source, f"no student of this exam has the id {submission.student[:40]!r}")


def _graded(exam: StoredExam, form: StoredForm, submission: Submission, settings: Settings) -> FormResult:
    notation = Notation(exam.blueprint.decimal)
    items = tuple(_graded_item(form, item, submission, settings, notation) for item in form.items)
    return FormResult(form, form.student, submission, items)


def _graded_item(
    form: StoredForm, stored: StoredItem, submission: Submission, settings: Settings, notation: Notation
) -> ItemResult:
    corrections = [change for change in settings.corrections if change.concerns(form.code, stored.id)]
    typed = submission.answers.get(stored.id, {})
    stored = corrected(stored, corrections)
    scores = score_item(stored.item, typed, settings.policy, notation)
    for change in corrections:
        scores = change.applied(scores, stored, notation)
    decided = {
        blank: min(max(settings.decisions[place], Fraction(0)), stored.blank_points[blank])
        for blank in scores
        if (place := (form.code, stored.id, blank)) in settings.decisions
    }
    return ItemResult(stored, scores, decided, any(change.drops for change in corrections))


def _chosen(graded: Sequence[FormResult], rule: Duplicates) -> FormResult:
    """The submission that counts; by its time, an empty one does so only where all are empty."""
    if rule == "best":
        return max(graded, key=lambda result: result.points)
    answered = [result for result in graded if not result.submission.is_empty] or graded
    if rule == "first":
        return min(answered, key=lambda result: result.submission.received)
    newest = max(result.submission.received for result in answered)
    return [result for result in answered if result.submission.received == newest][-1]


def _set_aside(other: FormResult, chosen: FormResult) -> Fault:
    here = ", here without an answer" if other.submission.is_empty else ""
    reason = (
        f"form {other.form.code} was handed in more than once{here}; "
        f"{chosen.submission.source} counts instead"
    )
    return Fault(other.submission.source, reason)


def _foreign_answers(result: FormResult) -> Iterator[Fault]:
    """Answers to items or blanks that the form does not have."""
    known = {item.stored.id: set(item.blanks) for item in result.items}
    for item, blanks in result.submission.answers.items():
        for blank, text in blanks.items():
            if text.strip() and blank not in known.get(item, set()):
                place = f"{item[:40]}.{blank[:40]}"
                yield Fault(result.submission.source, f"form {result.form.code} has no blank {place!r}")
