package register

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/store"
)

// Document is what the register has to know of a document that is to have a number.
type Document struct {
	model.Document
	Profile *model.Record // that it was bound with, or nil
	Office  string        // the ID of the office that asks
	Content []byte        // what its data file says: the key of a new number rests on it
	Key     string        // of the number that it had before its data were mended, or empty
	Taken   time.Time     // the time now
}

// Wanted reports whether a document is to have a number of the register: it has none of its own, and a symbol to go with one.
func (d *Document) Wanted() bool {
	return !d.Numbered() && d.Symbol() != ""
}

// Take takes the number of a document that has none and writes it into the document as if it were typed. The key of the number is what the data
// say: the same data get the same number again. Of a typed number it is the key where the register gave it to this document. It is empty where
// the register does not know the number, and where the kind has none. Findings name the field alone.
func (s *Service) Take(ctx context.Context, d *Document) (key string, found diag.Findings, err error) {
	switch {
	case d.Symbol() == "":
		return "", nil, nil
	case !d.Wanted():
		return s.typed(ctx, d)
	}
	asked, found, err := s.request(d)
	if err != nil || found.Blocking() {
		return "", found, err
	}
	entry, more, err := s.reserve(ctx, asked, d.Key)
	if found.Add(more...); err != nil || found.Blocking() {
		return "", found, err
	}
	number, _, _ := strings.Cut(entry.Symbol, "/")
	d.Values[model.NumberKey], d.Values[model.SymbolKey] = model.Text(number), model.Text(entry.Symbol)
	found.Add(diag.Finding{
		Severity: diag.Info, Code: diag.NumberTaken, Where: diag.Place{Field: model.NumberKey},
		Message: fmt.Sprintf("đã lấy số %s trong sổ đăng ký văn bản đi", entry.Symbol),
		Hint:    fmt.Sprintf("nếu còn sửa tệp dữ liệu thì ghi số %s vào mục này trước, để không lấy thêm số khác", number),
		Cite:    "NĐ 30/2020/NĐ-CP, Điều 15",
	})
	return entry.Key, found, nil
}

// TakeAll takes the numbers of many documents in the order of their dates, and of the documents where dates are alike. Take gives each the same
// number again, and tells of those that get none: what the register refuses is not told here.
func (s *Service) TakeAll(ctx context.Context, documents []*Document) error {
	type asking struct {
		request store.Request
		former  string
	}
	var all []asking
	for _, d := range documents {
		if !d.Wanted() {
			continue
		}
		request, found, err := s.request(d)
		if err != nil {
			return err
		}
		if !found.Blocking() {
			all = append(all, asking{request, d.Key})
		}
	}
	slices.SortStableFunc(all, func(a, b asking) int { return cmp.Compare(b.request.Date.Until(a.request.Date), 0) })
	for _, one := range all {
		if _, _, err := s.reserve(ctx, one.request, one.former); err != nil {
			return err
		}
	}
	return nil
}

// typed looks a typed number up, and returns its key when it was taken for this document, as one does whose data were mended since. What the
// register does not know it may give again: a warning.
func (s *Service) typed(ctx context.Context, d *Document) (string, diag.Findings, error) {
	symbol := d.Symbol()
	series, found, err := s.seriesFor(d)
	if err != nil || found.Blocking() {
		return "", found, err
	}
	if d.Key != "" {
		former, err := s.store.Entry(ctx, d.Office, d.Key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return "", found, err
		}
		if err == nil && former.State != store.Void && former.Symbol != symbol {
			return "", append(found, otherNumber(former, symbol)), nil
		}
	}
	entries, err := s.store.List(ctx, Numbers{Unit: series.Unit, Name: series.Name, Year: series.Year})
	if err != nil {
		return "", found, err
	}
	told := diag.Finding{
		Severity: diag.Warning, Code: diag.NumberNotInRegister, Where: diag.Place{Field: model.NumberKey},
		Message: fmt.Sprintf("số %s không có trong sổ đăng ký; sổ có thể cấp lại số này cho văn bản khác", symbol),
		Hint:    "để trống mục này thì sổ cấp số tiếp theo",
	}
	if i := slices.IndexFunc(entries, func(e Entry) bool { return e.Symbol == symbol }); i >= 0 {
		entry := entries[i]
		wanted := numberRequest(d.Document, series, symbol)
		switch own := entry.Key == d.Key; {
		case entry.Office != d.Office || entry.State == store.Void || !own && entry.Title != wanted.Title:
		case own && entry.Date != wanted.Date:
			return "", append(found, moved(entry, wanted)), nil
		case own: // its data were mended since
			wanted.Key = entry.Key
			return entry.Key, found, s.store.Amend(ctx, wanted)
		default:
			return entry.Key, found, nil
		}
		told.Severity, told.Code = diag.Error, diag.NumberOfAnother
		switch {
		case entry.Office != d.Office:
			told.Message = fmt.Sprintf("số %s đã cấp cho văn bản của đơn vị khác, ngày %s", symbol, entry.Date.Short())
		case entry.State == store.Void:
			told.Message = fmt.Sprintf("số %s đã hủy: %s", symbol, entry.Reason)
		default:
			told.Message = fmt.Sprintf("số %s đã cấp cho văn bản khác: %s, ngày %s", symbol, entry.Title, entry.Date.Short())
		}
	}
	return "", append(found, told), nil
}

