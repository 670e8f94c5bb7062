package vi_test

import (
	"testing"

	"vanthu/internal/vi"
)

func TestFromWindows1258(t *testing.T) {
	for _, c := range []struct {
		test, bytes, want string
		ok                bool
	}{
		{"tones are letters of their own", "K\xea\xec hoa\xf2ch gia\xecm sa\xect", "Kế hoạch giám sát", true},
		{"horned letters and đ", "\xd0\xf5\xec g\xfd\xd2i", "Đớ gửi", true},
		{"letters of windows-1252", "caf\xe9, \xf1, \x80 \x93a\x94", "café, ñ, € “a”", true},
		{"plain", "abc 1.234", "abc 1.234", true},
		{"TCVN3", "K\xd5 ho\xb9ch gi\xb8m s\xb8t", "", false},
		{"a tone after no vowel", "n\xf2 \xec", "", false},
	} {
		t.Run(c.test, func(t *testing.T) {
			text, ok := vi.FromWindows1258([]byte(c.bytes))
			if ok != c.ok || c.want != "" && text != c.want {
				t.Errorf("%q %v, want %q %v", text, ok, c.want, c.ok)
			}
			if text != vi.NFC(text) {
				t.Errorf("%q is not in NFC", text)
			}
		})
	}
}
