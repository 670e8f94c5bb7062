// Package typed reads documents as people typed them, the lines of a plain text or of a Word file, and puts their parts into the fields of
// a kind.
package typed

import (
	"slices"
	"strings"
	"unicode"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/vi"
)

// How a document is taken apart
//
// Whatever programs and pages made of it, a document has its parts in one order. Two marks part it in three: the type name, or “Kính gửi”
// where there is none, ends the head; “Nơi nhận:”, or the capitals of who signs, begins the foot.
//
//	UBND XÃ …          CỘNG HÒA XÃ HỘI …      head: in any order, in two columns, cut over lines
//	Số: 12/KH-UBND     Vĩnh Am, ngày …
//	              KẾ HOẠCH
//	        abstract, authority, Kính gửi     opening
//	Căn cứ …;
//	I. …                                      body
//	Nơi nhận:          TM. …                  foot
//	Phụ lục                                   annexes
//
// Each step takes what it knows from its lines. What nobody takes is kept and goes into the content, with a finding: no word is lost.

// Line is a paragraph of a Word file, a row of a table in one, or a line of a plain text.
type Line struct {
	Text   string
	Row    []string // cells, of a row of a table; Text is empty then
	Bold   bool
	Wide   bool       // on a landscape page
	Broken bool       // may be part of a paragraph that was broken by hand, as lines of a plain text
	Place  diag.Place // of the line
}

// Document is what a typed document says in its parts, before it is known what kind it is.
type Document struct {
	file string

	TypeName string // of those known, as known: "Kế hoạch"; "Công văn" where the document has none but says to whom; else empty
	Symbol   string // "KH-HĐND"
	Abstract string

	number, place, day string
	undated            string // place and date of a draft, which lacks the day
	agency             []Line // the names of the body and of those above it
	stamps             []string
	inForce            []string // HỘI ĐỒNG NHÂN DÂN XÃ …, above the bases
	resolves           []Line
	addressees, bases  []Line
	body               []Line
	recipients         []string
	position           []string
	other, signer      string
	annexes            []annex
	letter             string // the title of a letter, in capitals
	issuer             string // as in “(Kèm theo … của …)”
	rest               []Line // what nobody took
}

type annex struct {
	name, title string
	lines       []Line
}

// Lines cuts a plain text into lines, in whatever encoding Notepad and Word save it. Findings say why it cannot be read.
func Lines(name string, data []byte) ([]Line, diag.Findings) {
	file := vi.BaseName(name)
	refuse := func(code diag.Code, hint, message string) ([]Line, diag.Findings) {
		return nil, diag.Findings{{Severity: diag.Error, Code: code, Where: diag.Place{File: file}, Hint: hint, Message: message}}
	}
	if len(data) > maxText {
		return refuse(diag.FileTooLarge, "chia văn bản thành nhiều tệp", "tệp lớn hơn 4 MB")
	}
	text, ok := vi.Decode(data)
	switch {
	case !ok:
		return refuse(diag.NotUnicode, "mở tệp bằng Word, chuyển phông sang Unicode rồi lưu thành tệp .docx", "tệp không phải là văn bản Unicode")
	case strings.TrimSpace(text) == "":
		return refuse(diag.EmptyFile, "mở thử tệp rồi gửi lại", "tệp không có nội dung")
	case strings.Count(text, "\n")+strings.Count(text, "\f") > maxLines:
		return refuse(diag.TooManyEntries, "chia văn bản thành nhiều tệp", "tệp có quá nhiều dòng")
	}
	var lines []Line
	for i, line := range strings.Split(vi.Clean(strings.ReplaceAll(text, "\f", "\n")), "\n") {
		lines = append(lines, Line{Text: line, Broken: true, Place: diag.Place{File: file, Line: i + 1}})
	}
	return lines, nil
}

// Read recognises the parts of a document. names are the names of the types of documents, longer ones that begin with another before
// it or not.
func Read(name string, lines []Line, names []string) *Document {
	d := &Document{file: vi.BaseName(name)}
	lines = slices.Clone(lines)
	for i := range lines {
		lines[i].Text = strings.Trim(vi.Clean(lines[i].Text), " \t\u00a0")
		lines[i].Place.File = d.file
	}
	opening := d.findType(lines, names)
	if opening < 0 {
		d.body = lines
		return d
	}
	d.readHead(lines[:opening])
	body := d.readOpening(lines[opening:])
	d.readFoot(body)
	return d
}

// Limits of what belongs together: what goes beyond is no part of a document, and is left to the body.
const (
	maxText   = 4 << 20 // bytes of a plain text
	maxLines  = 50_000  // of a plain text; a document of a hundred pages has some five thousand
	maxHead   = 80      // lines above the body
	maxBroken = 30      // lines of a paragraph that was broken by hand
	maxItem   = 600     // bytes of an item of a list, or of a title
)