// otherNumber returns the finding about a document whose number in the register is not the one that is typed.
func otherNumber(former Entry, symbol string) diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.NumberDiffers, Where: diag.Place{Field: model.NumberKey},
		Message: fmt.Sprintf("văn bản này đã lấy số %s trong sổ đăng ký; dữ liệu nay ghi số %s", former.Symbol, symbol),
		Hint:    fmt.Sprintf("ghi lại số của %s; muốn đổi số thì hủy số ấy trong sổ đăng ký trước", former.Symbol),
	}
}

// seriesFor returns the series of a document by the profile that it was bound with.
func (s *Service) seriesFor(d *Document) (store.Series, diag.Findings, error) {
	if s.store == nil {
		return store.Series{}, nil, errNoRegister
	}
	profile, _ := model.ReadOffice(d.Schema, d.Profile) // Bind has told what is wrong with it
	numbering, found := s.office.Numbering(profile)
	return seriesOf(d.Document, numbering), found, nil
}

// request returns what the store is asked for a document without a number.
func (s *Service) request(d *Document) (store.Request, diag.Findings, error) {
	series, found, err := s.seriesFor(d)
	if err != nil || found.Blocking() {
		return store.Request{}, found, err
	}
	asked := numberRequest(d.Document, series, d.Symbol())
	asked.Office, asked.Taken = d.Office, d.Taken
	asked.Key = keyOf(asked.Kind, series.Unit, d.Office, d.Content)
	return asked, found, nil
}

// reserve asks the register for a number: the one that the document had before, by its key, unless that is void or there is none. What
// it refuses is a finding.
func (s *Service) reserve(ctx context.Context, asked store.Request, former string) (entry Entry, found diag.Findings, err error) {
	fresh := asked.Key
	asked.Key = cmp.Or(former, fresh)
	entry, err = s.store.Reserve(ctx, asked)
	if err == nil && entry.State == store.Void && asked.Key != fresh {
		asked.Key = fresh
		entry, err = s.store.Reserve(ctx, asked)
	}
	late := (*store.OutOfOrder)(nil)
	switch {
	case errors.As(err, &late):
		return Entry{}, diag.Findings{outOfOrder(late)}, nil
	case errors.Is(err, store.ErrOffice):
		return Entry{}, diag.Findings{{
			Severity: diag.Error, Code: diag.SeriesOfAnotherOffice, Where: diag.Place{Field: "co_quan.ten"},
			Message: fmt.Sprintf("dãy số của %s trong máy chủ này thuộc đơn vị khác", asked.Series.Unit),
			Hint:    "xem lại tên cơ quan ban hành; văn bản của đơn vị nào thì người của đơn vị ấy lấy số",
		}}, nil
	case err != nil:
		return Entry{}, nil, err
	case entry.State == store.Void:
		return entry, diag.Findings{{
			Severity: diag.Error, Code: diag.NumberVoid, Where: diag.Place{Field: model.NumberKey},
			Message: fmt.Sprintf("số %s đã lấy cho tệp dữ liệu này đã bị hủy: %s", entry.Symbol, entry.Reason),
			Hint:    "sửa tệp dữ liệu rồi làm lại để lấy số khác",
		}}, nil
	case entry.Series != asked.Series || entry.Date != asked.Date:
		return entry, diag.Findings{moved(entry, asked)}, nil
	}
	return entry, nil, s.store.Amend(ctx, asked)
}

// moved returns the finding about a document that has a number of another day or series than it would get now.
func moved(entry Entry, asked store.Request) diag.Finding {
	f := diag.Finding{
		Severity: diag.Error, Code: diag.NumberOfAnotherDay, Where: diag.Place{Field: model.DayKey},
		Message: fmt.Sprintf("văn bản này đã lấy số %s, ngày %s; dữ liệu nay ghi ngày %s", entry.Symbol, entry.Date.Short(), asked.Date.Short()),
		Hint: fmt.Sprintf("ghi lại ngày %s; hoặc hủy số ấy trong sổ đăng ký (trang Sổ đăng ký, hay lệnh vanthu number void %d --loai %s --nam %d "+
			"--co-quan \"%s\") rồi làm lại để lấy số mới", entry.Date.Short(), entry.Number, entry.Name, entry.Year, entry.Unit),
	}
	if entry.Unit != asked.Series.Unit || entry.Name != asked.Series.Name {
		f.Message = fmt.Sprintf("văn bản này đã lấy số %s trong dãy số %s của %s; dữ liệu nay thuộc dãy số %s của %s",
			entry.Symbol, entry.Name, entry.Unit, asked.Series.Name, asked.Series.Unit)
	}
	return f
}

// keyOf is the key of the number of a document: its kind, the unit that issues it, the office that asks, and what its data file says.
func keyOf(kind, unit, office string, data []byte) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\x00%s\x00", kind, unit)
	if office != "" {
		fmt.Fprintf(sum, "%s\x00", office)
	}
	sum.Write(data)
	return hex.EncodeToString(sum.Sum(nil))
}

func outOfOrder(late *store.OutOfOrder) diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.NumberOutOfOrder, Where: diag.Place{Field: model.DayKey},
		Message: fmt.Sprintf("văn bản ghi ngày %s nhưng văn bản số %s đã ghi ngày %s; số và ngày phải theo cùng thứ tự",
			late.Date.Short(), late.Last.Symbol, late.Last.Date.Short()),
		Hint: fmt.Sprintf("sửa ngày thành %s hoặc muộn hơn, hoặc ghi số đã được cấp từ trước vào mục so", late.Last.Date.Short()),
		Cite: "NĐ 30/2020/NĐ-CP, Điều 15, khoản 1",
	}
}
