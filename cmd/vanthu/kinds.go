package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func (t *tool) kindsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "kinds",
		Short: "Xem các loại văn bản làm được",
		Args:  noFiles,
		RunE: func(*cobra.Command, []string) error {
			rooms, err := t.app(nil)
			if err != nil {
				return err
			}
			table := tabwriter.NewWriter(t.stdout, 0, 0, 2, ' ', 0)
			for _, kind := range rooms.Kinds() {
				fmt.Fprintf(table, "%s\t%s\t%s\n", kind.Slug, kind.Name, kind.Summary)
			}
			return table.Flush()
		},
	}
}
