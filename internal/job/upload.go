package job

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/riverqueue/river"

	"vanthu/internal/diag"
	"vanthu/internal/store"
)

// workPlan plans a batch from the file that was sent, and then takes that away.
func (r *Runner) workPlan(ctx context.Context, job *river.Job[planJob]) error {
	batch, _, err := r.Store.Batch(ctx, job.Args.Batch)
	if errors.Is(err, store.ErrNotFound) {
		return river.JobCancel(err)
	}
	if err != nil {
		return err
	}
	switch batch.State {
	case store.Planning:
		err = r.planUpload(ctx, batch, job.Attempt)
	case store.Running: // planned by a process that was killed before it could say more
		err = r.enqueue(ctx, batch)
	}
	if err != nil {
		return err
	}
	return r.Files.Delete(ctx, batch.Input)
}

// planUpload plans a batch, or refuses it when that fails time and again. An error means that it is to be tried again.
func (r *Runner) planUpload(ctx context.Context, batch store.Batch, attempt int) error {
	err := errLost
	if attempt <= maxDeaths {
		err = r.planFile(ctx, batch)
	}
	if err == nil || ctx.Err() != nil || attempt < maxAttempts && !hopeless(err) {
		return err
	}
	r.Log.ErrorContext(ctx, "plan given up", "batch", batch.ID, "error", err)
	return r.refuse(ctx, batch, diag.Findings{givenUp()})
}

func (r *Runner) planFile(ctx context.Context, batch store.Batch) (err error) {
	defer guard(&err)
	local, size, err := r.copyUpload(ctx, batch)
	if err != nil {
		return err
	}
	defer os.Remove(local.Name())
	defer local.Close()
	from, found, err := openUpload(local, size, batch)
	if err != nil {
		return err
	}
	if found.Blocking() {
		return r.refuse(ctx, batch, found)
	}
	_, err = r.plan(ctx, batch, from)
	return err
}

// copyUpload copies the file that was sent to this machine, for a ZIP file is read here and there. It is to be removed.
func (r *Runner) copyUpload(ctx context.Context, batch store.Batch) (local *os.File, size int64, err error) {
	sent, err := r.Files.Get(ctx, batch.Input)
	if err != nil {
		return nil, 0, err
	}
	defer sent.Close()
	if local, err = os.CreateTemp("", "vanthu-*"); err != nil {
		return nil, 0, err
	}
	if size, err = io.Copy(local, sent); err != nil {
		return nil, 0, errors.Join(err, local.Close(), os.Remove(local.Name()))
	}
	return local, size, nil
}

// openUpload opens the file that was sent: a ZIP file of data files, or a data file.
func openUpload(local *os.File, size int64, batch store.Batch) (fs.FS, diag.Findings, error) {
	ending := path.Ext(batch.Input)
	if ending == ".zip" {
		return OpenZIP(local, size)
	}
	data := make([]byte, min(size, maxBytes+1))
	if _, err := local.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	name := batch.Name // "Báo cáo 30.6" has no ending, whatever it looks like
	if !strings.EqualFold(path.Ext(name), ending) {
		name += ending
	}
	from, err := OneFile(name, data)
	return from, nil, err
}
