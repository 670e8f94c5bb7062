#!/usr/bin/python3
"""Cuts the Tinos faces to the 249 characters of Vietnamese and writes fpdf font definitions for them.

Run in this folder with Debian's python3-fonttools; the results are committed. Why so: ../README.md.

A simple PDF font has 256 codes, and fpdf states the widths of the codes 32 to 255 only: 224 characters. A reader takes the
width of a code below 32 from MissingWidth (ISO 32000-1, 9.8.1), one number for all of them. LOW are 25 characters that
are 500/1000 em wide in every face; they get the codes below 32.
"""
import json
import unicodedata
import zlib
from io import BytesIO

from fontTools import subset
from fontTools.agl import UV2AGL
from fontTools.ttLib import TTFont

FACES = ["Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"]
MARKS = "–—‘’“”…•§°±×÷½≤≥₫€\u00a0\u2011"
LOW = "–§€#$*_go" "òóôõọỏốồổỗộ" "56789"
LOW_WIDTH = 500
LOW_CODES = [code for code in range(1, 32) if chr(code) not in "\n\r"]


def vietnamese():
    """The 134 letters beyond ASCII, both cases."""
    letters = set("ăâđêôơư")
    for vowel in "aăâeêioôơuưy":
        letters |= {unicodedata.normalize("NFC", vowel + tone) for tone in "\u0300\u0301\u0303\u0309\u0323"}
    return sorted(letters | {letter.upper() for letter in letters})


def encoding():
    """Code by character: ASCII stays where it is unless it is in LOW, the rest fills the gaps from 128 on, then below it."""
    codes = dict(zip(LOW, LOW_CODES))
    for code in range(32, 127):
        codes.setdefault(chr(code), code)
    free = [code for code in [*range(127, 256), *range(32, 127)] if code not in codes.values()]
    rest = [character for character in vietnamese() + list(MARKS) if character not in codes]
    assert len(rest) <= len(free)
    codes.update(zip(rest, free))
    return codes


def glyph_name(character):
    """The name by which a PDF reader finds the character: of the Adobe Glyph List for New Fonts where it has one."""
    return UV2AGL.get(ord(character)) or "uni%04X" % ord(character)


def cut(face, codes):
    """The face with the glyphs of codes alone, without hints and layout tables."""
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, glyph_names=False, legacy_kern=False)
    options.drop_tables += ["GDEF", "GPOS", "GSUB", "DSIG", "FFTM", "kern", "meta"]
    font = TTFont(f"../{face}.ttf", recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in codes])
    subsetter.subset(font)
    return font


def definition(font, face, codes, size):
    """What fpdf's AddFontFromBytes reads: lengths in 1/1000 em."""
    per_mille = lambda units: int(units * 1000 / font["head"].unitsPerEm + (0.5 if units >= 0 else -0.5))
    head, os2, post, hhea = font["head"], font["OS/2"], font["post"], font["hhea"]
    cmap, widths, names = font.getBestCmap(), [LOW_WIDTH] * 256, [".notdef"] * 256
    for character, code in codes.items():
        widths[code] = per_mille(font["hmtx"][cmap[ord(character)]][0])
        names[code] = glyph_name(character)
    assert all(widths[codes[character]] == LOW_WIDTH for character in LOW), face
    bold, italic = bool(os2.fsSelection & 1 << 5), bool(os2.fsSelection & 1)
    nonsymbolic, slanted = 1 << 5, 1 << 6
    runs = [f"{low} " + " ".join("/" + name for name in names[low:high + 1]) for low, high in runs_of(sorted(codes.values()))]
    return {
        "Tp": "TrueType",
        "Name": "VANTHU+" + face,  # six letters and a plus sign mark a cut font (ISO 32000-1, 9.6.4)
        "Desc": {
            "Ascent": per_mille(hhea.ascent), "Descent": per_mille(hhea.descent), "CapHeight": per_mille(os2.sCapHeight),
            "Flags": nonsymbolic | (slanted if italic else 0),
            "FontBBox": {"Xmin": per_mille(head.xMin), "Ymin": per_mille(head.yMin),
                         "Xmax": per_mille(head.xMax), "Ymax": per_mille(head.yMax)},
            "ItalicAngle": int(post.italicAngle), "StemV": 120 if bold else 70, "MissingWidth": LOW_WIDTH,
        },
        "Up": per_mille(post.underlinePosition), "Ut": per_mille(post.underlineThickness),
        "Cw": widths, "Enc": "vietnamese", "Diff": " ".join(runs),
        "File": face + ".z", "Size1": 0, "Size2": 0, "OriginalSize": size,
    }


def runs_of(codes):
    """The codes as (first, last) stretches."""
    runs = []
    for code in codes:
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return runs


def main():
    codes = encoding()
    assert len(codes) == 249
    with open("vietnamese.map", "w") as out:
        for character, code in sorted(codes.items(), key=lambda entry: entry[1]):
            out.write(f"!{code:02X} U+{ord(character):04X} {glyph_name(character)}\n")
    for face in FACES:
        font, buffer = cut(face, codes), BytesIO()
        font.save(buffer)
        with open(face + ".z", "wb") as out:
            out.write(zlib.compress(buffer.getvalue(), 9))
        with open(face + ".json", "w") as out:
            json.dump(definition(font, face, codes, len(buffer.getvalue())), out, separators=(",", ":"))
            out.write("\n")


if __name__ == "__main__":
    main()
