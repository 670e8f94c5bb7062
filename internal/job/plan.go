package job

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/riverqueue/river"

	"vanthu/internal/app"
	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/parallel"
	"vanthu/internal/store"
)

// Order asks for a batch.
type Order struct {
	Key     string // chosen by whoever asks; the same key gets the same batch; empty for a new one
	Name    string // of the input, as a person calls it: "cuoi-nam-2026"
	Folder  string // of the results in the file store, "" or ending in a stroke; OwnFolder for one of the batch's own
	PDF     bool
	XLSX    bool
	Summary bool   // make the consolidated report of all units, from the data file tong-hop of the input
	Numbers bool   // take numbers from the register for documents that have none
	Profile []byte // the don-vi.yaml of units that the input gives none, or nil
}

// OwnFolder gives a batch a folder that no other has.
const OwnFolder = "*"

// Folders of the file store that are none of the documents'.
const (
	stateFolder  = ".vanthu/"
	dataFolder   = stateFolder + "du-lieu/" // data files by their SHA-256
	uploadFolder = stateFolder + "dau-vao/" // inputs that are still to be planned
	batchFolder  = "lo/"                    // folders of batches that have one of their own
)

// settings are what a batch has to remember of its order.
type settings struct {
	PDF     bool       `json:"pdf"`
	XLSX    bool       `json:"xlsx"`
	Summary bool       `json:"summary"`
	Numbers bool       `json:"numbers"`
	Profile *kept      `json:"profile,omitempty"` // of units that the input gives none
	Report  *materials `json:"report,omitempty"`  // the data file of the summary
}

// kept is a file that a person gave: its name, and the name of its bytes in the file store.
type kept struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Hash string `json:"hash"` // SHA-256, in hexadecimal
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

// key is a digest of all that the files of a document follow from.
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

// Submit plans a batch at once from a folder or a ZIP file and leaves it to the workers. Every data file is a unit, or has many: a
// workbook with one row or one sheet a unit; ky-truoc/NAME is that of the period before of NAME; don-vi.yaml the profile of all
// files of its folder and those below; tong-hop.yaml or .xlsx the summary. It takes the place of an unfinished batch with the same
// folder. Findings that block keep all from being made.
func (r *Runner) Submit(ctx context.Context, order Order, from fs.FS) (id string, found diag.Findings, err error) {
	batch, err := r.newBatch(ctx, order)
	if err != nil {
		return "", nil, fmt.Errorf("job: submit: %w", err)
	}
	if err := r.supersede(ctx, batch); err != nil {
		return "", nil, fmt.Errorf("job: submit: %w", err)
	}
	if _, _, err := r.Store.AddBatch(ctx, batch); err != nil {
		return "", nil, fmt.Errorf("job: submit: %w", err)
	}
	found, err = r.plan(ctx, batch, from)
	if err != nil {
		return "", nil, fmt.Errorf("job: submit: %w", err)
	}
	return batch.ID, found, nil
}

// SubmitFile keeps a ZIP file or a data file of many units, which a worker will plan. fresh is false where the key has a batch already.
func (r *Runner) SubmitFile(ctx context.Context, order Order, name string, data io.Reader, size int64) (id string, fresh bool, err error) {
	batch, err := r.newBatch(ctx, order)
	if err != nil {
		return "", false, fmt.Errorf("job: submit: %w", err)
	}
	batch.Input = uploadFolder + batch.ID + path.Ext(name)
	if err := r.Files.Put(ctx, batch.Input, data, size); err != nil {
		return "", false, fmt.Errorf("job: submit: %w", err)
	}
	kept, fresh, err := r.Store.AddBatch(ctx, batch)
	if err != nil {
		return "", false, fmt.Errorf("job: submit: %w", err)
	}
	if !fresh {
		return kept.ID, false, r.Files.Delete(ctx, batch.Input)
	}
	if _, err := r.queue.Insert(ctx, planJob{batch.ID}, insertion(firstPriority)); err != nil {
		return "", false, fmt.Errorf("job: submit: %w", err)
	}
	return batch.ID, true, nil
}

// newBatch is the batch of an order.
func (r *Runner) newBatch(ctx context.Context, order Order) (store.Batch, error) {
	batch := store.Batch{ID: newID(), Key: order.Key, Name: order.Name, Folder: order.Folder, State: store.Planning, Created: r.Now().UTC().Truncate(time.Second)}
	if batch.Key == "" {
		batch.Key = batch.ID
	}
	if batch.Folder == OwnFolder {
		batch.Folder = batchFolder + batch.ID + "/"
	}
	s := settings{PDF: order.PDF, XLSX: order.XLSX, Summary: order.Summary, Numbers: order.Numbers}
	var err error
	if order.Profile != nil {
		if s.Profile, err = r.keep(ctx, app.File{Name: profileName, Data: order.Profile}); err != nil {
			return store.Batch{}, err
		}
	}
	batch.Settings, err = json.Marshal(s)
	return batch, err
}

