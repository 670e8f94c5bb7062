package maker

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"
	"unicode"

	"vanthu/internal/diag"
	"vanthu/internal/flow"
	"vanthu/internal/model"
	"vanthu/internal/nd30"
	"vanthu/internal/office"
	"vanthu/internal/source"
	"vanthu/internal/typed"
	"vanthu/internal/vi"
	"vanthu/internal/wml"
)

// Import makes a data file (JSON) of a typed document, .docx or .txt: its kind, number, date, abstract, bases, content, recipients and
// signer as far as they are recognised. kind, a slug or a name, may be empty; then the document tells, and there are no data where it
// does not. What was not recognised is a finding, and its text stands in the content.
func (s *Service) Import(ctx context.Context, file File, kind string) (data []byte, found diag.Findings, err error) {
	defer diag.Recover("import "+file.Name, &err)
	defer func() { found.Sort() }()
	i, found, err := s.imported(ctx, file, kind)
	return i.data, found, err
}

// imported is a typed document as data of a kind.
type imported struct {
	record model.Record
	data   []byte // the same as a data file, nil where the document could not be read
}

// imported reads a typed document as data of the kind that is named, or that it shows.
func (s *Service) imported(ctx context.Context, file File, named string) (i imported, found diag.Findings, err error) {
	if _, err := s.Office.Definitions(); err != nil {
		return imported{}, nil, err
	}
	if err := ctx.Err(); err != nil {
		return imported{}, nil, err
	}
	lines, found, err := typedLines(file)
	if err != nil || found.Blocking() {
		return imported{}, found, err
	}
	read := typed.Read(file.Name, lines, s.typeNames())
	kind, more := s.kindOfTyped(read, file, named)
	if found.Add(more...); kind == nil {
		return imported{}, found, nil
	}
	record, more := read.Record(&kind.Schema)
	found.Add(more...)
	i = imported{record, source.JSON(&kind.Schema, record)}
	if tooLarge := unreadable(i.data, file); tooLarge != nil {
		return imported{}, append(found, *tooLarge), nil
	}
	i.record = ofDocument(ofKind(record, kind.Schema.Kind), &kind.Schema)
	return i, found, nil
}

// ofDocument returns a record whose values stand in the document, in the order of the fields of its kind; what the kind has no field for comes last.
func ofDocument(record model.Record, schema *model.Schema) model.Record {
	rank := map[string]int{"loai": -1}
	for i, spec := range schema.Fields {
		if spec.Key != "loai" {
			rank[spec.Key] = i
		}
	}
	at := func(f model.Field) int {
		if i, known := rank[f.Key]; known {
			return i
		}
		return len(schema.Fields)
	}
	slices.SortStableFunc(record.Root.Fields, func(a, b model.Field) int { return cmp.Compare(at(a), at(b)) })
	record.Root = placedIn(record.Root, record.File)
	return record
}

// placedIn returns a node with a file as the place of all that it holds.
func placedIn(node model.Node, file string) model.Node {
	node.Place = diag.Place{File: file}
	fields, items := node.Fields, node.Items
	node.Fields, node.Items = nil, nil
	for _, field := range fields {
		field.Place, field.Value = node.Place, placedIn(field.Value, file)
		node.Fields = append(node.Fields, field)
	}
	for _, item := range items {
		node.Items = append(node.Items, placedIn(item, file))
	}
	return node
}

