package main

import (
	"compress/gzip"
	_ "embed"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// notices are the licences of all that is linked into the program; TestLicenses writes and holds them.
//
//go:embed licenses.txt.gz
var notices string

func (t *tool) licensesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "licenses",
		Short: "Xem giấy phép của các thành phần có trong chương trình",
		Args:  noFiles,
		RunE: func(*cobra.Command, []string) error {
			text, err := gzip.NewReader(strings.NewReader(notices))
			if err != nil {
				return err
			}
			_, err = io.Copy(t.stdout, text)
			return err
		},
	}
}
