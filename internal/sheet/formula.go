package sheet

import (
	"strconv"
	"strings"

	"vanthu/internal/model"
)

// Keys of the tables that are followed up.
const (
	tasksKey           = "nhiem_vu"
	recommendationsKey = "kien_nghi"
	petitionsKey       = "cu_tri"
	disbursementKey    = "giai_ngan"
	roadmapKey         = "lo_trinh"
)

// The rules of package tally as formulas, one for each column that is worked out; internal/docs/adr/0005 says why they stand twice.
// {khoa} is the cell of a column in the same row, {$khoa} the same with its column held fast, {^khoa} the cell above the first of the
// column, so that rows put in at the top are counted, too; {*} is the column that says what the row is about.
const (
	countRule = `IF({*}="","",COUNTA({^*}:{*})-COUNTA({^*}))`

	stateRule = `IF({*}="","",IF(AND(ISNUMBER({ngay_hoan_thanh}),{ngay_hoan_thanh}<=NgayChot),` +
		`IF(AND(ISNUMBER({thoi_han}),{ngay_hoan_thanh}>{thoi_han}),"Hoàn thành quá hạn","Hoàn thành đúng hạn"),` +
		`IF(AND(ISNUMBER({thoi_han}),{thoi_han}<NgayChot),"Chưa hoàn thành quá hạn","Chưa hoàn thành trong hạn")))`

	daysRule = `IF(AND(ISNUMBER({thoi_han}),LEFT({tinh_trang},4)="Chưa"),{thoi_han}-NgayChot,"")`

	degreeRule = `IF({*}="","",IF(OR({danh_gia}="Hoàn thành",{danh_gia}="Không thực hiện",{danh_gia}="Chưa đáp ứng yêu cầu"),` +
		`{danh_gia},IF(AND(ISNUMBER({thoi_han}),{thoi_han}<NgayChot),"Quá hạn",` +
		`IF({danh_gia}="Hoàn thành một phần",{danh_gia},"Chưa hoàn thành"))))`

	overdueRule = `IF(AND(ISNUMBER({thoi_han}),{muc_do}<>"",{muc_do}<>"Hoàn thành",NgayChot>{thoi_han}),NgayChot-{thoi_han},"")`

	stepRule = `IF(AND(OR({muc_do}="Quá hạn",{muc_do}="Không thực hiện",{muc_do}="Chưa đáp ứng yêu cầu"),` +
		`N({buoc})>=0,N({buoc})<7,N({buoc})=INT(N({buoc}))),` +
		`CHOOSE(N({buoc})+1,"Đôn đốc lần 1","Đôn đốc tiếp","Kiến nghị cấp có thẩm quyền","Phiên giải trình","Chất vấn",` +
		`"Giám sát lại","Báo cáo Hội đồng nhân dân"),"")`

	answerRule = `IF({*}="","",IF(AND(ISNUMBER({ngay_tra_loi}),{ngay_tra_loi}<=NgayChot),"Đã trả lời",` +
		`IF(AND(ISNUMBER({thoi_han}),{thoi_han}<NgayChot),"Quá hạn trả lời","Đang giải quyết")))`

	reportRule = `IF({*}="","",IF(OR({bao_cao}<>"",ISNUMBER({nhiem_vu_trong_ky_tong}),ISNUMBER({kien_nghi_tong}),ISNUMBER({cu_tri_tiep_nhan}),` +
		`ISNUMBER({giai_ngan_ke_hoach})),"Đã báo cáo","Chưa có báo cáo"))`

	slowRule = `IF({*}="","",IF(AND(ISNUMBER({ty_le}),{ty_le}<NguongGiaiNgan),"C","K"))`
)

// computed are the rules by table and column.
var computed = map[string]string{
	tasksKey + ".tinh_trang":                stateRule,
	tasksKey + ".so_ngay":                   daysRule,
	roadmapKey + ".tinh_trang":              stateRule,
	recommendationsKey + ".muc_do":          degreeRule,
	recommendationsKey + ".so_ngay_qua_han": overdueRule,
	recommendationsKey + ".buoc_tiep":       stepRule,
	petitionsKey + ".trang_thai":            answerRule,
	disbursementKey + ".cham":               slowRule,
	model.UnitsKey + ".tinh_trang":          reportRule,
}

// rates are the columns that are percents, by table and column: of which columns they are part and whole.
var rates = map[string][2]string{
	disbursementKey + ".ty_le":                  {"da_giai_ngan", "ke_hoach"},
	model.UnitsKey + ".nhiem_vu_trong_ky_ty_le": {"nhiem_vu_trong_ky_hoan_thanh", "nhiem_vu_trong_ky_tong"},
	model.UnitsKey + ".kien_nghi_ty_le":         {"kien_nghi_hoan_thanh", "kien_nghi_tong"},
	model.UnitsKey + ".cu_tri_ty_le":            {"cu_tri_da_tra_loi", "cu_tri_tiep_nhan"},
	model.UnitsKey + ".giai_ngan_ty_le":         {"giai_ngan_da_giai_ngan", "giai_ngan_ke_hoach"},
}

// rateFormula is a part of a whole in percent with one decimal; blank when the whole is 0.
func rateFormula(part, whole string) string {
	return "IF(N(" + whole + ")=0,\"\",ROUND(" + part + "*100/" + whole + ",1))"
}

// rate is what rateFormula comes to.
func rate(part, whole model.Number) any {
	if whole.IsZero() {
		return ""
	}
	return part.Shift(2).DivRound(whole.Decimal, 1).InexactFloat64()
}

// formula is a rule made ready for the cells of a column: text, and between it references to rows.
type formula struct {
	texts []string // one more than rows
	rows  []int    // 0 for the row of the formula itself
}

// at returns the formula for a row.
func (f *formula) at(row int) string {
	b := make([]byte, 0, 256)
	for i, fixed := range f.rows {
		b = append(b, f.texts[i]...)
		if fixed == 0 {
			fixed = row
		}
		b = strconv.AppendInt(b, int64(fixed), 10)
	}
	return string(append(b, f.texts[len(f.rows)]...))
}

// formulaOf is the formula of a column, or nil when there is no rule for it or when the rule names what the kind does not have.
func (w *workbook) formulaOf(t *table, column int) *formula {
	spec := &t.columns[column]
	if !spec.Computed {
		return nil
	}
	rule := computed[t.spec.Key+"."+spec.Key]
	if of, isRate := rates[t.spec.Key+"."+spec.Key]; isRate {
		rule = rateFormula("{"+of[0]+"}", "{"+of[1]+"}")
	} else if rule == "" && spec.Key == model.RowKey {
		rule = countRule
	}
	return w.compile(t, rule)
}

// compile puts cells into a rule; nil when a cell is missing or there is no rule.
func (w *workbook) compile(t *table, rule string) *formula {
	if rule == "" || strings.Contains(rule, closingName) && w.closing == "" ||
		strings.Contains(rule, thresholdName) && !w.has(thresholdKey) {
		return nil
	}
	f := &formula{}
	for {
		before, rest, found := strings.Cut(rule, "{")
		if !found {
			f.texts = append(f.texts, rule)
			return f
		}
		name, after, _ := strings.Cut(rest, "}")
		key := strings.TrimLeft(name, "$^")
		column := t.column(key)
		if key == "*" {
			column = t.content
		}
		if column < 0 {
			return nil
		}
		row, reference := 0, letters(column)
		switch name[0] {
		case '^':
			row, reference = t.first-1, reference+"$"
		case '$':
			reference = "$" + reference
		}
		f.texts, f.rows = append(f.texts, before+reference), append(f.rows, row)
		rule = after
	}
}
