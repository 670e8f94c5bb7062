package job

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/riverqueue/river"

	"vanthu/internal/app"
	"vanthu/internal/diag"
	"vanthu/internal/store"
)

// workClose ends a batch of which nothing is pending: the summary, then the manifest, then the word that it is done.
func (r *Runner) workClose(ctx context.Context, job *river.Job[closeJob]) error {
	batch, count, err := r.Store.Batch(ctx, job.Args.Batch)
	if errors.Is(err, store.ErrNotFound) {
		return river.JobCancel(err)
	}
	if err != nil || batch.State != store.Running || count[store.Pending] > 0 {
		return err
	}
	var s settings
	if err := json.Unmarshal(batch.Settings, &s); err != nil {
		return err
	}
	found, err := decode(batch.Found)
	if err != nil {
		return err
	}
	if s.Report != nil {
		more, err := r.summarise(ctx, batch, s)
		crash := (*app.Panic)(nil)
		if err != nil && !errors.As(err, &crash) && job.Attempt < mostAttempts {
			return err
		}
		if err != nil {
			r.Log.ErrorContext(ctx, "summary failed", "batch", batch.ID, "error", err)
			more = append(more, givenUp())
		}
		for _, f := range more {
			if !slices.Contains(found, f) { // told already when the batch was closed before
				found.Add(f)
			}
		}
	}
	if batch.Found, err = json.Marshal(found); err != nil {
		return err
	}
	if err := r.writeManifest(ctx, batch); err != nil {
		return err
	}
	batch.State, batch.Finished = store.Done, r.Now()
	return r.Store.SetBatch(ctx, batch)
}

// summarise makes the consolidated report of the units whose documents stand.
func (r *Runner) summarise(ctx context.Context, batch store.Batch, s settings) (diag.Findings, error) {
	var units []app.UnitFigures
	for outcome, err := range r.Store.Outcomes(ctx, batch.ID) {
		if err != nil {
			return nil, err
		}
		unit, err := r.figures(ctx, batch, s, outcome)
		if err != nil {
			return nil, err
		}
		units = append(units, unit)
	}
	request, err := r.request(ctx, batch, s, *s.Report)
	if err != nil {
		return nil, err
	}
	key := s.Report.key(s, r.fingerprint) // files that stand are compared by their hashes
	folder := batch.Folder + summaryStem
	last, err := r.Store.LastDocument(ctx, folder)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if err == nil {
		_, edited, err := r.standing(ctx, last.Files)
		if err != nil {
			return nil, err
		}
		if len(edited) > 0 {
			return diag.Findings{editedByHand(diag.Error, edited)}, nil
		}
	}
	var result app.Result
	var found diag.Findings
	err = r.seated(ctx, func() (err error) {
		result, found, err = r.App.Summarise(ctx, request, units)
		return err
	})
	if err != nil || found.Blocking() {
		return found, err
	}
	made, err := r.place(ctx, folder, key, result)
	if err != nil {
		return found, err
	}
	if err := r.App.Issue(ctx, result); err != nil {
		return found, err
	}
	made.Data = s.Report.files()
	if made.Found, err = json.Marshal(found); err != nil {
		return found, err
	}
	return found, r.Store.KeepDocument(ctx, *made)
}

// figures are what a unit adds to the summary: its name alone where nothing was made of it.
func (r *Runner) figures(ctx context.Context, batch store.Batch, s settings, outcome store.Outcome) (unit app.UnitFigures, err error) {
	if d := outcome.Document; d != nil {
		unit.Name, unit.Symbol = d.Unit, d.Symbol
		if len(d.Figures) > 0 {
			err = json.Unmarshal(d.Figures, &unit.Figures)
		}
		return unit, err
	}
	var m materials
	if err := json.Unmarshal(outcome.Order, &m); err != nil {
		return unit, err
	}
	request, err := r.request(ctx, batch, s, m)
	if err != nil {
		return unit, err
	}
	err = r.seated(ctx, func() (err error) {
		unit.Name, err = r.App.Issuer(request)
		return err
	})
	if crash := (*app.Panic)(nil); errors.As(err, &crash) {
		err = nil
	}
	unit.Name = cmp.Or(unit.Name, outcome.Name)
	return unit, err
}
