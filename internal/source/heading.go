package source

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"vanthu/internal/lazyregexp"
	"vanthu/internal/model"
	"vanthu/internal/vi"
	"vanthu/internal/xlsx"
)

// How a table is found on a sheet
//
// Above a table stand titles; its heading is one to three rows, with cells merged down and across; below it may stand a row of column
// numbers. Every block of rows near the top is tried as a heading: what a column says in it, from the top down, is looked up among
// the names of all columns of all tables, and the block and table that agree best win. Accents, capitals, punctuation, line breaks
// and what stands in brackets (units, mostly) do not count, but a heading that agrees in those too is preferred.

// How well a heading names a field.
const (
	datedMatch   = 2 // but for “đến ngày 25/6/2026” at its end
	bareMatch    = 3 // but for what stands in brackets
	synonymMatch = 5
	labelMatch   = 6
	spannerMatch = 7 // more, for the heading over it
)

const (
	maxHeading  = 3  // rows that a heading may have
	mostAbove   = 40 // rows that may stand above it
	mostBelow   = 3  // rows looked at below one that convinces
	missingCost = 4  // for each required column that a heading lacks
)

var (
	bracketed = lazyregexp.New(`\([^()]*\)|\[[^\[\]]*\]`)
	unitTail  = lazyregexp.New(`\s(dvt|don vi tinh)\s.*$`)
	datedTail = lazyregexp.New(`\s((tinh )?den( het)? (ngay|thang|quy|nam|nay)\b.*|nam \d{4}|(quy|thang) \d.*)$`)
)

// heading is what a column says, in the forms in which it may name a field.
type heading struct{ full, bare, undated string }

func headingOf(text string) heading {
	const longest = 160 // bytes; more is no heading
	if text == "" || len(text) > longest {
		return heading{}
	}
	h := heading{full: vi.Words(text)}
	h.bare = h.full
	if strings.ContainsAny(text, "([") {
		h.bare = vi.Words(bracketed.ReplaceAllString(text, " "))
	}
	if strings.Contains(h.bare, " d") {
		h.bare = unitTail.ReplaceAllString(h.bare, "")
	}
	h.undated = h.bare
	if strings.ContainsAny(h.bare, "0123456789") || strings.Contains(h.bare, " den ") {
		h.undated = datedTail.ReplaceAllString(h.bare, "")
	}
	return h
}

// dictionary knows by which words each column of each list of a schema goes.
type dictionary struct {
	lists []list
	words map[string][]meaning
	seen  map[string]heading // of texts met so far
}

// list is a root list of a schema as a sheet has it. One of plain texts is a table of one column.
type list struct {
	spec     *model.FieldSpec
	columns  []model.FieldSpec
	spanners []string // of the columns, plain, or ""
	title    string   // as a name of a sheet, plain
}

type meaning struct{ list, column, match int }

func newDictionary(schema *model.Schema) *dictionary {
	d := &dictionary{words: map[string][]meaning{}, seen: map[string]heading{}}
	for i := range schema.Fields {
		spec := &schema.Fields[i]
		if spec.Type != model.ListField || spec.Computed {
			continue
		}
		l := list{spec: spec, columns: spec.Fields, title: joined(spec.Label)}
		if !spec.IsTable() {
			l.columns = []model.FieldSpec{
				{Key: "stt", Label: "STT", Synonyms: []string{"TT", "Số TT"}, Computed: true},
				{Label: spec.Label, Synonyms: spec.Synonyms},
			}
		}
		for k := range l.columns {
			d.add(len(d.lists), k, &l.columns[k])
			l.spanners = append(l.spanners, headingOf(l.columns[k].Spanner).undated)
		}
		d.lists = append(d.lists, l)
	}
	return d
}

