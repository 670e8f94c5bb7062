package register

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/model"
	"vanthu/internal/office"
	"vanthu/internal/register/book"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// ImportRow is a line of an old book as the register would keep it.
type ImportRow struct {
	Sheet    string // empty for CSV
	Row      int    // of the sheet, from 1
	Date     string // as the book has it
	Entry    Entry
	Findings diag.Findings
}

// BookImport asks to go on from an old book.
type BookImport struct {
	Office string // the ID of the office whose book it is
	File   File   // .xlsx, .csv
	Commit bool   // keep the lines; without it the report alone is made
	Some   int    // keep the lines that can be kept and leave out the others, if they are so many; 0 to keep all or none
	Taken  time.Time
}

// Import reads an old register: the ten columns of Appendix IV as Book writes them and as offices keep them. It gives a
// line of the report for each line of the book; findings are those of the book as a whole. With Commit all lines are kept where none has
// an error, and else none, but for Some; kept tells which.
func (s *Service) Import(ctx context.Context, request BookImport) (rows []ImportRow, kept bool, found diag.Findings, err error) {
	defer diag.Recover("import register", &err)
	if s.store == nil {
		return nil, false, nil, errNoRegister
	}
	old, found, err := s.oldBook(request)
	if err != nil || found.Blocking() {
		return nil, false, found, err
	}
	lines, more := book.Read(request.File)
	if found.Add(more...); found.Blocking() {
		return nil, false, found, nil
	}
	for _, line := range lines {
		row := ImportRow{Sheet: line.Place.Sheet, Row: line.Row, Date: line.Date}
		row.Entry, row.Findings = old.entry(line)
		rows = append(rows, row)
	}
	keep := request.Commit && len(rows) > 0 && readable(rows) == len(rows)
	if request.Some > 0 { // those that the register refuses are left out first, so that the others stand
		if _, err := s.against(ctx, rows, lines, false); err != nil {
			return nil, false, found, err
		}
		keep = request.Commit && readable(rows) == request.Some
	}
	wrong, err := s.against(ctx, rows, lines, keep)
	if err != nil {
		return nil, false, found, err
	}
	found.Sort()
	return rows, keep && !wrong, found, nil
}

// readable counts the lines without errors.
func readable(rows []ImportRow) (n int) {
	for _, row := range rows {
		if !row.Findings.Blocking() {
			n++
		}
	}
	return n
}

// against holds the lines that are fine so far against the register and each other, and keeps them where they are wanted.
func (s *Service) against(ctx context.Context, rows []ImportRow, lines []book.Line, keep bool) (wrong bool, err error) {
	var entries []Entry
	var places []int
	for i, row := range rows {
		if !row.Findings.Blocking() {
			entries, places = append(entries, row.Entry), append(places, i)
		}
	}
	ask := s.store.CheckEntries
	if keep {
		ask = s.store.ImportEntries
	}
	told, err := ask(ctx, entries)
	if err != nil {
		return false, err
	}
	for i, why := range told {
		if why == nil {
			continue
		}
		wrong = true
		f, err := refused(entries[i], why)
		if err != nil {
			return true, err
		}
		f.Where = lines[places[i]].Place
		rows[places[i]].Findings.Add(f)
	}
	return wrong, nil
}

// refused returns the finding about a line that the register does not take.
func refused(entry Entry, why error) (diag.Finding, error) {
	f := diag.Finding{Severity: diag.Error, Cite: "NĐ 30/2020/NĐ-CP, Điều 15, khoản 1"}
	late := (*store.OutOfOrder)(nil)
	switch {
	case errors.As(why, &late):
		f.Code = diag.NumberOutOfOrder
		f.Message = fmt.Sprintf("số %s ghi ngày %s nhưng số %s ghi ngày %s; số và ngày phải theo cùng thứ tự",
			entry.Symbol, entry.Date.Short(), late.Last.Symbol, late.Last.Date.Short())
		f.Hint = "xem lại ngày và số của hai dòng ấy trong sổ cũ"
		if !strings.HasPrefix(late.Last.Key, store.ImportedKey) && late.Last.Key != "" {
			f.Hint = fmt.Sprintf("số %s đã lấy ở đây trước khi nhập sổ cũ; nếu đó là số lấy thử thì mở số ấy trong sổ, bấm “Hủy số này”, rồi nhập lại: "+
				"ngày của số đã hủy không cản các dòng này. Không sửa ngày trong sổ cũ", late.Last.Symbol)
		}
	case errors.Is(why, store.ErrExists):
		f.Code = diag.NumberTwice
		f.Message = fmt.Sprintf("số %s đã có ở dòng trên của tệp, hoặc trong sổ đăng ký, với ký hiệu hay ngày khác", entry.Symbol)
		f.Hint = fmt.Sprintf("không sửa sổ cũ: mỗi số trong sổ của máy chỉ có một dòng nên dòng này để ra ngoài; nhập xong thì mở số %s rồi ghi văn bản này "+
			"vào ô Ghi chú của số ấy", entry.Symbol)
	case errors.Is(why, store.ErrNumber):
		f.Code, f.Message = diag.BadNumber, fmt.Sprintf("không thể có số %d, hoặc số lượng bản %d", entry.Number, entry.Copies)
		f.Hint = "xem lại cột Số, ký hiệu văn bản và cột Số lượng bản"
	default:
		return f, why
	}
	return f, nil
}

