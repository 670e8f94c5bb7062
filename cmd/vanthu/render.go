package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"vanthu/internal/app"
	"vanthu/internal/diag"
)

// renderer is one run of the render command.
type renderer struct {
	*tool
	folder  string
	formats []string
	profile string // path given with --don-vi, or empty to look beside each data file
}

func (t *tool) renderCommand() *cobra.Command {
	r := renderer{tool: t}
	cmd := &cobra.Command{
		Use:   "render TỆP-DỮ-LIỆU... [-o THƯ-MỤC]",
		Short: "Làm văn bản Word và PDF từ tệp dữ liệu",
		Long: `Làm văn bản Word (.docx) và PDF từ tệp dữ liệu YAML hoặc JSON. Tệp nào còn lỗi thì không
làm văn bản cho tệp đó và nói rõ chỗ phải sửa; các tệp khác vẫn làm.

Thông tin chung của cơ quan lấy từ tệp don-vi.yaml cạnh tệp dữ liệu hoặc ở thư mục trên nó.`,
		Example: "  vanthu render du-lieu.yaml -o ket-qua\n  vanthu render *.yaml -o ket-qua --format pdf",
		Args:    someFiles("tệp dữ liệu"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.run(cmd.Context(), args)
		},
	}
	cmd.Flags().StringVarP(&r.folder, "output", "o", ".", "ghi kết quả vào `THƯ-MỤC`, chưa có thì tạo")
	cmd.Flags().StringSliceVar(&r.formats, "format", []string{"docx", "pdf"}, "làm tệp các `DẠNG` này: docx, pdf hoặc cả hai")
	cmd.Flags().StringVar(&r.profile, "don-vi", "", "lấy thông tin cơ quan từ `TỆP` này cho mọi tệp dữ liệu")
	return cmd
}

func (r renderer) run(ctx context.Context, paths []string) error {
	for _, format := range r.formats {
		if format != "docx" && format != "pdf" {
			return usageError(fmt.Sprintf("--format chỉ nhận docx và pdf, không nhận “%s”.", format))
		}
	}
	inputs := paths
	if r.profile != "" {
		inputs = append(slices.Clone(paths), r.profile)
	}
	if err := existingFiles(inputs); err != nil {
		return err
	}
	var profile []byte
	if r.profile != "" {
		var err error
		if profile, err = os.ReadFile(r.profile); err != nil {
			return err
		}
	}
	rooms, err := r.app(profile)
	if err != nil {
		return err
	}
	if err := makeFolder(r.folder); err != nil {
		return err
	}

	var count tally
	writtenFor := map[string]string{} // output path -> data file
	for path, made := range inOrder(paths, func(path string) rendering { return r.render(ctx, rooms, path) }) {
		if made.err == nil && !made.found.Blocking() {
			r.write(path, &made, writtenFor, &count)
		}
		r.report(made.found)
		count.add(made.found)
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

// rendering is what became of one data file.
type rendering struct {
	result app.Result
	found  diag.Findings
	err    error
}

func (r renderer) render(ctx context.Context, rooms *app.App, path string) (made rendering) {
	if made.err = ctx.Err(); made.err != nil {
		return made
	}
	request := app.Request{File: app.File{Name: path}, PDF: slices.Contains(r.formats, "pdf")}
	if request.Data, made.err = os.ReadFile(path); made.err != nil {
		return made
	}
	if r.profile == "" {
		if request.Profile, made.err = profileNear(path); made.err != nil {
			return made
		}
	}
	made.result, made.found, made.err = rooms.Make(ctx, request)
	return made
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

// write puts the files of one data file in the folder. Two data files of one run never write the same path.
func (r renderer) write(source string, made *rendering, writtenFor map[string]string, count *tally) {
	stem := filepath.Join(r.folder, made.result.Name)
	if other, taken := writtenFor[stem]; taken {
		made.found.Add(diag.Finding{
			Severity: diag.Error,
			Code:     "same-output",
			Message:  fmt.Sprintf("Văn bản có cùng tên tệp “%s” với văn bản làm từ %s nên không ghi đè.", made.result.Name, other),
			Where:    diag.Place{File: source},
			Hint:     "Sửa số, ký hiệu hoặc trích yếu cho khác nhau, hoặc làm từng tệp vào thư mục riêng.",
		})
		return
	}
	writtenFor[stem] = source
	for _, output := range []struct {
		format string
		data   []byte
	}{{"docx", made.result.DOCX}, {"pdf", made.result.PDF}} {
		if !slices.Contains(r.formats, output.format) {
			continue
		}
		path := stem + "." + output.format
		if made.err = app.WriteFile(path, output.data); made.err != nil {
			return
		}
		count.files++
		fmt.Fprintln(r.stdout, path)
	}
}

// makeFolder makes sure of an output folder.
func makeFolder(path string) error {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return usageError(fmt.Sprintf("“%s” là tệp, cần một thư mục để ghi kết quả.", path))
	}
	return os.MkdirAll(path, 0o755)
}
