package model

// Outline is the body of a document: what a clerk types as numbered lines, told apart by level. It carries no look; the
// template's styles give it one.
type Outline []Block

// Block is a Paragraph of the outline or a Grid.
type Block interface{ block() }

func (Line) block() {}
func (Grid) block() {}

// Line is one paragraph with its level. Text holds the number as typed ("I. MỤC ĐÍCH", "a) Việc …", "- Việc …").
type Line struct {
	Level Level
	Title bool // a numbered line that names what follows it, rather than saying something itself
	Text  string
}

// Grid is a table typed with | between its cells; the first row is its heading.
type Grid struct {
	Head []string
	Rows [][]string
}

// Level is the rank of a line in the outline (NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 6, điểm đ; tiểu khoản and gạch
// đầu dòng are practice).
type Level int

// The levels from plain text down.
const (
	Plain     Level = iota // đoạn
	Part                   // Phần I, Chương I
	Heading                // mục: I.
	Clause                 // khoản: 1.
	SubClause              // tiểu khoản: 1.1.
	Point                  // điểm: a)
	Dash                   // gạch đầu dòng: -
	Plus                   // dấu cộng: +
	Article                // Điều 1.
)
