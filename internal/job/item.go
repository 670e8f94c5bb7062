package job

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"vanthu/internal/app"
	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/store"
)

// How often a document is tried: after a fault that may pass, such as a full disk, and when the processes that make it keep dying, as
// they do where the document itself kills them.
const (
	mostAttempts = 5
	mostDeaths   = 10
)

// newID names a batch so that nobody guesses it.
func newID() string { return strings.ToLower(rand.Text()) }

// workItem makes one document. It may be done again at any point: the number is the same by its key, the files by their names, and what
// became of the item is said last, in one transaction.
func (r *Runner) workItem(ctx context.Context, job *river.Job[itemJob]) error {
	item, err := r.Store.Item(ctx, job.Args.Batch, job.Args.Position)
	if errors.Is(err, store.ErrNotFound) {
		return river.JobCancel(err)
	}
	if err != nil {
		return err
	}
	var made *store.Document
	if item.State == store.Pending {
		if made, err = r.attempt(ctx, &item, job.Attempt); err != nil {
			return err
		}
	}
	open, err := r.Store.FinishItem(ctx, item, made)
	if err != nil || open {
		return err
	}
	return r.enqueueClose(ctx, item.Batch)
}

// attempt settles an item. An error means that it is to be tried again.
func (r *Runner) attempt(ctx context.Context, item *store.Item, attempt int) (made *store.Document, err error) {
	var found diag.Findings
	if attempt > mostDeaths {
		err = fmt.Errorf("the process was lost %d times", mostDeaths)
	} else {
		made, found, err = r.document(ctx, *item)
	}
	crash := (*app.Panic)(nil)
	switch {
	case err != nil && !errors.As(err, &crash) && attempt < mostAttempts:
		return nil, err
	case err != nil:
		r.Log.ErrorContext(ctx, "item failed", "batch", item.Batch, "position", item.Position, "attempt", attempt, "error", err)
		item.State, item.Fault = store.Failed, err.Error()
		made, found = nil, append(found, givenUp())
	case made == nil:
		item.State = store.Refused
	default:
		item.State = store.Made
	}
	item.Found, err = json.Marshal(found)
	return made, err
}

// givenUp tells a person of a fault that is not theirs.
func givenUp() diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: "fault", Message: "chương trình hoặc máy gặp lỗi khi làm đơn vị này; các đơn vị khác vẫn được làm",
		Hint: "chạy lại; nếu vẫn lỗi, gửi tệp dữ liệu và nhật ký cho người quản trị",
	}
}

// document makes the document of an item and puts its files in their places. It is nil where findings block.
func (r *Runner) document(ctx context.Context, item store.Item) (*store.Document, diag.Findings, error) {
	batch, _, err := r.Store.Batch(ctx, item.Batch)
	if err != nil {
		return nil, nil, err
	}
	var s settings
	var m materials
	if err := errors.Join(json.Unmarshal(batch.Settings, &s), json.Unmarshal(item.Order, &m)); err != nil {
		return nil, nil, err
	}
	request, err := r.request(ctx, batch, s, m)
	if err != nil {
		return nil, nil, err
	}
	result, found, err := r.make(ctx, request)
	if err != nil || found.Blocking() {
		return nil, found, err
	}
	made, err := r.place(ctx, batch.Folder+item.Name, item.Key, result)
	if err != nil {
		return nil, found, err
	}
	if err := r.App.Issue(ctx, result); err != nil {
		return nil, found, err
	}
	made.Data = m.files()
	made.Found, err = json.Marshal(found)
	return made, found, err
}

// request reads what a document is made from.
func (r *Runner) request(ctx context.Context, batch store.Batch, s settings, m materials) (app.Request, error) {
	data, err := r.kept(ctx, &m.Data)
	request := app.Request{File: data, Unit: m.Unit, PDF: s.PDF, XLSX: s.XLSX, Register: s.Numbers, Taken: batch.Created}
	if m.Previous != nil && err == nil {
		var previous app.File
		previous, err = r.kept(ctx, m.Previous)
		request.Previous = &previous
	}
	if m.Profile != nil && err == nil {
		var profile app.File
		profile, err = r.kept(ctx, m.Profile)
		request.Profile = profile.Data
	}
	return request, err
}

