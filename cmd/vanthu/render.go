package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/parallel"
	"vanthu/internal/services"
)

// renderer is one run of the render command.
type renderer struct {
	*tool
	folder   string
	formats  []string
	chosen   bool     // formats were asked for by name
	profile  string   // path given with --don-vi, or empty to look beside each data file
	previous string   // path of the data file of the period before, or empty
	tables   []string // paths of files that fill tables
	marked   string   // path for the data workbook with its faulty cells coloured, or empty
	register string   // place of the register that numbers are taken from, or empty
}

func (t *tool) renderCommand() *cobra.Command {
	r := renderer{tool: t}
	cmd := &cobra.Command{
		Use:   "render TỆP-DỮ-LIỆU... [-o THƯ-MỤC]",
		Short: "Làm văn bản Word, PDF và sổ theo dõi Excel từ tệp dữ liệu",
		Long: `Làm văn bản Word (.docx) và PDF từ tệp dữ liệu Excel (.xlsx), CSV, YAML hoặc JSON. Loại văn bản
có bảng phải theo dõi thì có thêm sổ theo dõi Excel (…-theo-doi.xlsx); kỳ sau lấy chính sổ ấy làm
tệp dữ liệu. Tệp nào còn lỗi thì không làm văn bản cho tệp đó và nói rõ chỗ phải sửa; các tệp khác
vẫn làm.

Thông tin chung của cơ quan lấy từ tệp don-vi.yaml cạnh tệp dữ liệu hoặc ở thư mục trên nó.

Thêm --so-dang-ky NƠI thì văn bản chưa ghi số được cấp số tiếp theo của dãy số trong sổ ở NƠI; làm lại
với cùng tệp dữ liệu được cùng số.`,
		Example: `  vanthu render so-lieu.xlsx -o ket-qua
  vanthu render so-lieu.xlsx --ky-truoc quy-1-2026.xlsx -o ket-qua
  vanthu render thong-tin.yaml --bang nhiem-vu.csv --bang kien-nghi.xlsx -o ket-qua
  vanthu render so-lieu.xlsx --danh-dau can-sua.xlsx -o ket-qua
  vanthu render ke-hoach.yaml --so-dang-ky so -o ket-qua
  vanthu render *.yaml -o ket-qua --format pdf`,
		Args: someFiles("tệp dữ liệu"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r.chosen = cmd.Flags().Changed("format")
			paths, err := expand(args)
			if err != nil {
				return err
			}
			return r.run(cmd.Context(), paths)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&r.folder, "output", "o", ".", "ghi kết quả vào `THƯ-MỤC`, chưa có thì tạo")
	flags.StringSliceVar(&r.formats, "format", []string{"docx", "pdf", "xlsx"}, "chỉ làm các `DẠNG` này, cách nhau bằng dấu phẩy")
	flags.StringVar(&r.profile, "don-vi", "", "lấy thông tin cơ quan từ `TỆP` này cho mọi tệp dữ liệu")
	flags.StringVar(&r.previous, "ky-truoc", "", "so sánh với số liệu của kỳ trước trong `TỆP` này")
	flags.StringArrayVar(&r.tables, "bang", nil, "lấy số liệu các bảng từ `TỆP` .xlsx hoặc .csv này; dùng được nhiều lần")
	flags.StringVar(&r.register, "so-dang-ky", "", "văn bản chưa có số thì lấy số trong sổ đăng ký ở `NƠI` này: thư mục, hoặc postgres://…")
	flags.StringVar(&r.marked, "danh-dau", "", "ghi ra `TỆP` .xlsx này bản sao của tệp dữ liệu có tô màu các ô phải xem lại")
	return cmd
}

func (r renderer) run(ctx context.Context, paths []string) (err error) {
	if err := r.check(paths); err != nil {
		return err
	}
	var config services.Config
	if r.profile != "" {
		if config.Profile, err = os.ReadFile(r.profile); err != nil {
			return err
		}
	}
	if r.register != "" {
		if config.Store, err = r.openStore(ctx, "--so-dang-ky", r.register); err != nil {
			return err
		}
		defer closeInto(&err, config.Store)
	}
	rooms, err := r.open(config)
	if err != nil {
		return err
	}
	if err := makeFolder(r.folder); err != nil {
		return err
	}

	var count tally
	writtenFor := map[string]string{} // output path -> data file
	for path, made := range r.renderings(ctx, rooms, paths) {
		if made.err == nil && !made.found.Blocking() {
			r.write(path, &made, writtenFor, &count)
		}
		if made.err == nil && !made.found.Blocking() {
			made.err = rooms.Register.Issue(ctx, made.result.NumberKey, made.result.DOCX)
		}
		r.report(made.found)
		count.add(made.found)
		if made.err == nil && r.marked != "" {
			made.err = r.mark(rooms, made, &count)
		}
		if made.err != nil {
			count.fault = errors.Join(count.fault, fmt.Errorf("%s: %w", path, made.err))
		} else if !made.found.Blocking() {
			count.done++
		}
	}
	fmt.Fprintf(r.stderr, "Xong %d/%d tệp dữ liệu, đã ghi %d tệp. Lỗi: %d, cảnh báo: %d, lưu ý: %d.\n",
		count.done, len(paths), count.files, count.errors, count.warnings, count.remarks)
	return count.outcome(len(paths))
}

// check refuses what cannot be done before any work is begun.
func (r renderer) check(paths []string) error {
	if err := checkFormats(r.formats); err != nil {
		return err
	}
	for _, single := range []struct {
		flag  string
		given bool
	}{{"--ky-truoc", r.previous != ""}, {"--bang", len(r.tables) > 0}, {"--danh-dau", r.marked != ""}} {
		if single.given && len(paths) > 1 {
			return usageError(fmt.Sprintf("%s chỉ dùng khi làm một tệp dữ liệu, ở đây có %d tệp.", single.flag, len(paths)))
		}
	}
	if r.marked != "" {
		switch {
		case !isWorkbook(paths[0]):
			return usageError(fmt.Sprintf("--danh-dau chỉ dùng khi tệp dữ liệu là tệp Excel .xlsx, không phải “%s”.", paths[0]))
		case !isWorkbook(r.marked):
			return usageError(fmt.Sprintf("--danh-dau cần tên một tệp .xlsx, không phải “%s”.", r.marked))
		}
		if err := freshFile(r.marked); err != nil {
			return err
		}
	}
	return existingFiles(r.inputs(paths))
}

// checkFormats refuses formats that no document is made in.
func checkFormats(formats []string) error {
	for _, format := range formats {
		if !slices.Contains([]string{"docx", "pdf", "xlsx"}, format) {
			return usageError(fmt.Sprintf("--format chỉ nhận docx, pdf và xlsx, không nhận “%s”.", format))
		}
	}
	return nil
}

// inputs are the paths of all files that a run reads.
func (r renderer) inputs(paths []string) []string {
	inputs := slices.Concat(paths, r.tables)
	for _, path := range []string{r.profile, r.previous} {
		if path != "" {
			inputs = append(inputs, path)
		}
	}
	return inputs
}

// rendering is what became of one data file.
type rendering struct {
	data   maker.File
	result maker.Result
	found  diag.Findings
	err    error
}

// renderings works on all files at once. Where numbers are taken it goes from one file to the next, for numbers follow their order.
func (r renderer) renderings(ctx context.Context, rooms *services.Services, paths []string) iter.Seq2[string, rendering] {
	work := func(path string) rendering { return r.render(ctx, rooms, path) }
	if r.register == "" {
		return parallel.InOrder(paths, work)
	}
	return func(yield func(string, rendering) bool) {
		for _, path := range paths {
			if !yield(path, work(path)) {
				return
			}
		}
	}
}

func (r renderer) render(ctx context.Context, rooms *services.Services, path string) (made rendering) {
	if made.err = ctx.Err(); made.err != nil {
		return made
	}
	var request maker.Request
	if request, made.err = r.request(path); made.err != nil {
		return made
	}
	made.data = request.File
	made.result, made.found, made.err = rooms.Maker.Make(ctx, request)
	return made
}

// request reads the files for one document.
func (r renderer) request(path string) (request maker.Request, err error) {
	request.PDF = slices.Contains(r.formats, "pdf")
	request.XLSX = slices.Contains(r.formats, "xlsx")
	request.Register, request.Taken = r.register != "", time.Now()
	if request.File, err = readFile(path); err != nil {
		return request, err
	}
	for _, path := range r.tables {
		table, err := readFile(path)
		if err != nil {
			return request, err
		}
		request.Tables = append(request.Tables, table)
	}
	if r.previous != "" {
		previous, err := readFile(r.previous)
		if err != nil {
			return request, err
		}
		request.Previous = &previous
	}
	if r.profile == "" {
		request.Profile, err = profileNear(path)
	}
	return request, err
}

func readFile(path string) (maker.File, error) {
	data, err := os.ReadFile(path)
	return maker.File{Name: filepath.ToSlash(path), Data: data}, err
}

// givenProfile reads the profile that was given with --don-vi.
func givenProfile(path string) ([]byte, error) {
	if err := existingFiles([]string{path}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// profileNear reads the don-vi.yaml beside a data file or in the folder above it; nil if there is none.
func profileNear(path string) ([]byte, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	beside := filepath.Dir(path)
	for _, folder := range []string{beside, filepath.Dir(beside)} {
		data, err := os.ReadFile(filepath.Join(folder, "don-vi.yaml"))
		if !errors.Is(err, os.ErrNotExist) {
			return data, err
		}
	}
	return nil, nil
}

// write puts the files of one data file in the folder. Two data files of one run never write the same path, and none is written over.
func (r renderer) write(source string, made *rendering, writtenFor map[string]string, count *tally) {
	stem := filepath.Join(r.folder, made.result.Name)
	workbook := stem + maker.WorkbookEnding
	if found := r.refusal(source, stem, made.result, writtenFor[stem]); found != nil {
		if made.found.Add(*found); found.Severity == diag.Error {
			return
		}
	}
	writtenFor[stem] = source
	for _, output := range []struct {
		format, path string
		data         []byte
	}{{"docx", stem + ".docx", made.result.DOCX}, {"pdf", stem + ".pdf", made.result.PDF}, {"xlsx", workbook, made.result.XLSX}} {
		if !slices.Contains(r.formats, output.format) || output.data == nil {
			continue
		}
		if made.err = writeFile(output.path, output.data); made.err != nil {
			return
		}
		count.files++
		fmt.Fprintln(r.stdout, output.path)
	}
}

// refusal says why the files of one data file cannot be written as asked, or gives nil. other is the data file that wrote them before.
func (r renderer) refusal(source, stem string, result maker.Result, other string) *diag.Finding {
	workbook := stem + maker.WorkbookEnding
	switch {
	case other != "":
		return &diag.Finding{
			Severity: diag.Error, Code: diag.SameOutput, Where: diag.Place{File: source},
			Message: fmt.Sprintf("Văn bản có cùng tên tệp “%s” với văn bản làm từ %s nên không ghi đè.", result.Name, other),
			Hint:    "Sửa số, ký hiệu hoặc trích yếu cho khác nhau, hoặc làm từng tệp vào thư mục riêng.",
		}
	case result.XLSX != nil && isOneOf(workbook, r.inputs([]string{source})):
		return &diag.Finding{
			Severity: diag.Error, Code: diag.SameAsInput, Where: diag.Place{File: source},
			Message: fmt.Sprintf("Sổ theo dõi sẽ ghi ra “%s” lại chính là tệp số liệu đang dùng nên không ghi đè.", workbook),
			Hint:    "Ghi kết quả vào thư mục khác bằng -o, hoặc bỏ sổ theo dõi: --format docx,pdf.",
		}
	case result.XLSX == nil && r.chosen && slices.Contains(r.formats, "xlsx"):
		found := &diag.Finding{
			Severity: diag.Warning, Code: diag.NoProgressWorkbook, Where: diag.Place{File: source},
			Message: "Loại văn bản này không có bảng phải theo dõi nên không có sổ theo dõi Excel.",
			Hint:    "Bỏ xlsx trong --format.",
		}
		if !slices.ContainsFunc(r.formats, func(format string) bool { return format != "xlsx" }) {
			found.Severity = diag.Error // nothing is left to make
		}
		return found
	}
	return nil
}

// isOneOf reports whether a path is one of the files of a list, by whatever name.
func isOneOf(path string, files []string) bool {
	info, err := os.Stat(path)
	return err == nil && slices.ContainsFunc(files, func(file string) bool {
		other, err := os.Stat(file)
		return err == nil && os.SameFile(info, other)
	})
}

// mark writes the data workbook with the cells coloured that findings name.
func (r renderer) mark(rooms *services.Services, made rendering, count *tally) error {
	marked, more, err := rooms.Maker.Mark(made.data, made.found)
	if err != nil {
		return err
	}
	r.report(more)
	count.add(more)
	if more.Blocking() {
		return nil
	}
	if marked == nil {
		fmt.Fprintf(r.stderr, "Không có ô nào phải tô màu nên không ghi “%s”.\n", r.marked)
		return nil
	}
	if err := writeFile(r.marked, marked); err != nil {
		return err
	}
	count.files++
	fmt.Fprintln(r.stdout, r.marked)
	return nil
}

// isWorkbook tells a name that ends as an Excel workbook's does.
func isWorkbook(path string) bool { return strings.EqualFold(filepath.Ext(path), ".xlsx") }

// freshFile refuses a path where a file stands already, which may be one that a person filled in.
func freshFile(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return usageError(fmt.Sprintf("Đã có tệp “%s”, không ghi đè; đặt tên khác, hoặc xóa tệp ấy nếu không dùng nữa.", path))
	}
	return nil
}

// makeFolder makes sure of an output folder.
func makeFolder(path string) error {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return usageError(fmt.Sprintf("“%s” là tệp, cần một thư mục để ghi kết quả.", path))
	}
	return os.MkdirAll(path, 0o755)
}
