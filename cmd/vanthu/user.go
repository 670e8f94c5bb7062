package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"vanthu/internal/account"
	"vanthu/internal/diag"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// keeper is one run of a command about users.
type keeper struct {
	*tool
	at places
}

// A command that adds may begin a database; the others are given one that is there.
const (
	begins  = true
	present = false
)

func (t *tool) userCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "user LỆNH",
		Short: "Thêm, khóa người dùng của trang web, đổi mật khẩu",
		Long: `Thêm, xem, khóa người dùng của trang web và đổi mật khẩu của họ, kể cả khi vanthu serve đang chạy. Chưa có người dùng nào
thì trang web chỉ mở trên máy này, cho một người, không cần đăng nhập; có rồi thì ai cũng phải đăng nhập.
Mật khẩu được hỏi ở màn hình, hoặc đọc từ dòng đầu của đầu vào chuẩn; không bao giờ viết trên dòng lệnh.`,
		Example: `  vanthu user add an.nguyen --ho-ten "Nguyễn Văn An" --data /srv/van-thu
  vanthu user add lan.tran --ho-ten "Trần Thị Lan" --vai-tro van-thu --data /srv/van-thu
  vanthu user list --data /srv/van-thu`,
		Args: knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },

		SuggestionsMinimumDistance: 2,
	}
	cmd.AddCommand(t.addUserCommand(), t.listUsersCommand(), t.passwordCommand(),
		t.disableCommand("disable", "Khóa một người dùng, ngừng ngay mọi phiên và mã truy cập của họ", "Đã khóa", true),
		t.disableCommand("enable", "Mở khóa một người dùng", "Đã mở khóa", false))
	return cmd
}

func (t *tool) addUserCommand() *cobra.Command {
	k := keeper{tool: t}
	var user store.User
	cmd := &cobra.Command{
		Use:   "add TÊN --ho-ten \"HỌ TÊN\"",
		Short: "Thêm một người dùng",
		Long: `Thêm một người dùng có tên đăng nhập TÊN: 2 đến 40 chữ cái thường không dấu, chữ số, dấu chấm, gạch dưới, gạch nối.
Người đầu tiên là quản trị. Vai trò: soan-thao làm văn bản; van-thu làm thêm sổ đăng ký và chạy hàng loạt; quan-tri làm
thêm người dùng, đơn vị và mẫu.`,
		Example: `  vanthu user add lan.tran --ho-ten "Trần Thị Lan" --vai-tro van-thu --data /srv/van-thu`,
		Args:    oneArgument(`Cần đúng một tên đăng nhập, ví dụ: vanthu user add lan.tran --ho-ten "Trần Thị Lan"`),
		RunE: func(cmd *cobra.Command, args []string) error {
			user.Name = args[0]
			if strings.TrimSpace(user.FullName) == "" {
				return usageError("Cần họ tên của người dùng: --ho-ten \"Trần Thị Lan\"")
			}
			return k.with(cmd.Context(), begins, func(kept *store.Store, accounts *account.Accounts) error {
				return k.add(cmd.Context(), kept, accounts, user)
			})
		},
	}
	k.at.flagsOfDatabase(cmd)
	cmd.Flags().StringVar(&user.FullName, "ho-ten", "", "`HỌ-TÊN` của người dùng")
	cmd.Flags().StringVar(&user.Role, "vai-tro", "", "`VAI-TRÒ`: soan-thao, van-thu, quan-tri; không có thì quan-tri cho người đầu tiên, soan-thao cho người sau")
	cmd.Flags().StringVar(&user.Office, "don-vi", "", "`MÃ` của đơn vị, như trên trang Đơn vị; không có thì cơ quan không chia đơn vị")
	return cmd
}

func (k keeper) add(ctx context.Context, kept *store.Store, accounts *account.Accounts, user store.User) error {
	others, err := accounts.Any(ctx)
	if err != nil {
		return err
	}
	usual := account.Drafter
	if !others {
		usual = account.Admin
	}
	user.Role = cmp.Or(user.Role, string(usual))
	password, err := k.newPassword(ctx, user.Name)
	if err != nil {
		return err
	}
	found, err := accounts.Add(ctx, user, password)
	if err := k.refused(user.Name, found, err); err != nil {
		return err
	}
	fmt.Fprintf(k.stderr, "Đã thêm %s, vai trò %s.\n", user.FullName, account.Role(user.Role).Name())
	return k.done(ctx, kept, "add-user", user.Name)
}

