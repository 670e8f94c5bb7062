package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"vanthu/internal/register"
	"vanthu/internal/services"
	"vanthu/internal/vi"
)

// numberer is one run of a number command.
type numberer struct {
	*tool
	place   string // of the register
	profile string // path given with --don-vi, or empty to look in the working folder and the one above it
	unit    string // symbol of a body with its own series, or empty for that of the profile
	year    int
}

func (t *tool) numberCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "number LỆNH",
		Short: "Xem, hủy, in số trong sổ đăng ký văn bản đi",
		Long: `Xem, hủy và in số trong sổ đăng ký văn bản đi. Số được lấy khi làm văn bản: vanthu render … --so-dang-ky NƠI.
NƠI là một thư mục (sổ nằm trong tệp vanthu.db ở đó), hoặc địa chỉ postgres://… của sổ nhiều máy dùng chung.
Mỗi dãy số bắt đầu từ 01 vào ngày 01 tháng 01; khóa cach_danh_so trong don-vi.yaml định những loại nào chung một dãy.`,
		Example: `  vanthu number next ke-hoach --db so
  vanthu number list --db so --tim "chuyển đổi số"
  vanthu number void 12 --db so --loai ke-hoach --nam 2026 --ly-do "Văn bản không ban hành"
  vanthu number export --db so -o so-dang-ky.xlsx`,
		Args: knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },

		SuggestionsMinimumDistance: 2,
	}
	cmd.AddCommand(t.nextNumberCommand(), t.listNumbersCommand(), t.voidNumberCommand(), t.exportNumbersCommand())
	return cmd
}

// flags adds what all number commands share.
func (n *numberer) flags(cmd *cobra.Command, years string) {
	flags := cmd.Flags()
	flags.StringVar(&n.place, "db", "", "sổ đăng ký ở `NƠI` này: thư mục, hoặc địa chỉ postgres://…")
	flags.IntVar(&n.year, "nam", 0, years)
	flags.Lookup("nam").DefValue = "" // 0 says nothing to a reader
}

// flagsOfUnit adds what tells whose series is meant.
func (n *numberer) flagsOfUnit(cmd *cobra.Command) {
	cmd.Flags().StringVar(&n.profile, "don-vi", "", "lấy thông tin cơ quan từ `TỆP` này; không có thì từ don-vi.yaml ở đây hoặc thư mục trên")
	cmd.Flags().StringVar(&n.unit, "co-quan", "", "dãy số của cơ quan có `TÊN` này, viết như trong sổ; không có thì lấy trong don-vi.yaml")
}

// with opens the register for some work.
func (n *numberer) with(ctx context.Context, work func(*services.Services) error) (err error) {
	if err := n.check(); err != nil {
		return err
	}
	profile, err := n.readProfile()
	if err != nil {
		return err
	}
	register, err := n.openStore(ctx, "--db", n.place)
	if err != nil {
		return err
	}
	defer closeInto(&err, register)
	rooms, err := n.open(services.Config{Profile: profile, Store: register})
	if err != nil {
		return err
	}
	return work(rooms)
}

// check refuses what cannot be meant: a register is never begun by looking into it.
func (n *numberer) check() error {
	if n.place == "" {
		return usageError("Cần biết sổ đăng ký ở đâu: --db THƯ-MỤC hoặc --db postgres://…")
	}
	if n.year < 0 || n.year > 9999 {
		return usageError(fmt.Sprintf("--nam cần một năm, ví dụ 2026, không phải %d.", n.year))
	}
	return presentFolder(n.place)
}

func (n *numberer) readProfile() ([]byte, error) {
	if n.profile == "" {
		return profileNear("don-vi.yaml")
	}
	return givenProfile(n.profile)
}

// thisYear is the year that a command means when it is given none.
func (n *numberer) thisYear() {
	if n.year == 0 {
		n.year = vi.Today(time.Now()).Year
	}
}

