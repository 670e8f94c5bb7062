package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"

	"vanthu/internal/archive"
	"vanthu/internal/diag"
)

// Limits of a workbook. One of ten thousand tasks unzips to a fifth of it.
const (
	MaxWorkbook = 24 << 20 // bytes
	MaxUnzipped = 64 << 20 // bytes
	maxParts    = 1000
	maxSheets   = 250     // an office may give each of its units one
	maxMarkup   = 8 << 20 // bytes of a part that is neither a sheet nor the texts of cells
)

// book is a workbook that is being read: a package of parts (ECMA-376-2).
type book struct {
	files   map[string]*archive.File // parts that are still to be read, by nameOf
	sheets  []sheetPart
	strings []string
	formats []numberFormat // by style
	epoch   int            // days to add to a serial number: 0, or those of the 1904 system
	buffer  []byte         // for unzipping

	workings    func() *workings // made for the first formula without a value
	elements    int              // rows, cells and merged ranges met so far, with something in them or not
	cells, text int              // of the grids so far; bytes
}

// sheetPart is where a sheet stands in the package.
type sheetPart struct {
	name, part string
	hidden     bool
}

// readWorkbook reads the sheets of a workbook.
func (r *reader) readWorkbook(data []byte) (grids []*grid) {
	opened := r.mayOpen(data)
	if opened == nil {
		return nil
	}
	b, err := openBook(opened, data)
	if err != nil {
		r.complainOfDamage()
		return nil
	}
	if len(b.sheets) > maxSheets {
		r.complain(diag.TooManySheets, 0, 0, "xóa các trang tính không dùng, hoặc chia thành nhiều tệp",
			fmt.Sprintf("tệp có quá %d trang tính", maxSheets))
		return nil
	}
	for _, sheet := range b.sheets {
		if g := (&grid{file: r.file, sheet: sheet.name, hidden: sheet.hidden, book: b}); r.readSheet(g, sheet.part) {
			grids = append(grids, g)
		}
		if b.tooLarge() {
			break
		}
	}
	b.files, b.strings, b.buffer = nil, nil, nil
	return grids
}

func (r *reader) complainOfDamage() {
	r.complain(diag.DamagedFile, 0, 0, "mở tệp bằng Excel hoặc LibreOffice, lưu thành tệp .xlsx mới rồi gửi lại", "tệp hỏng, không mở được")
}

func (r *reader) complainOfWord() {
	r.complain(diag.NotAWorkbook, 0, 0, "chép bảng sang một trang tính Excel rồi lưu thành tệp .xlsx", "đây là tệp Word, không phải bảng tính Excel")
}