// oldBook is what lines of a book are read with.
type oldBook struct {
	kinds     []*office.Definition
	symbols   map[string]*office.Definition // by what follows the stroke in the symbols of the office: "KH-HĐND"
	issuer    string                        // the letters that stand for the office in symbols
	unit      string
	numbering office.Numbering
	request   BookImport
}

func (s *Service) oldBook(request BookImport) (*oldBook, diag.Findings, error) {
	kinds, err := s.office.Definitions()
	if err != nil {
		return nil, nil, err
	}
	profile, numbering, found := s.office.Settings(request.Office)
	if found.Blocking() {
		return nil, found, nil
	}
	issuer := profile.Agency.Text(model.IssuerKey)
	old := &oldBook{kinds: kinds, symbols: map[string]*office.Definition{}, issuer: issuer, unit: model.Unit(profile.Agency), numbering: numbering, request: request}
	if old.unit == "" {
		found.Add(diag.Finding{
			Severity: diag.Error, Code: diag.UnknownUnit, Message: "chưa biết sổ này của cơ quan nào", Hint: "khai tên và chữ viết tắt của cơ quan ở trang Đơn vị",
		})
	}
	for _, k := range slices.Backward(old.kinds) { // of kinds with one symbol the first stands, or the one that the type is named after
		document, _ := s.bindHand(k, HandNumber{Office: request.Office})
		if _, suffix, ok := strings.Cut(document.Symbol(), "/"); ok {
			if known := old.symbols[suffix]; known == nil || office.TypeOf(&known.Schema) != known.Schema.Kind {
				old.symbols[suffix] = k
			}
		}
	}
	return old, found, nil
}

