package nd30

import "vanthu/internal/geom"

// Range is a length with its limits.
type Range struct{ Min, Max geom.EMU }

// The sheet: A4 and its margins (Phụ lục I, Phần I, Mục I, khoản 1 và khoản 3).
const (
	PageWidth  = 210 * geom.Millimetre
	PageHeight = 297 * geom.Millimetre
)

// The limits of the margins (Phụ lục I, Phần I, Mục I, khoản 3).
var (
	TopMargin    = Range{20 * geom.Millimetre, 25 * geom.Millimetre}
	BottomMargin = Range{20 * geom.Millimetre, 25 * geom.Millimetre}
	LeftMargin   = Range{30 * geom.Millimetre, 35 * geom.Millimetre}
	RightMargin  = Range{15 * geom.Millimetre, 20 * geom.Millimetre}
)

// FontFamily is the face of all text, in black (Phụ lục I, Phần I, Mục I, khoản 4).
const FontFamily = "Times New Roman"

// Element says how an element of a document is set. Sizes are points.
type Element struct {
	Name     string // as the decree calls it
	Clause   string // below Phụ lục I, Phần I
	Min, Max int
	Default  int // of the example in Mục V
	Bold     bool
	Italic   bool
	Upper    bool
	Rule     Rule
}

// Rule is the length of the line under an element as a share of its text, in percent; zero is no line.
type Rule struct{ Min, Max int }

var (
	whole = Rule{100, 100}
	part  = Rule{33, 50} // "từ 1/3 đến 1/2 độ dài của dòng chữ"
)

// Elements are the elements in the order of the decree (Phụ lục I, Phần I, Mục II đến Mục V).
var Elements = [...]Element{
	{Name: "Quốc hiệu", Clause: "Mục II, khoản 1, điểm a", Min: 12, Max: 13, Default: 12, Bold: true, Upper: true},
	{Name: "Tiêu ngữ", Clause: "Mục II, khoản 1, điểm b", Min: 13, Max: 14, Default: 13, Bold: true, Rule: whole},
	{Name: "Tên cơ quan chủ quản trực tiếp", Clause: "Mục II, khoản 2", Min: 12, Max: 13, Default: 12, Upper: true},
	{Name: "Tên cơ quan ban hành", Clause: "Mục II, khoản 2", Min: 12, Max: 13, Default: 12, Bold: true, Upper: true, Rule: part},
	{Name: "Số, ký hiệu", Clause: "Mục II, khoản 3", Min: 13, Max: 13, Default: 13},
	{Name: "Địa danh và thời gian", Clause: "Mục II, khoản 4", Min: 13, Max: 14, Default: 13, Italic: true},
	{Name: "Tên loại", Clause: "Mục II, khoản 5", Min: 13, Max: 14, Default: 14, Bold: true, Upper: true},
	{Name: "Trích yếu", Clause: "Mục II, khoản 5", Min: 13, Max: 14, Default: 14, Bold: true, Rule: part},
	{Name: "Trích yếu công văn", Clause: "Mục II, khoản 5", Min: 12, Max: 13, Default: 12},
	{Name: "Căn cứ", Clause: "Mục II, khoản 6", Min: 13, Max: 14, Default: 14, Italic: true},
	{Name: "Nội dung", Clause: "Mục II, khoản 6", Min: 13, Max: 14, Default: 14},
	{Name: "Quyền hạn, chức vụ người ký", Clause: "Mục II, khoản 7", Min: 13, Max: 14, Default: 14, Bold: true, Upper: true},
	{Name: "Họ tên người ký", Clause: "Mục II, khoản 7", Min: 13, Max: 14, Default: 14, Bold: true},
	{Name: "Kính gửi", Clause: "Mục II, khoản 9", Min: 13, Max: 14, Default: 14},
	{Name: "Nơi nhận", Clause: "Mục II, khoản 9", Min: 12, Max: 12, Default: 12, Bold: true, Italic: true},
	{Name: "Danh sách nơi nhận", Clause: "Mục II, khoản 9", Min: 11, Max: 11, Default: 11},
	{Name: "Phụ lục", Clause: "Mục III, khoản 1", Min: 14, Max: 14, Default: 14, Bold: true},
	{Name: "Tên phụ lục", Clause: "Mục III, khoản 1", Min: 13, Max: 14, Default: 14, Bold: true, Upper: true},
	{Name: "Độ khẩn", Clause: "Mục III, khoản 2", Min: 13, Max: 14, Default: 13, Bold: true, Upper: true},
	{Name: "Chỉ dẫn phạm vi lưu hành", Clause: "Mục III, khoản 2", Min: 13, Max: 14, Default: 13, Bold: true, Upper: true},
	{Name: "Ký hiệu người soạn thảo, số lượng bản", Clause: "Mục III, khoản 3", Min: 11, Max: 11, Default: 11},
	{Name: "Địa chỉ cơ quan", Clause: "Mục III, khoản 4", Min: 11, Max: 12, Default: 11},
	{Name: "Số trang", Clause: "Mục I, khoản 7", Min: 13, Max: 14, Default: 14},
}
