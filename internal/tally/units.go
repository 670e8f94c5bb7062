package tally

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// The table don_vi of a consolidated report has a row for each unit that was to report. What its report comes to stands in columns whose
// keys are those of the figures of that report below so_lieu, with underscores in place of dots.
const (
	unitReportKey = "bao_cao"           // number and symbol of its report
	unitStateKey  = "tinh_trang"        // whether it has one
	goalKey       = "nguong_hoan_thanh" // root field: percent of tasks below which a unit is behind
)

// share is a part of a report that is counted: of so many, so many are done and so many are overdue.
type share struct{ table, prefix, total, done, overdue string }

var shares = [...]share{
	{tasks, "nhiem_vu_trong_ky_", "tong", "hoan_thanh", "qua_han"},
	{recommendations, "kien_nghi_", "tong", "hoan_thanh", "qua_han"},
	{petitions, "cu_tri_", "tiep_nhan", "da_tra_loi", "qua_han"},
	{disbursement, "giai_ngan_", "ke_hoach", "da_giai_ngan", ""},
}

const onTimeKey = "nhiem_vu_trong_ky_dung_han"

// unit is a row of the units.
type unit struct {
	row      model.Values
	name     string
	reported bool // it has a report, or a figure at least
}

func readUnit(_ *ledger, row model.Values) unit {
	u := unit{row: row, name: row.Text(model.NameKey), reported: row.Text(unitReportKey) != ""}
	for _, s := range shares {
		_, counted := numberOf(row, s.prefix+s.total)
		u.reported = u.reported || counted
	}
	return u
}

// of returns total, done and overdue of a share.
func (u *unit) of(s share) (total, done, overdue decimal.Decimal) {
	total, _ = numberOf(u.row, s.prefix+s.total)
	done, _ = numberOf(u.row, s.prefix+s.done)
	overdue, _ = numberOf(u.row, s.prefix+s.overdue)
	return total, done, overdue
}

// rate is the percent of a share that is done; false of nothing.
func (u *unit) rate(s share) (decimal.Decimal, bool) {
	total, done, _ := u.of(s)
	return rate(done, total)
}

// state returns whether a unit has reported.
func (u *unit) state() string {
	if u.reported {
		return "Đã báo cáo"
	}
	return "Chưa có báo cáo"
}

func (u *unit) fill() {
	u.row[unitStateKey] = model.Text(u.state())
	for _, s := range shares {
		total, done, _ := u.of(s)
		putRate(u.row, s.prefix+"ty_le", done, total)
	}
}

// inSentence is the name of a unit within a sentence: "xã An Bình".
func (u *unit) inSentence() string {
	for _, kind := range []string{"Xã ", "Phường ", "Đặc khu ", "Thị trấn "} {
		if strings.HasPrefix(u.name, kind) {
			return strings.ToLower(kind) + strings.TrimPrefix(u.name, kind)
		}
	}
	return u.name
}

// unitFigures are the values of so_lieu.don_vi.
func (l *ledger) unitFigures() model.Values {
	silent := slices.DeleteFunc(slices.Clone(l.units), func(u *unit) bool { return u.reported })
	reported := len(l.units) - len(silent)
	values := model.Values{
		"tong":         model.Count(len(l.units)),
		"da_bao_cao":   model.Count(reported),
		"chua_bao_cao": model.Count(len(silent)),
	}
	putRate(values, "ty_le", whole(reported), whole(len(l.units)))
	if len(silent) > 0 {
		values["ten_chua_bao_cao"] = model.Text(enumerate(silent, maxListed, (*unit).inSentence))
	}
	goal, _ := numberOf(l.doc.Values, goalKey)
	threshold, _ := numberOf(l.doc.Values, thresholdKey)
	for _, s := range shares {
		below := goal
		if s.table == disbursement {
			below = threshold
		}
		values[s.table] = l.shareFigures(s, below)
	}
	return values
}

