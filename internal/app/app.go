// Package app has one method for each thing a user can ask. It is the only room that calls the verbs; Make calls the whole
// data path in order and is the architecture drawing in code.
package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"vanthu/fonts"
	"vanthu/internal/check"
	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/fill"
	"vanthu/internal/flow"
	"vanthu/internal/font"
	"vanthu/internal/layout"
	"vanthu/internal/model"
	"vanthu/internal/pdf"
	"vanthu/internal/sheet"
	"vanthu/internal/source"
	"vanthu/internal/store"
	"vanthu/internal/tally"
	"vanthu/internal/vi"
	"vanthu/internal/wml"
	"vanthu/templates"
)

// Config is what an App is made from. Its zero value uses the embedded templates and fonts and no office profile.
type Config struct {
	Templates fs.FS  // an office's own templates beside the embedded ones, or nil
	Fonts     fs.FS  // an office's own fonts beside the embedded ones, or nil
	Profile   []byte // the don-vi.yaml of the office "" where the register has none for it, or nil

	Register *store.Store // the office's register of outgoing documents, and its profiles and templates, or nil
	Files    files.Store  // where uploaded templates lie, or nil
}

// App makes documents. It is safe for concurrent use.
type App struct {
	fonts      *font.Set
	printed    func() (string, error) // the fingerprint of program, folders and fonts
	plain      func() library         // without templates of the register; read when first asked for: converting a Word file needs none
	configured *profile               // or nil
	register   *store.Store
	files      files.Store
	now        atomic.Pointer[state]
	refreshing sync.Mutex
	opened     opened
}

// New loads the fonts, reads the kinds and the profile. Findings are about the office's own templates and profile; there is no
// App when they block. What the register says counts from the first Refresh.
func New(config Config) (*App, diag.Findings, error) {
	faces := []fs.FS{fonts.FS}
	set, err := font.Load(faces...)
	if err != nil {
		return nil, nil, err
	}
	if config.Fonts != nil {
		faces = append(faces, config.Fonts)
		if set, err = font.Load(faces...); err != nil {
			return nil, diag.Findings{badFont(err)}, nil
		}
	}
	a := &App{fonts: set, register: config.Register, files: config.Files}
	shelf := shelf{templates.FS}
	if config.Templates != nil {
		shelf = append(shelf, config.Templates)
	}
	a.printed = sync.OnceValues(func() (string, error) { return fingerprint(slices.Concat(shelf, faces)) })
	a.plain = sync.OnceValue(func() library { return readLibrary(shelf, set) })
	var found diag.Findings
	if config.Templates != nil {
		if l := a.plain(); l.err != nil {
			return nil, nil, l.err
		}
		found = slices.Clone(a.plain().found)
	}
	begin := &state{library: a.plain, profiles: map[string]*profile{}}
	if config.Profile != nil {
		var more diag.Findings
		if a.configured, more, err = readProfile(config.Profile); err != nil {
			return nil, nil, err
		}
		found.Add(more...)
		begin.profiles[""] = a.configured
	}
	a.now.Store(begin)
	if found.Blocking() {
		return nil, found, nil
	}
	return a, found, nil
}

// badFont tells an office which of its own fonts cannot be embedded.
func badFont(err error) diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.BadFont,
		Message: fmt.Sprintf("thư mục phông chữ của cơ quan có tệp không dùng được: %v", err),
		Hint:    "Chỉ để trong thư mục đó các tệp .ttf TrueType được phép nhúng, ví dụ bốn tệp của Times New Roman.",
	}
}

// File is a file that a person gives.
type File struct {
	Name string // its ending tells the format: .yaml, .yml, .json, .xlsx, .csv
	Data []byte
}

// Request asks for one document.
type Request struct {
	File            // the data file
	Tables   []File // workbooks and CSV files that fill its tables
	Previous *File  // the data file of the period before, to compare with, or nil
	Profile  []byte // a don-vi.yaml that takes the place of that of the office, or nil
	PDF      bool   // make the PDF too
	XLSX     bool   // make the progress workbook too, of a kind that has one

	Unit string // which of the units of the data file, for a workbook of many (Units); empty for a file of one
	Kind string // slug, where the data file names no kind that there is and a person said it; empty otherwise

	Office    string    // the ID of the office that asks: its profile, its numbers; empty for a service without any
	Register  bool      // take the number from the register where the data give none; Issue then says that the document went out
	Taken     time.Time // when a number is taken
	NumberKey string    // of the number that the document had before its data were mended, or empty
}

