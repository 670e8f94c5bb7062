package source

import (
	"fmt"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/model"
	"vanthu/internal/vi"
	"vanthu/internal/xlsx"
)

// form is where the sheet “Thông tin chung” has its columns.
type form struct {
	first        int // row of the grid with which the entries begin
	label, value int // columns
}

// findForm finds the one form of a file, that on the sheet “Thông tin chung” before any other.
func findForm(sheets []*grid) {
	order := sheets
	if named := slices.IndexFunc(sheets, isNamedForm); named > 0 {
		order = slices.Concat(sheets[named:named+1], sheets)
	}
	for _, g := range order {
		if g.form = headedForm(g); g.form == nil && !isUnitList(g) {
			g.form = formOn(g)
		}
		if g.form != nil {
			return
		}
	}
}

func isNamedForm(g *grid) bool { return joined(g.sheet) == "thongtinchung" }

// maxTitles is how many rows may stand above a form, or above the heading of a list of units.
const maxTitles = 30

// formOn finds the form on a sheet: by its heading Mục | Giá trị, by the name of the sheet, or by a row that says what kind of
// document it is. It is nil where there is none.
func formOn(g *grid) *form {
	if form := headedForm(g); form != nil {
		return form
	}
	rows := g.rows[:min(len(g.rows), maxTitles)]
	for i := range rows {
		if cells := rows[i].own(); len(cells) > 1 && len(cells) < 5 && isKindLabel(cells[0]) {
			return &form{0, int(cells[0].column), int(cells[1].column)}
		}
	}
	if isNamedForm(g) && len(rows) > 0 {
		left := maxColumns
		for i := range rows {
			for _, c := range rows[i].own() {
				left = min(left, int(c.column))
			}
		}
		return &form{0, left, left + 1}
	}
	return nil
}

// headedForm finds a form by its heading.
func headedForm(g *grid) *form {
	const longestHeading = 24 // bytes
	rows := g.rows[:min(len(g.rows), maxTitles)]
	for i := range rows {
		label, value := -1, -1
		for _, c := range rows[i].cells {
			if c.kind != xlsx.Text || len(c.text) > longestHeading {
				continue
			}
			switch vi.Words(c.text) {
			case "muc", "ten muc", "thong tin", "truong":
				label = int(c.column)
			case "gia tri", "noi dung dien", "noi dung ghi":
				value = int(c.column)
			}
		}
		if label >= 0 && value > label {
			return &form{i + 1, label, value}
		}
	}
	return nil
}

func isKindLabel(c cell) bool {
	return c.kind == xlsx.Text && len(c.text) < 60 && slices.Contains([]string{"loai van ban", model.KindKey}, vi.Words(c.text))
}

// line is one thing that a form says. A form on a sheet has one in each row; a row of a list has one under each heading.
type line struct {
	grid         *grid
	key          string // dotted, where the form has a column of keys
	label, value cell
}

// lines returns those of the form on a sheet, above row last of the grid.
func (g *grid) lines(last int) []line {
	f := g.form
	var lines []line
	for i := f.first; i < last; i++ {
		row := &g.rows[i]
		lines = append(lines, line{g, keyOf(row, f), row.at(f.label), row.itself(f.value)})
	}
	return lines
}

// kindIn is what lines say of the kind of document.
func kindIn(lines []line) model.Node {
	for _, l := range lines {
		if isKindLabel(l.label) || l.key == model.KindKey {
			node := model.Node{Place: l.grid.placeOf(l.value)}
			if l.value.kind == xlsx.Text && strings.TrimSpace(l.value.text) != "" {
				node.Shape, node.Text = model.Scalar, l.value.words()
			}
			return node
		}
	}
	return model.Node{}
}

var keyForm = lazyregexp.New(`^[a-z0-9_]+(\.[a-z0-9_]+)*$`)

// keyOf is the key that stands in a column to the right of the values, or "".
func keyOf(row *gridRow, f *form) string {
	for at := len(row.cells) - 1; at > f.value; at-- {
		if c := row.cells[at]; c.kind == xlsx.Text && len(c.text) < 100 && keyForm.MatchString(c.text) {
			return c.text
		}
	}
	return ""
}

