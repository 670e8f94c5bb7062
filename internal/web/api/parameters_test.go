package api

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// What is wrong with the parameters of a request is said of all of them at once, in Vietnamese.
func TestParameters(t *testing.T) {
	const ascii, long = "header.Idempotency-Key: cần chuỗi là chữ ASCII in được", "header.Idempotency-Key: cần nhiều nhất 200 ký tự"
	for _, test := range []struct {
		name, query, key string
		format           string
		partial          bool
		wrong            []string
	}{
		{name: "nothing", format: "docx"},
		{name: "empty", query: "?format=&partial=", format: "docx"},
		{name: "given", query: "?format=pdf&partial=1", key: "lo-1", format: "pdf", partial: true},
		{name: "the first counts", query: "?format=pdf&format=odt&partial=true&partial=maybe", format: "pdf", partial: true},
		{name: "as long as may be", key: strings.Repeat("~", 200), format: "docx"},
		{name: "one too long", key: strings.Repeat("~", 201), format: "docx", wrong: []string{long}},
		{name: "letters are counted", key: strings.Repeat("ế", 200), format: "docx", wrong: []string{ascii}},
		{name: "a tab", key: "a\tb", format: "docx", wrong: []string{ascii}},
		{
			name: "everything wrong", query: "?format=PDF&partial=maybe", key: strings.Repeat("ế", 201), format: "PDF",
			wrong: []string{"query.format: cần một trong các giá trị “docx, pdf”", "query.partial: cần true hoặc false", long, ascii},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			asked := parameters{request: httptest.NewRequest("GET", "/"+test.query, nil)}
			asked.request.Header.Set("Idempotency-Key", test.key)
			format, partial, key := asked.oneOf("format", []string{"docx", "pdf"}, "docx"), asked.isTrue("partial"), asked.idempotencyKey()
			if format != test.format || partial != test.partial || key != test.key {
				t.Errorf("read %q, %t, %q", format, partial, key)
			}
			p := asked.problem()
			if len(test.wrong) == 0 {
				if p != nil {
					t.Errorf("refused: %s", p.Detail)
				}
				return
			}
			var wrong []string
			for _, each := range p.Errors {
				wrong = append(wrong, each.Location+": "+each.Message)
			}
			if strings.Join(wrong, "\n") != strings.Join(test.wrong, "\n") || p.Status != 422 || p.Detail != "Tham số sai: "+test.wrong[0]+"." {
				t.Errorf("status %d, %q, wrong:\n%s", p.Status, p.Detail, strings.Join(wrong, "\n"))
			}
		})
	}
}
