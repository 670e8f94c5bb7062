package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// speakVietnamese replaces every text that cobra and pflag would write in English.
func speakVietnamese(root *cobra.Command) {
	root.SilenceErrors = true
	root.SilenceUsage = true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SuggestionsMinimumDistance = 2
	root.SetVersionTemplate("vanthu {{.Version}}\n")
	root.SetUsageFunc(usage)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(&cobra.Command{
		Use:   "help [LỆNH]",
		Short: "Xem cách dùng một lệnh",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return knownCommand(cmd.Root(), args)
			}
			return about.Help()
		},
	})
	for _, cmd := range append(root.Commands(), root) {
		cmd.DisableFlagsInUseLine = true
		for _, sub := range cmd.Commands() {
			sub.DisableFlagsInUseLine = true
		}
	}
}

// usage prints how to use a command.
func usage(cmd *cobra.Command) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Cách dùng:\n  %s\n", cmd.UseLine())
	if cmd.HasExample() {
		fmt.Fprintf(&b, "\nVí dụ:\n%s\n", cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\nCác lệnh:\n")
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&b, "  %-10s %s\n", sub.Name(), sub.Short)
			}
		}
	}
	usageOfFlags(&b, "Tùy chọn", cmd.LocalFlags())
	usageOfFlags(&b, "Tùy chọn chung", cmd.InheritedFlags())
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\nXem từng lệnh: %s LỆNH --help\n", cmd.CommandPath())
	}
	_, err := fmt.Fprint(cmd.OutOrStderr(), b.String())
	return err
}

// usageOfFlags lists flags. pflag's own list is English, and is aligned by bytes.
func usageOfFlags(b *strings.Builder, title string, set *pflag.FlagSet) {
	if !set.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(b, "\n%s:\n", title)
	table := tabwriter.NewWriter(b, 0, 0, 3, ' ', 0)
	set.VisitAll(func(flag *pflag.Flag) {
		short := "    "
		if flag.Shorthand != "" {
			short = "-" + flag.Shorthand + ", "
		}
		value, text := pflag.UnquoteUsage(flag)
		if value != "" {
			value = " " + value
		}
		if standard := strings.Trim(flag.DefValue, "[]"); standard != "" && standard != "false" {
			text += " (mặc định " + standard + ")"
		}
		fmt.Fprintf(table, "  %s--%s%s\t%s\n", short, flag.Name, value, text)
	})
	_ = table.Flush() // a Builder takes everything
}

// flagError says what is wrong with a flag.
func flagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		valued  *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			name = "-" + unknown.GetSpecifiedName()
		}
		return usageError(fmt.Sprintf("Lệnh “%s” không có tùy chọn %s.", cmd.CommandPath(), name))
	case errors.As(err, &valued):
		return usageError(fmt.Sprintf("Tùy chọn %s cần một giá trị đi kèm.", dashed(valued.GetFlag())))
	case errors.As(err, &invalid):
		return usageError(fmt.Sprintf("Tùy chọn %s không nhận giá trị “%s”.", dashed(invalid.GetFlag()), invalid.GetValue()))
	case errors.As(err, &syntax):
		return usageError(fmt.Sprintf("Tùy chọn viết sai: “%s”.", syntax.GetSpecifiedFlag()))
	default:
		return usageError(fmt.Sprintf("Tùy chọn không hợp lệ: %v.", err))
	}
}

func dashed(flag *pflag.Flag) string {
	if flag.Shorthand != "" {
		return fmt.Sprintf("-%s (--%s)", flag.Shorthand, flag.Name)
	}
	return "--" + flag.Name
}

// knownCommand is the check of the arguments of a command with commands: none is left when one was found.
func knownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	message := fmt.Sprintf("Không có lệnh “%s”.", args[0])
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		message += fmt.Sprintf(" Có phải ý là: %s?", strings.Join(near, ", "))
	}
	return usageError(message)
}

// noFiles is the check of a command that takes flags alone.
func noFiles(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError(fmt.Sprintf("Lệnh “%s” không nhận “%s”.", cmd.CommandPath(), args[0]))
	}
	return nil
}

// someFiles is the check of a command that needs files.
func someFiles(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usageError(fmt.Sprintf("Lệnh “%s” cần ít nhất một %s.", cmd.CommandPath(), what))
		}
		return nil
	}
}
