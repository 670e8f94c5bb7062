package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"vanthu/internal/diag"
	"vanthu/internal/parallel"
	"vanthu/internal/services"
)

func (t *tool) convertCommand() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "convert TỆP.docx... [-o TỆP.pdf | THƯ-MỤC]",
		Short: "Chuyển tệp Word sang PDF",
		Long: `Chuyển tệp Word (.docx) sang PDF; nhiều tệp thì làm song song. Không có -o thì tệp PDF
nằm cạnh tệp Word. Chỗ nào trong tệp Word chưa thể hiện được thì được báo, không bỏ qua.`,
		Example: "  vanthu convert to-trinh.docx\n  vanthu convert *.docx -o pdf",
		Args:    someFiles("tệp Word (.docx)"),
		RunE: func(cmd *cobra.Command, args []string) error {
			paths, err := expand(args)
			if err != nil {
				return err
			}
			return t.convert(cmd.Context(), paths, output)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "ghi vào `NƠI` này: tệp .pdf khi chỉ có một tệp Word, hoặc thư mục")
	return cmd
}

func (t *tool) convert(ctx context.Context, paths []string, output string) error {
	if err := existingFiles(paths); err != nil {
		return err
	}
	targets, err := pdfPaths(paths, output)
	if err != nil {
		return err
	}
	rooms, err := t.app(nil)
	if err != nil {
		return err
	}
	for _, target := range targets {
		if err := makeFolder(filepath.Dir(target)); err != nil {
			return err
		}
	}

	var count tally
	for path, made := range parallel.InOrder(paths, func(path string) conversion { return convertFile(ctx, rooms, path) }) {
		t.report(made.found)
		count.add(made.found)
		if made.err == nil && !made.found.Blocking() {
			if made.err = writeFile(targets[path], made.pdf); made.err == nil {
				count.done++
				fmt.Fprintln(t.stdout, targets[path])
			}
		}
		if made.err != nil {
			count.fault = errors.Join(count.fault, fmt.Errorf("%s: %w", path, made.err))
		}
	}
	fmt.Fprintf(t.stderr, "Đã chuyển %d/%d tệp. Lỗi: %d, cảnh báo: %d, lưu ý: %d.\n",
		count.done, len(paths), count.errors, count.warnings, count.remarks)
	return count.outcome(len(paths))
}

// conversion is what became of one Word file.
type conversion struct {
	pdf   []byte
	found diag.Findings
	err   error
}

func convertFile(ctx context.Context, rooms *services.Services, path string) (made conversion) {
	if made.err = ctx.Err(); made.err != nil {
		return made
	}
	docx, err := os.ReadFile(path)
	if err != nil {
		return conversion{err: err}
	}
	made.pdf, made.found, made.err = rooms.Maker.Convert(ctx, path, docx)
	return made
}

// pdfPaths says where each Word file's PDF goes.
func pdfPaths(paths []string, output string) (map[string]string, error) {
	toFile := strings.EqualFold(filepath.Ext(output), ".pdf")
	if info, err := os.Stat(output); err == nil && info.IsDir() {
		toFile = false
	}
	if toFile && len(paths) > 1 {
		return nil, usageError(fmt.Sprintf("-o “%s” là một tệp PDF nhưng có %d tệp Word; hãy cho một thư mục.", output, len(paths)))
	}
	targets := make(map[string]string, len(paths))
	sources := make(map[string]string, len(paths)) // PDF -> Word file
	for _, path := range paths {
		if !strings.EqualFold(filepath.Ext(path), ".docx") {
			return nil, usageError(fmt.Sprintf("“%s” không phải tệp Word .docx.", path))
		}
		target := strings.TrimSuffix(path, filepath.Ext(path)) + ".pdf"
		if toFile {
			target = output
		} else if output != "" {
			target = filepath.Join(output, filepath.Base(target))
		}
		target = filepath.Clean(target)
		if other, taken := sources[target]; taken {
			return nil, usageError(fmt.Sprintf("“%s” và “%s” cùng ra một tệp “%s”.", other, path, target))
		}
		sources[target] = path
		targets[path] = target
	}
	return targets, nil
}
