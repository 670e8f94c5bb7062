package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"
	"unicode/utf16"

	"vanthu/internal/archive"
	"vanthu/internal/diag"
	"vanthu/internal/ooxml"
	"vanthu/internal/xlsx"
)

// Limits of a workbook. One of ten thousand tasks unzips to a fifth of it.
const (
	MaxWorkbook = 24 << 20 // bytes
	MaxUnzipped = 64 << 20 // bytes
	maxParts    = 1000
	maxMarkup   = 8 << 20 // bytes of a part that is neither a sheet nor the texts of cells
)

// book is what the sheets of a workbook share.
type book struct {
	*xlsx.Book
	workings    func() *workings // made for the first formula without a value
	cells, text int              // of the grids so far; bytes
}

// tooLarge reports whether the sheets so far have more than a machine should hold.
func (b *book) tooLarge() bool {
	return b.cells > maxCells || b.Elements > xlsx.MaxElements || b.text > maxText
}

// epoch returns the days to add to a serial number.
func (b *book) epoch() int {
	const since1904 = 1462
	if b.Date1904 {
		return since1904
	}
	return 0
}

// readWorkbook reads the sheets of a workbook.
func (r *reader) readWorkbook(data []byte) (grids []*grid) {
	pkg := r.openPackage(data)
	if pkg == nil {
		return nil
	}
	opened, err := xlsx.Open(pkg)
	if err != nil {
		r.complainOfDamage()
		return nil
	}
	if len(opened.Sheets) > xlsx.MaxSheets {
		r.complain(diag.TooManySheets, 0, 0, "xóa các trang tính không dùng, hoặc chia thành nhiều tệp",
			fmt.Sprintf("tệp có quá %d trang tính", xlsx.MaxSheets))
		return nil
	}
	b := &book{Book: opened, workings: sync.OnceValue(func() *workings { return newWorkings(data) })}
	for _, sheet := range b.Sheets {
		if g := (&grid{file: r.file, sheet: sheet.Name, hidden: sheet.Hidden, book: b}); r.readSheet(g, sheet) {
			grids = append(grids, g)
		}
		if b.tooLarge() {
			break
		}
	}
	b.Release()
	return grids
}

func (r *reader) complainOfDamage() {
	r.complain(diag.DamagedFile, 0, 0, "mở tệp bằng Excel hoặc LibreOffice, lưu thành tệp .xlsx mới rồi gửi lại", "tệp hỏng, không mở được")
}

func (r *reader) complainOfWord() {
	r.complain(diag.NotAWorkbook, 0, 0, "chép bảng sang một trang tính Excel rồi lưu thành tệp .xlsx", "đây là tệp Word, không phải bảng tính Excel")
}

// openPackage opens the package of a workbook. It says what a file is when it is no workbook, or one that was made to hurt, before
// anything is unzipped, and returns nil then. Sizes are those that the package states: a part that holds more fails when it is read.
func (r *reader) openPackage(data []byte) *ooxml.Package {
	const compound = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" // [MS-CFB], 2.2
	switch {
	case len(data) > MaxWorkbook:
		r.complain(diag.FileTooLarge, 0, 0, "xóa ảnh và trang tính không dùng, hoặc chia thành nhiều tệp",
			fmt.Sprintf("tệp lớn hơn %d MB", MaxWorkbook>>20))
		return nil
	case bytes.HasPrefix(data, []byte(compound)) && bytes.Contains(data, wide("EncryptedPackage")):
		r.complain(diag.EncryptedFile, 0, 0, "mở tệp bằng Excel, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc), lưu lại", "tệp đặt mật khẩu")
		return nil
	case len(bytes.TrimSpace(data)) == 0:
		r.complain(diag.EmptyFile, 0, 0, "chép hoặc tải lại tệp, mở thử bằng Excel rồi gửi lại", "tệp trống, không có gì ở trong")
		return nil
	case bytes.HasPrefix(data, []byte("%PDF-")):
		r.complain(diag.NotAWorkbook, 0, 0, "gửi bảng tính gốc, lưu bằng Excel thành tệp .xlsx", "đây là tệp PDF, không phải bảng tính Excel")
		return nil
	case bytes.HasPrefix(data, []byte(compound)) && bytes.Contains(data, wide("WordDocument")):
		r.complainOfWord()
		return nil
	case bytes.HasPrefix(data, []byte(compound)):
		r.complain(diag.OldFormat, 0, 0, "mở tệp bằng Excel hoặc LibreOffice, chọn Lưu thành, kiểu .xlsx", "tệp theo định dạng Excel cũ (.xls)")
		return nil
	}
	pkg, err := ooxml.Open(data, archive.Limits{Entries: maxParts, Unzipped: MaxUnzipped, Unique: true})
	parts := (*archive.EntriesError)(nil)
	switch {
	case errors.As(err, &parts):
		r.complain(diag.TooManyEntries, 0, 0, "mở tệp bằng Excel, chép dữ liệu sang một tệp mới rồi lưu thành .xlsx",
			fmt.Sprintf("tệp gồm %d phần, nhận nhiều nhất %d", parts.Entries, parts.Max))
		return nil
	case errors.Is(err, archive.ErrTooLarge):
		r.complain(diag.FileTooLarge, 0, 0, "xóa trang tính, dòng và cột không dùng rồi lưu lại",
			fmt.Sprintf("tệp giải nén ra lớn hơn %d MB", MaxUnzipped>>20))
		return nil
	case err != nil:
		r.complainOfDamage()
		return nil
	}
	for _, part := range pkg.Names() {
		switch name := nameOf(part); {
		case pkg.Size(part) > maxMarkup && isMarkup(name):
			r.complain(diag.FileTooLarge, 0, 0, "chép dữ liệu sang một tệp mới rồi lưu thành .xlsx",
				fmt.Sprintf("phần định dạng của tệp (%s) lớn hơn %d MB", path.Base(name), maxMarkup>>20))
			return nil
		case path.Base(name) == "vbaproject.bin":
			r.complain(diag.Macros, 0, 0, "mở tệp bằng Excel, chọn Lưu thành, kiểu .xlsx (không có macro)", "tệp có macro (.xlsm), không được nhận")
			return nil
		case name == "word/document.xml":
			r.complainOfWord()
			return nil
		case name == "mimetype":
			r.complain(diag.OldFormat, 0, 0, "mở tệp bằng LibreOffice, chọn Lưu thành, kiểu .xlsx", "tệp theo định dạng OpenDocument (.ods)")
			return nil
		}
	}
	return pkg
}