func (t *tool) nextNumberCommand() *cobra.Command {
	n := numberer{tool: t}
	cmd := &cobra.Command{
		Use:   "next LOẠI|DÃY-SỐ --db NƠI",
		Short: "Xem số tiếp theo của một dãy, không lấy số",
		Long: `Xem số mà văn bản tiếp theo của một loại sẽ được cấp. Số chưa bị lấy: hai lần xem cho cùng một số.
DÃY-SỐ là chung, mat (văn bản mật), ban-sao, hoặc tên một nhóm trong nhom_so của don-vi.yaml.`,
		Example: "  vanthu number next ke-hoach --db so\n  vanthu number next mat --db so --nam 2026",
		Args:    oneArgument("Cần đúng một loại văn bản hoặc dãy số, ví dụ: vanthu number next ke-hoach --db so"),
		RunE: func(cmd *cobra.Command, args []string) error {
			n.thisYear()
			return n.with(cmd.Context(), func(rooms *services.Services) error { return n.next(cmd.Context(), rooms, args[0]) })
		},
	}
	n.flags(cmd, "dãy số của `NĂM` này; không có thì năm nay")
	n.flagsOfUnit(cmd)
	return cmd
}

func (n *numberer) next(ctx context.Context, rooms *services.Services, name string) error {
	series, found := rooms.Register.Series("", name, n.unit, n.year)
	if n.report(found); found.Blocking() {
		return errFindings
	}
	number, last, err := rooms.Register.Next(ctx, nil, series)
	if err != nil {
		return err
	}
	before := "chưa cấp số nào"
	if last != nil {
		before = fmt.Sprintf("số cuối %s ngày %s", last.Symbol, last.Date.Short())
	}
	fmt.Fprintf(n.stderr, "Dãy %s của %s năm %d: %s.\n", series.Name, series.Unit, series.Year, before)
	_, err = fmt.Fprintf(n.stdout, "%02d\n", number)
	return err
}

func (t *tool) listNumbersCommand() *cobra.Command {
	n := numberer{tool: t}
	var words, state string
	cmd := &cobra.Command{
		Use:     "list --db NƠI",
		Short:   "Xem các số đã cấp thành bảng",
		Example: "  vanthu number list --db so --nam 2026\n  vanthu number list --db so --tim \"chuyển đổi số\" --trang-thai huy",
		Args:    noFiles,
		RunE: func(cmd *cobra.Command, _ []string) error {
			wanted := register.Numbers{Unit: n.unit, Year: n.year, Words: words}
			if state != "" {
				var known bool
				if wanted.State, known = register.StateNamed(state); !known {
					return usageError(fmt.Sprintf("--trang-thai chỉ nhận giu-so, phat-hanh và huy, không nhận “%s”.", state))
				}
			}
			return n.with(cmd.Context(), func(rooms *services.Services) error { return n.list(cmd.Context(), rooms, wanted) })
		},
	}
	n.flags(cmd, "chỉ các số của `NĂM` này")
	cmd.Flags().StringVar(&n.unit, "co-quan", "", "chỉ các số của cơ quan có `KÝ-HIỆU` này, ví dụ ĐGS")
	cmd.Flags().StringVar(&words, "tim", "", "chỉ các số có những `CHỮ` này trong ký hiệu, trích yếu, người ký hoặc nơi nhận; không cần dấu")
	cmd.Flags().StringVar(&state, "trang-thai", "", "chỉ các số ở `TRẠNG-THÁI` này: giu-so, phat-hanh hoặc huy")
	return cmd
}

// list prints a line for each number, in columns that run through all of them.
func (n *numberer) list(ctx context.Context, rooms *services.Services, wanted register.Numbers) error {
	entries, err := rooms.Register.List(ctx, wanted)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(n.stdout, 0, 0, 2, ' ', 0)
	if len(entries) > 0 {
		fmt.Fprintln(table, "SỐ, KÝ HIỆU\tNGÀY\tTRẠNG THÁI\tDÃY SỐ\tNGƯỜI KÝ\tTÊN LOẠI VÀ TRÍCH YẾU\tCƠ QUAN")
	}
	for _, e := range entries {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			e.Symbol, e.Date.Short(), register.StateName(e.State), e.Name, shown(e.Signer, 30), shown(e.Title, 70), e.Unit)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(n.stderr, "Có %d số.\n", len(entries))
	return nil
}

// shown is what a column of a terminal shows of a text: one line of so many characters.
func shown(text string, most int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}

