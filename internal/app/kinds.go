package app

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"

	"vanthu/internal/diag"
	"vanthu/internal/fill"
	"vanthu/internal/font"
	"vanthu/internal/model"
	"vanthu/internal/sheet"
	"vanthu/internal/source"
	"vanthu/internal/tally"
	"vanthu/internal/vi"
	"vanthu/internal/wml"
)

// shared is the folder of what all kinds have in common: the styles and the common fields.
const shared = "chung"

// Kind is a kind of document that can be made.
type Kind struct {
	Slug    string `json:"slug"`
	Name    string `json:"name"`
	Group   string `json:"group"`
	Summary string `json:"summary"`
	Tracked bool   `json:"tracked"`
}

// Kinds lists the kinds by group, in the order of chung/kind.yaml, and name.
func (a *App) Kinds() []Kind {
	all := a.library().kinds
	kinds := make([]Kind, len(all))
	for i, k := range all {
		kinds[i] = k.told()
	}
	return kinds
}

func (k *kind) told() Kind {
	return Kind{Slug: k.schema.Kind, Name: k.schema.Name, Group: k.schema.Group, Summary: k.schema.Summary, Tracked: k.schema.Tracked()}
}

// Starter returns an annotated YAML file for a kind, to fill in. An unknown kind is a finding with a "did you mean".
func (a *App) Starter(slug string) ([]byte, diag.Findings) {
	k := a.find(slug)
	if k == nil {
		return nil, diag.Findings{a.unknownKind(slug, diag.Place{})}
	}
	return source.Starter(k.schema), nil
}

// Workbook returns the input workbook of a kind, to fill in. An unknown kind is a finding with a "did you mean".
func (a *App) Workbook(slug string) ([]byte, diag.Findings, error) {
	k := a.find(slug)
	if k == nil {
		return nil, diag.Findings{a.unknownKind(slug, diag.Place{})}, nil
	}
	data, err := sheet.Input(&k.schema, nil)
	return data, nil, err
}

// kind is a kind with its template, compiled when first asked for.
type kind struct {
	schema   model.Schema
	form     form         // that comes with the program
	own      *ownTemplate // in force in its place, or nil
	template func() compiled
}

// form is the Word file of a template.
type form struct {
	name string // in the folder of templates
	data []byte
	err  error // why there is none
}

// compiled is a template, or what a person has to mend in it, or the fault that stopped it.
type compiled struct {
	template *fill.Template
	found    diag.Findings
	err      error
}

// shelf is the folders of templates; a kind of a later one replaces its like in an earlier one.
type shelf []fs.FS

// read returns a file from the last folder that has it.
func (s shelf) read(name string) ([]byte, error) {
	for _, folder := range slices.Backward(s) {
		data, err := fs.ReadFile(folder, name)
		if !errors.Is(err, fs.ErrNotExist) {
			return data, err
		}
	}
	return nil, fmt.Errorf("template: %s: %w", name, fs.ErrNotExist)
}

// slugs lists the folders that hold a kind.
func (s shelf) slugs() ([]string, error) {
	var slugs []string
	for _, folder := range s {
		found, err := fs.Glob(folder, "*/kind.yaml")
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			slugs = append(slugs, path.Dir(name))
		}
	}
	slices.Sort(slugs)
	slugs = slices.DeleteFunc(slugs, func(slug string) bool { return slug == shared })
	return slices.Compact(slugs), nil
}

// library is the kinds by group and name, or what a person has to mend in them, or the fault that stopped their reading.
type library struct {
	kinds []*kind
	base  []byte // the Word file with the styles of all
	fonts *font.Set
	found diag.Findings
	err   error
}

// compile makes the template of a form for the fields of a kind.
func (l *library) compile(f form, schema *model.Schema) compiled {
	if f.err != nil {
		return compiled{err: f.err}
	}
	template, found, err := fill.Compile(f.name, f.data, l.base, schema, l.fonts, styleSheet)
	return compiled{template, found, err}
}

// styleSheet returns the styles of a template, with which its text is measured as it will be printed.
func styleSheet(docx []byte) (fill.StyleSheet, error) { return wml.ReadStyleSheet(docx) }

