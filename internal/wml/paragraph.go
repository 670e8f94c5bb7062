package wml

import (
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// This file knows w:p: it runs the cascade for one paragraph and gathers its inlines.

// autoSpace is the space that Word puts before and after a paragraph whose spacing is automatic (17.3.1.33).
const autoSpace = 14 * geom.Point

// single is the line spacing of a paragraph that says nothing.
const single = 240

// paragraph reads a w:p; one that is wholly hidden gives nil.
func (r *reader) paragraph(e *ooxml.Element) *flow.Paragraph {
	if r.inBody {
		r.number++
	}
	r.inParagraph = true
	defer func() { r.inParagraph = false }()

	props, base, mark, style := r.cascade(e.Child("w:pPr"))
	p := r.resolved(&props)
	if style != nil {
		p.Style = style.name
	}
	if r.inBody {
		p.Number = r.number
	}
	p.Mark = mark.style
	p.Label = r.label(&props, base, mark)
	r.run.begin(base)
	r.inlines(e.Children)
	r.closeNumbers()
	p.Inlines = r.run.end()
	if len(r.unplaced) > 0 {
		r.place(p.Text)
	}
	if mark.hidden && len(p.Inlines) == 0 && e.Child("w:pPr", "w:sectPr") == nil {
		return nil
	}
	return p
}

// cascade returns the paragraph's properties, the state from which its runs go on, and the look of its mark.
func (r *reader) cascade(pPr *ooxml.Element) (props paraProps, base runState, mark look, named *style) {
	props.line.Value = single
	props.flag(widowControl, true)
	base.runProps, base.always = r.styles.run, r.styles.run.toggled
	r.overlayPara(&props, &r.styles.para)
	if r.table != nil {
		r.overlayPara(&props, &r.table.para)
		base.level(&r.table.run)
	}
	named = r.paragraphStyle(pPr.Child("w:pStyle").Attr("w:val"))
	if named != nil {
		// The chain's list, if any, is already worked into its indents.
		props.overlay(&named.para)
		props.listIndents = named.para.listIndents
		base.level(&named.run)
	}
	var markProps runProps
	if pPr != nil {
		var direct paraProps
		r.readParaProps(&direct, pPr)
		r.overlayPara(&props, &direct)
		if rPr := pPr.Child("w:rPr"); rPr != nil {
			r.readRunProps(&markProps, rPr)
		}
	}
	if markProps.markChanged {
		r.note(&tracked, "")
	}
	return props, base, r.finish(base, &markProps), named
}

// finish ends the cascade of a run: character style, then direct formatting.
func (r *reader) finish(state runState, direct *runProps) look {
	if direct.style != "" {
		if s := r.style("character", direct.style); s != nil {
			state.level(&s.run)
		}
	}
	return state.direct(direct)
}

// resolved turns the properties into those of a flow paragraph and notes what it cannot hold.
func (r *reader) resolved(props *paraProps) *flow.Paragraph {
	p := &flow.Paragraph{
		Align: props.align, IndentLeft: props.left, IndentRight: props.right, FirstLine: props.first,
		SpaceBefore: props.before, SpaceAfter: props.after, Line: props.line, Shading: props.shade,
		ContextualSpacing: props.flagged&contextualSpacing != 0,
		KeepNext:          props.flagged&keepNext != 0,
		KeepLines:         props.flagged&keepLines != 0,
		WidowControl:      props.flagged&widowControl != 0,
		PageBreakBefore:   props.flagged&pageBreakBefore != 0,
		Borders: flow.Borders{
			Top: props.borders[0], Bottom: props.borders[1], Left: props.borders[2], Right: props.borders[3],
		},
		Between: props.borders[4],
	}
	if props.flagged&autoBefore != 0 {
		p.SpaceBefore = autoSpace
	}
	if props.flagged&autoAfter != 0 {
		p.SpaceAfter = autoSpace
	}
	if p.Line.Rule != flow.Auto {
		p.Line.Value *= geom.Twip
	}
	if p.Line.Value == 0 {
		p.Line = flow.LineSpacing{Value: single}
	}
	for _, stop := range props.tabs {
		if !stop.clear {
			p.Tabs = append(p.Tabs, stop.TabStop)
		}
	}
	for _, lack := range [...]struct {
		met     bool
		feature *feature
	}{
		{props.distribute, &distribute},
		{props.flagged&bidi != 0, &rightToLeft},
		{props.flagged&framed != 0, &textFrame},
		{props.flagged&hasBarTab != 0, &barTab},
	} {
		if lack.met {
			r.note(lack.feature, "")
		}
	}
	return p
}