// isMarkup reports whether the library that writes workbooks reads a part as a tree when it opens one.
func isMarkup(name string) bool {
	ending := path.Ext(name)
	return (ending == ".xml" || ending == ".rels") && path.Dir(name) != "xl/worksheets" && name != "xl/sharedstrings.xml"
}

// nameOf returns the name of a part for comparing: capitals do not count (ECMA-376-2, 6.2.2.3), and some programs write \ for /.
func nameOf(part string) string {
	return strings.ToLower(strings.Trim(strings.ReplaceAll(part, `\`, "/"), "/"))
}

func wide(text string) (data []byte) {
	for _, unit := range utf16.Encode([]rune(text)) {
		data = binary.LittleEndian.AppendUint16(data, unit)
	}
	return data
}

// readSheet reads a sheet into a grid. It reports false when the sheet is of no use.
func (r *reader) readSheet(g *grid, from xlsx.Sheet) bool {
	row, column, over := 0, 0, false // the first cell beyond the limits of a sheet
	merged, err := g.book.Each(from, func(c xlsx.Cell) bool {
		if over = c.Row > maxRows || c.Column >= maxColumns; over {
			row, column = c.Row, c.Column
			return false
		}
		g.add(c)
		return !g.book.tooLarge()
	})
	filled := err == nil && !over && !g.book.tooLarge() && g.fill(merged)
	sheet := diag.Place{File: r.file, Sheet: g.sheet}
	switch {
	case err != nil:
		r.complainAt(diag.DamagedFile, sheet, "mở tệp bằng Excel hoặc LibreOffice, lưu thành tệp .xlsx mới rồi gửi lại", "trang tính hỏng, không đọc được")
	case over && column >= maxColumns:
		r.complainAt(diag.TooManyColumns, g.place(row, column), "xóa những gì ghi ở các cột xa bên phải, hoặc chia bảng",
			fmt.Sprintf("trang tính có quá %d cột", maxColumns))
	case over:
		r.complainAt(diag.TooManyRows, g.place(row, column), "xóa những gì ghi ở các dòng xa bên dưới, hoặc chia thành nhiều tệp",
			fmt.Sprintf("trang tính có quá %d.000 dòng", maxRows/1000))
	case g.book.tooLarge():
		r.complainAt(diag.TooManyCells, sheet, "xóa trang tính không dùng, bỏ định dạng ở các ô trống, hoặc chia thành nhiều tệp",
			"tính đến trang tính này, tệp có quá nhiều ô hoặc quá nhiều chữ")
	case !filled:
		r.complainAt(diag.TooManyMerges, sheet, "bỏ gộp các ô trong trang tính", "trang tính có quá nhiều ô gộp")
	default:
		return true
	}
	return false
}
