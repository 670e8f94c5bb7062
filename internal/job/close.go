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

// closing is a batch whose items are all settled.
type closing struct {
	*Runner
	batch    store.Batch
	settings settings
}

// conclude makes the summary of a batch that has one, and sets the findings of the batch. An error means that it is to be tried again.
func (r *Runner) conclude(ctx context.Context, batch *store.Batch, attempt int) error {
	s, err := settingsOf(*batch)
	if err != nil {
		return err
	}
	c := &closing{r, *batch, s}
	found := slices.Clone(s.Found)
	more, err := c.doubts(ctx)
	if err != nil {
		return err
	}
	found.Add(more...)
	if s.Report != nil {
		more, err := diag.Findings(nil), errLost
		if attempt <= maxDeaths {
			more, err = c.summarise(ctx)
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
func (c *closing) summarise(ctx context.Context) (diag.Findings, error) {
	units, err := c.units(ctx)
	if err != nil {
		return nil, err
	}
	request, err := c.request(ctx, c.batch, c.settings, *c.settings.Report)
	if err != nil {
		return nil, err
	}
	fingerprint, err := c.refresh(ctx)
	if err != nil {
		return nil, err
	}
	release, err := c.acquireCPU(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	made, err := within(ctx, maxCloseTime/2, func(ctx context.Context) (answer, error) {
		result, found, err := c.Maker.Summarise(ctx, request, units)
		return answer{result, found}, err
	})
	if err != nil || made.found.Blocking() {
		return made.found, err
	}
	key := c.settings.Report.key(c.settings, fingerprint) // of the report's own data: what the units add shows in the hashes of its files
	document, found, err := c.keepResult(ctx, c.batch, summaryStem, key, *c.settings.Report, made.result, made.found)
	if err != nil || document == nil {
		return found, err
	}
	return found, c.Store.KeepDocument(ctx, *document)
}

// units returns what the items of a batch add to its summary.
func (c *closing) units(ctx context.Context) (units []maker.UnitFigures, err error) {
	for outcome, err := range c.Store.Outcomes(ctx, c.batch.ID) {
		if err != nil {
			return nil, err
		}
		unit, err := c.figures(ctx, outcome)
		if err != nil {
			return nil, err
		}
		units = append(units, unit)
	}
	return units, nil
}

// figures returns what a unit adds to the summary: its name alone where nothing was made of it.
func (c *closing) figures(ctx context.Context, outcome store.Outcome) (unit maker.UnitFigures, err error) {
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
		unit.Name, err = c.issuer(ctx, m)
	}
	unit.Name = cmp.Or(unit.Name, outcome.Name)
	return unit, err
}

// issuer returns the name of the body that a data file speaks for, empty where that is not to be found out.
func (c *closing) issuer(ctx context.Context, m materials) (name string, err error) {
	request, err := c.request(ctx, c.batch, c.settings, m)
	if err != nil {
		return "", err
	}
	release, err := c.acquireCPU(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	name, err = within(ctx, c.Longest, func(context.Context) (string, error) { return c.Maker.Issuer(request) })
	if hopeless(err) {
		err = nil
	}
	return name, err
}