// findType finds the line that names the type, or the first one of “Kính gửi” where there is none, and gives the number of the line. It is
// -1 where the document shows neither.
func (d *Document) findType(lines []Line, names []string) int {
	for i, line := range lines[:min(len(lines), maxHead)] {
		if partForm.MatchString(line.Text) { // what follows is the body, whatever it is called
			break
		}
		if addressed.MatchString(line.Text) {
			d.TypeName = "Công văn"
			return i
		}
		best := ""
		for _, name := range names {
			if beginsWith(line.Text, name) && len(name) > len(best) {
				best = name
			}
		}
		switch {
		case best != "":
			d.TypeName = best
			return i
		case letterForm.MatchString(line.Text) && isCaps(line.Text):
			d.TypeName, d.letter = "Thư công", line.Text
			return i
		}
	}
	return -1
}

// beginsWith reports whether a line in capitals is the name of a type, or begins with it.
func beginsWith(line, name string) bool {
	name = vi.Upper(name)
	if !isCaps(line) || !strings.HasPrefix(line, name) {
		return false
	}
	next := line[len(name):]
	return next == "" || strings.ContainsAny(next[:1], " :.")
}

// isCaps reports whether a text is in capitals.
func isCaps(text string) bool {
	return strings.IndexFunc(text, unicode.IsUpper) >= 0 && strings.IndexFunc(text, unicode.IsLower) < 0
}

var (
	partForm   = lazyregexp.New(`^((Chương|CHƯƠNG|Phần|PHẦN|Điều|ĐIỀU) [IVX\d]|I\. |1\. )`)
	letterForm = lazyregexp.New(`^THƯ( \p{Lu}+){1,4}$`)
	addressed  = lazyregexp.New(`^(?i:kính\s+gửi)\s*:?`)
	ruled      = lazyregexp.New(`^[-–—_=*.,;:~|\s]*$`) // a line drawn with marks, or nothing
)

// keep keeps a line that nobody took.
func (d *Document) keep(line Line) {
	if !ruled.MatchString(line.Text) || len(line.Row) > 0 {
		d.rest = append(d.rest, line)
	}
}

var (
	opensBasis   = lazyregexp.New(`^(Căn cứ|CĂN CỨ|Xét|Theo|Thực hiện|Sau khi|Trên cơ sở)\s`)
	surelyBasis  = lazyregexp.New(`^(Căn cứ|CĂN CỨ|Xét|Theo đề nghị)\s`)
	resolvesLine = lazyregexp.New(`^(QUYẾT NGHỊ|QUYẾT ĐỊNH|NGHỊ QUYẾT|CHỈ THỊ)\s*:$`)
	about        = lazyregexp.New(`^(?i:v/v)\s*[:.]?\s*`)
)

// readOpening reads from the type name to the end of the bases, and gives what is below.
func (d *Document) readOpening(lines []Line) (body []Line) {
	i := 0
	if d.TypeName != "Công văn" || !addressed.MatchString(lines[0].Text) {
		i = d.readAbstract(lines)
	}
	for i < len(lines) {
		line := lines[i]
		switch {
		case ruled.MatchString(line.Text) && len(line.Row) == 0:
			i++
		case len(d.addressees) == 0 && addressed.MatchString(line.Text):
			i = d.readAddressees(lines, i)
		case resolvesLine.MatchString(line.Text):
			d.resolves = append(d.resolves, line)
			i++
		case len(d.bases) == 0 && len(d.resolves) == 0 && isCaps(line.Text) && d.isBody(line.Text, len(d.inForce) > 0):
			d.inForce = append(d.inForce, line.Text)
			i++
		case len(d.resolves) == 0 && opensBasis.MatchString(line.Text):
			next := d.readBasis(lines, i)
			if next == i {
				return lines[i:]
			}
			i = next
		default:
			return lines[i:]
		}
	}
	return nil
}

var bodies = lazyregexp.New(`^(HỘI ĐỒNG|HĐND|ỦY BAN|UỶ BAN|UBND|THƯỜNG TRỰC|CHỦ TỊCH|BAN [^H]|TRƯỞNG |GIÁM ĐỐC|BỘ TRƯỞNG|BỘ |SỞ |CHÁNH |CỤC |ĐOÀN |HIỆU TRƯỞNG)`)

// isBody reports whether a line in capitals names who issues the document, or goes on with that.
func (d *Document) isBody(text string, further bool) bool {
	return len(text) < 200 && len(d.inForce) < 6 && (further && !strings.HasSuffix(text, ":") && !numberedLine.MatchString(text) || bodies.MatchString(text))
}

