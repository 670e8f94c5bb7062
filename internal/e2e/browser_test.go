// Package e2e clicks through the desk in a real browser: the program as it is built, on a folder of its own, and headless Chromium.
package e2e

import (
	"bufio"
	"context"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vanthu/internal/testenv"
)

// patience is how long a page may take until it shows what a story waits for. It says only when to give up: the machine may be busy.
const patience = 2 * time.Minute

// stage is what all stories share: the program as TestMain built it, and a browser that starts with the first story that needs it.
var stage struct {
	program string
	browser context.Context
}

func TestMain(m *testing.M) { os.Exit(play(m)) }

func play(m *testing.M) int {
	if !testenv.IsFull() {
		return m.Run() // all skip
	}
	folder, err := os.MkdirTemp("", "vanthu-e2e-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	stage.program = filepath.Join(folder, "vanthu")
	if out, err := exec.Command("go", "build", "-o", stage.program, "vanthu/cmd/vanthu").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n", out)
		return 1
	}
	path := chromium()
	if path == "" {
		return m.Run() // what needs it says so
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Env("TMPDIR="+folder)) // it leaves a folder there
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	stage.browser, stop = chromedp.NewContext(ctx)
	defer stop()
	return m.Run()
}

// browsers are the names of the browser.
var browsers = []string{"chromium", "chromium-browser", "google-chrome"}

// chromium returns where the browser lies, or nothing.
func chromium() string {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// desk is a service that runs, in one-person mode until it has a user.
type desk struct {
	url  string // "http://127.0.0.1:41234"
	data string // its folder
}

// open starts the service with the profile of the samples.
func open(t testing.TB) desk {
	t.Helper()
	testenv.Full(t, "the program as a process")
	d := desk{data: t.TempDir()}
	profile, err := os.ReadFile("../../samples/don-vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.data, "don-vi.yaml"), profile, 0o600); err != nil {
		t.Fatal(err)
	}
	d.start(t)
	return d
}

func (d *desk) start(t testing.TB) {
	t.Helper()
	cmd := exec.Command(stage.program, "serve", "--addr", "127.0.0.1:0", "--data", d.data)
	log := &strings.Builder{}
	cmd.Stderr = log
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the service said:\n%s", log)
		}
	})
	address := regexp.MustCompile(`http://\S+`)
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if d.url = strings.TrimRight(address.FindString(lines.Text()), "/"); d.url != "" {
			go func() {
				for lines.Scan() { // so that it never waits for a reader
				}
			}()
			return
		}
	}
	t.Fatalf("the service did not start:\n%s", log)
}

// user adds a user with a password by the command line.
func (d desk) user(t testing.TB, name, fullName, role, password string) {
	t.Helper()
	cmd := exec.Command(stage.program, "user", "add", name, "--ho-ten", fullName, "--vai-tro", role, "--data", d.data)
	cmd.Stdin = strings.NewReader(password + "\n" + password + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("user add: %v\n%s", err, out)
	}
}

// tab is a tab of the browser, with cookies and storage that only tabs opened from it share.
type tab struct {
	testing.TB
	desk
	ctx       context.Context
	downloads string
	heard     *ears
}

// browse opens a tab at a width, on a page of the desk. Whatever a page writes to the console as an error fails the test.
func browse(t testing.TB, d desk, width int, path string) *tab {
	t.Helper()
	testenv.Tool(t, browsers...)
	if err := chromedp.Do(stage.browser); err != nil { // starts it, the first time
		t.Fatal(err)
	}
	ctx, stop := chromedp.NewContext(stage.browser, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	b := &tab{TB: t, desk: d, ctx: ctx, downloads: t.TempDir(), heard: &ears{}}
	b.begin(width, stop)
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: b.downloads,
			BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
		})
		return err
	}))
	b.visit(path)
	return b
}

// another opens a second tab of the same person.
func (b *tab) another(path string) *tab {
	b.Helper()
	ctx, stop := chromedp.NewContext(b.ctx)
	b.Cleanup(stop)
	second := &tab{TB: b.TB, desk: b.desk, ctx: ctx, downloads: b.downloads, heard: &ears{}}
	second.begin(1440, stop)
	second.visit(path)
	return second
}

