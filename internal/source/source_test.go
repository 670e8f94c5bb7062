package source

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// dump writes a node with its places: one line a value.
func dump(n model.Node, indent string) string {
	var b strings.Builder
	at := fmt.Sprintf("@%d:%d", n.Place.Line, n.Place.Column)
	switch n.Shape {
	case model.Missing:
		fmt.Fprintf(&b, "%s -\n", at)
	case model.Scalar:
		block := ""
		if n.Block {
			block = " block"
		}
		fmt.Fprintf(&b, "%s%s %q\n", at, block, n.Text)
	case model.List:
		fmt.Fprintf(&b, "%s list\n", at)
		for _, item := range n.Items {
			b.WriteString(indent + "- " + dump(item, indent+"  "))
		}
	case model.Group:
		fmt.Fprintf(&b, "%s group\n", at)
		for _, field := range n.Fields {
			fmt.Fprintf(&b, "%s%s@%d:%d = %s", indent, field.Key, field.Place.Line, field.Place.Column, dump(field.Value, indent+"  "))
		}
	}
	return b.String()
}

func TestReadKeepsTextAndPlace(t *testing.T) {
	const yamlText = "# chú thích\nso: 01\nngay: 2026-03-27\nđúng: true\ntrống:\nnull: ~\nky:\n  ho_ten: \"An: B\"\n  chuc_vu: [A, 'b c']\n" +
		"noi_dung: |\n  I. A\n\n  1. B\ngấp: >-\n  a\n  b\ndài: một\n  hai\nnoi_nhan:\n- Lưu: VT\n- dài\n  nữa\n"
	const yamlWant = `@2:1 group
so@2:1 = @2:5 "01"
ngay@3:1 = @3:7 "2026-03-27"
đúng@4:1 = @4:7 "true"
trống@5:1 = @5:7 -
null@6:1 = @6:7 -
ky@7:1 = @8:3 group
  ho_ten@8:3 = @8:11 "An: B"
  chuc_vu@9:3 = @9:12 list
    - @9:13 "A"
    - @9:16 "b c"
noi_dung@10:1 = @10:11 block "I. A\n\n1. B\n"
gấp@14:1 = @14:6 "a b"
dài@17:1 = @17:6 "một hai"
noi_nhan@19:1 = @20:1 list
  - @20:3 group
    Lưu@20:3 = @20:8 "VT"
  - @21:3 "dài nữa"
`
	const jsonText = "{\n  \"so\": 1.50, \"x\": true,\n  \"ky\": {\"ho_ten\": \"A\\nB \\u0111\"},\n  \"a\": [\"b\", null,\n    [], {}]\n}\n"
	const jsonWant = `@1:1 group
so@2:3 = @2:9 "1.50"
x@2:15 = @2:20 "true"
ky@3:3 = @3:9 group
  ho_ten@3:10 = @3:20 "A\nB đ"
a@4:3 = @4:8 list
  - @4:9 "b"
  - @4:14 -
  - @5:5 list
  - @5:9 group
`
	for _, c := range []struct{ test, name, text, want string }{
		{"yaml", "a.yaml", yamlText, yamlWant},
		{"yaml with CRLF", "a.yml", strings.ReplaceAll(yamlText, "\n", "\r\n"), yamlWant},
		{"yaml with byte order mark", "C:\\x\\a.YAML", "\ufeff" + yamlText, yamlWant},
		{"yaml in UTF-16", "a.yaml", utf16Text(yamlText, true, binary.LittleEndian), yamlWant},
		{"yaml in UTF-16, unmarked", "a.yaml", utf16Text(yamlText, false, binary.BigEndian), yamlWant},
		{"yaml decomposed", "a.yaml", decompose(yamlText), yamlWant},
		{"json", "a.json", jsonText, jsonWant},
		{"json decomposed", "a.json", "{\"e\\u0302\": \"e\\u0301\"}", "@1:1 group\nê@1:2 = @1:13 \"é\"\n"},
	} {
		t.Run(c.test, func(t *testing.T) {
			record, found := ReadText(c.name, []byte(c.text))
			if len(found) > 0 {
				t.Fatalf("%s", found)
			}
			if diff := cmp.Diff(c.want, dump(record.Root, "")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// decompose spells some letters with combining marks, as macOS does.
func decompose(text string) string {
	return strings.NewReplacer("ộ", "o\u0323\u0302", "ố", "o\u0302\u0301", "ú", "u\u0301", "ấ", "a\u0302\u0301").Replace(text)
}

func utf16Text(text string, mark bool, order binary.AppendByteOrder) string {
	var data []byte
	if mark {
		data = order.AppendUint16(data, 0xFEFF)
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		data = order.AppendUint16(data, unit)
	}
	return string(data)
}

func TestReadSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		test, name, text, code string
		line                   int
		hint                   string
	}{
		{"colon in a value", "a.yaml", "so: 1\ntrich_yeu: Kế hoạch: năm\n", "bad-yaml", 2, "nháy kép"},
		{"tab", "a.yaml", "ky:\n\tho_ten: A\n", "bad-yaml", 2, "dấu cách"},
		{"open quote", "a.yaml", "so: 1\na: \"b\n", "bad-yaml", 2, "dấu nháy"},
		{"open bracket", "a.yaml", "a: [1, 2\n", "bad-yaml", 1, "]"},
		{"reserved mark", "a.yaml", "a: @x\n", "bad-yaml", 1, "nháy kép"},
		{"text after quotes", "a.yaml", "a: \"B\" và C\n", "bad-yaml", 1, "nháy đơn"},
		{"item beside key", "a.yaml", "a: - b\n", "bad-yaml", 1, "xuống dòng"},
		{"line without key", "a.yaml", "a: b\nc\nd: e\n", "bad-yaml", 2, "dấu hai chấm"},
		{"wrong indent", "a.yaml", "a: 1\n b: 2\n", "bad-yaml", 2, "cùng một cột"},
		{"indent back to no level", "a.yaml", "x: 1\na:\n    b: 1\n  c: 2\nd: 1\n", "bad-yaml", 4, "cùng một cột"},
		{"block text indented less", "a.yaml", "noi_dung: |\n    A\n  B\nc: 1\n", "bad-yaml", 3, "thụt vào đều nhau"},
		{"item among keys", "a.yaml", "a: 1\nb: 2\n- c\n", "bad-yaml", 3, "cùng một cột"},
		{"key among items", "a.yaml", "x:\n  - a\n  b: c\n", "bad-yaml", 3, "cùng một cột"},
		{"first key indented", "a.yaml", " so: 1\nb: 2\n", "bad-yaml", 2, "cùng một cột"},
		{"no space after a colon", "a.yaml", "so:01\nngay: 2\n", "bad-yaml", 1, "một dấu cách"},
		{"no space after the last colon", "a.yaml", "a: 1\nso:01\n", "bad-yaml", 2, "một dấu cách"},
		{"text after quotes in the middle", "a.yaml", "a: 1\n\nb: \"B\" và C\n  D\n\nc: 1\nd: 1\n", "bad-yaml", 3, "nháy đơn"},
		{"text after quotes in an item", "a.yaml", "x:\n- \"B: C\" D\n- e\n", "bad-yaml", 2, "nháy đơn"},
		{"text after brackets", "a.yaml", "a: [b] c\n", "bad-yaml", 1, "dấu ngoặc"},
		{"text after the root", "a.yaml", "[a]]", "bad-yaml", 1, "dấu ngoặc"},
		{"bracket closed only", "a.yaml", "a: ]\n", "bad-yaml", 1, "nháy kép"},
		{"bracket with a comma left open", "a.yaml", "a: [b,\n", "bad-yaml", 1, "]"},
		{"tab further down", "a.yaml", "a:\n  b: 1\n\tc: 2\n", "bad-yaml", 3, "dấu cách"},
		{"text beside the stroke", "a.yaml", "a: | x\n  b\n", "bad-yaml", 1, "xuống dòng"},
		{"unknown escape", "a.yaml", "a: \"C:\\d\"\n", "bad-yaml", 1, "nháy đơn"},
		{"star before text", "a.yaml", "a: * ghi chú\n", "yaml-mark", 1, "nháy kép"},
		{"exclamation before text", "a.yaml", "a: 1\nb: ! Chú ý\n", "yaml-mark", 2, "nháy kép"},
		{"key of a list", "a.yaml", "? [a]\n: b\n", "yaml-key", 1, "trich_yeu"},
		{"anchor at a key", "a.yaml", "a: 1\nb:\n- &x c: 2\n", "yaml-mark", 3, "nháy kép"},
		{"control character", "a.yaml", "a: 1\nb: \"c\x0bd\"\n", "unprintable", 2, "xóa"},
		{"line separator", "a.json", "{\"a\":\n\"b\u2028c\"}", "unprintable", 2, "xóa"},
		{"alias", "a.yaml", "a: *x\n", "yaml-mark", 1, "nháy kép"},
		{"anchor", "a.yaml", "a: 1\nb: &x 1\n", "yaml-mark", 2, "nháy kép"},
		{"tag", "a.yaml", "a: !!str 1\n", "yaml-mark", 1, "nháy kép"},
		{"merge key", "a.yaml", "<<: {a: 1}\n", "yaml-key", 1, "trich_yeu"},
		{"two documents", "a.yaml", "a: 1\n---\nb: 2\n", "many-documents", 3, "---"},
		{"nothing", "a.yaml", "  \n", "empty-file", 0, "điền"},
		{"comments only", "a.yaml", "# a\n", "empty-file", 0, "điền"},
		{"not Unicode", "a.yaml", "a: 1\nb: K\xd5 ho\xb9ch\n", "not-unicode", 2, "UTF-8"},
		{"another format", "a.doc", "a", "unknown-format", 0, ".yaml"},
		{"deep brackets", "a.yaml", "a: " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000), "too-deep", 1, ""},
		{"deep dashes", "a.yaml", "a:\n  " + strings.Repeat("- ", 1000) + "b", "too-deep", 2, ""},
		{"many entries", "a.yaml", strings.Repeat("a: 1\n", 200_000), "too-many-entries", 0, ""},
		{"too large", "a.yaml", strings.Repeat("a", MaxSize+1), "file-too-large", 0, ""},
		{"json comma", "a.json", "{\"a\": 1,\n}", "bad-json", 2, "dấu phẩy"},
		{"json cut off", "a.json", "{\"a\": [1,\n", "bad-json", 2, "còn thiếu"},
		{"json with a tail", "a.json", "{}\n{}", "bad-json", 2, "sau dấu }"},
		{"json unquoted", "a.json", "{\n  a: 1}", "bad-json", 2, "nháy kép"},
		{"json leading zero", "a.json", "{\"so\": 01}", "bad-json", 1, ""},
		{"json deep", "a.json", strings.Repeat("[", 100_000), "too-deep", 1, ""},
	} {
		t.Run(c.test, func(t *testing.T) {
			record, found := ReadText(c.name, []byte(c.text))
			if len(found) != 1 || record.Root.Shape != model.Missing {
				t.Fatalf("record %v, findings:\n%s", record.Root.Shape, found)
			}
			f := found[0]
			if string(f.Code) != c.code || f.Where.Line != c.line || !strings.Contains(f.Hint, c.hint) || f.Severity != diag.Error {
				t.Errorf("%s: %s", f.Code, f)
			}
		})
	}
}

// TestReadEndsOnHostileFiles gives files of the largest size that are all structure, all text or all marks. What it takes to read one
// grows with the file, as the bytes allocated do; what grew with its square would run into the end of the test.
func TestReadEndsOnHostileFiles(t *testing.T) {
	fill := func(before, unit, after string) string {
		return before + strings.Repeat(unit, (MaxSize-len(before)-len(after))/len(unit)) + after
	}
	for _, c := range []struct{ test, name, text, code string }{
		{"brackets", "a.yaml", fill("", "[", ""), "too-many-entries"},
		{"groups", "a.yaml", fill("", "{a: ", ""), "too-many-entries"},
		{"brackets within the limit", "a.yaml", strings.Repeat("[", MaxEntries), "too-deep"},
		{"groups within the limit", "a.yaml", strings.Repeat("{a: ", MaxEntries/2), "too-deep"},
		{"dashes within the limit", "a.yaml", strings.Repeat("- ", MaxEntries), "too-deep"},
		{"keys", "a.yaml", strings.Repeat("a: 1\n", 500_000), "too-many-entries"},
		{"keys within the limit", "a.yaml", strings.Repeat("khoa: mot gia tri nao do kha dai\n", MaxEntries), ""},
		{"keys and an error", "a.yaml", strings.Repeat("khoa: mot gia tri nao do\n", MaxEntries-1) + "b\n", "bad-yaml"},
		{"aliases", "a.yaml", "a: &x 1\nb: [" + strings.Repeat("*x,", MaxEntries-5) + "]\n", "yaml-mark"},
		{"word", "a.yaml", fill("a: ", "x", "\n"), ""},
		{"digits", "a.yaml", fill("a: ", "1", "\n"), ""},
		{"words", "a.yaml", fill("a: ", "chữ ", "\n"), ""},
		{"lines", "a.yaml", fill("a:\n", " b\n", ""), ""},
		{"block", "a.yaml", fill("a: |\n", "  b\n", ""), ""},
		{"open quote", "a.yaml", fill("a: \"", "b\n", ""), "bad-yaml"},
		{"text after quotes", "a.yaml", fill("a: \"b\" c", "\n", "d: e"), "bad-yaml"},
		{"blank lines", "a.yaml", fill("a: 1\n", "\n", "b: 1\n"), ""},
		{"comments", "a.yaml", fill("a:\n", "  #\n", "  b: 1\n"), ""},
		{"documents", "a.yaml", strings.Repeat("---\n", MaxEntries/3), "empty-file"},
		{"control characters", "a.yaml", fill("", "\x01\n", ""), "unprintable"},
		{"json items", "a.json", fill("[", "1,", "1]"), "too-many-entries"},
		{"json items within the limit", "a.json", "[" + strings.Repeat("1,", MaxEntries-1) + "1]", ""},
		{"json text", "a.json", fill("[\"", "chữ ", "\"]"), ""},
	} {
		t.Run(c.test, func(t *testing.T) {
			const little = 4 << 20 // bytes
			begun := allocated()
			ReadText(c.name, []byte(c.text[:len(c.text)/4]))
			quarter := allocated()
			_, found := ReadText(c.name, []byte(c.text))
			if quarter, whole := quarter-begun, allocated()-quarter; whole > 8*quarter+little {
				t.Errorf("allocated %d bytes, for a quarter of the file %d", whole, quarter)
			}
			code := ""
			if len(found) > 0 {
				code = string(found[0].Code)
			}
			if code != c.code || len(found) > maxFound {
				t.Errorf("%d findings, first %q", len(found), code)
			}
		})
	}
}

// allocated returns the bytes that were allocated so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"../../samples/don-vi.yaml", "../../templates/chung/kind.yaml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, false)
	}
	f.Add([]byte(`{"so": 1, "ky": {"chuc_vu": ["A"]}, "a": "\u0111"}`), true)
	f.Add([]byte("a: [1, {b: \"c\\n\"}]\nd: |2\n   e\n? f\n: g\n"), false)
	f.Add([]byte("?"), false)
	f.Add([]byte("a: &x 1\nb: [*x, !t y, ! z]\n&k c: !!map {&a d: e}\n? &b\n: f\n"), false)
	f.Fuzz(func(t *testing.T, data []byte, isJSON bool) {
		name := "a.yaml"
		if isJSON {
			name = "a.json"
		}
		record, found := ReadText(name, data)
		if found.Blocking() && record.Root.Shape != model.Missing {
			t.Fatalf("root %v with findings\n%s", record.Root.Shape, found)
		}
		check(t, record.Root, strings.Count(string(data), "\n")+strings.Count(string(data), "\r")+1, 0)
	})
}

// check walks a node: every place is in the file, every text in NFC.
func check(t *testing.T, n model.Node, lines, depth int) {
	if n.Place.Line < 0 || n.Place.Line > lines || depth > MaxDepth+2 {
		t.Fatalf("line %d of %d, depth %d", n.Place.Line, lines, depth)
	}
	if vi.NFC(n.Text) != n.Text || !utf8.ValidString(n.Text) || strings.ContainsFunc(n.Text, vi.IsControl) {
		t.Fatalf("%q is not text in NFC", n.Text)
	}
	for _, item := range n.Items {
		check(t, item, lines, depth+1)
	}
	for _, field := range n.Fields {
		if vi.NFC(field.Key) != field.Key {
			t.Fatalf("%q is not in NFC", field.Key)
		}
		check(t, field.Value, lines, depth+1)
	}
}
