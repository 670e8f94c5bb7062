package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/maker"
	"vanthu/internal/store"
)

// A document that was made at the desk lies in the file store by the hashes of its files, so that every version can be opened; what its row
// calls them is how people see them. Documents of batches lie by name, in folders, where a clerk may open and mend them.

// deskFolder begins the names of documents that were made at the desk; the ID of the draft follows.
const deskFolder = "van-ban/"

// DocumentName is the name of the document of a draft: store.Document.Name.
func DocumentName(draft string) string { return deskFolder + draft }

// Keep keeps a document that was made at the desk, with what it was made from, as the next version of that of its draft; one that is the same as
// the last version is that version. found is what came with the result.
func (s *Service) Keep(ctx context.Context, request maker.Request, result maker.Result, found diag.Findings, draft string, at time.Time) (store.Document, error) {
	if s.store == nil || s.files == nil {
		return store.Document{}, errNotOpen
	}
	document := store.Document{
		Name: DocumentName(draft), Office: request.Office, Draft: draft, Kind: result.Kind, Unit: result.Unit, Symbol: result.Symbol, Title: result.Title,
		Date: result.Date, NumberKey: result.NumberKey, Pages: result.Pages, Made: at.UTC().Truncate(time.Second),
	}
	var err error
	if document.Found, err = json.Marshal(found); err != nil {
		return store.Document{}, err
	}
	if document.Figures, document.Tasks, err = result.Remembered(); err != nil {
		return store.Document{}, err
	}
	if document.Data, err = s.keepFiles(ctx, request.Given()); err != nil {
		return store.Document{}, fmt.Errorf("keep: %w", err)
	}
	if document.Files, err = s.keepFiles(ctx, result.Files()); err != nil {
		return store.Document{}, fmt.Errorf("keep: %w", err)
	}
	sum := sha256.New()
	for _, file := range document.Data {
		fmt.Fprintln(sum, file.Hash)
	}
	document.Key = hex.EncodeToString(sum.Sum(nil))
	if err := s.store.KeepDocument(ctx, document); err != nil {
		return store.Document{}, err
	}
	return s.store.LastDocument(ctx, document.Name)
}

func (s *Service) keepFiles(ctx context.Context, list []maker.File) (kept []store.StoredFile, err error) {
	for _, file := range list {
		hash, err := files.PutContent(ctx, s.files, file.Data)
		if err != nil {
			return nil, err
		}
		kept = append(kept, store.StoredFile{Name: path.Base(file.Name), Size: int64(len(file.Data)), Hash: hash})
	}
	return kept, nil
}

// OpenKept opens a file of a document of the desk or of a batch. The error is fs.ErrNotExist where it is not there any more.
func (s *Service) OpenKept(ctx context.Context, file store.StoredFile) (io.ReadCloser, error) {
	if s.files == nil {
		return nil, errNotOpen
	}
	return s.files.Get(ctx, files.Location(file.Name, file.Hash))
}

// maxUpload is what an uploaded file may have, in bytes.
const maxUpload = 64 << 20

// KeepUpload keeps what a person gave, and gives its hash, by which Upload gives it back.
func (s *Service) KeepUpload(ctx context.Context, data []byte) (hash string, err error) {
	if s.files == nil {
		return "", errNotOpen
	}
	return files.PutContent(ctx, s.files, data)
}

// Upload returns what KeepUpload kept. The error is fs.ErrNotExist where there is nothing of that hash.
func (s *Service) Upload(ctx context.Context, hash string) ([]byte, error) {
	if s.files == nil {
		return nil, errNotOpen
	}
	return files.Content(ctx, s.files, hash, maxUpload)
}
