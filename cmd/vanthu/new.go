package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"vanthu/internal/diag"
)

func (t *tool) newCommand() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "new LOẠI [-o TỆP]",
		Short: "Lấy tệp dữ liệu mẫu của một loại văn bản để điền",
		Long: `Lấy tệp dữ liệu mẫu của một loại văn bản để điền: bảng tính Excel (-o nhap.xlsx) hoặc tệp chữ
YAML (-o du-lieu.yaml). Không bao giờ ghi đè lên tệp đã có.`,
		Example: "  vanthu new bao-cao-quy -o nhap.xlsx\n  vanthu new ke-hoach -o du-lieu.yaml",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError("Cần đúng một loại văn bản; xem các loại bằng lệnh: vanthu kinds")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			return t.starter(args[0], output)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "ghi ra `TỆP` .xlsx hoặc .yaml này; không có thì in dạng YAML ra màn hình")
	return cmd
}

// starter writes the data file of a kind to fill in: a workbook or annotated YAML, as the ending of output says. It never writes
// over a file, which may be one that a person filled in.
func (t *tool) starter(kind, output string) error {
	ending := strings.ToLower(filepath.Ext(output))
	switch ending {
	case ".xlsx", ".yaml", ".yml":
	default:
		if output != "" {
			return usageError(fmt.Sprintf("Tệp dữ liệu mẫu phải có đuôi .xlsx hoặc .yaml, không làm được “%s”.", output))
		}
	}
	if output != "" {
		if err := freshFile(output); err != nil {
			return err
		}
	}
	rooms, err := t.app(nil)
	if err != nil {
		return err
	}
	var data []byte
	var found diag.Findings
	if ending == ".xlsx" {
		data, found, err = rooms.Office.Workbook(kind)
	} else {
		data, found = rooms.Office.Starter(kind)
	}
	if err != nil {
		return err
	}
	t.report(found)
	if found.Blocking() {
		return usageError("Xem các loại văn bản bằng lệnh: vanthu kinds")
	}
	if output == "" {
		_, err = t.stdout.Write(data)
		return err
	}
	if err := writeFile(output, data); err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.stdout, output)
	return err
}
