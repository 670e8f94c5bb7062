// Command vanthu makes official Vietnamese documents from data files: the Word file that is signed, its PDF, and the workbook
// that follows the work up.
//
// Paths made go to stdout; findings, then a line of summary, go to stderr. The exit code is 0 when all is well, 1 when
// findings kept a document from being made, 2 when the command was used wrongly, 3 when the program or the machine failed.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"vanthu/internal/diag"
	"vanthu/internal/services"
	"vanthu/internal/store"
)

const (
	exitOK = iota
	exitFindings
	exitUsage
	exitFault
)

func main() {
	if os.Getenv("GOGC") == "" {
		// A document leaves a few megabytes behind and the rest is small: collecting less often makes a batch a fifth faster. A service
		// that many ask at once does better by collecting less at a time: the slowest wait a third less.
		percent := 400
		if len(os.Args) == 1 || os.Args[1] == "serve" {
			percent = 200
		}
		debug.SetGCPercent(percent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(160 << 20) // from here on it collects as often as it must; a soft limit, never a refusal
	}
	cobra.MousetrapHelpText = "" // who starts a command from a shortcut means it
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // who presses Ctrl+C again will not wait
	restore := speakUTF8()
	code := start(ctx)
	stop()
	restore()
	os.Exit(code)
}

// start runs the program as a service of Windows, as who has opened it by a double click expects, or as its arguments say.
func start(ctx context.Context) int {
	args := os.Args[1:]
	t := &tool{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, browse: openBrowser}
	switch {
	case isService():
		return t.runService(args)
	case len(args) > 0 || !ownConsole():
		return t.run(ctx, args)
	}
	return t.runClicked(ctx)
}

// runClicked opens the desk. The window stays open when that fails, so that it can be read why.
func (t *tool) runClicked(ctx context.Context) int {
	t.clicked = true
	fmt.Fprintln(t.stdout, "Văn Thư: soạn văn bản hành chính đúng thể thức Nghị định 30/2020/NĐ-CP.\nĐang mở trên trình duyệt; mọi dữ liệu ở lại máy này.")
	code := t.run(ctx, []string{"serve", "--open"})
	if code != exitOK && ctx.Err() == nil {
		fmt.Fprint(t.stderr, "Nhấn Enter để đóng cửa sổ.")
		_, _ = bufio.NewReader(t.stdin).ReadString('\n')
	}
	return code
}

// usageError says in Vietnamese how a command was used wrongly.
type usageError string

func (e usageError) Error() string { return string(e) }

// errFindings ends a command whose findings are printed already and keep a document from being made.
var errFindings = errors.New("findings block")

// tool is what all commands share.
type tool struct {
	stdin            io.Reader // passwords
	stdout, stderr   io.Writer
	templates, fonts string   // folders of the office, or empty
	secrets          []string // passwords of addresses, never printed
	browse           func(url string) error
	clicked          bool // opened by a double click, in a window of its own
}

// run runs a command and returns the exit code.
func (t *tool) run(ctx context.Context, args []string) int {
	root := t.root()
	stderr := t.stderr
	root.SetArgs(append([]string{}, args...)) // never nil, which cobra takes for os.Args
	cmd, err := root.ExecuteContextC(ctx)
	usage, held := usageError(""), heldError("")
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "%s\nXem cách dùng: %s --help\n", t.discreet(usage.Error()), cmd.CommandPath())
		return exitUsage
	case errors.As(err, &held):
		fmt.Fprintln(stderr, held.Error())
		return exitFault
	case errors.Is(err, syscall.ENOSPC):
		fmt.Fprintf(stderr, "Ổ đĩa đã đầy. Giải phóng chỗ trống rồi chạy lại đúng lệnh này. (%s)\n", t.discreet(err.Error()))
		return exitFault
	case errors.Is(err, store.ErrNewer):
		fmt.Fprintln(stderr, "Dữ liệu do một bản vanthu mới hơn ghi nên bản này không mở, để không làm mất gì; dữ liệu còn nguyên.\n"+
			"Hãy cài bản vanthu mới nhất (bản đang dùng ở các máy khác) rồi chạy lại đúng lệnh này. Xem bản đang chạy: vanthu version")
		return exitFault
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "Đã dừng theo yêu cầu, còn việc chưa làm xong.")
		return exitFault
	default:
		fmt.Fprintf(stderr, "Lỗi của chương trình hoặc của máy: %s\n", t.discreet(err.Error()))
		return exitFault
	}
}

