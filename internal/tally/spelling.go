package tally

import (
	"fmt"
	"strings"
	"unicode"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// namedIn are the columns by whose names rows are counted apart.
var namedIn = [...]string{"chu_tri", "linh_vuc", "co_quan", "tham_quyen", "nhom"}

// spellings returns each name the spelling in which its column has it first, so that whoever counts by it, here or in a spreadsheet,
// counts one. Accents, capitals, dashes and spaces make no other name. Each spelling that was replaced is told once.
func spellings(doc *model.Document) (found diag.Findings) {
	for _, spec := range doc.Schema.Fields {
		items, _ := doc.Values[spec.Key].(model.Items)
		if !spec.IsTable() {
			continue
		}
		for _, column := range namedIn {
			first := make(map[string]int)    // row, from 1, by the name alone
			known := make(map[string]string) // the first spelling by every other
			for i, item := range items {
				row := item.(model.Values)
				spelling := row.Text(column)
				if spelling == "" {
					continue
				}
				if _, seen := known[spelling]; !seen {
					name := bareName(spelling)
					if first[name] == 0 {
						first[name] = i + 1
					}
					known[spelling] = items[first[name]-1].(model.Values).Text(column)
					if at := first[name]; at != i+1 {
						found.Add(diag.Finding{
							Severity: diag.Info, Code: diag.OtherSpelling,
							Where: diag.Place{Field: fmt.Sprintf("%s[%d].%s", spec.Key, i+1, column)},
							Message: fmt.Sprintf("%s, STT %d: “%s” được tính và ghi là “%s”, như ở STT %d",
								spec.Label, i+1, spelling, known[spelling], at),
							Hint: "viết một tên theo một cách",
						})
					}
				}
				row[column] = model.Text(known[spelling])
			}
		}
	}
	return found
}

// bareName is what two spellings of one name share: letters and digits, with a space for whatever stands between words.
func bareName(spelling string) string {
	return strings.Join(strings.FieldsFunc(vi.Fold(spelling), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Dash, r)
	}), " ")
}
