package typed

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// Record returns a document as data of a kind. What the kind has no place for goes into the
// content. Findings name what was not recognised.
func (d *Document) Record(schema *model.Schema) (model.Record, diag.Findings) {
	r := &recorder{document: d, schema: schema, root: model.Node{Shape: model.Group, Place: diag.Place{File: d.file}}}
	r.left = slices.Clone(d.rest)
	body := r.phrased(slices.Clone(d.body))
	r.head()
	r.opening()
	r.foot()
	body = r.labelled(body)
	annexes := r.annexes()
	content := outlineText(body)
	if more := outlineText(slices.Concat(annexes, r.left)); more != "" {
		content = strings.Trim(content+"\n\n"+more, "\n")
	}
	if content != "" {
		r.set(model.BodyKey, text(content))
		if r.spec(model.BodyKey) == nil {
			r.warn(diag.NoContent, diag.Place{File: d.file, Field: model.BodyKey}, "chọn loại văn bản khác, hoặc chuyển chữ này vào các mục của loại này",
				fmt.Sprintf("loại “%s” không có mục “Nội dung” để ghi phần còn lại của văn bản", schema.Name))
		}
	}
	if d.TypeName != "" && d.TypeName != schema.TypeName {
		r.warn(diag.OtherType, diag.Place{File: d.file, Field: model.KindKey}, "chọn lại loại văn bản nếu không đúng",
			fmt.Sprintf("văn bản ghi là “%s”, dữ liệu làm theo loại “%s”", d.TypeName, schema.Name))
	}
	r.tellLeft()
	r.tellMissing()
	return model.Record{File: d.file, Root: r.root}, r.found
}

// recorder puts the parts of a document into the fields of a kind.
type recorder struct {
	document *Document
	schema   *model.Schema
	root     model.Node
	left     []Line // for the content
	inviter  string // the body as its invitation calls it
	found    diag.Findings
}

func (r *recorder) warn(code diag.Code, at diag.Place, hint, message string) {
	r.found.Add(diag.Finding{Severity: diag.Warning, Code: code, Where: at, Hint: hint, Message: message})
}

func (r *recorder) spec(key string) *model.FieldSpec {
	i := slices.IndexFunc(r.schema.Fields, func(s model.FieldSpec) bool { return s.Key == key })
	if i < 0 {
		return nil
	}
	return &r.schema.Fields[i]
}

func (r *recorder) set(key string, value model.Node) {
	r.root.Fields = append(r.root.Fields, model.Field{Key: key, Value: value})
}

// put sets the text of a field; what the kind has no such field for is left for the content.
func (r *recorder) put(key, value string) {
	switch {
	case value == "":
	case r.spec(key) == nil, r.root.Child(key).Value.Shape != model.Missing:
		r.left = append(r.left, Line{Text: value})
	default:
		r.set(key, text(value))
	}
}

// list sets the items of a field, in the same way.
func (r *recorder) list(key string, items []string) {
	if len(items) == 0 {
		return
	}
	if r.spec(key) == nil || r.root.Child(key).Value.Shape != model.Missing {
		for _, item := range items {
			r.left = append(r.left, Line{Text: item})
		}
		return
	}
	r.set(key, texts(items))
}

func text(value string) model.Node { return model.Node{Shape: model.Scalar, Text: value} }

func texts(items []string) model.Node {
	list := model.Node{Shape: model.List}
	for _, item := range items {
		list.Items = append(list.Items, text(item))
	}
	return list
}