// entry is a field that has a row in the form: a root field, or one of a group.
type entry struct {
	key   string // dotted
	spec  *model.FieldSpec
	given bool
	value model.Node
}

// says reports whether something is filled in, though it cannot be read.
func (e *entry) says() bool { return e.value.Shape != model.Missing || e.value.Told }

// entriesOf lists the entries of fields in their order. A group is an entry too, for the name of a signer.
func entriesOf(fields []model.FieldSpec, prefix string) (entries []entry) {
	for i := range fields {
		spec := &fields[i]
		if spec.Computed || spec.IsTable() {
			continue
		}
		entries = append(entries, entry{key: prefix + spec.Key, spec: spec})
		if spec.Type == model.GroupField {
			entries = append(entries, entriesOf(spec.Fields, prefix+spec.Key+".")...)
		}
	}
	return entries
}

// labels returns the entry of each label, plain: by its whole, “Người ký: Họ và tên”, and by that of a field in a group alone, “Họ và tên”;
// -1 where several have it.
func labels(entries []entry) (whole, inner map[string]int) {
	whole, inner = map[string]int{}, map[string]int{}
	put := func(words map[string]int, word string, i int) {
		if _, twice := words[word]; twice {
			i = -1
		}
		words[word] = i
	}
	group := map[string]string{} // label of each group by its key
	for _, e := range entries {
		group[e.key] = e.spec.Label
	}
	for i, e := range entries {
		at := strings.LastIndexByte(e.key, '.')
		for _, name := range append([]string{e.spec.Label}, e.spec.Synonyms...) {
			if at >= 0 {
				put(whole, vi.Words(group[e.key[:at]]+" "+name), i)
				put(inner, vi.Words(name), i)
				continue
			}
			h := headingOf(name)
			put(whole, h.full, i)
			if _, taken := whole[h.bare]; !taken {
				put(whole, h.bare, i)
			}
		}
	}
	return whole, inner
}

// answers returns the entries with what lines say. With titles, what stands above the first entry is none of them.
func (x *extraction) answers(lines []line, titles bool) []entry {
	entries := slices.Clone(x.entries)
	for _, l := range lines {
		at := x.entryFor(l)
		titles = titles && at < 0
		switch {
		case at < 0 && !titles && l.label.kind == xlsx.Text && l.value.kind != xlsx.Blank && !l.value.filled:
			x.complainOfEntry(l)
			x.took = append(x.took, took{line: l, entry: at})
		case at < 0:
		case entries[at].given && l.value.kind != xlsx.Blank && entries[at].value.Shape != model.Missing:
			x.complain(diag.Error, diag.DuplicateKey, l.grid.placeOf(l.label), "giữ lại một dòng, xóa dòng còn lại",
				fmt.Sprintf("mục “%s” ghi hai lần", diag.Excerpt(l.label.words())))
		case l.value.kind == xlsx.Blank:
			entries[at].given = true
			if entries[at].value.Shape == model.Missing {
				entries[at].value.Place = l.grid.placeOf(l.value)
			}
			x.took = append(x.took, took{line: l, entry: at})
		default:
			entries[at].given, entries[at].value = true, x.entry(entries[at].spec, l.grid, l.value)
			x.took = append(x.took, took{l, at, entries[at].value})
		}
	}
	x.chooseSigner(entries)
	return entries
}

// over puts what a unit says of its own over what all say, entry by entry. Of a signer who is named and one who is described, the unit's
// own counts.
func over(shared, own []entry) []entry {
	entries := slices.Clone(shared)
	for i := range own {
		if own[i].spec.Type != model.GroupField {
			continue
		}
		prefix := own[i].key + "."
		for k := range own {
			if inner := strings.HasPrefix(own[k].key, prefix); inner && own[i].says() {
				entries[k].given, entries[k].value = false, model.Node{}
			} else if inner && own[k].says() {
				entries[i].given, entries[i].value = false, model.Node{}
			}
		}
	}
	for i := range own {
		if own[i].says() || own[i].given && !entries[i].says() {
			entries[i] = own[i]
		}
	}
	return entries
}

