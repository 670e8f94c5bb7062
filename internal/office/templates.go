package office

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/fill"
	"vanthu/internal/layout"
	"vanthu/internal/model"
	"vanthu/internal/source"
	"vanthu/internal/store"
	"vanthu/internal/tally"
	"vanthu/internal/wml"
)

// TemplateInfo is a template as the page of templates shows it.
type TemplateInfo struct {
	Kind     Kind
	Own      bool // the office's own is in force
	Version  int  // in force; 0 for the one that comes with the program
	Versions []store.TemplateVersion
}

// Templates returns the templates of each kind and which is in force.
func (s *Service) Templates(ctx context.Context) ([]TemplateInfo, error) {
	if s.store == nil {
		return nil, errNoStore
	}
	versions, err := s.store.Templates(ctx, "")
	if err != nil {
		return nil, err
	}
	l := s.library()
	if l.err != nil {
		return nil, l.err
	}
	list := make([]TemplateInfo, len(l.kinds))
	for i, k := range l.kinds {
		list[i].Kind = k.info()
		for _, version := range versions {
			if version.Kind != k.Schema.Kind {
				continue
			}
			list[i].Versions = append(list[i].Versions, version)
			if version.InForce {
				list[i].Own, list[i].Version = true, version.Version
			}
		}
	}
	return list, nil
}

// Template returns the Word file of a template: version 0 is the one that comes with the program, -1 the one in force. Its hash is that of
// its bytes: SHA-256, in hexadecimal.
func (s *Service) Template(ctx context.Context, kind string, version int) (docx []byte, hash string, found diag.Findings, err error) {
	l := s.library()
	if l.err != nil {
		return nil, "", nil, l.err
	}
	k := s.Find(kind)
	if k == nil {
		return nil, "", diag.Findings{s.UnknownKind(kind, diag.Place{})}, nil
	}
	var uploaded *store.TemplateVersion
	if version != 0 {
		if uploaded, err = s.version(ctx, k, version); err != nil {
			return nil, "", nil, err
		}
	}
	switch {
	case uploaded == nil && version > 0:
		return nil, "", diag.Findings{noVersion(k, version)}, nil
	case uploaded == nil:
		sum := sha256.Sum256(k.form.data)
		return k.form.data, hex.EncodeToString(sum[:]), nil, k.form.err
	}
	docx, err = s.upload(ctx, uploaded.Files[0].Hash)
	if err != nil && files.IsLost(err) {
		return nil, "", diag.Findings{unusable(k, true)}, nil
	}
	return docx, uploaded.Files[0].Hash, nil, err
}

// version finds an uploaded version of a template, -1 for the one in force; nil where there is none.
func (s *Service) version(ctx context.Context, k *Definition, version int) (*store.TemplateVersion, error) {
	if s.store == nil {
		return nil, nil
	}
	versions, err := s.store.Templates(ctx, k.Schema.Kind)
	if err != nil {
		return nil, err
	}
	for i, v := range versions {
		if (v.Version == version || version < 0 && v.InForce) && len(v.Files) > 0 {
			return &versions[i], nil
		}
	}
	return nil, nil
}

func noVersion(k *Definition, version int) diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.NoSuchVersion, Message: fmt.Sprintf("mẫu của “%s” không có bản thứ %d", k.Schema.Name, version),
		Hint: "mở lại trang Mẫu rồi chọn trong các bản đang có",
	}
}

// maxTemplate is what an uploaded template may have, in bytes.
const maxTemplate = 8 << 20

