"""The signs of LaTeX: which character each command is, and which alphabet holds its cuts."""

from __future__ import annotations

from functools import cache

from .nodes import Alphabet, Atom

_SLANTED = """
    partial ∂ imath ı jmath ȷ
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
    varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ
    upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
"""

_SIGNS: dict[Atom, str] = {
    "ord": """
        Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
        infty ∞ nabla ∇ hbar ℏ ell ℓ Re ℜ Im ℑ wp ℘ aleph ℵ emptyset ∅ varnothing ∅
        forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ triangle △ square □ blacksquare ■
        checkmark ✓ prime ′ dagger † ddagger ‡ degree ° vdots ⋮ S § P ¶
        % % # # $ $ & & _ _ backslash \\ vert | Vert ‖ | ‖ lbrace { rbrace }
    """,
    "bin": """
        pm ± mp ∓ times × div ÷ cdot ⋅ ast ∗ star ⋆ circ ∘ bullet ∙ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙
        wedge ∧ land ∧ vee ∨ lor ∨ cap ∩ cup ∪ setminus ⧵ smallsetminus ∖ uplus ⊎
        sqcap ⊓ sqcup ⊔ amalg ⨿ diamond ⋄ wr ≀
    """,
    "rel": """
        lt < gt > le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ne ≠ neq ≠ approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅
        propto ∝ ll ≪ gg ≫ doteq ≐ triangleq ≜ coloneqq ≔ asymp ≍ prec ≺ succ ≻ preceq ⪯ succeq ⪰
        subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ in ∈ ni ∋ notin ∉ mid ∣
        nmid ∤ parallel ∥ perp ⟂ vdash ⊢ dashv ⊣ models ⊨ lesssim ≲ gtrsim ≳ nleq ≰ ngeq ≱ bowtie ⋈
        to → rightarrow → gets ← leftarrow ← leftrightarrow ↔ uparrow ↑ downarrow ↓ updownarrow ↕
        Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ Uparrow ⇑ Downarrow ⇓ implies ⟹ impliedby ⟸ iff ⟺
        mapsto ↦ longmapsto ⟼ longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹
        Longleftarrow ⟸ Longleftrightarrow ⟺ hookrightarrow ↪ hookleftarrow ↩ nearrow ↗ searrow ↘ swarrow ↙
        nwarrow ↖ rightharpoonup ⇀ leftharpoonup ↼ rightleftharpoons ⇌ rightsquigarrow ⇝
        twoheadrightarrow ↠ nrightarrow ↛ nRightarrow ⇏
    """,
    "inner": "ldots … dots … dotsc … cdots ⋯ dotsb ⋯ dotsm ⋯ ddots ⋱",
    "open": "{ { lbrack [ lparen ( langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖",
    "close": "} } rbrack ] rparen ) rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖",
    "punct": "colon :",
    "op": "int ∫ iint ∬ iiint ∭ oint ∮",
}

_LARGE_WITH_LIMITS = """
    sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ bigvee ⋁ bigwedge ⋀
    bigsqcup ⨆ biguplus ⨄
"""

_KEYBOARD: dict[Atom, str] = {
    "ord": "/ / . . | | @ @",
    "bin": "+ + - − * ∗",
    "rel": "= = < < > > : :",
    "open": "( ( [ [",
    "close": ") ) ] ] ! ! ? ?",
    "punct": ", , ; ;",
}

_FUNCTIONS = """
    arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan tanh
"""
_FUNCTIONS_WITH_LIMITS = "det gcd inf lim max min sup Pr"


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


SLANTED = _pairs(_SLANTED)
"""The small Greek letters and others that LaTeX sets in italics, by command."""

SIGNS: dict[str, tuple[str, Atom]] = {
    name: (character, atom) for atom, text in _SIGNS.items() for name, character in _pairs(text).items()
}
"""Character and kind of each sign by its command."""

LARGE = frozenset(_pairs(_LARGE_WITH_LIMITS).values()) | frozenset(_pairs(_SIGNS["op"]).values())
"""The operators that grow in display style."""

WITH_LIMITS = frozenset(_pairs(_LARGE_WITH_LIMITS).values())
"""Those whose limits stand above and below them in display style."""

SIGNS.update({name: (character, "op") for name, character in _pairs(_LARGE_WITH_LIMITS).items()})

FUNCTIONS = {name: name for name in (*_FUNCTIONS.split(), *_FUNCTIONS_WITH_LIMITS.split())} | {
    "argmax": "arg\u2009max",
    "argmin": "arg\u2009min",
    "limsup": "lim\u2009sup",
    "liminf": "lim\u2009inf",
}
"""What is printed for the function of each command."""

