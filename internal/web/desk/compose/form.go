package compose

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"vanthu/internal/model"
	"vanthu/internal/office"
	"vanthu/internal/store"
	"vanthu/internal/web/desk"
)

// The ways in which a field is shown.
const (
	asLine    = "line"    // one line of text
	asBox     = "box"     // text of several lines
	asItems   = "items"   // a list of texts, an item a line
	asOutline = "outline" // what model reads as levels
	asDate    = "date"
	asAmount  = "amount" // a number with its unit
	asChoice  = "choice"
	asGroup   = "group"
	asGrid    = "grid"   // a table whose cells are texts
	asRepeat  = "repeat" // a table whose rows are fields below each other
	asSigner  = "signer"
)

// formField is a field as compose.html shows it.
type formField struct {
	Name, Label, Help, Way string
	Required, Short        bool
	Value, Hint, Unit      string // Hint is what stands there while nothing is typed
	Lines, Width           int    // of a text box; Width in characters
	Choices                []fieldChoice
	Inner                  []formField   // of a group
	Columns                []gridColumn  // of a grid
	Rows                   [][]formField // of a grid or a repeat
	First, Fresh           []formField   // the first row where there is none yet; one more, with the number 0
	Open                   bool          // of what can be folded away
	Computed, Spanned      bool          // worked out; of a grid: some columns have a heading over them
	Typed                  bool          // of a signer: none of those of the profile
	Compact                bool          // of an outline: not the body of the document
	Locked                 *store.Entry  // of a number that the register gave: its line there
}

type fieldChoice struct {
	Value, Text string
	Chosen      bool
}

// gridColumn is a heading. Span is how many columns the heading over it holds, 0 where the column stands under one that was said.
type gridColumn struct {
	Label, Help, Spanner string
	Required, Computed   bool
	Span, Width          int // Width in characters
}

// formSection is a part of the form.
type formSection struct {
	Title, Note string
	Folded      bool // where there is nothing to see in it
	Open        bool
	Fields      []formField
}

// rare are fields that few documents need.
var rare = []string{"do_mat", "do_khan", "luu_hanh", "nguoi_soan", "dia_chi", "nguong_giai_ngan", "nguong_bien_dong", "nguong_hoan_thanh"}

// formOfDraft is the form of a kind with what a draft says.
func formOfDraft(schema *model.Schema, root model.Node, office office.Office) []formSection {
	body := formSection{}
	profile := formSection{Title: "Lấy từ thông tin đơn vị", Folded: true, Note: "Ghi vào đây chỉ khi văn bản này khác thông tin của đơn vị."}
	more := formSection{Title: "Mục khác, ít dùng", Folded: true}
	given := map[string]string{"co_quan": strings.Join(strings.Fields(office.Agency.Name), " "), "dia_danh": office.Place}
	var known []string
	for i := range schema.Fields {
		spec := &schema.Fields[i]
		if spec.Computed || spec.Key == desk.KindField {
			continue
		}
		value := desk.Inside(root, spec.Key)
		field := fieldOf(spec, spec.Key, value)
		if spec.Key == desk.SignerField && spec.Type == model.GroupField {
			field = signerOf(field, value, office.Signers)
		}
		into := &body
		switch unit := spec.Key == "don_vi_soan" && schema.Abbreviation != ""; {
		case given[spec.Key] != "":
			known = append(known, given[spec.Key])
			into = &profile
			field = field.optional()
		case !spec.Required && (unit || slices.Contains(rare, spec.Key)):
			into = &more
		}
		into.Fields = append(into.Fields, field)
		into.Open = into.Open || value.Shape != model.Missing
	}
	if len(known) > 0 {
		profile.Title += ": " + strings.Join(known, " · ")
	}
	return slices.DeleteFunc([]formSection{body, profile, more}, func(s formSection) bool { return len(s.Fields) == 0 })
}

// optional is a field, with those inside it, that need not be filled in.
func (f formField) optional() formField {
	f.Required = false
	f.Inner = slices.Clone(f.Inner)
	for i := range f.Inner {
		f.Inner[i] = f.Inner[i].optional()
	}
	return f
}

