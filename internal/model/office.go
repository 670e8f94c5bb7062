package model

import (
	"slices"
	"strconv"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/nd30"
	"vanthu/internal/vi"
)

// Keys that Bind knows by name.
const (
	annexKey  = "phu_luc"     // the annexes
	annexName = "ten_phu_luc" // of each, computed

	stampKey   = "dau"    // the boxes of secrecy and urgency, derived
	oneKey     = "_mot"   // behind the key of a list of addressees: the only one, derived
	severalKey = "_nhieu" // and all of several, derived
	placeKey   = "noi"    // of the several, the list
)

// addresseeKeys are the lists that follow “Kính gửi:”, “trân trọng kính mời:” and, in a telegram, “điện:”.
var addresseeKeys = []string{"kinh_gui", "kinh_moi", "noi_nhan_dien"}

// office is what the profile of an office, don-vi.yaml, gives to each of its documents:
//
//	co_quan:  {cap_tren, ten, ky_hieu}         as in a document
//	dia_danh: Vĩnh Am                          as in a document
//	nguoi_ky: {pho_chu_tich: {chuc_vu, ho_ten}}  signers by a key of the office's choice; "ky: pho_chu_tich" names one. tu_ngay and
//	                                           den_ngay beside them are the first and the last day on which they sign
//	day_so:   {ke-hoach: KH-HĐND}              the symbol of the number series of a kind
//	cach_danh_so: theo_loai                    which documents share a series of numbers: chung, theo_loai, nhom
//	nhom_so:  {quyet_nghi: [nghi-quyet, …]}    the kinds of each group
type office struct {
	given   bool
	file    string
	values  Values // root fields for documents that leave them out
	signers Values
	order   []string        // the keys of signers in the order of the file
	terms   map[string]term // of signers that have one
	series  string          // symbol for the kind at hand, or empty

	numbering Numbering
}

func (b *binder) bindOffice(profile *Record) office {
	o := office{values: Values{}, signers: Values{}, numbering: Numbering{Way: SeriesByType}}
	if profile == nil {
		return o
	}
	o.given, o.file = true, profile.File
	root := profile.Root
	root.Place.File = profile.File
	specs := append([]FieldSpec{
		{Key: AgencyKey, Label: "Cơ quan ban hành", Type: GroupField},
		{Key: PlaceKey, Label: "Địa danh"},
		{Key: SignersKey, Label: "Người ký", Type: GroupField},
		{Key: "day_so", Label: "Dãy số", Type: GroupField},
	}, numberingSpecs()...)
	if root.Shape != Group {
		b.complain(diag.NotAProfile, root.Place, "viết các khóa: "+keys(specs), "tệp đơn vị phải gồm các khóa, ở đây là %s", root.Shape)
		return o
	}
	given := b.match(specs, root.Fields, "")
	o.numbering = Numbering{}
	for _, spec := range specs {
		node := given[spec.Key]
		if blank(node) {
			continue
		}
		node.Place.File, node.Place.Field = profile.File, spec.Key
		own := find(b.schema.Fields, spec.Key)
		switch {
		case own != nil:
			if value := b.value(own, node); value != nil {
				o.values[spec.Key] = value
			}
		case spec.Type == GroupField && node.Shape != Group:
			b.complain(diag.WrongType, node.Place, b.remedy(&spec, node.Place), "“%s” cần %s, ở đây là %s", spec.Label, spec.Type, node.Shape)
		case spec.Key == SignersKey:
			b.bindSigners(&o, node)
		case spec.Key == "day_so":
			b.bindSeries(&o, node)
		case spec.Key == "nhom_so":
			o.numbering.Groups = b.bindGroups(node)
		case spec.Key == "cach_danh_so":
			way, _ := b.value(&spec, node).(Text)
			o.numbering.Way = string(way)
		}
	}
	b.settleNumbering(&o.numbering, profile.File)
	return o
}

// free returns one spec for each key of a group whose keys the office chooses.
func free(node Node, spec FieldSpec) []FieldSpec {
	const most = 200 // no office has so many signers
	var specs []FieldSpec
	for _, field := range node.Fields[:min(len(node.Fields), most)] {
		if find(specs, field.Key) == nil {
			spec.Key, spec.Label = field.Key, field.Key
			specs = append(specs, spec)
		}
	}
	return specs
}

