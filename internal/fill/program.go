package fill

import (
	"bytes"
	"fmt"
	"strconv"

	"vanthu/internal/geom"
	"vanthu/internal/model"
)

// step is an instruction of a compiled template: literal, hole, block, table, cellEnd, note, rule, outline, sectionEnd or newSection.
type step interface {
	write(w *writer) error
}

// writer is one run of a program.
type writer struct {
	template *Template
	out      []byte
	frames   []frame
	above    int // where in out the text begins that the next rule stands under
	sheet    sheet
}

// frame is the value of an open block; the outermost is the document.
type frame struct {
	value model.Value
	index int // of the item, from 1; 0 when not of a list
}

func (w *writer) run(steps []step) error {
	for _, s := range steps {
		if err := s.write(w); err != nil {
			return err
		}
	}
	return nil
}

// find returns the value of a reference, or nil. A required value whose group is there must be there too.
func (w *writer) find(r reference) (model.Value, error) {
	value := w.frames[r.level].value
	for _, key := range r.path {
		group, ok := value.(model.Values)
		if !ok {
			return nil, nil
		}
		value = group[key]
	}
	if value == nil && r.required {
		return nil, fmt.Errorf("field %s has no value", w.name(r))
	}
	return value, nil
}

// name is a reference for people, with the number of the item: "can_cu[2]".
func (w *writer) name(r reference) string {
	if index := w.frames[r.level].index; index > 0 {
		return r.name + "[" + strconv.Itoa(index) + "]"
	}
	return r.name
}

// present reports whether a value says anything.
func present(value model.Value) bool {
	switch v := value.(type) {
	case nil:
		return false
	case model.Text:
		return v != ""
	case model.Number:
		return !v.IsZero()
	case model.Items:
		return len(v) > 0
	case model.Outline:
		return len(v) > 0
	case model.Values:
		return len(v) > 0
	}
	return true
}

// literal is bytes of the template.
type literal []byte

func (l literal) write(w *writer) error {
	w.out = append(w.out, l...)
	return nil
}

// A hole stands inside a w:t that keeps spaces.
const (
	openText  = `<w:t xml:space="preserve">`
	closeText = `</w:t>`
)

// hole writes a value as text.
type hole struct {
	from    reference
	filters []func(model.Value) string
}

func (h hole) write(w *writer) error {
	value, err := w.find(h.from)
	if err != nil || value == nil {
		return err
	}
	for _, apply := range h.filters {
		if _, blank := value.(model.Blank); !blank { // which prints the label of its field
			value = model.Text(apply(value))
		}
	}
	switch value.(type) {
	case model.Text, model.Blank, model.Date, model.Number, model.Period:
		err = w.text(printed(value))
	default:
		err = fmt.Errorf("is a %T, not text", value)
	}
	if err != nil {
		return fmt.Errorf("field %s: %w", w.name(h.from), err)
	}
	return nil
}

// text writes text inside a w:t. A line break and a tab are elements beside the w:t, not in it (ECMA-376-1, 17.3.3.1, 17.3.3.32).
func (w *writer) text(text string) error {
	if err := checkText(text); err != nil {
		return err
	}
	from := 0
	for i := range len(text) {
		if text[i] > '>' {
			continue
		}
		as := ""
		switch text[i] {
		case '&':
			as = "&amp;"
		case '<':
			as = "&lt;"
		case '>':
			as = "&gt;"
		case '\n':
			as = closeText + "<w:br/>" + openText
		case '\t':
			as = closeText + "<w:tab/>" + openText
		default:
			continue
		}
		w.out = append(append(w.out, text[from:i]...), as...)
		from = i + 1
	}
	w.out = append(w.out, text[from:]...)
	return nil
}

// block writes its body for each item of a list, once for a present value, or, inverted, once for want of one.
type block struct {
	from   reference
	invert bool
	body   []step
}

func (b block) write(w *writer) error {
	b.from.required = false
	value, err := w.find(b.from)
	switch {
	case err != nil:
		return err
	case b.invert && !present(value):
		return w.run(b.body)
	case b.invert || !present(value):
		return nil
	}
	top := len(w.frames)
	defer func() { w.frames = w.frames[:top] }()
	w.frames = append(w.frames, frame{value: value})
	items, isList := value.(model.Items)
	if !isList {
		return w.run(b.body)
	}
	for i, item := range items {
		w.frames[top] = frame{value: item, index: i + 1}
		if err := w.run(b.body); err != nil {
			return err
		}
	}
	return nil
}

// table writes a w:tbl, unless its blocks left it without rows, which Word takes for damage.
type table struct{ steps []step }

func (t table) write(w *writer) error {
	start := len(w.out)
	if err := w.run(t.steps); err != nil {
		return err
	}
	if !bytes.Contains(w.out[start:], []byte("</w:tr>")) {
		w.out = w.out[:start]
	}
	return nil
}

// cellEnd ends a cell with the paragraph that it must have there (ECMA-376-1, 17.4.65) when its blocks left none.
type cellEnd struct{}

func (cellEnd) write(w *writer) error {
	if !bytes.HasSuffix(w.out, []byte("</w:p>")) && !bytes.HasSuffix(w.out, []byte("<w:p/>")) {
		w.out = append(w.out, "<w:p/>"...)
	}
	return nil
}

// note remembers where the text above a rule begins.
type note struct{}

func (note) write(w *writer) error {
	w.above = len(w.out)
	return nil
}

// rule writes an empty paragraph whose top border is centred under the text above and has a share of its width. The border is
// that of the style; the indents give its length. Nothing above, no rule.
type rule struct {
	percent  int
	column   column
	keepNext bool
}

func (r rule) write(w *writer) error {
	above := w.out[w.above:]
	if len(above) == 0 {
		return nil
	}
	column := r.column.on(w.sheet.turned)
	width, err := w.template.measure(above, column)
	if err != nil {
		return err
	}
	indent := ((column - width*geom.EMU(r.percent)/100) / 2).Twips()
	w.openParagraph(ruleStyle, r.keepNext)
	w.out = fmt.Appendf(w.out, `<w:ind w:left="%d" w:right="%d" w:firstLine="0"/></w:pPr></w:p>`, indent, indent)
	return nil
}
