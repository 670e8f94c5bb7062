package job

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

	"vanthu/internal/diag"
	"vanthu/internal/store"
)

// compare settles an item by what was made of it before: files that stand as they were made are kept, and files that a person changed are
// never written over.
func (p *planner) compare(ctx context.Context, item *store.Item) error {
	last, err := p.Store.LastDocument(ctx, p.batch.Folder+item.Name)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	intact, edited, err := results{p.Files}.standing(ctx, last.Files)
	if err != nil {
		return err
	}
	switch {
	case len(edited) > 0 && last.Key == item.Key:
		err = p.keepItem(ctx, item, last, editedByHand(diag.Warning, edited))
	case len(edited) > 0:
		item.State, item.Version = store.Refused, last.Version
		item.Found, err = json.Marshal(diag.Findings{editedByHand(diag.Error, edited)})
	case intact && last.Key == item.Key:
		err = p.keepItem(ctx, item, last)
	}
	return err
}

// keepItem settles an item by the document that stands, with what was found when that was made and more. That its number was made void
// since is told.
func (p *planner) keepItem(ctx context.Context, item *store.Item, last store.Document, more ...diag.Finding) error {
	item.State, item.Version, item.Found = store.Kept, last.Version, last.Found
	if last.NumberKey != "" {
		entry, err := p.Store.Entry(ctx, p.batch.Office, last.NumberKey)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err == nil && entry.State == store.Void {
			more = append(more, numberVoid(entry))
		}
	}
	if len(more) == 0 {
		return nil
	}
	found, err := decode(last.Found)
	if err != nil {
		return err
	}
	item.Found, err = json.Marshal(append(found, more...))
	return err
}

func numberVoid(entry store.Entry) diag.Finding {
	return diag.Finding{
		Severity: diag.Warning, Code: diag.NumberVoid, Where: diag.Place{Field: "so"},
		Message: fmt.Sprintf("số %s của văn bản này đã bị hủy trong sổ đăng ký: %s", entry.Symbol, entry.Reason),
		Hint:    "bỏ tệp dữ liệu ra khỏi lô nếu văn bản không ban hành; nếu còn ban hành thì sửa dữ liệu rồi chạy lại để lấy số khác",
	}
}

// standing looks at files that were made before: whether all are as they were, and which ones a person changed.
func (r results) standing(ctx context.Context, made []store.StoredFile) (intact bool, edited []string, err error) {
	intact = true
	for _, file := range made {
		switch now, err := r.hashOf(ctx, file.Name); {
		case errors.Is(err, fs.ErrNotExist):
			intact = false
		case err != nil:
			return false, nil, err
		case now != file.Hash:
			intact, edited = false, append(edited, file.Name)
		}
	}
	return intact, edited, nil
}

// hashOf returns the SHA-256 of a file in the file store, in hexadecimal.
func (r results) hashOf(ctx context.Context, name string) (string, error) {
	file, err := r.files.Get(ctx, name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func editedByHand(severity diag.Severity, names []string) diag.Finding {
	f := diag.Finding{
		Severity: severity, Code: diag.EditedByHand, Where: diag.Place{File: path.Base(names[0])},
		Message: fmt.Sprintf("“%s” đã được sửa bằng tay sau khi làm nên được giữ nguyên", names[0]),
		Hint:    "chuyển tệp ấy đi chỗ khác rồi chạy lại thì tệp được làm lại",
	}
	if severity == diag.Error {
		f.Message = fmt.Sprintf("dữ liệu đã đổi nhưng “%s” đã được sửa bằng tay nên không ghi đè", names[0])
	}
	return f
}
