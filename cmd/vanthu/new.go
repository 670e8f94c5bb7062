package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"vanthu/internal/app"
)

func (t *tool) newCommand() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:     "new LOẠI [-o TỆP]",
		Short:   "Lấy tệp dữ liệu mẫu của một loại văn bản để điền",
		Example: "  vanthu new ke-hoach -o du-lieu.yaml",
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
	cmd.Flags().StringVarP(&output, "output", "o", "", "ghi ra `TỆP` này; không có thì in ra màn hình")
	return cmd
}

// starter writes the annotated data file of a kind. It never writes over a file, which may be one that a person filled in.
func (t *tool) starter(kind, output string) error {
	if output != "" {
		if _, err := os.Lstat(output); err == nil {
			return usageError(fmt.Sprintf("Đã có tệp “%s”, không ghi đè.", output))
		}
	}
	rooms, err := t.app(nil)
	if err != nil {
		return err
	}
	data, found := rooms.Starter(kind)
	t.report(found)
	if found.Blocking() {
		return usageError("Xem các loại văn bản bằng lệnh: vanthu kinds")
	}
	if output == "" {
		_, err = t.stdout.Write(data)
		return err
	}
	if err := app.WriteFile(output, data); err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.stdout, output)
	return err
}
