package job

import (
	"cmp"
	"context"
	"crypto/rand"
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
	"vanthu/internal/maker"
	"vanthu/internal/store"
)

// Order asks for a batch.
type Order struct {
	Office  string // the ID of the office whose batch it is; empty for a service without any
	Key     string // chosen by whoever asks; the same key gets the same batch; empty for a new one
	Name    string // of the input, as a person calls it: "cuoi-nam-2026"
	Folder  string // of the results in the file store, "" or ending in a stroke; OwnFolder for one of the batch's own
	PDF     bool
	XLSX    bool
	Summary bool   // refuse an input without the data file tong-hop, from which the consolidated report is made
	Numbers bool   // take numbers from the register for documents that have none
	Profile []byte // the don-vi.yaml of units that the input gives none, or nil for that of the office
	Digest  string // of all that was sent with a Key, where it can be sent again; empty to take whatever comes with it for the same
}

// OwnFolder gives a batch a folder that no other has.
const OwnFolder = "*"

// Folders of the file store that are none of the documents'.
const (
	stateFolder  = ".vanthu/"
	dataFolder   = files.ContentFolder      // data files by their SHA-256
	uploadFolder = stateFolder + "dau-vao/" // inputs that are still to be planned
	batchFolder  = "lo/"                    // folders of batches that have one of their own
)

// settings are what a batch has to remember of its order.
type settings struct {
	PDF     bool          `json:"pdf"`
	XLSX    bool          `json:"xlsx"`
	Summary bool          `json:"summary"`
	Numbers bool          `json:"numbers"`
	Profile *kept         `json:"profile,omitempty"` // of units that the input gives none
	Sent    string        `json:"sent,omitempty"`    // digest of the order
	Report  *materials    `json:"report,omitempty"`  // the data file of the summary
	Found   diag.Findings `json:"found,omitempty"`   // about the input; those about the summary are of each closing
	Round   int           `json:"round,omitempty"`   // how often the batch was tried again
}

func settingsOf(batch store.Batch) (s settings, err error) {
	if err := json.Unmarshal(batch.Settings, &s); err != nil {
		return settings{}, fmt.Errorf("settings of batch %s: %w", batch.ID, err)
	}
	return s, nil
}

// kept is a file that a person gave: its name, and the name of its bytes in the file store.
type kept struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Hash string `json:"hash"` // SHA-256, in hexadecimal; empty of a file that could not be read
}

func (k *kept) stored() string { return dataFolder + k.Hash }

// materials are what a document is made from.
type materials struct {
	Data     kept   `json:"data"`
	Unit     string `json:"unit,omitempty"`
	Digest   string `json:"digest"` // of what the data say of the unit
	Previous *kept  `json:"previous,omitempty"`
	Profile  *kept  `json:"profile,omitempty"`
}

// key returns a digest of all that the files of a document follow from.
func (m *materials) key(s settings, fingerprint string) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\x00%s\x00%t %t %t\x00", fingerprint, m.Digest, s.PDF, s.XLSX, s.Numbers)
	for _, k := range []*kept{m.Previous, m.Profile} {
		if k != nil {
			sum.Write([]byte(k.Hash))
		}
		sum.Write([]byte{0})
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// files returns what a document was made from, as the store remembers them.
func (m *materials) files() []store.StoredFile {
	var list []store.StoredFile
	for _, k := range []*kept{&m.Data, m.Previous, m.Profile} {
		if k != nil {
			list = append(list, store.StoredFile{Name: k.stored(), Size: k.Size, Hash: k.Hash})
		}
	}
	return list
}

// Submit plans a batch at once from a folder or a ZIP file (OpenZIP) and leaves it to the workers. Every data file is a unit, or has many:
// a workbook with one row or one sheet a unit; ky-truoc/NAME is that of the period before of NAME; don-vi.yaml the profile of all
// files of its folder and those below; tong-hop.yaml or .xlsx the summary. It takes the place of unfinished batches with the same
// folder. Findings that block keep all from being made.
func (r *Runner) Submit(ctx context.Context, order Order, from fs.FS) (id string, found diag.Findings, err error) {
	batch, fresh, err := r.begin(ctx, order)
	if err != nil {
		return "", nil, fmt.Errorf("job: submit: %w", err)
	}
	if !fresh {
		return batch.ID, nil, nil
	}
	found, err = r.plan(ctx, batch, from)
	if err != nil { // nobody else can plan it
		err = errors.Join(err, r.Store.CancelBatch(context.WithoutCancel(ctx), batch.ID, r.Now()))
		return "", nil, fmt.Errorf("job: submit: %w", err)
	}
	return batch.ID, found, nil
}

// begin keeps the batch of an order, in place of those that a process which was killed left unfinished.
func (r *Runner) begin(ctx context.Context, order Order) (batch store.Batch, fresh bool, err error) {
	if batch, err = r.newBatch(ctx, order); err != nil {
		return store.Batch{}, false, err
	}
	batch, fresh, err = r.Store.AddBatch(ctx, batch)
	if errors.Is(err, store.ErrExists) {
		err = ErrKeyUsed
	}
	if err != nil || !fresh {
		return batch, false, err
	}
	return batch, true, r.supersede(ctx, batch)
}

// supersede cancels the other unfinished batches that write to the same folder. Of two that begin at the same moment none may be left.
func (r *Runner) supersede(ctx context.Context, batch store.Batch) error {
	others, err := r.Store.Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.Folder == batch.Folder && other.ID != batch.ID {
			if err := r.Store.CancelBatch(ctx, other.ID, r.Now()); err != nil {
				return err
			}
		}
	}
	return nil
}

