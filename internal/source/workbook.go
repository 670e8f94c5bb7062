package source

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/diag"
)

// Limits of a workbook. One of ten thousand tasks unzips to a fifth of it.
const (
	MaxWorkbook = 24 << 20 // bytes
	MaxUnzipped = 64 << 20 // bytes
	mostParts   = 1000
	mostSheets  = 50
	mostMarkup  = 8 << 20 // bytes of a part that is neither a sheet nor the texts of cells
)

// book is an opened workbook.
type book struct {
	file    *excelize.File
	parts   map[string]string // of the package, by name
	strings []string
	formats []numberFormat // by style
	cells   int            // of the grids so far
	blanks  int            // cells and rows met so far, with something in them or not
	data    []byte         // of the file, for a formula without a value
}

// readWorkbook reads the sheets of a workbook.
func (r *reader) readWorkbook(data []byte) (grids []*grid) {
	defer func() {
		if recover() != nil { // the library trusts what it opens
			grids = nil
			r.complainOfDamage()
		}
	}()
	if !r.mayOpen(data) {
		return nil
	}
	b, err := openBook(data)
	if err != nil {
		r.complainOfDamage()
		return nil
	}
	sheets, err := b.sheets()
	if err != nil {
		r.complainOfDamage()
		return nil
	}
	if len(sheets) > mostSheets {
		r.complain("too-many-sheets", 0, 0, "xóa các trang tính không dùng, hoặc chia thành nhiều tệp",
			fmt.Sprintf("tệp có %d trang tính, nhận nhiều nhất %d", len(sheets), mostSheets))
		return nil
	}
	epoch := b.epoch()
	for _, sheet := range sheets {
		g := &grid{file: r.file, sheet: sheet.name, hidden: sheet.hidden, epoch: epoch, book: b}
		if r.readSheet(g, b.parts[sheet.part]) {
			grids = append(grids, g)
		}
	}
	b.file, b.parts, b.strings = nil, nil, nil
	return grids
}

func (r *reader) complainOfDamage() {
	r.complain("damaged-file", 0, 0, "mở tệp bằng Excel hoặc LibreOffice, lưu thành tệp .xlsx mới rồi gửi lại", "tệp hỏng, không mở được")
}

// mayOpen looks at a file before the library does, and says what it is when it is no workbook, or one that was made to hurt.
func (r *reader) mayOpen(data []byte) bool {
	const compound = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" // [MS-CFB], 2.2
	switch {
	case len(data) > MaxWorkbook:
		r.complain("file-too-large", 0, 0, "xóa ảnh và trang tính không dùng, hoặc chia thành nhiều tệp",
			fmt.Sprintf("tệp lớn hơn %d MB", MaxWorkbook>>20))
		return false
	case bytes.HasPrefix(data, []byte(compound)) && bytes.Contains(data, wide("EncryptedPackage")):
		r.complain("encrypted-file", 0, 0, "mở tệp bằng Excel, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc), lưu lại", "tệp đặt mật khẩu")
		return false
	case bytes.HasPrefix(data, []byte(compound)):
		r.complain("old-format", 0, 0, "mở tệp bằng Excel hoặc LibreOffice, chọn Lưu thành, kiểu .xlsx", "tệp theo định dạng Excel cũ (.xls)")
		return false
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		r.complainOfDamage()
		return false
	}
	if len(archive.File) > mostParts {
		r.complain("too-many-entries", 0, 0, "mở tệp bằng Excel, chép dữ liệu sang một tệp mới rồi lưu thành .xlsx",
			fmt.Sprintf("tệp gồm %d phần, nhận nhiều nhất %d", len(archive.File), mostParts))
		return false
	}
	var size uint64
	for _, part := range archive.File {
		size += min(part.UncompressedSize64, MaxUnzipped+1)
		switch name := strings.ToLower(part.Name); {
		case size > MaxUnzipped:
			r.complain("file-too-large", 0, 0, "xóa trang tính, dòng và cột không dùng rồi lưu lại",
				fmt.Sprintf("tệp giải nén ra lớn hơn %d MB", MaxUnzipped>>20))
			return false
		case part.UncompressedSize64 > mostMarkup && isMarkup(name):
			r.complain("file-too-large", 0, 0, "chép dữ liệu sang một tệp mới rồi lưu thành .xlsx",
				fmt.Sprintf("phần định dạng của tệp (%s) lớn hơn %d MB", path.Base(name), mostMarkup>>20))
			return false
		case path.Base(name) == "vbaproject.bin":
			r.complain("macros", 0, 0, "mở tệp bằng Excel, chọn Lưu thành, kiểu .xlsx (không có macro)", "tệp có macro (.xlsm), không được nhận")
			return false
		case name == "mimetype":
			r.complain("old-format", 0, 0, "mở tệp bằng LibreOffice, chọn Lưu thành, kiểu .xlsx", "tệp theo định dạng OpenDocument (.ods)")
			return false
		}
	}
	return true
}

// isMarkup tells the parts that the library reads as a tree when it opens a workbook.
func isMarkup(name string) bool {
	ending := path.Ext(name)
	return (ending == ".xml" || ending == ".rels") && path.Dir(name) != "xl/worksheets" && name != "xl/sharedstrings.xml"
}

func wide(text string) (data []byte) {
	for _, unit := range utf16.Encode([]rune(text)) {
		data = binary.LittleEndian.AppendUint16(data, unit)
	}
	return data
}