// readLibrary reads every kind. Templates are compiled when first used: a run that makes one document compiles one. All are read now: what
// a person changes while the program runs counts from its next start, for fields and looks alike.
func readLibrary(s shelf, fonts *font.Set) (l library) {
	l.fonts = fonts
	read := func(name string) (data []byte) {
		if l.err == nil {
			data, l.err = s.read(name)
		}
		return data
	}
	common, found := source.ReadShared(read(shared+"/kind.yaml"), read(shared+"/tuy-chon.yaml"))
	l.base = read(shared + "/nen.docx")
	slugs, err := s.slugs()
	if l.err = cmp.Or(l.err, err); l.err != nil {
		return l
	}
	l.found = found
	for _, slug := range slugs {
		schema, found := common.Schema(slug, read(slug+"/kind.yaml"))
		l.found.Add(found...)
		schema.Figures = tally.Fields(&schema)
		k := &kind{schema: schema, form: s.form(&schema)}
		k.template = sync.OnceValue(func() compiled { return l.compile(k.form, &k.schema) })
		l.kinds = append(l.kinds, k)
	}
	rank := func(k *kind) int {
		if i := slices.Index(common.Groups, k.schema.Group); i >= 0 {
			return i
		}
		return len(common.Groups) // an office's own groups come last
	}
	slices.SortFunc(l.kinds, func(a, b *kind) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.schema.Group, b.schema.Group), cmp.Compare(a.schema.Kind, b.schema.Kind))
	})
	return l
}

// form reads the Word file of a kind: its own, or a shared one that it names.
func (s shelf) form(schema *model.Schema) (f form) {
	f.name = schema.Kind + "/mau.docx"
	f.data, f.err = s.read(f.name)
	if schema.Form != "" && errors.Is(f.err, fs.ErrNotExist) {
		f.name = shared + "/mau-" + schema.Form + ".docx"
		f.data, f.err = s.read(f.name)
	}
	return f
}

// find returns a kind by its slug or its name, or nil.
func (a *App) find(name string) *kind {
	for _, k := range a.library().kinds {
		if k.schema.Kind == name || vi.Fold(k.schema.Name) == vi.Fold(name) {
			return k
		}
	}
	return nil
}

// kindOf finds the kind that a data file asks for with its key loai.
func (a *App) kindOf(named model.Node) (*kind, diag.Findings) {
	named.Place.Field = "loai"
	if named.Text != "" {
		if k := a.find(named.Text); k != nil {
			return k, nil
		}
		return nil, diag.Findings{a.unknownKind(named.Text, named.Place)}
	}
	missing := diag.Finding{
		Severity: diag.Error, Code: diag.MissingField, Where: named.Place,
		Message: "chưa nói loại văn bản (khóa loai)",
		Hint:    "Thêm một dòng ở đầu tệp, ví dụ: loai: ke-hoach. " + listKinds,
	}
	if named.Place.Sheet != "" || named.Place.Cell != "" {
		missing.Message = "chưa nói loại văn bản"
		missing.Hint = "Ghi “Loại văn bản” và các mục chung khác ở trang tính “Thông tin chung”, ví dụ: Loại văn bản | Báo cáo quý; " +
			"bảng rời thì gửi kèm tệp nhập có trang tính ấy. " + listKinds
	}
	return nil, diag.Findings{missing}
}

// listKinds says where to look kinds up.
const listKinds = "Các loại văn bản: lệnh vanthu kinds, hoặc trang đầu của dịch vụ."

func (a *App) unknownKind(slug string, at diag.Place) diag.Finding {
	var slugs, names []string
	for _, k := range a.library().kinds {
		slugs, names = append(slugs, k.schema.Kind), append(names, k.schema.Name)
	}
	f := diag.Finding{
		Severity: diag.Error, Code: diag.UnknownKind, Where: at,
		Message: fmt.Sprintf("không có loại văn bản “%s”", slug),
		Hint:    listKinds,
	}
	near := vi.Closest(slug, slugs)
	if at.Sheet != "" { // whoever fills in a workbook knows kinds by their names
		near = vi.Closest(slug, names)
	}
	if near != "" {
		f.Hint = fmt.Sprintf("Có phải là “%s”? %s", near, f.Hint)
	}
	return f
}
