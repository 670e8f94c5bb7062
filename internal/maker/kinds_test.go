package maker_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/layout"
	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/nd30"
	"vanthu/internal/officetest"
	"vanthu/internal/page"
	"vanthu/internal/vi"
	"vanthu/internal/wml"
)

// TestEveryKind makes the document of every kind from its starter as it stands and looks for each box of the decree at its place. The
// input workbook of the kind must say the same.
func TestEveryKind(t *testing.T) {
	t.Parallel()
	a := officetest.Plain(t)
	for _, kind := range a.Office.Kinds() {
		t.Run(kind.Slug, func(t *testing.T) {
			starter, found := a.Office.Starter(kind.Slug)
			if len(found) > 0 {
				t.Fatal(found)
			}
			printed := standsWell(t, a, maker.File{Name: kind.Slug + ".yaml", Data: starter})
			workbook, found, err := a.Office.Workbook(kind.Slug)
			if err != nil || len(found) > 0 {
				t.Fatal(err, found)
			}
			again := standsWell(t, a, maker.File{Name: kind.Slug + ".xlsx", Data: workbook})
			if diff := cmp.Diff(printed.doc.Text(), again.doc.Text()); diff != "" {
				t.Errorf("the workbook says something else (-starter +workbook):\n%s", diff)
			}
		})
	}
}

// TestEveryFieldIsPrinted finds fields that a kind asks for and its form leaves out.
func TestEveryFieldIsPrinted(t *testing.T) {
	// Bind and tally print some in other words.
	means := map[string]string{
		"so": "so_ky_hieu", "don_vi_soan": "so_ky_hieu", "do_mat": "dau", "do_khan": "dau", "nguoi_soan": "noi_nhan",
		"kinh_gui": "kinh_gui_mot", "kinh_moi": "kinh_moi_mot", "noi_nhan_dien": "noi_nhan_dien_mot",
	}
	for _, kind := range definitions(t, officetest.Plain(t)) {
		t.Run(kind.Schema.Kind, func(t *testing.T) {
			form, found, err := kind.Template()
			if err != nil || len(found) > 0 {
				t.Fatal(err, found)
			}
			fields := form.Fields()
			printed := func(key string) bool {
				return slices.ContainsFunc(fields, func(field string) bool { return field == key || strings.HasPrefix(field, key+".") })
			}
			for _, spec := range kind.Schema.Fields {
				if spec.Key != "loai" && !printed(spec.Key) && !printed(means[spec.Key]) && !(kind.Schema.Tracked() && printed("so_lieu")) {
					t.Errorf("the form says nothing of %s", spec.Key)
				}
			}
		})
	}
}

