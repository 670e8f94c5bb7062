package office_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"vanthu/internal/officetest"
	"vanthu/internal/services"
	"vanthu/templates"
)

// TestFingerprint is the same for the same program and folders, and another when a template or a font is.
func TestFingerprint(t *testing.T) {
	print := func(config services.Config) string {
		t.Helper()
		a, found, err := services.Open(config)
		if err != nil || found.Blocking() {
			t.Fatal(err, found)
		}
		print, err := a.Office.Fingerprint()
		if err != nil || len(print) != 64 {
			t.Fatal(print, err)
		}
		return print
	}
	own := func(name, content string) services.Config {
		return services.Config{Templates: fstest.MapFS{name: {Data: []byte(content)}}}
	}
	plain, changed := print(services.Config{}), print(own("ke-hoach/ghi-chu.txt", "a"))
	for name, c := range map[string]struct {
		one, other string
		same       bool
	}{
		"again":                {plain, print(services.Config{}), true},
		"a file more":          {plain, changed, false},
		"another text":         {changed, print(own("ke-hoach/ghi-chu.txt", "b")), false},
		"another name":         {changed, print(own("ke-hoach/ghi-chu-2.txt", "a")), false},
		"what Word has open":   {print(own("a.txt", "")), print(services.Config{Templates: fstest.MapFS{"a.txt": {}, "ke-hoach/~$mau.docx": {Data: []byte("x")}}}), true},
		"fonts, not templates": {changed, print(services.Config{Fonts: fstest.MapFS{"ke-hoach/ghi-chu.txt": {Data: []byte("a")}}}), false},
	} {
		t.Run(name, func(t *testing.T) {
			if (c.one == c.other) != c.same {
				t.Errorf("%s and %s", c.one, c.other)
			}
		})
	}
}

// TestTemplatesAreThoseOfTheStart changes a template while the program runs: what is made has the look of which Fingerprint tells.
func TestTemplatesAreThoseOfTheStart(t *testing.T) {
	own := fstest.MapFS{}
	for _, name := range []string{"ke-hoach/kind.yaml", "ke-hoach/mau.docx", "chung/nen.docx"} {
		data, err := fs.ReadFile(templates.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		own[name] = &fstest.MapFile{Data: data}
	}
	a := officetest.Open(t, services.Config{Templates: own})
	for name := range own {
		own[name] = &fstest.MapFile{Data: []byte("half written")}
	}
	request := officetest.Plan("27/3/2026", "Tổng vệ sinh")
	request.Profile, request.Register = officetest.Sample(t, "", "don-vi.yaml").Data, false
	officetest.Made(t, a, request, "number-blank")
}
