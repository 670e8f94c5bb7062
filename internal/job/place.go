package job

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/maker"
	"vanthu/internal/store"
)

// keepResult puts the files of a document in its folder and says in the register that it went out. The document is nil where a person has
// changed what it would take the place of.
//
// However it is broken off, what stands can be told from what a person wrote: files of the version before are taken away before the new
// one is known to the store, and the store knows that before its files are written.
func (r *Runner) keepResult(
	ctx context.Context, batch store.Batch, name, key string, m materials, result maker.Result, found diag.Findings,
) (*store.Document, diag.Findings, error) {
	made, contents, err := describe(batch.Folder+name, key, result, found, r.Now())
	if err != nil {
		return nil, found, err
	}
	made.Data, made.Office = m.files(), batch.Office
	last, err := r.Store.LastDocument(ctx, made.Name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, found, err
	}
	results := results{r.Files}
	foreign, err := results.foreign(ctx, last.Files, made.Files)
	if err != nil {
		return nil, found, err
	}
	if len(foreign) > 0 {
		return nil, diag.Findings{inTheWay(foreign)}, nil
	}
	if last.Version > 0 {
		edited, err := results.clear(ctx, last.Files, made.Files)
		if err != nil {
			return nil, found, err
		}
		if len(edited) > 0 {
			return nil, diag.Findings{editedByHand(diag.Error, edited)}, nil
		}
		if err := r.Store.KeepDocument(ctx, *made); err != nil {
			return nil, found, err
		}
	}
	for i, file := range made.Files {
		if err := results.put(ctx, file, contents[i]); err != nil {
			return nil, found, err
		}
	}
	return made, found, r.Maker.Register.Issue(ctx, result.NumberKey, result.DOCX)
}

// describe returns what the store keeps of a document that was made now, and what its files hold, in their order.
func describe(
	folder, key string, result maker.Result, found diag.Findings, now time.Time,
) (made *store.Document, contents [][]byte, err error) {
	made = &store.Document{
		Name: folder, Key: key, Kind: result.Kind, Unit: result.Unit, Symbol: result.Symbol, Title: result.Title, Date: result.Date,
		NumberKey: result.NumberKey, Pages: result.Pages, Made: now.UTC().Truncate(time.Second),
	}
	stem := folder + "/" + result.Name
	for _, file := range []struct {
		name string
		data []byte
	}{{stem + ".docx", result.DOCX}, {stem + ".pdf", result.PDF}, {stem + maker.WorkbookEnding, result.XLSX}} {
		if file.data != nil {
			made.Files, contents = append(made.Files, fileOf(file.name, file.data)), append(contents, file.data)
		}
	}
	if made.Found, err = json.Marshal(found); err == nil {
		made.Figures, made.Tasks, err = result.Remembered()
	}
	return made, contents, err
}

// fileOf describes a file.
func fileOf(name string, data []byte) store.StoredFile {
	sum := sha256.Sum256(data)
	return store.StoredFile{Name: name, Size: int64(len(data)), Hash: hex.EncodeToString(sum[:])}
}

// results are the files of documents, each known by its name and its hash: what a person changed has another.
type results struct{ files files.Store }

// clear takes away the files of the version before, but for those that are to stand as they are. Where a person has changed some it takes
// none, and reports which.
func (r results) clear(ctx context.Context, old, wanted []store.StoredFile) (edited []string, err error) {
	var gone []string
	for _, file := range old {
		now, err := r.hashOf(ctx, file.Name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, err
		case slices.ContainsFunc(wanted, func(w store.StoredFile) bool { return w.Name == file.Name && w.Hash == now }):
		case now != file.Hash:
			edited = append(edited, file.Name)
		default:
			gone = append(gone, file.Name)
		}
	}
	word := func(list []store.StoredFile) int {
		return slices.IndexFunc(list, func(f store.StoredFile) bool { return path.Ext(f.Name) == ".docx" })
	}
	if was, is := word(old), word(wanted); len(edited) > 0 || was >= 0 && is >= 0 && old[was] == wanted[is] {
		return edited, nil // of the same Word file the PDF and the workbook still hold, wanted or not
	}
	for _, name := range gone {
		if err := r.files.Delete(ctx, name); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// foreign returns the files that stand where others are wanted and that no version before is known to have had.
func (r results) foreign(ctx context.Context, old, wanted []store.StoredFile) (names []string, err error) {
	for _, file := range wanted {
		if slices.ContainsFunc(old, func(f store.StoredFile) bool { return f.Name == file.Name }) {
			continue
		}
		now, err := r.hashOf(ctx, file.Name)
		if err == nil && now != file.Hash {
			names = append(names, file.Name)
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return names, nil
}

// inTheWay returns the finding that a file stands where one is to be written, and that it was not made here.
func inTheWay(names []string) diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.FileInTheWay, Where: diag.Place{File: path.Base(names[0])},
		Message: fmt.Sprintf("đã có “%s”, không phải do lần chạy trước làm hoặc đã được sửa bằng tay, nên không ghi đè", names[0]),
		Hint:    "chuyển tệp ấy đi chỗ khác rồi chạy lại, hoặc ghi kết quả vào thư mục khác",
	}
}

// put writes a file unless it stands there as it is to be.
func (r results) put(ctx context.Context, file store.StoredFile, data []byte) error {
	if now, err := r.hashOf(ctx, file.Name); err == nil && now == file.Hash {
		return nil
	}
	return files.Write(ctx, r.files, file.Name, data)
}
