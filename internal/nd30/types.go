package nd30

// Type is a kind of administrative document (Điều 7; abbreviations and forms of Phụ lục III).
type Type struct {
	Name         string // "Kế hoạch"
	Abbreviation string // "KH"; empty where Phụ lục III, Phần I gives none
	Form         string // number of its form in Phụ lục III, Phần II; empty where there is none
}

// Types are the 29 kinds of Điều 7 in the decree's order.
var Types = [...]Type{
	{"Nghị quyết", "NQ", "1.1"},
	{"Quyết định", "QĐ", "1.2"}, // and 1.3, when it issues another document
	{"Chỉ thị", "CT", "1.4"},
	{"Quy chế", "QC", "1.4"},
	{"Quy định", "QyĐ", "1.4"},
	{"Thông cáo", "TC", "1.4"},
	{"Thông báo", "TB", "1.4"},
	{"Hướng dẫn", "HD", "1.4"},
	{"Chương trình", "CTr", "1.4"},
	{"Kế hoạch", "KH", "1.4"},
	{"Phương án", "PA", "1.4"},
	{"Đề án", "ĐA", "1.4"},
	{"Dự án", "DA", "1.4"},
	{"Báo cáo", "BC", "1.4"},
	{"Biên bản", "BB", "1.9"},
	{"Tờ trình", "TTr", "1.4"},
	{"Hợp đồng", "HĐ", ""},
	{"Công văn", "", "1.5"},
	{"Công điện", "CĐ", "1.6"},
	{"Bản ghi nhớ", "BGN", ""},
	{"Bản thỏa thuận", "BTT", ""},
	{"Giấy ủy quyền", "GUQ", "1.4"},
	{"Giấy mời", "GM", "1.7"},
	{"Giấy giới thiệu", "GGT", "1.8"},
	{"Giấy nghỉ phép", "GNP", "1.10"},
	{"Phiếu gửi", "PG", "1.4"},
	{"Phiếu chuyển", "PC", "1.4"},
	{"Phiếu báo", "PB", "1.4"},
	{"Thư công", "", ""},
}

// Copies are the three kinds of copy (Điều 25; Phụ lục III, Phần I). Forms 3.1 on paper, 3.2 electronic.
var Copies = [...]Type{
	{"Bản sao y", "SY", "3.1"},
	{"Bản trích sao", "TrS", "3.1"},
	{"Bản sao lục", "SL", "3.1"},
}

// Authority is a form of signing for another (Phụ lục I, Phần I, Mục II, khoản 7, điểm b; Điều 13). The list is closed.
type Authority struct {
	Mark    string // "TM."
	Meaning string // "thay mặt tập thể"
}

// Authorities are the forms of signing.
var Authorities = [...]Authority{
	{"TM.", "ký thay mặt tập thể"},
	{"Q.", "quyền cấp trưởng"},
	{"KT.", "cấp phó ký thay người đứng đầu"},
	{"TL.", "ký thừa lệnh"},
	{"TUQ.", "ký thừa ủy quyền"},
}