func (r *recorder) head() {
	d := r.document
	above, own := d.names()
	agency := model.Node{Shape: model.Group}
	add := func(key, value string) {
		if value != "" {
			agency.Fields = append(agency.Fields, model.Field{Key: key, Value: text(value)})
		}
	}
	add(model.AboveKey, above)
	add(model.NameKey, own)
	issuer, unit := r.issuer()
	add(model.IssuerKey, issuer)
	full := cmp.Or(r.inviter, d.issuer) // the name of the body in sentences
	add(model.FullNameKey, full)
	if d.issuer != full {
		r.left = append(r.left, Line{Text: d.issuer})
	}
	switch {
	case own != "":
		r.set(model.AgencyKey, agency)
	case full != "":
		r.left = append(r.left, Line{Text: full})
	}
	if own == "" && issuer != "" { // the profile of the office tells both
		r.warn(diag.NotRecognised, diag.Place{File: d.file, Field: model.AgencyKey}, "điền mục này nếu văn bản không phải của đơn vị đã khai",
			fmt.Sprintf("không nhận ra tên cơ quan có ký hiệu “%s” trong văn bản", issuer))
	}
	if d.undated != "" {
		r.warn(diag.NotRecognised, diag.Place{File: d.file, Field: model.DayKey}, "điền mục này trên trang soạn thảo",
			fmt.Sprintf("văn bản chưa ghi đủ ngày, tháng: “%s”", d.undated))
	}
	r.put("don_vi_soan", unit)
	r.put(model.NumberKey, d.number)
	r.put(model.PlaceKey, d.place)
	r.put(model.DayKey, d.day)
	for _, stamp := range d.stamps {
		for _, known := range stampWords {
			if known.text == stamp {
				r.put(known.key, stamp)
			}
		}
	}
}

// issuer parts the symbol “KH-HĐND” for the body, and that of a công văn, “HĐND-VP”, for body and drafting unit.
func (r *recorder) issuer() (issuer, unit string) {
	symbol, abbreviation := r.document.Symbol, r.schema.Abbreviation
	if symbol == "" { // as the decree abbreviates the two bodies that every commune has
		_, own := r.document.names()
		switch {
		case strings.HasPrefix(own, "HỘI ĐỒNG NHÂN DÂN"):
			issuer = "HĐND"
		case strings.HasPrefix(own, "ỦY BAN NHÂN DÂN"), strings.HasPrefix(own, "UỶ BAN NHÂN DÂN"):
			issuer = "UBND"
		}
		return issuer, ""
	}
	first, rest, parted := strings.Cut(symbol, "-")
	switch {
	case abbreviation == "":
		return first, rest
	case parted && first == abbreviation:
		return rest, ""
	}
	r.warn(diag.OtherSymbol, diag.Place{File: r.document.file, Field: model.NumberKey}, "xem lại ký hiệu, hoặc chọn loại văn bản khác",
		fmt.Sprintf("ký hiệu “%s” không phải của loại “%s” (%s-…)", symbol, r.schema.Name, abbreviation))
	r.left = append(r.left, Line{Text: symbol})
	return rest, ""
}

func (r *recorder) opening() {
	d := r.document
	if d.letter != "" { // sentence case, which the form sets in capitals
		first, size := utf8.DecodeRuneInString(d.letter)
		r.put("ten_thu", string(first)+strings.ToLower(d.letter[size:]))
	}
	r.put(model.AbstractKey, d.Abstract)
	r.put("tham_quyen", strings.Join(d.inForce, "\n"))
	for i, line := range d.resolves {
		if i > 0 || r.spec("tham_quyen") == nil { // else the form has it
			r.left = append(r.left, line)
		}
	}
	var addressees, bases []string
	for _, line := range d.addressees {
		addressees = append(addressees, unmarked(dashed.ReplaceAllString(line.Text, "")))
	}
	for _, line := range d.bases {
		bases = append(bases, unmarked(line.Text))
	}
	r.list("kinh_gui", addressees)
	r.list("can_cu", bases)
}

// unmarked leaves out the mark at the end of an item, which the form of the document sets anew.
func unmarked(item string) string { return strings.TrimRight(item, " ;.,") }

var draftMark = lazyregexp.New(`^(.*\.)\s+(\p{Lu}{1,5}\.?\s?\(\d+\)\.?)$`)