func (t *tool) voidNumberCommand() *cobra.Command {
	n := numberer{tool: t}
	var kind, reason string
	cmd := &cobra.Command{
		Use:   "void SỐ --db NƠI --loai LOẠI --nam NĂM --ly-do LÝ-DO",
		Short: "Hủy một số đã cấp, ghi rõ lý do",
		Long: `Hủy một số đã cấp. Số ấy không bao giờ được cấp lại; sổ đăng ký in ra vẫn có dòng của nó, gạch bỏ,
lý do ở cột Ghi chú.`,
		Example: `  vanthu number void 12 --db so --loai ke-hoach --nam 2026 --ly-do "Văn bản không ban hành"`,
		Args:    oneArgument("Cần đúng một số phải hủy, ví dụ: vanthu number void 12 --db so --loai ke-hoach --nam 2026 --ly-do \"…\""),
		RunE: func(cmd *cobra.Command, args []string) error {
			number, err := strconv.Atoi(args[0])
			switch {
			case err != nil || number < 1:
				return usageError(fmt.Sprintf("“%s” không phải số thứ tự; chỉ viết số, ví dụ 12.", args[0]))
			case kind == "" || n.year == 0 || strings.TrimSpace(reason) == "":
				return usageError("Hủy số cần đủ --loai, --nam và --ly-do: số đã hủy không lấy lại được.")
			}
			return n.with(cmd.Context(), func(rooms *services.Services) error { return n.void(cmd.Context(), rooms, kind, number, reason) })
		},
	}
	n.flags(cmd, "số của `NĂM` này")
	n.flagsOfUnit(cmd)
	cmd.Flags().StringVar(&kind, "loai", "", "số của `LOẠI` văn bản này, hoặc của dãy số: chung, mat, ban-sao, tên nhóm")
	cmd.Flags().StringVar(&reason, "ly-do", "", "`LÝ-DO` hủy, ghi vào sổ")
	return cmd
}

func (n *numberer) void(ctx context.Context, rooms *services.Services, kind string, number int, reason string) error {
	series, found := rooms.Register.Series("", kind, n.unit, n.year)
	if n.report(found); found.Blocking() {
		return errFindings
	}
	entry, found, err := rooms.Register.Void(ctx, nil, series, number, strings.TrimSpace(reason))
	if err != nil {
		return err
	}
	if n.report(found); found.Blocking() {
		return errFindings
	}
	fmt.Fprintf(n.stderr, "Đã hủy số %s ngày %s: %s\n", entry.Symbol, entry.Date.Short(), entry.Title)
	_, err = fmt.Fprintln(n.stdout, entry.Symbol)
	return err
}

func (t *tool) exportNumbersCommand() *cobra.Command {
	n := numberer{tool: t}
	var output string
	cmd := &cobra.Command{
		Use:   "export --db NƠI -o TỆP.xlsx",
		Short: "In sổ đăng ký văn bản đi ra tệp Excel",
		Long: `In sổ đăng ký văn bản đi của một năm ra tệp Excel, mười cột theo Phụ lục IV Nghị định 30/2020/NĐ-CP, khổ A4 ngang.
Văn bản mật và bản sao có trang tính riêng. Không bao giờ ghi đè lên tệp đã có.`,
		Example: "  vanthu number export --db so --nam 2026 -o so-dang-ky.xlsx",
		Args:    noFiles,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !isWorkbook(output) {
				return usageError("Cần tên một tệp .xlsx để ghi sổ: -o so-dang-ky.xlsx")
			}
			if err := freshFile(output); err != nil {
				return err
			}
			n.thisYear()
			return n.with(cmd.Context(), func(rooms *services.Services) error { return n.export(cmd.Context(), rooms, output) })
		},
	}
	n.flags(cmd, "sổ của `NĂM` này; không có thì năm nay")
	cmd.Flags().StringVar(&n.profile, "don-vi", "", "lấy tên cơ quan từ `TỆP` này; không có thì từ don-vi.yaml ở đây hoặc thư mục trên")
	cmd.Flags().StringVarP(&output, "output", "o", "", "ghi ra `TỆP` .xlsx này")
	return cmd
}

func (n *numberer) export(ctx context.Context, rooms *services.Services, output string) error {
	book, lines, found, err := rooms.Register.Book(ctx, register.Numbers{Year: n.year})
	if err != nil {
		return err
	}
	if n.report(found); found.Blocking() {
		return errFindings
	}
	if err := os.MkdirAll(filepath.Dir(output), 0o755); err != nil {
		return err
	}
	if err := writeFile(output, book); err != nil {
		return err
	}
	fmt.Fprintf(n.stderr, "Sổ đăng ký văn bản đi năm %d: %d số.\n", n.year, lines)
	_, err = fmt.Fprintln(n.stdout, output)
	return err
}

// oneArgument is the check of a command that needs one.
func oneArgument(message string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError(message)
		}
		return nil
	}
}
