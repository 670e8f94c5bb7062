package main

import (
	"fmt"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"vanthu/internal/office"
)

func (t *tool) kindsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "kinds",
		Short: "Xem các loại văn bản làm được, theo nhóm",
		Args:  noFiles,
		RunE: func(*cobra.Command, []string) error {
			rooms, err := t.app(nil)
			if err != nil {
				return err
			}
			return t.listKinds(rooms.Office.Kinds())
		},
	}
}

// listKinds prints a heading for each group and a line for each kind, in columns that run through all groups.
func (t *tool) listKinds(kinds []office.Kind) error {
	slugs, names := 0, 0
	for _, kind := range kinds {
		slugs = max(slugs, len(kind.Slug))
		names = max(names, utf8.RuneCountInString(kind.Name))
	}
	group := ""
	for i, kind := range kinds {
		if i == 0 || kind.Group != group {
			group = kind.Group
			fmt.Fprintln(t.stdout, group)
		}
		if _, err := fmt.Fprintf(t.stdout, "  %-*s  %-*s  %s\n", slugs, kind.Slug, names, kind.Name, kind.Summary); err != nil {
			return err
		}
	}
	return nil
}
