package typed

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"vanthu/internal/lazyregexp"
	"vanthu/internal/nd30"
)

var (
	recipientsForm = lazyregexp.New(`^(?i:nơi\s+nhận)\s*(?::\s*|$)`)
	signedForm     = lazyregexp.New(`^[(\[\s]+(?i:đã\s+k[ýí]|k[ýí]\s+tên|k[ýí],)[^()]*[)\]]$`)
	positionWord   = lazyregexp.New(`(CHỦ TỊCH|TRƯỞNG|GIÁM ĐỐC|CHÁNH|BÍ THƯ|ỦY VIÊN|THƯ KÝ|CHỦ TỌA|CHỦ TRÌ|ĐẠI DIỆN|THỦ TƯỚNG|KẾ TOÁN|PHÓ )`)
	enclosedForm   = lazyregexp.New(`^\(\s*(?i:kèm\s+theo)\s.*$`)
	issuerForm     = lazyregexp.New(`năm\s+\d{4}\s+của\s+([^()]+)\)$`)
	authorityAfter = lazyregexp.New(`^(.*[;.:])\s+((?:TM|KT|TL|TUQ|Q)\.\s*\p{Lu}.*)$`)
)

// readFoot parts what is below the opening in body, recipients and signature, and annexes.
func (d *Document) readFoot(lines []Line) {
	at := footOf(lines)
	d.body = lines[:at]
	foot := lines[at:]
	for len(foot) > 0 && !isAnnex(foot[0]) {
		n := d.readSignature(foot)
		if n == 0 {
			break
		}
		foot = foot[n:]
	}
	for len(foot) > 0 && !isAnnex(foot[0]) {
		d.keep(foot[0])
		foot = foot[1:]
	}
	d.readAnnexes(foot)
}

func isAnnex(line Line) bool { return len(line.Row) == 0 && nd30.IsAnnex(line.Text) }

// footOf is the number of the line with which the foot begins: “Nơi nhận:”, or who signs where that comes first or alone.
func footOf(lines []Line) int {
	end := len(lines)
	for i, line := range lines {
		if isAnnex(line) && i > 0 {
			end = i
			break
		}
	}
	for i, line := range lines[:end] {
		if len(line.Row) == 0 && recipientsForm.MatchString(line.Text) {
			return signedAbove(lines, i)
		}
	}
	const below = 12 // lines of a signature
	for i := max(0, end-below); i < end; i++ {
		if signs(lines[i]) && (i == 0 || !signs(lines[i-1])) {
			return i
		}
	}
	return end
}

// signs reports whether a line is one of who signs.
func signs(line Line) bool {
	return len(line.Row) == 0 && (nd30.IsAuthority(line.Text) || isPosition(line.Text))
}

func isPosition(text string) bool {
	return isCaps(text) && utf8.RuneCountInString(text) < 60 && positionWord.MatchString(text) && !numberedLine.MatchString(text)
}

// signedAbove looks whether who signs stands right above “Nơi nhận:”, as in a file that has the right column first.
func signedAbove(lines []Line, at int) int {
	first := at
	for i := at - 1; i >= 0 && at-i < 12; i-- {
		switch line := lines[i]; {
		case signs(line):
			first = i
		case len(line.Row) > 0, strings.HasSuffix(line.Text, nd30.EndMark), line.Text != "" && !isName(line.Text) && !signedForm.MatchString(line.Text):
			return first
		}
	}
	return first
}

// isName reports whether a text is the name of a person: two to six words, each with a capital.
func isName(text string) bool {
	words := strings.Fields(text)
	if len(words) < 2 || len(words) > 6 || utf8.RuneCountInString(text) > 45 {
		return false
	}
	for _, word := range words {
		first, size := utf8.DecodeRuneInString(word)
		if !unicode.IsUpper(first) || strings.IndexFunc(word[size:], func(r rune) bool { return !unicode.IsLetter(r) && r != '.' }) >= 0 {
			return false
		}
	}
	return true
}

// readSignature takes one line of the foot with all its columns, and gives how many lines it took: 0 where the foot has ended.
func (d *Document) readSignature(foot []Line) int {
	line := foot[0]
	if len(line.Row) > 0 {
		return 0
	}
	pieces := columnGap.Split(line.Text, -1)
	if m := authorityAfter.FindStringSubmatch(line.Text); len(pieces) == 1 && m != nil {
		pieces = m[1:]
	}
	for i, piece := range pieces {
		if rest := recipientsForm.ReplaceAllString(piece, ""); rest != piece {
			piece = rest
		}
		if !d.takeSigned(strings.TrimSpace(piece), line) {
			if i == 0 {
				return 0
			}
			line.Text = piece
			d.keep(line)
		}
	}
	return 1
}

// takeSigned takes a recipient, a line of who signs, or a name.
func (d *Document) takeSigned(text string, line Line) bool {
	last := len(d.recipients) - 1
	switch {
	case ruled.MatchString(text), signedForm.MatchString(text):
	case dashed.MatchString(text):
		if text = strings.TrimSpace(dashed.ReplaceAllString(text, "")); text != "" {
			d.recipients = append(d.recipients, text)
		}
	case isCaps(text) && d.signer == "" && utf8.RuneCountInString(text) < 100 && !numberedLine.MatchString(text):
		if len(d.position) > 0 && isName(text) && !positionWord.MatchString(text) && !nd30.IsAuthority(text) && !line.Bold {
			d.signer = text
			break
		}
		d.position = append(d.position, text)
	case isName(text) && len(d.position) > 0 && d.signer == "":
		d.signer = text
	case last >= 0 && line.Broken && len(d.recipients[last]) < maxItem && !strings.ContainsAny(d.recipients[last][len(d.recipients[last])-1:], ";.") && len(text) < 120 && d.signer == "":
		d.recipients[last] += " " + text
	case len(d.position) == 0 && len(text) < 200:
		d.recipients = append(d.recipients, text)
	case len(d.position) > 0 && d.signer == "" && d.other == "" && len(text) < 100:
		d.other = text
	default:
		return false
	}
	return true
}

// isEnclosed reports whether a line is the “(Kèm theo … của …)” below the name of an annex that says no more than the document itself.
func (d *Document) isEnclosed(text string) bool {
	m := issuerForm.FindStringSubmatch(text)
	if !enclosedForm.MatchString(text) || m == nil || !strings.Contains(text, "/"+d.Symbol) || d.issuer != "" && d.issuer != m[1] {
		return false
	}
	d.issuer = m[1]
	return true
}

// readAnnexes reads each annex from its name on.
func (d *Document) readAnnexes(lines []Line) {
	titled := false
	for _, line := range lines {
		n := len(d.annexes) - 1
		switch {
		case isAnnex(line):
			d.annexes, titled = append(d.annexes, annex{name: line.Text}), false
		case len(line.Row) == 0 && ruled.MatchString(line.Text):
		case len(line.Row) == 0 && len(d.annexes[n].lines) == 0 && d.isEnclosed(line.Text):
		case len(line.Row) == 0 && len(d.annexes[n].lines) == 0 && (!titled || line.Broken && isCaps(line.Text) && len(d.annexes[n].title) < maxItem):
			d.annexes[n].title = strings.TrimSpace(d.annexes[n].title + " " + line.Text)
			titled = true
		default:
			d.annexes[n].lines = append(d.annexes[n].lines, line)
		}
	}
}