// chooseSigner settles who signs where a name for a group and its own rows are both given: the rows count. A key of the profile typed for
// the only row, “pho_chu_tich”, names the group.
func (x *extraction) chooseSigner(entries []entry) {
	for i := range entries {
		group := &entries[i]
		if group.spec.Type != model.GroupField {
			continue
		}
		var own []*entry
		for k := range entries {
			if strings.HasPrefix(entries[k].key, group.key+".") && entries[k].value.Shape != model.Missing {
				own = append(own, &entries[k])
			}
		}
		switch named := group.value.Shape != model.Missing; {
		case named && len(own) > 0:
			x.complain(diag.Info, diag.SignerTwice, group.value.Place, "để trống dòng này, hoặc để trống các dòng kia",
				fmt.Sprintf("“%s” ghi ở đây không dùng đến, vì các dòng của mục này đã ghi", group.spec.Label))
			group.value = model.Node{Place: group.value.Place}
		case !named && len(own) == 1 && strings.Contains(own[0].value.Text, "_") && keyForm.MatchString(own[0].value.Text):
			group.given, group.value, own[0].value = true, own[0].value, model.Node{}
		}
	}
}

func (x *extraction) entry(spec *model.FieldSpec, g *grid, c cell) model.Node {
	if spec.Type == model.GroupField { // the name of a signer
		plain := model.FieldSpec{Label: spec.Label}
		return x.node(&plain, g, c)
	}
	return x.node(spec, g, c)
}

// entryFor finds the entry that a line gives, or -1.
func (x *extraction) entryFor(l line) int {
	if l.key != "" {
		if at := slices.IndexFunc(x.entries, func(e entry) bool { return e.key == l.key }); at >= 0 {
			return at
		}
	}
	if l.label.kind != xlsx.Text {
		return -1
	}
	h := headingOf(l.label.text)
	for _, word := range []string{h.full, h.bare} {
		at, known := x.whole[word]
		if !known {
			at, known = x.inner[word]
		}
		if known && word != "" {
			return at
		}
	}
	key := strings.ReplaceAll(h.full, " ", "_") // “Số” is the key so
	return slices.IndexFunc(x.entries, func(e entry) bool { return e.key == key || e.key == strings.TrimSpace(l.label.text) })
}

// nearEntry returns the label of the entry that a label may have been meant for, or "".
func (x *extraction) nearEntry(label cell) string {
	known := make([]string, len(x.entries))
	for i, e := range x.entries {
		known[i] = e.spec.Label
	}
	return vi.Closest(label.words(), known)
}

func (x *extraction) complainOfEntry(l line) {
	hint := "sửa tên mục cho đúng tên trong tệp nhập mẫu, hoặc xóa dòng này"
	if near := x.nearEntry(l.label); near != "" {
		hint = "có phải “" + near + "”? " + hint
	}
	x.complain(diag.Warning, diag.UnknownEntry, l.grid.placeOf(l.label), hint,
		fmt.Sprintf("mục “%s” không có trong loại văn bản này, nên không được đọc", diag.Excerpt(l.label.words())))
}

// gather puts the entries of fields together again. Blank ones are left out, but for those that must not be blank; a group wholly
// blank stands as one, so that the profile of the office may fill it.
func gather(fields []model.FieldSpec, entries []entry, prefix string) (given []model.Field) {
	for i := range fields {
		spec := &fields[i]
		at := slices.IndexFunc(entries, func(e entry) bool { return e.key == prefix+spec.Key })
		if at < 0 {
			continue
		}
		value, present := entries[at].value, entries[at].given
		if spec.Type == model.GroupField && value.Shape == model.Missing {
			inner := gather(spec.Fields, entries, prefix+spec.Key+".")
			present = present || len(inner) > 0
			if len(inner) > 0 {
				value.Place = inner[0].Place
			}
			if slices.ContainsFunc(inner, func(f model.Field) bool { return f.Value.Shape != model.Missing }) {
				value.Shape, value.Fields = model.Group, inner
			}
		}
		if present && (value.Shape != model.Missing || spec.Required) {
			given = append(given, model.Field{Key: spec.Key, Place: value.Place, Value: value})
		}
	}
	return given
}