// SubmitFile keeps a ZIP file or a data file of many units, which a worker will plan. fresh is false where the key has a batch already; the
// error is ErrKeyUsed where that has another digest or office.
func (r *Runner) SubmitFile(ctx context.Context, order Order, name string, data io.Reader, size int64) (id string, fresh bool, err error) {
	batch, err := r.newBatch(ctx, order)
	if err != nil {
		return "", false, fmt.Errorf("job: submit: %w", err)
	}
	batch.Input = uploadFolder + batch.ID + strings.ToLower(path.Ext(name))
	if err := r.Files.Put(ctx, batch.Input, data, size); err != nil {
		return "", false, fmt.Errorf("job: submit: %w", err)
	}
	kept, fresh, err := r.Store.AddBatch(ctx, batch)
	if errors.Is(err, store.ErrExists) {
		err = errors.Join(ErrKeyUsed, r.Files.Delete(ctx, batch.Input))
	}
	if err == nil && !fresh {
		err = cmp.Or(r.Files.Delete(ctx, batch.Input), sameOrder(kept, order))
	}
	if err == nil && kept.State == store.Planning { // not fresh either, where whoever sent it first was killed here
		err = r.insert(ctx, planJob{kept.ID})
	}
	if err != nil {
		return "", false, fmt.Errorf("job: submit: %w", err)
	}
	return kept.ID, fresh, nil
}

// sameOrder returns ErrKeyUsed where a batch is of another order.
func sameOrder(batch store.Batch, order Order) error {
	s, err := settingsOf(batch)
	if err == nil && s.Sent != order.Digest {
		err = ErrKeyUsed
	}
	return err
}

// newBatch returns the batch of an order. Its name is so that nobody guesses it.
func (r *Runner) newBatch(ctx context.Context, order Order) (store.Batch, error) {
	batch := store.Batch{
		ID: strings.ToLower(rand.Text()), Office: order.Office, Key: order.Key, Name: order.Name, Folder: order.Folder, State: store.Planning,
		Created: r.Now().UTC().Truncate(time.Second),
	}
	if batch.Key == "" {
		batch.Key = batch.ID
	}
	if batch.Folder == OwnFolder {
		batch.Folder = batchFolder + batch.ID + "/"
	}
	s := settings{PDF: order.PDF, XLSX: order.XLSX, Summary: order.Summary, Numbers: order.Numbers, Sent: order.Digest}
	profile, err := r.profile(ctx, order)
	if err != nil {
		return store.Batch{}, err
	}
	if profile != nil {
		if s.Profile, err = r.keep(ctx, maker.File{Name: profileName, Data: profile}); err != nil {
			return store.Batch{}, err
		}
	}
	batch.Settings, err = json.Marshal(s)
	return batch, err
}

// profile returns the don-vi.yaml of units that the input gives none: that of the order, of its office, of the Config. It is kept with the batch,
// for a worker elsewhere knows none, and so that what is made of a batch does not change while it runs.
func (r *Runner) profile(ctx context.Context, order Order) ([]byte, error) {
	if order.Profile != nil {
		return order.Profile, nil
	}
	profile, err := r.Maker.Office.Profile(ctx, order.Office)
	if profile == nil && order.Office == "" {
		profile = r.Profile
	}
	return profile, err
}

// keep puts a data file into the file store, under its hash, unless it is there.
func (r *Runner) keep(ctx context.Context, file maker.File) (*kept, error) {
	hash, err := files.PutContent(ctx, r.Files, file.Data)
	return &kept{Name: file.Name, Size: int64(len(file.Data)), Hash: hash}, err
}

// file returns a data file back.
func (r *Runner) file(ctx context.Context, k *kept) (maker.File, error) {
	data, err := files.ReadAll(ctx, r.Files, k.stored(), maxBytes+1)
	return maker.File{Name: k.Name, Data: data}, err
}

// request returns what a document is asked for with.
func (r *Runner) request(ctx context.Context, batch store.Batch, s settings, m materials) (maker.Request, error) {
	data, err := r.file(ctx, &m.Data)
	request := maker.Request{
		File: data, Unit: m.Unit, PDF: s.PDF, XLSX: s.XLSX, Office: batch.Office, Register: s.Numbers, Taken: batch.Created,
	}
	if m.Previous != nil && err == nil {
		var previous maker.File
		previous, err = r.file(ctx, m.Previous)
		request.Previous = &previous
	}
	if m.Profile != nil && err == nil {
		var profile maker.File
		profile, err = r.file(ctx, m.Profile)
		request.Profile = profile.Data
	}
	return request, err
}

// requestOf returns what the document of an item is asked for with. A document that has a number of the register keeps it, whatever is mended
// in its data.
func (r *Runner) requestOf(ctx context.Context, batch store.Batch, s settings, item store.Item) (maker.Request, error) {
	m, err := materialsOf(item)
	if err != nil {
		return maker.Request{}, err
	}
	request, err := r.request(ctx, batch, s, m)
	if err != nil || !s.Numbers {
		return request, err
	}
	last, err := r.Store.LastDocument(ctx, batch.Folder+item.Name)
	if errors.Is(err, store.ErrNotFound) {
		return request, nil
	}
	request.NumberKey = last.NumberKey
	return request, err
}

// materialsOf returns what an item is made from.
func materialsOf(item store.Item) (m materials, err error) {
	if err := json.Unmarshal(item.Order, &m); err != nil {
		return materials{}, fmt.Errorf("order of item %d of batch %s: %w", item.Position, item.Batch, err)
	}
	return m, nil
}