// CheckTemplate compiles a Word file as the template of a kind, and fills it with the example of the kind. Findings name the paragraph, with a
// "did you mean".
func (s *Service) CheckTemplate(ctx context.Context, kind string, file File) (found diag.Findings, err error) {
	defer diag.Recover("check template of "+kind, &err)
	l := s.library()
	if l.err != nil {
		return nil, l.err
	}
	k := s.Find(kind)
	if k == nil {
		return diag.Findings{s.UnknownKind(kind, diag.Place{})}, nil
	}
	name := path.Base(strings.ReplaceAll(file.Name, `\`, "/"))
	if found = checkUpload(name, file.Data); found.Blocking() {
		return found, nil
	}
	found.Add(fill.Inspect(name, file.Data)...)
	compiled := l.compile(form{name: name, data: file.Data}, &k.Schema)
	found.Add(compiled.found...)
	if compiled.err != nil || found.Blocking() {
		found.Sort()
		return found, compiled.err
	}
	more, err := s.tryOut(ctx, k, compiled.template)
	found.Add(more.InFile(name)...)
	found.Sort()
	return found, err
}

// upload returns the bytes of an uploaded template.
func (s *Service) upload(ctx context.Context, hash string) ([]byte, error) {
	if s.files == nil {
		return nil, errNoFiles
	}
	return files.Content(ctx, s.files, hash, maxTemplate)
}

func checkUpload(name string, data []byte) (found diag.Findings) {
	at := diag.Place{File: name}
	if !strings.EqualFold(path.Ext(name), ".docx") {
		found.Add(diag.Finding{
			Severity: diag.Error, Code: diag.NotADOCX, Where: at, Message: "mẫu phải là tệp Word .docx",
			Hint: "mở tệp bằng Word, chọn Lưu thành (Save As), loại “Word Document (*.docx)” rồi tải lên lại",
		})
	}
	if len(data) > maxTemplate {
		found.Add(diag.Finding{
			Severity: diag.Error, Code: diag.TemplateTooLarge, Where: at, Message: fmt.Sprintf("tệp mẫu lớn hơn %d MB", maxTemplate>>20),
			Hint: "bỏ bớt hình ảnh trong tệp mẫu, hoặc nén hình rồi lưu lại",
		})
	}
	return found
}

// tryOut fills a template with the example of its kind and lays it out. What it finds is about the filled document.
func (s *Service) tryOut(ctx context.Context, k *Definition, template *fill.Template) (diag.Findings, error) {
	document, err := example(k)
	if err != nil {
		return nil, err
	}
	docx, err := template.Fill(document)
	if err != nil {
		return nil, err
	}
	read, found, err := wml.Read(docx)
	if err != nil || found.Blocking() {
		return found, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	_, more := layout.Paginate(read, s.fonts)
	return append(found, more...), nil
}

// example is the document of a kind's starter, which is whole.
func example(k *Definition) (model.Document, error) {
	record, found := source.ReadText("vi-du.yaml", source.Starter(k.Schema))
	document, more := model.Bind(&k.Schema, record, nil)
	if found.Add(more...); !found.Blocking() {
		found.Add(tally.Add(&document, nil)...)
	}
	if found.Blocking() {
		return model.Document{}, fmt.Errorf("the example of %s makes no document: %s", k.Schema.Kind, found[0].Message)
	}
	return document, nil
}

// SaveTemplate checks a template, keeps it as the next version of its kind and puts it in force. Nothing is kept where findings block.
// Of version it takes Note, Author and Saved.
func (s *Service) SaveTemplate(ctx context.Context, kind string, file File, version store.TemplateVersion) (int, diag.Findings, error) {
	if s.store == nil {
		return 0, nil, errNoStore
	}
	found, err := s.CheckTemplate(ctx, kind, file)
	if err != nil || found.Blocking() {
		return 0, found, err
	}
	if s.files == nil {
		return 0, found, errNoFiles
	}
	hash, err := files.PutContent(ctx, s.files, file.Data)
	if err != nil {
		return 0, found, err
	}
	version.Kind = s.Find(kind).Schema.Kind
	version.Files = []store.DraftFile{{Role: "mau", Name: path.Base(file.Name), Size: int64(len(file.Data)), Hash: hash}}
	number, err := s.store.AddTemplate(ctx, version)
	if err != nil {
		return 0, found, err
	}
	return number, found, s.Refresh(ctx)
}

// UseTemplate puts a version in force; 0 for the one that comes with the program. One that cannot be used any more is a finding.
func (s *Service) UseTemplate(ctx context.Context, kind string, version int) (diag.Findings, error) {
	if s.store == nil {
		return nil, errNoStore
	}
	k := s.Find(kind)
	if k == nil {
		return diag.Findings{s.UnknownKind(kind, diag.Place{})}, nil
	}
	var found diag.Findings
	if version != 0 {
		kept, err := s.version(ctx, k, version)
		if err != nil {
			return nil, err
		}
		if kept == nil || version < 0 {
			return diag.Findings{noVersion(k, version)}, nil
		}
		data, err := s.upload(ctx, kept.Files[0].Hash)
		if err != nil && !files.IsLost(err) {
			return nil, err
		}
		if err != nil {
			lost := unusable(k, true)
			lost.Severity, lost.Message = diag.Error, fmt.Sprintf("không tìm thấy tệp của bản thứ %d", version)
			return diag.Findings{lost}, nil
		}
		if found, err = s.CheckTemplate(ctx, kind, File{Name: kept.Files[0].Name, Data: data}); err != nil || found.Blocking() {
			return found, err
		}
	}
	if err := s.store.UseTemplate(ctx, k.Schema.Kind, version); err != nil {
		return found, err
	}
	return found, s.Refresh(ctx)
}

// TemplateField is a field that a template of a kind may name.
type TemplateField struct {
	Tag   string // "{{trich_yeu}}", "{{#nhiem_vu}}{{/nhiem_vu}}"
	Label string
	Help  string
	Group string // the label of the table or group that it belongs to, or empty
}

// TemplateFields lists what a template of a kind may name, to copy from. Columns of a table stand between the two halves of the tag of the
// table, as the items of a list stand between those of the list: {{.}}.
func (s *Service) TemplateFields(kind string) ([]TemplateField, diag.Findings) {
	k := s.Find(kind)
	if k == nil {
		return nil, diag.Findings{s.UnknownKind(kind, diag.Place{})}
	}
	return templateFields(nil, k.Schema.Named(), "", ""), nil
}

func templateFields(list []TemplateField, specs []model.FieldSpec, prefix, group string) []TemplateField {
	for _, spec := range specs {
		name := prefix + spec.Key
		field := TemplateField{Label: spec.Label, Help: strings.Join(strings.Fields(spec.Help), " "), Group: group}
		inner := strings.TrimPrefix(group+" › "+spec.Label, " › ")
		switch {
		case spec.IsTable():
			field.Tag = "{{#" + name + "}}{{/" + name + "}}"
			list = templateFields(append(list, field), spec.Fields, "", inner)
		case spec.Type == model.GroupField:
			list = templateFields(list, spec.Fields, name+".", inner)
		case spec.Type == model.OutlineField:
			field.Tag = "{{@" + name + "}}"
			list = append(list, field)
		case spec.Type == model.ListField:
			field.Tag = "{{#" + name + "}}{{.}}{{/" + name + "}}"
			list = append(list, field)
		default:
			field.Tag = "{{" + name + "}}"
			if spec.Type == model.DateField {
				field.Help = strings.TrimSpace(field.Help + " Viết {{" + name + " | ngay_thang}} thì in “ngày 27 tháng 3 năm 2026”.")
			}
			list = append(list, field)
		}
	}
	return list
}
