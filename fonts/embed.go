// Package fonts carries the faces that come with the program: Tinos, which has the widths of Times New Roman and every
// Vietnamese letter, the same four faces cut to the characters of Vietnamese for fast painting, and to those of office
// papers for the browser. See README.md.
package fonts

import "embed"

// FS holds the TrueType files at its top, under cut/ for each of them a definition, a compressed font and the one map, and under web/ for
// each of them what a browser loads.
//
//go:embed *.ttf cut/*.json cut/*.z cut/vietnamese.map web/*.woff2
var FS embed.FS