func (b *binder) bindSigners(o *office, node Node) {
	own := find(b.schema.Fields, SignerKey)
	if own == nil {
		return
	}
	specs := free(node, FieldSpec{Type: GroupField, Required: true, Fields: slices.Concat(own.Fields, termSpecs())})
	o.signers = b.group(specs, node)
	o.terms = map[string]term{}
	for _, spec := range specs {
		o.order = append(o.order, spec.Key)
		if signer, ok := o.signers[spec.Key].(Values); ok {
			b.takeTerm(o, spec.Key, signer, node)
		}
	}
}

func (b *binder) bindSeries(o *office, node Node) {
	series := b.group(free(node, FieldSpec{Type: TextField}), node)
	if symbol, ok := series[b.schema.Kind].(Text); ok {
		o.series = string(symbol)
	}
}

// signer finds the signer whom a document names by a key of the profile.
func (b *binder) signer(node Node) Value {
	node.Place.Field = SignerKey
	name := b.text(node)
	b.signedBy = name
	if !b.office.given {
		b.complain(diag.UnknownSigner, node.Place, "viết ngay tại đây chuc_vu và ho_ten, hoặc khai người ký trong don-vi.yaml",
			"“%s” là tên gọi của một người ký, nhưng không có tệp đơn vị (don-vi.yaml)", diag.Excerpt(name))
		return nil
	}
	if signer := b.office.signers[name]; signer != nil {
		return signer
	}
	for _, key := range b.office.order {
		if key == name {
			return nil // the signer is there and was complained of
		}
	}
	hint := "khai người ký này dưới khóa nguoi_ky của " + b.office.file
	if near := vi.Closest(name, b.office.order); near != "" {
		hint = "có phải “" + near + "”?"
	}
	b.complain(diag.UnknownSigner, node.Place, hint, "%s không có người ký “%s”", b.office.file, diag.Excerpt(name))
	return nil
}

// Derived are the values that Bind adds for templates to those of the schema.
func Derived() []FieldSpec {
	specs := []FieldSpec{
		{Key: "ten_loai", Label: "Tên loại văn bản, chữ in hoa"},
		{Key: "ten_loai_thuong", Label: "Tên loại văn bản, chữ thường"},
		{Key: SymbolKey, Label: "Số, ký hiệu văn bản"},
		{Key: stampKey, Label: "Dấu độ mật, độ khẩn", Type: GroupField, Fields: []FieldSpec{
			{Key: "mat", Label: "Mật"},
			{Key: "toi_mat", Label: "Tối mật"},
			{Key: "tuyet_mat", Label: "Tuyệt mật"},
			{Key: "khan", Label: "Khẩn"},
			{Key: "thuong_khan", Label: "Thượng khẩn"},
			{Key: "hoa_toc", Label: "Hỏa tốc"},
		}},
	}
	for _, key := range addresseeKeys {
		specs = append(specs,
			FieldSpec{Key: key + oneKey, Label: "Nơi nhận duy nhất"},
			FieldSpec{Key: key + severalKey, Label: "Các nơi nhận", Type: GroupField, Fields: []FieldSpec{
				{Key: placeKey, Label: "Nơi nhận", Type: ListField},
			}})
	}
	return specs
}

// address parts lists of addressees into one alone, which stands on the line of “Kính gửi:”, and several, which stand below it, each on
// a line that ends in ; and the last in . (NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 9, điểm d).
func address(values Values) {
	for _, key := range addresseeKeys {
		switch items, _ := values[key].(Items); len(items) {
		case 0:
		case 1:
			one := Items{items[0]}
			closeItems(one, "", "")
			values[key+oneKey] = one[0]
		default:
			several := slices.Clone(items)
			closeItems(several, ";", ".")
			values[key+severalKey] = Values{placeKey: several}
		}
	}
}