// begin starts a tab and what listens to it.
func (b *tab) begin(width int, stop context.CancelFunc) {
	b.Helper()
	defer time.AfterFunc(patience, stop).Stop() // a context of its own for the first step would end the tab with it
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(int64(width), 900)); err != nil {
		b.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetScrollbarsHidden, emulation.SetScrollbarsHiddenParams{Hidden: true}); err != nil {
		b.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		b.Fatal(err)
	}
	go b.heard.console(chromedp.Console(b.ctx))
	go b.heard.dialogs(b.ctx, chromedp.Events(b.ctx, page.JavascriptDialogOpening))
	b.Cleanup(func() {
		b.heard.mu.Lock()
		defer b.heard.mu.Unlock()
		for _, complaint := range b.heard.complaints {
			b.Errorf("the console says %s", complaint)
		}
	})
}

// ears hear what a page says beside what it shows.
type ears struct {
	mu         sync.Mutex
	questions  []string // of dialogs; each is answered yes
	complaints []string // errors in the console, among them those of the content security policy
	losing     bool     // addresses that are not there are no fault
}

// lose lets a story ask for what is not there.
func (e *ears) lose() {
	e.mu.Lock()
	e.losing = true
	e.mu.Unlock()
}

// question is the last question that a page asked, or empty.
func (e *ears) question() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.questions) == 0 {
		return ""
	}
	return e.questions[len(e.questions)-1]
}

func (e *ears) dialogs(ctx context.Context, opening iter.Seq2[page.EventJavascriptDialogOpening, error]) {
	for dialog, err := range opening {
		if err != nil {
			return
		}
		e.mu.Lock()
		e.questions = append(e.questions, dialog.Message)
		e.mu.Unlock()
		_, _ = chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
	}
}

// refusals are answers that a story provokes: of these the browser writes that a resource failed to load.
var refusals = regexp.MustCompile(`status of (401|403|409|422)`)

func (e *ears) console(messages iter.Seq2[chromedp.ConsoleMessage, error]) {
	for message, err := range messages {
		if err != nil {
			return
		}
		bad := message.Type == chromedp.ConsoleError || message.Type == chromedp.ConsoleException
		if bad && !refusals.MatchString(message.Text) {
			e.mu.Lock()
			if !e.losing || !strings.Contains(message.Text, "status of 404") {
				e.complaints = append(e.complaints, message.Text+" "+message.URL)
			}
			e.mu.Unlock()
		}
	}
}

// do does steps, each within the patience of a test.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.Fatalf("%v\n%s", err, b.text())
	}
}

// evaluated returns the value of an expression in the page; it fails while one page gives way to the next.
func evaluated[T any](b *tab, expression string) (T, error) {
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression))
}

// js returns the value of an expression in the page.
func js[T any](b *tab, expression string) T {
	b.Helper()
	value, err := evaluated[T](b, expression)
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return value
}

// text is what the page says.
func (b *tab) text() string {
	text, err := evaluated[string](b, `document.body.innerText`)
	if err != nil {
		return err.Error()
	}
	return text
}

func (b *tab) visit(path string) {
	b.Helper()
	b.do(chromedp.Navigate(b.url + path))
}

// waits until an expression holds in the page, with its scripts.
func (b *tab) waits(what, expression string) {
	b.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		holds, err := evaluated[bool](b, `document.readyState === "complete" && !!(`+expression+")")
		if err == nil && holds {
			return
		}
		if time.Now().After(end) {
			b.Fatalf("%s: not seen (%v) in\n%s", what, err, b.text())
		}
	}
}

// comes waits until the page of a path is there.
func (b *tab) comes(path string) {
	b.Helper()
	b.waits("the page "+path, fmt.Sprintf(`location.pathname === %q`, path))
}

// sees waits until the page says something.
func (b *tab) sees(text string) {
	b.Helper()
	b.waits("“"+text+"”", fmt.Sprintf(`document.body.innerText.normalize("NFC").toLowerCase().includes(%q.toLowerCase())`, text))
}

// find is an expression for what people call by a text: a button, a link, the head of what unfolds, or the field of a label. What has the
// whole text comes before what only begins with it.
func find(text string) string {
	return called(text, "button, a, summary, label, input[type=submit], [role=button]")
}

// field is an expression for the field of a label.
func field(label string) string { return called(label, "label") }

