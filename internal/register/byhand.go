package register

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/office"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// HandNumber asks for the number of a document that is not made here. Findings call its fields as data files do.
type HandNumber struct {
	Office     string    // the ID of the office whose number it is
	Key        string    // random: asking again with the same gives the same number
	Kind       string    // loai: slug or name
	Date       vi.Date   // ngay
	About      string    // trich_yeu: what follows the name of the type
	Unit       string    // don_vi_soan: of the drafting unit, in the symbol of a công văn, or empty
	Secrecy    string    // do_mat: "Mật", "Tối mật", "Tuyệt mật", or empty
	Signer     string    // ky
	Recipients string    // noi_nhan: one a line
	Again      bool      // take it though the same document of that day has a number
	Taken      time.Time // the time now
}

// ReserveByHand takes a number without a document: symbol and series follow from the kind and the profile of the office.
func (s *Service) ReserveByHand(ctx context.Context, hand HandNumber) (entry Entry, found diag.Findings, err error) {
	defer diag.Recover("reserve", &err)
	if s.store == nil {
		return Entry{}, nil, errNoRegister
	}
	missing := func(field, message, hint string) {
		found.Add(diag.Finding{Severity: diag.Error, Code: diag.MissingField, Where: diag.Place{Field: field}, Message: message, Hint: hint})
	}
	if hand.Date == (vi.Date{}) {
		missing(model.DayKey, "chưa ghi ngày của văn bản", "ghi ngày, ví dụ 27/3/2026; ngày không được trước ngày của số đã cấp trước đó trong dãy")
	}
	if strings.TrimSpace(hand.About) == "" {
		missing(model.AbstractKey, "chưa ghi trích yếu nội dung", "ghi một câu ngắn nêu nội dung chính")
	}
	kind, more := s.office.KindOf(model.Node{Shape: model.Scalar, Text: hand.Kind})
	if found.Add(more...); kind == nil || found.Blocking() {
		return Entry{}, found, nil
	}
	document, more := s.bindHand(kind, hand)
	if document.Symbol() == "" {
		more.Add(noSymbol(kind))
	}
	if found.Add(more...); found.Blocking() {
		return Entry{}, found, nil
	}
	series, more, err := s.seriesFor(&document)
	if found.Add(more...); err != nil || found.Blocking() {
		return Entry{}, found, err
	}
	asked := numberRequest(document.Document, series, document.Symbol())
	asked.Office, asked.Key, asked.Taken = hand.Office, hand.Key, hand.Taken
	asked.Title = strings.Join(strings.Fields(hand.About), " ")
	if typeName := kind.Schema.TypeName + " "; !strings.HasPrefix(asked.Title, typeName) { // some write it again
		asked.Title = strings.TrimSpace(typeName + asked.Title)
	}
	asked.Signer = strings.Join(strings.Fields(hand.Signer), " ")
	asked.Recipients = linesOf(hand.Recipients)
	if !hand.Again {
		same, err := s.sameOf(ctx, asked)
		if err != nil || same != nil {
			if same != nil {
				found.Add(takenAlready(*same))
			}
			return Entry{}, found, err
		}
	}
	entry, more, err = s.reserve(ctx, asked, "")
	return entry, append(found, more...), err
}

// sameOf finds a number that the document of a request has already under another key, or nil.
func (s *Service) sameOf(ctx context.Context, asked store.Request) (*Entry, error) {
	const lately = 200 // no day has more of a series
	entries, err := s.store.List(ctx, Numbers{
		Office: &asked.Office, Unit: asked.Series.Unit, Name: asked.Series.Name, Year: asked.Series.Year, Newest: true, Most: lately,
	})
	for _, e := range entries {
		if e.Key != asked.Key && e.State != store.Void && e.Date == asked.Date && e.Kind == asked.Kind && vi.Fold(e.Title) == vi.Fold(asked.Title) {
			return &e, err
		}
	}
	return nil, err
}

