package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"vanthu/internal/archive"
	"vanthu/internal/backup"
	"vanthu/internal/files"
	"vanthu/internal/store"
)

func (t *tool) backupCommand() *cobra.Command {
	var at places
	var output string
	cmd := &cobra.Command{
		Use:   "backup --data THƯ-MỤC -o TỆP.zip",
		Short: "Sao lưu sổ đăng ký, các lô và mọi tệp ra một tệp ZIP",
		Long: `Sao lưu sổ đăng ký, các lô và mọi tệp ra một tệp ZIP, trong khi các máy khác vẫn làm việc. Tệp ZIP hoặc có đủ, hoặc
không có; không bao giờ ghi đè lên tệp đã có, và phải nằm ngoài nơi để các tệp. Trong đó có mọi văn bản, hãy giữ như giữ
văn bản.`,
		Example: `  vanthu backup --data /srv/van-thu -o sao-luu-2026-12-31.zip
  vanthu backup --db postgres://vanthu@may-chu/vanthu --files "s3://van-ban?endpoint=https://may-chu:9000" -o sao-luu.zip`,
		Args: noFiles,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !strings.EqualFold(filepath.Ext(output), ".zip") {
				return usageError("Cần tên một tệp .zip để ghi bản sao lưu: -o sao-luu.zip")
			}
			if err := freshFile(output); err != nil {
				return err
			}
			if err := at.wanted(", hoặc --data THƯ-MỤC"); err != nil {
				return err
			}
			if err := at.present(); err != nil {
				return err
			}
			if err := outside(at.files, output); err != nil {
				return err
			}
			return t.backup(cmd.Context(), at, output)
		},
	}
	at.flags(cmd)
	cmd.Flags().StringVarP(&output, "output", "o", "", "ghi ra `TỆP` .zip này")
	return cmd
}

// outside refuses a backup among the files that it is of.
func outside(files, output string) error {
	if isBucket(files) {
		return nil
	}
	inside, err := within(files, output)
	if err == nil && inside {
		err = usageError(fmt.Sprintf("-o “%s” nằm trong nơi để các tệp nên bản sao lưu sẽ chứa chính nó; hãy ghi ra ngoài “%s”.", output, files))
	}
	return err
}

func (t *tool) backup(ctx context.Context, at places, output string) (err error) {
	opened, kept, err := t.openBoth(ctx, at)
	if err != nil {
		return err
	}
	defer closeInto(&err, opened)
	if err := os.MkdirAll(filepath.Dir(output), 0o755); err != nil {
		return err
	}
	if err := writeBackup(ctx, opened, kept, output); err != nil {
		return err
	}
	count, size, err := countFiles(output)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.stderr, "Đã sao lưu sổ đăng ký, các lô và %d tệp: %s MB.\n", count, decimal(float64(size)/(1<<20)))
	_, err = fmt.Fprintln(t.stdout, output)
	return err
}

// writeBackup writes the backup under another name first, so that it stands whole under its own or not at all. Nobody else may read it.
func writeBackup(ctx context.Context, from *store.Store, kept files.Store, output string) (err error) {
	staged, err := os.CreateTemp(filepath.Dir(output), ".vanthu-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			staged.Close()
			os.Remove(staged.Name())
		}
	}()
	if err := backup.Write(ctx, from, kept, staged); err != nil {
		return err
	}
	if err := errors.Join(staged.Sync(), staged.Close()); err != nil {
		return err
	}
	if err := freshFile(output); err != nil { // that of another who was faster
		return err
	}
	return replace(staged.Name(), output)
}

// countFiles tells how many files of the office a backup holds, and its size in bytes.
func countFiles(path string) (count int, size int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return 0, 0, err
	}
	opened, err := archive.Open(file, info.Size(), archive.Limits{})
	if err != nil {
		return 0, 0, err
	}
	for _, file := range opened.File {
		if strings.HasPrefix(file.Name, "files/") {
			count++
		}
	}
	return count, info.Size(), nil
}

func (t *tool) restoreCommand() *cobra.Command {
	var at places
	cmd := &cobra.Command{
		Use:   "restore TỆP.zip --data THƯ-MỤC",
		Short: "Dựng lại từ bản sao lưu vào một nơi còn trống",
		Long: `Dựng lại sổ đăng ký, các lô và mọi tệp từ bản sao lưu của vanthu backup. Nơi dựng lại phải còn trống: lệnh này không
bao giờ xóa hay ghi đè. Cơ sở dữ liệu nơi này có thể khác loại với nơi đã sao lưu.`,
		Example: "  vanthu restore sao-luu-2026-12-31.zip --data /srv/van-thu-moi",
		Args:    oneArgument("Cần đúng một bản sao lưu, ví dụ: vanthu restore sao-luu.zip --data THƯ-MỤC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := existingFiles(args); err != nil {
				return err
			}
			if err := at.wanted(", hoặc --data THƯ-MỤC"); err != nil {
				return err
			}
			return t.restore(cmd.Context(), at, args[0])
		},
	}
	at.flags(cmd)
	return cmd
}

func (t *tool) restore(ctx context.Context, at places, path string) (err error) {
	noBackup := usageError(fmt.Sprintf("“%s” không phải bản sao lưu đọc được: tệp hỏng, không do vanthu backup ghi, hoặc do bản vanthu mới hơn ghi.", path))
	count, size, err := countFiles(path)
	if errors.Is(err, archive.ErrFormat) {
		return noBackup
	} else if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	opened, kept, err := t.openBoth(ctx, at)
	if err != nil {
		return err
	}
	defer closeInto(&err, opened)
	err = backup.Restore(ctx, file, size, opened, kept)
	differences := (*backup.Differences)(nil)
	switch {
	case errors.Is(err, store.ErrNotEmpty):
		return usageError("Nơi dựng lại không còn trống: đã có dữ liệu hoặc tệp khác ở đó. Hãy chọn nơi mới; lệnh này không xóa gì.")
	case errors.Is(err, backup.ErrBackup):
		return noBackup
	case errors.As(err, &differences):
		t.report(differences.Found[:min(len(differences.Found), maxUnits)])
		if more := len(differences.Found) - maxUnits; more > 0 {
			fmt.Fprintf(t.stderr, "… và %d tệp nữa.\n", more)
		}
		err = errFindings
	case err != nil:
		return err
	}
	fmt.Fprintf(t.stderr, "Đã dựng lại sổ đăng ký, các lô và %d tệp.\n", count)
	return err
}
