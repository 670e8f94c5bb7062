// Package tally counts what the tables of a report say: states, rates, lists of what is late, and changes since the last period.
// The report's sentences, its tables and the progress workbook all rest on these figures.
package tally

import (
	"vanthu/internal/diag"
	"vanthu/internal/model"
)

// Add fills the computed columns of the tables of doc and adds the group so_lieu (Fields). previous is the document of the period
// before, or nil; with it come changes, and findings about jumps and about what was left over from it. Figures stand as of the
// field ngay_chot. doc is changed; when findings block, it must not be printed.
func Add(doc *model.Document, previous *model.Document) diag.Findings {
	return nil
}
