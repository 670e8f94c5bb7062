package job

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/pgtest"
	"vanthu/internal/services"
	"vanthu/internal/store"
	"vanthu/internal/testenv"
)

// Variables that make the test binary a worker process.
const (
	workerDatabase = "VANTHU_TEST_WORKER_DATABASE"
	workerFiles    = "VANTHU_TEST_WORKER_FILES"
	workerPace     = "VANTHU_TEST_WORKER_PACE" // how long a document takes that is not really made
)

// TestMain runs the tests, or, in a process that a test started, works until it is killed.
func TestMain(m *testing.M) {
	if database := os.Getenv(workerDatabase); database != "" {
		o := office{database, os.Getenv(workerFiles)}
		if err := o.serve(os.Getenv(workerPace)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println("working")
		select {}
	}
	os.Exit(m.Run())
}

// serve works in an office, at a pace in place of making documents where one is given.
func (o office) serve(pace string) error {
	if pace == "" {
		r, err := o.runner(impatient)
		if err != nil {
			return err
		}
		return r.Start(context.Background())
	}
	took, err := time.ParseDuration(pace)
	if err != nil {
		return err
	}
	r, err := o.runner()
	if err != nil {
		return err
	}
	r.simulate(took)
	return r.Start(context.Background())
}

// impatient takes a document that is not made within two seconds for lost.
func impatient(c *Config, _ *services.Config) { c.Longest = 2 * time.Second }

// startWorker starts a process that works in an office, and waits until it does.
func (o office) startWorker(t testing.TB, environment ...string) *exec.Cmd {
	t.Helper()
	worker := exec.Command(os.Args[0])
	worker.Env = append(append(os.Environ(), workerDatabase+"="+o.database, workerFiles+"="+o.files), environment...)
	worker.Stderr = os.Stderr
	said, err := worker.StdoutPipe()
	if err == nil {
		err = worker.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(said).ReadString('\n'); line != "working\n" {
		t.Fatalf("a worker said %q, %v", line, err)
	}
	return worker
}

// numbersOf is the register: what each number was used for.
func (r *Runner) numbersOf(t *testing.T) (lines []string) {
	t.Helper()
	entries, err := r.Store.List(t.Context(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		lines = append(lines, fmt.Sprintf("%s %s %d %s %s %s %s", e.Unit, e.Name, e.Number, e.Date.ISO(), e.Title, e.State, e.Hash))
	}
	return lines
}

// TestKilledWorkersLoseNothing kills workers at random moments of a batch that takes numbers. In the end the files and the register are
// those of a run that nobody disturbed.
func TestKilledWorkersLoseNothing(t *testing.T) {
	testenv.Full(t, "killed processes")
	const kills = 50
	input := letters(8, 60)
	order := Order{Name: "thu", PDF: true, Numbers: true}
	calm := newOffice(t)
	status, calmly := calm.run(t, order, input)
	if status.Made != len(input) {
		t.Fatalf("%+v", status)
	}
	databases(t, func(t *testing.T, o office) {
		t.Parallel() // most of the time it waits
		boss := o.open(t, impatient)
		id, found, err := boss.Submit(t.Context(), order, input)
		if err != nil || found.Blocking() {
			t.Fatal(found, err)
		}
		random := rand.New(rand.NewPCG(57, kills))
		made := 0
		for i := range kills {
			worker := o.startWorker(t)
			if i%2 == 1 { // every other one comes to something first, however slow the machine is; the rest is killed at any moment
				made = boss.awaitMore(t, id, made)
			}
			time.Sleep(time.Duration(random.IntN(400)) * time.Millisecond)
			if err := worker.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = worker.Wait() // killed
		}
		before, err := boss.Status(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("after %d kills: %d made, %d to be made", kills, before.Made, before.Pending)
		last := o.startWorker(t)
		defer func() { _ = last.Process.Kill(); _ = last.Wait() }()
		if after := boss.await(t, id); after.Made != len(input) {
			t.Fatalf("%+v", after)
		}
		if diff := cmp.Diff(calm.standing(t), o.standing(t)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(calmly.numbersOf(t), boss.numbersOf(t)); diff != "" {
			t.Error(diff)
		}
	})
}

// awaitMore waits until more documents of a batch are made, or all, and returns how many.
func (r *Runner) awaitMore(t *testing.T, id string, than int) int {
	t.Helper()
	for {
		status, err := r.Status(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if status.Made > than || status.State == store.Done {
			return status.Made
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// TestPostgresMayStopAndStart takes the server away in the middle of a batch and brings it back.
func TestPostgresMayStopAndStart(t *testing.T) {
	server := pgtest.New(t)
	input := letters(6, 25)
	order := Order{Name: "thu", PDF: true, Numbers: true}
	calm := newOffice(t)
	calm.run(t, order, input)

	o := newOffice(t)
	o.database = server.Address()
	r := o.open(t, impatient)
	id, found, err := r.Submit(t.Context(), order, input)
	if err != nil || found.Blocking() {
		t.Fatal(found, err)
	}
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer r.stop(t)
	r.awaitMore(t, id, len(input)/5)
	server.Stop(t)
	if err := r.Ready(t.Context()); err == nil {
		t.Error("ready without a database")
	}
	server.Start(t)
	if status := r.await(t, id); status.Made != len(input) {
		t.Fatalf("%+v", status)
	}
	if diff := cmp.Diff(calm.standing(t), o.standing(t)); diff != "" {
		t.Error(diff)
	}
	if err := r.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestAPanicIsOneDocumentsOwn gives a batch a document that makes a stage of the program panic.
func TestAPanicIsOneDocumentsOwn(t *testing.T) {
	input := letters(1, 6)
	var log strings.Builder
	r := newOffice(t).open(t, func(c *Config, _ *services.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	make := r.maker
	r.maker = func(ctx context.Context, request maker.Request) (maker.Result, diag.Findings, error) {
		if strings.HasSuffix(request.Name, "01.yaml") {
			panic("poisoned")
		}
		return make(ctx, request)
	}
	id := r.submit(t, Order{Name: "thu", PDF: true}, input)
	r.start(t)
	if status := r.await(t, id); status.Made != 5 || status.Failed != 1 {
		t.Fatalf("%+v", status)
	}
	entries, err := r.Entries(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if bad := entries[0]; bad.State != store.Failed || len(bad.Findings) == 0 || bad.Findings[0].Severity != diag.Error {
		t.Errorf("%+v", bad)
	}
	r.stop(t)
	if !strings.Contains(log.String(), "poisoned") || strings.Count(log.String(), "item failed") != 1 {
		t.Error(log.String())
	}
}

// TestAClockSetBackChangesNoNumber makes one batch today and the next with the clock set back a day.
func TestAClockSetBackChangesNoNumber(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		o.run(t, Order{Name: "thu", Numbers: true}, letters(2, 3))
		yesterday := func(c *Config, _ *services.Config) {
			now := c.Now()
			c.Now = func() time.Time { return now.AddDate(0, 0, -1) }
		}
		input := letters(2, 3)
		input["xa-01/van-ban-99.yaml"] = letter("Số 1", "30/11/2026", "văn bản thêm")
		status, r := o.run(t, Order{Name: "thu", Numbers: true}, input, yesterday)
		if status.Made != 1 || status.Kept != 6 {
			t.Fatalf("%+v", status)
		}
		lines := r.numbersOf(t)
		if len(lines) != 7 || !strings.Contains(strings.Join(lines, "\n"), "SỐ 1 cong-van 4 2026-11-30") {
			t.Error(strings.Join(lines, "\n"))
		}
	})
}
