package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/parallel"
	"vanthu/internal/store"
)

// plan makes the items of a batch and leaves them to the workers. It may be done again.
func (r *Runner) plan(ctx context.Context, batch store.Batch, from fs.FS) (diag.Findings, error) {
	in, found, err := readInput(from)
	if err != nil {
		return nil, err
	}
	if found.Blocking() {
		return found, r.refuse(ctx, batch, found)
	}
	p := planner{Runner: r, batch: batch, in: in, names: newNames()}
	if p.settings, err = settingsOf(batch); err != nil {
		return nil, err
	}
	if p.fingerprint, err = r.refresh(ctx); err != nil {
		return nil, err
	}
	more, err := p.items(ctx)
	if err != nil {
		return nil, err
	}
	if found.Add(more...); found.Blocking() {
		return found, r.refuse(ctx, batch, found)
	}
	p.settings.Found = found
	return found, p.launch(ctx)
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

	fingerprint string // of what documents are made with
}

// items reads all data files. Only what keeps the whole batch from being made is a finding here; each item tells its own.
func (p *planner) items(ctx context.Context) (found diag.Findings, err error) {
	if p.in.summary == "" && p.settings.Summary {
		return diag.Findings{{
			Severity: diag.Error, Code: diag.NoSummaryFile, Message: "chưa có tệp nói nội dung báo cáo tổng hợp (tong-hop.yaml hoặc tong-hop.xlsx)",
			Hint: "tải tệp nhập của loại “Báo cáo tổng hợp năm” (hoặc lệnh vanthu new bao-cao-tong-hop-nam -o tong-hop.yaml), điền rồi để cạnh các tệp dữ liệu; " +
				"hoặc không yêu cầu báo cáo tổng hợp (bỏ --summary)",
		}}, nil
	}
	if found, err = p.shared(ctx); err != nil || found.Blocking() {
		return found, err
	}
	for name, read := range parallel.InOrder(p.in.data, func(name string) reading { return p.read(ctx, name) }) {
		if read.err != nil {
			return nil, fmt.Errorf("%s: %w", name, read.err)
		}
		found.Add(read.found...)
		for _, m := range read.units {
			if err := p.item(ctx, m, read.refused); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// shared reads what is of more than one unit: the profiles and the data file of the summary.
func (p *planner) shared(ctx context.Context) (found diag.Findings, err error) {
	p.profiles = map[string]*kept{}
	for _, name := range slices.Sorted(maps.Values(p.in.profiles)) {
		profile, refused, err := p.keepFrom(ctx, name)
		if err != nil {
			return nil, err
		}
		p.profiles[name] = profile
		found.Add(refused...)
	}
	if p.in.summary == "" || found.Blocking() {
		return found, nil
	}
	data, found, err := p.keepFrom(ctx, p.in.summary)
	if err == nil && !found.Blocking() {
		p.settings.Report = &materials{Data: *data, Digest: data.Hash, Profile: p.profile(p.in.summary)}
	}
	return found, err
}

// reading is what came of one data file: what each of its units is made from, or that it cannot be read.
type reading struct {
	units   []materials
	refused diag.Findings // of the one unit that it stands for
	found   diag.Findings
	err     error
}

func (p *planner) read(ctx context.Context, name string) reading {
	if err := ctx.Err(); err != nil {
		return reading{err: err}
	}
	m := materials{Data: kept{Name: name}, Profile: p.profile(name)}
	file, err := p.in.read(name)
	if err != nil {
		return reading{units: []materials{m}, refused: diag.Findings{unreadable(diag.Error, "tệp", name, err)}}
	}
	data, err := p.keep(ctx, file)
	if err != nil {
		return reading{err: err}
	}
	m.Data = *data
	if before := p.in.previousOf(name); before != "" {
		previous, refused, err := p.keepFrom(ctx, before)
		if err != nil || refused != nil {
			return reading{units: []materials{m}, refused: refused, err: err}
		}
		m.Previous = previous
	}
	return p.divide(ctx, file, m)
}

// divide finds the units of a data file.
func (p *planner) divide(ctx context.Context, file maker.File, m materials) (read reading) {
	units, found, err := p.Maker.Units(ctx, file)
	if crash := (*diag.Panic)(nil); errors.As(err, &crash) { // which its making will tell as the fault of this one
		units, found, err = []maker.Unit{{Digest: m.Data.Hash}}, nil, nil
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
func (p *planner) keepFrom(ctx context.Context, name string) (k *kept, refused diag.Findings, err error) {
	file, err := p.in.read(name)
	if err != nil {
		return nil, diag.Findings{unreadable(diag.Error, "tệp", name, err)}, nil
	}
	k, err = p.keep(ctx, file)
	return k, nil, err
}

func (p *planner) profile(of string) *kept {
	if name := p.in.profileFor(of); name != "" {
		return p.profiles[name]
	}
	return p.settings.Profile
}

// item makes one item. Where nothing has changed since the last time, or its data cannot be read, it is done.
func (p *planner) item(ctx context.Context, m materials, refused diag.Findings) error {
	item := store.Item{
		Batch: p.batch.ID, Position: len(p.planned) + 1, Name: p.names.unique(m.Data.Name, m.Unit),
		Key: m.key(p.settings, p.fingerprint), State: store.Pending,
	}
	var err error
	if item.Order, err = json.Marshal(m); err != nil {
		return err
	}
	if refused != nil {
		item.State = store.Refused
		item.Found, err = json.Marshal(refused)
	} else {
		err = p.compare(ctx, &item)
	}
	p.planned = append(p.planned, item)
	return err
}

// launch takes the numbers of the items that are to be made, keeps the items, and leaves them to the workers. A batch that was cancelled
// meanwhile has either no items, or all that it takes to try it again.
func (p *planner) launch(ctx context.Context) (err error) {
	if p.batch.Settings, err = json.Marshal(p.settings); err != nil {
		return err
	}
	if p.batch.Found, err = json.Marshal(p.settings.Found); err != nil {
		return err
	}
	if err := p.Store.SetBatch(ctx, p.batch); err != nil {
		return err
	}
	now, _, err := p.Store.Batch(ctx, p.batch.ID)
	if err != nil || now.State != store.Planning {
		return err
	}
	if p.settings.Numbers {
		if err := p.takeNumbers(ctx); err != nil {
			return err
		}
	}
	if err := p.Store.AddItems(ctx, p.batch.ID, p.planned); err != nil {
		return err
	}
	p.batch.State = store.Running
	if err := p.Store.SetBatch(ctx, p.batch); err != nil {
		return err
	}
	return p.enqueue(ctx, p.batch)
}

func (p *planner) takeNumbers(ctx context.Context) error {
	var pending []store.Item
	for _, item := range p.planned {
		if item.State == store.Pending {
			pending = append(pending, item)
		}
	}
	return p.Maker.TakeNumbers(ctx, len(pending), func(i int) (maker.Request, error) {
		return p.requestOf(ctx, p.batch, p.settings, pending[i])
	})
}
