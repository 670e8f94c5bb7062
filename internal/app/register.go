package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// Entry is a line of the register of outgoing documents.
type Entry = store.Entry

// Numbers chooses lines of the register.
type Numbers = store.Filter

// Names of series that stand apart whatever the office decides (NĐ 30/2020/NĐ-CP, Điều 15, khoản 2; Phụ lục I, Phần II, Mục II, khoản 1,
// điểm c).
const (
	secretSeries = "mat"
	copySeries   = "ban-sao"
)

// numbering is how an office numbers, with its groups by the types that they hold.
type numbering struct {
	way   string
	group map[string]string // type -> name of its group
}

// typeOf is the type of a kind as a name of a series. Kinds of one type share symbols, so they share their numbers: 01/KH-HĐND is one
// document, whether plan or plan of supervision.
func typeOf(schema *model.Schema) string { return vi.FileName(vi.Fold(schema.TypeName)) }

// isCopy tells the three kinds of copy by their abbreviations (Phụ lục III, Phần I).
func isCopy(schema *model.Schema) bool {
	return slices.Contains([]string{"SY", "SL", "TrS"}, schema.Abbreviation)
}

// nameOf is the name of the series of a kind's documents that are not secret.
func (n numbering) nameOf(schema *model.Schema) string {
	switch {
	case isCopy(schema):
		return copySeries
	case n.way == model.OneSeries:
		return model.OneSeries
	case n.way == model.SeriesByGroup:
		return cmp.Or(n.group[typeOf(schema)], typeOf(schema))
	default:
		return typeOf(schema)
	}
}

// seriesOf is the series that a document takes its number from. A council that issues in its own name has its own (Phụ lục I, Phần I,
// Mục II, khoản 3, điểm a), for it has another name.
func seriesOf(document model.Document, n numbering) store.Series {
	agency, _ := document.Values["co_quan"].(model.Values)
	day, _ := document.Values["ngay"].(model.Date)
	series := store.Series{Unit: model.Unit(agency), Name: n.nameOf(document.Schema), Year: day.Year}
	if document.Values["do_mat"] != nil {
		series.Name = secretSeries
	}
	return series
}

// numbering finds the kinds that the groups of an office name.
func (a *App) numbering(office model.Office) (n numbering, found diag.Findings) {
	n = numbering{way: office.Way, group: map[string]string{}}
	for _, group := range office.Groups {
		complain := func(code diag.Code, hint, format string, args ...any) {
			found.Add(diag.Finding{Severity: diag.Error, Code: code, Where: group.Place, Hint: hint, Message: fmt.Sprintf(format, args...)})
		}
		if a.reserved(group.Name) {
			complain(diag.SeriesName, "đặt tên khác cho nhóm, ví dụ nhom_1", "“%s” đã là tên của một dãy số khác", group.Name)
		}
		for _, slug := range group.Kinds {
			kind := a.find(slug)
			if kind == nil {
				found.Add(a.unknownKind(slug, group.Place))
				continue
			}
			name := typeOf(&kind.schema)
			switch other := n.group[name]; {
			case isCopy(&kind.schema):
				complain(diag.SeriesOfCopies, "bỏ “"+slug+"” khỏi nhóm", "các loại bản sao luôn chung một dãy số riêng, không vào nhóm được")
			case other != "" && other != group.Name:
				complain(diag.KindInTwoGroups, "để mỗi loại văn bản trong một nhóm; các loại cùng tên loại phải ở cùng nhóm",
					"“%s” thuộc cả nhóm “%s” và nhóm “%s”", kind.schema.TypeName, other, group.Name)
			default:
				n.group[name] = group.Name
			}
		}
	}
	return n, found
}

// reserved reports whether a name is that of a series which no group may be.
func (a *App) reserved(name string) bool {
	return slices.Contains([]string{model.OneSeries, secretSeries, copySeries}, name) ||
		slices.ContainsFunc(a.library().kinds, func(k *kind) bool { return typeOf(&k.schema) == name })
}

var errNoRegister = errors.New("register: not open")

