package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"

	"vanthu/internal/job"
)

// meter shows how far a batch has come: a bar on a terminal, else a line now and then.
type meter struct {
	out      io.Writer
	terminal bool
	colour   bool
	bar      *progressbar.ProgressBar // nil until there is something to show
	told     time.Time                // when the last line was written
	last     string                   // that line
	steps    []step                   // of the last seconds, for the rate
}

// step is how many documents were done with at a time.
type step struct {
	at   time.Time
	done int
}

// counted is an input that counts the files which were read, to show that reading goes on.
type counted struct {
	fs.FS
	files atomic.Int64
}

// Open opens.
func (c *counted) Open(name string) (fs.File, error) {
	file, err := c.FS.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		c.files.Add(1)
	}
	return file, nil
}

// whileReading does work that reads an input, and tells now and then how many files it has read.
func (t *tool) whileReading(input *counted, work func()) {
	done := make(chan struct{})
	var telling sync.WaitGroup
	telling.Go(func() {
		tick := time.NewTicker(5 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				fmt.Fprintf(t.stderr, "Đang đọc… %d tệp\n", input.files.Load())
			}
		}
	})
	work()
	close(done)
	telling.Wait()
}

// newMeter shows on stderr.
func (t *tool) newMeter() *meter {
	terminal := isTerminal(t.stderr)
	return &meter{out: discreetWriter{t, t.stderr}, terminal: terminal, colour: terminal && hasCodes && os.Getenv("NO_COLOR") == ""}
}

// hasCodes tells whether a terminal knows the control codes of ANSI. Older ones of Windows print them.
const hasCodes = runtime.GOOS != "windows"

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show tells how far the batch is, of a given time.
func (p *meter) show(status job.Status, now time.Time) {
	const every = 5 * time.Second // between lines
	done := status.Total - status.Pending
	text := p.text(done, status.Total, now)
	switch {
	case status.Total == 0:
	case p.terminal:
		p.draw(done, status.Total, text)
	case p.told.IsZero():
		p.told = now // a batch that is done sooner needs no line
	case now.Sub(p.told) >= every && text != p.last:
		p.told, p.last = now, text
		fmt.Fprintln(p.out, text)
	}
}

// text says it in words: “120/3321 văn bản, 45,3 văn bản/giây, còn 1 phút 11 giây”.
func (p *meter) text(done, total int, now time.Time) string {
	text := fmt.Sprintf("%d/%d văn bản", done, total)
	if rate := p.rate(done, now); rate > 0 {
		text += fmt.Sprintf(", %s văn bản/giây", decimal(rate))
		if done < total {
			text += ", còn " + spoken(time.Duration(float64(total-done)/rate*float64(time.Second)))
		}
	}
	return text
}

// rate is how many documents a second were done with lately: what was kept from before goes by in no time and says nothing of the rest.
func (p *meter) rate(done int, now time.Time) float64 {
	const lately = 10 * time.Second
	p.steps = append(p.steps, step{now, done})
	for len(p.steps) > 2 && now.Sub(p.steps[1].at) >= lately {
		p.steps = p.steps[1:]
	}
	seconds := now.Sub(p.steps[0].at).Seconds()
	if seconds < 1 {
		return 0
	}
	return float64(done-p.steps[0].done) / seconds
}

func (p *meter) draw(done, total int, text string) {
	if p.bar == nil {
		theme := progressbar.Theme{Saucer: "█", SaucerPadding: "░"}
		if p.colour {
			theme.BarStart, theme.BarEnd = "[green]", "[reset]"
		}
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(p.out),
			progressbar.OptionSetWidth(30),
			progressbar.OptionSetPredictTime(false), // it stands in the text, in Vietnamese
			progressbar.OptionShowDescriptionAtLineEnd(),
			progressbar.OptionUseANSICodes(hasCodes), // each drawing goes over the last, without a flicker
			progressbar.OptionEnableColorCodes(p.colour),
			progressbar.OptionSetTheme(theme),
		)
	}
	p.bar.Describe(text) // first: what is drawn for the last document stays
	_ = p.bar.Set(done)  // it fails for a total of 0 alone
}

// end leaves the line of the bar, for what is printed next.
func (p *meter) end() {
	if p.bar != nil {
		fmt.Fprintln(p.out)
		p.bar = nil
	}
}

// wait says what is waited for.
func (p *meter) wait(what string) {
	p.end()
	fmt.Fprintln(p.out, what+", đang chờ…")
}

// decimal writes a figure with one decimal, or two where it is small, as Vietnamese does: “45,3”.
func decimal(x float64) string {
	digits := 1
	if x < 1 {
		digits = 2
	}
	return strings.Replace(fmt.Sprintf("%.*f", digits, x), ".", ",", 1)
}

// spoken is a time to come in words: “1 giờ 12 phút”, “2 phút 5 giây”, “40 giây”.
func spoken(d time.Duration) string {
	seconds := int(d.Round(time.Second).Seconds())
	switch {
	case seconds >= 3600:
		return fmt.Sprintf("%d giờ %d phút", seconds/3600, seconds%3600/60)
	case seconds >= 60:
		return fmt.Sprintf("%d phút %d giây", seconds/60, seconds%60)
	default:
		return fmt.Sprintf("%d giây", seconds)
	}
}