// mayOpen looks at a file before anything is unzipped, and says what it is when it is no workbook, or one that was made to hurt; then it
// gives nil. Sizes are those that the archive declares: a part that holds more fails when it is read.
func (r *reader) mayOpen(data []byte) *archive.Reader {
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
	opened, err := archive.Open(bytes.NewReader(data), int64(len(data)), archive.Limits{})
	if err != nil {
		r.complainOfDamage()
		return nil
	}
	if len(opened.File) > maxParts {
		r.complain(diag.TooManyEntries, 0, 0, "mở tệp bằng Excel, chép dữ liệu sang một tệp mới rồi lưu thành .xlsx",
			fmt.Sprintf("tệp gồm %d phần, nhận nhiều nhất %d", len(opened.File), maxParts))
		return nil
	}
	var size uint64
	for _, part := range opened.File {
		size += min(part.UncompressedSize64, MaxUnzipped+1)
		switch name := nameOf(part.Name); {
		case size > MaxUnzipped:
			r.complain(diag.FileTooLarge, 0, 0, "xóa trang tính, dòng và cột không dùng rồi lưu lại",
				fmt.Sprintf("tệp giải nén ra lớn hơn %d MB", MaxUnzipped>>20))
			return nil
		case part.UncompressedSize64 > maxMarkup && isMarkup(name):
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
	return opened
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

// nameOf returns the name of a part for comparing: capitals do not count (ECMA-376-2, 6.2.2.3).
func nameOf(name string) string {
	return strings.ToLower(strings.Trim(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// openBook reads the parts that sheets rest on.
func openBook(opened *archive.Reader, data []byte) (*book, error) {
	b := &book{files: make(map[string]*archive.File, len(opened.File)), buffer: make([]byte, 32<<10)}
	b.workings = sync.OnceValue(func() *workings { return newWorkings(data) })
	for _, file := range opened.File {
		b.files[nameOf(file.Name)] = file
	}
	root, err := b.relations("")
	if err != nil {
		return nil, err
	}
	main := targetOf(root, "officeDocument")
	relations, err := b.relations(main)
	if err != nil {
		return nil, err
	}
	if err := b.readSheets(main, relations); err != nil {
		return nil, err
	}
	if err := b.readStyles(targetOf(relations, "styles")); err != nil {
		return nil, err
	}
	return b, b.readStrings(targetOf(relations, "sharedStrings"))
}

// part unzips a part, "" where there is none. Each is read once, so that no more is unzipped than mayOpen allowed.
func (b *book) part(name string) (string, error) {
	file := b.files[name]
	if file == nil {
		return "", nil
	}
	delete(b.files, name)
	r, err := file.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	var text strings.Builder
	text.Grow(int(file.UncompressedSize64))
	_, err = io.CopyBuffer(&text, r, b.buffer)
	return asUTF8(text.String()), err
}

// relation says that a part belongs to another.
type relation struct{ id, kind, target string }

// relations lists those of a part, with the last word of their types (ECMA-376-2, 6.5.3).
func (b *book) relations(part string) (list []relation, err error) {
	dir, name := path.Split(part)
	text, err := b.part(dir + "_rels/" + name + ".rels")
	if err != nil {
		return nil, err
	}
	t := tags{src: text}
	for t.next() {
		if t.name == "Relationship" && !t.end {
			target := strings.ReplaceAll(t.attr("Target"), `\`, "/")
			if !path.IsAbs(target) {
				target = path.Join("/", dir, target)
			}
			list = append(list, relation{t.attr("Id"), path.Base(t.attr("Type")), nameOf(path.Clean(target))})
		}
	}
	return list, t.err
}

func targetOf(list []relation, kind string) string {
	for _, r := range list {
		if r.kind == kind {
			return r.target
		}
	}
	return ""
}

// readSheets lists the sheets in the order of their tabs, without charts that have a tab of their own.
func (b *book) readSheets(part string, relations []relation) error {
	text, err := b.part(part)
	if err != nil {
		return err
	}
	t := tags{src: text}
	for t.next() && len(b.sheets) <= maxSheets {
		switch {
		case t.end:
		case t.name == "workbookPr": // ECMA-376-1, 18.2.28
			if since1904 := t.attr("date1904"); since1904 == "1" || since1904 == "true" {
				b.epoch = 1462
			}
		case t.name == "sheet":
			id, state := t.attr("id"), t.attr("state")
			i := slices.IndexFunc(relations, func(r relation) bool { return r.kind == "worksheet" && r.id == id })
			if i >= 0 {
				b.sheets = append(b.sheets, sheetPart{t.attr("name"), relations[i].target, state != "" && state != "visible"})
			}
		}
	}
	if t.err == nil && len(b.sheets) == 0 {
		return errDamaged
	}
	return t.err
}

// readStyles notes what the style of a cell says about a number (ECMA-376-1, 18.8.10 cellXfs, 18.8.31 numFmts).
func (b *book) readStyles(part string) error {
	text, err := b.part(part)
	if err != nil {
		return err
	}
	custom := map[int]numberFormat{}
	inside := ""
	t := tags{src: text}
	for t.next() {
		switch {
		case t.name == "numFmts" || t.name == "cellXfs":
			if inside = t.name; t.end {
				inside = ""
			}
		case t.end:
		case t.name == "numFmt" && inside == "numFmts":
			if id, err := strconv.Atoi(t.attr("numFmtId")); err == nil {
				custom[id] = customFormat(t.attr("formatCode"))
			}
		case t.name == "xf" && inside == "cellXfs":
			id, _ := strconv.Atoi(t.attr("numFmtId")) // 0, the plain one, where it is not said
			format, spelled := custom[id]
			if !spelled {
				format = builtinFormat(id)
			}
			b.formats = append(b.formats, format)
		}
	}
	return t.err
}

// tooLarge reports whether the sheets so far have more than a machine should hold.
func (b *book) tooLarge() bool {
	return b.cells > maxCells || b.elements > maxElements || b.text > maxText
}

// format is that of a style, as a cell names it.
func (b *book) format(style string) numberFormat {
	if style == "" {
		style = "0"
	}
	if n, err := strconv.Atoi(style); err == nil && 0 <= n && n < len(b.formats) {
		return b.formats[n]
	}
	return plainFormat
}

// readSheet reads the part of a sheet; false when the sheet is of no use.
func (r *reader) readSheet(g *grid, part string) bool {
	text, err := g.book.part(part)
	s := &sheetReader{tags: tags{src: text}, book: g.book, grid: g, col: -1}
	if err == nil {
		err = s.read()
	}
	filled := err == nil && s.over == "" && !g.book.tooLarge() && g.fill(s.areas)
	sheet := diag.Place{File: r.file, Sheet: g.sheet}
	over := diag.Place{File: r.file, Sheet: g.sheet, Cell: s.over}
	switch _, column, _ := cellAt(s.over); {
	case err != nil:
		r.complainAt(diag.DamagedFile, sheet, "mở tệp bằng Excel hoặc LibreOffice, lưu thành tệp .xlsx mới rồi gửi lại", "trang tính hỏng, không đọc được")
	case s.over != "" && column >= maxColumns:
		r.complainAt(diag.TooManyColumns, over, "xóa những gì ghi ở các cột xa bên phải, hoặc chia bảng",
			fmt.Sprintf("trang tính có quá %d cột", maxColumns))
	case s.over != "":
		r.complainAt(diag.TooManyRows, over, "xóa những gì ghi ở các dòng xa bên dưới, hoặc chia thành nhiều tệp",
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
