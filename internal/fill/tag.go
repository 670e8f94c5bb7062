package fill

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"vanthu/internal/diag"
)

// tagKind is what a tag does.
type tagKind int

// The kinds of tag; a comment of the package shows each.
const (
	holeTag tagKind = iota
	openTag
	invertTag
	closeTag
	outlineTag
	ruleTag
	sectionTag
)

// tag is what stands between {{ and }}.
type tag struct {
	kind    tagKind
	path    string   // dotted; "." is the item of the innermost block
	filters []string // of a hole
	percent int      // of a rule
	source  string   // as written, with braces
}

// isBlock reports whether the tag opens or closes a block.
func (t tag) isBlock() bool { return t.kind == openTag || t.kind == invertTag || t.kind == closeTag }

// span is a tag's place in a text, in bytes.
type span struct{ start, end int }

// barrier stands for what is not text in the text of a paragraph (a tab, a picture, a field); no tag reaches over it.
const barrier = "\uFFFC"

// findTags returns the tags of a text in order. stray is the text from the first {{ that no }} closes, or "".
func findTags(text string) (spans []span, stray string) {
	for at := 0; ; {
		open := strings.Index(text[at:], "{{")
		if open < 0 {
			return spans, stray
		}
		start := at + open
		inner := text[start+2:]
		end := strings.Index(inner, "}}")
		if end < 0 || strings.Contains(inner[:end], barrier) || strings.Contains(inner[:end], "{{") {
			if stray == "" {
				stray = text[start:]
			}
			at = start + 2
			continue
		}
		at = start + 2 + end + 2
		spans = append(spans, span{start, at})
	}
}

// parseTag reads a tag with its braces. What is wrong with it comes as a message and a hint in Vietnamese.
func parseTag(source string) (t tag, message, hint string) {
	t.source = source
	inner := strings.TrimSpace(source[2 : len(source)-2])
	body := inner
	if inner != "" {
		switch inner[0] {
		case '#':
			t.kind = openTag
		case '^':
			t.kind = invertTag
		case '/':
			t.kind = closeTag
		case '@':
			t.kind = outlineTag
		}
		if t.kind != holeTag {
			body = inner[1:]
		}
	}
	if t.kind == holeTag {
		if after, ok := strings.CutPrefix(inner, "ke"); ok {
			if next, _ := utf8.DecodeRuneInString(after); strings.ContainsRune(" \u00a00123456789%", next) {
				return parseRule(t, after)
			}
		}
		if words := strings.Fields(inner); len(words) > 0 && words[0] == "vung_moi" {
			return parseSection(t, strings.Join(words[1:], " "))
		}
		words := strings.Split(body, "|")
		body = words[0]
		for _, filter := range words[1:] {
			t.filters = append(t.filters, strings.TrimSpace(filter))
		}
	}
	t.path = strings.TrimSpace(body)
	if !isPath(t.path) {
		return t, "dấu " + source + " viết sai",
			"tên mục chỉ có chữ thường không dấu, chữ số, dấu gạch dưới và dấu chấm, như {{trich_yeu}}, {{ky.ho_ten}}"
	}
	return t, "", ""
}

// parseRule reads what follows "ke": " 38%".
func parseRule(t tag, after string) (tag, string, string) {
	t.kind = ruleTag
	number, ok := strings.CutSuffix(strings.TrimSpace(after), "%")
	percent, err := strconv.Atoi(strings.TrimSpace(number))
	if !ok || err != nil || percent < 1 || percent > 100 {
		return t, "dấu " + t.source + " viết sai",
			"viết {{ke 38%}}: độ dài đường kẻ tính theo phần trăm dòng chữ phía trên, từ 1 đến 100"
	}
	t.percent = percent
	return t, "", ""
}

// parseSection reads what follows "vung_moi": "kho_giay".
func parseSection(t tag, field string) (tag, string, string) {
	t.kind, t.path = sectionTag, field
	if !isPath(field) {
		return t, "dấu " + t.source + " viết sai", "viết {{vung_moi kho_giay}}: sau vung_moi là tên mục nói khổ giấy dọc hay ngang"
	}
	return t, "", ""
}

// isPath reports whether text is "." or names joined by dots.
func isPath(text string) bool {
	if text == "." {
		return true
	}
	for name := range strings.SplitSeq(text, ".") {
		if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return false
		}
	}
	return true
}

// mark is a tag taken out of the text of its paragraph.
type mark struct {
	tag
	place    diag.Place
	keepNext bool // of the paragraph it stood in
	spoilt   bool // it has been complained of and does nothing
}