func (t *tool) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "vanthu LỆNH",
		Short: "Soạn văn bản hành chính đúng thể thức Nghị định 30/2020/NĐ-CP",
		Long: `Văn Thư làm văn bản hành chính đúng thể thức Nghị định 30/2020/NĐ-CP:
từ một tệp dữ liệu ra tệp Word để ký, tệp PDF để gửi và sổ Excel để theo dõi.`,
		Example: `  vanthu kinds                           xem các loại văn bản
  vanthu new bao-cao-quy -o nhap.xlsx    lấy tệp dữ liệu mẫu để điền
  vanthu render nhap.xlsx -o ket-qua     làm văn bản Word, PDF và sổ theo dõi
  vanthu batch so-lieu -o ket-qua        làm văn bản cho cả thư mục số liệu`,
		Version: version(),
		Args:    knownCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	flags := root.PersistentFlags()
	flags.StringVar(&t.templates, "templates", "", "mẫu riêng của cơ quan trong `THƯ-MỤC`, dùng cùng các mẫu có sẵn")
	flags.StringVar(&t.fonts, "fonts", "", "phông chữ riêng của cơ quan trong `THƯ-MỤC`, dùng cùng phông có sẵn")
	flags.BoolP("help", "h", false, "xem cách dùng")
	root.Flags().Bool("version", false, "xem phiên bản")

	root.AddCommand(t.renderCommand(), t.convertCommand(), t.newCommand(), t.kindsCommand(), t.numberCommand(),
		t.batchCommand(), t.workerCommand(), t.serveCommand(), t.userCommand(), t.backupCommand(), t.restoreCommand(), t.serviceCommand(),
		t.versionCommand(), t.licensesCommand())
	speakVietnamese(root)
	root.SetOut(t.stdout)
	root.SetErr(t.stderr)
	return root
}

func (t *tool) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Xem phiên bản",
		Args:  noFiles,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(t.stdout, "vanthu", version())
			return err
		},
	}
}

// release is the version of a release, which .ci/release sets.
var release string

// version returns the version of a release, or what the Go tool wrote into the binary: module version and commit; and the Go version.
func version() string {
	if release != "" {
		return release + " " + runtime.Version()
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(không rõ phiên bản)"
	}
	parts := []string{info.Main.Version}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			parts = append(parts, setting.Value)
		}
	}
	return strings.TrimSpace(strings.Join(append(parts, info.GoVersion), " "))
}

// app opens the rooms with the office's folders and profile, and prints what is found in them.
func (t *tool) app(profile []byte) (*services.Services, error) {
	return t.open(services.Config{Profile: profile})
}

// open opens the rooms of a config, to which it adds the office's folders.
func (t *tool) open(config services.Config) (*services.Services, error) {
	for _, folder := range []struct {
		flag, path string
	}{{"--templates", t.templates}, {"--fonts", t.fonts}} {
		if folder.path == "" {
			continue
		}
		if info, err := os.Stat(folder.path); err != nil || !info.IsDir() {
			return nil, usageError(fmt.Sprintf("%s: không có thư mục “%s”.", folder.flag, folder.path))
		}
	}
	if t.templates != "" {
		config.Templates = os.DirFS(t.templates)
	}
	if t.fonts != "" {
		config.Fonts = os.DirFS(t.fonts)
	}
	opened, found, err := services.Open(config)
	t.report(found)
	if err != nil {
		return nil, err
	}
	if found.Blocking() {
		return nil, errFindings
	}
	return opened, nil
}

// report prints findings to stderr.
func (t *tool) report(found diag.Findings) { fmt.Fprint(t.stderr, found) }

// tally counts what a run found and made, for its line of summary.
type tally struct {
	done, files               int
	errors, warnings, remarks int
	fault                     error // the first
}

func (c *tally) add(found diag.Findings) {
	for _, f := range found {
		switch f.Severity {
		case diag.Error:
			c.errors++
		case diag.Warning:
			c.warnings++
		default:
			c.remarks++
		}
	}
}

// outcome is what the command ends with: a fault before findings.
func (c *tally) outcome(want int) error {
	switch {
	case c.fault != nil:
		return c.fault
	case c.done < want:
		return errFindings
	default:
		return nil
	}
}

// existingFiles refuses arguments that are no files, all of them in one message, before any work is begun.
func existingFiles(paths []string) error {
	var wrong []string
	for _, path := range paths {
		switch info, err := os.Stat(path); {
		case err != nil:
			wrong = append(wrong, fmt.Sprintf("Không mở được tệp “%s”.", path))
		case info.IsDir():
			wrong = append(wrong, fmt.Sprintf("“%s” là thư mục, cần một tệp.", path))
		}
	}
	if len(wrong) > 0 {
		return usageError(strings.Join(wrong, "\n"))
	}
	return nil
}