// shareFigures are sums over all units, and who is behind. below is the percent under which a unit is.
func (l *ledger) shareFigures(s share, below decimal.Decimal) model.Values {
	var total, done, overdue, onTime decimal.Decimal
	var counted, late, slow []*unit
	for _, u := range l.units {
		t, d, o := u.of(s)
		first, _ := numberOf(u.row, onTimeKey)
		total, done, overdue, onTime = total.Add(t), done.Add(d), overdue.Add(o), onTime.Add(first)
		percent, rated := u.rate(s)
		if rated {
			counted = append(counted, u)
		}
		if rated && percent.LessThan(below) {
			slow = append(slow, u)
		}
		if o.IsPositive() {
			late = append(late, u)
		}
	}
	byRate := func(a, b *unit) int {
		x, _ := a.rate(s)
		y, _ := b.rate(s)
		return x.Cmp(y)
	}
	values := model.Values{
		"tong": model.Number{Decimal: total}, "hoan_thanh": model.Number{Decimal: done}, "con_lai": model.Number{Decimal: total.Sub(done)},
		"so_don_vi": model.Count(len(counted)),
	}
	putRate(values, "ty_le", done, total)
	if s.overdue != "" {
		values["qua_han"], values["trong_han"] = model.Number{Decimal: overdue}, model.Number{Decimal: total.Sub(done).Sub(overdue)}
		slices.SortStableFunc(late, func(a, b *unit) int {
			_, _, x := a.of(s)
			_, _, y := b.of(s)
			return cmp.Or(y.Cmp(x), byRate(a, b))
		})
		putBehind(values, "_qua_han", s, late)
	}
	if s.table == tasks {
		values["dung_han"], values["tre_han"] = model.Number{Decimal: onTime}, model.Number{Decimal: done.Sub(onTime)}
	}
	if s.table == tasks || s.table == disbursement {
		slices.SortStableFunc(slow, byRate)
		putBehind(values, "_thap", s, slow)
		values["nguong"] = model.Number{Decimal: below}
		slices.SortStableFunc(counted, func(a, b *unit) int { return cmp.Or(byRate(b, a), b.larger(a, s)) })
		if len(counted) > mostLeading {
			values["dan_dau"] = model.Text(enumerate(counted[:mostLeading], mostLeading, func(u *unit) string {
				percent, _ := u.rate(s)
				return fmt.Sprintf("%s (%s%%)", u.inSentence(), vi.FormatNumber(percent))
			}))
		}
	}
	return values
}

// larger compares how much two units have to do.
func (u *unit) larger(than *unit, s share) int {
	a, _, _ := u.of(s)
	b, _, _ := than.of(s)
	return a.Cmp(b)
}

// What the body of a report tells by name; its annex has all units.
const (
	maxListed   = 10
	mostLeading = 5
)

// putBehind adds how many units are behind, the first of them, and how many there are beyond these.
func putBehind(values model.Values, suffix string, s share, behind []*unit) {
	values["so_don_vi"+suffix] = model.Count(len(behind))
	var list model.Items
	for _, u := range behind[:min(len(behind), maxListed)] {
		total, done, overdue := u.of(s)
		item := model.Values{
			"ten": model.Text(u.name), "tong": model.Number{Decimal: total}, "hoan_thanh": model.Number{Decimal: done},
			"qua_han": model.Number{Decimal: overdue},
		}
		putRate(item, "ty_le", done, total)
		list = append(list, item)
	}
	put(values, "danh_sach"+suffix, list)
	if more := len(behind) - maxListed; more > 0 {
		values["khac"+suffix] = model.Count(more)
	}
}

// enumerate writes names one after the other, and how many there are beyond most of them.
func enumerate(units []*unit, most int, name func(*unit) string) string {
	names := make([]string, min(len(units), most))
	for i := range names {
		names[i] = name(units[i])
	}
	text := strings.Join(names, ", ")
	if more := len(units) - most; more > 0 {
		text += fmt.Sprintf(" và %s đơn vị khác", vi.FormatNumber(whole(more)))
	}
	return text
}

