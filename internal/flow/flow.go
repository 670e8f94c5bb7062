// Package flow is the second noun: a document whose every style is resolved and that has no pages yet.
//
// wml makes it from a Word file; layout turns it into pages; check judges it. Lengths are EMU, colours are 0xRRGGBB.
// Nothing here refers to a style sheet: what a style says has been copied to each paragraph and run it governs.
package flow

import "vanthu/internal/geom"

// Document is a sequence of sections with the settings that layout needs.
type Document struct {
	Sections    []Section
	Compat      int      // compatibilityMode of word/settings.xml; 0 when absent (ECMA-376-1, 17.15.3; [MS-DOCX] 2.3.3)
	DefaultTab  geom.EMU // distance of the default tab stops (ECMA-376-1, 17.15.1.25)
	SpacingAdds bool     // doNotUseHTMLParagraphAutoSpacing: space after and the next space before add up (ECMA-376-4, 14.8.3.15)
	Title       string   // docProps/core.xml, dc:title
	Author      string   // docProps/core.xml, dc:creator
	Created     string   // docProps/core.xml, dcterms:created, as written (W3CDTF)
}

// Section is a run of blocks printed on one kind of page (ECMA-376-1, 17.6).
type Section struct {
	Page        PageSetup
	Start       SectionStart
	TitlePage   bool // the first page has its own header and footer (17.10.6)
	NumberStart int  // first page number; -1 continues (17.6.12)
	Header      HeaderSet
	Footer      HeaderSet
	Blocks      []Block
}

// HeaderSet holds the header, or the footer, of the pages of a section. A nil slice prints nothing.
type HeaderSet struct {
	Default []Block
	First   []Block // of the first page, when Section.TitlePage
}

// PageSetup is the paper and its margins (17.6.11, 17.6.13).
type PageSetup struct {
	Width, Height            geom.EMU
	Top, Bottom, Left, Right geom.EMU
	Header, Footer           geom.EMU // distance of header and footer from the paper's edge
}

// SectionStart is where the section begins (17.18.77).
type SectionStart int

// Odd and even page starts are reported by wml and read as NextPage.
const (
	NextPage SectionStart = iota
	Continuous
)

// Block is a *Paragraph or a *Table.
type Block interface{ block() }

func (*Paragraph) block() {}
func (*Table) block()     {}

// Align is the alignment of the lines of a paragraph, or of a table on its column (17.3.1.13, 17.4.28).
type Align int

// The alignments of the subset; "distribute" is reported by wml and read as Justify.
const (
	Left Align = iota
	Center
	Right
	Justify
)

// LineRule is how LineSpacing.Value is meant (17.18.48).
type LineRule int

// Auto multiplies the font's own line height; the others are lengths.
const (
	Auto LineRule = iota
	AtLeast
	Exactly
)

// LineSpacing is the height of lines (17.3.1.33).
type LineSpacing struct {
	Rule  LineRule
	Value geom.EMU // Auto: 240 is single, as in the file; otherwise a length
}

// Paragraph is a paragraph with every property resolved (17.3.1).
type Paragraph struct {
	Style string // the name of its paragraph style, as Word's gallery shows it

	Align             Align
	IndentLeft        geom.EMU
	IndentRight       geom.EMU
	FirstLine         geom.EMU // negative: hanging
	SpaceBefore       geom.EMU
	SpaceAfter        geom.EMU
	ContextualSpacing bool // no space between paragraphs of one style (17.3.1.9)
	Line              LineSpacing
	KeepNext          bool
	KeepLines         bool
	WidowControl      bool
	PageBreakBefore   bool
	Tabs              []TabStop // ascending
	Borders           Borders
	Between           Border // between paragraphs of equal borders (17.3.1.5)
	Shading           Color
	Label             []Inline // list number and what follows it, already formatted (17.9)
	Inlines           []Inline
	Mark              RunStyle // of the paragraph mark: gives an empty paragraph its height
	Number            int      // from 1, its place in the file, for findings
}

// TabStop is a custom tab stop; Position is from the left margin of the column (17.3.1.37).
type TabStop struct {
	Position geom.EMU
	Kind     TabKind
	Leader   rune // '.', '-', '_' or 0
}

// TabKind is the alignment of the text at a tab stop (17.18.84).
type TabKind int

// The kinds of the subset; bar tabs are reported by wml and left out.
const (
	TabLeft TabKind = iota
	TabCenter
	TabRight
	TabDecimal
)

// Inline is a piece of a paragraph: Text, Tab, Break, Field or Line.
type Inline interface{ inline() }

func (Text) inline()  {}
func (Tab) inline()   {}
func (Break) inline() {}
func (Field) inline() {}
func (Line) inline()  {}

