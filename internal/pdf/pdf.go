// Package pdf paints finished pages as PDF. It decides nothing: every item stands where page says.
//
// It is the only room that knows fpdf. Text whose characters are all in a face's cut (font.Cut) takes the fast path, one
// operator for a whole item under an encoding of one byte a character; other text is painted word by word with the whole face,
// which fpdf parses and cuts while the document waits.
package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"codeberg.org/go-pdf/fpdf"

	"vanthu/internal/flow"
	"vanthu/internal/font"
	"vanthu/internal/page"
)

// painted are buffers for what fpdf writes, some 200 KB, which is compressed into another.
var painted = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Write paints a document. The same document gives the same bytes. Nothing is written before the whole document is painted.
// Errors are faults of the program or of the writer: whatever a person can mend was found before layout.
func Write(w io.Writer, doc page.Document, fonts *font.Set) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("write pdf: internal error: %v", fault)
		}
	}()
	if len(doc.Pages) == 0 {
		return errors.New("write pdf: the document has no page")
	}
	p := newPainter(doc, fonts)
	for _, sheet := range doc.Pages {
		p.paintPage(sheet)
	}
	out := painted.Get().(*bytes.Buffer)
	defer painted.Put(out)
	out.Reset()
	if err := p.pdf.Output(out); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	file, err := compress(out.Bytes())
	if err != nil {
		return fmt.Errorf("write pdf: compress: %w", err)
	}
	raiseVersion(file)
	if _, err := w.Write(file); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	return nil
}

// raiseVersion makes the file say 1.4, the first version with /Lang (ISO 32000-1, 14.9.2); fpdf says 1.3 and cannot be told.
func raiseVersion(file []byte) {
	if const3 := []byte("%PDF-1.3"); bytes.HasPrefix(file, const3) {
		file[len(const3)-1] = '4'
	}
}

// painter paints one document. What it remembers of the page's graphics state saves repeating it.
type painter struct {
	pdf   *fpdf.Fpdf
	fonts *font.Set
	faces map[page.Face]*face // as named by items
	keys  map[string]bool     // fpdf's names of the faces registered

	fontKey     string // selected face
	fontSize    float64
	wordSpace   float64 // points
	letterSpace float64
	line        []byte // text of an item in the cut face's encoding, reused
}

func newPainter(doc page.Document, fonts *font.Set) *painter {
	first := doc.Pages[0]
	pdf := fpdf.NewCustom(&fpdf.InitType{
		OrientationStr: "P", UnitStr: "pt",
		Size: fpdf.SizeType{Wd: first.Width.Points(), Ht: first.Height.Points()},
	})
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCompression(false) // see compress.go
	setProperties(pdf, doc)
	return &painter{pdf: pdf, fonts: fonts, faces: map[page.Face]*face{}, keys: map[string]bool{}}
}

func (p *painter) paintPage(sheet page.Page) {
	p.pdf.AddPageFormat("P", fpdf.SizeType{Wd: sheet.Width.Points(), Ht: sheet.Height.Points()})
	p.wordSpace, p.letterSpace = 0, 0
	for _, item := range sheet.Items {
		switch item := item.(type) {
		case page.Text:
			p.paintText(item)
		case page.Rule:
			p.paintRule(item)
		case page.Box:
			p.paintBox(item)
		}
	}
}

// paintRule strokes a line with square ends that do not stick out (butt caps, the default).
func (p *painter) paintRule(rule page.Rule) {
	width := rule.Width.Points()
	p.pdf.SetDrawColor(rgb(rule.Color))
	p.pdf.SetLineWidth(width)
	if rule.Dashed {
		p.pdf.SetDashPattern([]float64{4 * width, 3 * width}, 0)
	}
	p.pdf.Line(rule.X1.Points(), rule.Y1.Points(), rule.X2.Points(), rule.Y2.Points())
	if rule.Dashed {
		p.pdf.SetDashPattern(nil, 0)
	}
}

// paintBox fills with the box's colour and goes back to black, so that black text needs no colour of its own.
func (p *painter) paintBox(box page.Box) {
	p.pdf.SetFillColor(rgb(box.Color))
	p.pdf.Rect(box.X.Points(), box.Y.Points(), box.Width.Points(), box.Height.Points(), "F")
	p.pdf.SetFillColor(0, 0, 0)
}

// rgb takes a colour apart; automatic is black.
func rgb(color flow.Color) (r, g, b int) {
	if !color.Set {
		return 0, 0, 0
	}
	return int(color.RGB >> 16 & 0xFF), int(color.RGB >> 8 & 0xFF), int(color.RGB & 0xFF)
}
