package register

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/office"
	"vanthu/internal/sheet"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// Series finds a series by the name of a kind, or its own: "chung", a group, "mat", "ban-sao". unit is the name of the body, or
// empty for that of the profile of the office with an ID.
func (s *Service) Series(id, name, unit string, year int) (store.Series, diag.Findings) {
	profile, numbering, found := s.office.Settings(id)
	if found.Blocking() {
		return store.Series{}, found
	}
	series := store.Series{Unit: cmp.Or(vi.Upper(unit), model.Unit(profile.Agency)), Name: name, Year: year}
	if series.Unit == "" {
		found.Add(diag.Finding{
			Severity: diag.Error, Code: diag.UnknownUnit, Message: "chưa biết dãy số của cơ quan nào",
			Hint: "khai tên cơ quan ở trang Đơn vị; ở dòng lệnh thì chạy ở thư mục có don-vi.yaml, hoặc thêm --don-vi TỆP hay --co-quan TÊN",
		})
	}
	if slices.Contains([]string{model.OneSeries, office.SecretSeries, office.CopySeries}, name) ||
		slices.ContainsFunc(profile.Groups, func(g model.NumberGroup) bool { return g.Name == name }) {
		return series, found
	}
	kind := s.office.Find(name)
	if kind == nil {
		f := s.office.UnknownKind(name, diag.Place{})
		f.Message = fmt.Sprintf("không có loại văn bản hay dãy số “%s”", name)
		found.Add(f)
		return series, found
	}
	series.Name = numbering.NameOf(&kind.Schema)
	return series, found
}

// Next returns the number that a document of the series would get now, and the last line of the series, if there is one: of a line of
// another office than that which asks, its number and its day alone. office is nil for whoever may see all.
func (s *Service) Next(ctx context.Context, office *string, series store.Series) (number int, last *Entry, err error) {
	if s.store == nil {
		return 0, nil, errNoRegister
	}
	number, last, err = s.store.Next(ctx, series)
	if last != nil && office != nil && last.Office != *office {
		last = &Entry{Series: last.Series, Number: last.Number, Symbol: last.Symbol, Date: last.Date, State: last.State}
	}
	return number, last, err
}

// List returns lines of the register by year, series and number, or the newest first.
func (s *Service) List(ctx context.Context, numbers Numbers) ([]Entry, error) {
	if s.store == nil {
		return nil, errNoRegister
	}
	numbers.Unit = vi.Upper(numbers.Unit)
	entries, err := s.store.List(ctx, numbers)
	if numbers.Veiled != "" {
		for i := range entries {
			entries[i] = Redact(entries[i])
		}
	}
	return entries, err
}

// Redact returns a line as it is told to whoever may not know what secret documents are about.
func Redact(e Entry) Entry {
	if e.Name == office.SecretSeries {
		e.Title, e.Note, e.Reason = "Văn bản mật", "", "xem sổ văn bản mật"
	}
	return e
}

// Void makes a number void, with the reason. A number that is not there, or void already, is a finding; so is one of another office.
// office is nil for whoever may void all.
func (s *Service) Void(ctx context.Context, office *string, series store.Series, number int, reason string) (Entry, diag.Findings, error) {
	if s.store == nil {
		return Entry{}, nil, errNoRegister
	}
	if strings.TrimSpace(reason) == "" {
		return Entry{}, diag.Findings{{
			Severity: diag.Error, Code: diag.MissingField, Where: diag.Place{Field: "ly_do"}, Message: "chưa ghi lý do hủy số",
			Hint: "ghi lý do, ví dụ: văn bản không ban hành; lý do được in ở cột Ghi chú của sổ",
		}}, nil
	}
	entry, err := Entry{}, error(nil)
	if office != nil {
		err = s.owns(ctx, *office, series, number)
	}
	if err == nil {
		entry, err = s.store.Cancel(ctx, series, number, reason)
	}
	told := diag.Finding{Severity: diag.Error}
	switch {
	case errors.Is(err, store.ErrNotFound):
		told.Code = diag.NoSuchNumber
		told.Message = fmt.Sprintf("không có số %02d trong dãy %s của %s năm %d", number, series.Name, series.Unit, series.Year)
		told.Hint = "xem các số đã cấp ở trang Sổ đăng ký, hay bằng lệnh vanthu number list"
	case errors.Is(err, store.ErrState):
		told.Code = diag.NumberVoid
		told.Message = fmt.Sprintf("số %02d trong dãy %s của %s năm %d đã hủy từ trước", number, series.Name, series.Unit, series.Year)
		told.Hint = "xem lý do ở cột Ghi chú của sổ đăng ký"
	default:
		return entry, nil, err
	}
	return Entry{}, diag.Findings{told}, nil
}

