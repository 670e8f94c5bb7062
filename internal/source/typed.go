package source

import (
	"slices"
	"strings"
	"unicode"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/vi"
)

// How a typed document is taken apart
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

// TypedLine is a paragraph of a Word file, a row of a table in one, or a line of a plain text.
type TypedLine struct {
	Text   string
	Row    []string // cells, of a row of a table; Text is empty then
	Bold   bool
	Wide   bool       // on a landscape page
	Broken bool       // may be part of a paragraph that was broken by hand, as lines of a plain text
	Place  diag.Place // of the line
}

// Typed is what a typed document says in its parts, before it is known what kind it is.
type Typed struct {
	file string

	TypeName string // of those known, as known: "Kế hoạch"; "Công văn" where the document has none but says to whom; else empty
	Symbol   string // "KH-HĐND"
	Abstract string

	number, place, day string
	undated            string      // place and date of a draft, which lacks the day
	agency             []TypedLine // the names of the body and of those above it
	stamps             []string
	inForce            []string // HỘI ĐỒNG NHÂN DÂN XÃ …, above the bases
	resolves           []TypedLine
	addressees, bases  []TypedLine
	body               []TypedLine
	recipients         []string
	position           []string
	other, signer      string
	annexes            []typedAnnex
	letter             string      // the title of a letter, in capitals
	issuer             string      // as in “(Kèm theo … của …)”
	rest               []TypedLine // what nobody took
}

type typedAnnex struct {
	name, title string
	lines       []TypedLine
}

// TypedText cuts a plain text into lines, in whatever encoding Notepad and Word save it. Findings say why it cannot be read.
func TypedText(name string, data []byte) ([]TypedLine, diag.Findings) {
	r := &reader{file: baseName(name)}
	if len(data) > MaxSize {
		r.complain(diag.FileTooLarge, 0, 0, "chia văn bản thành nhiều tệp", "tệp lớn hơn 4 MB")
		return nil, r.found
	}
	text, ok := decodeCSV(data)
	switch {
	case !ok:
		r.complain(diag.NotUnicode, 0, 0, "mở tệp bằng Word, chuyển phông sang Unicode rồi lưu thành tệp .docx", "tệp không phải là văn bản Unicode")
		return nil, r.found
	case strings.TrimSpace(text) == "":
		r.complain(diag.EmptyFile, 0, 0, "mở thử tệp rồi gửi lại", "tệp không có nội dung")
		return nil, r.found
	case strings.Count(text, "\n")+strings.Count(text, "\f") > maxTypedLines:
		r.complain(diag.TooManyEntries, 0, 0, "chia văn bản thành nhiều tệp", "tệp có quá nhiều dòng")
		return nil, r.found
	}
	var typed []TypedLine
	for i, line := range strings.Split(lines(strings.ReplaceAll(text, "\f", "\n")), "\n") {
		typed = append(typed, TypedLine{Text: line, Broken: true, Place: diag.Place{File: r.file, Line: i + 1}})
	}
	return typed, nil
}

// ReadTyped recognises the parts of a document. names are the names of the types of documents, longer ones that begin with another before
// it or not.
func ReadTyped(name string, typed []TypedLine, names []string) *Typed {
	t := &Typed{file: baseName(name)}
	typed = slices.Clone(typed)
	for i := range typed {
		typed[i].Text = strings.Trim(lines(typed[i].Text), " \t\u00a0")
		typed[i].Place.File = t.file
	}
	opening := t.findType(typed, names)
	if opening < 0 {
		t.body = typed
		return t
	}
	t.readHead(typed[:opening])
	body := t.readOpening(typed[opening:])
	t.readFoot(body)
	return t
}

// Limits of what belongs together: what goes beyond is no part of a document, and is left to the body.
const (
	maxTypedLines = 50_000 // of a plain text; a document of a hundred pages has some five thousand
	maxHead       = 80     // lines above the body
	maxBroken     = 30     // lines of a paragraph that was broken by hand
	maxItem       = 600    // bytes of an item of a list, or of a title
)

