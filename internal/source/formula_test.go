package source

import (
	"fmt"
	"strings"
	"testing"
)

// TestFormulasThatReachTooFarAreLeft asks for values that no machine should work out for a clerk.
func TestFormulasThatReachTooFarAreLeft(t *testing.T) {
	schema := trackedSchema(t)
	const head = "Nội dung nhiệm vụ | Cơ quan chủ trì | Thời hạn | Tiến độ (%)\nMột | Ban | d:46203 | f:"
	chain := head + "D3\n"
	for row := 3; row < 5000; row++ {
		chain += fmt.Sprintf(" | | | f:D%d+1\n", row+1)
	}
	for test, rows := range map[string]string{
		"a whole sheet":        head + "SUM(A1:XFC1048575)",
		"through another cell": head + "E2 | f:SUM(F1:GR20000)+SUM(F1:GR20000)",
		"a column":             head + "SUM(E:E)",
		"the time":             head + "NOW()-TODAY()",
		"text without end":     head + `REPT("x",1E9)`,
		"cells by their names": head + `INDIRECT("A1")`,
		"a name of the book":   head + "NgayChot+1",
		"a long chain":         chain,
		"something unheard of": head + `WEBSERVICE("http://x")`,
		"another book":         head + "[1]A!B2",
		"parentheses in depth": head + strings.Repeat("(", 400) + "1" + strings.Repeat(")", 400),
		"a function not plain": head + "_xlfn.LAMBDA(x,x)(1)",
	} {
		t.Run(test, func(t *testing.T) {
			file, found := Open(Input{"a.xlsx", rawBook(t, false, rawSheet{"Nhiệm vụ", rows})})
			if len(found) > 0 {
				t.Fatal(found)
			}
			_, x := file.extract(schema)
			for _, calc := range x.calculators {
				if calc.reached > maxFormulaCells+maxRows*maxColumns || len(calc.safe) > maxFormulas+1 {
					t.Errorf("walked %d cells and %d formulas", calc.reached, len(calc.safe))
				}
			}
			found = x.found
			if !strings.HasPrefix(codes(found), "formula-without-value") || found[0].Where.Cell != "D2" {
				t.Errorf("%s\n%s", codes(found), found)
			}
		})
	}
	t.Run("a circle ends", func(t *testing.T) {
		file, _ := Open(Input{"a.xlsx", rawBook(t, false, rawSheet{"Nhiệm vụ", head + "D2+1"})})
		file.Record(schema)
	})
}