func (r *Runner) kept(ctx context.Context, k *kept) (app.File, error) {
	data, err := files.ReadAll(ctx, r.Files, k.stored(), mostBytes+1)
	return app.File{Name: k.Name, Data: data}, err
}

// files are what a document was made from, as the store remembers them.
func (m *materials) files() []store.StoredFile {
	var list []store.StoredFile
	for _, k := range []*kept{&m.Data, m.Previous, m.Profile} {
		if k != nil {
			list = append(list, store.StoredFile{Name: k.stored(), Size: k.Size, Hash: k.Hash})
		}
	}
	return list
}

// make calls the app when a CPU is free: more documents at once would be no faster and take more memory.
func (r *Runner) make(ctx context.Context, request app.Request) (result app.Result, found diag.Findings, err error) {
	err = r.seated(ctx, func() (err error) {
		result, found, err = r.maker(ctx, request)
		return err
	})
	return result, found, err
}

// seated does work that takes a CPU. A panic of what is not the app's is one document's fault too.
func (r *Runner) seated(ctx context.Context, work func() error) (err error) {
	select {
	case r.cpus <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() {
		<-r.cpus
		if value := recover(); value != nil {
			err = &app.Panic{Operation: "job", Value: value, Stack: debug.Stack()}
		}
	}()
	return work()
}

// place puts the files of a document in its folder and takes away those of the version before that have other names.
func (r *Runner) place(ctx context.Context, folder, key string, result app.Result) (*store.Document, error) {
	made := &store.Document{
		Name: folder, Key: key, Kind: result.Kind, Unit: result.Unit, Symbol: result.Symbol, Title: result.Title, Date: result.Date,
		Pages: result.Pages, Made: r.Now().UTC().Truncate(time.Second),
	}
	stem := folder + "/" + result.Name
	for _, output := range []struct {
		name string
		data []byte
	}{{stem + ".docx", result.DOCX}, {stem + ".pdf", result.PDF}, {stem + app.WorkbookEnding, result.XLSX}} {
		if output.data == nil {
			continue
		}
		file, err := r.put(ctx, output.name, output.data)
		if err != nil {
			return nil, err
		}
		made.Files = append(made.Files, file)
	}
	if result.Figures != nil {
		var err error
		if made.Figures, err = json.Marshal(result.Figures); err != nil {
			return nil, err
		}
	}
	return made, r.clear(ctx, folder, made.Files)
}

// put writes a file unless it stands there as it is to be.
func (r *Runner) put(ctx context.Context, name string, data []byte) (store.StoredFile, error) {
	sum := sha256.Sum256(data)
	file := store.StoredFile{Name: name, Size: int64(len(data)), Hash: hex.EncodeToString(sum[:])}
	if now, err := r.hashOf(ctx, name); err == nil && now == file.Hash {
		return file, nil
	}
	return file, files.Write(ctx, r.Files, name, data)
}

// clear takes away the files of the last version of a document that the new one has no more, unless a person changed them.
func (r *Runner) clear(ctx context.Context, document string, now []store.StoredFile) error {
	last, err := r.Store.LastDocument(ctx, document)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, old := range last.Files {
		if slices.ContainsFunc(now, func(f store.StoredFile) bool { return f.Name == old.Name }) {
			continue
		}
		if hash, err := r.hashOf(ctx, old.Name); err != nil || hash != old.Hash {
			continue // gone already, or a person's now
		}
		if err := r.Files.Delete(ctx, old.Name); err != nil {
			return err
		}
	}
	return nil
}

// decode reads findings as the store keeps them.
func decode(found []byte) (list diag.Findings, err error) {
	if len(found) > 0 {
		err = json.Unmarshal(found, &list)
	}
	return list, err
}
