package maker_test

import (
	"context"
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"

	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/officetest"
	"vanthu/internal/sheet"
	"vanthu/internal/source"
	"vanthu/internal/tally"
	"vanthu/internal/testenv"
	"vanthu/internal/vi"
)

// BenchmarkQuarter times the stages that the quarter's report adds to those of the plan, and the whole: the sample workbook with 40
// tasks, 12 recommendations, 15 petitions, 8 projects.
//
//	go test -run '^$' -bench 'Quarter|Tasks' ./internal/maker
func BenchmarkQuarter(b *testing.B) {
	a := officetest.Plain(b)
	file, previous := officetest.Sample(b, "quy-2-2026", "so-lieu.xlsx"), officetest.Sample(b, "quy-2-2026", "quy-1-2026.xlsx")
	before, _, err := a.Maker.Bind(maker.Request{File: previous}, false)
	must(b, err)
	read, _, err := a.Maker.Bind(maker.Request{File: file}, false)
	must(b, err)
	document, _ := model.Bind(&read.Kind.Schema, read.Record, a.Office.ProfileOf(""))
	tally.Add(&document, &before.Document)

	stage := func(name string, run func() error, wanted ...time.Duration) { staged(b, name, run, wanted...) }
	stage("1-source", func() error {
		opened, _ := source.Open(file)
		opened.Record(&read.Kind.Schema)
		return nil
	}, 10*time.Millisecond)
	stage("2-bind", func() error { model.Bind(&read.Kind.Schema, read.Record, a.Office.ProfileOf("")); return nil })
	stage("3-bind-and-tally", func() error {
		document, _ := model.Bind(&read.Kind.Schema, read.Record, a.Office.ProfileOf(""))
		tally.Add(&document, &before.Document)
		return nil
	})
	stage("4-progress-workbook", func() error { _, err := sheet.Progress(document); return err }, 25*time.Millisecond)
	stage("5-input-workbook", func() error { _, err := sheet.Input(&read.Kind.Schema, nil); return err })
	stage("report", func() error {
		_, _, err := a.Maker.Make(context.Background(), maker.Request{File: file, Previous: &previous, PDF: true})
		return err
	})
	stage("whole", func() error {
		_, _, err := a.Maker.Make(context.Background(), maker.Request{File: file, Previous: &previous, PDF: true, XLSX: true})
		return err
	})
}

// Benchmark10000Tasks reads and tallies a workbook of ten thousand tasks. Memory is what the process holds of the machine at its peak,
// sampled every millisecond.
func Benchmark10000Tasks(b *testing.B) {
	a := officetest.Plain(b)
	file := manyTasks(b, a, 10_000)
	b.Logf("the workbook has %d KB", len(file.Data)>>10)
	debug.FreeOSMemory()
	peak, stop := watchMemory()
	b.ReportAllocs()
	for b.Loop() {
		read, found, err := a.Maker.Bind(maker.Request{File: file}, false)
		must(b, err)
		found.Add(tally.Add(&read.Document, nil)...)
		if found.Blocking() || len(read.Document.Values["nhiem_vu"].(model.Items)) != 10_000 {
			b.Fatal(found)
		}
	}
	stop()
	testenv.WantTime(b, time.Second)
	testenv.Want(b, "peak-MB", float64(*peak)/(1<<20), 200)
}

// manyTasks is the input workbook of the quarter's report with n tasks.
func manyTasks(b *testing.B, a *officetest.Office, n int) maker.File {
	b.Helper()
	read, _, err := a.Maker.Bind(maker.Request{File: officetest.Sample(b, "quy-2-2026", "so-lieu.xlsx")}, false)
	must(b, err)
	tasks := read.Document.Values["nhiem_vu"].(model.Items)
	many := make(model.Items, n)
	for i := range many {
		row := model.Values{}
		for key, value := range tasks[i%len(tasks)].(model.Values) {
			row[key] = value
		}
		row["noi_dung"] = model.Text(fmt.Sprintf("%s (đợt %s)", row["noi_dung"], vi.FormatNumber(model.Count(i/len(tasks)+1).Decimal)))
		many[i] = row
	}
	read.Document.Values["nhiem_vu"] = many
	data, err := sheet.Input(&read.Kind.Schema, read.Document.Values)
	must(b, err)
	return maker.File{Name: "so-lieu.xlsx", Data: data}
}

// watchMemory samples what the Go runtime holds, in bytes, until stop is called.
func watchMemory() (peak *uint64, stop func()) {
	peak = new(uint64)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(sample)
			*peak = max(*peak, sample[0].Value.Uint64()-sample[1].Value.Uint64())
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	return peak, func() { close(done); <-ended }
}
