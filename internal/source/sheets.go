package source

import (
	"fmt"
	"maps"
	"slices"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// extraction turns sheets into the data of one schema.
type extraction struct {
	schema       *model.Schema
	dictionary   *dictionary
	entries      []entry        // that a form may fill in, blank
	whole, inner map[string]int // which of them a label means
	found        diag.Findings
	told         int // findings of cells
	calculated   []diag.Place
	judged       map[*grid]bool    // sheets that were told of as a whole
	close        map[*grid]*layout // of sheets that are not read, the list for which they may have been meant

	calculators map[*book]*calculator

	took []took // what the lines of forms were taken for, for a Reading
	laid []laid // the tables that were found
}

func newExtraction(schema *model.Schema) *extraction {
	entries := entriesOf(schema.Fields, "")
	whole, inner := labels(entries)
	return &extraction{
		schema: schema, dictionary: newDictionary(schema), entries: entries, whole: whole, inner: inner,
		judged: map[*grid]bool{}, close: map[*grid]*layout{}, calculators: map[*book]*calculator{},
	}
}

// further is an extraction that goes on from what x found and leaves x as it is, so that several may go on from it at once.
func (x *extraction) further() *extraction {
	y := *x
	y.dictionary = &dictionary{x.dictionary.lists, x.dictionary.words, map[string]heading{}}
	y.found, y.calculated = slices.Clip(x.found), slices.Clip(x.calculated)
	y.judged, y.close, y.calculators = maps.Clone(x.judged), maps.Clone(x.close), map[*book]*calculator{}
	y.took, y.laid = slices.Clip(x.took), slices.Clip(x.laid)
	return &y
}

func (x *extraction) complain(severity diag.Severity, code diag.Code, at diag.Place, hint, message string) {
	if severity != diag.Info {
		if x.told++; x.told > maxFound {
			return
		}
	}
	x.found.Add(diag.Finding{Severity: severity, Code: code, Where: at, Hint: hint, Message: message})
}

// read reads sheets that go together: what their form says, and the lists on them, in this order.
func (x *extraction) read(sheets []*grid) (entries []entry, tables []table) {
	entries = x.entries
	lists := x.place(sheets)
	for i, g := range sheets {
		switch {
		case g.form == nil:
		case lists[i] != nil:
			entries = x.answers(g.lines(lists[i].first), true)
		default:
			entries = x.answers(g.lines(len(g.rows)), false)
		}
	}
	for i, l := range lists {
		if l == nil {
			x.tellUnused(sheets[i])
			continue
		}
		if items, ok := x.readTable(sheets[i], l); ok && len(items.Items) > 0 {
			tables = append(tables, table{l.list.spec, items})
		}
	}
	return entries, tables
}

// table is a list that was read.
type table struct {
	spec  *model.FieldSpec
	items model.Node
}

// mergeTables puts the lists of a further file in place of those of the main one.
func (x *extraction) mergeTables(root *model.Node, sheets []*grid) {
	lists := x.place(sheets)
	found := slices.ContainsFunc(lists, func(l *layout) bool { return l != nil })
	for i, l := range lists {
		if l == nil {
			if found || x.close[sheets[i]] != nil {
				x.tellUnused(sheets[i])
			}
			continue
		}
		items, ok := x.readTable(sheets[i], l)
		if !ok {
			continue
		}
		if old := root.Child(l.list.spec.Key).Value; old.Shape == model.List && len(old.Items) > 0 {
			x.complain(diag.Info, diag.TableReplaced, items.Place, "bỏ bảng ở một trong hai tệp nếu không định thay",
				fmt.Sprintf("bảng “%s” ở đây được dùng thay cho bảng trong %s", l.list.spec.Label, old.Place.File))
		}
		set(root, l.list.spec, items)
	}
	if !found && len(sheets) > 0 && len(x.judged) == 0 {
		x.complain(diag.Error, diag.NoTable, diag.Place{File: sheets[0].file}, x.wanted(), "không có bảng nào trong tệp khớp với loại văn bản này")
	}
}

// wanted names the lists that a file may hold.
func (x *extraction) wanted() string {
	titles := make([]string, len(x.dictionary.lists))
	for i, l := range x.dictionary.lists {
		titles[i] = "“" + l.spec.Label + "”"
	}
	if len(titles) == 0 {
		return "loại văn bản này không có bảng"
	}
	return "đặt tên trang tính và tiêu đề cột theo một trong các bảng: " + diag.List(titles)
}

// set sets the value of a root field.
func set(root *model.Node, spec *model.FieldSpec, value model.Node) {
	for i := range root.Fields {
		if root.Fields[i].Key == spec.Key {
			root.Fields[i].Value, root.Fields[i].Place = value, value.Place
			return
		}
	}
	root.Fields = append(root.Fields, model.Field{Key: spec.Key, Place: value.Place, Value: value})
}

// place finds for each sheet the list that it holds, nil for none. A sheet that has the name of a list holds it; others are judged by
// their headings.
func (x *extraction) place(sheets []*grid) []*layout {
	placed := make([]*layout, len(sheets))
	candidates := make([][]*layout, len(sheets))
	holder := make(map[*list]int)
	for i, g := range sheets {
		if len(g.rows) == 0 {
			continue
		}
		named := slices.IndexFunc(x.dictionary.lists, func(l list) bool { return g.sheet != "" && joined(g.sheet) == l.title })
		switch {
		case named >= 0:
			l := &x.dictionary.lists[named]
			if c := x.dictionary.find(g)[named]; c != nil && c.read > 0 {
				c.named, placed[i], holder[l] = true, c, i
				continue
			}
			x.judged[g] = true
			x.complain(diag.Error, diag.NoHeading, diag.Place{File: g.file, Sheet: g.sheet}, "thêm dòng tiêu đề cột: "+headings(l),
				"trang tính không có dòng tiêu đề của bảng “"+l.spec.Label+"”")
		case !g.hidden && !ours(g) && !isNamedForm(g):
			candidates[i] = x.dictionary.find(g)
			for k, l := range candidates[i] {
				if l != nil && g.form != nil && !l.list.spec.IsTable() { // of plain texts: that is an entry
					candidates[i][k] = nil
				}
			}
		}
	}
	for i, g := range sheets {
		best := x.mostLike(g, candidates[i], func(l *list) bool { h, taken := holder[l]; return taken && placed[h].named })
		if best == nil {
			continue
		}
		if h, taken := holder[best.list]; taken {
			x.judged[g] = true
			x.complain(diag.Error, diag.TwoSheets, diag.Place{File: g.file, Sheet: g.sheet},
				"gộp hai bảng vào một trang tính, hoặc xóa, ẩn trang tính không dùng",
				fmt.Sprintf("trang tính này và trang tính “%s” đều có tiêu đề của bảng “%s”", diag.Excerpt(sheets[h].sheet), best.list.spec.Label))
			continue
		}
		placed[i], holder[best.list] = best, i
	}
	return placed
}

// mostLike returns the layout that convinces most, of a list that no sheet of its name has, or nil. The nearest of all is kept in close.
func (x *extraction) mostLike(g *grid, candidates []*layout, isNamed func(*list) bool) (best *layout) {
	for _, c := range candidates {
		if c == nil {
			continue
		}
		if c.near() && (x.close[g] == nil || c.score > x.close[g].score) {
			x.close[g] = c
		}
		if c.convincing() && !isNamed(c.list) && (best == nil || c.score > best.score) {
			best = c
		}
	}
	return best
}

func headings(l *list) string {
	var titles []string
	for _, spec := range l.columns {
		if !spec.Computed {
			titles = append(titles, titleOf(&spec))
		}
	}
	return diag.List(titles)
}

// ours reports whether a sheet goes with a table in a workbook that this program wrote.
func ours(g *grid) bool {
	return slices.Contains([]string{"tonghop", "huongdan", "danhmuc", "bieudo"}, joined(g.sheet))
}

// tellUnused reports that a sheet is left aside, and which list it may have been meant for.
func (x *extraction) tellUnused(g *grid) {
	if x.judged[g] || g.form != nil || g.hidden || len(g.rows) == 0 || ours(g) {
		return
	}
	c := x.close[g]
	if c != nil && len(c.missing) == 0 {
		x.complain(diag.Warning, diag.UnknownSheet, g.place(g.rows[c.after-1].number, 0), "chép các dòng cần dùng sang trang tính “"+
			c.list.spec.Label+"”, hoặc xóa trang tính này", "trang tính không được đọc: bảng “"+c.list.spec.Label+"” đã có ở trang tính mang tên ấy")
		return
	}
	if c != nil {
		titles := make([]string, len(c.missing))
		for i, spec := range c.missing {
			titles[i] = "“" + titleOf(spec) + "”"
		}
		hint := "nếu là bảng “" + c.list.spec.Label + "”, thêm hoặc sửa tiêu đề các cột còn thiếu"
		if pairs := renames(g, c); len(pairs) > 0 {
			hint += ": " + diag.List(pairs)
		}
		x.complain(diag.Warning, diag.UnknownSheet, g.place(g.rows[c.after-1].number, 0), hint, fmt.Sprintf("trang tính không được đọc: gần giống bảng “%s” nhưng thiếu cột %s",
			c.list.spec.Label, diag.List(titles)))
		return
	}
	labels := make([]string, len(x.dictionary.lists))
	for i, l := range x.dictionary.lists {
		labels[i] = l.spec.Label
	}
	hint := x.wanted()
	if near := vi.Closest(g.sheet, labels); near != "" {
		hint = "có phải bảng “" + near + "”? Đặt lại tên trang tính và tiêu đề cột cho đúng"
	}
	if isUnitList(g) {
		x.complain(diag.Warning, diag.UnknownSheet, diag.Place{File: g.file, Sheet: g.sheet},
			"đặt tên cột theo tên các mục của loại văn bản, hoặc đổi tên, xóa trang tính này",
			"trang tính không được đọc: không có dòng tiêu đề nào gồm tên các mục, để mỗi dòng ở dưới làm một văn bản")
		return
	}
	x.complain(diag.Info, diag.UnknownSheet, diag.Place{File: g.file, Sheet: g.sheet}, hint, "trang tính không dùng đến: không khớp với bảng nào")
}