var numberedLine = lazyregexp.New(`^([IVXLC]+|\d+|[A-ZĐ]|Phần|PHẦN|Chương|CHƯƠNG|Điều|ĐIỀU)[.)\s]`)

// readAbstract reads what follows the type name, on its line and below it.
func (d *Document) readAbstract(lines []Line) int {
	var words []string
	if d.letter != "" {
		return 1
	}
	if after := strings.TrimLeft(lines[0].Text[len(vi.Upper(d.TypeName)):], " :."); strings.HasPrefix(after, "CỦA ") {
		d.keep(Line{Text: after, Place: lines[0].Place})
	} else if after != "" {
		words = append(words, after)
	}
	i := 1
	for ; i < len(lines); i++ {
		line := lines[i]
		text := line.Text
		if len(words) == 0 {
			text = about.ReplaceAllString(text, "")
		}
		switch {
		case ruled.MatchString(line.Text) && len(line.Row) == 0:
			if line.Text == "" && len(words) > 0 || i > 4 {
				d.setAbstract(words)
				return i
			}
			continue
		case len(line.Row) > 0, addressed.MatchString(text), surelyBasis.MatchString(text), resolvesLine.MatchString(text),
			len(text) > maxItem, len(words) > maxBroken, strings.HasSuffix(text, ":"), strings.HasSuffix(text, ";"), strings.HasSuffix(text, "."),
			numberedLine.MatchString(text), isCaps(text) && d.isBody(text, false):
		case len(words) > 0 && (!line.Broken || isCaps(text) != isCaps(words[0]) && opensBasis.MatchString(text)):
		case len(words) > 0 && isCaps(words[0]) && !isCaps(text):
		default:
			words = append(words, text)
			continue
		}
		break
	}
	d.setAbstract(words)
	return i
}

// setAbstract sets the abstract in place of a “V/v …” in the head, which is then kept.
func (d *Document) setAbstract(words []string) {
	if len(words) == 0 {
		return
	}
	if d.Abstract != "" {
		d.keep(Line{Text: "V/v " + d.Abstract})
	}
	d.Abstract = strings.Join(words, " ")
}

// readAddressees reads “Kính gửi:” and those who stand below it.
func (d *Document) readAddressees(lines []Line, i int) int {
	first := lines[i]
	first.Text = strings.TrimSpace(addressed.ReplaceAllString(first.Text, ""))
	if first.Text != "" {
		d.addressees = append(d.addressees, first)
	}
	for i++; i < len(lines); i++ {
		line := lines[i]
		last := ""
		if n := len(d.addressees); n > 0 {
			last = d.addressees[n-1].Text
		}
		switch {
		case line.Text == "" && len(line.Row) == 0:
		case len(line.Row) == 0 && dashed.MatchString(line.Text), len(d.addressees) == 0 && len(line.Row) == 0,
			len(d.addressees) > 0 && len(d.addressees) < 20 && strings.HasSuffix(last, ";") && len(line.Row) == 0 && len(line.Text) < 120:
			d.addressees = append(d.addressees, line)
		case line.Broken && last != "" && len(last) < maxItem && !strings.ContainsAny(last[len(last)-1:], ".;:") && startsLower(line.Text) && lines[i-1].Text != "":
			d.addressees[len(d.addressees)-1].Text += " " + line.Text
		default:
			return i
		}
	}
	return i
}

func startsLower(text string) bool {
	for _, r := range text {
		return unicode.IsLower(r)
	}
	return false
}

var dashed = lazyregexp.New(`^[-–—•+*]\s*`)

// readBasis reads a basis, with the lines that it was broken into. It takes none where what begins like one is a sentence of the body.
func (d *Document) readBasis(lines []Line, i int) int {
	line := lines[i]
	next := i + 1
	for line.Broken && next < min(len(lines), i+maxBroken) && lines[next].Text != "" && len(lines[next].Row) == 0 &&
		!strings.ContainsAny(line.Text[len(line.Text)-1:], ";.:") && !surelyBasis.MatchString(lines[next].Text) {
		line.Text += " " + lines[next].Text
		next++
	}
	switch end := line.Text[len(line.Text)-1]; {
	case end == ';' || end == ',' || end == '.' && surelyBasis.MatchString(line.Text):
		d.bases = append(d.bases, line)
		return next
	case end == ':' && surelyBasis.MatchString(line.Text):
		at := strings.LastIndex(line.Text, ". ")
		if at < 0 {
			return i
		}
		basis := line
		basis.Text = line.Text[:at+1]
		d.bases = append(d.bases, basis)
		lines[next-1] = line
		lines[next-1].Text = line.Text[at+2:]
		return next - 1
	}
	return i
}
