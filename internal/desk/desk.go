// Package desk is what clerks work on: drafts, the documents that are made of them, and the numbers of these. A draft holds a form, as the data
// file that it fills, or an uploaded data file with what belongs to it.
package desk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"vanthu/internal/files"
	"vanthu/internal/maker"
	"vanthu/internal/store"
)

// Service keeps what the desk makes. It is safe for concurrent use.
type Service struct {
	maker *maker.Service
	store *store.Store // or nil
	files files.Store  // or nil
}

// New returns a desk whose drafts and documents are in a store, and their files in another; both may be nil.
func New(maker *maker.Service, kept *store.Store, files files.Store) *Service {
	return &Service{maker, kept, files}
}

var errNotOpen = errors.New("desk: no store is open")

// Roles of the files of a draft.
const (
	DataRole     = "data"     // the data file; a draft of a form has none
	TableRole    = "bang"     // a workbook that fills tables
	PreviousRole = "ky_truoc" // the data of the period before
	OriginalRole = "goc"      // the typed document that a form was made of
)

// LostFile is the error about a file of a draft that is not on the server any more.
type LostFile struct{ Name string }

func (l *LostFile) Error() string {
	return fmt.Sprintf("file %q of a draft: %v", l.Name, fs.ErrNotExist)
}

// Unwrap returns fs.ErrNotExist.
func (l *LostFile) Unwrap() error { return fs.ErrNotExist }

// Request asks for the document of a draft, or of one unit of its data file, with the profile of its office. The error is *LostFile where one of
// its files is gone.
func (s *Service) Request(ctx context.Context, draft *store.Draft, unit string, at time.Time) (request maker.Request, err error) {
	request = maker.Request{File: maker.File{Name: maker.FormName, Data: draft.Data}, Unit: unit, Office: draft.Office, Taken: at}
	if request.Profile, err = s.maker.Office.Profile(ctx, draft.Office); err != nil {
		return request, err
	}
	for _, kept := range draft.Files {
		if kept.Role == OriginalRole {
			continue
		}
		data, err := s.Upload(ctx, kept.Hash)
		if errors.Is(err, fs.ErrNotExist) {
			return request, &LostFile{kept.Name}
		}
		if err != nil {
			return request, err
		}
		file := maker.File{Name: kept.Name, Data: data}
		switch kept.Role {
		case DataRole:
			request.File, request.Kind = file, draft.Kind
		case TableRole:
			request.Tables = append(request.Tables, file)
		case PreviousRole:
			request.Previous = &file
		}
	}
	return request, nil
}
