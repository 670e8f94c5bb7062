package source

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
func (t *Typed) readFoot(typed []TypedLine) {
	at := footOf(typed)
	t.body = typed[:at]
	foot := typed[at:]
	for len(foot) > 0 && !isAnnex(foot[0]) {
		n := t.readSignature(foot)
		if n == 0 {
			break
		}
		foot = foot[n:]
	}
	for len(foot) > 0 && !isAnnex(foot[0]) {
		t.keep(foot[0])
		foot = foot[1:]
	}
	t.readAnnexes(foot)
}

func isAnnex(line TypedLine) bool { return len(line.Row) == 0 && nd30.IsAnnex(line.Text) }

// footOf is the number of the line with which the foot begins: “Nơi nhận:”, or who signs where that comes first or alone.
func footOf(typed []TypedLine) int {
	end := len(typed)
	for i, line := range typed {
		if isAnnex(line) && i > 0 {
			end = i
			break
		}
	}
	for i, line := range typed[:end] {
		if len(line.Row) == 0 && recipientsForm.MatchString(line.Text) {
			return signedAbove(typed, i)
		}
	}
	const below = 12 // lines of a signature
	for i := max(0, end-below); i < end; i++ {
		if signs(typed[i]) && (i == 0 || !signs(typed[i-1])) {
			return i
		}
	}
	return end
}

// signs reports whether a line is one of who signs.
func signs(line TypedLine) bool {
	return len(line.Row) == 0 && (nd30.IsAuthority(line.Text) || isPosition(line.Text))
}

func isPosition(text string) bool {
	return isCaps(text) && utf8.RuneCountInString(text) < 60 && positionWord.MatchString(text) && !numberedLine.MatchString(text)
}

// signedAbove looks whether who signs stands right above “Nơi nhận:”, as in a file that has the right column first.
func signedAbove(typed []TypedLine, at int) int {
	first := at
	for i := at - 1; i >= 0 && at-i < 12; i-- {
		switch line := typed[i]; {
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
func (t *Typed) readSignature(foot []TypedLine) int {
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
		if !t.takeSigned(strings.TrimSpace(piece), line) {
			if i == 0 {
				return 0
			}
			line.Text = piece
			t.keep(line)
		}
	}
	return 1
}

// takeSigned takes a recipient, a line of who signs, or a name.
func (t *Typed) takeSigned(text string, line TypedLine) bool {
	last := len(t.recipients) - 1
	switch {
	case ruled.MatchString(text), signedForm.MatchString(text):
	case dashed.MatchString(text):
		if text = strings.TrimSpace(dashed.ReplaceAllString(text, "")); text != "" {
			t.recipients = append(t.recipients, text)
		}
	case isCaps(text) && t.signer == "" && utf8.RuneCountInString(text) < 100 && !numberedLine.MatchString(text):
		if len(t.position) > 0 && isName(text) && !positionWord.MatchString(text) && !nd30.IsAuthority(text) && !line.Bold {
			t.signer = text
			break
		}
		t.position = append(t.position, text)
	case isName(text) && len(t.position) > 0 && t.signer == "":
		t.signer = text
	case last >= 0 && line.Broken && len(t.recipients[last]) < maxItem && !strings.ContainsAny(t.recipients[last][len(t.recipients[last])-1:], ";.") && len(text) < 120 && t.signer == "":
		t.recipients[last] += " " + text
	case len(t.position) == 0 && len(text) < 200:
		t.recipients = append(t.recipients, text)
	case len(t.position) > 0 && t.signer == "" && t.other == "" && len(text) < 100:
		t.other = text
	default:
		return false
	}
	return true
}

// isEnclosed reports whether a line is the “(Kèm theo … của …)” below the name of an annex that says no more than the document itself.
func (t *Typed) isEnclosed(text string) bool {
	m := issuerForm.FindStringSubmatch(text)
	if !enclosedForm.MatchString(text) || m == nil || !strings.Contains(text, "/"+t.Symbol) || t.issuer != "" && t.issuer != m[1] {
		return false
	}
	t.issuer = m[1]
	return true
}

// readAnnexes reads each annex from its name on.
func (t *Typed) readAnnexes(typed []TypedLine) {
	titled := false
	for _, line := range typed {
		n := len(t.annexes) - 1
		switch {
		case isAnnex(line):
			t.annexes, titled = append(t.annexes, typedAnnex{name: line.Text}), false
		case len(line.Row) == 0 && ruled.MatchString(line.Text):
		case len(line.Row) == 0 && len(t.annexes[n].lines) == 0 && t.isEnclosed(line.Text):
		case len(line.Row) == 0 && len(t.annexes[n].lines) == 0 && (!titled || line.Broken && isCaps(line.Text) && len(t.annexes[n].title) < maxItem):
			t.annexes[n].title = strings.TrimSpace(t.annexes[n].title + " " + line.Text)
			titled = true
		default:
			t.annexes[n].lines = append(t.annexes[n].lines, line)
		}
	}
}