// WorkbookEnding is what the name of a progress workbook adds to that of its document.
const WorkbookEnding = "-theo-doi.xlsx"

// Result is a document made.
type Result struct {
	Name  string // file name without its ending, plain ASCII: "01-KH-HDND-thuc-hien-nghi-quyet-so-57"
	DOCX  []byte
	PDF   []byte // nil unless asked for
	Pages int    // 0 unless a PDF was asked for
	XLSX  []byte // nil unless asked for, and for kinds without tables that are followed up

	NumberKey string // of the number taken from the register, or empty

	Kind    string            // slug
	Unit    string            // the name of the body on one line
	Symbol  string            // number and symbol, "97/BC-HĐND"
	Title   string            // type name and abstract
	Date    vi.Date           // of the document
	Tasks   []Task            // that it follows up, in the order of its tables
	Figures map[string]string // what its tables come to, by dotted key below so_lieu: "nhiem_vu.tong" -> "40"; nil where it has none
}

// Make takes a data file to the Word file, its PDF and its progress workbook. Findings are all those of the run; when they block,
// the Result is empty. An error is a fault of the program or the machine.
func (a *App) Make(ctx context.Context, request Request) (result Result, found diag.Findings, err error) {
	defer guard("make", &err)
	defer func() { found.Sort() }()
	data, template, found, err := a.document(request)
	if err != nil || found.Blocking() {
		return Result{}, found, err
	}
	if request.Register { // last of all that can refuse: a number is not taken in vain
		if result.NumberKey, err = a.takeNumber(ctx, request, &data, &found); err != nil || found.Blocking() {
			return Result{}, found, err
		}
	}
	document := data.document
	if result.DOCX, err = template.Fill(document); err != nil {
		return Result{}, found, err
	}
	result.describe(document)
	read, more, err := wml.Read(result.DOCX)
	if err != nil {
		return Result{}, found, err
	}
	more.Add(check.Run(read)...)
	if request.PDF {
		var printed diag.Findings
		if result.PDF, result.Pages, printed, err = a.print(ctx, read); err != nil {
			return Result{}, found, err
		}
		more.Add(printed...)
	}
	if request.XLSX && document.Schema.Tracked() {
		if result.XLSX, err = sheet.Progress(document); err != nil {
			return Result{}, found, err
		}
	}
	found.Add(inFile(result.Name+".docx", more)...)
	return result, found, nil
}

// document takes a data file to the valid data of a document, with its figures, and the template of its kind.
func (a *App) document(request Request) (bound, *fill.Template, diag.Findings, error) {
	profile, found, err := a.profileOf(request)
	if err != nil {
		return bound{}, nil, found, err
	}
	data, more, err := a.bindRequest(request, profile)
	found.Add(more...)
	if err != nil || data.kind == nil {
		return data, nil, found, err
	}
	template := data.kind.template()
	found.Add(template.found...)
	if template.err != nil {
		return data, nil, found, template.err
	}
	var previous *model.Document
	if request.Previous != nil {
		if previous, more, err = a.previous(request, profile); err != nil {
			return data, nil, append(found, more...), err
		}
		found.Add(more...)
	}
	if !found.Blocking() {
		found.Add(placed(tally.Add(&data.document, previous), data.record)...)
	}
	return data, template.template, found, nil
}

// previous reads the data of the period before. A workbook of many units that does not have the one at hand gives none.
func (a *App) previous(request Request, profile *model.Record) (*model.Document, diag.Findings, error) {
	file := apart(*request.Previous, "kỳ trước", request.File)
	w, found, err := a.open(file)
	if err != nil || found.Blocking() {
		return nil, found, err
	}
	unit := request.Unit
	switch {
	case len(w.units) == 0:
		unit = ""
	case unit != "" && !slices.ContainsFunc(w.units, func(u source.Unit) bool { return u.Name == unit }):
		return nil, diag.Findings{{
			Severity: diag.Warning, Code: diag.NoPreviousUnit, Where: diag.Place{File: path.Base(file.Name)},
			Message: fmt.Sprintf("số liệu kỳ trước không có đơn vị “%s”, nên văn bản không so sánh với kỳ trước", diag.Excerpt(unit)),
			Hint:    "nếu đơn vị có ở kỳ trước, ghi tên như nhau trong cả hai tệp",
		}}, nil
	}
	before, more := a.bindUnit(w, Request{File: file, Unit: unit, Kind: request.Kind}, profile)
	return &before.document, append(found, more...), nil
}

