package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/store"
)

// A document that was made at the desk lies in the file store by the hashes of its files, so that every version can be opened; what its row
// calls them is how people see them. Documents of batches lie by name, in folders, where a clerk may open and mend them.

// deskFolder begins the names of documents that were made at the desk; the ID of the draft follows.
const deskFolder = "van-ban/"

// DeskName is the name of the document of a draft: store.Document.Name.
func DeskName(draft string) string { return deskFolder + draft }

// Making says of a document made at the desk from what and when.
type Making struct {
	Draft string // the ID of the draft
	At    time.Time
}

// Keep keeps a document that was made at the desk, with what it was made from, as the next version of that of its draft; one that is the same as
// the last version is that version. found is what Make gave with the result.
func (a *App) Keep(ctx context.Context, request Request, result Result, found diag.Findings, by Making) (store.Document, error) {
	if a.register == nil {
		return store.Document{}, errNoRegister
	}
	if a.files == nil {
		return store.Document{}, errNoFiles
	}
	document := store.Document{
		Name: DeskName(by.Draft), Office: request.Office, Draft: by.Draft, Kind: result.Kind, Unit: result.Unit, Symbol: result.Symbol, Title: result.Title,
		Date: result.Date, NumberKey: result.NumberKey, Pages: result.Pages, Made: by.At.UTC().Truncate(time.Second),
	}
	var err error
	if document.Found, err = json.Marshal(found); err != nil {
		return store.Document{}, err
	}
	if document.Figures, document.Tasks, err = result.Remembered(); err != nil {
		return store.Document{}, err
	}
	if document.Data, err = a.keepFiles(ctx, request.given()); err != nil {
		return store.Document{}, fmt.Errorf("keep: %w", err)
	}
	if document.Files, err = a.keepFiles(ctx, result.files()); err != nil {
		return store.Document{}, fmt.Errorf("keep: %w", err)
	}
	sum := sha256.New()
	for _, file := range document.Data {
		fmt.Fprintln(sum, file.Hash)
	}
	document.Key = hex.EncodeToString(sum.Sum(nil))
	if err := a.register.KeepDocument(ctx, document); err != nil {
		return store.Document{}, err
	}
	return a.register.LastDocument(ctx, document.Name)
}

// Remembered is what a store.Document keeps of a result as JSON: its figures and its tasks, nil where there are none.
func (r *Result) Remembered() (figures, tasks []byte, err error) {
	if r.Figures != nil {
		figures, err = json.Marshal(r.Figures)
	}
	if r.Tasks != nil && err == nil {
		tasks, err = json.Marshal(r.Tasks)
	}
	return figures, tasks, err
}

// given are the files that a document was asked for with, by the names that people gave them.
func (r *Request) given() []File {
	given := append([]File{r.File}, r.Tables...)
	if r.Previous != nil {
		given = append(given, *r.Previous)
	}
	if r.Profile != nil {
		given = append(given, File{profileName, r.Profile})
	}
	return given
}

// files are those of a result under their names: the Word file first.
func (r *Result) files() []File {
	list := []File{{r.Name + ".docx", r.DOCX}}
	if r.PDF != nil {
		list = append(list, File{r.Name + ".pdf", r.PDF})
	}
	if r.XLSX != nil {
		list = append(list, File{r.Name + WorkbookEnding, r.XLSX})
	}
	return list
}

func (a *App) keepFiles(ctx context.Context, list []File) (kept []store.StoredFile, err error) {
	for _, file := range list {
		hash, err := KeepData(ctx, a.files, file.Data)
		if err != nil {
			return nil, err
		}
		kept = append(kept, store.StoredFile{Name: path.Base(file.Name), Size: int64(len(file.Data)), Hash: hash})
	}
	return kept, nil
}

// OpenKept opens a file of a document of the desk or of a batch. The error is fs.ErrNotExist where it is not there any more.
func (a *App) OpenKept(ctx context.Context, file store.StoredFile) (io.ReadCloser, error) {
	if a.files == nil {
		return nil, errNoFiles
	}
	return a.files.Get(ctx, KeptName(file))
}

// KeptName is the name of a file in the file store: of a document of the desk its hash tells it, of a batch its name does.
func KeptName(file store.StoredFile) string {
	if strings.Contains(file.Name, "/") {
		return file.Name
	}
	return DataFolder + file.Hash
}

// errLost says that a file of the store is not what it was.
var errLost = errors.New("the file is not what was kept")

// isLost tells a file that is gone or spoilt from a machine that cannot read at the moment.
func isLost(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, errLost) }

// DataFolder is where the file store has what people gave, by its SHA-256 in hexadecimal.
const DataFolder = ".vanthu/du-lieu/"

// maxUpload is what an uploaded file may have, in bytes.
const maxUpload = 64 << 20

var errNoFiles = errors.New("file store: not open")

// KeepData puts bytes into a file store under their hash, SHA-256 in hexadecimal, unless they are there.
func KeepData(ctx context.Context, kept files.Store, data []byte) (hash string, err error) {
	sum := sha256.Sum256(data)
	hash = hex.EncodeToString(sum[:])
	there, err := kept.Get(ctx, DataFolder+hash)
	if err == nil {
		return hash, there.Close()
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return hash, files.Write(ctx, kept, DataFolder+hash, data)
}

// KeepUpload keeps what a person gave, and gives its hash, by which Upload gives it back.
func (a *App) KeepUpload(ctx context.Context, data []byte) (hash string, err error) {
	if a.files == nil {
		return "", errNoFiles
	}
	return KeepData(ctx, a.files, data)
}

// Upload returns what KeepUpload kept. The error is fs.ErrNotExist where there is nothing of that hash.
func (a *App) Upload(ctx context.Context, hash string) ([]byte, error) {
	if a.files == nil {
		return nil, errNoFiles
	}
	if raw, err := hex.DecodeString(hash); err != nil || len(raw) != sha256.Size {
		return nil, fmt.Errorf("upload %q: %w", hash, fs.ErrNotExist)
	}
	data, err := files.ReadAll(ctx, a.files, DataFolder+hash, maxUpload)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash {
		return nil, fmt.Errorf("upload %s: %w", hash, errLost)
	}
	return data, nil
}