// fieldOf shows a field of any type but the signer.
func fieldOf(spec *model.FieldSpec, name string, value model.Node) formField {
	f := formField{
		Name: name, Label: spec.Label, Help: formHelp(spec), Required: spec.Required, Unit: spec.Unit, Value: desk.BoxText(value),
		Hint: spec.Default, Computed: spec.Computed,
	}
	switch {
	case spec.IsTable():
		return tableOf(f, spec, value)
	case spec.Type == model.GroupField:
		f.Way, f.Value = asGroup, ""
		f.Inner = rowOf(spec.Fields, name+".", value)
	case spec.Type == model.OutlineField:
		f.Way = asOutline
		f.Lines = min(max(boxLines(f.Value), 4), 30)
		if f.Compact = name != desk.BodyField; !f.Compact {
			f.Lines = max(f.Lines, 14)
		}
	case spec.Type == model.ListField:
		f.Way, f.Lines = asItems, min(max(boxLines(f.Value), 2)+1, 12)
	case spec.Type == model.DateField:
		f.Way, f.Short = asDate, true
	case spec.Type == model.NumberField:
		f.Way, f.Short = asAmount, true
	case spec.Type == model.TextField && len(spec.Choices) > 0:
		f.Way, f.Short, f.Choices = asChoice, true, choicesOf(spec, f.Value)
	case spec.Type == model.TextField && (isLong(spec.Example) || strings.Contains(f.Value, "\n") || spec.Width >= 24):
		f.Way, f.Lines = asBox, min(max(boxLines(f.Value), 2), 8)
	default:
		f.Way, f.Short = asLine, spec.Key == desk.NumberField || spec.Type == model.PeriodField
	}
	if f.Hint == "" && spec.Type == model.DateField {
		f.Hint = "27/3/2026"
	}
	if f.Hint == "" && spec.Type == model.PeriodField {
		f.Hint = strings.Trim(spec.Example, `"`)
	}
	return f
}

func isLong(example string) bool {
	const most = 60 // runes that fit in a line of the form
	return strings.Contains(strings.TrimSpace(example), "\n") || utf8.RuneCountInString(example) > most
}

// boxLines guesses how many lines a text takes in a box.
func boxLines(text string) (lines int) {
	const wide = 72 // runes
	for line := range strings.SplitSeq(text, "\n") {
		lines += 1 + utf8.RuneCountInString(line)/wide
	}
	return lines
}

// formHelp is the help of a field without what only concerns data files.
func formHelp(spec *model.FieldSpec) string {
	var kept []string
	for line := range strings.SplitSeq(strings.ReplaceAll(spec.Help, ", thụt vào hai dấu cách", ""), "\n") {
		for _, sentence := range strings.SplitAfter(strings.TrimSpace(line), ". ") {
			if sentence != "" && !strings.Contains(sentence, ".yaml") && !strings.Contains(sentence, "ky: pho_chu_tich") {
				kept = append(kept, strings.TrimSpace(sentence))
			}
		}
	}
	if marks := []rune(spec.Endings); spec.Type == model.ListField && len(marks) == 2 && !strings.Contains(spec.Help, "Dấu ") {
		kept = append(kept, fmt.Sprintf("Mỗi mục một dòng; dấu %c giữa các mục và dấu %c ở cuối được thêm vào.", marks[0], marks[1]))
	}
	if spec.Default != "" && len(spec.Choices) == 0 {
		kept = append(kept, "Để trống thì ghi: "+strings.TrimSuffix(spec.Default, ".")+".")
	}
	return strings.Join(kept, " ")
}

// choicesOf are what one may choose. The default is what nothing stands for.
func choicesOf(spec *model.FieldSpec, value string) []fieldChoice {
	var list []fieldChoice
	if spec.Default == "" {
		list = append(list, fieldChoice{"", "—", value == ""})
	}
	known := value == ""
	for _, text := range spec.Choices {
		stands := text
		if text == spec.Default {
			stands = ""
		}
		chosen := value == text || value == "" && stands == ""
		known = known || chosen
		list = append(list, fieldChoice{stands, text, chosen})
	}
	if !known {
		list = append(list, fieldChoice{value, value, true})
	}
	return list
}

