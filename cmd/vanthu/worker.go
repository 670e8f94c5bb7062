package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"vanthu/internal/job"
)

// finishing is how long the documents in hand may take when a command is told to stop.
const finishing = 30 * time.Second

func (t *tool) workerCommand() *cobra.Command {
	var at places
	cmd := &cobra.Command{
		Use:   "worker --db postgres://… --files NƠI",
		Short: "Góp một máy cùng làm các lô văn bản",
		Long: `Góp máy này cùng làm các lô văn bản gửi từ vanthu batch và vanthu serve, cho đến khi bị dừng. Bao nhiêu máy
cũng được, miễn mọi máy cùng --db, cùng --files và cùng mẫu, phông riêng (--templates, --fonts). Khi dừng thì
làm nốt văn bản đang làm, nhiều nhất 30 giây; việc còn lại để máy khác làm. Nhật ký ghi ra stderr.`,
		Example: `  vanthu worker --db postgres://vanthu@db.noi-bo/vanthu --files "s3://van-ban?endpoint=https://s3.noi-bo:9000"
  VANTHU_DB=postgres://… VANTHU_FILES=/mnt/chung vanthu worker`,
		Args: noFiles,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := at.wanted(""); err != nil {
				return err
			}
			return t.work(cmd.Context(), at)
		},
	}
	at.flagsOfTwo(cmd)
	return cmd
}

func (t *tool) work(ctx context.Context, at places) (err error) {
	_, runner, err := t.openRunner(ctx, at, nil)
	if err != nil {
		return err
	}
	defer closeInto(&err, runner.Store)
	if err := runner.Start(ctx); err != nil {
		return err
	}
	only := ""
	if !isServer(at.db) {
		only = " (chỉ các tiến trình trên máy này dùng chung được)"
	}
	fmt.Fprintln(t.stdout, t.discreet(fmt.Sprintf("Đang chờ việc: dữ liệu ở %s%s; các tệp ở %s (nhấn Ctrl+C để dừng)",
		at.db, only, at.files)))
	<-ctx.Done()
	fmt.Fprintln(t.stderr, "Đang dừng, chờ các văn bản đang làm xong…")
	return stopGently(ctx, runner)
}

// stopGently lets a Runner finish what it has in hand.
func stopGently(ctx context.Context, runner *job.Runner) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishing)
	defer cancel()
	return runner.Stop(ctx)
}