// entry reads a line.
func (o *oldBook) entry(line book.Line) (e Entry, found diag.Findings) {
	complain := func(severity diag.Severity, code diag.Code, message, hint string) {
		found.Add(diag.Finding{Severity: severity, Code: code, Where: line.Place, Message: message, Hint: hint})
	}
	e = Entry{
		Office: o.request.Office, Title: strings.Join(strings.Fields(line.About), " "), Signer: strings.Join(strings.Fields(line.Signer), " "), Recipients: line.Recipients,
		KeptBy: strings.Join(strings.Fields(line.KeptBy), " "), State: store.Issued, Taken: o.request.Taken,
	}
	suffix := ""
	if e.Number, e.Symbol, suffix = symbolIn(line); e.Number == 0 {
		f := noNumberIn(line.Symbol)
		complain(diag.Error, f.Code, f.Message, f.Hint)
	}
	if suffix == "" && e.Number > 0 {
		complain(diag.Warning, diag.NoSymbol, fmt.Sprintf("số %s không có ký hiệu", e.Symbol), "ghi đủ số và ký hiệu, ví dụ 01/KH-HĐND, để sổ xếp đúng dãy số")
	}
	var err error
	if e.Date, err = dayIn(line.Date, line.Year); line.Date == "" {
		complain(diag.Error, diag.NoDate, "chưa ghi ngày của văn bản", "ghi ngày như trên văn bản đã gửi, ví dụ 27/3/2026")
	} else if err != nil {
		complain(diag.Error, diag.BadDate, fmt.Sprintf("không đọc được ngày của văn bản: “%s”", diag.Excerpt(line.Date)),
			"ghi ngày, tháng, năm, ví dụ 27/3/2026; chỉ ghi 27/3 thì tên sổ phía trên bảng phải có năm, ví dụ “Năm 2026”")
	} else if line.Year != 0 && e.Date.Year != line.Year {
		complain(diag.Error, diag.YearOfAnotherBook, fmt.Sprintf("văn bản ghi ngày %s trong sổ của năm %d", e.Date.Short(), line.Year),
			"xem lại năm của văn bản, hoặc năm trong tên sổ phía trên bảng")
	}
	if e.Sent, err = dayIn(line.Sent, cmp.Or(line.Year, e.Date.Year)); err != nil && line.Sent != "" {
		complain(diag.Warning, diag.BadDate, fmt.Sprintf("không đọc được ngày chuyển “%s” nên được ghi vào cột Ghi chú", diag.Excerpt(line.Sent)), "ghi dạng 27/3/2026")
		line.Note = strings.TrimSpace(line.Note + "\nNgày chuyển: " + line.Sent)
	}
	if e.Copies, err = strconv.Atoi(strings.TrimSpace(line.Copies)); err != nil && line.Copies != "" {
		complain(diag.Warning, diag.BadNumber, fmt.Sprintf("không đọc được số lượng bản “%s” nên được ghi vào cột Ghi chú", diag.Excerpt(line.Copies)), "chỉ ghi một số")
		line.Note = strings.TrimSpace(line.Note + "\nSố lượng bản: " + line.Copies)
	}
	if line.Receipt != "" {
		line.Note = strings.TrimSpace(line.Note + "\nKý nhận: " + line.Receipt)
	}
	if line.Type != "" && !strings.HasPrefix(vi.Fold(e.Title), vi.Fold(line.Type)) {
		e.Title = strings.TrimSpace(strings.Join(strings.Fields(line.Type), " ") + " " + e.Title)
	}
	e.State, e.Reason, e.Note = stateIn(line.Note)
	if e.Title == "" && e.State != store.Void {
		complain(diag.Warning, diag.NoTitle, "dòng không có tên loại và trích yếu nội dung", "ghi tên loại và trích yếu như trên văn bản")
	}
	e.Series, e.Kind = o.series(e, suffix, line)
	if e.Unit != o.unit {
		complain(diag.Info, diag.SeriesOfAnotherBody, fmt.Sprintf("ký hiệu “%s” không phải của cơ quan (%s) nên số này vào dãy riêng của “%s”", suffix, o.issuer, e.Unit),
			"đúng khi là văn bản của đoàn, ban có ký hiệu riêng; nếu gõ nhầm thì sửa ký hiệu")
	}
	return e, found
}

// noNumberIn returns the finding about a text that has no number of the register.
func noNumberIn(symbol string) diag.Finding {
	f := diag.Finding{
		Code: diag.BadNumber, Message: fmt.Sprintf("không đọc được số trong “%s”", diag.Excerpt(symbol)),
		Hint: "ghi dạng 01/KH-HĐND: số, dấu gạch chéo, ký hiệu",
	}
	if symbol == "" {
		f.Message = "chưa ghi số, ký hiệu của văn bản"
	}
	if m := insertedForm.FindStringSubmatch(symbol); m != nil {
		f.Code, f.Message = diag.NumberBetween, fmt.Sprintf("“%s” là số chèn thêm, không phải một số riêng của sổ", diag.Excerpt(symbol))
		f.Hint = fmt.Sprintf("không sửa sổ cũ: dòng này để ra ngoài; nhập xong thì mở số %s rồi ghi “%s” cùng trích yếu vào ô Ghi chú của số ấy", m[1], diag.Excerpt(symbol))
	}
	return f
}

var (
	insertedForm = lazyregexp.New(`^(?i:số:?\s*)?(\d{1,5})\s*(?i:[a-zđ]|bis)\s*(?:[/\-]|$)`) // "06a/KH-HĐND"
	symbolForm   = lazyregexp.New(`^(?i:số:?\s*)?0*(\d{1,6})\s*(?:[/\-]\s*(.*))?$`)
	yearPart     = lazyregexp.New(`^(\d{4})\s*[/\-]\s*`) // of a legal document: 05/2026/NQ-HĐND
)

// symbolIn reads number and symbol: "01/KH-HĐND", and "01" with "KH-HĐND" beside it. The number is 0 where there is none.
func symbolIn(line book.Line) (number int, symbol, suffix string) {
	m := symbolForm.FindStringSubmatch(strings.Join(strings.Fields(line.Symbol), " "))
	if m == nil {
		return 0, line.Symbol, ""
	}
	number, _ = strconv.Atoi(m[1]) // six digits at most
	rest := strings.ReplaceAll(cmp.Or(m[2], strings.TrimPrefix(line.Suffix, "/")), " ", "")
	digits := fmt.Sprintf("%02d", number)
	if rest == "" {
		return number, digits, ""
	}
	return number, digits + "/" + rest, yearPart.ReplaceAllString(rest, "")
}

