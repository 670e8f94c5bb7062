package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"vanthu/internal/diag"
	"vanthu/internal/files"
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

func readProfile(text []byte) (*profile, diag.Findings) {
	record, found := source.ReadText(ProfileName, text)
	return &profile{text, record}, found
}

// ReadProfile reads a don-vi.yaml.
func ReadProfile(text []byte) (model.Record, diag.Findings) {
	return source.ReadText(ProfileName, text)
}

// ProfileName is what findings call a profile.
const ProfileName = "don-vi.yaml"

// ownTemplate is an uploaded template in force.
type ownTemplate struct {
	name string // as the person calls it
	hash string // SHA-256 of its bytes, in hexadecimal
	data []byte
	lost bool // its bytes are not there any more
}

// library returns the kinds as they are now.
func (s *Service) library() library { return s.now.Load().library() }

// ProfileOf returns the profile of an office that is in force, or nil.
func (s *Service) ProfileOf(office string) *model.Record {
	if p := s.now.Load().profiles[office]; p != nil {
		return &p.record
	}
	return nil
}

// Refresh sees whether profiles or templates were changed since, here or in another process, and reads them anew. It is cheap to ask, and
// asked before each request and each document. Where it fails, what was read before stays in force, and the next call tries again.
func (s *Service) Refresh(ctx context.Context) error {
	if s.store == nil {
		return nil
	}
	revision, err := s.store.Revision(ctx)
	if err != nil || revision == s.now.Load().revision {
		return err
	}
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	if revision == s.now.Load().revision {
		return nil
	}
	next := &state{revision: revision} // asked before the rest is read: what changes meanwhile is read by the next
	if next.profiles, err = s.readProfiles(ctx); err != nil {
		return fmt.Errorf("refresh: %w", err)
	}
	before := s.now.Load()
	if next.own, err = s.readOwn(ctx, before.own); err != nil {
		return fmt.Errorf("refresh: %w", err)
	}
	kinds := s.plain().with(next.own, before.library())
	next.library = func() library { return kinds }
	s.now.Store(next)
	return nil
}

// readProfiles reads the profile of each office.
func (s *Service) readProfiles(ctx context.Context) (map[string]*profile, error) {
	offices, err := s.store.Offices(ctx)
	if err != nil {
		return nil, err
	}
	profiles := map[string]*profile{}
	for _, office := range append(offices, store.Office{}) {
		kept, err := s.store.LastProfile(ctx, office.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		profiles[office.ID], _ = readProfile(kept.Text) // its findings were told when it was saved
	}
	if profiles[""] == nil && s.configured != nil {
		profiles[""] = s.configured
	}
	return profiles, nil
}

// readOwn reads the uploaded templates in force. One whose bytes are gone is lost; a fault of the machine is an error.
func (s *Service) readOwn(ctx context.Context, before map[string]ownTemplate) (map[string]ownTemplate, error) {
	versions, err := s.store.Templates(ctx, "")
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
		data, err := s.upload(ctx, file.Hash)
		if err != nil && !files.IsLost(err) {
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
		mine, ok := own[k.Schema.Kind]
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
func (l library) owned(k *Definition, mine ownTemplate) *Definition {
	owned := &Definition{Schema: k.Schema, form: k.form, own: &mine}
	owned.compiled = sync.OnceValue(func() compiled {
		c := compiled{}
		if !mine.lost {
			c = l.compile(form{name: mine.name, data: mine.data}, &owned.Schema)
		}
		if c.template != nil || c.err != nil {
			return c
		}
		plain := k.compiled()
		plain.found = append(slices.Clone(plain.found), unusable(owned, mine.lost))
		return plain
	})
	return owned
}

func unusable(k *Definition, lost bool) diag.Finding {
	f := diag.Finding{
		Severity: diag.Warning, Code: diag.OwnTemplateUnusable,
		Message: fmt.Sprintf("mẫu riêng của “%s” không dùng được với chương trình này nên văn bản theo mẫu đi kèm chương trình", k.Schema.Name),
		Hint:    "sửa mẫu rồi tải lên lại ở trang Mẫu, hoặc dùng lại mẫu đi kèm chương trình",
	}
	if lost {
		f.Message = fmt.Sprintf("không tìm thấy tệp mẫu riêng của “%s” nên văn bản theo mẫu đi kèm chương trình", k.Schema.Name)
		f.Hint = "tải mẫu lên lại ở trang Mẫu, hoặc báo người quản trị khôi phục tệp"
	}
	return f
}

// Profile returns the don-vi.yaml of an office that is in force: the last version in the store, or for the office "" the one that the
// program was started with; nil where there is none.
func (s *Service) Profile(ctx context.Context, office string) ([]byte, error) {
	if s.store != nil {
		kept, err := s.store.LastProfile(ctx, office)
		if err == nil || !errors.Is(err, store.ErrNotFound) {
			return kept.Text, err
		}
	}
	if office == "" && s.configured != nil {
		return s.configured.text, nil
	}
	return nil, nil
}

// SaveProfile checks a don-vi.yaml and keeps it as the version after last. The error is store.ErrChanged where somebody else saved meanwhile.
func (s *Service) SaveProfile(ctx context.Context, profile store.Profile) (diag.Findings, error) {
	if s.store == nil {
		return nil, errNoStore
	}
	found, err := s.CheckProfile(profile.Text)
	if err != nil || found.Blocking() {
		return found, err
	}
	if err := s.store.SaveProfile(ctx, profile); err != nil {
		return found, err
	}
	return found, s.Refresh(ctx)
}

// CheckProfile holds a don-vi.yaml against the fields of every kind. What only some kinds find wrong is a warning, for most can be made
// all the same.
func (s *Service) CheckProfile(text []byte) (found diag.Findings, err error) {
	defer diag.Recover("profile", &err)
	l := s.library()
	if l.err != nil {
		return nil, l.err
	}
	profile, found := readProfile(text)
	if found.Blocking() {
		return found, nil
	}
	var told diag.Findings
	kinds := map[string][]string{} // that tell it, by what is told
	for _, k := range l.kinds {
		office, more := model.ReadOffice(&k.Schema, &profile.record)
		_, groups := s.Numbering(office)
		for _, f := range append(more, groups...) {
			if kinds[gist(f)] == nil {
				told.Add(f)
			}
			kinds[gist(f)] = append(kinds[gist(f)], k.Schema.Name)
		}
	}
	for _, f := range told {
		if names := kinds[gist(f)]; 2*len(names) < len(l.kinds) && f.Severity == diag.Error {
			f.Severity = diag.Warning
			f.Hint = fmt.Sprintf("%s; chỉ cần cho: %s", f.Hint, strings.Join(names, ", "))
		}
		found.Add(f)
	}
	found.Sort()
	return found, nil
}

// gist is what two findings have in common that differ in their hints alone.
func gist(f diag.Finding) string { return fmt.Sprint(f.Code, f.Message, f.Where) }
