package wml

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestSubsetNamesWhatIsReported keeps internal/docs/subset.md complete: a row for each feature, with its severity.
func TestSubsetNamesWhatIsReported(t *testing.T) {
	doc, err := os.ReadFile("../docs/subset.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("report.go")
	if err != nil {
		t.Fatal(err)
	}
	codes, err := os.ReadFile("../diag/codes.go")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]string{} // "TextBox": "text-box"
	for _, m := range regexp.MustCompile(`(\w+) +Code = "([a-z-]+)"`).FindAllStringSubmatch(string(codes), -1) {
		named[m[1]] = m[2]
	}
	features := regexp.MustCompile(`feature\{diag\.(\w+), diag\.(\w+)`).FindAllStringSubmatch(string(source), -1)
	if len(features) == 0 {
		t.Fatal("no feature found in report.go")
	}
	for _, m := range features {
		row := fmt.Sprintf("| `%s` | %s |", named[m[1]], strings.ToLower(m[2]))
		if !strings.Contains(string(doc), row) {
			t.Errorf("no row %q", row)
		}
	}
	if rows := strings.Count(string(doc), "\n| `"); rows != len(features) {
		t.Errorf("%d rows, %d features", rows, len(features))
	}
}