var shortDay = lazyregexp.New(`^(?:ngay )?(\d{1,2})\s*[-/.]\s*(\d{1,2})[-/.]?$`)

// dayIn reads a date, which may leave its year to the book.
func dayIn(text string, year int) (vi.Date, error) {
	if m := shortDay.FindStringSubmatch(vi.Fold(text)); m != nil && year != 0 {
		text = fmt.Sprintf("%s/%s/%d", m[1], m[2], year)
	}
	return vi.ParseDate(text)
}

// Words with which a note says that a number did not go out, as dispatch writes them and as clerks do.
var (
	voidNote     = lazyregexp.New(`^(?i)(?:đã |số )*(?:hủy|huỷ|bỏ số|không ban hành|không phát hành|số trống)(?: bỏ| số)?\s*[:.;,–-]?\s*`)
	bareVoid     = lazyregexp.New(`^(?i)(?:đã |số )*(?:hủy|huỷ|bỏ số)(?: bỏ| số)?$`)
	reservedNote = lazyregexp.New(`^(?i)chưa phát hành\s*[:.;,–-]?\s*`)
)

// stateIn reads what the note of a line says of its state, and gives the rest of the note.
func stateIn(note string) (state store.State, reason, rest string) {
	if at := reservedNote.FindStringIndex(note); at != nil {
		return store.Reserved, "", strings.TrimSpace(note[at[1]:])
	}
	at := voidNote.FindStringIndex(note)
	if at == nil {
		return store.Issued, "", note
	}
	first, rest, _ := strings.Cut(note, "\n")
	reason = strings.TrimSpace(note[min(at[1], len(first)):len(first)])
	if first = strings.TrimRight(strings.TrimSpace(first), ".:;, "); reason == "" && !bareVoid.MatchString(first) {
		reason = first
	}
	return store.Void, cmp.Or(reason, noReason), strings.TrimSpace(rest)
}

// noReason is the reason of a number of which the old book says no more than that it is void.
const noReason = "không ghi lý do"

// series finds the series of a line: by the book that it stands in, by its symbol, by the type with which its title begins.
func (o *oldBook) series(e Entry, suffix string, line book.Line) (series store.Series, slug string) {
	series = store.Series{Unit: o.unit, Year: e.Date.Year}
	k := o.kindOf(suffix, e.Title)
	switch book := vi.Fold(line.Title + " " + line.Place.Sheet); {
	case strings.Contains(book, "van ban mat"):
		series.Name = office.SecretSeries
	case strings.Contains(book, "ban sao"):
		series.Name = office.CopySeries
	case k != nil:
		series.Name = o.numbering.NameOf(&k.Schema)
	case o.numbering.Way == model.OneSeries || suffix == "":
		series.Name = model.OneSeries
	default: // a type that is not made here
		series.Name = vi.FileName(vi.Fold(strings.SplitN(suffix, "-", 2)[0]))
	}
	if k != nil {
		slug = k.Schema.Kind
	}
	if body := issuerIn(suffix); body != "" && o.issuer != "" && o.symbols[suffix] == nil && !slices.Contains(strings.Split(body, "-"), o.issuer) &&
		!strings.HasPrefix(suffix, o.issuer+"-") {
		series.Unit = body
	}
	return series, slug
}

// issuerIn is what a symbol says of the body after the type: "KH-HĐND" gives "HĐND".
func issuerIn(suffix string) string {
	_, body, _ := strings.Cut(suffix, "-")
	return body
}

// kindOf finds the kind of a line, or nil.
func (o *oldBook) kindOf(suffix, title string) *office.Definition {
	if k := o.symbols[suffix]; k != nil {
		return k
	}
	abbreviation, _, _ := strings.Cut(suffix, "-")
	var best *office.Definition
	for _, k := range o.kinds {
		s := &k.Schema
		named := strings.HasPrefix(vi.Fold(title)+" ", vi.Fold(s.TypeName)+" ")
		switch {
		case s.Field(model.NumberKey) == nil: // which has no numbers
		case s.Abbreviation != "" && s.Abbreviation == abbreviation, s.Abbreviation == "" && (abbreviation == o.issuer && o.issuer != "" || abbreviation == "CV"),
			suffix == "" && named:
			if best == nil || office.TypeOf(s) == s.Kind {
				best = k
			}
		}
	}
	return best
}
