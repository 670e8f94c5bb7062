// Package book reads registers of outgoing documents as offices kept them in workbooks.
package book

import (
	"cmp"
	"strconv"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/model"
	"vanthu/internal/source"
	"vanthu/internal/vi"
)

// Line is a line of a register of outgoing documents as somebody kept it; its fields are the columns of the decree (NĐ
// 30/2020/NĐ-CP, Phụ lục IV) as typed, without spaces around their lines.
type Line struct {
	Place      diag.Place // of the row: File, Sheet, Cell
	Row        int        // of the sheet, from 1
	Title      string     // of its sheet: what stands above the table, on one line
	Year       int        // that the title or the name of the sheet says, 0 for none or several
	Symbol     string     // "01/KH-HĐND"; where the book has two columns, "01" and Suffix
	Suffix     string     // "KH-HĐND", of a column of its own
	Date       string     // ISO where the cell holds a date, else as typed: "27/3"
	About      string     // type name and abstract
	Type       string     // of a column of its own
	Signer     string
	Recipients string
	KeptBy     string
	Copies     string
	Sent       string // as Date
	Receipt    string // who signed for it
	Note       string
}

// Columns of a register by their keys.
const (
	registerKey   = "so_dang_ky"
	symbolColumn  = "so_ky_hieu"
	numberColumn  = "so"
	suffixColumn  = "ky_hieu"
	dateColumn    = "ngay"
	typeColumn    = "ten_loai"
	aboutColumn   = "trich_yeu"
	signerColumn  = "nguoi_ky"
	placesColumn  = "noi_nhan"
	keeperColumn  = "nguoi_luu"
	copiesColumn  = "so_luong"
	sentColumn    = "ngay_chuyen"
	receiptColumn = "ky_nhan"
	noteColumn    = "ghi_chu"
)

// schema is the register as a kind with one table, by the headings that offices give its columns.
func schema() *model.Schema {
	text := func(key, label string, synonyms ...string) model.FieldSpec {
		return model.FieldSpec{Key: key, Label: label, Synonyms: synonyms}
	}
	day := func(spec model.FieldSpec) model.FieldSpec {
		spec.Type = model.DateField
		return spec
	}
	must := func(spec model.FieldSpec) model.FieldSpec {
		spec.Required = true
		return spec
	}
	return &model.Schema{Fields: []model.FieldSpec{{
		Key: registerKey, Label: "Sổ đăng ký văn bản đi", Type: model.ListField, Fields: []model.FieldSpec{
			{Key: "stt", Label: "STT", Synonyms: []string{"TT", "Số TT", "Số thứ tự"}, Computed: true},
			text(symbolColumn, "Số, ký hiệu văn bản", "Số, ký hiệu", "Số ký hiệu", "Số và ký hiệu", "Số và ký hiệu văn bản", "Số/ký hiệu", "Số hiệu", "Số hiệu văn bản",
				"Số KH", "Số ký hiệu VB", "Số, KH văn bản", "Số văn bản và ký hiệu"),
			text(numberColumn, "Số", "Số văn bản", "Số VB", "Số đi", "Số văn bản đi", "Số công văn"),
			text(suffixColumn, "Ký hiệu", "Ký hiệu văn bản", "KH"),
			must(day(text(dateColumn, "Ngày, tháng văn bản", "Ngày tháng", "Ngày, tháng", "Ngày văn bản", "Ngày ban hành", "Ngày, tháng, năm", "Ngày tháng năm",
				"Ngày, tháng, năm văn bản", "Ngày, tháng ban hành", "Ngày tháng VB", "Ngày VB", "Ngày ký", "Ngày"))),
			text(typeColumn, "Tên loại", "Loại văn bản", "Tên loại văn bản", "Loại VB", "Thể loại"),
			must(text(aboutColumn, "Tên loại và trích yếu nội dung văn bản", "Tên loại và trích yếu nội dung", "Tên loại và trích yếu", "Trích yếu", "Trích yếu nội dung",
				"Trích yếu nội dung văn bản", "Nội dung", "Nội dung văn bản", "Tên văn bản", "Tên loại, trích yếu nội dung", "Nội dung trích yếu",
				"Tên loại, trích yếu nội dung văn bản")),
			text(signerColumn, "Người ký", "Họ tên người ký", "Người ký văn bản"),
			text(placesColumn, "Nơi nhận văn bản", "Nơi nhận", "Đơn vị nhận", "Cơ quan nhận", "Nơi gửi đến"),
			text(keeperColumn, "Đơn vị, người nhận bản lưu", "Đơn vị hoặc người nhận bản lưu", "Người nhận bản lưu", "Bản lưu", "Nơi lưu", "Lưu",
				"Đơn vị nhận bản lưu", "Đơn vị lưu"),
			text(copiesColumn, "Số lượng bản", "Số bản", "Số lượng", "SL bản", "Số lượng VB", "SL"),
			day(text(sentColumn, "Ngày chuyển", "Ngày gửi", "Ngày phát hành", "Ngày chuyển đi")),
			text(receiptColumn, "Ký nhận", "Người nhận ký"),
			text(noteColumn, "Ghi chú", "Chú thích"),
		},
	}}}
}

