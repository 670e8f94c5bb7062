// Package templates holds the kinds of document that come with the program: a folder each with mau.docx, edited in Word, and
// kind.yaml. The folder chung has nen.docx, the one Word file in which the styles of all kinds are changed.
package templates

import "embed"

// FS is the folders.
//
//go:embed */*
var FS embed.FS
