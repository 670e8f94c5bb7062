package typed

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
)

var (
	nationalTitleForm = lazyregexp.New(`(?i)cộng\s+(?:hòa|hoà)\s+xã\s+hội\s+chủ\s+nghĩa\s+việt\s+nam`)
	mottoForm         = lazyregexp.New(`(?i)độc\s+lập\s*[-–—]?\s*tự\s+do\s*[-–—]?\s*hạnh\s+phúc`)
	numberForm        = lazyregexp.New(`(?m)^[ \t]*(?i:số)\s*:?\s*(\d{1,6})?[\s\x{a0}.…_]*/\s*(\d{4}\s*/\s*)?(\p{Lu}[\p{L}&]*(?:[ \x{a0}]?[-–][ \x{a0}]?\p{Lu}[\p{L}\d&]*)*)`)
	placeDateForm     = lazyregexp.New(`(?m)^([^\n,;:]{2,60}),\s*(?i:ngày)\s*([\d.…_ \x{a0}]*)\s*tháng\s*([\d.…_ \x{a0}]*)\s*năm\s*(\d{4}|)[ .…]*$`)
	ownPlace          = lazyregexp.New(`(^|\s)(XÃ|PHƯỜNG|ĐẶC KHU|HUYỆN|QUẬN|THỊ XÃ|THỊ TRẤN|THÀNH PHỐ|TP\.?|TỈNH)\s`)
	placeName         = lazyregexp.New(`^(XÃ|PHƯỜNG|ĐẶC KHU|HUYỆN|QUẬN|THỊ XÃ|THỊ TRẤN|THÀNH PHỐ|TP\.?|TỈNH)\s`)
	columnGap         = lazyregexp.New(`\s*(?:\t+| {3,}|\s\|\s|\|)\s*`)
	titleWord         = lazyregexp.New(`^\p{Lu}\p{Ll}+(\s\p{Lu}\p{Ll}+)?$`)
)

// stampWords are the degrees of secrecy and urgency and the marks of circulation, by key.
var stampWords = []struct{ text, key string }{
	{"MẬT", "do_mat"},
	{"TỐI MẬT", "do_mat"},
	{"TUYỆT MẬT", "do_mat"},
	{"KHẨN", "do_khan"},
	{"THƯỢNG KHẨN", "do_khan"},
	{"HỎA TỐC", "do_khan"},
	{"XEM XONG TRẢ LẠI", "luu_hanh"},
	{"LƯU HÀNH NỘI BỘ", "luu_hanh"},
}

// readHead reads the names of state and body, number, place and date, in whatever order and cut they stand.
func (d *Document) readHead(head []Line) {
	var b strings.Builder
	for _, line := range head {
		text := line.Text
		if len(line.Row) > 0 {
			text = strings.Join(line.Row, "\n")
		}
		if len(text) > maxItem {
			d.keep(line)
			continue
		}
		b.WriteString(strings.Join(columnGap.Split(text, -1), "\n") + "\n")
	}
	text := d.takeNumber(take(take(b.String(), nationalTitleForm), mottoForm))
	text = d.takePlaceDate(text)
	d.readNames(text, head)
}

// take cuts the first match out of a text, so that what stood around it are lines of their own.
func take(text string, form *lazyregexp.Regexp) string {
	at := form.FindStringIndex(text)
	if at == nil {
		return text
	}
	return text[:at[0]] + "\n" + text[at[1]:]
}

func (d *Document) takeNumber(text string) string {
	m := numberForm.FindStringSubmatchIndex(text)
	if m == nil {
		return text
	}
	if m[2] >= 0 {
		d.number = text[m[2]:m[3]]
	}
	if m[4] >= 0 { // the number of a law, which has its year
		d.keep(Line{Text: strings.Join(strings.Fields(text[m[0]:m[1]]), " ")})
	}
	d.Symbol = strings.ReplaceAll(strings.Join(strings.Fields(text[m[6]:m[7]]), ""), "–", "-")
	return text[:m[0]] + "\n" + text[m[1]:]
}

