package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/source"
	"vanthu/internal/store"
)

// state is what Refresh replaces, all at once; it is never changed. The kinds and their fields are those of the start in every state: who
// asks for the library twice finds the same kinds, and a kind that was found keeps its template.
type state struct {
	revision int64 // of the register
	library  func() library
	own      map[string]ownTemplate // in force, by kind
	profiles map[string]*profile    // in force, by office
}

// profile is a don-vi.yaml.
type profile struct {
	text   []byte
	record model.Record
}

func readProfile(text []byte) (*profile, diag.Findings, error) {
	record, found, err := source.Read(profileName, text)
	return &profile{text, record}, found, err
}

const profileName = "don-vi.yaml"

// ownTemplate is an uploaded template in force.
type ownTemplate struct {
	name string // as the person calls it
	hash string // SHA-256 of its bytes, in hexadecimal
	data []byte
	lost bool // its bytes are not there any more
}

// library returns the kinds as they are now.
func (a *App) library() library { return a.now.Load().library() }

// profile returns the profile of an office that is in force, or nil.
func (a *App) profile(office string) *model.Record {
	if p := a.now.Load().profiles[office]; p != nil {
		return &p.record
	}
	return nil
}

// Refresh sees whether profiles or templates were changed since, here or in another process, and reads them anew. It is cheap to ask, and
// asked before each request and each document. Where it fails, what was read before stays in force, and the next call tries again.
func (a *App) Refresh(ctx context.Context) error {
	if a.register == nil {
		return nil
	}
	revision, err := a.register.Revision(ctx)
	if err != nil || revision == a.now.Load().revision {
		return err
	}
	a.refreshing.Lock()
	defer a.refreshing.Unlock()
	if revision == a.now.Load().revision {
		return nil
	}
	next := &state{revision: revision} // asked before the rest is read: what changes meanwhile is read by the next
	if next.profiles, err = a.readProfiles(ctx); err != nil {
		return fmt.Errorf("refresh: %w", err)
	}
	before := a.now.Load()
	if next.own, err = a.readOwn(ctx, before.own); err != nil {
		return fmt.Errorf("refresh: %w", err)
	}
	kinds := a.plain().with(next.own, before.library())
	next.library = func() library { return kinds }
	a.now.Store(next)
	return nil
}