func takenAlready(e Entry) diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.NumberAgain,
		Message: fmt.Sprintf("vừa lấy số %s cho đúng trích yếu này, ngày %s", e.Symbol, e.Date.Short()),
		Hint:    "cùng một văn bản thì dùng số ấy; văn bản khác thì sửa trích yếu cho khác, hoặc bấm “Vẫn lấy thêm số” ở cuối trang",
	}
}

// NextByHand returns the number and symbol that ReserveByHand would give now, "12/KH-HĐND", without taking it, and the last line of the series as far
// as the office may see it, if there is one. The symbol is empty where the register would refuse. Of hand it takes Office, Kind, Date, Unit and
// Secrecy.
func (s *Service) NextByHand(ctx context.Context, hand HandNumber) (symbol string, last *Entry, found diag.Findings, err error) {
	if s.store == nil {
		return "", nil, nil, errNoRegister
	}
	hand.About = ""
	kind, found := s.office.KindOf(model.Node{Shape: model.Scalar, Text: hand.Kind})
	if kind == nil || hand.Date == (vi.Date{}) {
		return "", nil, found, nil
	}
	document, more := s.bindHand(kind, hand)
	found.Add(slices.DeleteFunc(more, func(f diag.Finding) bool { return f.Where.Field == model.AbstractKey })...) // it is not typed yet
	if document.Symbol() == "" {
		found.Add(noSymbol(kind))
	}
	if found.Blocking() {
		return "", nil, found, nil
	}
	series, more, err := s.seriesFor(&document)
	if found.Add(more...); err != nil || found.Blocking() {
		return "", nil, found, err
	}
	number, last, err := s.Next(ctx, &hand.Office, series)
	if err == nil && last != nil && hand.Date.Before(last.Date) {
		return "", last, append(found, tooEarly(hand.Date, *last)), nil
	}
	_, after, _ := strings.Cut(document.Symbol(), "/")
	return fmt.Sprintf("%02d/%s", number, after), last, found, err
}

// tooEarly returns the finding about a day before that of the last number of its series.
func tooEarly(day vi.Date, last Entry) diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.NumberOutOfOrder,
		Message: "Ngày " + day.Short() + " trước ngày của số " + last.Symbol + " (" + last.Date.Short() + ").",
		Hint:    "Ghi ngày " + last.Date.Short() + " hoặc muộn hơn: số và ngày phải theo cùng thứ tự.",
	}
}

func noSymbol(kind *office.Definition) diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.NoSymbol, Where: diag.Place{Field: model.KindKey},
		Message: fmt.Sprintf("chưa biết ký hiệu của “%s”, hoặc loại này không đánh số", kind.Schema.Name),
		Hint:    "khai tên và chữ viết tắt của cơ quan ở trang Đơn vị; loại văn bản không có số thì không lấy số",
	}
}

// bindHand binds what decides the number, and leaves out what is wrong with the rest, which nobody wrote.
func (s *Service) bindHand(kind *office.Definition, hand HandNumber) (d Document, found diag.Findings) {
	d.Profile, d.Office, d.Taken = s.office.ProfileOf(hand.Office), hand.Office, hand.Taken
	record := model.Record{Root: model.Node{Shape: model.Group}}
	given := map[string]string{model.DayKey: hand.Date.ISO(), model.AbstractKey: hand.About, model.UnitKey: hand.Unit, model.SecrecyKey: hand.Secrecy}
	for _, spec := range kind.Schema.Fields {
		if text := strings.TrimSpace(given[spec.Key]); text != "" {
			node := model.Node{Shape: model.Scalar, Text: vi.NFC(text)}
			record.Root.Fields = append(record.Root.Fields, model.Field{Key: spec.Key, Value: node})
		}
	}
	document, all := model.Bind(&kind.Schema, record, d.Profile)
	d.Document = document
	for _, f := range all {
		if _, typed := given[f.Where.Field]; typed {
			found.Add(f)
		}
	}
	return d, found
}

// linesOf is a text without blank lines and spaces around its lines.
func linesOf(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, vi.NFC(line))
		}
	}
	return strings.Join(lines, "\n")
}
