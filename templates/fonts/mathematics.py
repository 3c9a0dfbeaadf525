"""Make mathematics.woff2, the part of STIX Two Math that HTML pages carry with them.

Without a font that has a MATH table, browsers do not stretch brackets, and few devices have one. This is a
script for those who change the characters in mathematics.txt; it needs brotli.
"""

from pathlib import Path

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent
RADICAL = 0x221A


def main() -> None:
    """Write the font beside this file."""
    lines = (FOLDER / "mathematics.txt").read_text().splitlines()
    options = Options(layout_features=[], hinting=False)
    options.drop_tables += ["GDEF", "GPOS"]
    font = TTFont(FOLDER / "STIXTwoMath-Regular.ttf")
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for line in lines for code in parse_unicodes(line.partition("#")[0])])
    subsetter.subset(font)
    narrow_roots(font)
    font.flavor = "woff2"
    font.save(FOLDER / "mathematics.woff2")


def narrow_roots(font: TTFont) -> None:
    """Make tall radical signs as wide as the plain one: Chromium leaves room for the widest behind any."""
    plain = font.getBestCmap()[RADICAL]
    variants = font["MATH"].table.MathVariants
    place = variants.VertGlyphCoverage.glyphs.index(plain)
    construction = variants.VertGlyphConstruction[place]
    tall = {record.VariantGlyph for record in construction.MathGlyphVariantRecord}
    tall |= {part.glyph for part in construction.GlyphAssembly.PartRecords}
    width, _ = font["hmtx"][plain]
    for name in tall - {plain}:
        advance, bearing = font["hmtx"][name]
        glyph = font["glyf"][name]
        glyph.coordinates.scale((width / advance, 1))
        glyph.coordinates.toInt()
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (width, round(bearing * width / advance))


if __name__ == "__main__":
    main()