// takeNumber takes the number of a document that has none from the register and writes it into the document as if it were typed. The key
// of the number is what the data say: the same data get the same number again. It is empty where a number is typed, and where the
// kind has none.
func (a *App) takeNumber(ctx context.Context, request Request, data *bound, found *diag.Findings) (key string, err error) {
	values := data.document.Values
	symbol, _ := values["so_ky_hieu"].(model.Text)
	if symbol == "" {
		return "", nil
	}
	if _, typed := values["so"]; typed {
		return a.typedNumber(ctx, request, data, string(symbol), found)
	}
	entry, more, err := a.reserveFor(ctx, request, data, string(symbol))
	found.Add(placed(more, data.record)...)
	if err != nil || found.Blocking() {
		return "", err
	}
	number, _, _ := strings.Cut(entry.Symbol, "/")
	values["so"], values["so_ky_hieu"] = model.Text(number), model.Text(entry.Symbol)
	*found = slices.DeleteFunc(*found, func(f diag.Finding) bool {
		return f.Code == diag.NumberBlank && f.Where.File == data.record.File
	})
	found.Add(placed(diag.Findings{{
		Severity: diag.Info, Code: diag.NumberTaken, Where: diag.Place{Field: "so"},
		Message: fmt.Sprintf("đã lấy số %s trong sổ đăng ký văn bản đi", entry.Symbol),
		Hint:    fmt.Sprintf("nếu còn sửa tệp dữ liệu thì ghi số %s vào mục này trước, để không lấy thêm số khác", number),
		Cite:    "NĐ 30/2020/NĐ-CP, Điều 15",
	}}, data.record)...)
	return entry.Key, nil
}

// typedNumber looks a typed number up in the register, and gives its key when it was taken there for this document, as one does
// whose data were mended since. What the register does not know it may give again: a warning.
func (a *App) typedNumber(ctx context.Context, request Request, data *bound, symbol string, found *diag.Findings) (string, error) {
	series, more, err := a.seriesFor(data)
	if found.Add(more...); err != nil || more.Blocking() {
		return "", err
	}
	if request.NumberKey != "" {
		former, err := a.register.Entry(ctx, request.Office, request.NumberKey)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return "", err
		}
		if err == nil && former.State != store.Void && former.Symbol != symbol {
			found.Add(placed(diag.Findings{otherNumber(former, symbol)}, data.record)...)
			return "", nil
		}
	}
	entries, err := a.register.List(ctx, Numbers{Unit: series.Unit, Name: series.Name, Year: series.Year})
	if err != nil {
		return "", err
	}
	told := diag.Finding{
		Severity: diag.Warning, Code: diag.NumberNotInRegister, Where: diag.Place{Field: "so"},
		Message: fmt.Sprintf("số %s không có trong sổ đăng ký; sổ có thể cấp lại số này cho văn bản khác", symbol),
		Hint:    "để trống mục này thì sổ cấp số tiếp theo",
	}
	if i := slices.IndexFunc(entries, func(e Entry) bool { return e.Symbol == symbol }); i >= 0 {
		entry := entries[i]
		wanted := numberRequest(data.document, series, symbol)
		switch own := entry.Key == request.NumberKey; {
		case entry.Office != request.Office || entry.State == store.Void || !own && entry.Title != wanted.Title:
		case own && entry.Date != wanted.Date:
			found.Add(placed(diag.Findings{moved(entry, wanted)}, data.record)...)
			return "", nil
		case own: // its data were mended since
			wanted.Key = entry.Key
			return entry.Key, a.register.Amend(ctx, wanted)
		default:
			return entry.Key, nil
		}
		told.Severity, told.Code = diag.Error, diag.NumberOfAnother
		switch {
		case entry.Office != request.Office:
			told.Message = fmt.Sprintf("số %s đã cấp cho văn bản của đơn vị khác, ngày %s", symbol, entry.Date.Short())
		case entry.State == store.Void:
			told.Message = fmt.Sprintf("số %s đã hủy: %s", symbol, entry.Reason)
		default:
			told.Message = fmt.Sprintf("số %s đã cấp cho văn bản khác: %s, ngày %s", symbol, entry.Title, entry.Date.Short())
		}
	}
	found.Add(placed(diag.Findings{told}, data.record)...)
	return "", nil
}

// otherNumber tells of a document whose number in the register is not the one that is typed.
func otherNumber(former Entry, symbol string) diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.NumberDiffers, Where: diag.Place{Field: "so"},
		Message: fmt.Sprintf("văn bản này đã lấy số %s trong sổ đăng ký; dữ liệu nay ghi số %s", former.Symbol, symbol),
		Hint:    fmt.Sprintf("ghi lại số của %s; muốn đổi số thì hủy số ấy trong sổ đăng ký trước", former.Symbol),
	}
}

// seriesFor is the series of a document by the profile that it was bound with.
func (a *App) seriesFor(data *bound) (store.Series, diag.Findings, error) {
	if a.register == nil {
		return store.Series{}, nil, errNoRegister
	}
	office, _ := model.ReadOffice(data.document.Schema, data.profile) // Bind has told what is wrong with it
	way, found := a.numbering(office)
	return seriesOf(data.document, way), found, nil
}