// TestAllBoxes sets every box that the decree leaves to the writer, with two annexes of which one lies on its side.
func TestAllBoxes(t *testing.T) {
	a := officetest.Plain(t)
	data, err := os.ReadFile(filepath.Join("testdata", "du-o.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	printed := standsWell(t, a, maker.File{Name: "du-o.yaml", Data: data})
	var papers []string
	for _, p := range printed.pages {
		paper, number := "dọc", "-"
		if p.Width > p.Height {
			paper = "ngang"
		}
		if i := slices.IndexFunc(p.header, func(l line) bool { return strings.Trim(l.text, "0123456789") == "" }); i >= 0 {
			number = p.header[i].text
		}
		papers = append(papers, paper+" "+number)
	}
	want := []string{"dọc -", "dọc 2", "ngang -", "ngang 2", "ngang 3", "dọc -", "dọc 2"}
	if diff := cmp.Diff(want, papers); diff != "" {
		t.Errorf("paper and number of each page (-want +got):\n%s", diff)
	}
}

// standsWell makes a document with nothing to mend, whose boxes are all at their places.
func standsWell(t *testing.T, a *officetest.Office, data maker.File) *printed {
	t.Helper()
	request := maker.Request{File: data, PDF: true}
	result := officetest.Made(t, a, request, "sample-row") // a starter is made of examples
	making, found, err := a.Maker.Bind(request, true)
	if err != nil || found.Blocking() {
		t.Fatal(err, found)
	}
	doc, found, err := wml.Read(result.DOCX)
	if err != nil || len(found) > 0 {
		t.Fatalf("our own Word file is outside the subset: %v\n%s", err, found)
	}
	laid, _ := layout.Paginate(doc, a.Office.Fonts())
	p := newPrinted(doc, laid)
	for _, fault := range judge(making.Document, p) {
		t.Error(fault)
	}
	return p
}

// printed is a document with the lines of its pages.
type printed struct {
	doc   flow.Document
	pages []paper
}

// paper is a page.
type paper struct {
	page.Page
	number       int // from 0
	area         flow.PageSetup
	header, body []line // in reading order; footers are part of the body
}

// line is a line of a paragraph.
type line struct {
	page           int
	left, right, y geom.EMU
	text           string
}

func newPrinted(doc flow.Document, laid page.Document) *printed {
	p := &printed{doc: doc}
	for i, sheet := range laid.Pages {
		one := paper{Page: sheet, number: i}
		for _, section := range doc.Sections {
			if section.Page.Width == sheet.Width && section.Page.Height == sheet.Height {
				one.area = section.Page
			}
		}
		open := false
		var lines []line
		for _, item := range sheet.Items {
			text, ok := item.(page.Text)
			if !ok {
				continue
			}
			if text.LineStart || !open {
				lines = append(lines, line{page: i, left: text.X, y: text.Y})
			}
			last := &lines[len(lines)-1]
			last.text += text.Text
			last.right, open = text.X+text.Width, !text.LineEnd
		}
		for _, l := range lines {
			l.text = strings.TrimSpace(l.text)
			switch {
			case l.text == "":
			case l.y < one.area.Top:
				one.header = append(one.header, l)
			default:
				one.body = append(one.body, l)
			}
		}
		p.pages = append(p.pages, one)
	}
	return p
}

// jury looks for the boxes of a document (NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục IV). Shares are of the width of the text.
type jury struct {
	*printed
	values model.Values
	isCopy bool // of another paper, whose boxes stand above
	faults []string
}

func (j *jury) fault(format string, args ...any) {
	j.faults = append(j.faults, fmt.Sprintf(format, args...))
}

// judge tells which boxes are not at their places. What has a value must be printed.
func judge(doc model.Document, p *printed) []string {
	if len(p.pages) == 0 {
		return []string{"no pages"}
	}
	j := &jury{printed: p, values: doc.Values}
	j.isCopy = slices.ContainsFunc(nd30.Copies[:], func(c nd30.Type) bool { return c.Abbreviation == doc.Schema.Abbreviation })
	below := j.head(doc.Schema)
	below = j.subject(doc.Schema, below)
	j.foot(doc.Schema, below)
	j.margins()
	j.wholeWords()
	j.annexes()
	return j.faults
}

const slack = geom.Millimetre

// near reports whether two lengths are the same to the eye.
func near(a, b geom.EMU) bool { return a-b <= slack && b-a <= slack }

// centre is where the middle of a line stands, as a share of the width of the text.
func (j *jury) centre(l line) float64 {
	area := j.pages[l.page].area
	return float64((l.left+l.right)/2-area.Left) / float64(area.Width-area.Left-area.Right)
}

func (j *jury) isLeft(l line) bool    { return j.centre(l) < 0.45 }
func (j *jury) isRight(l line) bool   { return j.centre(l) > 0.5 }
func (j *jury) isCentred(l line) bool { return math.Abs(j.centre(l)-0.5) < 0.01 }

// box finds the first line of a text among lines, at its place; what names the box.
func (j *jury) box(what, text string, lines []line, place func(line) bool) (line, bool) {
	text, _, _ = strings.Cut(text, "\n")
	var elsewhere []line
	for _, l := range lines {
		if l.text == "" || !strings.HasPrefix(text, l.text) && !strings.HasPrefix(l.text, text) {
			continue
		}
		if place(l) {
			return l, true
		}
		elsewhere = append(elsewhere, l)
	}
	if len(elsewhere) == 0 {
		j.fault("%s: “%s” is not printed", what, text)
		return line{}, false
	}
	l := elsewhere[0]
	j.fault("%s: “%s” is on page %d, %v from the top, centred at %.0f%%", what, text, l.page+1, l.y, 100*j.centre(l))
	return l, true
}

// text returns a text of the values by its dotted path, or "".
func (j *jury) text(path string) string {
	var value model.Value = j.values
	for key := range strings.SplitSeq(path, ".") {
		group, _ := value.(model.Values)
		value = group[key]
	}
	text, _ := value.(model.Text)
	return string(text)
}

// head judges what stands side by side at the top, and gives the line under which the rest begins.
func (j *jury) head(schema *model.Schema) (below geom.EMU) {
	first := &j.pages[0]
	top := first.area.Top
	if !j.isCopy {
		title, _ := j.box("quốc hiệu", nd30.NationalTitle, first.body, func(l line) bool {
			return j.isRight(l) && l.y < first.area.Top+12*geom.Millimetre
		})
		motto, _ := j.box("tiêu ngữ", nd30.Motto, first.body, func(l line) bool {
			return math.Abs(j.centre(l)-j.centre(title)) < 0.01 && l.y > title.y && l.y < title.y+8*geom.Millimetre
		})
		top, below = title.y, motto.y
	}
	agency := strings.Split(j.text("co_quan.ten"), "\n")
	if parent := j.text("co_quan.cap_tren"); parent != "" {
		agency = slices.Concat(strings.Split(parent, "\n"), agency)
	}
	last := line{}
	for i, name := range agency {
		if name == "" {
			continue
		}
		last, _ = j.box("tên cơ quan", name, first.body, func(l line) bool {
			return j.isLeft(l) && (i > 0 && l.y > last.y || i == 0 && (j.isCopy || near(l.y, top)))
		})
	}
	below = max(below, last.y)
	_, hasDay := j.values["ngay"].(model.Date)
	number, isNumbered := line{}, schema.Field("so") != nil
	if isNumbered {
		number, _ = j.box("số, ký hiệu", "Số: "+j.text("so_ky_hieu"), first.body, func(l line) bool { return j.isLeft(l) && l.y > last.y })
		below = max(below, number.y)
	}
	if place := j.text("dia_danh"); place != "" && hasDay {
		day, _ := j.box("địa danh, thời gian", place+", "+j.values["ngay"].(model.Date).Long(), first.body, func(l line) bool {
			return j.isRight(l) && (!isNumbered || near(l.y, number.y))
		})
		below = max(below, day.y)
	}
	return below
}

// subject judges the name of the type and what the paper is about, its urgency and secrecy, and whom it is addressed to.
func (j *jury) subject(schema *model.Schema, below geom.EMU) geom.EMU {
	first := &j.pages[0]
	under := func(l line) bool { return l.y > below }
	next := below
	about, _, _ := strings.Cut(j.text("trich_yeu"), "\n")
	if schema.TypeName == "Công văn" {
		l, _ := j.box("trích yếu công văn", "V/v "+about, first.body, func(l line) bool { return j.isLeft(l) && under(l) })
		next = max(next, l.y)
	} else if name := j.text("ten_loai"); schema.Abbreviation != "" && !j.isCopy {
		l, _ := j.box("tên loại", name, first.body, func(l line) bool { return j.isCentred(l) && under(l) })
		next = max(next, l.y)
		if about != "" {
			l, _ = j.box("trích yếu", about, first.body, func(m line) bool { return j.isCentred(m) && m.y > l.y })
			next = max(next, l.y)
		}
	}
	for _, mark := range []string{"do_mat", "do_khan"} {
		if text := j.text(mark); text != "" {
			l, _ := j.box(mark, text, first.body, func(l line) bool { return j.centre(l) < 0.25 && under(l) })
			below = max(below, l.y)
		}
	}
	if text := j.text("luu_hanh"); text != "" {
		j.box("chỉ dẫn lưu hành", text, slices.Concat(first.header, first.body), func(l line) bool {
			return j.isRight(l) && l.y < first.area.Top
		})
	}
	if j.values["kinh_gui"] != nil {
		l, _ := j.box("kính gửi", nd30.Addressees, first.body, func(l line) bool { return l.y > next && j.centre(l) > 0.2 })
		next = max(next, l.y)
	}
	return next
}

// foot judges signature, recipients and address.
func (j *jury) foot(schema *model.Schema, below geom.EMU) {
	var lines []line
	for _, p := range slices.Backward(j.pages) { // the last page with a signature comes first
		lines = append(lines, p.body...)
	}
	post, alone := j.signatures(schema, lines)
	if _, given := j.values["noi_nhan"].(model.Items); given {
		word, _ := j.box("nơi nhận", nd30.Recipients, lines, func(l line) bool {
			level := near(l.y, post.y) || !alone && l.y > post.y
			return near(l.left, j.pages[l.page].area.Left) && l.page == post.page && level && (l.page > 0 || l.y > below)
		})
		last := word
		for _, item := range j.values["noi_nhan"].(model.Items) {
			last, _ = j.box("nơi nhận", "- "+string(item.(model.Text)), lines, func(l line) bool {
				return near(l.left, word.left) && l.page == word.page && l.y > last.y
			})
		}
		if mark := j.text("nguoi_soan"); !strings.HasSuffix(last.text, mark) {
			j.fault("the last recipient is %q, want the mark of the draft %q behind it", last.text, mark)
		}
	}
	if text := j.text("dia_chi"); text != "" {
		j.address(text)
	}
}

// signatures judges the signature at the right, or, of a paper that two sign, one on each side. It gives the line at the top.
func (j *jury) signatures(schema *model.Schema, lines []line) (post line, alone bool) {
	if schema.Field("ky") != nil {
		return j.signature("ky", lines, j.isRight), true
	}
	place := j.isLeft
	for _, spec := range schema.Fields {
		if spec.Type == model.GroupField && j.text(spec.Key+".ho_ten") != "" {
			post = j.signature(spec.Key, lines, place)
			place = j.isRight
		}
	}
	return post, false
}

// signature judges the post and the name of a signer, which stand on the side that place tells, one under the other.
func (j *jury) signature(key string, lines []line, place func(line) bool) (top line) {
	signer := j.values[key].(model.Values)
	posts, _ := signer["chuc_vu"].(model.Items)
	if post := j.text(key + ".chuc_vu"); post != "" {
		posts = model.Items{model.Text(vi.Upper(post))}
	}
	var last line
	for i, item := range posts {
		text := string(item.(model.Text))
		last, _ = j.box(key+".chuc_vu", text, lines, func(l line) bool { return place(l) && (i == 0 || l.page == last.page && l.y > last.y) })
		if i == 0 {
			top = last
		}
	}
	name, _ := j.box(key+".ho_ten", j.text(key+".ho_ten"), lines, func(l line) bool {
		middle := (l.left + l.right - last.left - last.right) / 2
		return place(l) && (len(posts) == 0 || l.page == last.page && near(middle, 0) && l.y > last.y+15*geom.Millimetre)
	})
	if other := j.text(key + ".chuc_vu_khac"); other != "" {
		j.box(key+".chuc_vu_khac", other, lines, func(l line) bool {
			return place(l) && l.page == name.page && l.y > last.y && l.y < name.y && l.y > name.y-8*geom.Millimetre
		})
	}
	if len(posts) == 0 {
		return name
	}
	return top
}

// address judges the foot of the first page, and that it is on no other.
func (j *jury) address(text string) {
	first := j.pages[0]
	bottom := first.Height - first.area.Bottom
	l, ok := j.box("địa chỉ", text, first.body, func(l line) bool { return l.y > bottom-20*geom.Millimetre })
	width := first.Width - first.area.Left - first.area.Right
	if ok && !slices.ContainsFunc(first.Items, func(item page.Item) bool {
		rule, isRule := item.(page.Rule)
		return isRule && near(rule.X2-rule.X1, width) && rule.Y1 < l.y && rule.Y1 > l.y-10*geom.Millimetre
	}) {
		j.fault("địa chỉ: no rule over the width of the text above it")
	}
	for _, p := range j.pages[1:] {
		for _, other := range p.body {
			if other.text == l.text {
				j.fault("địa chỉ: again on page %d", p.number+1)
			}
		}
	}
}

// margins finds lines and rules that stand out of the text.
func (j *jury) margins() {
	for _, p := range j.pages {
		left, right := p.area.Left, p.Width-p.area.Right
		for _, l := range p.body {
			if l.left < left-slack || l.right > right+slack {
				j.fault("page %d: “%s” reaches out of the margins", p.number+1, l.text)
			}
		}
		for _, item := range p.Items {
			if rule, ok := item.(page.Rule); ok && (rule.X1 < left-slack || rule.X2 > right+slack) {
				j.fault("page %d: a rule reaches out of the margins", p.number+1)
			}
		}
		if len(p.body) == 0 {
			j.fault("page %d is empty", p.number+1)
		}
	}
}

// wholeWords finds words that are broken because a column is too narrow for them.
func (j *jury) wholeWords() {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(j.doc.Text()) {
		words[word] = true
	}
	for _, p := range j.pages {
		for i := range len(p.body) - 1 {
			last := p.body[i].text[strings.LastIndex(p.body[i].text, " ")+1:]
			next, _, _ := strings.Cut(p.body[i+1].text, " ")
			if words[last+next] && !words[last] && strings.Trim(last[len(last)-1:], "-/") != "" {
				j.fault("page %d: “%s” is broken", p.number+1, last+next)
			}
		}
	}
}

// annexes judges that each begins a page, with pages numbered from 1 and the paper that it asks for.
func (j *jury) annexes() {
	annexes, _ := j.values["phu_luc"].(model.Items)
	before := len(j.doc.Sections) - len(annexes) // the paper, and what it issues
	if before < 1 {
		j.fault("%d annexes in %d sections", len(annexes), len(j.doc.Sections))
		return
	}
	for i, item := range annexes {
		annex := item.(model.Values)
		name, _ := annex["ten_phu_luc"].(model.Text)
		title, _ := annex["tieu_de"].(model.Text)
		section := j.doc.Sections[before+i]
		if wide := section.Page.Width > section.Page.Height; section.NumberStart != 1 || wide != (annex["kho_giay"] == model.Text("ngang")) {
			j.fault("%s: pages from %d on paper %v wide", name, section.NumberStart, section.Page.Width)
		}
		at := slices.IndexFunc(j.pages, func(p paper) bool { return len(p.body) > 0 && p.body[0].text == string(name) })
		if at < 0 {
			j.fault("phụ lục: no page begins with “%s”", name)
			continue
		}
		l, _ := j.box("phụ lục", string(name), j.pages[at].body, j.isCentred)
		j.box("tên phụ lục", vi.Upper(string(title)), j.pages[at].body, func(m line) bool { return j.isCentred(m) && m.y > l.y })
	}
}
