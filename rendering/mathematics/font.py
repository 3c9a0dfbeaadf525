"""The mathematics font: its glyphs, their larger variants, and the constants of its MATH table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[2] / "templates" / "fonts" / "STIXTwoMath-Regular.ttf"


class NoGlyphError(LookupError):
    """A character that the mathematics font does not have."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """A glyph and its measures in em.

    Attributes:
        index: its number in the font.
        width: its advance.
        ascent: how far its ink goes above the baseline.
        descent: how far its ink goes below it.
        left: where its ink begins.
        right: where its ink ends.
        italic: the room that its slant needs before something upright.
        attachment: where an accent is centred; none if the font does not say.
    """

    index: int
    width: float
    ascent: float
    descent: float
    left: float
    right: float
    italic: float
    attachment: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of which a bracket of any height is made, lengths in em along its direction."""

    metrics: Metrics
    start: float
    end: float
    length: float
    repeats: bool


class MathFont:
    """An OpenType font with a MATH table."""

    def __init__(self, file: Path) -> None:
        from fontTools.ttLib import TTFont  # only formulas pay for it

        self._font = TTFont(file, lazy=True)
        self._unit: float = 1 / self._font["head"].unitsPerEm
        self._characters: dict[int, str] = self._font.getBestCmap()
        self._math = self._font["MATH"].table
        self._metrics: dict[str, Metrics] = {}

    @cached_property
    def scales(self) -> tuple[float, float, float]:
        """The sizes of text, scripts and scripts of scripts."""
        constants = self._math.MathConstants
        return 1.0, constants.ScriptPercentScaleDown / 100, constants.ScriptScriptPercentScaleDown / 100

    @cache  # noqa: B019  # there is one font
    def constant(self, name: str) -> float:
        """A constant of the MATH table by its name there: in em, or a percentage as a fraction."""
        value = getattr(self._math.MathConstants, name)
        if name.endswith("Percent"):
            return float(value) / 100
        return float(getattr(value, "Value", value)) * self._unit

    @cache  # noqa: B019  # there is one font
    def glyph(self, character: str, level: int) -> Metrics:
        """The glyph of a character, in the cut for scripts if the level is 1 or 2.

        Raises:
            NoGlyphError: the font has none.
        """
        name = self._characters.get(ord(character))
        if name is None:
            raise NoGlyphError(character)
        cuts = self._script_cuts.get(name)
        if level and cuts:
            name = cuts[min(level, len(cuts)) - 1]
        return self._measured(name)

    @cache  # noqa: B019  # there is one font
    def variants(self, character: str, vertical: bool) -> tuple[tuple[Metrics, float], ...]:
        """The glyphs of a character in growing size, each with its length."""
        construction = self._constructions(vertical).get(self._characters[ord(character)])
        if construction is None:
            return ()
        return tuple(
            (self._measured(record.VariantGlyph), record.AdvanceMeasurement * self._unit)
            for record in construction.MathGlyphVariantRecord
        )

    @cache  # noqa: B019  # there is one font
    def parts(self, character: str, vertical: bool) -> tuple[Part, ...]:
        """The pieces of which a character of any size is made, from the bottom or the left."""
        construction = self._constructions(vertical).get(self._characters[ord(character)])
        if construction is None or construction.GlyphAssembly is None:
            return ()
        return tuple(
            Part(
                self._measured(record.glyph),
                record.StartConnectorLength * self._unit,
                record.EndConnectorLength * self._unit,
                record.FullAdvance * self._unit,
                bool(record.PartFlags & 1),
            )
            for record in construction.GlyphAssembly.PartRecords
        )

    @cached_property
    def least_overlap(self) -> float:
        """How far two pieces overlap at least."""
        return float(self._math.MathVariants.MinConnectorOverlap) * self._unit

    @cache  # noqa: B019  # there is one font
    def _constructions(self, vertical: bool) -> dict[str, Any]:
        variants = self._math.MathVariants
        if vertical:
            return dict(zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True))
        return dict(zip(variants.HorizGlyphCoverage.glyphs, variants.HorizGlyphConstruction, strict=True))

    @cached_property
    def _script_cuts(self) -> dict[str, list[str]]:
        substitutions = self._font["GSUB"].table
        lookups = {
            lookup
            for record in substitutions.FeatureList.FeatureRecord
            if record.FeatureTag == "ssty"
            for lookup in record.Feature.LookupListIndex
        }
        cuts: dict[str, list[str]] = {}
        for lookup in sorted(lookups):
            for table in substitutions.LookupList.Lookup[lookup].SubTable:
                cuts.update(table.alternates)
        return cuts

    @cached_property
    def _italics(self) -> dict[str, float]:
        info = self._math.MathGlyphInfo.MathItalicsCorrectionInfo
        return {
            name: record.Value * self._unit
            for name, record in zip(info.Coverage.glyphs, info.ItalicsCorrection, strict=True)
        }

    @cached_property
    def _attachments(self) -> dict[str, float]:
        info = self._math.MathGlyphInfo.MathTopAccentAttachment
        return {
            name: record.Value * self._unit
            for name, record in zip(info.TopAccentCoverage.glyphs, info.TopAccentAttachment, strict=True)
        }

    def _measured(self, name: str) -> Metrics:
        metrics = self._metrics.get(name)
        if metrics is None:
            outline, unit = self._font["glyf"][name], self._unit
            empty = outline.numberOfContours == 0
            metrics = self._metrics[name] = Metrics(
                index=self._font.getGlyphID(name),
                width=self._font["hmtx"][name][0] * unit,
                ascent=0.0 if empty else outline.yMax * unit,
                descent=0.0 if empty else -outline.yMin * unit,
                left=0.0 if empty else outline.xMin * unit,
                right=0.0 if empty else outline.xMax * unit,
                italic=self._italics.get(name, 0.0),
                attachment=self._attachments.get(name),
            )
        return metrics


@cache
def math_font() -> MathFont:
    """The font that comes with the project."""
    return MathFont(FILE)