// reserveFor asks the register for the number of a document.
func (a *App) reserveFor(ctx context.Context, request Request, data *bound, symbol string) (Entry, diag.Findings, error) {
	asked, found, err := a.asks(request, data, symbol)
	if err != nil || found.Blocking() {
		return Entry{}, found, err
	}
	entry, more, err := a.reserve(ctx, asked, request.NumberKey)
	found.Add(more...)
	return entry, found, err
}

// asks is what the register is asked for a document. The key of its number rests on the bytes of the data file, or on the digest of the unit
// in one of many.
func (a *App) asks(request Request, data *bound, symbol string) (store.Request, diag.Findings, error) {
	series, found, err := a.seriesFor(data)
	if err != nil || found.Blocking() {
		return store.Request{}, found, err
	}
	said := request.Data
	if data.unit != "" {
		said = []byte(data.from.digest(data.unit))
	}
	asked := numberRequest(data.document, series, symbol)
	asked.Office, asked.Taken = request.Office, request.Taken
	asked.Key = keyOf(asked.Kind, series.Unit, request.Office, said)
	return asked, found, nil
}

// reserve asks the register for a number: the one that the document had before, by its key, unless that is void or there is none. What
// it refuses is a finding.
func (a *App) reserve(ctx context.Context, asked store.Request, former string) (entry Entry, found diag.Findings, err error) {
	fresh := asked.Key
	asked.Key = cmp.Or(former, fresh)
	entry, err = a.register.Reserve(ctx, asked)
	if err == nil && entry.State == store.Void && asked.Key != fresh {
		asked.Key = fresh
		entry, err = a.register.Reserve(ctx, asked)
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
			Severity: diag.Error, Code: diag.NumberVoid, Where: diag.Place{Field: "so"},
			Message: fmt.Sprintf("số %s đã lấy cho tệp dữ liệu này đã bị hủy: %s", entry.Symbol, entry.Reason),
			Hint:    "sửa tệp dữ liệu rồi làm lại để lấy số khác",
		}}, nil
	case entry.Series != asked.Series || entry.Date != asked.Date:
		return entry, diag.Findings{moved(entry, asked)}, nil
	}
	return entry, nil, a.register.Amend(ctx, asked)
}

// moved tells of a document that has a number of another day or series than it would get now.
func moved(entry Entry, asked store.Request) diag.Finding {
	f := diag.Finding{
		Severity: diag.Error, Code: diag.NumberOfAnotherDay, Where: diag.Place{Field: "ngay"},
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

// numberRequest says of a document what the register keeps; symbol has room for the number before its stroke.
func numberRequest(d model.Document, series store.Series, symbol string) store.Request {
	signer, _ := d.Values["ky"].(model.Values)
	name, _ := signer["ho_ten"].(model.Text)
	day, _ := d.Values["ngay"].(model.Date)
	recipients, _ := d.Values["noi_nhan"].(model.Items)
	var places []string
	for _, recipient := range recipients {
		if place, ok := recipient.(model.Text); ok {
			places = append(places, strings.TrimRight(string(place), ";. "))
		}
	}
	_, symbol, _ = strings.Cut(symbol, "/")
	return store.Request{
		Series: series, Date: day.Date, Symbol: symbol, Kind: d.Schema.Kind, Title: titleOf(d),
		Signer: strings.Join(strings.Fields(string(name)), " "), Recipients: strings.Join(places, "\n"),
	}
}

func outOfOrder(late *store.OutOfOrder) diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.NumberOutOfOrder, Where: diag.Place{Field: "ngay"},
		Message: fmt.Sprintf("văn bản ghi ngày %s nhưng văn bản số %s đã ghi ngày %s; số và ngày phải theo cùng thứ tự",
			late.Date.Short(), late.Last.Symbol, late.Last.Date.Short()),
		Hint: fmt.Sprintf("sửa ngày thành %s hoặc muộn hơn, hoặc ghi số đã được cấp từ trước vào mục so", late.Last.Date.Short()),
		Cite: "NĐ 30/2020/NĐ-CP, Điều 15, khoản 1",
	}
}

// Issue says in the register that the document went out. It does nothing for one whose number was not taken there.
func (a *App) Issue(ctx context.Context, result Result) error {
	if result.NumberKey == "" {
		return nil
	}
	if a.register == nil {
		return errNoRegister
	}
	sum := sha256.Sum256(result.DOCX)
	_, err := a.register.Issue(ctx, result.NumberKey, hex.EncodeToString(sum[:]))
	return err
}