func (r *recorder) foot() {
	d := r.document
	recipients := slices.Clone(d.recipients)
	if last := len(recipients) - 1; last >= 0 && r.spec("nguoi_soan") != nil {
		if m := draftMark.FindStringSubmatch(recipients[last]); m != nil {
			recipients[last] = m[1]
			r.put("nguoi_soan", m[2])
		}
	}
	for i := range recipients {
		recipients[i] = unmarked(recipients[i])
	}
	r.list(model.RecipientsKey, recipients)
	if r.spec(model.SignerKey) == nil {
		for _, line := range slices.Concat(d.position, []string{d.other, d.signer}) {
			r.left = append(r.left, Line{Text: line})
		}
		return
	}
	signer := model.Node{Shape: model.Group}
	if len(d.position) > 0 {
		signer.Fields = append(signer.Fields, model.Field{Key: model.PositionsKey, Value: texts(d.position)})
	}
	for _, named := range []struct{ key, value string }{{model.PersonKey, d.signer}, {"chuc_vu_khac", d.other}} {
		if named.value != "" {
			signer.Fields = append(signer.Fields, model.Field{Key: named.key, Value: text(named.value)})
		}
	}
	if len(signer.Fields) > 0 {
		r.set(model.SignerKey, signer)
	}
}

// annexes puts annexes into their table; those of a kind without it are lines of the content.
func (r *recorder) annexes() (left []Line) {
	list := model.Node{Shape: model.List}
	for _, annex := range r.document.annexes {
		if r.spec("phu_luc") == nil {
			left = append(append(left, Line{Text: annex.name}, Line{Text: annex.title}), annex.lines...)
			continue
		}
		item := model.Node{Shape: model.Group, Fields: []model.Field{
			{Key: "tieu_de", Value: text(annex.title)}, {Key: model.BodyKey, Value: text(outlineText(annex.lines))},
		}}
		if slices.ContainsFunc(annex.lines, func(l Line) bool { return l.Wide }) {
			item.Fields = append(item.Fields, model.Field{Key: "kho_giay", Value: text("ngang")})
		}
		list.Items = append(list.Items, item)
	}
	if len(list.Items) > 0 {
		r.set("phu_luc", list)
	}
	return left
}

// invitations open the lists of an invitation and of a telegram: who invites or wires, and to whom. The list stands behind the colon or in
// dashed lines below.
var invitations = []struct {
	list, from string
	form       *lazyregexp.Regexp
}{
	{"kinh_moi", "", lazyregexp.New(`^(.*?)\s*(?i:kính\s+mời)\s*:\s*(.*)$`)},
	{"noi_nhan_dien", "nguoi_dien", lazyregexp.New(`^(.+?)\s+(?i:điện)\s*:\s*(.*)$`)},
}

var (
	politely   = lazyregexp.New(`(?i:trân\s+trọng)\s*$`)
	attendForm = lazyregexp.New(`^(?i:tới|đến)\s+dự\s+(.+?)\.?$`)
)

// phrased takes from the body what an invitation or a telegram says in its own words.
func (r *recorder) phrased(body []Line) []Line {
	for _, invitation := range invitations {
		if r.spec(invitation.list) == nil {
			continue
		}
		first := slices.IndexFunc(body, func(l Line) bool { return invitation.form.MatchString(l.Text) })
		if first < 0 {
			continue
		}
		m := invitation.form.FindStringSubmatch(body[first].Text)
		var items []string
		if m[2] != "" {
			items = append(items, unmarked(m[2]))
		}
		after := first + 1
		for ; after < len(body) && (body[after].Text == "" || dashed.MatchString(body[after].Text)) && len(body[after].Row) == 0; after++ {
			if item := unmarked(dashed.ReplaceAllString(body[after].Text, "")); item != "" {
				items = append(items, item)
			}
		}
		if len(items) == 0 {
			continue
		}
		r.list(invitation.list, items)
		if invitation.from != "" {
			r.put(invitation.from, m[1])
		} else {
			r.inviter = strings.TrimSpace(politely.ReplaceAllString(m[1], ""))
		}
		body = slices.Delete(body, first, after)
	}
	at := slices.IndexFunc(body, func(l Line) bool { return attendForm.MatchString(l.Text) })
	if r.spec("toi_du") != nil && at >= 0 {
		r.put("toi_du", attendForm.FindStringSubmatch(body[at].Text)[1])
		body = slices.Delete(body, at, at+1)
	}
	return body
}