func (t *tool) listUsersCommand() *cobra.Command {
	k := keeper{tool: t}
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "Xem các người dùng thành bảng",
		Example: "  vanthu user list --data /srv/van-thu",
		Args:    noFiles,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return k.with(cmd.Context(), present, func(kept *store.Store, _ *account.Accounts) error { return k.list(cmd.Context(), kept) })
		},
	}
	k.at.flagsOfDatabase(cmd)
	return cmd
}

func (k keeper) list(ctx context.Context, kept *store.Store) error {
	users, err := kept.Users(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(k.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "Tên\tHọ tên\tVai trò\tĐơn vị\tTừ ngày\tTrạng thái")
	for _, user := range users {
		state := "đang dùng"
		if user.Disabled {
			state = "đã khóa"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", user.Name, shown(user.FullName, 40), account.Role(user.Role).Name(),
			cmp.Or(user.Office, "-"), user.Created.In(vi.Zone).Format("02/01/2006"), state)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(k.stderr, "Có %d người dùng.\n", len(users))
	return nil
}

func (t *tool) passwordCommand() *cobra.Command {
	k := keeper{tool: t}
	cmd := &cobra.Command{
		Use:     "password TÊN",
		Short:   "Đổi mật khẩu của một người dùng, họ phải đăng nhập lại",
		Example: "  vanthu user password lan.tran --data /srv/van-thu",
		Args:    oneArgument("Cần đúng một tên đăng nhập, ví dụ: vanthu user password lan.tran"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return k.with(cmd.Context(), present, func(kept *store.Store, accounts *account.Accounts) error {
				return k.password(cmd.Context(), kept, accounts, args[0])
			})
		},
	}
	k.at.flagsOfDatabase(cmd)
	return cmd
}

func (k keeper) password(ctx context.Context, kept *store.Store, accounts *account.Accounts, name string) error {
	if _, err := kept.User(ctx, name); err != nil {
		return k.refused(name, nil, err)
	}
	password, err := k.newPassword(ctx, name)
	if err != nil {
		return err
	}
	found, err := accounts.SetPassword(ctx, name, password)
	if err := k.refused(name, found, err); err != nil {
		return err
	}
	fmt.Fprintln(k.stderr, "Đã đổi mật khẩu.")
	return k.done(ctx, kept, "set-password", name)
}

// disableCommand is the command that disables users, or the one that enables them again.
func (t *tool) disableCommand(use, short, done string, disabled bool) *cobra.Command {
	k := keeper{tool: t}
	cmd := &cobra.Command{
		Use:     use + " TÊN",
		Short:   short,
		Example: "  vanthu user " + use + " lan.tran --data /srv/van-thu",
		Args:    oneArgument("Cần đúng một tên đăng nhập, ví dụ: vanthu user " + use + " lan.tran"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return k.with(cmd.Context(), present, func(kept *store.Store, accounts *account.Accounts) error {
				user, err := kept.User(cmd.Context(), args[0])
				var found diag.Findings
				if err == nil {
					user.Disabled = disabled
					found, err = accounts.Change(cmd.Context(), user)
				}
				if err := k.refused(args[0], found, err); err != nil {
					return err
				}
				fmt.Fprintf(k.stderr, "%s %s.\n", done, user.FullName)
				return k.done(cmd.Context(), kept, use+"-user", user.Name)
			})
		},
	}
	k.at.flagsOfDatabase(cmd)
	return cmd
}

// with opens the users for some work.
func (k keeper) with(ctx context.Context, begin bool, work func(*store.Store, *account.Accounts) error) (err error) {
	place, err := k.at.database()
	if err != nil {
		return err
	}
	if !begin {
		if err := presentFolder(place); err != nil {
			return err
		}
	}
	kept, err := k.openStore(ctx, "--db", place)
	if err != nil {
		return err
	}
	defer closeInto(&err, kept)
	return work(kept, account.New(kept, time.Now))
}

// refused tells why something about a user was not done; nil where it was.
func (k keeper) refused(name string, found diag.Findings, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return usageError(fmt.Sprintf("Không có người dùng “%s”. Xem các tên: vanthu user list", name))
	}
	if err != nil {
		return err
	}
	if k.report(found); found.Blocking() {
		return errFindings
	}
	return nil
}

// done writes down what was done at this machine, and prints to whom.
func (k keeper) done(ctx context.Context, kept *store.Store, action, name string) error {
	act := store.Act{At: time.Now(), Action: action, Subject: name, Detail: "lệnh vanthu user"}
	if err := kept.AddAct(ctx, act); err != nil {
		return err
	}
	_, err := fmt.Fprintln(k.stdout, name)
	return err
}