FUNCTIONS_WITH_LIMITS = frozenset(_FUNCTIONS_WITH_LIMITS.split()) | {"argmax", "argmin", "limsup", "liminf"}

CHARACTERS: dict[str, tuple[str, Atom]] = {
    typed: (character, atom) for atom, text in _KEYBOARD.items() for typed, character in _pairs(text).items()
}
"""Character and kind of each sign that is typed as itself."""

for _character, _atom in SIGNS.values():
    if not _character.isascii():
        CHARACTERS.setdefault(_character, (_character, _atom))

SPACES = {
    ",": 3 / 18,
    ":": 4 / 18,
    ">": 4 / 18,
    ";": 5 / 18,
    "!": -3 / 18,
    " ": 0.25,
    "quad": 1.0,
    "qquad": 2.0,
    "enspace": 0.5,
    "thinspace": 3 / 18,
    "medspace": 4 / 18,
    "thickspace": 5 / 18,
    "negthinspace": -3 / 18,
}
"""The width of each space in em by its command."""

ACCENTS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "acute": "\u0301",
    "grave": "\u0300",
    "breve": "\u0306",
    "mathring": "\u030a",
}
"""The combining mark of each accent by its command."""

ALPHABETS: dict[str, Alphabet] = {
    "mathrm": "upright",
    "mathnormal": "italic",
    "mathit": "italic",
    "mathbf": "bold",
    "boldsymbol": "bold-italic",
    "bm": "bold-italic",
    "mathcal": "script",
    "mathscr": "script",
    "mathfrak": "fraktur",
    "mathbb": "double-struck",
    "mathbbm": "double-struck",
    "mathsf": "sans-serif",
    "mathtt": "monospace",
}
TEXTS: dict[str, Alphabet] = {
    "text": "upright",
    "textrm": "upright",
    "textnormal": "upright",
    "mbox": "upright",
    "textbf": "bold",
    "textit": "italic",
    "emph": "italic",
    "textsf": "sans-serif",
    "texttt": "monospace",
}

_BRACKET_COMMANDS = """
    lbrace rbrace lbrack rbrack langle rangle lfloor rfloor lceil rceil vert lvert rvert Vert lVert rVert
    uparrow downarrow updownarrow backslash { } |
"""

BRACKETS = {character: character for character in "()[]|/"} | {"<": "⟨", ">": "⟩", ".": ""}
BRACKETS |= {f"\\{name}": SIGNS[name][0] for name in _BRACKET_COMMANDS.split()}
"""What may follow \\left, \\right, \\middle and \\big; the full stop is no bracket."""

COLORS = {
    "black": "#000000",
    "white": "#ffffff",
    "gray": "#808080",
    "red": "#c00000",
    "green": "#007000",
    "blue": "#0000c0",
    "orange": "#c06000",
    "purple": "#800080",
    "teal": "#008080",
    "brown": "#804000",
}

# Where each alphabet begins among Unicode's mathematical letters: capitals, small letters, digits, Greek.
_STARTS: dict[Alphabet, tuple[int, int, int, int]] = {
    "italic": (0x1D434, 0x1D44E, 0, 0x1D6E2),
    "bold": (0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8),
    "bold-italic": (0x1D468, 0x1D482, 0x1D7CE, 0x1D71C),
    "script": (0x1D49C, 0x1D4B6, 0, 0),
    "fraktur": (0x1D504, 0x1D51E, 0, 0),
    "double-struck": (0x1D538, 0x1D552, 0x1D7D8, 0),
    "sans-serif": (0x1D5A0, 0x1D5BA, 0x1D7E2, 0),
    "monospace": (0x1D670, 0x1D68A, 0x1D7F6, 0),
}
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"
_GREEK_IN_ORDER = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ"

# The letters that Unicode had before it got that block.
_OLDER: dict[Alphabet, dict[str, str]] = {
    "italic": {"h": "ℎ", "ı": "𝚤", "ȷ": "𝚥"},
    "script": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "fraktur": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
    "double-struck": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
}


@cache
def _cuts(alphabet: Alphabet) -> dict[int, str]:
    if alphabet == "upright":
        return {}
    cuts: dict[str, str] = {}
    series = (_CAPITALS, _CAPITALS.lower(), _DIGITS, _GREEK_IN_ORDER)
    for characters, start in zip(series, _STARTS[alphabet], strict=True):
        if start:
            cuts.update((character, chr(start + place)) for place, character in enumerate(characters))
    return str.maketrans(cuts | _OLDER.get(alphabet, {}))


def styled(text: str, alphabet: Alphabet) -> str:
    """A text in Unicode's mathematical letters; a character without such a cut stays as it is."""
    return text.translate(_cuts(alphabet))
