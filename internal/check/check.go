// Package check reads a document as an exacting head of office does and reports what Decree 30/2020/NĐ-CP, or the document
// itself, contradicts. It looks at the resolved document that is printed, never at a template or at data.
//
// A rule is a row of Rules: an id, the clause it rests on, and a function from the document to findings. Rules never change
// anything. What a rule judges it must recognise first; identify.go does that.
package check

import (
	"slices"

	"vanthu/internal/diag"
	"vanthu/internal/flow"
)

// Rule is one thing that is checked. Its findings are warnings: it reads words, and the person who signs may know better, so it
// never keeps a document from being made.
type Rule struct {
	ID    diag.Code // stable, English: "archive-recipient"
	Title string    // what is asked for, in Vietnamese
	Cite  string    // clause; empty for a rule of plain logic
	find  func(*paper) []fault
}

// fault is one place where a rule does not hold.
type fault struct {
	at      element
	message string
	hint    string
}

// Rules lists what is checked, in the order of the page.
func Rules() []Rule { return slices.Concat(referenceRules, outlineRules, footRules) }

// Run checks a document. Findings stand in the order of the rules.
func Run(doc flow.Document) diag.Findings {
	p := identify(doc)
	var found diag.Findings
	for _, rule := range Rules() {
		for _, f := range rule.find(p) {
			found.Add(diag.Finding{
				Severity: diag.Warning, Code: rule.ID, Message: f.message, Hint: f.hint, Cite: rule.Cite,
				Where: diag.Place{Paragraph: f.at.number, Text: diag.Excerpt(f.at.text)},
			})
		}
	}
	return found
}