// openBook opens a workbook that mayOpen let pass.
func openBook(data []byte) (*book, error) {
	file, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: MaxUnzipped, UnzipXMLSizeLimit: MaxUnzipped, // nothing goes to the disk
	})
	if err != nil {
		return nil, err
	}
	b := &book{file: file, parts: map[string]string{}, data: data}
	file.Pkg.Range(func(name, part any) bool {
		if name := strings.ToLower(name.(string)); strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") {
			b.parts[name] = decodeXML(part.([]byte))
		}
		return true
	})
	if b.strings, err = sharedStrings(b.parts["xl/sharedstrings.xml"]); err != nil {
		return nil, err
	}
	if file.Styles != nil && file.Styles.CellXfs != nil {
		b.readFormats()
	}
	return b, nil
}

// decodeXML gives a part as UTF-8; ECMA-376-2, 9.1.2 allows UTF-16 too.
func decodeXML(part []byte) string {
	switch {
	case bytes.HasPrefix(part, []byte{0xFF, 0xFE}):
		return string(fromUTF16(part[2:], binary.LittleEndian))
	case bytes.HasPrefix(part, []byte{0xFE, 0xFF}):
		return string(fromUTF16(part[2:], binary.BigEndian))
	}
	return string(part)
}

func (b *book) readFormats() {
	codes := map[int]string{}
	if custom := b.file.Styles.NumFmts; custom != nil {
		for _, f := range custom.NumFmt {
			codes[f.NumFmtID] = f.FormatCode
		}
	}
	known := map[int]numberFormat{}
	for _, xf := range b.file.Styles.CellXfs.Xf {
		id := 0
		if xf.NumFmtID != nil {
			id = *xf.NumFmtID
		}
		if _, seen := known[id]; !seen {
			known[id] = builtinFormat(id)
			if code, custom := codes[id]; custom {
				known[id] = customFormat(code)
			}
		}
		b.formats = append(b.formats, known[id])
	}
}

// tooLarge tells whether the sheets so far have more cells than a machine should hold.
func (b *book) tooLarge() bool { return b.cells > mostCells || b.blanks > mostBlanks }

// format is that of a style, as a cell names it.
func (b *book) format(style string) numberFormat {
	if style == "" {
		style = "0"
	}
	if n, err := strconv.Atoi(style); err == nil && n >= 0 && n < len(b.formats) {
		return b.formats[n]
	}
	return plainFormat
}

// epoch is 1462 in a workbook that counts days from 1904 (ECMA-376-1, 18.17.4.1).
func (b *book) epoch() int {
	properties, err := b.file.GetWorkbookProps()
	if err == nil && properties.Date1904 != nil && *properties.Date1904 {
		return 1462
	}
	return 0
}

// sheetPart is where a sheet stands in the package.
type sheetPart struct {
	name, part string
	hidden     bool
}

// sheets lists the sheets in the order of their tabs, without charts that have a tab of their own.
func (b *book) sheets() ([]sheetPart, error) {
	var relations struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:",attr"`
			Target string `xml:",attr"`
		}
	}
	workbook, dir := "xl/workbook.xml", "xl"
	if err := xml.Unmarshal([]byte(b.parts[path.Join(dir, "_rels", path.Base(workbook)+".rels")]), &relations); err != nil {
		return nil, err
	}
	parts := map[string]string{}
	for _, r := range relations.Relationship {
		if strings.HasSuffix(r.Type, "/worksheet") {
			target := strings.ToLower(strings.ReplaceAll(r.Target, `\`, "/"))
			if !path.IsAbs(target) {
				target = path.Join(dir, target)
			}
			parts[r.ID] = strings.TrimPrefix(path.Clean(target), "/")
		}
	}
	var sheets []sheetPart
	if b.file.WorkBook == nil {
		return nil, errDamaged
	}
	for _, s := range b.file.WorkBook.Sheets.Sheet {
		if part, ok := parts[s.ID]; ok {
			sheets = append(sheets, sheetPart{name: s.Name, part: part, hidden: s.State != "" && s.State != "visible"})
		}
	}
	if len(sheets) == 0 {
		return nil, errors.New("no sheets")
	}
	return sheets, nil
}

// readSheet reads the part of a sheet; false when the sheet is of no use.
func (r *reader) readSheet(g *grid, part string) bool {
	s := &sheetReader{tags: tags{src: part}, book: g.book, grid: g, col: -1}
	err := s.read()
	at := diag.Place{File: r.file, Sheet: g.sheet, Cell: s.over}
	switch _, column, _ := cellAt(s.over); {
	case err != nil:
		r.complainAt("damaged-file", diag.Place{File: r.file, Sheet: g.sheet},
			"mở tệp bằng Excel hoặc LibreOffice, lưu thành tệp .xlsx mới rồi gửi lại", "trang tính hỏng, không đọc được")
	case s.over != "" && column >= mostColumns:
		r.complainAt("too-many-columns", at, "xóa những gì ghi ở các cột xa bên phải, hoặc chia bảng",
			fmt.Sprintf("trang tính có quá %d cột", mostColumns))
	case s.over != "":
		r.complainAt("too-many-rows", at, "xóa những gì ghi ở các dòng xa bên dưới, hoặc chia thành nhiều tệp",
			fmt.Sprintf("trang tính có quá %d dòng", mostRows))
	case g.book.tooLarge():
		r.complainAt("too-many-cells", diag.Place{File: r.file, Sheet: g.sheet}, "xóa trang tính không dùng, hoặc chia thành nhiều tệp",
			"tệp có quá nhiều ô")
	case !g.fill(s.areas):
		r.complainAt("too-many-merges", diag.Place{File: r.file, Sheet: g.sheet}, "bỏ gộp các ô trong trang tính", "trang tính có quá nhiều ô gộp")
	default:
		return true
	}
	return false
}

func (r *reader) complainAt(code string, at diag.Place, hint, message string) {
	if len(r.found) < mostFound {
		r.found.Add(diag.Finding{Severity: diag.Error, Code: code, Where: at, Hint: hint, Message: message})
	}
}
