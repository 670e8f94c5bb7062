package sheet

import (
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// chartKind is what a chart of the summary shows.
type chartKind int

const (
	statesByBody  chartKind = iota // bars across, the states one behind the other
	rateByQuarter                  // columns
	planAndPaid                    // pairs of columns
)

type chartPlan struct {
	title string
	kind  chartKind
	below float64 // points that are kept on the same page below the chart
}

// The library places a chart by the rows that it covers, and takes them for rows of the common height, 18 pixels as it counts.
const (
	chartRow   = 15.  // points: what these rows are given
	rowPixels  = 18   // what the library thinks
	chartWidth = 1080 // pixels; the printed columns of the summary are a little wider
)

// rows is how many rows a chart over so many groups covers.
func (c *chartPlan) rows(groups int) int {
	switch c.kind {
	case statesByBody:
		return min(max(9+groups, 14), 30)
	case rateByQuarter:
		return 13
	default:
		return 16
	}
}

// high is what a chart takes, in points, with the gap below it.
func (c *chartPlan) high(groups int) float64 { return float64(c.rows(groups)+1) * chartRow }

// Each is a grey of its own where print has no colours: middle, lightest, light, darkest.
var stateColours = []string{"388E3C", "DCEDC8", "FFB300", "9B0000"}

// chart sets the chart of a block, whose groups begin on a row, below it.
func (s *summary) chart(c *chartPlan, b block, first int) {
	s.room(c.high(len(b.groups)) + c.below)
	s.used -= c.below
	chart := c.frame(len(b.groups))
	add := func(column int, colour, label string) {
		chart.Series = append(chart.Series, excelize.ChartSeries{
			Name:       quote(s.name) + "!" + fixed(column, markHeader),
			Categories: down(s.name, shortColumn, markFirst, markLast),
			Values:     down(s.name, column, markFirst, markLast),
			Fill:       excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}},
			DataLabel:  excelize.ChartDataLabel{Font: excelize.Font{Family: face, Size: 10, Color: label}},
		})
	}
	switch c.kind {
	case statesByBody:
		for i := range b.states {
			label := "000000"
			if i == 0 || i == len(b.states)-1 { // dark
				label = "FFFFFF"
			}
			add(figureColumn+i, stateColours[i%len(stateColours)], label)
		}
	case rateByQuarter:
		add(figureColumn+len(b.states)+1, "2E75B6", "000000")
	case planAndPaid:
		add(figureColumn, "9DC3E6", "000000")
		add(figureColumn+1, "1F4E79", "000000")
	}
	rows := c.rows(len(b.groups))
	parts, err := compileChart(chartKey{s.name, c.title, c.kind, len(chart.Series)}, s.widths, chart, rows)
	s.check(err)
	s.place(parts, rows, first, first+len(b.groups)-1)
	for range rows + 1 {
		s.page.end(chartRow)
	}
}

// place adds a chart over the rows from first to last that covers so many rows from the one at hand on.
func (s *summary) place(c chartParts, rows, first, last int) {
	s.page.drawing, s.chartSheet = true, slices.Index(s.sheets, s.name)
	s.charts = append(s.charts, c.chart.fill(strconv.Itoa(first-1), strconv.Itoa(first), strconv.Itoa(last)))
	n, top := strconv.Itoa(len(s.charts)), s.page.row-1 // counted from 0
	id := strconv.Itoa(len(s.charts) + 1)
	row := func(row int) string { return `<xdr:row>` + strconv.Itoa(row) + `<` }
	s.anchors = append(s.anchors, c.anchor.fill(row(top), row(top+rows-1), `id="`+id+`"`, `"Chart `+id+`"`, `"rId`+n+`"`))
}

// frame is a chart without its series.
func (c *chartPlan) frame(groups int) *excelize.Chart {
	font := excelize.Font{Family: face, Size: 11, Color: "000000"}
	bold := excelize.Font{Family: face, Size: 13, Bold: true, Color: "000000"}
	same, zero, hundred, narrow, wide := false, 0., 100., uint(60), uint(150)
	chart := &excelize.Chart{
		Type:       excelize.Col,
		Title:      excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.title, Font: &bold}}},
		Legend:     excelize.ChartLegend{Position: "bottom", Font: &font},
		XAxis:      excelize.ChartAxis{Font: font},
		YAxis:      excelize.ChartAxis{Font: font, MajorGridLines: true, Minimum: &zero},
		Dimension:  excelize.ChartDimension{Width: chartWidth, Height: uint(c.rows(groups)*rowPixels - 4)},
		Format:     excelize.GraphicOptions{AltText: c.title, OffsetX: 4, OffsetY: 2},
		VaryColors: &same,
		GapWidth:   &narrow,
	}
	chart.PlotArea.ShowVal = true
	format := &chart.PlotArea.NumFmt.CustomNumFmt
	switch c.kind {
	case statesByBody:
		chart.Type = excelize.BarStacked
		chart.XAxis.ReverseOrder = true                            // the first body on top
		chart.YAxis.None, chart.YAxis.MajorGridLines = true, false // each bar says its number
		*format = "0;;"                                            // but not nothing
	case rateByQuarter:
		chart.YAxis.Maximum = &hundred
		chart.Legend.Position = "none"
		chart.GapWidth = &wide
		*format = percents
	case planAndPaid:
		chart.YAxis.NumFmt.CustomNumFmt = amounts
		*format = amounts
	}
	return chart
}