// bound is a data file that was read and checked.
type bound struct {
	kind     *kind     // nil when findings block and it is not known
	unit     string    // of a workbook of many units, or empty
	from     *workbook // that has it
	profile  *model.Record
	file     *source.File
	record   model.Record
	document model.Document
}

// bind takes a data file, or one unit of it, to a document of the kind that it names.
func (a *App) bind(data File, tables []File, unit string, profile *model.Record) (b bound, found diag.Findings, err error) {
	return a.bindRequest(Request{File: data, Tables: tables, Unit: unit}, profile)
}

func (a *App) bindRequest(request Request, profile *model.Record) (b bound, found diag.Findings, err error) {
	if err := a.library().err; err != nil {
		return bound{}, nil, err
	}
	w, found, err := a.open(request.File)
	if err != nil || found.Blocking() {
		return bound{}, found, err
	}
	b, more := a.bindUnit(w, request, profile)
	return b, append(found, more...), nil
}

func (a *App) bindUnit(w *workbook, request Request, profile *model.Record) (b bound, found diag.Findings) {
	one, found := w.unit(request.File, request.Unit)
	if found.Blocking() {
		return bound{}, found
	}
	file := w.file
	if one != nil {
		b.unit, b.from, file = one.Name, w, file.Of(*one)
	}
	inputs := make([]source.Input, len(request.Tables))
	for i, table := range request.Tables {
		inputs[i] = source.Input(apart(table, "bảng", request.File))
	}
	file, more := file.With(inputs...)
	if found.Add(more...); found.Blocking() {
		return bound{}, found
	}
	named := file.Kind()
	if request.Kind != "" && a.find(named.Text) == nil {
		named.Text = request.Kind
	}
	kind, more := a.kindOf(named)
	if found.Add(more...); kind == nil {
		return bound{file: file}, found
	}
	b.kind, b.file, b.profile = kind, file, profile
	b.record, more = file.Record(&kind.schema)
	found.Add(more...)
	if request.Kind != "" && kind.schema.Kind == request.Kind {
		b.record = ofKind(b.record, request.Kind)
	}
	b.document, more = model.Bind(&kind.schema, b.record, profile)
	found.Add(more...)
	return b, found
}

// ofKind is a record that says its kind.
func ofKind(record model.Record, kind string) model.Record {
	said := model.Field{Key: "loai", Value: model.Node{Shape: model.Scalar, Text: kind}}
	rest := slices.DeleteFunc(slices.Clone(record.Root.Fields), func(f model.Field) bool { return f.Key == said.Key })
	record.Root.Fields = append(rest, said)
	return record
}

// Mark returns a workbook with the cells that errors and warnings name coloured, each with a note. It is nil where none names a cell
// of the file; a finding says so where the workbook is too large to be written anew.
func (a *App) Mark(data File, found diag.Findings) (marked []byte, more diag.Findings, err error) {
	defer guard("mark "+data.Name, &err)
	own := slices.DeleteFunc(slices.Clone(found), func(f diag.Finding) bool {
		return f.Severity == diag.Info || f.Where.Cell == "" || f.Where.File != path.Base(data.Name)
	})
	if len(own) == 0 {
		return nil, nil, nil
	}
	marked, err = source.Mark(data.Data, own)
	if errors.Is(err, source.ErrTooLarge) {
		return nil, diag.Findings{{
			Severity: diag.Error, Code: diag.TooLargeToMark, Where: diag.Place{File: path.Base(data.Name)},
			Message: "tệp quá lớn nên không tô màu được các ô cần sửa", Hint: "sửa theo tên ô trong danh sách này, hoặc chia tệp rồi tô màu từng tệp",
		}}, nil
	}
	return marked, nil, err
}