func rowOf(specs []model.FieldSpec, prefix string, value model.Node) (fields []formField) {
	for i := range specs {
		fields = append(fields, fieldOf(&specs[i], prefix+specs[i].Key, desk.Inside(value, specs[i].Key)))
	}
	return fields
}

// tableOf shows a table: as a grid where its cells are texts, or its rows below each other.
func tableOf(f formField, spec *model.FieldSpec, value model.Node) formField {
	f.Value, f.Way = "", asGrid
	cells := slices.DeleteFunc(slices.Clone(spec.Fields), func(s model.FieldSpec) bool { return s.Computed && s.Key == rowField })
	if slices.ContainsFunc(spec.Fields, func(s model.FieldSpec) bool {
		return s.Type == model.OutlineField || s.Type == model.ListField || s.Type == model.GroupField
	}) {
		f.Way = asRepeat
		cells = slices.DeleteFunc(cells, func(s model.FieldSpec) bool { return s.Computed })
	}
	inner := func(prefix string, row model.Node) []formField { return rowOf(cells, prefix, row) }
	for i, row := range value.Items {
		f.Rows = append(f.Rows, inner(fmt.Sprintf("%s[%d].", f.Name, i+1), row))
	}
	f.First, f.Fresh = inner(f.Name+"[1].", model.Node{}), inner(f.Name+"[0].", model.Node{})
	if f.Way == asGrid {
		f.Columns = columnsOf(cells)
		f.Spanned = slices.ContainsFunc(f.Columns, func(c gridColumn) bool { return c.Span > 0 })
	}
	f.Open = f.Required || len(f.Rows) > 0
	return f
}

func columnsOf(specs []model.FieldSpec) []gridColumn {
	columns := make([]gridColumn, len(specs))
	begins := 0
	for i, spec := range specs {
		label := spec.Label
		if spec.Unit != "" && !strings.Contains(label, "(") {
			label += " (" + spec.Unit + ")"
		}
		columns[i] = gridColumn{Label: label, Help: formHelp(&spec), Spanner: spec.Spanner, Required: spec.Required, Computed: spec.Computed, Width: spec.Width}
		switch {
		case spec.Spanner == "":
		case i > 0 && specs[i-1].Spanner == spec.Spanner:
			columns[begins].Span++
		default:
			begins, columns[i].Span = i, 1
		}
	}
	return columns
}

// signerOf shows who signs: somebody of the profile, or a person who is typed.
func signerOf(f formField, value model.Node, signers []office.Signer) formField {
	f.Way = asSigner
	named := ""
	if value.Shape == model.Scalar {
		named = value.Text
	}
	f.Typed = len(signers) == 0 || value.Shape == model.Group
	known := named == ""
	for _, signer := range signers {
		text := signer.Name + signerTitle(signer.Title)
		if signer.From != "" || signer.Until != "" {
			text += " (" + strings.TrimSpace(wordBefore("từ ", signer.From)+wordBefore(" đến ", signer.Until)) + ")"
		}
		chosen := signer.Key == named
		known = known || chosen
		f.Choices = append(f.Choices, fieldChoice{signer.Key, text, chosen})
	}
	if !known {
		f.Choices = append(f.Choices, fieldChoice{named, "“" + named + "”: không có trong thông tin đơn vị", true})
	}
	if len(f.Choices) > 0 {
		f.Choices = append([]fieldChoice{{"", "— Chọn người ký —", named == "" && !f.Typed}}, f.Choices...)
		f.Choices = append(f.Choices, fieldChoice{otherSigner, "Người khác (ghi ở dưới)", f.Typed})
	}
	return f
}

// signerTitle is the position, the last line of a title, before the words of authority: " – PHÓ CHỦ TỊCH (TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH)".
func signerTitle(title string) string {
	lines := typedLines(title)
	switch n := len(lines); n {
	case 0:
		return ""
	case 1:
		return " – " + lines[0]
	default:
		return " – " + lines[n-1] + " (" + strings.Join(lines[:n-1], ", ") + ")"
	}
}

// wordBefore is a text behind a word, or nothing.
func wordBefore(word, text string) string {
	if text == "" {
		return ""
	}
	return word + text
}