// supersede cancels the unfinished batches that write to the same folder: a process that was killed left them.
func (r *Runner) supersede(ctx context.Context, batch store.Batch) error {
	const latest = 100
	others, err := r.Store.Batches(ctx, latest)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.Folder == batch.Folder && (other.State == store.Planning || other.State == store.Running) {
			if err := r.Store.CancelBatch(ctx, other.ID, r.Now()); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep puts a data file into the file store, under its hash, unless it is there.
func (r *Runner) keep(ctx context.Context, file app.File) (*kept, error) {
	sum := sha256.Sum256(file.Data)
	k := &kept{Name: file.Name, Size: int64(len(file.Data)), Hash: hex.EncodeToString(sum[:])}
	there, err := r.Files.Get(ctx, k.stored())
	if err == nil {
		return k, there.Close()
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return k, files.Write(ctx, r.Files, k.stored(), file.Data)
}

// workPlan plans a batch from the file that was sent.
func (r *Runner) workPlan(ctx context.Context, job *river.Job[planJob]) error {
	batch, _, err := r.Store.Batch(ctx, job.Args.Batch)
	if err != nil || batch.State != store.Planning {
		return err
	}
	err = r.planUpload(ctx, batch)
	if err != nil && job.Attempt >= mostAttempts {
		r.Log.ErrorContext(ctx, "plan given up", "batch", batch.ID, "error", err)
		return r.refuse(ctx, batch, diag.Findings{givenUp()})
	}
	return err
}

func (r *Runner) planUpload(ctx context.Context, batch store.Batch) error {
	from, closing, err := r.openUpload(ctx, batch)
	if err != nil {
		return err
	}
	defer closing()
	if _, err := r.plan(ctx, batch, from); err != nil {
		return err
	}
	return r.Files.Delete(ctx, batch.Input)
}

// openUpload copies the file that was sent to this machine, for a ZIP file is read here and there, and opens it.
func (r *Runner) openUpload(ctx context.Context, batch store.Batch) (from fs.FS, closing func(), err error) {
	sent, err := r.Files.Get(ctx, batch.Input)
	if err != nil {
		return nil, nil, err
	}
	defer sent.Close()
	local, err := os.CreateTemp("", "vanthu-*")
	if err != nil {
		return nil, nil, err
	}
	closing = func() {
		local.Close()
		os.Remove(local.Name())
	}
	size, err := io.Copy(local, sent)
	if err == nil {
		from, err = openLocal(local, size, batch)
	}
	if err != nil {
		closing()
		return nil, nil, err
	}
	return from, closing, nil
}

// openLocal tells a ZIP file of data files from a data file: a workbook is a ZIP file too.
func openLocal(local *os.File, size int64, batch store.Batch) (fs.FS, error) {
	archive, err := zip.NewReader(local, size)
	if err == nil {
		if _, err := fs.Stat(archive, "[Content_Types].xml"); errors.Is(err, fs.ErrNotExist) {
			return archive, nil
		}
	}
	data := make([]byte, min(size, mostBytes+1))
	if _, err := local.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	name := batch.Name
	if path.Ext(name) == "" {
		name += path.Ext(batch.Input)
	}
	return OneFile(name, data)
}

// plan makes the items of a batch and gives them to the workers. It may be done again.
func (r *Runner) plan(ctx context.Context, batch store.Batch, from fs.FS) (diag.Findings, error) {
	in, found, err := readInput(from)
	if err != nil {
		return nil, err
	}
	if found.Blocking() {
		return found, r.refuse(ctx, batch, found)
	}
	p := planner{Runner: r, batch: batch, in: in, names: names{}}
	if err := json.Unmarshal(batch.Settings, &p.settings); err != nil {
		return nil, err
	}
	found, err = p.items(ctx)
	if err != nil {
		return nil, err
	}
	if found.Blocking() {
		return found, r.refuse(ctx, batch, found)
	}
	return found, p.launch(ctx, found)
}

// refuse ends a batch of which nothing can be made.
func (r *Runner) refuse(ctx context.Context, batch store.Batch, found diag.Findings) (err error) {
	if batch.Found, err = json.Marshal(found); err != nil {
		return err
	}
	batch.State, batch.Finished = store.Done, r.Now()
	return r.Store.SetBatch(ctx, batch)
}

// planner makes the items of one batch.
type planner struct {
	*Runner
	batch    store.Batch
	settings settings
	in       input
	names    names
	profiles map[string]*kept // by their names
	planned  []store.Item
	orders   []materials // of planned
}

// items reads all data files. Only what keeps the whole batch from being made is a finding here; each item tells its own.
func (p *planner) items(ctx context.Context) (found diag.Findings, err error) {
	if err := p.readProfiles(ctx); err != nil {
		return nil, err
	}
	if p.settings.Summary {
		if p.in.summary == "" {
			return diag.Findings{{
				Severity: diag.Error, Code: "no-summary-file", Message: "chưa có tệp nói nội dung báo cáo tổng hợp (tong-hop.yaml hoặc tong-hop.xlsx)",
				Hint: "lấy tệp mẫu: vanthu new bao-cao-tong-hop-nam -o tong-hop.yaml, điền rồi để cạnh các tệp dữ liệu; hoặc bỏ --summary",
			}}, nil
		}
		if p.settings.Report, err = p.report(ctx); err != nil {
			return nil, err
		}
	}
	for name, read := range parallel.InOrder(p.in.data, func(name string) reading { return p.read(ctx, name) }) {
		if read.err != nil {
			return nil, fmt.Errorf("%s: %w", name, read.err)
		}
		found.Add(read.found...)
		for _, m := range read.units {
			if err := p.item(ctx, m); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// report is what the summary is made from.
func (p *planner) report(ctx context.Context) (*materials, error) {
	data, err := p.keepFrom(ctx, p.in.summary)
	if err != nil {
		return nil, err
	}
	return &materials{Data: *data, Digest: data.Hash, Profile: p.profile(p.in.summary)}, nil
}

// reading is what came of one data file: what each of its units is made from.
type reading struct {
	units []materials
	found diag.Findings
	err   error
}

func (p *planner) read(ctx context.Context, name string) (read reading) {
	var file app.File
	if file, read.err = p.in.read(name); read.err != nil {
		return read
	}
	m := materials{Profile: p.profile(name)}
	data, err := p.keep(ctx, file)
	if err != nil {
		return reading{err: err}
	}
	m.Data = *data
	if before := p.in.previousOf(name); before != "" {
		if m.Previous, err = p.keepFrom(ctx, before); err != nil {
			return reading{err: err}
		}
	}
	units, found, err := p.App.Units(ctx, file)
	if crash := (*app.Panic)(nil); errors.As(err, &crash) { // which its making will tell as the fault of this one
		units, found, err = []app.Unit{{Digest: data.Hash}}, nil, nil
	}
	if err != nil {
		return reading{err: err}
	}
	if !found.Blocking() { // else its making tells it
		read.found = found
	}
	for _, unit := range units {
		m.Unit, m.Digest = unit.Name, unit.Digest
		read.units = append(read.units, m)
	}
	return read
}

// keepFrom keeps a file of the input.
func (p *planner) keepFrom(ctx context.Context, name string) (*kept, error) {
	file, err := p.in.read(name)
	if err != nil {
		return nil, err
	}
	return p.keep(ctx, file)
}

func (p *planner) readProfiles(ctx context.Context) (err error) {
	p.profiles = map[string]*kept{}
	for _, name := range p.in.profiles {
		if p.profiles[name], err = p.keepFrom(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (p *planner) profile(of string) *kept {
	if name := p.in.profileFor(of); name != "" {
		return p.profiles[name]
	}
	return p.settings.Profile
}

// item makes one item. Where nothing has changed since the last time, it is done.
func (p *planner) item(ctx context.Context, m materials) error {
	item := store.Item{
		Batch: p.batch.ID, Position: len(p.planned) + 1, Name: p.names.unique(m.Data.Name, m.Unit),
		Key: m.key(p.settings, p.fingerprint), State: store.Pending,
	}
	var err error
	if item.Order, err = json.Marshal(m); err != nil {
		return err
	}
	last, err := p.Store.LastDocument(ctx, p.batch.Folder+item.Name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil {
		if err := p.compare(ctx, &item, last); err != nil {
			return err
		}
	}
	p.planned, p.orders = append(p.planned, item), append(p.orders, m)
	return nil
}

// launch keeps the items, takes their numbers, and gives those that are to be made to the workers.
func (p *planner) launch(ctx context.Context, found diag.Findings) error {
	var err error
	if p.batch.Settings, err = json.Marshal(p.settings); err != nil {
		return err
	}
	if p.batch.Found, err = json.Marshal(found); err != nil {
		return err
	}
	p.batch.State = store.Running
	if err := p.Store.AddItems(ctx, p.batch.ID, p.planned); err != nil {
		return err
	}
	var pending []int
	var orders []materials
	for i, item := range p.planned {
		if item.State == store.Pending {
			pending, orders = append(pending, item.Position), append(orders, p.orders[i])
		}
	}
	if p.settings.Numbers {
		err := p.App.TakeNumbers(ctx, len(orders), func(i int) (app.Request, error) {
			return p.request(ctx, p.batch, p.settings, orders[i])
		})
		if err != nil {
			return err
		}
	}
	if err := p.Store.SetBatch(ctx, p.batch); err != nil {
		return err
	}
	return p.enqueue(ctx, p.batch.ID, pending)
}

// resume gives unfinished batches to the workers again: after a restore nothing else knows of them. Jobs that are there stay.
func (r *Runner) resume(ctx context.Context) error {
	const latest = 1000
	batches, err := r.Store.Batches(ctx, latest)
	if err != nil {
		return err
	}
	for _, batch := range batches {
		switch {
		case batch.State == store.Planning && batch.Input != "":
			_, err = r.queue.Insert(ctx, planJob{batch.ID}, insertion(firstPriority))
		case batch.State == store.Running:
			var pending []int
			for outcome, err := range r.Store.Outcomes(ctx, batch.ID) {
				if err != nil {
					return err
				}
				if outcome.State == store.Pending {
					pending = append(pending, outcome.Position)
				}
			}
			err = r.enqueue(ctx, batch.ID, pending)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
