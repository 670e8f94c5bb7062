package job

import (
	"cmp"
	"context"
	"errors"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/store"
)

// Status is how far a batch has come.
type Status struct {
	Office   string           `json:"-"` // that may see it
	ID       string           `json:"id"`
	Name     string           `json:"name"`
	State    store.BatchState `json:"state"`
	Created  time.Time        `json:"created"`
	Finished *time.Time       `json:"finished,omitempty"`
	Total    int              `json:"total"`
	Pending  int              `json:"pending"`
	Made     int              `json:"made"`
	Kept     int              `json:"kept"`    // stood already, with the same data
	Refused  int              `json:"refused"` // their data have errors
	Failed   int              `json:"failed"`  // by a fault of the program or the machine
	Skipped  int              `json:"skipped"` // not made when the batch was cancelled
	Findings diag.Findings    `json:"findings,omitempty"`
}

// Entry is a line of the manifest: what became of one unit.
type Entry struct {
	Position int                `json:"position"`
	Name     string             `json:"name"`
	Unit     string             `json:"unit,omitempty"`
	State    store.ItemState    `json:"state"`
	Symbol   string             `json:"symbol,omitempty"`
	Title    string             `json:"title,omitempty"`
	Pages    int                `json:"pages,omitempty"`
	Files    []store.StoredFile `json:"files,omitempty"`
	Findings diag.Findings      `json:"findings,omitempty"`
}

// Status returns how far a batch has come. The error is ErrNotFound where there is none.
func (r *Runner) Status(ctx context.Context, id string) (Status, error) {
	batch, count, err := r.Store.Batch(ctx, id)
	if err != nil {
		return Status{}, notFound(err)
	}
	status := Status{Office: batch.Office, ID: batch.ID, Name: batch.Name, State: batch.State, Created: batch.Created}
	if !batch.Finished.IsZero() {
		status.Finished = &batch.Finished
	}
	status.Pending, status.Made, status.Kept = count[store.Pending], count[store.Made], count[store.Kept]
	status.Refused, status.Failed, status.Skipped = count[store.Refused], count[store.Failed], count[store.Skipped]
	for _, n := range count {
		status.Total += n
	}
	status.Findings, err = decode(batch.Found)
	return status, err
}

// Batches returns the latest batches, the newest first.
func (r *Runner) Batches(ctx context.Context, most int) ([]Status, error) {
	batches, err := r.Store.Batches(ctx, most)
	if err != nil {
		return nil, err
	}
	return r.statuses(ctx, batches)
}

// BatchesOf returns the latest batches of an office, the newest first.
func (r *Runner) BatchesOf(ctx context.Context, office string, most int) ([]Status, error) {
	batches, err := r.Store.BatchesOf(ctx, office, most)
	if err != nil {
		return nil, err
	}
	return r.statuses(ctx, batches)
}

func (r *Runner) statuses(ctx context.Context, batches []store.Batch) (list []Status, err error) {
	list = make([]Status, len(batches))
	for i, batch := range batches {
		if list[i], err = r.Status(ctx, batch.ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Entries returns the lines of the manifest as they are now. Names of files are those in the file store; Folder is how they begin.
func (r *Runner) Entries(ctx context.Context, id string) ([]Entry, error) {
	if _, _, err := r.Store.Batch(ctx, id); err != nil {
		return nil, notFound(err)
	}
	entries := []Entry{}
	for outcome, err := range r.Store.Outcomes(ctx, id) {
		if err != nil {
			return nil, err
		}
		entry := Entry{Position: outcome.Position, Name: outcome.Name, State: outcome.State}
		if entry.Findings, err = decode(outcome.Found); err != nil {
			return nil, err
		}
		if d := outcome.Document; d != nil {
			entry.Unit = d.Unit
			entry.Symbol, entry.Title, entry.Pages, entry.Files = d.Symbol, d.Title, d.Pages, d.Files
		}
		m, err := materialsOf(outcome.Item)
		if err != nil {
			return nil, err
		}
		entry.Unit = cmp.Or(m.Unit, entry.Unit, m.Data.Name)
		entries = append(entries, entry)
	}
	return entries, nil
}

// Summary returns the consolidated report of a batch as a line of the manifest, as Entries does. There is none before the batch is done, nor
// where none was asked for or it could not be made.
func (r *Runner) Summary(ctx context.Context, id string) (entry Entry, there bool, err error) {
	batch, _, err := r.Store.Batch(ctx, id)
	if err != nil {
		return Entry{}, false, notFound(err)
	}
	s, err := settingsOf(batch)
	if err != nil || s.Report == nil || batch.State != store.Done {
		return Entry{}, false, err
	}
	last, err := r.Store.LastDocument(ctx, batch.Folder+summaryStem)
	if errors.Is(err, store.ErrNotFound) {
		return Entry{}, false, nil
	}
	return Entry{
		Name: summaryStem, State: store.Made, Unit: last.Unit, Symbol: last.Symbol, Title: last.Title, Pages: last.Pages, Files: last.Files,
	}, err == nil, err
}
