package tally

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// leftovers are findings about what a document still has of the one before it, which it was written over. A document that stands
// where the other stood in time, or bears its number or its title, is refused. A paragraph that names the period before is refused
// when it stands in the other document word for word; when it is new it need only be looked at, and not even that where it compares.
// With the closing date of before and the name of the one who signed then it is the same, for they may be spoken of.
func leftovers(doc, previous *model.Document) diag.Findings {
	o := &overlap{doc: doc, previous: previous}
	o.period, o.wasPeriod = doc.Period(), previous.Period()
	o.order()
	o.number()
	o.title()
	o.paragraphs()
	o.sections()
	return o.found
}

type overlap struct {
	doc, previous     *model.Document
	period, wasPeriod vi.Period      // zero where there is none
	wasForm           *regexp.Regexp // that finds the name of wasPeriod, once it is asked for
	found             diag.Findings
}

func (o *overlap) complain(severity diag.Severity, code diag.Code, where diag.Place, hint, format string, args ...any) {
	o.found.Add(diag.Finding{Severity: severity, Code: code, Where: where, Hint: hint, Message: fmt.Sprintf(format, args...)})
}

// reported reports whether both documents are about a period.
func (o *overlap) reported() bool { return o.period != (vi.Period{}) && o.wasPeriod != (vi.Period{}) }

// order wants period, closing date and date to be after those of the document before.
func (o *overlap) order() {
	if o.doc.Schema.Kind != o.previous.Schema.Kind && !o.reported() {
		return
	}
	const hint = "sửa lại cho kỳ này, hoặc nộp đúng tệp của kỳ trước"
	if o.reported() {
		at := diag.Place{Field: model.PeriodKey}
		switch {
		case o.period == o.wasPeriod:
			o.complain(diag.Error, diag.LeftoverPeriod, at, hint, "kỳ báo cáo %s đúng bằng kỳ báo cáo của kỳ trước", o.period)
		case o.period.End().Before(o.wasPeriod.End()):
			o.complain(diag.Error, diag.LeftoverPeriod, at, hint, "kỳ báo cáo %s đứng trước kỳ của tệp kỳ trước, %s", o.period, o.wasPeriod)
		}
	}
	for _, date := range []struct {
		key   string
		code  diag.Code
		label string
	}{
		{model.ClosingKey, diag.LeftoverClosingDate, "ngày chốt số liệu"},
		{model.DayKey, diag.LeftoverDate, "ngày ban hành"},
	} {
		now, then := o.doc.Values.Day(date.key), o.previous.Values.Day(date.key)
		if now != none && then != none && !then.Before(now) && !(now == then && o.endTogether()) {
			o.complain(diag.Error, date.code, diag.Place{Field: date.key}, hint, "%s %s không sau %s của kỳ trước, %s",
				date.label, now.Short(), date.label, then.Short())
		}
	}
}

// endTogether reports whether two periods of unlike length end on one day, as the second quarter and the half year, so that both may be
// closed and signed on one day.
func (o *overlap) endTogether() bool {
	return o.reported() && o.period != o.wasPeriod && o.period.End() == o.wasPeriod.End()
}

// number wants another number in a series that begins anew each year.
func (o *overlap) number() {
	now, then := symbolOf(o.doc), symbolOf(o.previous)
	sameYear := o.doc.Values.Day(model.DayKey).Year == o.previous.Values.Day(model.DayKey).Year
	if now != "" && now == then && sameYear {
		o.complain(diag.Error, diag.LeftoverNumber, diag.Place{Field: model.NumberKey}, "lấy số tiếp theo trong sổ đăng ký văn bản đi",
			"số %s đã dùng cho văn bản kỳ trước", now)
	}
}

// symbolOf is number and symbol of a document that has a number.
func symbolOf(doc *model.Document) string {
	if doc.Values.Text(model.NumberKey) == "" {
		return ""
	}
	return doc.Values.Text(model.SymbolKey)
}

// title wants a title of this period. One that holds the period before may name it, and without a year the name may be that of the
// coming period, "nhiệm vụ 6 tháng cuối năm", unless the title is still that of the other document.
func (o *overlap) title() {
	title := o.doc.Abstract()
	same := words(title) == words(o.previous.Abstract())
	if !o.reported() || o.period == o.wasPeriod || o.embraces() && !same {
		return
	}
	copied := same || o.wasPeriod.Name() != o.period.Next().Name()
	if at, named := o.namesPeriod(title, copied); named && !compares(title[:at]) {
		where := diag.Place{Field: model.AbstractKey, Text: diag.Excerpt(title)}
		o.complain(diag.Error, diag.LeftoverTitle, where, "sửa trích yếu cho kỳ này, "+o.period.String(),
			"trích yếu còn ghi %s, là kỳ trước", o.wasPeriod)
	}
}

// embraces reports whether the period before is a part of this one, so that it is rightly spoken of.
func (o *overlap) embraces() bool {
	return o.period.Year == o.wasPeriod.Year && o.period.First <= o.wasPeriod.First && o.wasPeriod.Last <= o.period.Last
}

// trace is something of the document before that a paragraph may still hold.
type trace struct {
	code  diag.Code
	what  string // "ngày 05/4/2026"
	form  *regexp.Regexp
	stale bool // even a new paragraph hardly speaks of it
}

