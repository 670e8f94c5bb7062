#!/usr/bin/python3
"""Cuts the Tinos faces for the browser: fonts/web/*.woff2, in which pages are previewed.

Run in this folder with Debian's python3-fonttools and python3-brotli; the results are committed. What they hold: ../README.md.
"""
from cut import FACES, cut, encoding

# What stands in office papers besides the 249 characters of Vietnamese; all are in every face.
MORE = (
    "".join(map(chr, range(0xA1, 0x100)))  # Latin-1
    + "\u0300\u0301\u0302\u0303\u0306\u0309\u031B\u0323"  # tones and marks typed apart from their letters
    + "\u2002\u2003\u2009\u2010\u2012―‗‚„†‡‰′″‹›⁄"
    + "⁰⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉"
    + "№™⅓⅔←↑→↓↔−√∞≈≠∆∑"
    + "ΑΒΓΔΘΛΠΣΦΨΩαβγδελμπρστφω"
    + "□■▪●○◊◦►\uFFFD"
)


def main():
    characters = sorted(set(encoding()) | set(MORE))
    for face in FACES:
        font = cut(face, characters)
        assert set(map(ord, characters)) <= set(font.getBestCmap()), face
        font.flavor = "woff2"
        font.save(f"../web/{face}.woff2")


if __name__ == "__main__":
    main()
