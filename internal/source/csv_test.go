package source

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCSVIsReadInAnyEncodingAndWithAnySeparator(t *testing.T) {
	const text = "Nội dung nhiệm vụ;Cơ quan chủ trì;Thời hạn\nGiám sát, khảo sát;Ban Kinh tế;30/6/2026\n"
	windows := "N\xf4\xf2i dung nhi\xea\xf2m vu\xf2;C\xf5 quan chu\xd2 tri\xcc;Th\xf5\xcci ha\xf2n\nGia\xecm sa\xect, kha\xd2o sa\xect;Ban Kinh t\xea\xec;30/6/2026\n"
	const want = "@A1\nnhiem_vu: @A1\n  - @A2\n    noi_dung: \"Giám sát, khảo sát\" @A2\n    chu_tri: \"Ban Kinh tế\" @B2\n    thoi_han: \"30/6/2026\" @C2\n"
	schema := trackedSchema(t)
	for test, data := range map[string]string{
		"UTF-8":                      text,
		"UTF-8 with a mark":          "\ufeff" + text,
		"UTF-16":                     utf16Text(text, true, binary.LittleEndian),
		"UTF-16, the other way":      utf16Text(text, true, binary.BigEndian),
		"UTF-16 without a mark":      utf16Text(text, false, binary.LittleEndian),
		"decomposed":                 decompose(text),
		"windows-1258":               windows,
		"lines end with CR LF":       strings.ReplaceAll(text, "\n", "\r\n"),
		"lines end with CR":          strings.ReplaceAll(text, "\n", "\r"),
		"tabs":                       strings.ReplaceAll(text, ";", "\t"),
		"commas and quotes":          strings.ReplaceAll(strings.ReplaceAll(text, "Giám sát, khảo sát", `"Giám sát, khảo sát"`), ";", ","),
		"quotes around all":          `"` + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(text), ";", `";"`), "\n", "\"\n\"") + `"`,
		"separator in so many words": "sep=;\n" + text,
	} {
		t.Run(test, func(t *testing.T) {
			file, found := Open(Input{"a.csv", []byte(data)})
			if len(found) > 0 {
				t.Fatal(found)
			}
			record, found := file.Record(schema)
			got := cells(record.Root, "")
			if strings.HasPrefix(data, "sep=") { // all one row lower
				got = strings.NewReplacer("A2", "A1", "A3", "A2", "B3", "B2", "C3", "C2").Replace(got)
			}
			if diff := cmp.Diff(want, got); diff != "" || len(found) > 0 {
				t.Errorf("%s (-want +got)\n%s", found, diff)
			}
		})
	}
}
