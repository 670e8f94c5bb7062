package site

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"vanthu/internal/account"
	"vanthu/internal/testenv"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
)

// hostileBody is what is small and means to cost much.
type hostileBody struct {
	name, path string
	sent       body
	status     int
}

// hostileBodies are deep nesting, many fields, long names of fields, references to references.
func hostileBodies() []hostileBody {
	deep := strings.Repeat("[", 1<<20)
	deepObject := strings.Repeat(`{"a":`, 1<<18)
	laughs := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := range 12 {
		laughs += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 8), i)
	}
	many, _ := json.Marshal(slices.Repeat([]int{1}, 1<<20))
	return []hostileBody{
		{"deep JSON", api.DocumentsPath, text(web.JsonType, `{"loai":`+deep), 422},
		{"deep objects", api.DocumentsPath, text(web.JsonType, deepObject), 422},
		{"many items", api.DocumentsPath, text(web.JsonType, `{"loai":"ke-hoach","can_cu":`+string(many)+`}`), 422},
		{"deep YAML", api.DocumentsPath, form("data=a.yaml", "loai: "+deep), 422},
		{"references to references", api.DocumentsPath, form("data=a.yaml", laughs+matter+vinhAm), 422},
		{"a deep file", "/tep", form("data=a.json", deep), 303},
		{"a name of rows in rows", "/ban-thao", fields("loai", "ke-hoach", strings.Repeat("a[1].", 1<<18), "x"), 303},
		{"many rows", "/ban-thao", manyRows("nhiem_vu[%d].noi_dung"), 303},
		{"many fields", "/ban-thao", manyRows("x%d"), 303},
		{"too many fields", "/ban-thao", text(web.PlainFormType, strings.Repeat("a&", web.MaxFields)), 413},
		{"too many parts", "/tep", form(slices.Repeat([]string{"bang=a.csv", "x"}, web.MaxParts+1)...), 413},
		{"a field too large", "/so-dang-ky/lay-so", fields("trich_yeu", strings.Repeat("x", web.MaxSmall)), 413},
		{"a file too large", "/tep", form("data=a.yaml", strings.Repeat(" ", web.MaxWord)), 413},
		{"lines without end", "/ban-thao", fields("loai", "ke-hoach", "noi_dung", strings.Repeat("1.1.1.1.1 ", 1<<17)), 303},
		{"a list of lines", "/ban-thao", fields("loai", "ke-hoach", "can_cu", strings.Repeat("- x\n", 1<<16)), 303},
	}
}

// sendHostile sends a body and asks for the page that comes of it.
func sendHostile(t testing.TB, h http.Handler, p person, hostile hostileBody) {
	t.Helper()
	w := p.asks(h, http.MethodPost, hostile.path, hostile.sent)
	if w.Code != hostile.status {
		t.Errorf("%d: %.300s", w.Code, w.Body)
	}
	if location := w.Header().Get("Location"); location != "" {
		if w = p.asks(h, http.MethodGet, location, body{}); w.Code >= 500 {
			t.Errorf("its page: %d", w.Code)
		}
	}
}

// TestHostileBodies: each is answered.
func TestHostileBodies(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	p := hire(t, s, "lan", "", account.Admin)
	for _, hostile := range hostileBodies() {
		t.Run(hostile.name, func(t *testing.T) { sendHostile(t, h, p, hostile) })
	}
}

// BenchmarkHostileBodies measures how long each keeps the service busy.
func BenchmarkHostileBodies(b *testing.B) {
	s := openOffice(b)
	h := newSite(s)
	p := hire(b, s, "lan", "", account.Admin)
	for _, hostile := range hostileBodies() {
		b.Run(hostile.name, func(b *testing.B) {
			for b.Loop() {
				sendHostile(b, h, p, hostile)
			}
			testenv.WantTime(b, time.Second)
		})
	}
}

// manyRows is a form with as many fields as it may have.
func manyRows(name string) body {
	pairs := []string{"loai", "ke-hoach"}
	for i := range web.MaxFields - 10 {
		pairs = append(pairs, fmt.Sprintf(name, i+1), "x")
	}
	return fields(pairs...)
}
