package maker_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Headings of the report between which figures are looked for.
const (
	tasksPart           = "Thực hiện nhiệm vụ theo kế hoạch"
	recommendationsPart = "Thực hiện kiến nghị sau giám sát"
	petitionsPart       = "Giải quyết kiến nghị của cử tri"
	disbursementPart    = "Giải ngân vốn"
	afterFigures        = "II. ĐÁNH GIÁ"
)

// checkReport looks for every figure in the sentences and tables of a report; before is nil when it compares with nothing.
func (c *count) checkReport(t *testing.T, text string, before *count) {
	t.Helper()
	var was count
	if before != nil {
		was = *before
	}
	inPeriod := c.due(c.begin, c.end)
	wants(t, text, tasksPart, recommendationsPart, taskSentence(inPeriod, was.due(was.begin, was.end), before))
	if c.begin.Month() > 1 {
		year := time.Date(c.end.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		wants(t, text, "Lũy kế từ đầu năm", recommendationsPart, taskSentence(c.due(year, c.end), was.due(year, was.end), before))
	}
	for _, body := range names(inPeriod, func(r task) string { return r.body }) {
		wants(t, text, tasksPart, recommendationsPart, taskRow(body, those(inPeriod, func(r task) bool { return r.body == body })))
	}
	wants(t, text, tasksPart, recommendationsPart, taskRow("Tổng cộng", inPeriod))
	overdue := those(c.tasks, func(r task) bool { return r.state == "Chưa hoàn thành quá hạn" })
	if len(overdue) > 0 {
		wants(t, text, tasksPart, recommendationsPart, fmt.Sprintf("Có %02d nhiệm vụ chưa hoàn thành quá hạn", len(overdue)))
	}
	for _, r := range overdue {
		wants(t, text, tasksPart, recommendationsPart, fmt.Sprintf("%s %s %s %d", r.what, r.body, short(r.due), -r.days))
	}
	c.checkRecommendations(t, text, before)
	c.checkPetitions(t, text, before)
	c.checkDisbursement(t, text, before)
}

func taskSentence(tasks, then []task, before *count) string {
	n, m := states(tasks), states(then)
	return fmt.Sprintf("có %02d nhiệm vụ đến hạn, đã hoàn thành %d/%d nhiệm vụ, đạt %s%%%s; trong đó hoàn thành đúng hạn %02d, "+
		"hoàn thành quá hạn %02d; chưa hoàn thành %02d nhiệm vụ (trong hạn %02d, quá hạn %02d).",
		len(tasks), n[0]+n[1], len(tasks), viet(percent(float64(n[0]+n[1]), float64(len(tasks)))),
		change(float64(n[0]+n[1]), float64(m[0]+m[1]), "nhiệm vụ", before), n[0], n[1], n[2]+n[3], n[2], n[3])
}

func taskRow(name string, tasks []task) string {
	n := states(tasks)
	return fmt.Sprintf("%s %d %d %d %d %d %s", name, len(tasks), n[0], n[1], n[2], n[3], viet(percent(float64(n[0]+n[1]), float64(len(tasks)))))
}

func (c *count) checkRecommendations(t *testing.T, text string, before *count) {
	t.Helper()
	then := 0.
	if before != nil {
		then = float64(before.level("Hoàn thành"))
	}
	done, all := c.level("Hoàn thành"), len(c.recommendations)
	wants(t, text, recommendationsPart, petitionsPart, fmt.Sprintf("theo dõi việc thực hiện %02d kiến nghị sau giám sát; đã hoàn thành %d/%d "+
		"kiến nghị, đạt %s%%%s; hoàn thành một phần %02d; chưa hoàn thành, còn trong hạn %02d; quá hạn %02d; không thực hiện %02d; "+
		"chưa đáp ứng yêu cầu %02d.", all, done, all, viet(percent(float64(done), float64(all))), change(float64(done), then, "kiến nghị", before),
		c.level("Hoàn thành một phần"), c.level("Chưa hoàn thành"), c.level("Quá hạn"), c.level("Không thực hiện"), c.level("Chưa đáp ứng yêu cầu")))
	pressed := those(c.recommendations, func(r recommendation) bool { return r.next != "" })
	wants(t, text, recommendationsPart, petitionsPart, fmt.Sprintf("Có %02d kiến nghị phải tiếp tục xử lý", len(pressed)))
	for _, r := range pressed {
		days := ""
		if r.days > 0 {
			days = strconv.Itoa(r.days)
		}
		wants(t, text, recommendationsPart, petitionsPart, fmt.Sprintf("%s %s %s %s %s; %s", r.what, r.body, short(r.due), days, r.level, r.next))
	}
}

func (c *count) checkPetitions(t *testing.T, text string, before *count) {
	t.Helper()
	then := 0.
	if before != nil {
		then = float64(before.answer("Đã trả lời"))
	}
	answered, all := c.answer("Đã trả lời"), len(c.petitions)
	wants(t, text, petitionsPart, disbursementPart,
		fmt.Sprintf("trong tổng số %02d kiến nghị của cử tri được tiếp nhận, đã trả lời %d/%d kiến nghị, đạt %s%%%s; chưa trả lời, còn trong hạn "+
			"%02d kiến nghị; quá hạn trả lời %02d kiến nghị.", all, answered, all, viet(percent(float64(answered), float64(all))),
			change(float64(answered), then, "kiến nghị", before), c.answer("Đang giải quyết"), c.answer("Quá hạn trả lời")),
		fmt.Sprintf("Đã giải quyết xong %d kiến nghị", c.class("Đã giải quyết")),
		fmt.Sprintf("thông tin đến cử tri %d kiến nghị", c.class("Giải trình, thông tin")),
		fmt.Sprintf("Đang giải quyết %d kiến nghị", c.class("Đang giải quyết")),
		fmt.Sprintf("Chưa giải quyết %d kiến nghị", c.class("Chưa giải quyết")))
	for _, r := range those(c.petitions, func(r petition) bool { return r.days > 0 }) {
		wants(t, text, petitionsPart, disbursementPart, fmt.Sprintf("%s %s %s %s %d", r.what, r.village, r.body, short(r.due), r.days))
	}
}

func (c *count) checkDisbursement(t *testing.T, text string, before *count) {
	t.Helper()
	then := 0.
	if before != nil {
		plan, paid, _, _ := before.money()
		then = percent(paid, plan)
	}
	plan, paid, expected, slow := c.money()
	wants(t, text, disbursementPart, afterFigures,
		fmt.Sprintf("Kế hoạch vốn năm của %02d dự án là %s triệu đồng", len(c.projects), viet(plan)),
		fmt.Sprintf("đã giải ngân %s triệu đồng, đạt %s%% kế hoạch%s; ước giải ngân cả năm %s triệu đồng.", viet(paid), viet(percent(paid, plan)),
			change(percent(paid, plan), then, "điểm phần trăm", before), viet(expected)),
		fmt.Sprintf("Có %02d dự án giải ngân dưới %s%% kế hoạch", slow, viet(c.threshold)))
	for _, r := range those(c.projects, func(r project) bool { return r.slow }) {
		wants(t, text, disbursementPart, afterFigures, fmt.Sprintf("%s %s %s %s %s", r.what, r.owner, viet(r.plan), viet(r.paid), viet(r.rate)))
	}
}

// checkAnnex looks for every row of the tables in the annex, with what was worked out for it, and for each line of the comparison.
func (c *count) checkAnnex(t *testing.T, text string, before *count) {
	t.Helper()
	for i, r := range c.tasks {
		wants(t, text, "Biểu số 01.", "Biểu số 02.",
			fmt.Sprintf("%d %s %s %s %s %s %s", i+1, r.what, r.body, r.given, short(r.due), short(r.done), r.state))
	}
	for i, r := range c.recommendations {
		_, annex, _ := strings.Cut(text, "Biểu số 02.")
		end := "Biểu số 03."
		if i+1 < len(c.recommendations) {
			end = c.recommendations[i+1].what
		}
		wants(t, annex, r.what, end, fmt.Sprintf("%s %s", r.body, short(r.due)), r.level)
		if r.days > 0 {
			wants(t, annex, r.what, end, " "+strconv.Itoa(r.days)+" ")
		}
	}
	for i, r := range c.petitions {
		wants(t, text, "Biểu số 03.", "Biểu số 04.",
			fmt.Sprintf("%d %s %s %s %s %s %s", i+1, r.what, r.village, r.authority, r.body, short(r.due), r.state))
	}
	for _, r := range c.projects {
		wants(t, text, "Biểu số 04.", "Biểu số 05.", fmt.Sprintf("%s %s %s", viet(r.plan), viet(r.paid), viet(r.rate)))
	}
	plan, paid, expected, slow := c.money()
	wants(t, text, "Biểu số 04.", "Biểu số 05.",
		fmt.Sprintf("Tổng cộng %s %s %s %s", viet(plan), viet(paid), viet(percent(paid, plan)), viet(expected)))

	now, then := states(c.due(c.begin, c.end)), states(before.due(before.begin, before.end))
	planned, spent, _, slowThen := before.money()
	sum := func(n [4]int) int { return n[0] + n[1] + n[2] + n[3] }
	lines := []string{
		compared("Nhiệm vụ có thời hạn trong kỳ nhiệm vụ", sum(now), sum(then)),
		compared("Nhiệm vụ có thời hạn trong kỳ, đã hoàn thành nhiệm vụ", now[0]+now[1], then[0]+then[1]),
		compared("Nhiệm vụ có thời hạn trong kỳ, hoàn thành đúng hạn nhiệm vụ", now[0], then[0]),
		rates("Tỷ lệ hoàn thành nhiệm vụ có thời hạn trong kỳ", now[0]+now[1], sum(now), then[0]+then[1], sum(then)),
		compared("Nhiệm vụ chưa hoàn thành quá hạn đến ngày chốt nhiệm vụ", states(c.tasks)[3], states(before.tasks)[3]),
		compared("Kiến nghị sau giám sát kiến nghị", len(c.recommendations), len(before.recommendations)),
		compared("Kiến nghị sau giám sát đã hoàn thành kiến nghị", c.level("Hoàn thành"), before.level("Hoàn thành")),
		rates("Tỷ lệ hoàn thành kiến nghị sau giám sát", c.level("Hoàn thành"), len(c.recommendations),
			before.level("Hoàn thành"), len(before.recommendations)),
		compared("Kiến nghị sau giám sát quá hạn kiến nghị", c.level("Quá hạn"), before.level("Quá hạn")),
		compared("Kiến nghị cử tri tiếp nhận kiến nghị", len(c.petitions), len(before.petitions)),
		compared("Kiến nghị cử tri đã trả lời kiến nghị", c.answer("Đã trả lời"), before.answer("Đã trả lời")),
		rates("Tỷ lệ trả lời kiến nghị cử tri", c.answer("Đã trả lời"), len(c.petitions), before.answer("Đã trả lời"), len(before.petitions)),
		compared("Kiến nghị cử tri quá hạn trả lời kiến nghị", c.answer("Quá hạn trả lời"), before.answer("Quá hạn trả lời")),
		compared("Kế hoạch vốn năm triệu đồng", plan, planned),
		compared("Vốn đã giải ngân triệu đồng", paid, spent),
		rates("Tỷ lệ giải ngân", paid, plan, spent, planned),
		compared("Dự án giải ngân chậm dự án", slow, slowThen),
	}
	wants(t, text, "Biểu số 05. So sánh với "+before.period, "", lines...)
}

// compared is a line of the comparison: the figure, the one before, the difference, and that in percent where there was something.
func compared[N int | float64](label string, now, then N) string {
	line := fmt.Sprintf("%s %s %s %s", label, viet(float64(now)), viet(float64(then)), viet(float64(now-then)))
	if then != 0 {
		line += " " + viet(percent(float64(now-then), float64(then)))
	}
	return line
}

func rates[N int | float64](label string, part, whole, partThen, wholeThen N) string {
	now, then := percent(float64(part), float64(whole)), percent(float64(partThen), float64(wholeThen))
	return fmt.Sprintf("%s %% %s %s %s", label, viet(now), viet(then), viet(now-then))
}

// checkTables holds the cells that a progress workbook works out against the count.
func (c *count) checkTables(t *testing.T, workbook []byte) {
	t.Helper()
	book := openBook(t, workbook)
	var want, got [][]string
	compare := func(name string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, counted (-) and in the workbook (+):\n%s", name, diff)
		}
		want, got = nil, nil
	}
	for _, r := range c.tasks {
		days := ""
		if r.done.IsZero() {
			days = strconv.Itoa(r.days)
		}
		want = append(want, []string{r.what, r.state, days})
	}
	for _, row := range tableRows(t, book, "Nhiệm vụ", "Nội dung nhiệm vụ") {
		got = append(got, []string{row["Nội dung nhiệm vụ"], row["Tình trạng"], row["Số ngày còn lại"]})
	}
	compare("tasks")
	for _, r := range c.recommendations {
		days := ""
		if r.days > 0 {
			days = strconv.Itoa(r.days)
		}
		want = append(want, []string{r.what, r.level, days, r.next})
	}
	for _, row := range tableRows(t, book, "Kiến nghị sau giám sát", "Nội dung kiến nghị") {
		got = append(got, []string{row["Nội dung kiến nghị"], row["Mức độ"], row["Số ngày quá hạn"], row["Bước xử lý tiếp theo"]})
	}
	compare("recommendations")
	for _, r := range c.petitions {
		want = append(want, []string{r.what, r.state})
	}
	for _, row := range tableRows(t, book, "Kiến nghị cử tri", "Nội dung kiến nghị") {
		got = append(got, []string{row["Nội dung kiến nghị"], row["Trạng thái"]})
	}
	compare("petitions")
	for _, r := range c.projects {
		want = append(want, []string{r.what, viet(r.rate), map[bool]string{true: "C", false: "K"}[r.slow]})
	}
	for _, row := range tableRows(t, book, "Giải ngân", "Danh mục dự án") {
		got = append(got, []string{row["Danh mục dự án"], viet(amountOf(t, row["Tỷ lệ (%)"])), row["Chậm tiến độ"]})
	}
	compare("disbursement")
}

