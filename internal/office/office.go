// Package office is what an office has set: its profile, its fonts, and the kinds of documents in force with their templates, which come with the
// program, from the office's own folders or from its uploads. It holds the fonts and the compiled templates that documents are made with.
package office

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"sync/atomic"

	"vanthu/fonts"
	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/font"
	"vanthu/internal/source"
	"vanthu/internal/store"
	"vanthu/templates"
)

// Config is what a Service is made from. Its zero value uses the embedded templates and fonts and no profile.
type Config struct {
	Templates fs.FS  // an office's own templates beside the embedded ones, or nil
	Fonts     fs.FS  // an office's own fonts beside the embedded ones, or nil
	Profile   []byte // the don-vi.yaml of the office "" where the store has none for it, or nil

	Store *store.Store // profiles and templates, or nil
	Files files.Store  // where uploaded templates lie, or nil
}

// Service knows the offices. It is safe for concurrent use.
type Service struct {
	fonts      *font.Set
	digest     func() (string, error) // the fingerprint of program, folders and fonts
	plain      func() library         // without uploaded templates; read when first asked for: converting a Word file needs none
	configured *profile               // or nil
	store      *store.Store
	files      files.Store
	now        atomic.Pointer[state]
	refreshing sync.Mutex
}

// File is a file that a person gives.
type File = source.Input

var (
	errNoStore = errors.New("office: no store is open")
	errNoFiles = errors.New("office: no file store is open")
)

// New loads the fonts, reads the kinds and the profile. Findings are about the office's own templates, fonts and profile; there is no
// Service when they block. What the store says counts from the first Refresh.
func New(config Config) (*Service, diag.Findings, error) {
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
	s := &Service{fonts: set, store: config.Store, files: config.Files}
	folders := overlay{templates.FS}
	if config.Templates != nil {
		folders = append(folders, config.Templates)
	}
	s.digest = sync.OnceValues(func() (string, error) { return fingerprint(slices.Concat(folders, faces)) })
	s.plain = sync.OnceValue(func() library { return readLibrary(folders, set) })
	var found diag.Findings
	if config.Templates != nil {
		if l := s.plain(); l.err != nil {
			return nil, nil, l.err
		}
		found = slices.Clone(s.plain().found)
	}
	begin := &state{library: s.plain, profiles: map[string]*profile{}}
	if config.Profile != nil {
		var more diag.Findings
		s.configured, more = readProfile(config.Profile)
		found.Add(more...)
		begin.profiles[""] = s.configured
	}
	s.now.Store(begin)
	if found.Blocking() {
		return nil, found, nil
	}
	return s, found, nil
}

// badFont returns the finding about a font of the office that cannot be embedded.
func badFont(err error) diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.BadFont,
		Message: fmt.Sprintf("thư mục phông chữ của cơ quan có tệp không dùng được: %v", err),
		Hint:    "Chỉ để trong thư mục đó các tệp .ttf TrueType được phép nhúng, ví dụ bốn tệp của Times New Roman.",
	}
}

// Fonts returns the faces that documents are measured and printed with.
func (s *Service) Fonts() *font.Set { return s.fonts }

// Face is a font as a browser loads it.
type Face struct {
	Family       string
	Bold, Italic bool
	MediaType    string // "font/woff2", "font/ttf"
	Data         []byte
}

// Faces returns those that previews use, in a fixed order: the embedded ones cut to what office papers hold, an office's own whole.
func (s *Service) Faces() []Face {
	var faces []Face
	for _, f := range s.fonts.Faces() {
		face := Face{f.Family, f.Bold, f.Italic, "font/woff2", f.Web()}
		if face.Data == nil {
			face.MediaType, face.Data = "font/ttf", f.TTF()
		}
		faces = append(faces, face)
	}
	return faces
}