// typeNames are those of the decree and of all kinds.
func (s *Service) typeNames() (names []string) {
	for _, t := range nd30.Types {
		names = append(names, t.Name)
	}
	kinds, _ := s.Office.Definitions()
	for _, k := range kinds {
		names = append(names, k.Schema.TypeName)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// kindOfTyped is the kind that a person chose, or that the document shows: of those of its type the one whose further words the abstract
// has, else the plain one. A kind without content, whose figures are typed into tables, is not chosen for a text where there is another.
func (s *Service) kindOfTyped(document *typed.Document, file File, named string) (*office.Definition, diag.Findings) {
	at := diag.Place{File: path.Base(file.Name), Field: model.KindKey}
	if named != "" {
		if k := s.Office.Find(named); k != nil {
			return k, nil
		}
		return nil, diag.Findings{s.Office.UnknownKind(named, at)}
	}
	var best *office.Definition
	most := -1
	kinds, _ := s.Office.Definitions()
	for _, k := range kinds {
		if k.Schema.TypeName != document.TypeName {
			continue
		}
		score := agreement(k, document.Abstract)
		if k.Schema.Field(model.BodyKey) == nil {
			score = 0
		}
		if score > most {
			best, most = k, score
		}
	}
	if best == nil {
		return nil, diag.Findings{{
			Severity: diag.Error, Code: diag.MissingField, Where: at, Message: "không nhận ra loại văn bản trong tệp",
			Hint: "chọn loại văn bản rồi làm lại. " + office.ListKinds,
		}}
	}
	return best, nil
}

// agreement returns how well an abstract agrees with the name of a kind: 1 for the plain kind, more for one of which the abstract has all
// further words, 0 for others.
func agreement(k *office.Definition, abstract string) int {
	has := strings.Fields(vi.Fold(abstract))
	further := strings.Fields(strings.TrimPrefix(vi.Fold(k.Schema.Name), vi.Fold(k.Schema.TypeName)))
	for _, word := range further {
		if !slices.Contains(has, word) {
			return 0
		}
	}
	return 1 + len(further)
}

// Closer are the slugs of the kinds of the same type as that of a slug whose further words an abstract has: what a document may be more
// exactly. A kind whose parts have fields of their own is not chosen by itself: only a person can tell the parts of a text.
func (s *Service) Closer(slug, abstract string) (slugs []string) {
	plain := s.Office.Schema(slug)
	if plain == nil {
		return nil
	}
	kinds, _ := s.Office.Definitions()
	for _, k := range kinds {
		if k.Schema.TypeName == plain.TypeName && k.Schema.Kind != slug && agreement(k, abstract) > 1 {
			slugs = append(slugs, k.Schema.Kind)
		}
	}
	return slugs
}

// typedLines returns the lines of a plain text, or the paragraphs and rows of a Word file.
func typedLines(file File) ([]typed.Line, diag.Findings, error) {
	if !strings.EqualFold(path.Ext(file.Name), ".docx") {
		lines, found := typed.Lines(file.Name, file.Data)
		return lines, found, nil
	}
	doc, found, err := wml.Read(file.Data)
	found = found.InFile(path.Base(file.Name))
	if err != nil || found.Blocking() {
		return nil, found, err
	}
	w := &wordLines{}
	for _, s := range doc.Sections {
		w.wide = s.Page.Width > s.Page.Height
		w.add(s.Blocks)
	}
	return w.lines, found, nil
}

// wordLines gathers the lines of a Word file.
type wordLines struct {
	lines []typed.Line
	wide  bool
}

// add takes in blocks. A table without lines only sets things side by side, as in the head and the foot of a document; the cells of
// others are rows.
func (w *wordLines) add(blocks []flow.Block) {
	for _, b := range blocks {
		switch b := b.(type) {
		case *flow.Paragraph:
			w.paragraph(b)
		case *flow.Table:
			if !isRuled(b) {
				for _, row := range b.Rows {
					for _, cell := range row.Cells {
						w.add(cell.Blocks)
					}
				}
				continue
			}
			for _, row := range b.Rows {
				w.row(b, row)
			}
		}
	}
}

// paragraph adds a paragraph; a line break in it begins another line.
func (w *wordLines) paragraph(p *flow.Paragraph) {
	for i, text := range strings.Split(wordText(p), "\n") {
		w.lines = append(w.lines, typed.Line{
			Text: text, Bold: isBold(p), Wide: w.wide, Broken: i > 0, Place: diag.Place{Paragraph: p.Number},
		})
	}
}

// wordText is the text of a paragraph with its number; a bullet of any font is a dash.
func wordText(p *flow.Paragraph) string {
	label := flow.Paragraph{Inlines: p.Label}
	number := strings.TrimSpace(label.Text())
	switch {
	case number == "":
		return p.Text()
	case strings.IndexFunc(number, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0:
		number = "-"
	}
	return number + " " + p.Text()
}

// isBold reports whether the first words of a paragraph are bold.
func isBold(p *flow.Paragraph) bool {
	for _, inline := range p.Inlines {
		if t, ok := inline.(flow.Text); ok && strings.TrimSpace(t.Text) != "" {
			return t.Style.Bold
		}
	}
	return false
}

// isRuled reports whether a table has lines between its cells: most of them have one beside and one above or below.
func isRuled(t *flow.Table) bool {
	lined, cells := 0, 0
	for _, row := range t.Rows {
		for _, cell := range row.Cells {
			cells++
			if b := cell.Borders; b.Top.Width > 0 && b.Left.Width > 0 || b.Bottom.Width > 0 && b.Right.Width > 0 {
				lined++
			}
		}
	}
	return lined > 0 && 2*lined >= cells
}

// row adds a row, with a blank for each column that a cell spans further. What a table in a cell says goes into the cell.
func (w *wordLines) row(t *flow.Table, row flow.Row) {
	line := typed.Line{Wide: w.wide, Place: diag.Place{Paragraph: t.Number}}
	for _, cell := range row.Cells {
		inner := &wordLines{wide: w.wide}
		inner.add(cell.Blocks)
		var words []string
		for _, l := range inner.lines {
			words = append(words, l.Text)
			words = append(words, l.Row...)
		}
		line.Row = append(line.Row, strings.Join(words, " "))
		for range min(cell.Span, len(t.Grid)) - 1 {
			line.Row = append(line.Row, "")
		}
	}
	w.lines = append(w.lines, line)
}