func (d *dictionary) add(list, column int, spec *model.FieldSpec) {
	put := func(word string, match int) {
		if word == "" {
			return
		}
		for i, m := range d.words[word] {
			if m.list == list && m.column == column {
				d.words[word][i].match = max(m.match, match)
				return
			}
		}
		d.words[word] = append(d.words[word], meaning{list, column, match})
	}
	put(strings.ReplaceAll(spec.Key, "_", " "), bareMatch)
	over := headingOf(spec.Spanner)
	for i, name := range append([]string{spec.Label}, spec.Synonyms...) {
		h, match := headingOf(name), synonymMatch
		if i == 0 {
			match = labelMatch
		}
		put(h.full, match)
		put(h.bare, bareMatch)
		put(h.undated, datedMatch)
		if over.bare != "" {
			put(over.bare+" "+h.bare, match+spannerMatch)
			put(over.undated+" "+h.bare, match)
			put(h.bare+" "+over.undated, match)
		}
	}
}

// joined is a name without spaces or anything else that a sheet name may lack.
func joined(name string) string {
	const longest = 31 // runes of the name of a sheet
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return -1
		}
		return r
	}, name)
	if utf8.RuneCountInString(name) > longest {
		name = string([]rune(name)[:longest])
	}
	return strings.ReplaceAll(vi.Words(name), " ", "")
}

// layout is how a sheet holds a list.
type layout struct {
	list     *list
	named    bool  // the sheet has the name of the list
	first    int   // row of the grid with which the heading begins
	after    int   // first row below it
	columns  []int // of the grid, by column of the list; -1 for none
	doubled  []pair
	unknown  []cell // headings of columns that the list does not have
	score    int
	found    int // columns of the list that the sheet has
	required int // of them, those that the list requires
	read     int // of them, those that are not computed
	missing  []*model.FieldSpec
}

// pair is a column of the list with the heading of a second column for it.
type pair struct {
	column int
	second cell
}

// better reports whether l is to be preferred to an earlier one. Of equals the one with fewer rows is, which has no title in it; and the
// lower of two over plain texts, for the title of their sheet may say the same.
func (l *layout) better(than *layout) bool {
	height, other := l.after-l.first, than.after-than.first
	return l.score > than.score || l.score == than.score && (height < other || height == other && !l.list.spec.IsTable())
}

// convincing reports whether the headings alone say that a sheet holds the list: they have all that it requires, or know most of what
// stands there.
func (l *layout) convincing() bool {
	if !l.list.spec.IsTable() {
		return len(l.unknown) == 0 && l.read == 1
	}
	return l.near() && (len(l.missing) == 0 || l.found >= len(l.unknown))
}

// perfect reports whether no other heading can agree better.
func (l *layout) perfect() bool {
	return l.near() && l.found == len(l.columns) && len(l.unknown)+len(l.doubled) == 0
}

// near reports whether the sheet may have been meant for the list.
func (l *layout) near() bool { return l.list.spec.IsTable() && l.read >= 2 && l.required > 0 }

// column is what a column says in a block of rows.
type column struct {
	at       int
	cell     cell // the lowest part of it
	readings []reading
}

// reading is one way to read the parts of a heading.
type reading struct {
	heading
	over string // plain words of the heading above
}

// find returns the best layout of each list on a grid, nil where nothing of it was found.
func (d *dictionary) find(g *grid) []*layout {
	best := make([]*layout, len(d.lists))
	top, last := 0, len(g.rows)
	for first := range min(len(g.rows), mostAbove) {
		if first > last+mostBelow {
			break
		}
		for height := 1; height <= maxHeading && first+height <= len(g.rows); height++ {
			columns := g.columnsOf(g.rows[first:first+height], d.seen)
			if columns == nil {
				break
			}
			for i, l := range d.layouts(columns) {
				if l == nil {
					continue
				}
				l.first, l.after = first, first+height
				if best[i] == nil || l.better(best[i]) {
					best[i] = l
				}
				if l.score > top && l.convincing() {
					top, last = l.score, first
				}
				if l.perfect() {
					return best
				}
			}
		}
	}
	return best
}