// owns returns store.ErrNotFound where an office has no such number.
func (s *Service) owns(ctx context.Context, office string, series store.Series, number int) error {
	entries, err := s.store.List(ctx, Numbers{Office: &office, Unit: series.Unit, Name: series.Name, Year: series.Year})
	if err == nil && !slices.ContainsFunc(entries, func(e Entry) bool { return e.Number == number }) {
		err = store.ErrNotFound
	}
	return err
}

// numberStates names the states of a number in Vietnamese.
var numberStates = []struct {
	state store.State
	name  string
}{{store.Reserved, "giữ số"}, {store.Issued, "phát hành"}, {store.Void, "hủy"}}

// StateName is what a clerk calls the state of a number.
func StateName(state store.State) string {
	for _, s := range numberStates {
		if s.state == state {
			return s.name
		}
	}
	return string(state)
}

// StateNamed finds the state that a clerk names, with or without accents.
func StateNamed(name string) (store.State, bool) {
	for _, s := range numberStates {
		if vi.FileName(vi.Fold(s.name)) == vi.FileName(vi.Fold(name)) {
			return s.state, true
		}
	}
	return "", false
}

// BookLine is a line of the register as its book prints it: the ten columns of the decree.
type BookLine = sheet.Dispatch

// BookPart is one of the books of the register.
type BookPart struct {
	Name, Title string
	Entries     []Entry // by date
}

// Parts returns the books of the register, and co_quan of the profile, which may be nil: lines of an office, a series, a unit, or all, by
// date. Secret documents and copies have books of their own.
func (s *Service) Parts(ctx context.Context, numbers Numbers) (agency model.Values, parts []BookPart, found diag.Findings, err error) {
	id := ""
	if numbers.Office != nil {
		id = *numbers.Office
	}
	profile, _, found := s.office.Settings(id)
	if found.Blocking() {
		return nil, nil, found, nil
	}
	entries, err := s.List(ctx, numbers)
	if err != nil {
		return nil, nil, found, err
	}
	slices.SortStableFunc(entries, func(a, b Entry) int { return cmp.Compare(b.Date.Until(a.Date), 0) })
	parts = []BookPart{
		{Name: "Văn bản đi", Title: "SỔ ĐĂNG KÝ VĂN BẢN ĐI"},
		{Name: "Văn bản mật đi", Title: "SỔ ĐĂNG KÝ VĂN BẢN MẬT ĐI"},
		{Name: "Bản sao", Title: "SỔ ĐĂNG KÝ BẢN SAO VĂN BẢN"},
	}
	for _, entry := range entries {
		part := slices.Index([]string{office.SecretSeries, office.CopySeries}, entry.Name) + 1
		parts[part].Entries = append(parts[part].Entries, entry)
	}
	parts = slices.DeleteFunc(parts, func(p BookPart) bool { return len(p.Entries) == 0 && p.Name != parts[0].Name })
	return profile.Agency, parts, found, nil
}

// Book returns the books of a year as a workbook with a sheet for each, and how many lines they have.
func (s *Service) Book(ctx context.Context, numbers Numbers) (book []byte, lines int, found diag.Findings, err error) {
	defer diag.Recover("register", &err)
	agency, parts, found, err := s.Parts(ctx, numbers)
	if err != nil || found.Blocking() {
		return nil, 0, found, err
	}
	written := make([]sheet.RegisterPart, len(parts))
	for i, part := range parts {
		written[i] = sheet.RegisterPart{Name: part.Name, Title: part.Title}
		for _, entry := range part.Entries {
			written[i].Entries = append(written[i].Entries, LineOf(entry))
		}
		lines += len(part.Entries)
	}
	book, err = sheet.Register(agency, numbers.Year, written)
	return book, lines, found, err
}

// LineOf is an entry as the book prints it. The last of the places that a document goes to is where its copy is kept: “Lưu: VT”.
func LineOf(e Entry) BookLine {
	d := BookLine{
		Symbol: e.Symbol, Date: e.Date, Title: e.Title, Signer: e.Signer, Recipients: e.Recipients, KeptBy: e.KeptBy,
		Copies: e.Copies, Sent: e.Sent, Note: e.Note, Void: e.State == store.Void,
	}
	places := strings.Split(e.Recipients, "\n")
	if kept, ok := strings.CutPrefix(places[len(places)-1], "Lưu:"); ok && d.KeptBy == "" {
		d.KeptBy, d.Recipients = strings.TrimSpace(kept), strings.Join(places[:len(places)-1], "\n")
	}
	switch e.State {
	case store.Void:
		d.Note = strings.TrimSpace("Hủy: " + cmp.Or(e.Reason, noReason) + "\n" + d.Note)
	case store.Reserved:
		d.Note = strings.TrimSpace("Chưa phát hành\n" + d.Note)
	}
	return d
}
