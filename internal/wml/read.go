// Package wml is the verb that turns a Word file into a flow.Document: the style cascade happens once, here, and whatever
// stands outside the subset that flow can hold becomes a finding. No text is dropped without being reported.
//
// The path: the package is opened; settings, styles and numbering are read; the body is walked once, block by block; each
// paragraph starts from the document defaults, then its table style, numbering level, paragraph style and direct
// properties, and each run goes on from there (ECMA-376-1, 17.7.2).
package wml

import (
	"errors"
	"path"

	"vanthu/internal/diag"
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// Read reads any DOCX. Its findings are in Vietnamese, one a kind of feature; with a blocking one (the file is no Word file, too
// large, locked or damaged) the document is empty. The error is kept for faults of the program; none is known.
func Read(docx []byte) (flow.Document, diag.Findings, error) {
	pkg, err := ooxml.OpenWord(docx)
	if err != nil {
		return flow.Document{}, diag.Findings{refusal(err)}, nil
	}
	r := &reader{pkg: pkg}
	r.relations = r.related("word/document.xml")
	body := r.tree("word/document.xml").Child("w:body")
	if body == nil && len(r.noted) == 0 {
		r.note(&damagedPart, "word/document.xml")
	}
	var doc flow.Document
	if body != nil {
		r.readSettings()
		r.readStyles()
		doc = flow.Document{Compat: r.settings.compat, DefaultTab: r.settings.defaultTab, SpacingAdds: r.settings.spacingAdds}
		r.readCore(&doc)
		doc.Sections = r.readBody(body)
	}
	found := r.findings()
	if found.Blocking() {
		return flow.Document{}, found, nil
	}
	return doc, found, nil
}

// refusal returns the finding for a file that cannot be opened: why, and what to do.
func refusal(err error) diag.Finding {
	f := diag.Finding{Severity: diag.Error}
	switch {
	case errors.Is(err, ooxml.ErrOldFormat):
		f.Code = diag.OldWordFile
		f.Message = "Tệp là Word đời cũ (.doc) hoặc .docx có đặt mật khẩu, không đọc được."
		f.Hint = "Mở bằng Word, bỏ mật khẩu nếu có, rồi Lưu thành (Save As) Word Document (.docx)."
	case errors.Is(err, ooxml.ErrTooLarge):
		f.Code = diag.FileTooLarge
		f.Message = "Tệp quá lớn sau khi giải nén, không đọc."
		f.Hint = "Nén hoặc bỏ bớt hình ảnh, đối tượng nhúng rồi lưu lại."
	case errors.Is(err, ooxml.ErrNotWord):
		f.Code = diag.NotAWordFile
		f.Message = "Tệp không phải văn bản Word (.docx)."
		f.Hint = "Chọn đúng tệp văn bản; bảng tính hay trình chiếu không đọc được ở đây."
	case errors.Is(err, ooxml.ErrDamaged):
		f.Code = diag.DamagedFile
		f.Message = "Tệp bị hỏng, không đọc được."
		f.Hint = "Mở tệp bằng Word (Open and Repair) rồi lưu lại dạng .docx."
	default:
		f.Code = diag.NotAWordFile
		f.Message = "Tệp không phải .docx, hoặc tải lên chưa trọn vẹn."
		f.Hint = "Mở tệp bằng Word rồi Lưu thành (Save As) Word Document (.docx)."
	}
	return f
}

// reader walks one package. What it knows of the file comes first, then where it stands.
type reader struct {
	pkg       *ooxml.Package
	relations ooxml.Relations
	settings  settings
	styles    styles
	numbering numbering
	theme     *theme // nil until something refers to it

	noted    []*noted
	unplaced []*noted // still without the first words of their paragraph
	notes    map[string]*ooxml.Element

	setups      []sectionSetup
	closed      []flow.Section
	inBody      bool
	inParagraph bool
	number      int        // paragraphs of the body so far
	width       geom.EMU   // of the column or cell being filled
	depth       int        // of tables around
	table       *tableLook // what the table style says of paragraphs and runs here, or nil
	fields      []field    // open complex fields
	run         runReader
}

// tree parses a part; one that is absent or damaged gives nil, and the damage is noted.
func (r *reader) tree(part string) *ooxml.Element {
	root, err := r.pkg.Tree(part)
	if err != nil {
		r.note(&damagedPart, part)
	}
	return root
}

func (r *reader) related(part string) ooxml.Relations {
	relations, err := r.pkg.Relations(part)
	if err != nil {
		r.note(&damagedPart, path.Base(part)+".rels")
	}
	return relations
}

// part returns the name of the document's part of a type, the customary one where it has no relation to one.
func (r *reader) part(kind, customary string) string {
	name := r.relations.Target(kind)
	if name == "" {
		return customary
	}
	return name
}

// settings are the parts of word/settings.xml that matter.
type settings struct {
	compat      int
	defaultTab  geom.EMU
	oddEven     bool
	gutterAtTop bool
	spacingAdds bool
}

func (r *reader) readSettings() {
	s := &r.settings
	s.defaultTab = geom.Twips(720)
	root := r.tree(r.part("settings", "word/settings.xml"))
	if root == nil {
		return
	}
	for _, e := range root.Children {
		switch e.Name {
		case "w:defaultTabStop":
			if stop, ok := twips(e, "w:val"); ok && stop > 0 {
				s.defaultTab = stop
			}
		case "w:evenAndOddHeaders":
			s.oddEven = on(e)
		case "w:gutterAtTop":
			s.gutterAtTop = on(e)
		case "w:mirrorMargins":
			if on(e) {
				r.note(&pageLook, "mirrorMargins")
			}
		case "w:compat":
			for _, c := range e.Children {
				switch {
				case c.Name == "w:compatSetting" && c.Attr("w:name") == "compatibilityMode":
					s.compat, _ = integer(c.Attr("w:val"))
				case c.Name == "w:doNotUseHTMLParagraphAutoSpacing":
					s.spacingAdds = on(c)
				}
			}
		}
	}
}

// readCore reads who made the file, and when (ECMA-376-2, 11).
func (r *reader) readCore(doc *flow.Document) {
	core := r.tree("docProps/core.xml")
	doc.Title = core.Child("dc:title").InnerText()
	doc.Author = core.Child("dc:creator").InnerText()
	doc.Created = core.Child("dcterms:created").InnerText()
}

// blocks appends what stands in the body, a cell, a header: paragraphs and tables. At the top of the body a paragraph that
// holds a sectPr closes its section, and the list begins anew.
func (r *reader) blocks(dst []flow.Block, children []*ooxml.Element) []flow.Block {
	for _, e := range children {
		switch e.Name {
		case "w:p":
			p := r.paragraph(e)
			if p != nil {
				dst = append(dst, p)
			}
			if r.inBody && r.depth == 0 && e.Child("w:pPr", "w:sectPr") != nil {
				r.closeSection(dst)
				dst = nil
			}
		case "w:tbl":
			if t := r.readTable(e); t != nil {
				dst = append(dst, t)
			}
		case "mc:AlternateContent":
			dst = r.blocks(dst, alternative(e))
		case "w:ins", "w:moveTo":
			r.note(&tracked, "")
			dst = r.blocks(dst, e.Children)
		case "w:del", "w:moveFrom":
			r.note(&tracked, plainText(e))
		case "w:altChunk":
			r.note(&altChunk, "")
		case "m:oMathPara", "m:oMath":
			r.note(&equation, plainText(e))
		case "", "w:sectPr", "w:tcPr":
		default:
			if content, wraps := inside(e); wraps {
				dst = r.blocks(dst, content)
			} else if text := plainText(e); text != "" {
				r.note(&unknown, text)
			}
		}
	}
	return dst
}

// alternative returns the content for readers that know no extension (ECMA-376-3, 7.5): the fallback, or else the first choice.
func alternative(e *ooxml.Element) []*ooxml.Element {
	if fallback := e.Child("mc:Fallback"); fallback != nil && len(fallback.Children) > 0 {
		return fallback.Children
	}
	if choice := e.Child("mc:Choice"); choice != nil {
		return choice.Children
	}
	return nil
}
