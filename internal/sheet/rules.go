package sheet

import (
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// colours are the conditions under which cells of a table are coloured.
type colours struct {
	columns           []string // whose cells are coloured
	late, soon, ready string   // rules; empty for none
}

// lateLook and the others are readable in print: what is late is bold, too.
var (
	lateLook  = look{bold: true, colour: "9C0006", fill: "FFC7CE"}
	soonLook  = look{colour: "7F6000", fill: "FFEB9C"}
	readyLook = look{colour: "006100", fill: "C6EFCE"}
)

// Due within a week is soon.
const (
	stateLate  = `{$tinh_trang}="Chưa hoàn thành quá hạn"`
	stateSoon  = `AND(ISNUMBER({$thoi_han}),{$tinh_trang}="Chưa hoàn thành trong hạn",{$thoi_han}-NgayChot<=7)`
	stateReady = `OR({$tinh_trang}="Hoàn thành đúng hạn",{$tinh_trang}="Hoàn thành quá hạn")`
)

var coloured = map[string]colours{
	tasksKey:   {[]string{"thoi_han", "tinh_trang", "so_ngay"}, stateLate, stateSoon, stateReady},
	roadmapKey: {[]string{"thoi_han", "tinh_trang"}, stateLate, stateSoon, stateReady},
	recommendationsKey: {
		[]string{"thoi_han", "muc_do", "so_ngay_qua_han"},
		`OR({$muc_do}="Quá hạn",{$muc_do}="Không thực hiện",{$muc_do}="Chưa đáp ứng yêu cầu")`,
		`AND(ISNUMBER({$thoi_han}),{$muc_do}<>"Hoàn thành",{$thoi_han}-NgayChot<=7)`,
		`{$muc_do}="Hoàn thành"`,
	},
	petitionsKey: {
		[]string{"thoi_han", "trang_thai"},
		`{$trang_thai}="Quá hạn trả lời"`,
		`AND(ISNUMBER({$thoi_han}),{$trang_thai}="Đang giải quyết",{$thoi_han}-NgayChot<=7)`,
		`{$trang_thai}="Đã trả lời"`,
	},
	disbursementKey: {[]string{"ty_le", "cham"}, `{$cham}="C"`, "", ""},
	model.UnitsKey:  {[]string{"tinh_trang"}, `{$tinh_trang}="Chưa có báo cáo"`, "", `{$tinh_trang}="Đã báo cáo"`},
}

// rules sets what cells of a table take, and their colours.
func (w *workbook) rules(p *page, t *table) {
	done := make([]bool, len(t.columns))
	for i := range t.columns {
		var cells []string
		for k := i; k < len(t.columns); k++ {
			if !done[k] && !t.columns[k].Computed && (k == i || cells != nil && alike(&t.columns[i], &t.columns[k])) {
				cells = append(cells, cell(k, t.first)+":"+cell(k, t.bottom()))
				done[k] = true
			}
		}
		if cells != nil {
			w.validate(p, strings.Join(cells, " "), &t.columns[i], true)
		}
	}
	c, known := coloured[t.spec.Key]
	if !known {
		return
	}
	var areas []string
	for _, key := range c.columns {
		if column := t.column(key); column >= 0 {
			areas = append(areas, cell(column, t.first)+":"+cell(column, t.bottom()))
		}
	}
	var conditions []colour
	for _, rule := range []struct {
		when string
		look look
	}{{c.late, lateLook}, {c.soon, soonLook}, {c.ready, readyLook}} {
		if f := w.compile(t, rule.when); f != nil {
			conditions = append(conditions, colour{f.at(t.first), rule.look})
		}
	}
	if len(areas) > 0 && len(conditions) > 0 {
		p.colour(strings.Join(areas, " "), conditions)
	}
}

// validate limits what may be typed into cells; asked adds a prompt with the help of the field.
func (w *workbook) validate(p *page, cells string, spec *model.FieldSpec, asked bool) {
	dv := excelize.NewDataValidation(true)
	dv.SetSqref(cells)
	const stop = excelize.DataValidationErrorStyleStop
	switch {
	case spec.Type == model.TextField && len(spec.Choices) > 0:
		if reference := w.choices.reference(spec.Choices); reference != "" {
			dv.SetSqrefDropList(reference)
		} else {
			w.check(dv.SetDropList(spec.Choices))
		}
		dv.SetError(stop, "Không có trong danh sách", "Chọn một giá trị trong danh sách thả xuống, hoặc để trống.")
	case spec.Type == model.DateField:
		first, last := vi.Date{Year: 2000, Month: 1, Day: 1}, vi.Date{Year: 2100, Month: 12, Day: 31}
		w.check(dv.SetRange(first.Serial(), last.Serial(), excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween))
		dv.SetError(stop, "Ngày chưa đúng", "Ghi ngày, tháng, năm, ví dụ 27/3/2026, từ năm 2000 đến năm 2100.")
	case spec.Type == model.NumberField:
		w.check(dv.SetRange(-1e15, 1e15, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween))
		dv.SetError(stop, "Số chưa đúng", "Chỉ ghi số, không ghi đơn vị tính.")
	case !asked || spec.Help == "":
		return
	}
	if asked && spec.Help != "" {
		dv.SetInput(cut(spec.Label, 32), cut(spec.Help, 255))
	}
	p.validations = append(p.validations, dv)
}

// alike reports whether two columns take the same and have no help of their own.
func alike(a, b *model.FieldSpec) bool {
	return a.Type == b.Type && (a.Type == model.DateField || a.Type == model.NumberField) && a.Help == "" && b.Help == "" &&
		len(a.Choices) == 0 && len(b.Choices) == 0
}

// choices are the lists of texts that do not fit into a drop-down list of their own: together longer than 255 characters, or with
// the comma that stands between them. They stand on a hidden sheet, a column each.
type choices struct {
	sheet string
	lists [][]string
}

// planChoices adds the hidden sheet where one is needed.
func (w *workbook) planChoices() {
	w.choices = &choices{}
	w.choices.gather(w.schema.Fields)
	if len(w.choices.lists) > 0 {
		w.choices.sheet = w.add(choiceSheet)
		w.hide(w.choices.sheet)
	}
}

func (c *choices) gather(specs []model.FieldSpec) {
	for _, spec := range specs {
		joined := strings.Join(spec.Choices, ",")
		if len(utf16.Encode([]rune(joined))) > 255 || strings.Count(joined, ",") >= max(len(spec.Choices), 1) {
			if c.index(spec.Choices) < 0 {
				c.lists = append(c.lists, spec.Choices)
			}
		}
		c.gather(spec.Fields)
	}
}

func (c *choices) index(list []string) int {
	for i, other := range c.lists {
		if strings.Join(other, "\n") == strings.Join(list, "\n") {
			return i
		}
	}
	return -1
}

// reference is where a list stands; empty for one that fits.
func (c *choices) reference(list []string) string {
	if i := c.index(list); i >= 0 {
		return down(c.sheet, i, 1, len(list))
	}
	return ""
}

func (w *workbook) writeChoices() {
	if len(w.choices.lists) == 0 {
		return
	}
	widths := make([]float64, len(w.choices.lists))
	for i := range widths {
		widths[i] = 30
	}
	p := w.open(w.choices.sheet, widths, setup{fit: true})
	for row := 0; ; row++ {
		more := false
		for i, list := range w.choices.lists {
			if row < len(list) {
				p.set(i, list[row], 0)
				more = true
			}
		}
		if !more {
			break
		}
		p.end(0)
	}
	p.close()
}
