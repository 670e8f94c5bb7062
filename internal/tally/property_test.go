package tally

import (
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// The days of these tests are counted from 1 January 2026; the closing date is the 170th, 20 June, in the second quarter.
const closingDay = 170

func dayOf(n int) time.Time { return time.Date(2026, 1, 1+n, 0, 0, 0, 0, time.UTC) }

func onDay(n int) model.Date {
	at := dayOf(n)
	return model.Date{Date: vi.Date{Year: at.Year(), Month: int(at.Month()), Day: at.Day()}}
}

func reportOf(schema *model.Schema, tables model.Values) *model.Document {
	values := model.Values{
		"ngay_chot": onDay(closingDay), "ngay": onDay(closingDay + 5),
		"ky_bao_cao":       model.Period{Period: vi.Period{Year: 2026, First: 4, Last: 6}},
		"nguong_giai_ngan": model.Count(50), "nguong_bien_dong": model.Count(50),
	}
	for key, table := range tables {
		values[key] = table
	}
	return &model.Document{Schema: schema, Values: values}
}

// never is the day on which a row is done that is not.
const never = -1000

// drawn is a row as it was drawn.
type drawn struct {
	due, done int
	body      string
}

func drawRows(t *rapid.T, doneColumn, bodyColumn string) (rows []drawn, items model.Items) {
	for range rapid.IntRange(0, 30).Draw(t, "rows") {
		r := drawn{
			due:  rapid.IntRange(closingDay-200, closingDay+200).Draw(t, "due"),
			done: rapid.OneOf(rapid.Just(never), rapid.IntRange(0, closingDay+5)).Draw(t, "done"),
			body: rapid.SampledFrom([]string{"", "Ban Pháp chế", "ban pháp chế", "Văn phòng", "UBND xã"}).Draw(t, "body"),
		}
		if rapid.Bool().Draw(t, "near") { // the boundaries
			r.due = rapid.IntRange(closingDay-2, closingDay+2).Draw(t, "due near")
			r.done = rapid.SampledFrom([]int{never, closingDay - 1, closingDay, closingDay + 1}).Draw(t, "done near")
		}
		row := model.Values{dueKey: onDay(r.due)}
		if r.done != never {
			row[doneColumn] = onDay(r.done)
		}
		if r.body != "" {
			row[bodyColumn] = model.Text(r.body)
		}
		rows, items = append(rows, r), append(items, row)
	}
	return rows, items
}

// live lets the days pass one by one to the closing date and sees what becomes of a row: a day on which it should have been done and
// is not makes it late; the day that it is done on ends it.
func live(r drawn) (done, late bool) {
	for day := -closingDay; day <= closingDay && !done; day++ {
		late = late || day > r.due
		done = day == r.done
	}
	return done, late
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func figure(t *rapid.T, values model.Value, key string) int {
	number, ok := values.(model.Values)[key].(model.Number)
	if !ok {
		t.Fatalf("%s is %v", key, values.(model.Values)[key])
	}
	return int(number.IntPart())
}

func TestTasksAreCountedAsTheDaysPass(t *testing.T) {
	schema := schemaOf(t, quarterly)
	rapid.Check(t, func(t *rapid.T) {
		rows, items := drawRows(t, doneKey, "chu_tri")
		doc := reportOf(schema, model.Values{tasks: items})
		Add(doc, nil)
		if len(rows) == 0 {
			return
		}
		counted := doc.Values[model.FiguresKey].(model.Values)[tasks].(model.Values)
		for part, belongs := range map[string]func(month time.Time) bool{
			"trong_ky": func(at time.Time) bool { return at.Year() == 2026 && at.Month() >= 4 && at.Month() <= 6 },
			"luy_ke":   func(at time.Time) bool { return at.Year() == 2026 && at.Month() <= 6 },
			"tat_ca":   func(time.Time) bool { return true },
		} {
			want := make(map[string]int)
			for _, r := range rows {
				if !belongs(dayOf(r.due)) {
					continue
				}
				done, late := live(r)
				want["tong"]++
				want[either(done, "hoan_thanh", "chua_hoan_thanh")]++
				want[either(done, either(late, "tre_han", "dung_han"), either(late, "qua_han", "trong_han"))]++
			}
			for _, key := range []string{"tong", "hoan_thanh", "chua_hoan_thanh", "dung_han", "tre_han", "trong_han", "qua_han"} {
				if got := figure(t, counted[part], key); got != want[key] {
					t.Fatalf("%s.%s is %d, want %d of %v", part, key, got, want[key], rows)
				}
			}
			wantRate(t, counted[part].(model.Values)["ty_le"], want["hoan_thanh"], want["tong"])
		}
	})
}

// wantRate works a rate out with fractions: the nearest tenth of a percent, the upper one of two.
func wantRate(t *rapid.T, got model.Value, part, total int) {
	if total == 0 {
		if got != nil {
			t.Fatalf("%d of none is %v", part, got)
		}
		return
	}
	tenths := new(big.Rat).Add(big.NewRat(int64(part)*1000, int64(total)), big.NewRat(1, 2))
	whole := new(big.Int).Quo(tenths.Num(), tenths.Denom())
	if want := decimal.NewFromBigInt(whole, -1); !got.(model.Number).Equal(want) {
		t.Fatalf("%d of %d is %v, want %s", part, total, got, want)
	}
}

func TestPetitionsAreCountedAsTheDaysPass(t *testing.T) {
	schema := schemaOf(t, quarterly)
	rapid.Check(t, func(t *rapid.T) {
		rows, items := drawRows(t, replyKey, "linh_vuc")
		doc := reportOf(schema, model.Values{petitions: items})
		Add(doc, nil)
		if len(rows) == 0 {
			return
		}
		want := map[string]int{"tiep_nhan": len(rows)}
		for _, r := range rows {
			done, late := live(r)
			want[either(done, "da_tra_loi", either(late, "qua_han", "dang_giai_quyet"))]++
		}
		counted := doc.Values[model.FiguresKey].(model.Values)[petitions].(model.Values)
		for _, key := range []string{"tiep_nhan", "da_tra_loi", "dang_giai_quyet", "qua_han"} {
			if got := figure(t, counted, key); got != want[key] {
				t.Fatalf("%s is %d, want %d of %v", key, got, want[key], rows)
			}
		}
		wantRate(t, counted["ty_le"], want["da_tra_loi"], len(rows))
	})
}

func TestDisbursementIsTheSumOfItsProjects(t *testing.T) {
	schema := schemaOf(t, quarterly)
	rapid.Check(t, func(t *rapid.T) {
		var items model.Items
		plan, paid, slow := 0, 0, 0
		for range rapid.IntRange(1, 20).Draw(t, "rows") {
			p := rapid.IntRange(0, 5000).Draw(t, "plan")
			d := rapid.IntRange(0, 5000).Draw(t, "paid")
			items = append(items, model.Values{planKey: model.Count(p), paidKey: model.Count(d)})
			plan, paid = plan+p, paid+d
			if 10000*d < 4995*p { // what does not even round to 50,0 %
				slow++
			}
		}
		doc := reportOf(schema, model.Values{disbursement: items})
		Add(doc, nil)
		counted := doc.Values[model.FiguresKey].(model.Values)[disbursement].(model.Values)
		for key, want := range map[string]int{"ke_hoach": plan, "da_giai_ngan": paid, "so_cham": slow, "so_du_an": len(items)} {
			if got := figure(t, counted, key); got != want {
				t.Fatalf("%s is %d, want %d", key, got, want)
			}
		}
		wantRate(t, counted["ty_le"], paid, plan)
	})
}

// drawReport draws a document with all its tables; some rows lack whatever may be lacking.
func drawReport(t *rapid.T, schema *model.Schema) *model.Document {
	_, taskRows := drawRows(t, doneKey, "chu_tri")
	_, petitionRows := drawRows(t, replyKey, "linh_vuc")
	_, recommendationRows := drawRows(t, "khong_co", "co_quan")
	for _, row := range recommendationRows {
		assessments := []string{"", "Hoàn thành", "Hoàn thành một phần", "Không thực hiện", "Chưa đáp ứng yêu cầu"}
		row.(model.Values)["danh_gia"] = model.Text(rapid.SampledFrom(assessments).Draw(t, "assessed"))
		row.(model.Values)[stepKey] = model.Count(rapid.IntRange(0, 7).Draw(t, "step"))
	}
	var projectRows model.Items
	for range rapid.IntRange(0, 5).Draw(t, "projects") {
		projectRows = append(projectRows, model.Values{
			"du_an": model.Text("A"), planKey: model.Count(rapid.IntRange(0, 9).Draw(t, "plan")),
			paidKey: model.Count(rapid.IntRange(0, 9).Draw(t, "paid")),
		})
	}
	return reportOf(schema, model.Values{
		tasks: taskRows, petitions: petitionRows, recommendations: recommendationRows, disbursement: projectRows,
	})
}

// TestEveryFigureIsDeclared holds what Add adds to what Fields promises to templates.
func TestEveryFigureIsDeclared(t *testing.T) {
	schema := schemaOf(t, quarterly)
	rapid.Check(t, func(t *rapid.T) {
		doc, previous := drawReport(t, schema), drawReport(t, schema)
		if rapid.Bool().Draw(t, "alone") {
			previous = nil
		}
		Add(doc, previous)
		declared(t, Fields(schema)[0], doc.Values[model.FiguresKey], model.FiguresKey)
		for _, table := range []string{tasks, recommendations, petitions, disbursement} {
			for i, row := range doc.Values[table].(model.Items) {
				delete(row.(model.Values), "khong_co")
				declared(t, model.FieldSpec{Type: model.GroupField, Fields: schema.Table(table).Fields}, row, fmt.Sprint(table, i))
			}
		}
	})
}

func declared(t *rapid.T, spec model.FieldSpec, value model.Value, path string) {
	types := map[model.FieldType]string{
		model.TextField: "model.Text", model.DateField: "model.Date", model.NumberField: "model.Number",
		model.ListField: "model.Items", model.GroupField: "model.Values",
	}
	if got := fmt.Sprintf("%T", value); got != types[spec.Type] {
		t.Fatalf("%s is a %s, declared as %s", path, got, types[spec.Type])
	}
	switch value := value.(type) {
	case model.Items:
		for _, item := range value {
			declared(t, model.FieldSpec{Type: model.GroupField, Fields: spec.Fields}, item, path)
		}
	case model.Values:
		known := make(map[string]bool)
		for _, field := range spec.Fields {
			known[field.Key] = true
			if inner, ok := value[field.Key]; ok {
				declared(t, field, inner, path+"."+field.Key)
			}
		}
		for key := range value {
			if !known[key] {
				t.Fatalf("%s.%s is not declared", path, key)
			}
		}
	}
}

// TestPartsMakeUpTheWhole adds up every list theo_… .
func TestPartsMakeUpTheWhole(t *testing.T) {
	schema := schemaOf(t, quarterly)
	rapid.Check(t, func(t *rapid.T) {
		doc := drawReport(t, schema)
		Add(doc, nil)
		sumUp(t, doc.Values[model.FiguresKey].(model.Values))
	})
}

func sumUp(t *rapid.T, whole model.Values) {
	for key, value := range whole {
		if inner, ok := value.(model.Values); ok {
			sumUp(t, inner)
			continue
		}
		list, ok := value.(model.Items)
		if !ok || key[:5] != "theo_" {
			continue
		}
		sum := make(map[string]decimal.Decimal)
		for _, part := range list {
			for count, number := range part.(model.Values) {
				if number, ok := number.(model.Number); ok {
					sum[count] = sum[count].Add(number.Decimal)
				}
			}
		}
		for count, total := range sum {
			if count != "ty_le" && !total.Equal(whole[count].(model.Number).Decimal) {
				t.Fatalf("%s: the parts of %s make %s, not %v", key, count, total, whole[count])
			}
		}
	}
}

func TestSameInputSameFiguresAndThePreviousDocumentIsLeftAlone(t *testing.T) {
	schema := schemaOf(t, quarterly)
	rapid.Check(t, func(t *rapid.T) {
		previous := drawReport(t, schema)
		doc := drawReport(t, schema)
		same := &model.Document{Schema: schema, Values: copied(doc.Values).(model.Values)}
		was := previous.Dump()
		first := Add(doc, previous).String() + doc.Dump()
		if previous.Dump() != was {
			t.Fatal("the previous document changed")
		}
		if again := Add(same, previous).String() + same.Dump(); again != first {
			t.Fatalf("once\n%s\nagain\n%s", first, again)
		}
	})
}

// copied is a value with rows and groups of its own.
func copied(value model.Value) model.Value {
	switch value := value.(type) {
	case model.Items:
		items := make(model.Items, len(value))
		for i := range value {
			items[i] = copied(value[i])
		}
		return items
	case model.Values:
		values := make(model.Values, len(value))
		for key := range value {
			values[key] = copied(value[key])
		}
		return values
	default:
		return value
	}
}

// large is a report with 10,000 tasks.
func large(schema *model.Schema) *model.Document {
	items := make(model.Items, 10_000)
	for i := range items {
		row := model.Values{
			"stt": model.Count(i + 1), "noi_dung": model.Text(fmt.Sprintf("Nhiệm vụ thứ %d của kế hoạch công tác năm", i)),
			"chu_tri": model.Text(fmt.Sprintf("Cơ quan chủ trì số %d", i%40)), "linh_vuc": model.Text(fmt.Sprintf("Lĩnh vực %d", i%9)),
			startKey: onDay(-300), dueKey: onDay(i%700 - 200), progressKey: model.Count(i % 100),
		}
		if i%3 == 0 {
			row[doneKey], row[progressKey] = onDay(min(closingDay, i%700-190)), model.Count(100)
		}
		items[i] = row
	}
	return reportOf(schema, model.Values{tasks: items})
}

func BenchmarkAdd(b *testing.B) {
	schema := schemaOf(b, quarterly)
	for name, previous := range map[string]*model.Document{"alone": nil, "compared": large(schema)} {
		b.Run(name, func(b *testing.B) {
			doc := large(schema)
			b.ReportAllocs()
			for b.Loop() {
				Add(doc, previous)
			}
		})
	}
}