// signDraft sets the mark of who drafted the document behind its last recipient, "Lưu: VT, VP. PL.(300)" (Phụ lục III, Phần II). A
// list that comes from a progress workbook has it already.
func signDraft(values Values) {
	recipients, _ := values[RecipientsKey].(Items)
	mark, given := values["nguoi_soan"].(Text)
	if last := len(recipients) - 1; given && last >= 0 {
		if kept, ok := recipients[last].(Text); ok && !strings.Contains(string(kept), strings.TrimRight(string(mark), ".")) {
			recipients[last] = kept + " " + mark
		}
	}
}

// stamp puts the degrees of secrecy and of urgency each under a key of its own, for each has a box of its own width (khoản 10).
func stamp(values Values) {
	stamps := Values{}
	for _, key := range []string{"do_mat", "do_khan"} {
		if degree, ok := values[key].(Text); ok {
			stamps[strings.ReplaceAll(vi.Fold(string(degree)), " ", "_")] = degree
		}
	}
	if len(stamps) > 0 {
		values[stampKey] = stamps
	}
}

// nameAnnexes numbers the annexes with Roman numerals; one alone has no number (NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục III,
// khoản 1, điểm a).
func (b *binder) nameAnnexes(values Values) {
	const most = 39 // that Roman numerals reach here
	annexes, _ := values[annexKey].(Items)
	if len(annexes) > most {
		b.complain(diag.ManyAnnexes, diag.Place{File: b.file, Field: annexKey}, "gộp các phụ lục ngắn, hoặc chia thành nhiều văn bản",
			"có %d phụ lục, đánh số La Mã được nhiều nhất %d", len(annexes), most)
		return
	}
	for i, annex := range annexes {
		name := "Phụ lục"
		if len(annexes) > 1 {
			name += " " + nd30.Roman(i+1)
		}
		annex.(Values)[annexName] = Text(name)
	}
}

// derive adds the type name in capitals and, for kinds that have a number, number and symbol: "01/KH-HĐND". A draft without
// a number keeps room for it before the stroke.
func (b *binder) derive(values Values, given map[string]Node) {
	values["ten_loai"] = Text(vi.Upper(b.schema.TypeName))
	values["ten_loai_thuong"] = Text(b.schema.TypeName)
	b.checkTerm(values, given[SignerKey].Place)
	b.nameAnnexes(values)
	address(values)
	stamp(values)
	signDraft(values)
	if find(b.schema.Fields, NumberKey) == nil {
		return
	}
	number, known := values[NumberKey].(Text)
	room := "\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0" // does not collapse
	text := room
	if known {
		at := given[NumberKey].Place
		at.Field = NumberKey
		n, err := strconv.ParseUint(string(number), 10, 20)
		if err != nil || n == 0 {
			b.complain(diag.NotANumber, at, "chỉ viết số thứ tự, ví dụ 01; ký hiệu được thêm vào sau",
				"số của văn bản phải là một số từ 1 trở lên, không đọc được “%s”", diag.Excerpt(string(number)))
			if !b.draft {
				return
			}
			delete(values, NumberKey)
		} else {
			text = nd30.Number(int(n))
			values[NumberKey] = Text(text)
		}
	} else if node, typed := given[NumberKey]; !typed || blank(node) {
		b.unnumbered = &diag.Finding{
			Severity: diag.Info, Code: diag.NumberBlank, Where: diag.Place{File: b.file, Sheet: b.sheet, Field: NumberKey},
			Message: "chưa có số; chỗ ghi số được để trống", Hint: "được phép trong dự thảo; ghi số của văn bản trước khi ban hành",
			Cite: nd30.Decree + ", Phụ lục III, Phần II",
		}
	}
	symbol := b.office.series
	agency, _ := values[AgencyKey].(Values)
	issuer, named := words(agency[IssuerKey])
	if _, own := given[AgencyKey]; own || symbol == "" {
		if !named {
			return
		}
		symbol = nd30.Symbol(b.schema.Abbreviation, issuer)
		if unit, ok := values[UnitKey].(Text); ok && b.schema.Abbreviation == "" {
			symbol = nd30.Symbol(symbol, string(unit))
		}
	}
	values[SymbolKey] = Text(nd30.NumberSymbol(text, symbol))
}