// Convert takes any Word file to PDF. What the file holds that cannot be laid out is a finding each; when they block, pdf is nil.
func (a *App) Convert(ctx context.Context, name string, docx []byte) (pdf []byte, found diag.Findings, err error) {
	defer guard("convert "+name, &err)
	read, found, err := wml.Read(docx)
	found = inFile(name, found)
	if err != nil || found.Blocking() {
		return nil, found, err
	}
	pdf, _, more, err := a.print(ctx, read)
	found.Add(inFile(name, more)...)
	found.Sort()
	return pdf, found, err
}

// inFile says of findings about a Word file which file that is.
func inFile(name string, found diag.Findings) diag.Findings {
	for i := range found {
		found[i].Where.File = name
	}
	return found
}

// print lays a document out and paints it.
func (a *App) print(ctx context.Context, doc flow.Document) (file []byte, pages int, found diag.Findings, err error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, nil, err
	}
	laid, found := layout.Paginate(doc, a.fonts)
	if err := ctx.Err(); err != nil {
		return nil, 0, nil, err
	}
	var out bytes.Buffer
	if err := pdf.Write(&out, laid, a.fonts); err != nil {
		return nil, 0, nil, err
	}
	return out.Bytes(), len(laid.Pages), found, nil
}

// profileOf returns the office profile of a request: its own, else that of its office, else nil.
func (a *App) profileOf(request Request) (*model.Record, diag.Findings, error) {
	if request.Profile == nil {
		return a.profile(request.Office), nil, nil
	}
	profile, found, err := readProfile(request.Profile)
	if err != nil {
		return nil, found, err
	}
	return &profile.record, found, nil
}

// fileName names the files of a document after its number and what it is about: "01-KH-HDND-thuc-hien-nghi-quyet-so-57-nq-tw".
// A draft without a number begins with its kind.
func fileName(d model.Document) string {
	const most = 60 // bytes: long enough to tell papers apart, short enough for a list of files
	head := d.Schema.Kind
	if _, numbered := d.Values["so"]; numbered {
		symbol, _ := d.Values["so_ky_hieu"].(model.Text)
		head = vi.FileName(string(symbol))
	}
	about, _ := d.Values["trich_yeu"].(model.Text)
	name := head
	if about == "" {
		return name
	}
	for _, word := range strings.Split(vi.FileName(vi.Fold(string(about))), "-") {
		if len(name)+1+len(word) > most {
			break
		}
		name += "-" + word
	}
	return name
}

// describe says of a document made what lists of documents tell.
func (r *Result) describe(d model.Document) {
	agency, _ := d.Values["co_quan"].(model.Values)
	symbol, _ := d.Values["so_ky_hieu"].(model.Text)
	day, _ := d.Values["ngay"].(model.Date)
	r.Name, r.Kind, r.Unit, r.Symbol, r.Title, r.Date = fileName(d), d.Schema.Kind, model.Unit(agency), string(symbol), titleOf(d), day.Date
	r.Tasks = tasksOf(d)
	if figures, ok := d.Values["so_lieu"].(model.Values); ok {
		r.Figures = map[string]string{}
		addFigures(r.Figures, "", figures)
	}
}

// titleOf is the type of a document and what it is about, on one line.
func titleOf(d model.Document) string {
	about, _ := d.Values["trich_yeu"].(model.Text)
	return strings.Join(strings.Fields(d.Schema.TypeName+" "+string(about)), " ")
}

// addFigures lists the numbers and short texts of a group by dotted keys. A number has a comma before its decimals, as 1.234 would not
// be read for what it is.
func addFigures(figures map[string]string, prefix string, group model.Values) {
	const longest = 200 // bytes
	for key, value := range group {
		switch value := value.(type) {
		case model.Number:
			figures[prefix+key] = strings.Replace(value.String(), ".", ",", 1)
		case model.Text:
			if len(value) <= longest {
				figures[prefix+key] = string(value)
			}
		case model.Values:
			addFigures(figures, prefix+key+".", value)
		}
	}
}

// Panic is a fault of the program: the same request comes to it again, however often it is tried.
type Panic struct {
	Operation string // "make"
	Value     any    // what was thrown
	Stack     []byte
}

func (p *Panic) Error() string {
	return fmt.Sprintf("%s: panic: %v\n%s", p.Operation, p.Value, p.Stack)
}

// guard turns a panic of a verb into a *Panic, so that one document never takes the others down with it.
func guard(operation string, err *error) {
	if r := recover(); r != nil {
		*err = &Panic{operation, r, debug.Stack()}
	}
}