// columnsOf reads a block of rows as a heading; nil when it is none.
func (g *grid) columnsOf(rows []gridRow, seen map[string]heading) (columns []column) {
	width := 0
	for i, row := range rows {
		if i > 0 && row.number != rows[i-1].number+1 {
			return nil
		}
		width = max(width, len(row.cells))
	}
	look := func(c cell) heading {
		h, known := seen[c.text]
		if !known {
			h = headingOf(vi.Clean(c.text))
			seen[c.text] = h
		}
		return h
	}
	over := make([]cell, len(rows)) // what the column to the left says in the upper rows
	for at := range width {
		var parts []heading
		var lowest cell
		for i := range rows {
			c := rows[i].at(at)
			switch {
			case c.kind == xlsx.Text:
			case i < len(rows)-1 && len(rows) > 1 && rows[len(rows)-1].at(at).kind == xlsx.Text && over[i].kind == xlsx.Text:
				c = over[i] // a heading over several columns that is not merged
			default:
				over[i] = cell{}
				continue
			}
			over[i] = c
			h := look(c)
			if h.bare == "" || len(parts) > 0 && lowest.row == c.row && lowest.column == c.column {
				continue
			}
			parts = append(parts, h)
			lowest = c
			lowest.filled = false
		}
		if len(parts) > 0 {
			columns = append(columns, column{at: at, cell: lowest, readings: readings(parts)})
		}
	}
	return columns
}

// readings are the ways in which a column may name its field: by its last part under the one above, and by all parts in a row.
func readings(parts []heading) []reading {
	last := parts[len(parts)-1]
	if len(parts) == 1 {
		return []reading{{heading: last}}
	}
	all := make([]string, len(parts))
	for i, part := range parts {
		all[i] = part.bare
	}
	whole := strings.Join(all, " ")
	return []reading{{last, parts[len(parts)-2].undated}, {heading{whole, whole, whole}, ""}}
}

// match judges how well a reading names each column of each list.
func (d *dictionary) match(f reading, found func(m meaning)) {
	for _, word := range []struct {
		text string
		most int
	}{{f.full, labelMatch + spannerMatch}, {f.bare, bareMatch + spannerMatch}, {f.undated, datedMatch}} {
		for _, m := range d.words[word.text] {
			m.match = min(m.match, word.most)
			spanner := d.lists[m.list].spanners[m.column]
			switch {
			case f.over == "" || spanner == "":
			case f.over == spanner || strings.HasPrefix(f.over, spanner+" "):
				m.match = min(m.match, labelMatch) + spannerMatch
			default:
				m.match = min(m.match, datedMatch) // under another heading it means something else
			}
			found(m)
		}
	}
}

// layouts pairs columns of a block with those of each list, the best match first.
func (d *dictionary) layouts(columns []column) []*layout {
	type match struct{ column, field, match int }
	matches := make([][]match, len(d.lists))
	for k, c := range columns {
		for _, f := range c.readings {
			d.match(f, func(m meaning) { matches[m.list] = append(matches[m.list], match{k, m.column, m.match}) })
		}
	}
	layouts := make([]*layout, len(d.lists))
	for i := range d.lists {
		if len(matches[i]) == 0 {
			continue
		}
		slices.SortStableFunc(matches[i], func(a, b match) int { return cmp.Or(b.match-a.match, a.column-b.column, a.field-b.field) })
		l := &layout{list: &d.lists[i], columns: slices.Repeat([]int{-1}, len(d.lists[i].columns))}
		taken := make([]bool, len(columns))
		strength := make([]int, len(l.columns))
		for _, m := range matches[i] {
			if !taken[m.column] && l.columns[m.field] < 0 {
				taken[m.column], l.columns[m.field], strength[m.field] = true, columns[m.column].at, m.match
			}
		}
		for _, m := range matches[i] {
			if !taken[m.column] && m.match == strength[m.field] {
				taken[m.column] = true
				l.doubled = append(l.doubled, pair{m.field, columns[m.column].cell})
			}
		}
		for k, c := range columns {
			if !taken[k] && !slices.Contains(l.unknown, c.cell) { // one merged over several columns counts once
				l.unknown = append(l.unknown, c.cell)
			}
		}
		l.count(strength)
		layouts[i] = l
	}
	return layouts
}

// count sums up how much of the list was found.
func (l *layout) count(strength []int) {
	for k := range l.columns {
		spec := &l.list.columns[k]
		switch found := l.columns[k] >= 0; {
		case found:
			l.score += strength[k]
			l.found++
			if !spec.Computed {
				l.read++
			}
			if spec.Required {
				l.required++
			}
		case spec.Required && !spec.Computed:
			l.score -= missingCost
			l.missing = append(l.missing, spec)
		}
	}
}