func (d *Document) takePlaceDate(text string) string {
	text = strings.Join(trimmedLines(text), "\n")
	m := placeDateForm.FindStringSubmatchIndex(text)
	if m == nil {
		return text
	}
	begin := m[0]
	d.place = text[m[2]:m[3]]
	above := text[:max(begin-1, 0)]
	if line := above[strings.LastIndexByte(above, '\n')+1:]; !strings.Contains(d.place, " ") && titleWord.MatchString(line) {
		d.place, begin = line+" "+d.place, begin-1-len(line)
	}
	digits := func(k int) string { return strings.Trim(text[m[k]:m[k+1]], ".…_ \u00a0") }
	day, month, year := digits(4), digits(6), digits(8)
	if day != "" && month != "" {
		d.day = day + "/" + month + "/" + year
	} else {
		d.undated = strings.Join(strings.Fields(text[m[2]:m[1]]), " ")
	}
	return text[:begin] + "\n" + text[m[1]:]
}

func trimmedLines(text string) []string {
	all := strings.Split(text, "\n")
	for i := range all {
		all[i] = strings.Trim(all[i], " \t\u00a0")
	}
	return all
}

// readNames reads what is left of the head: names of bodies, stamps, and the abstract of a công văn.
func (d *Document) readNames(text string, head []Line) {
	const maxNames = 5
	var abstract []string
	for _, line := range trimmedLines(text) {
		stamp := slices.ContainsFunc(stampWords, func(s struct{ text, key string }) bool { return s.text == line })
		switch {
		case ruled.MatchString(line):
			if len(abstract) > 0 && line == "" && d.Abstract == "" {
				d.Abstract, abstract = strings.Join(abstract, " "), nil
			}
		case about.MatchString(line) && d.Abstract == "" && len(abstract) == 0:
			abstract = append(abstract, about.ReplaceAllString(line, ""))
		case stamp:
			d.stamps = append(d.stamps, line)
		case len(abstract) > 0 && !isCaps(line):
			abstract = append(abstract, line)
		case isCaps(line) && startsUpper(line) && len(d.agency) < maxNames:
			named := Line{Text: line}
			if n := len(d.agency); n > 0 && !strings.Contains(d.agency[n-1].Text, " ") {
				d.agency[n-1].Text += " " + line
				continue
			}
			for _, original := range head {
				named.Bold = named.Bold || original.Bold && strings.Contains(original.Text, line)
			}
			d.agency = append(d.agency, named)
		default:
			kept := Line{Text: line}
			if len(d.rest) < maxLeftTold {
				kept.Place = placeIn(head, line)
			}
			d.keep(kept)
		}
	}
	if len(abstract) > 0 {
		d.Abstract = strings.Join(abstract, " ")
	}
}

func startsUpper(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(first)
}

// placeIn finds where a piece of the head stands.
func placeIn(head []Line, text string) (at diag.Place) {
	for _, line := range head {
		if strings.Contains(line.Text, text) {
			return line.Place
		}
	}
	if len(head) > 0 {
		at = head[0].Place
	}
	return at
}

// names parts the lines of names in that of the body above and that of the body itself. What is bold is the body itself, where only some
// lines are; else a body above is one that has its own place and is followed by another that is no place.
func (d *Document) names() (above, own string) {
	texts := make([]string, len(d.agency))
	bold := 0
	for i, line := range d.agency {
		texts[i] = line.Text
		if line.Bold {
			bold++
		}
	}
	cut := 0
	if bold > 0 && bold < len(d.agency) {
		cut = slices.IndexFunc(d.agency, func(l Line) bool { return l.Bold })
	} else {
		for i := 1; i < len(texts); i++ {
			if ownPlace.MatchString(texts[i-1]+" ") && !placeName.MatchString(texts[i]) && bodies.MatchString(texts[i]+" ") || isOffice(texts[i]) {
				cut = i
			}
		}
	}
	return strings.Join(texts[:cut], "\n"), strings.Join(texts[cut:], "\n")
}

// isOffice reports whether a name is that of a body that is always below another.
func isOffice(name string) bool {
	return utf8.RuneCountInString(name) < 60 && (strings.HasPrefix(name, "VĂN PHÒNG") || strings.HasPrefix(name, "PHÒNG ") ||
		strings.HasPrefix(name, "TRUNG TÂM ") || strings.HasPrefix(name, "BAN "))
}
