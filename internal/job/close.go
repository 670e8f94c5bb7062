package job

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/riverqueue/river"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/store"
)

// workClose ends a batch of which nothing is pending: the summary, then the manifest, then the word that it is done. A batch that was
// cancelled has a manifest of what it came to.
func (r *Runner) workClose(ctx context.Context, job *river.Job[closeJob]) error {
	batch, before, err := r.Store.Batch(ctx, job.Args.Batch)
	if errors.Is(err, store.ErrNotFound) {
		return river.JobCancel(err)
	}
	if err != nil {
		return err
	}
	if batch.State == store.Cancelled && len(before) > 0 {
		return r.writeManifest(ctx, batch)
	}
	if batch.State != store.Running || before[store.Pending] > 0 {
		return nil
	}
	if err := r.conclude(ctx, &batch, job.Attempt); err != nil {
		return err
	}
	if err := r.writeManifest(ctx, batch); err != nil {
		return err
	}
	_, after, err := r.Store.Batch(ctx, batch.ID)
	if err != nil || !maps.Equal(before, after) { // some were tried again meanwhile: whoever ends the last of them asks for another closing
		return err
	}
	batch.State, batch.Finished = store.Done, r.Now()
	return r.Store.SetBatch(ctx, batch)
}

// conclude makes the summary of a batch that has one, and sets the findings of the batch. An error means that it is to be tried again.
func (r *Runner) conclude(ctx context.Context, batch *store.Batch, attempt int) error {
	s, err := settingsOf(*batch)
	if err != nil {
		return err
	}
	found := slices.Clone(s.Found)
	more, err := r.doubts(ctx, *batch, s)
	if err != nil {
		return err
	}
	found.Add(more...)
	if s.Report != nil {
		more, err := diag.Findings(nil), errLost
		if attempt <= maxDeaths {
			more, err = r.summarise(ctx, *batch, s)
		}
		if err != nil && (ctx.Err() != nil || attempt < maxAttempts && !hopeless(err)) {
			return err
		}
		if err != nil {
			r.Log.ErrorContext(ctx, "summary failed", "batch", batch.ID, "error", err)
			more = append(more, givenUp())
		}
		found.Add(more...)
		if more.Blocking() {
			if _, err := r.Store.LastDocument(ctx, batch.Folder+summaryStem); err == nil {
				found.Add(oldSummary())
			}
		}
	}
	batch.Found, err = json.Marshal(found)
	return err
}

func oldSummary() diag.Finding {
	return diag.Finding{
		Severity: diag.Warning, Code: diag.OldSummary, Message: "báo cáo tổng hợp đang có là của lần trước, không theo số liệu lần này",
		Hint: "sửa lỗi của báo cáo tổng hợp rồi chạy lại; không dùng bản cũ",
	}
}

// summarise makes the consolidated report of the units whose documents stand.
func (r *Runner) summarise(ctx context.Context, batch store.Batch, s settings) (diag.Findings, error) {
	units, err := r.units(ctx, batch, s)
	if err != nil {
		return nil, err
	}
	request, err := r.request(ctx, batch, s, *s.Report)
	if err != nil {
		return nil, err
	}
	fingerprint, err := r.refresh(ctx)
	if err != nil {
		return nil, err
	}
	release, err := r.acquireCPU(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	made, err := within(ctx, maxCloseTime/2, func(ctx context.Context) (answer, error) {
		result, found, err := r.Maker.Summarise(ctx, request, units)
		return answer{result, found}, err
	})
	if err != nil || made.found.Blocking() {
		return made.found, err
	}
	key := s.Report.key(s, fingerprint) // of the report's own data: what the units add shows in the hashes of its files
	document, found, err := r.keepResult(ctx, batch, summaryStem, key, *s.Report, made.result, made.found)
	if err != nil || document == nil {
		return found, err
	}
	return found, r.Store.KeepDocument(ctx, *document)
}

// units returns what the items of a batch add to its summary.
func (r *Runner) units(ctx context.Context, batch store.Batch, s settings) (units []maker.UnitFigures, err error) {
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
	return units, nil
}

// figures returns what a unit adds to the summary: its name alone where nothing was made of it.
func (r *Runner) figures(ctx context.Context, batch store.Batch, s settings, outcome store.Outcome) (unit maker.UnitFigures, err error) {
	if d := outcome.Document; d != nil {
		unit.Name, unit.Symbol = d.Unit, d.Symbol
		if len(d.Figures) > 0 {
			err = json.Unmarshal(d.Figures, &unit.Figures)
		}
		return unit, err
	}
	m, err := materialsOf(outcome.Item)
	if err != nil {
		return unit, err
	}
	if m.Data.Hash != "" {
		unit.Name, err = r.issuer(ctx, batch, s, m)
	}
	unit.Name = cmp.Or(unit.Name, outcome.Name)
	return unit, err
}

// issuer returns the name of the body that a data file speaks for, empty where that is not to be found out.
func (r *Runner) issuer(ctx context.Context, batch store.Batch, s settings, m materials) (name string, err error) {
	request, err := r.request(ctx, batch, s, m)
	if err != nil {
		return "", err
	}
	release, err := r.acquireCPU(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	name, err = within(ctx, r.Longest, func(context.Context) (string, error) { return r.Maker.Issuer(request) })
	if hopeless(err) {
		err = nil
	}
	return name, err
}