// readProfiles reads the profile of each office.
func (a *App) readProfiles(ctx context.Context) (map[string]*profile, error) {
	offices, err := a.register.Offices(ctx)
	if err != nil {
		return nil, err
	}
	profiles := map[string]*profile{}
	for _, office := range append(offices, store.Office{}) {
		kept, err := a.register.LastProfile(ctx, office.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if profiles[office.ID], _, err = readProfile(kept.Text); err != nil { // its findings were told when it was saved
			return nil, err
		}
	}
	if profiles[""] == nil && a.configured != nil {
		profiles[""] = a.configured
	}
	return profiles, nil
}

// readOwn reads the uploaded templates in force. One whose bytes are gone is lost; a fault of the machine is an error.
func (a *App) readOwn(ctx context.Context, before map[string]ownTemplate) (map[string]ownTemplate, error) {
	versions, err := a.register.Templates(ctx, "")
	if err != nil {
		return nil, err
	}
	own := map[string]ownTemplate{}
	for _, version := range versions {
		if !version.InForce || len(version.Files) == 0 {
			continue
		}
		file := version.Files[0]
		if known, ok := before[version.Kind]; ok && known.hash == file.Hash && !known.lost {
			own[version.Kind] = known
			continue
		}
		data, err := a.Upload(ctx, file.Hash)
		if err != nil && !isLost(err) {
			return nil, err
		}
		own[version.Kind] = ownTemplate{name: file.Name, hash: file.Hash, data: data, lost: err != nil}
	}
	return own, nil
}

// with is the library with uploaded templates in place of those that come with the program. Those that before has it takes over, compiled
// as they may be.
func (l library) with(own map[string]ownTemplate, before library) library {
	l.kinds = slices.Clone(l.kinds)
	for i, k := range l.kinds {
		mine, ok := own[k.schema.Kind]
		if !ok {
			continue
		}
		if was := before.kinds[i].own; was != nil && was.hash == mine.hash && was.lost == mine.lost {
			l.kinds[i] = before.kinds[i]
			continue
		}
		l.kinds[i] = l.owned(k, mine)
	}
	return l
}

// owned is a kind with an uploaded template. Where that cannot be used (any more), as when a later program has other fields, the one that
// comes with the program is, and each document tells of it.
func (l library) owned(k *kind, mine ownTemplate) *kind {
	owned := &kind{schema: k.schema, form: k.form, own: &mine}
	owned.template = sync.OnceValue(func() compiled {
		c := compiled{}
		if !mine.lost {
			c = l.compile(form{name: mine.name, data: mine.data}, &owned.schema)
		}
		if c.template != nil || c.err != nil {
			return c
		}
		plain := k.template()
		plain.found = append(slices.Clone(plain.found), unusable(owned, mine.lost))
		return plain
	})
	return owned
}

func unusable(k *kind, lost bool) diag.Finding {
	f := diag.Finding{
		Severity: diag.Warning, Code: diag.OwnTemplateUnusable,
		Message: fmt.Sprintf("mẫu riêng của “%s” không dùng được với chương trình này nên văn bản theo mẫu đi kèm chương trình", k.schema.Name),
		Hint:    "sửa mẫu rồi tải lên lại ở trang Mẫu, hoặc dùng lại mẫu đi kèm chương trình",
	}
	if lost {
		f.Message = fmt.Sprintf("không tìm thấy tệp mẫu riêng của “%s” nên văn bản theo mẫu đi kèm chương trình", k.schema.Name)
		f.Hint = "tải mẫu lên lại ở trang Mẫu, hoặc báo người quản trị khôi phục tệp"
	}
	return f
}

// Profile returns the don-vi.yaml of an office that is in force: the last version in the store, or for the office "" the one that the
// program was started with; nil where there is none.
func (a *App) Profile(ctx context.Context, office string) ([]byte, error) {
	if a.register != nil {
		kept, err := a.register.LastProfile(ctx, office)
		if err == nil || !errors.Is(err, store.ErrNotFound) {
			return kept.Text, err
		}
	}
	if office == "" && a.configured != nil {
		return a.configured.text, nil
	}
	return nil, nil
}

// SaveProfile checks a don-vi.yaml and keeps it as the version after last. The error is store.ErrChanged where somebody else saved meanwhile.
func (a *App) SaveProfile(ctx context.Context, profile store.Profile) (diag.Findings, error) {
	if a.register == nil {
		return nil, errNoRegister
	}
	found, err := a.CheckProfile(profile.Text)
	if err != nil || found.Blocking() {
		return found, err
	}
	if err := a.register.SaveProfile(ctx, profile); err != nil {
		return found, err
	}
	return found, a.Refresh(ctx)
}

// CheckProfile holds a don-vi.yaml against the fields of every kind. What only some kinds find wrong is a warning, for most can be made
// all the same.
func (a *App) CheckProfile(text []byte) (found diag.Findings, err error) {
	defer guard("profile", &err)
	l := a.library()
	if l.err != nil {
		return nil, l.err
	}
	profile, found, err := readProfile(text)
	if err != nil || found.Blocking() {
		return found, err
	}
	var told diag.Findings
	kinds := map[string][]string{} // that tell it, by what is told
	for _, k := range l.kinds {
		office, more := model.ReadOffice(&k.schema, &profile.record)
		_, groups := a.numbering(office)
		for _, f := range append(more, groups...) {
			if kinds[said(f)] == nil {
				told.Add(f)
			}
			kinds[said(f)] = append(kinds[said(f)], k.schema.Name)
		}
	}
	for _, f := range told {
		if names := kinds[said(f)]; 2*len(names) < len(l.kinds) && f.Severity == diag.Error {
			f.Severity = diag.Warning
			f.Hint = fmt.Sprintf("%s; chỉ cần cho: %s", f.Hint, strings.Join(names, ", "))
		}
		found.Add(f)
	}
	found.Sort()
	return found, nil
}

// said is what two findings have in common that differ in their hints alone.
func said(f diag.Finding) string { return fmt.Sprint(f.Code, f.Message, f.Where) }