func unitFields() model.FieldSpec {
	columns := []model.FieldSpec{
		text("ten", "Đơn vị"), number("tong", "Tổng số"), number("hoan_thanh", "Đã hoàn thành"), number("qua_han", "Quá hạn"),
		number("ty_le", "Tỷ lệ (%)"),
	}
	behind := func(suffix, who string) []model.FieldSpec {
		return []model.FieldSpec{
			number("so_don_vi"+suffix, "Số đơn vị "+who),
			list("danh_sach"+suffix, fmt.Sprintf("Nhiều nhất %d đơn vị %s", maxListed, who), columns...),
			number("khac"+suffix, "Số đơn vị "+who+" ngoài danh sách; không có khi danh sách đủ"),
		}
	}
	sums := []model.FieldSpec{
		number("tong", "Tổng số; kế hoạch vốn"), number("hoan_thanh", "Đã hoàn thành; đã giải ngân"), number("con_lai", "Chưa hoàn thành"),
		number("ty_le", "Tỷ lệ (%)"), number("so_don_vi", "Số đơn vị có số liệu"),
	}
	overdue := slices.Concat(sums, []model.FieldSpec{
		number("qua_han", "Chưa hoàn thành quá hạn"), number("trong_han", "Chưa hoàn thành trong hạn"),
	}, behind("_qua_han", "còn việc quá hạn"))
	ranked := append(behind("_thap", "có tỷ lệ dưới ngưỡng"), number("nguong", "Ngưỡng (%)"),
		text("dan_dau", fmt.Sprintf("%d đơn vị có tỷ lệ cao nhất: “xã An Bình (100%%)”", mostLeading)))
	return group(units, "Các đơn vị",
		number("tong", "Số đơn vị"), number("da_bao_cao", "Số đơn vị đã báo cáo"), number("chua_bao_cao", "Số đơn vị chưa có báo cáo"),
		number("ty_le", "Tỷ lệ báo cáo (%)"), text("ten_chua_bao_cao", "Tên các đơn vị chưa có báo cáo: “xã An Bình, phường Hải An”"),
		group(tasks, "Nhiệm vụ có thời hạn trong kỳ", slices.Concat(overdue, ranked, []model.FieldSpec{
			number("dung_han", "Hoàn thành đúng hạn"), number("tre_han", "Hoàn thành quá hạn"),
		})...),
		group(recommendations, "Kiến nghị sau giám sát", overdue...),
		group(petitions, "Kiến nghị cử tri", overdue...),
		group(disbursement, "Giải ngân", slices.Concat(sums, ranked)...))
}

// unit reports figures of a unit that cannot be right.
func (d *doubter) unit() {
	name := d.row.Text(model.NameKey)
	u := readUnit(d.ledger, d.row)
	for _, s := range shares {
		total, done, overdue := u.of(s)
		for _, column := range []string{s.total, s.done, s.overdue} {
			if n, _ := numberOf(d.row, s.prefix+column); n.IsNegative() || s.table != disbursement && !n.IsInteger() {
				d.add(diag.Error, s.prefix+column, diag.NoSuchCount, "ghi số đúng như báo cáo của đơn vị",
					"%s: không có số %s", name, vi.FormatNumber(n))
			}
		}
		if done.Add(overdue).GreaterThan(total) {
			d.warn(s.prefix+s.done, diag.PartsBeyondTotal, "xem lại các số này trong báo cáo của đơn vị",
				"%s: %s cộng %s lớn hơn %s", name, vi.FormatNumber(done), vi.FormatNumber(overdue), vi.FormatNumber(total))
		}
	}
	onTime, _ := numberOf(d.row, onTimeKey)
	if _, done, _ := u.of(shares[0]); onTime.GreaterThan(done) {
		d.warn(onTimeKey, diag.PartsBeyondTotal, "xem lại hai số này trong báo cáo của đơn vị",
			"%s: hoàn thành đúng hạn %s lớn hơn đã hoàn thành %s", name, vi.FormatNumber(onTime), vi.FormatNumber(done))
	}
}
