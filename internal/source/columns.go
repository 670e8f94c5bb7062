package source

import (
	"fmt"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
	"vanthu/internal/xlsx"
)

// complainOfColumns reports headings that are missing, doubled or unknown.
func (t *tableReader) complainOfColumns() {
	l, heading := t.layout, t.grid.place(t.grid.rows[t.layout.after-1].number, 0)
	var paired []cell
	for _, spec := range l.missing {
		hint := "thêm cột có tiêu đề “" + titleOf(spec) + "”, hoặc sửa tiêu đề cột đang có cho đúng"
		if c, found := likest(t.grid, l, spec); found {
			hint = rename(c, spec) + "; nếu không phải, thêm cột có tiêu đề ấy"
			paired = append(paired, c)
		}
		t.complain(diag.Error, diag.MissingColumn, heading, hint, fmt.Sprintf("bảng “%s” thiếu cột “%s”", l.list.spec.Label, titleOf(spec)))
	}
	for _, two := range l.doubled {
		spec := &l.list.columns[two.column]
		if spec.Computed {
			continue
		}
		first := xlsx.CellName(int(two.second.row), l.columns[two.column])
		t.complain(diag.Error, diag.DuplicateColumn, t.grid.placeOf(two.second), "giữ lại một cột, xóa hoặc đổi tên cột còn lại",
			fmt.Sprintf("tiêu đề “%s” cũng được hiểu là cột “%s”, đã có ở ô %s", diag.Excerpt(two.second.words()), titleOf(spec), first))
	}
	t.complainOfUnknown(paired)
}

// complainOfUnknown reports headings that the list does not have. One that is nearly the title of an absent column is most likely that:
// it is not taken for it, for “Thời gian” is as near to “Thời hạn” as a slip of the pen. One over dates may be an absent column of dates.
// Those told of before are passed over.
func (t *tableReader) complainOfUnknown(told []cell) {
	l := t.layout
	var absent, days, unused []string
	for k := range l.columns {
		spec := &l.list.columns[k]
		if l.columns[k] >= 0 || spec.Computed {
			continue
		}
		absent = append(absent, spec.Label)
		if spec.Type == model.DateField {
			days = append(days, "“"+spec.Label+"”")
		}
	}
	for _, c := range l.unknown {
		typed, near := diag.Excerpt(c.words()), vi.Closest(c.words(), absent)
		switch {
		case slices.Contains(told, c):
		case near != "":
			t.complain(diag.Warning, diag.NearColumn, t.grid.placeOf(c), "có phải “"+near+"”? Sửa tiêu đề cho đúng, hoặc đặt tên khác hẳn nếu là cột khác",
				fmt.Sprintf("cột “%s” không được đọc: gần giống cột “%s” của bảng “%s” nhưng không trùng", typed, near, l.list.spec.Label))
		case len(days) > 0 && holdsDates(t.grid.rows[l.after:], int(c.column)):
			t.complain(diag.Warning, diag.NearColumn, t.grid.placeOf(c), "có phải "+strings.Join(days, " hay ")+"? Nếu phải, đổi tên cột",
				fmt.Sprintf("cột “%s” ghi ngày nhưng không được đọc, trong khi bảng “%s” chưa có cột %s", typed, l.list.spec.Label, strings.Join(days, ", ")))
		default:
			unused = append(unused, "“"+typed+"” ("+xlsx.CellName(int(c.row), int(c.column))+")")
		}
	}
	if len(unused) > 0 {
		t.complain(diag.Info, diag.UnknownColumn, diag.Place{File: t.grid.file, Sheet: t.grid.sheet},
			"nếu cần dùng, đổi tiêu đề thành tên cột của bảng", fmt.Sprintf("bảng “%s” có cột không dùng đến: %s", l.list.spec.Label, diag.List(unused)))
	}
}

// holdsDates reports whether most of what the first rows say in a column are dates.
func holdsDates(rows []gridRow, column int) bool {
	const most = 50
	dates, all := 0, 0
	for i := range rows[:min(len(rows), most)] {
		c := rows[i].at(column)
		if c.kind == xlsx.Blank {
			continue
		}
		all++
		_, err := vi.ParseDate(vi.Clean(c.text))
		if c.kind == xlsx.Number && c.format == xlsx.Date || c.kind == xlsx.Text && err == nil {
			dates++
		}
	}
	return dates > 0 && 2*dates >= all
}

// likest returns the heading of no column that may have been meant for an absent one: it has most words in common with its title or a
// synonym, and what stands below is a date where one is wanted.
func likest(g *grid, l *layout, spec *model.FieldSpec) (best cell, found bool) {
	most := 0
	for _, c := range l.unknown {
		words, common := strings.Fields(vi.Words(c.words())), 0
		for _, name := range append([]string{spec.Label}, spec.Synonyms...) {
			n := 0
			for _, word := range strings.Fields(vi.Words(name)) {
				if slices.Contains(words, word) {
					n++
				}
			}
			common = max(common, n)
		}
		if spec.Type == model.DateField && holdsDates(g.rows[l.after:], int(c.column)) {
			common += 2
		}
		if common > most {
			best, most = c, common
		}
	}
	return best, most > 0
}

// renames lists the headings that may have been meant for the columns that a sheet lacks.
func renames(g *grid, l *layout) (pairs []string) {
	for _, spec := range l.missing {
		if c, found := likest(g, l, spec); found {
			pairs = append(pairs, rename(c, spec))
		}
	}
	return pairs
}

func rename(c cell, spec *model.FieldSpec) string {
	return fmt.Sprintf("%s “%s” có phải là “%s”? đổi tên cột", xlsx.CellName(int(c.row), int(c.column)), diag.Excerpt(c.words()), titleOf(spec))
}

// titleOf names a column with the heading over it.
func titleOf(spec *model.FieldSpec) string {
	if spec.Spanner != "" {
		return spec.Spanner + ": " + spec.Label
	}
	return spec.Label
}