// Text is a stretch of characters in one style; it holds no tab and no line break. Capitals are already applied.
// U+00A0 and U+2011 do not break; U+00AD shows only where a line ends.
type Text struct {
	Text  string
	Style RunStyle
}

// Tab moves to the next tab stop.
type Tab struct{ Style RunStyle }

// Break ends a line, a page or a column (17.3.3.1).
type Break struct {
	Kind  BreakKind
	Style RunStyle
}

// BreakKind is what a Break ends; a column break is read as a page break, since text has one column.
type BreakKind int

// The kinds of break.
const (
	LineBreak BreakKind = iota
	PageBreak
)

// Field is a number that layout knows (17.16.5).
type Field struct {
	Kind  FieldKind
	Style RunStyle
}

// FieldKind is which number a Field shows.
type FieldKind int

// PAGE and NUMPAGES; other fields print the result that the file holds and arrive as Text.
const (
	PageNumber FieldKind = iota
	PageCount
)

// Line is a straight line drawn over the page and anchored in the paragraph (DrawingML 20.4.2.3, VML 19.1.2.12).
// Ends are relative to the origins; the line takes no room in the text.
type Line struct {
	OriginX, OriginY Origin
	X1, Y1, X2, Y2   geom.EMU
	AlignX           Align // when CenterX or otherwise aligned: Center or Right place the whole line on its origin's width
	Aligned          bool  // AlignX counts, X1 and X2 give only the length
	Pen              Border
}

// Origin is what a position of a Line is measured from (20.4.3.4, 20.4.3.5).
type Origin int

// For X, FromText is the column's left edge; for Y, the top of the anchoring paragraph.
const (
	FromText Origin = iota
	FromMargin
	FromPage
)

// Color is 0xRRGGBB with a mark that it is set, so that the zero value means "automatic".
type Color struct {
	RGB uint32
	Set bool
}

// RunStyle is the look of a stretch of text, resolved (17.3.2).
type RunStyle struct {
	Font      string   // the family named by the file: "Times New Roman"
	Size      geom.EMU // the em; 14 pt is 177800
	Bold      bool
	Italic    bool
	Underline bool
	Strike    bool
	Color     Color
	Highlight Color
	Position  Position
	Spacing   geom.EMU // added after each character (17.3.2.35)
	Raise     geom.EMU // of the baseline (17.3.2.24)
}

// Position is superscript or subscript (17.3.2.42).
type Position int

// Where the run sits on its line.
const (
	OnBaseline Position = iota
	Superscript
	Subscript
)

// Border is a line around a paragraph, a cell or a table; Width 0 is none (17.3.4). A Double one is two lines of Width with a
// gap of Width between them.
type Border struct {
	Width  geom.EMU
	Space  geom.EMU // between the text and the line
	Color  Color
	Double bool
	Dashed bool
}

// Borders are the four sides.
type Borders struct{ Top, Bottom, Left, Right Border }

// Table is a grid of cells (17.4).
type Table struct {
	Grid  []geom.EMU // column widths, left to right: what layout uses
	Align Align      // on the column; Justify is not used
	// Indent is where the text of the first cell of the first row begins, from the column's left edge, when Align is Left; the
	// left edge of the grid is Indent - Rows[0].Cells[0].Margins.Left. wml has settled what w:tblInd means in the file's
	// compatibility mode (17.4.50: text edge of a top-level table below 15, cell edge from 15 on).
	Indent geom.EMU
	Rows   []Row
	Number int // of its first paragraph, for findings
}

// Row is a row of cells that fill the grid from GridBefore on (17.4.78).
type Row struct {
	GridBefore  int // columns skipped at the left
	Height      geom.EMU
	HeightRule  LineRule // Auto means no height is set
	Header      bool     // repeated at the top of each page (17.4.49)
	CannotSplit bool     // stays on one page (17.4.6)
	Cells       []Cell
}

// Cell is one cell; merges and borders are resolved: RowSpan counts the rows it covers; a covered cell has Covered set and
// neither blocks nor borders. Borders are those to be drawn on its own edges, all its rows high, conflicts settled (17.4.66).
// Where two cells share an edge both may carry it; drawing both is right.
type Cell struct {
	Span    int // grid columns, at least 1
	RowSpan int // rows, at least 1
	Covered bool
	Margins Margins
	Borders Borders
	Shading Color
	VAlign  VAlign
	Blocks  []Block
}

// Margins are the distances of a cell's content from its edges (17.4.42).
type Margins struct{ Top, Bottom, Left, Right geom.EMU }

// VAlign places the content of a cell in its height (17.4.83).
type VAlign int

// The vertical alignments.
const (
	AlignTop VAlign = iota
	AlignMiddle
	AlignBottom
)
