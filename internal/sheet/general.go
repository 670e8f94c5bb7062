package sheet

import (
	"strings"

	"vanthu/internal/model"
)

// entryRow is a row of “Thông tin chung”.
type entryRow struct {
	label, key string
	spec       *model.FieldSpec
	value      model.Value
}

// entries flattens the root fields that are not lists: a group gives a row for each of its fields.
func entries(specs []model.FieldSpec, values model.Values, label, key string) []entryRow {
	var rows []entryRow
	for i := range specs {
		spec := &specs[i]
		value := values[spec.Key]
		switch {
		case spec.Computed || spec.IsTable() || key == "" && spec.Type == model.ListField:
			continue
		case spec.Type == model.GroupField:
			inner, _ := value.(model.Values)
			rows = append(rows, entries(spec.Fields, inner, label+spec.Label+": ", key+spec.Key+".")...)
		default:
			rows = append(rows, entryRow{label + spec.Label, key + spec.Key, spec, value})
		}
	}
	return rows
}

// writeGeneral writes “Thông tin chung”: label, value, explanation, and the key in a hidden column.
func (w *workbook) writeGeneral() {
	widths := []float64{40, 78, 54, 20}
	const headRow = 3
	p := w.open(w.general, widths, setup{fit: true, panes: frozen(1, headRow), tab: "5B9BD5"})
	p.columns[3].hidden = true
	p.span(0, 2, 0, "THÔNG TIN CHUNG", w.style(title))
	p.end(24)
	const caption = "Ghi vào cột “Giá trị”. Dấu * là mục bắt buộc. Mục có nhiều dòng: nhấn Alt+Enter để xuống dòng trong ô."
	p.span(0, 2, 0, caption, w.style(leaning))
	p.end(20)
	for i, text := range []string{"Mục", "Giá trị", "Giải thích", "Khóa"} {
		p.set(i, text, w.style(head))
	}
	p.end(22)
	label := entry
	label.format, label.bold, label.indent = "", true, true
	for _, row := range entries(w.schema.Fields, w.values, "", "") {
		w.writeEntry(p, row, widths, w.style(label))
	}
	w.printTitles(p.name, headRow, headRow)
	p.close()
}

func (w *workbook) writeEntry(p *page, row entryRow, widths []float64, label int) {
	spec := row.spec
	if spec.Required {
		row.label += " *"
	}
	look := entry
	look.indent = true
	switch spec.Type {
	case model.DateField:
		look.format = dates
	case model.NumberField:
		look.format = ""
	}
	if w.sampled {
		look.colour = sampled
	}
	value := cellValue(row.value)
	help := spec.Help
	if row.key == model.KindKey {
		value, help = w.schema.Name, "Để nguyên: tệp này lập cho loại văn bản này."
	}
	if spec.Unit != "" {
		help = strings.TrimSpace(help + " Đơn vị tính: " + spec.Unit + ".")
	}
	p.set(0, row.label, label)
	p.set(1, value, w.style(look))
	p.set(2, help, w.style(note))
	p.set(3, row.key, w.style(note))
	count := lines(row.label, widths[0]-indented, 12, true)
	if text, ok := value.(string); ok {
		count = max(count, lines(text, widths[1]-indented, 12, false))
	}
	w.validate(p, cell(1, p.row), spec, false)
	switch row.key {
	case w.closing:
		w.define(closingName, quote(p.name)+"!"+fixed(1, p.row), "")
	case thresholdKey:
		w.define(thresholdName, quote(p.name)+"!"+fixed(1, p.row), "")
	}
	p.end(max(high(count, 12), high(lines(help, widths[2]-indented, 11, false), 11)))
}
