package maker

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
)

// placed returns findings that name a field alone its place in the file: the cell of a workbook, the line of a text. Of a field that
// the file leaves out it is the row that lacks it.
func placed(found diag.Findings, record model.Record) diag.Findings {
	for i := range found {
		where := &found[i].Where
		if where.File != "" || where.Field == "" {
			continue
		}
		at := placeOf(record.Root, where.Field)
		at.File, at.Field, at.Text = cmp.Or(at.File, record.File), where.Field, where.Text
		*where = at
	}
	return found
}

// placeOf follows a path like nhiem_vu[3].thoi_han as far as the data goes.
func placeOf(node model.Node, fields string) (at diag.Place) {
	for name := range strings.SplitSeq(fields, ".") {
		key, number, listed := strings.Cut(strings.TrimSuffix(name, "]"), "[")
		i := slices.IndexFunc(node.Fields, func(f model.Field) bool { return f.Key == key })
		if i < 0 {
			return at
		}
		node = node.Fields[i].Value
		if n, err := strconv.Atoi(number); listed && err == nil && 1 <= n && n <= len(node.Items) {
			node = node.Items[n-1]
		}
		at = node.Place
	}
	return at
}

// apart renames a file that has the name of the data file, as the workbooks of two periods often do, so that findings tell which of
// the two to mend.
func apart(file File, role string, data File) File {
	if name := path.Base(file.Name); name == path.Base(data.Name) {
		file.Name = role + " - " + name
	}
	return file
}
