package layout

import (
	"strings"
	"testing"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
)

// plan is a document like a plan of five pages: a head of two columns, 75 justified paragraphs of two to four lines, a foot.
func plan() flow.Document {
	const sentence = "Ủy ban nhân dân xã phối hợp với các cơ quan liên quan thực hiện Nghị định số 126/2024/NĐ-CP ngày 08/10/2024 của Chính phủ "
	bold := times
	bold.Bold = true
	text := func(align flow.Align, style flow.RunStyle, parts ...string) *flow.Paragraph {
		p := &flow.Paragraph{Style: "Normal", Align: align, Line: flow.LineSpacing{Value: 240}, Mark: style, WidowControl: true}
		for i, part := range parts {
			look := style
			look.Bold = style.Bold != (i%2 == 1)
			p.Inlines = append(p.Inlines, flow.Text{Text: part, Style: look})
		}
		return p
	}
	side := func(width geom.EMU, blocks ...flow.Block) (flow.Cell, geom.EMU) {
		return flow.Cell{Span: 1, RowSpan: 1, Margins: flow.Margins{Left: geom.Twips(108), Right: geom.Twips(108)}, Blocks: blocks}, width
	}
	pair := func(left, right *flow.Paragraph) *flow.Table {
		a, aw := side(geom.Mm(70), left, text(flow.Center, times, "Số: 57/KH-UBND"))
		b, bw := side(geom.Mm(95), right, text(flow.Center, bold, "Độc lập - Tự do - Hạnh phúc"))
		return &flow.Table{Grid: []geom.EMU{aw, bw}, Rows: []flow.Row{{Cells: []flow.Cell{a, b}}}}
	}
	blocks := []flow.Block{pair(text(flow.Center, bold, "ỦY BAN NHÂN DÂN"), text(flow.Center, bold, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))}
	for i := range 75 {
		p := text(flow.Justify, times, strings.TrimSpace(strings.Repeat(sentence, 1+i%2)), " trước ngày 15/12", ".")
		p.FirstLine, p.SpaceBefore, p.SpaceAfter = geom.Mm(12.7), 6*geom.Point, 6*geom.Point
		blocks = append(blocks, p)
	}
	blocks = append(blocks, pair(text(flow.Left, bold, "Nơi nhận:"), text(flow.Center, bold, "CHỦ TỊCH")))
	s := flow.Section{TitlePage: true, NumberStart: -1, Blocks: blocks, Page: flow.PageSetup{
		Width: geom.Mm(210), Height: geom.Mm(297), Top: geom.Mm(20), Bottom: geom.Mm(20), Left: geom.Mm(30), Right: geom.Mm(15),
		Header: geom.Mm(10), Footer: geom.Mm(10),
	}}
	number := text(flow.Center, times)
	number.Inlines = []flow.Inline{flow.Field{Kind: flow.PageNumber, Style: times}}
	s.Header.Default = []flow.Block{number}
	return flow.Document{Compat: 15, DefaultTab: geom.Twips(720), Sections: []flow.Section{s}}
}

func BenchmarkPaginate(b *testing.B) {
	doc, set := plan(), tinos(b)
	b.ReportAllocs()
	count := 0
	for b.Loop() {
		laid, _ := Paginate(doc, set)
		count = len(laid.Pages)
	}
	b.ReportMetric(float64(count), "pages")
}
