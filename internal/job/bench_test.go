package job

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/pgtest"
	"vanthu/internal/testenv"
)

// communes is the input of the sample's thirty communes, many times over.
func communes(b *testing.B, copies int) fstest.MapFS {
	b.Helper()
	input := fstest.MapFS{}
	sample := os.DirFS("../../samples/cuoi-nam-2026")
	names, err := fs.Glob(sample, "*.xlsx")
	if err != nil || len(names) != 30 {
		b.Fatal(len(names), err)
	}
	profile, err := fs.ReadFile(sample, profileName)
	if err != nil {
		b.Fatal(err)
	}
	input[profileName] = &fstest.MapFile{Data: profile}
	for _, name := range names {
		data, err := fs.ReadFile(sample, name)
		if err != nil {
			b.Fatal(err)
		}
		for i := range copies {
			input[fmt.Sprintf("%03d/%s", i, name)] = &fstest.MapFile{Data: data}
		}
	}
	return input
}

// work has processes work a batch off and reports how many documents they make in a second. They have started and wait when it comes.
func work(b *testing.B, processes int, input fs.FS, environment ...string) {
	for b.Loop() {
		b.StopTimer()
		o := office{pgtest.Schema(b), b.TempDir()}
		boss := o.open(b)
		for range processes {
			worker := o.startWorker(b, environment...)
			defer func() { _ = worker.Process.Kill(); _ = worker.Wait() }()
		}
		id, found, err := boss.Submit(b.Context(), Order{Name: "đo", PDF: true, XLSX: true}, input)
		if err != nil || found.Blocking() {
			b.Fatal(found, err)
		}
		b.StartTimer()
		before := serverTime(b)
		status := boss.await(b, id)
		if status.Made != status.Total {
			b.Fatalf("%+v", status)
		}
		b.ReportMetric(float64(status.Made)/b.Elapsed().Seconds(), "documents/s")
		b.ReportMetric(float64((serverTime(b)-before).Microseconds())/1000/float64(status.Made), "server-ms/document")
	}
}

// serverTime is the processor time that PostgreSQL has taken on this machine (proc_pid_stat(5): ticks of a hundredth of a second).
func serverTime(b *testing.B) (total time.Duration) {
	b.Helper()
	processes, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range processes {
		text, _ := os.ReadFile(name) // of a process that may be gone
		command, rest, found := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		if !found || !strings.HasSuffix(command, "(postgres") || len(fields) < 15 {
			continue
		}
		for _, ticks := range fields[11:15] { // its own, and of its children that are gone
			n, err := strconv.Atoi(ticks)
			if err != nil {
				b.Fatal(err)
			}
			total += time.Duration(n) * time.Second / 100
		}
	}
	return total
}

// BenchmarkWorkers makes 300 yearly reports, three files each, by processes of one core each on one PostgreSQL server.
func BenchmarkWorkers(b *testing.B) {
	input := communes(b, 10)
	for _, processes := range []int{1, 2, 4} {
		b.Run(fmt.Sprint(processes), func(b *testing.B) { work(b, processes, input, "GOMAXPROCS=1") })
	}
}

// BenchmarkMachines simulates machines of two cores. Each is a process that does all that a worker does with the queue, the register's
// database and the files, but for the making of documents: it waits as long as that takes, and puts files of the usual sizes. So the
// machines share this one's processor without taking it from each other, and what limits them is what they really share.
func BenchmarkMachines(b *testing.B) {
	const pace = "60ms" // what a yearly report takes a core
	for _, machines := range []int{1, 5, 10, 20} {
		input := letters(40, 5*machines)
		b.Run(fmt.Sprint(machines), func(b *testing.B) { work(b, machines, input, "GOMAXPROCS=2", workerPace+"="+pace) })
	}
}

// BenchmarkBatch plans 300 yearly reports and makes three files each, in one process on SQLite.
func BenchmarkBatch(b *testing.B) {
	input := communes(b, 10)
	b.ReportAllocs()
	for b.Loop() {
		status, _ := newOffice(b).run(b, Order{Name: "đo", PDF: true, XLSX: true}, input)
		testenv.Want(b, "units/s", float64(b.N*status.Made)/b.Elapsed().Seconds(), 1000/18.) // 18 ms each
	}
}

// simulate makes a Runner wait instead of making documents.
func (r *Runner) simulate(pace time.Duration) {
	word, printed, book := make([]byte, 23<<10), make([]byte, 110<<10), make([]byte, 80<<10)
	r.maker = func(ctx context.Context, request maker.Request) (maker.Result, diag.Findings, error) {
		select {
		case <-time.After(pace):
		case <-ctx.Done():
		}
		return maker.Result{
			Name: "bao-cao", DOCX: word, PDF: printed, XLSX: book, Pages: 16, Kind: "bao-cao-nam", Unit: "HỘI ĐỒNG NHÂN DÂN XÃ", Title: "Báo cáo",
		}, nil, ctx.Err()
	}
}