var labelForm = lazyregexp.New(`^([^:]{2,60}):\s+(\S.*)$`)

// labelled takes from the body the lines “Thời gian: …” that name a field of this kind alone.
func (r *recorder) labelled(body []Line) []Line {
	keys := map[string]string{}
	for _, spec := range r.schema.Fields {
		if spec.Type == model.TextField || spec.Type == model.DateField {
			keys[vi.Words(spec.Label)] = spec.Key
		}
	}
	return slices.DeleteFunc(body, func(line Line) bool {
		m := labelForm.FindStringSubmatch(line.Text)
		if m == nil || len(line.Row) > 0 {
			return false
		}
		key, known := keys[vi.Words(m[1])]
		if !known || r.root.Child(key).Value.Shape != model.Missing {
			return false
		}
		r.set(key, text(strings.TrimSuffix(m[2], ".")))
		return true
	})
}

const maxLeftTold = 20 // lines

// tellLeft names the lines that nobody took.
func (r *recorder) tellLeft() {
	for _, line := range r.document.rest[:min(len(r.document.rest), maxLeftTold)] {
		at := line.Place
		at.File = r.document.file
		at.Text = diag.Excerpt(line.Text + strings.Join(line.Row, " "))
		r.warn(diag.UnplacedText, at, "chuyển vào đúng mục, hoặc xóa đi nếu không cần", "chưa rõ dòng này là phần nào của văn bản, nên để ở cuối nội dung")
	}
}

// tellMissing names the fields that a document of the kind must have and that were not found.
func (r *recorder) tellMissing() {
	for i := range r.schema.Fields {
		spec := &r.schema.Fields[i]
		told := slices.ContainsFunc(r.found, func(f diag.Finding) bool { return f.Where.Field == spec.Key })
		if !told && spec.Key != model.KindKey && (spec.Required || spec.Key == model.NumberKey) && spec.Default == "" && !spec.Computed && r.root.Child(spec.Key).Value.Shape == model.Missing {
			r.warn(diag.NotRecognised, diag.Place{File: r.document.file, Field: spec.Key}, "điền mục này trên trang soạn thảo",
				"không nhận ra “"+spec.Label+"” trong văn bản")
		}
	}
}

// outlineText writes lines as the body of a data file is typed, so that each paragraph stays one: a blank line parts two that would be
// taken for one broken by hand.
func outlineText(lines []Line) string {
	var b strings.Builder
	width, above := 0, ""
	for i, line := range lines {
		if len(line.Row) > 0 {
			if width == 0 {
				width = widest(lines[i:])
				if b.Len() > 0 && strings.HasPrefix(above, "|") {
					b.WriteByte('\n')
				}
			}
			above = rowText(line.Row, width)
			b.WriteString(above + "\n")
			continue
		}
		width = 0
		words := strings.TrimLeft(strings.Join(strings.FieldsFunc(line.Text, isBlank), " "), "| ")
		if first, _ := utf8.DecodeRuneInString(words); !line.Broken && unicode.IsLower(first) && above != "" {
			b.WriteByte('\n')
		}
		if above = words; words != "" || line.Broken {
			b.WriteString(words + "\n")
		}
	}
	return strings.Trim(b.String(), "\n")
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\u00a0' || r == '\n' }

// widest is the number of cells of the longest of the rows that a table begins with.
func widest(lines []Line) (width int) {
	for _, line := range lines {
		if len(line.Row) == 0 {
			break
		}
		width = max(width, len(line.Row))
	}
	return width
}

var dashesOnly = lazyregexp.New(`^[-:]+$`)

func rowText(cells []string, width int) string {
	var b strings.Builder
	b.WriteByte('|')
	for i := range width {
		cell := ""
		if i < len(cells) {
			cell = strings.ReplaceAll(strings.Join(strings.Fields(vi.Clean(cells[i])), " "), "|", `\|`)
		}
		if dashesOnly.MatchString(cell) { // a row of dashes alone would be taken for the line below a heading
			cell = "–"
		}
		b.WriteString(" " + cell + " |")
	}
	return b.String()
}