// Read reads a register from a workbook or a CSV file, sheet by sheet: those whose heading is one of a register. Findings say what of the
// file is not read, and why.
func Read(input source.Input) (lines []Line, found diag.Findings) {
	sheets, found := source.Sheets(input, schema())
	if found.Blocking() {
		return nil, found
	}
	var strange []string
	for _, sheet := range sheets {
		if !isRegister(sheet) {
			strange = append(strange, "“"+diag.Excerpt(sheet.Name)+"”")
			continue
		}
		read, more := linesOf(sheet)
		lines = append(lines, read...)
		found.Add(more...)
	}
	const headings = "bảng cần có dòng tiêu đề với ít nhất các cột: Số, ký hiệu văn bản; Ngày, tháng văn bản; Tên loại và trích yếu nội dung văn bản"
	at := diag.Place{File: vi.BaseName(input.Name)}
	switch {
	case found.Blocking():
	case len(strange) == len(sheets):
		found.Add(diag.Finding{Severity: diag.Error, Code: diag.NotARegister, Where: at, Message: "tệp không có bảng nào là sổ đăng ký văn bản đi", Hint: headings})
	case len(strange) > 0:
		found.Add(diag.Finding{
			Severity: diag.Warning, Code: diag.UnknownSheet, Where: at, Hint: headings,
			Message: "trang tính không được đọc, vì không có bảng của sổ đăng ký: " + diag.List(strange),
		})
	}
	return lines, found
}

// isRegister reports whether the heading of a sheet is one of a register: with the columns that no register lacks, or with so many of the
// others that those were forgotten.
func isRegister(sheet *source.Sheet) bool {
	const enough = 5
	return sheet.Complete() && sheet.Has(symbolColumn, numberColumn) || sheet.Columns() >= enough
}

// monthRow is what stands alone between the lines where a month of the register begins: every book has it, and it says nothing.
var monthRow = lazyregexp.New(`^(?:thang|quy) ?(?:\d{1,2}|[ivx]+)(?: ?(?:[/.-]|nam) ?\d{4})?:?$`)

// linesOf reads the rows of a sheet.
func linesOf(sheet *source.Sheet) (lines []Line, found diag.Findings) {
	if !sheet.Has(symbolColumn, numberColumn) {
		return nil, diag.Findings{{
			Severity: diag.Error, Code: diag.MissingColumn, Where: sheet.Heading(), Message: "sổ thiếu cột “Số, ký hiệu văn bản”",
			Hint: "thêm cột có tiêu đề “Số, ký hiệu văn bản”, hoặc sửa tiêu đề cột đang có cho đúng",
		}}
	}
	rows, found := sheet.Rows(func(text string) bool { return monthRow.MatchString(vi.Fold(text)) })
	title := sheet.Above()
	year := cmp.Or(yearIn(title), yearIn(sheet.Name))
	for _, row := range rows {
		line := Line{Place: row.Place, Row: row.Number, Title: title, Year: year}
		for _, field := range row.Fields {
			if to := line.column(field.Key); to != nil {
				*to = trimmed(field.Value.Text)
			}
		}
		if strings.Contains(line.Symbol, "/") { // whole already: the column beside it says it again
			line.Suffix = ""
		}
		lines = append(lines, line)
	}
	return lines, found
}

// column is where the text of a column goes, nil for none.
func (l *Line) column(key string) *string {
	switch key {
	case symbolColumn:
		return &l.Symbol
	case numberColumn:
		if l.Symbol != "" {
			return nil
		}
		return &l.Symbol
	case suffixColumn:
		return &l.Suffix
	case dateColumn:
		return &l.Date
	case typeColumn:
		return &l.Type
	case aboutColumn:
		return &l.About
	case signerColumn:
		return &l.Signer
	case placesColumn:
		return &l.Recipients
	case keeperColumn:
		return &l.KeptBy
	case copiesColumn:
		return &l.Copies
	case sentColumn:
		return &l.Sent
	case receiptColumn:
		return &l.Receipt
	case noteColumn:
		return &l.Note
	}
	return nil
}

// trimmed is a text without spaces around its lines, and without blank lines at its ends.
func trimmed(text string) string {
	list := strings.Split(vi.NFC(text), "\n")
	for i, line := range list {
		list[i] = strings.Join(strings.Fields(line), " ")
	}
	return strings.TrimSpace(strings.Join(list, "\n"))
}

var (
	yearOf   = lazyregexp.New(`\bnam:? ?(\d{4})\b`)
	yearOnly = lazyregexp.New(`\b(?:19|20)\d\d\b`)
)

// yearIn is the one year that a text is about, 0 where it names none or several.
func yearIn(text string) (year int) {
	folded := vi.Fold(text)
	matches := yearOf.FindAllStringSubmatch(folded, -1)
	if matches == nil {
		for _, digits := range yearOnly.FindAllString(folded, -1) {
			matches = append(matches, []string{digits, digits})
		}
	}
	for _, match := range matches {
		n, _ := strconv.Atoi(match[1])
		if year != 0 && year != n {
			return 0
		}
		year = n
	}
	return year
}
