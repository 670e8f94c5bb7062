package office

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
	"vanthu/internal/kind"
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
func (s *Service) Kinds() []Kind {
	all := s.library().kinds
	kinds := make([]Kind, len(all))
	for i, k := range all {
		kinds[i] = k.info()
	}
	return kinds
}

// Starter returns an annotated YAML file for a kind, to fill in. An unknown kind is a finding with a "did you mean".
func (s *Service) Starter(slug string) ([]byte, diag.Findings) {
	k := s.Find(slug)
	if k == nil {
		return nil, diag.Findings{s.UnknownKind(slug, diag.Place{})}
	}
	return source.Starter(k.Schema), nil
}

// Workbook returns the input workbook of a kind, to fill in. An unknown kind is a finding with a "did you mean".
func (s *Service) Workbook(slug string) ([]byte, diag.Findings, error) {
	k := s.Find(slug)
	if k == nil {
		return nil, diag.Findings{s.UnknownKind(slug, diag.Place{})}, nil
	}
	data, err := sheet.Input(&k.Schema, nil)
	return data, nil, err
}

// Definition is a kind in force: its fields, and its template, compiled when first asked for.
type Definition struct {
	Schema   model.Schema
	form     form         // that comes with the program
	own      *ownTemplate // in force in its place, or nil
	compiled func() compiled
}

// Template returns the template of a kind, nil where findings or an error say why there is none.
func (d *Definition) Template() (*fill.Template, diag.Findings, error) {
	c := d.compiled()
	return c.template, c.found, c.err
}

// info describes the kind for lists.
func (d *Definition) info() Kind {
	return Kind{Slug: d.Schema.Kind, Name: d.Schema.Name, Group: d.Schema.Group, Summary: d.Schema.Summary, Tracked: d.Schema.Tracked()}
}

// Definitions returns the kinds in force in the order of Kinds, or the fault that stopped their reading.
func (s *Service) Definitions() ([]*Definition, error) {
	l := s.library()
	return l.kinds, l.err
}

// Schema returns the fields of a kind, by its slug, or nil where there is none.
func (s *Service) Schema(slug string) *model.Schema {
	if k := s.Find(slug); k != nil && k.Schema.Kind == slug {
		return &k.Schema
	}
	return nil
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

// overlay is folders of templates laid over each other; a kind of a later one replaces its like in an earlier one.
type overlay []fs.FS

// read returns a file from the last folder that has it.
func (s overlay) read(name string) ([]byte, error) {
	for _, folder := range slices.Backward(s) {
		data, err := fs.ReadFile(folder, name)
		if !errors.Is(err, fs.ErrNotExist) {
			return data, err
		}
	}
	return nil, fmt.Errorf("template: %s: %w", name, fs.ErrNotExist)
}

// slugs lists the folders that hold a kind.
func (s overlay) slugs() ([]string, error) {
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
	kinds []*Definition
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
func readLibrary(s overlay, fonts *font.Set) (l library) {
	l.fonts = fonts
	read := func(name string) (data []byte) {
		if l.err == nil {
			data, l.err = s.read(name)
		}
		return data
	}
	record := func(name string) model.Record {
		record, found := source.ReadText(name, read(name))
		l.found.Add(found...)
		return record
	}
	common, found := kind.ReadShared(record(shared+"/kind.yaml"), record(shared+"/tuy-chon.yaml"))
	l.found.Add(found...)
	l.base = read(shared + "/nen.docx")
	slugs, err := s.slugs()
	if l.err = cmp.Or(l.err, err); l.err != nil {
		return l
	}
	for _, slug := range slugs {
		schema, found := common.Schema(slug, record(slug+"/kind.yaml"))
		l.found.Add(found...)
		schema.Figures = tally.Fields(&schema)
		k := &Definition{Schema: schema, form: s.form(&schema)}
		k.compiled = sync.OnceValue(func() compiled { return l.compile(k.form, &k.Schema) })
		l.kinds = append(l.kinds, k)
	}
	rank := func(k *Definition) int {
		if i := slices.Index(common.Groups, k.Schema.Group); i >= 0 {
			return i
		}
		return len(common.Groups) // an office's own groups come last
	}
	slices.SortFunc(l.kinds, func(a, b *Definition) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Schema.Group, b.Schema.Group), cmp.Compare(a.Schema.Kind, b.Schema.Kind))
	})
	return l
}

// form reads the Word file of a kind: its own, or a shared one that it names.
func (s overlay) form(schema *model.Schema) (f form) {
	f.name = schema.Kind + "/mau.docx"
	f.data, f.err = s.read(f.name)
	if schema.Form != "" && errors.Is(f.err, fs.ErrNotExist) {
		f.name = shared + "/mau-" + schema.Form + ".docx"
		f.data, f.err = s.read(f.name)
	}
	return f
}

// Find returns a kind by its slug or its name, or nil.
func (s *Service) Find(name string) *Definition {
	for _, k := range s.library().kinds {
		if k.Schema.Kind == name || vi.Fold(k.Schema.Name) == vi.Fold(name) {
			return k
		}
	}
	return nil
}

// KindOf finds the kind that a data file asks for with its key loai.
func (s *Service) KindOf(named model.Node) (*Definition, diag.Findings) {
	named.Place.Field = model.KindKey
	if named.Text != "" {
		if k := s.Find(named.Text); k != nil {
			return k, nil
		}
		return nil, diag.Findings{s.UnknownKind(named.Text, named.Place)}
	}
	missing := diag.Finding{
		Severity: diag.Error, Code: diag.MissingField, Where: named.Place,
		Message: "chưa nói loại văn bản (khóa loai)",
		Hint:    "Thêm một dòng ở đầu tệp, ví dụ: loai: ke-hoach. " + ListKinds,
	}
	if named.Place.Sheet != "" || named.Place.Cell != "" {
		missing.Message = "chưa nói loại văn bản"
		missing.Hint = "Ghi “Loại văn bản” và các mục chung khác ở trang tính “Thông tin chung”, ví dụ: Loại văn bản | Báo cáo quý; " +
			"bảng rời thì gửi kèm tệp nhập có trang tính ấy. " + ListKinds
	}
	return nil, diag.Findings{missing}
}

// ListKinds is the sentence on where to look kinds up.
const ListKinds = "Các loại văn bản: lệnh vanthu kinds, hoặc trang đầu của dịch vụ."

// UnknownKind returns the finding about a kind that there is none of, with a "did you mean".
func (s *Service) UnknownKind(slug string, at diag.Place) diag.Finding {
	var slugs, names []string
	for _, k := range s.library().kinds {
		slugs, names = append(slugs, k.Schema.Kind), append(names, k.Schema.Name)
	}
	f := diag.Finding{
		Severity: diag.Error, Code: diag.UnknownKind, Where: at,
		Message: fmt.Sprintf("không có loại văn bản “%s”", slug),
		Hint:    ListKinds,
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
