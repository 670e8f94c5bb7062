package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/job"
	"vanthu/internal/services"
	"vanthu/internal/store"
)

// batcher is one run of the batch command. What it does is kept in the folder of the results, so that the next run goes on from there; or,
// where many machines work together, in their database, with their files.
type batcher struct {
	*tool
	folder   string // of the results
	formats  []string
	summary  bool
	profile  string // path given with --don-vi, or empty to look beside the input
	register string // place of the register that numbers are taken from, or empty
	db       string // place of a database in place of the one in folder, or empty
	files    string // place of files to copy the results from, or empty for those in folder
}

func (t *tool) batchCommand() *cobra.Command {
	b := batcher{tool: t}
	cmd := &cobra.Command{
		Use:   "batch ĐẦU-VÀO -o THƯ-MỤC",
		Short: "Làm văn bản hàng loạt, mỗi đơn vị một văn bản",
		Long: `Làm văn bản cho nhiều đơn vị. ĐẦU-VÀO là thư mục hoặc tệp ZIP có mỗi đơn vị một tệp dữ liệu, hoặc một tệp Excel
có mỗi đơn vị một dòng (trang tính “Danh sách”) hay một trang tính. Trong thư mục: don-vi.yaml dùng cho các tệp cùng
chỗ và ở các thư mục con; ky-truoc/TÊN là số liệu kỳ trước của tệp TÊN; có tong-hop.yaml (hoặc .xlsx) thì làm thêm báo cáo
và sổ theo dõi tổng hợp của mọi đơn vị theo nội dung tệp ấy.

Kết quả của mỗi đơn vị nằm trong một thư mục con. Đơn vị nào còn lỗi thì nói rõ chỗ phải sửa, các đơn vị khác vẫn làm.
Danh mục danh-muc.csv và danh-muc.json ghi tệp, số, ký hiệu, mã băm và lỗi của từng đơn vị. Chạy lại thì chỉ làm những
gì còn thiếu hoặc đã đổi; tệp đã sửa bằng tay không bị ghi đè. Dừng giữa chừng thì chạy lại đúng lệnh ấy để làm tiếp.

Nhiều máy cùng làm: cho --db postgres://… (hoặc --so-dang-ky postgres://…) và --files, rồi chạy vanthu worker trên các
máy khác với cùng hai nơi ấy; làm xong thì kết quả được chép về -o.`,
		Example: `  vanthu batch cuoi-nam-2026 -o ket-qua --summary
  vanthu batch danh-sach.xlsx -o ket-qua --format docx,pdf
  vanthu batch so-lieu.zip -o ket-qua --so-dang-ky so
  vanthu batch toan-quoc -o ket-qua --db postgres://vanthu@may-chu/vanthu --files "s3://van-ban?endpoint=https://may-chu:9000"`,
		Args: oneArgument("Cần đúng một đầu vào: thư mục, tệp ZIP, hoặc một tệp dữ liệu; ví dụ: vanthu batch cuoi-nam-2026 -o ket-qua"),
		RunE: func(cmd *cobra.Command, args []string) error { return b.run(cmd.Context(), args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&b.folder, "output", "o", "", "ghi kết quả vào `THƯ-MỤC`, chưa có thì tạo")
	flags.StringSliceVar(&b.formats, "format", []string{"docx", "pdf", "xlsx"}, "chỉ làm các `DẠNG` này, cách nhau bằng dấu phẩy; lúc nào cũng có docx")
	flags.BoolVar(&b.summary, "summary", false, "đầu vào phải có tệp tong-hop; không có thì báo lỗi ngay, không làm gì")
	flags.StringVar(&b.profile, "don-vi", "", "lấy thông tin cơ quan từ `TỆP` này cho những đơn vị mà đầu vào không có don-vi.yaml")
	flags.StringVar(&b.register, "so-dang-ky", "", "văn bản chưa có số thì lấy số trong sổ đăng ký ở `NƠI` này: thư mục, hoặc postgres://…")
	flags.StringVar(&b.db, "db", "", "ghi lô vào cơ sở dữ liệu ở `NƠI` này, không lấy số: thư mục, hoặc postgres://…; phải có --files")
	flags.StringVar(&b.files, "files", "", "để các tệp ở `NƠI` mà mọi máy cùng dùng: thư mục, hoặc s3://…")
	return cmd
}

func (b *batcher) run(ctx context.Context, path string) (err error) {
	if err := b.check(path); err != nil {
		return err
	}
	order, err := b.order(path)
	if err != nil {
		return err
	}
	input, closing, err := b.openInput(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closing()) }()

	if err := makeFolder(b.folder); err != nil {
		return err
	}
	log, err := b.openLog()
	if err != nil {
		return err
	}
	defer closeInto(&err, log)
	config := job.Config{Log: b.log(log, slog.LevelWarn), Now: time.Now}
	register, err := b.openPlaces(ctx, &config)
	if config.Store != nil {
		defer closeInto(&err, config.Store)
	}
	if register != nil && register != config.Store {
		defer closeInto(&err, register)
	}
	if err != nil {
		return err
	}
	rooms := services.Config{Profile: order.Profile, Store: register}
	if register == config.Store {
		rooms.Files = config.Files // otherwise they are those of the results, not of the office
	}
	opened, err := b.open(rooms)
	if err != nil {
		return err
	}
	config.Maker = opened.Maker
	runner, err := job.Open(ctx, config)
	if err != nil {
		return err
	}
	return b.make(ctx, runner, order, input)
}

// openPlaces opens what the batch is kept in and the register of numbers, which is the same or another. What it opened is to be closed
// even when it fails.
//
// Without --files the batch is kept with its results and never in the register: two folders of results have documents of the same name,
// and which of them stand is known for each folder by itself.
func (b *batcher) openPlaces(ctx context.Context, config *job.Config) (register *store.Store, err error) {
	if b.files != "" {
		if config.Files, err = b.openFiles(ctx, b.files); err != nil {
			return nil, err
		}
		if b.db != "" {
			config.Store, err = b.openStore(ctx, "--db", b.db)
		} else {
			config.Store, err = b.openStore(ctx, "--so-dang-ky", b.register)
		}
		return config.Store, err
	}
	if b.register != "" {
		if register, err = b.openStore(ctx, "--so-dang-ky", b.register); err != nil {
			return nil, err
		}
	}
	if config.Files, err = files.Open(ctx, b.folder); err != nil {
		return register, err
	}
	config.Store, err = store.Open(ctx, b.state())
	return register, err
}

// state is the folder with what a run leaves for the next.
func (b *batcher) state() string { return filepath.Join(b.folder, ".vanthu") }

// openLog opens the log, where faults are told in full.
func (b *batcher) openLog() (*os.File, error) {
	if err := os.MkdirAll(b.state(), 0o755); err != nil {
		return nil, err
	}
	return os.OpenFile(b.logPath(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
}

func (b *batcher) logPath() string { return filepath.Join(b.state(), "nhat-ky.txt") }

// order is what the command asks for.
func (b *batcher) order(path string) (order job.Order, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return order, err
	}
	order = job.Order{
		Name: filepath.Base(path), Summary: b.summary, Numbers: b.register != "",
		PDF: slices.Contains(b.formats, "pdf"), XLSX: slices.Contains(b.formats, "xlsx"),
	}
	if b.files != "" {
		if order.Folder, err = b.ownFolder(); err != nil {
			return order, err
		}
	}
	switch info, err := os.Stat(path); {
	case b.profile != "":
		order.Profile, err = os.ReadFile(b.profile)
		return order, err
	case err != nil:
		return order, err
	case info.IsDir():
		path = filepath.Join(path, "don-vi.yaml")
	}
	order.Profile, err = profileNear(path)
	return order, err
}

// make plans the batch, works on it until it is done, and tells what became of it.
func (b *batcher) make(ctx context.Context, runner *job.Runner, order job.Order, input fs.FS) error {
	began := time.Now()
	fmt.Fprintf(b.stderr, "Đang đọc “%s”…\n", order.Name)
	var id string
	var found diag.Findings
	var err error
	reading := counted{FS: input}
	b.whileReading(&reading, func() { id, found, err = runner.Submit(ctx, order, &reading) })
	if ctx.Err() != nil {
		fmt.Fprintln(b.stderr, "Chưa đọc xong đầu vào. Chạy lại đúng lệnh này thì làm từ đầu.")
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	if found.Blocking() {
		b.report(found)
		return errFindings
	}
	if b.files != "" {
		if err := b.rememberFolder(ctx, runner, id); err != nil {
			return err
		}
	}
	if err := runner.Start(ctx); err != nil {
		return err
	}
	status, err := follow(ctx, runner, id, b.newMeter())
	if ctx.Err() != nil {
		fmt.Fprintln(b.stderr, "Đang dừng, chờ các văn bản đang làm xong…")
	}
	if stopped := stopGently(ctx, runner); err == nil {
		err = stopped
	}
	if ctx.Err() != nil && status.State != store.Done {
		return b.interrupted(ctx, runner, id)
	}
	if err != nil {
		return err
	}
	if status.State == store.Cancelled {
		return fmt.Errorf("lô đã bị hủy từ nơi khác khi còn %d văn bản chưa làm", status.Skipped)
	}
	return b.tell(ctx, runner, status, time.Since(began))
}

// interrupted says how to go on.
func (b *batcher) interrupted(ctx context.Context, runner *job.Runner, id string) error {
	status, err := runner.Status(context.WithoutCancel(ctx), id)
	if err != nil {
		return err
	}
	others := ""
	if isServer(b.db) || isServer(b.register) {
		others = " Các máy khác đang chạy vanthu worker vẫn làm phần còn lại."
	}
	fmt.Fprintf(b.stderr, "Đã xong %d/%d văn bản. Chạy lại đúng lệnh này thì làm tiếp từ chỗ đã dừng.%s\n",
		status.Total-status.Pending, status.Total, others)
	return ctx.Err()
}