func (o *overlap) paragraphs() {
	before := make(map[string]bool)
	eachParagraph(o.previous.Schema.Fields, o.previous.Values, "", func(_, text string) { before[words(text)] = true })
	traces := o.traces()
	periods := o.reported() && o.period != o.wasPeriod && !o.embraces()
	eachParagraph(o.doc.Schema.Fields, o.doc.Values, "", func(field, text string) {
		at, same := diag.Place{Field: field, Text: diag.Excerpt(text)}, before[words(text)]
		const hint = "viết lại đoạn này cho kỳ này"
		offset, named := 0, false
		if periods {
			offset, named = o.namesPeriod(text, same)
		}
		switch {
		case named && same:
			o.complain(diag.Error, diag.LeftoverParagraph, at, hint, "đoạn này chép nguyên từ văn bản kỳ trước và còn ghi %s", o.wasPeriod)
			return
		case named && !compares(text[:offset]):
			o.complain(diag.Warning, diag.PreviousPeriodNamed, at, "bỏ qua nếu đúng ý; nếu so sánh, viết “so với "+o.wasPeriod.String()+"”",
				"đoạn này nói đến %s, là kỳ trước", o.wasPeriod)
		}
		for _, trace := range traces {
			found := trace.form.FindStringSubmatchIndex(text)
			switch {
			case found == nil:
			case same:
				o.complain(diag.Error, trace.code, at, hint, "đoạn này chép nguyên từ văn bản kỳ trước và còn ghi %s", trace.what)
				return
			case trace.stale && !compares(text[:found[2]]):
				o.complain(diag.Warning, trace.code, at, "bỏ qua nếu đúng ý", "đoạn này còn ghi %s", trace.what)
			}
		}
	})
}

// sections are the outlines that say word for word what they said before. A short one may: it says that there was nothing.
func (o *overlap) sections() {
	const short = 60 // runes
	for _, spec := range o.doc.Schema.Fields {
		now, _ := o.doc.Values[spec.Key].(model.Outline)
		then, _ := o.previous.Values[spec.Key].(model.Outline)
		if text := wording(now); utf8.RuneCountInString(text) > short && text == wording(then) {
			o.complain(diag.Warning, diag.LeftoverSection, diag.Place{Field: spec.Key}, "viết lại mục này cho kỳ này, hoặc bỏ qua nếu vẫn đúng",
				"mục “%s” giống hệt kỳ trước", spec.Label)
		}
	}
}

// wording is the text of an outline for comparing, its tables too.
func wording(outline model.Outline) string {
	var b strings.Builder
	for _, block := range outline {
		switch block := block.(type) {
		case model.Line:
			b.WriteString(words(block.Text) + "\n")
		case model.Grid:
			for _, row := range append([][]string{block.Head}, block.Rows...) {
				b.WriteString(strings.Join(row, "|") + "\n")
			}
		}
	}
	return b.String()
}

// traces are number, date and closing date of the document before, and who signed it when another signs this one.
func (o *overlap) traces() (traces []trace) {
	if symbol := symbolOf(o.previous); symbol != "" {
		traces = append(traces, trace{diag.LeftoverNumber, "số " + symbol, bounded(regexp.QuoteMeta(symbol)), false})
	}
	for _, key := range []string{model.DayKey, model.ClosingKey} {
		if day := o.previous.Values.Day(key); day != none && day != o.doc.Values.Day(key) {
			form := fmt.Sprintf(`0?%d(?:[-/.]| tháng )0?%d(?:[-/.]| năm )%d`, day.Day, day.Month, day.Year)
			traces = append(traces, trace{diag.LeftoverDate, "ngày " + day.Short() + " của kỳ trước", bounded(form), key == model.ClosingKey})
		}
	}
	if now, then := o.doc.Signer().Text(model.PersonKey), o.previous.Signer().Text(model.PersonKey); then != "" && !strings.EqualFold(now, then) {
		traces = append(traces, trace{diag.LeftoverSigner, then + ", người ký văn bản kỳ trước", bounded(regexp.QuoteMeta(then)), true})
	}
	return traces
}

// bounded finds a form that stands apart from letters and digits; the form is the first group.
func bounded(form string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^\pL\d])(` + form + `)(?:$|[^\pL\d])`)
}

// eachParagraph visits the paragraphs of all outlines, each with the key of its field. Rows of typed tables are not paragraphs: a list
// of papers rightly says again what it said before.
func eachParagraph(specs []model.FieldSpec, values model.Values, path string, visit func(field, text string)) {
	for _, spec := range specs {
		field := path + spec.Key
		switch value := values[spec.Key].(type) {
		case model.Outline:
			for _, block := range value {
				if line, ok := block.(model.Line); ok {
					visit(field, line.Text)
				}
			}
		case model.Items:
			if !slices.ContainsFunc(spec.Fields, func(f model.FieldSpec) bool { return f.Type == model.OutlineField }) {
				continue
			}
			for i, item := range value {
				eachParagraph(spec.Fields, item.(model.Values), field+"["+strconv.Itoa(i+1)+"].", visit)
			}
		case model.Values:
			eachParagraph(spec.Fields, value, field+".", visit)
		}
	}
}

// words is a paragraph for comparing: without marks at its end, in small letters.
func words(text string) string {
	return strings.ToLower(strings.TrimRight(strings.Join(strings.Fields(text), " "), " ./;,"))
}
