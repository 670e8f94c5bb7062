package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/job"
	"vanthu/internal/store"
)

// maxUnits is how many units with errors are told of; the manifest has them all.
const maxUnits = 20

// tell says what became of a batch: the units that have something to mend, the faults, and a line of summary.
func (b *batcher) tell(ctx context.Context, runner *job.Runner, status job.Status, took time.Duration) error {
	entries, err := runner.Entries(ctx, status.ID)
	if err != nil {
		return err
	}
	if b.files != "" {
		found, err := b.collect(ctx, runner, status.ID, entries)
		if err != nil {
			return err
		}
		status.Findings.Add(found...)
	}
	b.report(status.Findings)
	b.tellUnits(entries)
	if err := b.tellFaults(ctx, runner, status.ID, entries); err != nil {
		return err
	}
	b.tellWarnings(entries)
	made := 0
	for _, entry := range entries {
		if entry.State == store.Made {
			made += len(entry.Files)
		}
	}
	speed := ""
	if made > 0 {
		speed = fmt.Sprintf(", %s tệp/giây", decimal(float64(made)/took.Seconds()))
	}
	fmt.Fprintf(b.stderr, "Lô %d văn bản: làm %d, giữ nguyên %d, phải sửa dữ liệu %d, hỏng %d. Đã ghi %d tệp trong %s giây%s.\n",
		status.Total, status.Made, status.Kept, status.Refused, status.Failed, made, decimal(took.Seconds()), speed)
	if err := b.printResults(); err != nil {
		return err
	}
	broken := status.Failed
	if slices.ContainsFunc(status.Findings, func(f diag.Finding) bool { return f.Code == diag.Fault }) {
		broken++ // the summary
	}
	switch {
	case broken > 0:
		return fmt.Errorf("%d văn bản hỏng; chạy lại đúng lệnh này thì làm lại; nhật ký ở %s", broken, b.logPath())
	case status.Refused > 0 || status.Findings.Blocking():
		return errFindings
	}
	return nil
}

// tellUnits prints the findings of the units that could not be made, and of those that a person has changed since, each under its name.
func (b *batcher) tellUnits(entries []job.Entry) {
	told := 0
	for _, entry := range entries {
		found := entry.Findings
		if entry.State == store.Kept {
			found = editedByHand(found)
		} else if entry.State != store.Refused {
			continue
		}
		if len(found) == 0 {
			continue
		}
		if told++; told <= maxUnits {
			fmt.Fprintf(b.stderr, "%s:\n", entry.Name)
			fmt.Fprint(b.stderr, indented(found.String()))
		}
	}
	if told > maxUnits {
		fmt.Fprintf(b.stderr, "… và %d đơn vị nữa, xem trong %s.\n", told-maxUnits, filepath.Join(b.folder, manifest[0]))
	}
}

// tellWarnings says that documents that were made have something to look at; the manifest has it.
func (b *batcher) tellWarnings(entries []job.Entry) {
	warnings, units := 0, 0
	for _, entry := range entries {
		before := warnings
		for _, f := range entry.Findings {
			if entry.State != store.Refused && f.Severity == diag.Warning {
				warnings++
			}
		}
		if warnings > before {
			units++
		}
	}
	if units > 0 {
		fmt.Fprintf(b.stderr, "Có %d cảnh báo ở %d đơn vị đã làm: xem cột “Phải sửa, phải xem” của %s trước khi ký.\n",
			warnings, units, filepath.Join(b.folder, manifest[0]))
	}
}

// editedByHand are the findings about files that a person changed after they were made. The others of what is kept were told when it was.
func editedByHand(all diag.Findings) (found diag.Findings) {
	for _, f := range all {
		if f.Code == diag.EditedByHand {
			found.Add(f)
		}
	}
	return found
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

// tellFaults prints what went wrong with units for which their data are not to blame.
func (b *batcher) tellFaults(ctx context.Context, runner *job.Runner, id string, entries []job.Entry) error {
	told := 0
	for _, entry := range entries {
		if entry.State != store.Failed || told == maxUnits {
			continue
		}
		told++
		item, err := runner.Store.Item(ctx, id, entry.Position)
		if err != nil {
			return err
		}
		fault, _, _ := strings.Cut(item.Fault, "\n")
		fmt.Fprintf(b.stderr, "%s: lỗi của chương trình hoặc của máy: %s\n", entry.Name, b.discreet(fault))
	}
	return nil
}

// printResults prints the paths of the manifest and of the summary that it tells of.
func (b *batcher) printResults() error {
	data, err := os.ReadFile(filepath.Join(b.folder, manifest[1]))
	if err != nil {
		return err
	}
	var told struct{ Summary []store.StoredFile }
	if err := json.Unmarshal(data, &told); err != nil {
		return fmt.Errorf("read %s: %w", manifest[1], err)
	}
	names := slices.Clone(manifest)
	for _, file := range told.Summary {
		names = append(names, filepath.FromSlash(file.Name))
	}
	for _, name := range names {
		if _, err := fmt.Fprintln(b.stdout, filepath.Join(b.folder, name)); err != nil {
			return err
		}
	}
	return nil
}
