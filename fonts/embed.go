// Package fonts carries the faces that come with the program: Tinos, which has the widths of Times New Roman and every
// Vietnamese letter, and the same four faces cut to the characters of Vietnamese for fast painting. See README.md.
package fonts

import "embed"

// FS holds the TrueType files at its top, and under cut/ for each of them a definition, a compressed font and the one map.
//
//go:embed *.ttf cut/*.json cut/*.z cut/vietnamese.map
var FS embed.FS