func called(text, selector string) string {
	return fmt.Sprintf(`((wanted) => {
		const said = (e) => (e.getAttribute("aria-label") || e.innerText || e.textContent || "").replace(/\s+/g, " ").trim();
		const seen = (e) => e.getClientRects().length > 0;
		const list = [...document.querySelectorAll(%q)].filter((e) => seen(e) && said(e).startsWith(wanted));
		const e = list.find((e) => said(e) === wanted) || list[0];
		return e && e.tagName === "LABEL" && e.control ? e.control : e;
	})(%q)`, selector, text)
}

// aim is an expression for the middle of what is called by a text once it stands still: it is where it was when asked before. Until the
// click has come, a press on anything else is kept from the page: the page may move under the mouse.
const aim = `(() => {
	const e = %s;
	if (!e || document.readyState !== "complete" || document.fonts.status !== "loaded") return null;
	e.scrollIntoView({block: "center", behavior: "instant"});
	const r = e.getClientRects()[0], at = [r.x + r.width / 2, r.y + r.height / 2];
	const was = window.aim;
	was?.stop();
	const guard = (press) => {
		if (e.contains(press.target) || press.target.closest?.("label")?.control === e) window.aim.hit = true;
		else { press.preventDefault(); press.stopImmediatePropagation(); }
		if (press.type === "click") window.aim.stop();
	};
	const kinds = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];
	for (const kind of kinds) addEventListener(kind, guard, true);
	window.aim = {e, at, hit: false, stop: () => { for (const kind of kinds) removeEventListener(kind, guard, true); }};
	return was?.e === e && was.at[0] === at[0] && was.at[1] === at[1] ? at : null;
})()`

// click clicks on what is called by a text, with a real mouse.
func (b *tab) click(text string) {
	b.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		b.waits("something to click, “"+text+"”", find(text))
		at, err := evaluated[[]float64](b, fmt.Sprintf(aim, find(text)))
		if err != nil || at == nil {
			continue // the page gives way to the next, or moves
		}
		b.do(chromedp.MouseClickXY(at[0], at[1]))
		missed, err := evaluated[bool](b, `!!window.aim && (window.aim.stop(), !window.aim.hit)`)
		if err != nil || !missed { // a click may lead to another page
			return
		}
	}
	b.Fatalf("“%s” does not stand still in\n%s", text, b.text())
}

// fill types into the field of a label, in place of what it holds.
func (b *tab) fill(label, value string) {
	b.Helper()
	b.waits("a field, “"+label+"”", field(label))
	js[bool](b, `(() => { const e = `+field(label)+`; e.scrollIntoView({block: "center", behavior: "instant"}); e.focus(); if (e.select) e.select(); return true; })()`)
	if value == "" {
		value = kb.Delete
	}
	b.do(chromedp.KeyEvent(value))
}

// choose picks the entry of the list of a label that begins with a text.
func (b *tab) choose(label, entry string) {
	b.Helper()
	b.waits("a list, “"+label+"”", field(label))
	chosen := js[bool](b, fmt.Sprintf(`(() => { const e = %s; const o = [...e.options].find((o) => o.text.trim().startsWith(%q)); if (!o) return false;
		e.value = o.value; for (const kind of ["input", "change"]) e.dispatchEvent(new Event(kind, {bubbles: true})); return true; })()`, field(label), entry))
	if !chosen {
		b.Fatalf("%s has no entry %q", label, entry)
	}
}

// upload gives files to the file field of a selector.
func (b *tab) upload(selector string, paths ...string) {
	b.Helper()
	for i, path := range paths {
		absolute, err := filepath.Abs(path)
		if err != nil {
			b.Fatal(err)
		}
		paths[i] = absolute
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS(selector), paths))
}

// downloaded returns the file with an ending that comes after what is done.
func (b *tab) downloaded(ending string, do func()) (name string, data []byte) {
	b.Helper()
	earlier, _ := filepath.Glob(filepath.Join(b.downloads, "*"))
	for _, path := range earlier { // the browser writes over a file of the same name
		_ = os.Remove(path)
	}
	do()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		found, _ := filepath.Glob(filepath.Join(b.downloads, "*"+ending))
		for _, path := range found {
			if data, err := os.ReadFile(path); err == nil && len(data) > 0 {
				return filepath.Base(path), data
			}
		}
	}
	b.Fatalf("no file %s came; the page says\n%s", ending, b.text())
	return "", nil
}
