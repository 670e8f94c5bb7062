package vi

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestNFC(t *testing.T) {
	const composed = "Ủy ban nhân dân, Thường trực, ẵ ặ"
	for name, in := range map[string]string{
		"composed":   composed,
		"decomposed": norm.NFD.String(composed),
	} {
		t.Run(name, func(t *testing.T) {
			if got := NFC(in); got != composed {
				t.Errorf("%+q", got)
			}
		})
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Trích yếu, Đảng ủy":              "trich yeu, dang uy",
		norm.NFD.String("ĐẶNG Ngọc Ưỡng"): "dang ngoc uong",
		"plain": "plain",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestClosest(t *testing.T) {
	keys := []string{"so", "ngay", "trich_yeu", "noi_dung", "noi_nhan", "Trích yếu nội dung"}
	for word, want := range map[string]string{
		"trich_yeu":          "trich_yeu",
		"trích yếu":          "trich_yeu",
		"trichyeu":           "trich_yeu",
		"noi_nahn":           "noi_nhan",
		"Ngày":               "ngay",
		"TRICH YEU NOI DUNG": "Trích yếu nội dung",
		"Số":                 "so",
		"dia_chi":            "",
		"x":                  "",
		"":                   "",
		"___":                "",
	} {
		if got := Closest(word, keys); got != want {
			t.Errorf("Closest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestParseDate(t *testing.T) {
	want := Date{2026, 3, 27}
	for _, in := range []string{
		"2026-03-27", "27/3/2026", "27/03/2026", "27-3-2026", "27.3.2026", "27/3/26", "ngày 27/3/2026",
		"ngày 27 tháng 3 năm 2026", "Ngày 27 tháng 03 năm 2026", " 27/3/2026 ", norm.NFD.String("ngày 27 tháng 3 năm 2026"),
	} {
		if got, err := ParseDate(in); err != nil || got != want {
			t.Errorf("ParseDate(%q) = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"30/02/2026", "31/4/2026", "29/2/2025", "2026-13-01", "0/1/2026", "1/0/2026", "1/1/0000"} {
		if _, err := ParseDate(in); !errors.Is(err, ErrNoSuchDay) {
			t.Errorf("ParseDate(%q): %v, want ErrNoSuchDay", in, err)
		}
	}
	for _, in := range []string{"", "mai", "27/3", "27/3/126", "27/3-2026", "46083", "tháng 3 năm 2026", "27/3/2026 8h"} {
		if _, err := ParseDate(in); !errors.Is(err, ErrNotDate) {
			t.Errorf("ParseDate(%q): %v, want ErrNotDate", in, err)
		}
	}
}

func TestDateIsWrittenAsTheDecreeDoes(t *testing.T) {
	for date, want := range map[Date]string{
		{2026, 2, 5}:   "ngày 05 tháng 02 năm 2026",
		{2026, 3, 5}:   "ngày 05 tháng 3 năm 2026",
		{2026, 1, 27}:  "ngày 27 tháng 01 năm 2026",
		{2026, 10, 27}: "ngày 27 tháng 10 năm 2026",
	} {
		if got := date.Long(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := (Date{2026, 3, 5}).Short(); got != "05/3/2026" {
		t.Errorf("Short %q", got)
	}
}

func TestEveryDayReadsBackFromEachForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 200*365).Draw(t, "days"))
		want := Date{day.Year(), int(day.Month()), day.Day()}
		for _, text := range []string{want.Long(), want.Short(), want.ISO(), day.Format("2-1-2006"), day.Format("02.01.2006")} {
			if got, err := ParseDate(text); err != nil || got != want {
				t.Fatalf("%q: %v, %v", text, got, err)
			}
		}
	})
}

func TestDaysOfTheCalendarAreThoseOfTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		date := Date{rapid.IntRange(1, 3000).Draw(t, "y"), rapid.IntRange(0, 13).Draw(t, "m"), rapid.IntRange(0, 32).Draw(t, "d")}
		day := time.Date(date.Year, time.Month(date.Month), date.Day, 0, 0, 0, 0, time.UTC)
		same := day.Year() == date.Year && int(day.Month()) == date.Month && day.Day() == date.Day
		if date.exists() != same {
			t.Fatalf("%v exists: %v", date, date.exists())
		}
	})
}

func TestFileName(t *testing.T) {
	for in, want := range map[string]string{
		"01/KH-HĐND Kế hoạch thực hiện": "01-KH-HDND-Ke-hoach-thuc-hien",
		"../../etc/passwd":              "etc-passwd",
		"con":                           "con-1",
		"LPT1":                          "LPT1-1",
		"😀 ":                            "van-ban",
		"a . b":                         "a-b",
	} {
		if got := FileName(in); got != want {
			t.Errorf("FileName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFileNameIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := FileName(rapid.String().Draw(t, "text"))
		if len(name) == 0 || len(name) > 102 || strings.Trim(name, "-") != name {
			t.Fatalf("%q", name)
		}
		if strings.ContainsFunc(name, func(r rune) bool { return r != '-' && (r < '0' || r > 'z' || r > '9' && r < 'A' || r > 'Z' && r < 'a') }) {
			t.Fatalf("%q", name)
		}
		if again := FileName(name); again != name {
			t.Fatalf("%q, then %q", name, again)
		}
	})
}

func TestUnprintable(t *testing.T) {
	for in, want := range map[string]rune{
		"Kế hoạch 😀": '😀', "đạt ✓": '✓', "☐ có": '☐', "a\u200bb": 0x200b, "a\ufe0f": 0xfe0f, "\u202ea": 0x202e,
		"a\rb": '\r', "a\x00": 0, "\x7f": 0x7f, "\ue000": 0xe000, "\ufffd": 0xfffd, "\xff": 0xfffd, "\ufeffa": 0xfeff, "𠀀": 0x20000,
	} {
		got, offset, found := Unprintable(in)
		if !found || got != want || !strings.ContainsRune(in[offset:], got) && in[offset] != 0xff {
			t.Errorf("Unprintable(%+q) = %U, %d, %v", in, got, offset, found)
		}
	}
	for _, in := range []string{"", "Kế hoạch “số 01” – a… 5 %\n\tb", "a\u00a0b", "1 m² ½ ± × → ≥ •", "re\u00adsult", "Số: №"} {
		if r, _, found := Unprintable(in); found {
			t.Errorf("Unprintable(%+q) finds %U", in, r)
		}
	}
}

func TestUpper(t *testing.T) {
	if got := Upper(norm.NFD.String("Kế hoạch đỏ")); got != "KẾ HOẠCH ĐỎ" {
		t.Errorf("%+q", got)
	}
}

func TestClosestGivesAnEntryOrNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		among := rapid.SliceOf(rapid.StringMatching(`[a-zđ_ ]{1,9}`)).Draw(t, "among")
		got := Closest(rapid.String().Draw(t, "word"), among)
		if got != "" && !slices.Contains(among, got) {
			t.Fatalf("%q is none of %q", got, among)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-03-27", "27/3/2026", "ngày 27 tháng 3 năm 2026", "30/02/2026", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		date, err := ParseDate(text)
		if err != nil {
			return
		}
		if again, err := ParseDate(date.ISO()); err != nil || again != date {
			t.Fatalf("%q is %v, then %v, %v", text, date, again, err)
		}
	})
}

func FuzzText(f *testing.F) {
	f.Add("Kế hoạch số 01/KH-HĐND")
	f.Fuzz(func(t *testing.T, text string) {
		if r, offset, found := Unprintable(text); found {
			if got, _ := utf8.DecodeRuneInString(text[offset:]); got != r {
				t.Fatalf("%U is not at %d of %q", r, offset, text)
			}
		}
		if once := NFC(text); NFC(once) != once {
			t.Fatalf("NFC of %q is not stable", text)
		}
		Fold(text)
	})
}

func TestFoldIsTheSameByTableAndByRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("aĐđỘộ Ắổ“–…\u00a0É\u0301x")), 0, 20, -1)).Draw(t, "text")
		if got, want := Fold(text), strings.ToLower(bare(text)); got != want {
			t.Fatalf("Fold(%q) = %q, by rule %q", text, got, want)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Fold("Ban Văn hóa - Xã hội Hội đồng nhân dân xã Vĩnh Am")
	}
}
