package site

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/store"
)

// oldBook is a register as an office keeps it in Excel: number, day, what about, note of each line.
func oldBook(t *testing.T, lines ...[4]string) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	rows := [][]any{{"Số, ký hiệu văn bản", "Ngày, tháng văn bản", "Tên loại và trích yếu nội dung văn bản", "Ghi chú"}}
	for _, line := range lines {
		rows = append(rows, []any{line[0], line[1], line[2], line[3]})
	}
	for i, row := range rows {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := book.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestImportRegister(t *testing.T) {
	s, h, a, b := openRegister(t)
	try := func(book string) *httptest.ResponseRecorder {
		return a.asks(h, http.MethodPost, "/so-dang-ky/nhap", form("tep=so-cu.xlsx", book))
	}
	nothing := func(t *testing.T) {
		t.Helper()
		if n := len(entriesOf(t, s, "a")); n != 0 {
			t.Errorf("%d lines were written", n)
		}
	}
	t.Run("wrong lines are told with their rows, and nothing is written", func(t *testing.T) {
		w := try(oldBook(t, [4]string{"01/KH-UBND", "05/01/2026", "Kế hoạch đắp đê"}, [4]string{"02/KH-UBND", "31/02/2026", "Kế hoạch <script>"},
			[4]string{"không số", "07/01/2026", "Kế hoạch khác"}))
		has(t, w, http.StatusUnprocessableEntity, "có 2 dòng phải sửa", "Chưa có gì được ghi vào sổ", "<span>3<small>Sheet1</small></span>", "“31/02/2026”",
			"<span>4<small>Sheet1</small></span>", "không đọc được số", "ghi dạng 01/KH-HĐND")
		if !hiddenKey.MatchString(w.Body.String()) {
			t.Error("the line that is fine is not offered")
		}
		if strings.Contains(w.Body.String(), "<script>") {
			t.Error("a title is not escaped")
		}
		nothing(t)
	})
	for _, wrong := range []struct {
		name, told string
		status     int
		form       body
	}{
		{"no file", "Chưa chọn tệp", http.StatusUnprocessableEntity, form("tep=so.xlsx", "")},
		{"another kind of file", "đuôi .xlsx", http.StatusUnsupportedMediaType, form("tep=so.docx", "PK")},
		{"no workbook", "không", http.StatusUnprocessableEntity, form("tep=so.xlsx", "không phải Excel")},
	} {
		t.Run(wrong.name, func(t *testing.T) {
			has(t, a.asks(h, http.MethodPost, "/so-dang-ky/nhap", wrong.form), wrong.status, wrong.told)
			nothing(t)
		})
	}
	good := oldBook(t, [4]string{"01/KH-UBND", "05/01/2026", "Kế hoạch đắp đê"}, [4]string{"02/KH-UBND", "06/01/2026", "Kế hoạch trồng cây", "Hủy: không ban hành"},
		[4]string{"07/KH-UBND", "08/01/2026", "Kế hoạch chống úng"})
	w := try(good)
	has(t, w, http.StatusOK, "đọc được 3 số", "Ghi 3 số vào sổ", "Chưa có gì được ghi vào sổ")
	key := hidden(t, w)
	nothing(t)
	write := func(p person) *httptest.ResponseRecorder {
		return p.asks(h, http.MethodPost, "/so-dang-ky/nhap/ghi", fields("khoa", key, "ten", "so-cu.xlsx"))
	}
	t.Run("written when the person says so", func(t *testing.T) {
		has(t, write(a), http.StatusOK, "Đã ghi 3 số")
		entries := entriesOf(t, s, "a")
		if len(entries) != 3 || entries[1].State != store.Void || entries[1].Reason != "không ban hành" || entries[2].Number != 7 {
			t.Errorf("%+v", entries)
		}
		has(t, a.asks(h, http.MethodGet, "/so-dang-ky/so-ke-tiep?loai=ke-hoach&ngay=23/11/2026", body{}), http.StatusOK, "08/KH-UBND")
	})
	t.Run("said twice, written once", func(t *testing.T) {
		write(a)
		if n := len(entriesOf(t, s, "a")); n != 3 {
			t.Errorf("%d lines", n)
		}
	})
	t.Run("the book of one office is none of another's", func(t *testing.T) {
		for _, entry := range entriesOf(t, s, "b") {
			t.Errorf("b has %+v", entry)
		}
		has(t, b.asks(h, http.MethodGet, "/so-dang-ky", body{}), http.StatusOK, "Sổ chưa có số nào")
	})
	t.Run("what is there no more is told", func(t *testing.T) {
		for _, gone := range []string{"", "abc", "../../vanthu.db", strings.Repeat("0", 64)} {
			w := a.asks(h, http.MethodPost, "/so-dang-ky/nhap/ghi", fields("khoa", gone, "ten", "so-cu.xlsx"))
			has(t, w, http.StatusUnprocessableEntity, "chọn lại tệp")
		}
	})
	t.Run("the book comes back as it went in", func(t *testing.T) {
		book := a.asks(h, http.MethodGet, "/so-dang-ky/tai-ve?nam=2026", body{})
		has(t, try(book.Body.String()), http.StatusOK, "đọc được 3 số")
	})
}