// checkSummary holds the sheet “Tổng hợp” against the count.
func (c *count) checkSummary(t *testing.T, workbook []byte) {
	t.Helper()
	rows := rawRows(t, openBook(t, workbook), "Tổng hợp")
	figures := func(values ...float64) (texts []string) {
		for _, value := range values {
			texts = append(texts, viet(value))
		}
		return texts
	}
	check := func(after, heading, name string, want []string) {
		t.Helper()
		if got := summaryRow(t, rows, after, heading, name, len(want)); !slices.Equal(got, want) {
			t.Errorf("%s, %s, %s: the sheet says %v, counted %v", after, heading, name, got, want)
		}
	}
	byTask := func(heading string, name func(task) string) {
		t.Helper()
		for _, part := range append(names(c.tasks, name), "Tổng cộng") {
			some := those(c.tasks, func(r task) bool { return part == "Tổng cộng" || name(r) == part })
			n := states(some)
			check("I. NHIỆM VỤ", heading, part, figures(float64(n[0]), float64(n[1]), float64(n[2]), float64(n[3]), float64(len(some)),
				percent(float64(n[0]+n[1]), float64(len(some)))))
		}
	}
	byTask("Cơ quan chủ trì", func(r task) string { return r.body })
	byTask("Quý", func(r task) string { return quarterOf(r.due) })
	byTask("Lĩnh vực", func(r task) string { return r.field })

	for _, part := range append(names(c.recommendations, func(r recommendation) string { return r.body }), "Tổng cộng") {
		some := count{recommendations: those(c.recommendations, func(r recommendation) bool { return part == "Tổng cộng" || r.body == part })}
		var values []float64
		for _, level := range []string{"Hoàn thành", "Hoàn thành một phần", "Chưa hoàn thành", "Quá hạn", "Không thực hiện", "Chưa đáp ứng yêu cầu"} {
			values = append(values, float64(some.level(level)))
		}
		all := float64(len(some.recommendations))
		check("II. KIẾN NGHỊ SAU GIÁM SÁT", "Cơ quan chịu trách nhiệm", part, figures(append(values, all, percent(values[0], all))...))
	}
	byPetition := func(heading string, name func(petition) string) {
		t.Helper()
		for _, part := range append(names(c.petitions, name), "Tổng cộng") {
			some := count{petitions: those(c.petitions, func(r petition) bool { return part == "Tổng cộng" || name(r) == part })}
			all, answered := float64(len(some.petitions)), float64(some.answer("Đã trả lời"))
			check("III. KIẾN NGHỊ CỬ TRI", heading, part, figures(answered, float64(some.answer("Đang giải quyết")),
				float64(some.answer("Quá hạn trả lời")), all, percent(answered, all), float64(some.class("Đã giải quyết")), float64(some.class("Đang giải quyết")),
				float64(some.class("Chưa giải quyết")), float64(some.class("Giải trình, thông tin"))))
		}
	}
	byPetition("Lĩnh vực", func(r petition) string { return r.field })
	byPetition("Thẩm quyền", func(r petition) string { return r.authority })

	for _, r := range c.projects {
		check("IV. GIẢI NGÂN", "Danh mục dự án", r.what, append(figures(r.plan, r.paid, r.rate), map[bool]string{true: "C", false: "K"}[r.slow]))
	}
	plan, paid, _, slow := c.money()
	check("IV. GIẢI NGÂN", "Danh mục dự án", "Tổng cộng", figures(plan, paid, percent(paid, plan), float64(slow)))
}

// summaryRow returns the figures behind a name in the block of the sheet that has a heading, after the title of its part.
func summaryRow(t testing.TB, rows [][]string, after, heading, name string, wide int) []string {
	t.Helper()
	steps := []func(row []string) bool{
		func(row []string) bool { return len(row) > 0 && row[0] == after },
		func(row []string) bool { return len(row) > 1 && row[1] == heading },
		func(row []string) bool {
			return len(row) > 1 && (row[1] == name || name == "Tổng cộng" && row[0] == name)
		},
	}
	for _, row := range rows {
		if len(steps) > 0 && steps[0](row) {
			if steps = steps[1:]; len(steps) == 0 {
				texts := slices.Clone(row[2:min(len(row), 2+wide)])
				for i, text := range texts {
					if value, err := strconv.ParseFloat(text, 64); err == nil {
						texts[i] = viet(value)
					}
				}
				return texts
			}
		}
	}
	return nil
}