// findType finds the line that names the type, or the first one of “Kính gửi” where there is none, and gives the number of the line. It is
// -1 where the document shows neither.
func (t *Typed) findType(typed []TypedLine, names []string) int {
	for i, line := range typed[:min(len(typed), maxHead)] {
		if partForm.MatchString(line.Text) { // what follows is the body, whatever it is called
			break
		}
		if addressed.MatchString(line.Text) {
			t.TypeName = "Công văn"
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
			t.TypeName = best
			return i
		case letterForm.MatchString(line.Text) && isCaps(line.Text):
			t.TypeName, t.letter = "Thư công", line.Text
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
func (t *Typed) keep(line TypedLine) {
	if !ruled.MatchString(line.Text) || len(line.Row) > 0 {
		t.rest = append(t.rest, line)
	}
}

var (
	opensBasis   = lazyregexp.New(`^(Căn cứ|CĂN CỨ|Xét|Theo|Thực hiện|Sau khi|Trên cơ sở)\s`)
	surelyBasis  = lazyregexp.New(`^(Căn cứ|CĂN CỨ|Xét|Theo đề nghị)\s`)
	resolvesLine = lazyregexp.New(`^(QUYẾT NGHỊ|QUYẾT ĐỊNH|NGHỊ QUYẾT|CHỈ THỊ)\s*:$`)
	about        = lazyregexp.New(`^(?i:v/v)\s*[:.]?\s*`)
)

// readOpening reads from the type name to the end of the bases, and gives what is below.
func (t *Typed) readOpening(typed []TypedLine) (body []TypedLine) {
	i := 0
	if t.TypeName != "Công văn" || !addressed.MatchString(typed[0].Text) {
		i = t.readAbstract(typed)
	}
	for i < len(typed) {
		line := typed[i]
		switch {
		case ruled.MatchString(line.Text) && len(line.Row) == 0:
			i++
		case len(t.addressees) == 0 && addressed.MatchString(line.Text):
			i = t.readAddressees(typed, i)
		case resolvesLine.MatchString(line.Text):
			t.resolves = append(t.resolves, line)
			i++
		case len(t.bases) == 0 && len(t.resolves) == 0 && isCaps(line.Text) && t.isBody(line.Text, len(t.inForce) > 0):
			t.inForce = append(t.inForce, line.Text)
			i++
		case len(t.resolves) == 0 && opensBasis.MatchString(line.Text):
			next := t.readBasis(typed, i)
			if next == i {
				return typed[i:]
			}
			i = next
		default:
			return typed[i:]
		}
	}
	return nil
}

var bodies = lazyregexp.New(`^(HỘI ĐỒNG|HĐND|ỦY BAN|UỶ BAN|UBND|THƯỜNG TRỰC|CHỦ TỊCH|BAN [^H]|TRƯỞNG |GIÁM ĐỐC|BỘ TRƯỞNG|BỘ |SỞ |CHÁNH |CỤC |ĐOÀN |HIỆU TRƯỞNG)`)

// isBody reports whether a line in capitals names who issues the document, or goes on with that.
func (t *Typed) isBody(text string, further bool) bool {
	return len(text) < 200 && len(t.inForce) < 6 && (further && !strings.HasSuffix(text, ":") && !numberedLine.MatchString(text) || bodies.MatchString(text))
}

var numberedLine = lazyregexp.New(`^([IVXLC]+|\d+|[A-ZĐ]|Phần|PHẦN|Chương|CHƯƠNG|Điều|ĐIỀU)[.)\s]`)

// readAbstract reads what follows the type name, on its line and below it.
func (t *Typed) readAbstract(typed []TypedLine) int {
	var words []string
	if t.letter != "" {
		return 1
	}
	if after := strings.TrimLeft(typed[0].Text[len(vi.Upper(t.TypeName)):], " :."); strings.HasPrefix(after, "CỦA ") {
		t.keep(TypedLine{Text: after, Place: typed[0].Place})
	} else if after != "" {
		words = append(words, after)
	}
	i := 1
	for ; i < len(typed); i++ {
		line := typed[i]
		text := line.Text
		if len(words) == 0 {
			text = about.ReplaceAllString(text, "")
		}
		switch {
		case ruled.MatchString(line.Text) && len(line.Row) == 0:
			if line.Text == "" && len(words) > 0 || i > 4 {
				t.setAbstract(words)
				return i
			}
			continue
		case len(line.Row) > 0, addressed.MatchString(text), surelyBasis.MatchString(text), resolvesLine.MatchString(text),
			len(text) > maxItem, len(words) > maxBroken, strings.HasSuffix(text, ":"), strings.HasSuffix(text, ";"), strings.HasSuffix(text, "."),
			numberedLine.MatchString(text), isCaps(text) && t.isBody(text, false):
		case len(words) > 0 && (!line.Broken || isCaps(text) != isCaps(words[0]) && opensBasis.MatchString(text)):
		case len(words) > 0 && isCaps(words[0]) && !isCaps(text):
		default:
			words = append(words, text)
			continue
		}
		break
	}
	t.setAbstract(words)
	return i
}

// setAbstract sets the abstract in place of a “V/v …” in the head, which is then kept.
func (t *Typed) setAbstract(words []string) {
	if len(words) == 0 {
		return
	}
	if t.Abstract != "" {
		t.keep(TypedLine{Text: "V/v " + t.Abstract})
	}
	t.Abstract = strings.Join(words, " ")
}

// readAddressees reads “Kính gửi:” and those who stand below it.
func (t *Typed) readAddressees(typed []TypedLine, i int) int {
	first := typed[i]
	first.Text = strings.TrimSpace(addressed.ReplaceAllString(first.Text, ""))
	if first.Text != "" {
		t.addressees = append(t.addressees, first)
	}
	for i++; i < len(typed); i++ {
		line := typed[i]
		last := ""
		if n := len(t.addressees); n > 0 {
			last = t.addressees[n-1].Text
		}
		switch {
		case line.Text == "" && len(line.Row) == 0:
		case len(line.Row) == 0 && dashed.MatchString(line.Text), len(t.addressees) == 0 && len(line.Row) == 0,
			len(t.addressees) > 0 && len(t.addressees) < 20 && strings.HasSuffix(last, ";") && len(line.Row) == 0 && len(line.Text) < 120:
			t.addressees = append(t.addressees, line)
		case line.Broken && last != "" && len(last) < maxItem && !strings.ContainsAny(last[len(last)-1:], ".;:") && startsLower(line.Text) && typed[i-1].Text != "":
			t.addressees[len(t.addressees)-1].Text += " " + line.Text
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
func (t *Typed) readBasis(typed []TypedLine, i int) int {
	line := typed[i]
	next := i + 1
	for line.Broken && next < min(len(typed), i+maxBroken) && typed[next].Text != "" && len(typed[next].Row) == 0 &&
		!strings.ContainsAny(line.Text[len(line.Text)-1:], ";.:") && !surelyBasis.MatchString(typed[next].Text) {
		line.Text += " " + typed[next].Text
		next++
	}
	switch end := line.Text[len(line.Text)-1]; {
	case end == ';' || end == ',' || end == '.' && surelyBasis.MatchString(line.Text):
		t.bases = append(t.bases, line)
		return next
	case end == ':' && surelyBasis.MatchString(line.Text):
		at := strings.LastIndex(line.Text, ". ")
		if at < 0 {
			return i
		}
		basis := line
		basis.Text = line.Text[:at+1]
		t.bases = append(t.bases, basis)
		typed[next-1] = line
		typed[next-1].Text = line.Text[at+2:]
		return next - 1
	}
	return i
}
