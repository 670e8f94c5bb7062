package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"vanthu/internal/job"
)

// check refuses what cannot be done before any work is begun.
func (b *batcher) check(path string) error {
	if b.folder == "" {
		return usageError("Cần biết ghi kết quả vào đâu: -o THƯ-MỤC.")
	}
	if err := checkFormats(b.formats); err != nil {
		return err
	}
	if !slices.Contains(b.formats, "docx") {
		return usageError("Làm hàng loạt thì lúc nào cũng có tệp Word để ký: --format phải có docx, ví dụ --format docx,pdf.")
	}
	if err := b.checkPlaces(); err != nil {
		return err
	}
	if b.profile != "" {
		if err := existingFiles([]string{b.profile}); err != nil {
			return err
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return usageError(fmt.Sprintf("Không mở được đầu vào “%s”.", path))
	}
	if info.IsDir() {
		return apart(path, b.folder)
	}
	if ending := strings.ToLower(filepath.Ext(path)); !slices.Contains([]string{".zip", ".xlsx", ".csv", ".yaml", ".yml", ".json"}, ending) {
		return usageError(fmt.Sprintf("Đầu vào là một thư mục, tệp ZIP, hoặc tệp dữ liệu .xlsx, .csv, .yaml, .json; không phải “%s”.", path))
	}
	return nil
}

// checkPlaces refuses places that do not go together.
func (b *batcher) checkPlaces() error {
	switch {
	case b.db != "" && b.register != "":
		return usageError("Chỉ cho một trong hai: --so-dang-ky (lô nằm cùng sổ đăng ký và lấy số ở đó) hoặc --db (không lấy số).")
	case b.files != "" && b.db == "" && b.register == "":
		return usageError("--files dùng cùng --db hoặc --so-dang-ky; làm trên một máy thì không cần, kết quả nằm trong -o.")
	case b.files == "" && (isServer(b.db) || isServer(b.register)):
		return usageError("Lô nằm trong PostgreSQL thì phải có --files: máy khác cùng làm phải đọc và ghi được các tệp.")
	case b.files == "" && b.db != "":
		return usageError("Có --db thì phải có --files: cơ sở dữ liệu ấy dùng chung cho nhiều lô, mỗi lô cần chỗ riêng để tệp.")
	case b.files != "" && filepath.Clean(b.files) == filepath.Clean(b.folder):
		return usageError("--files và -o phải là hai nơi khác nhau: kết quả được chép từ nơi này sang nơi kia.")
	}
	return nil
}

// apart refuses results that would be read as data the next time: those of a folder within the input, or around it.
func apart(input, output string) error {
	in, err := real(input)
	if err != nil {
		return err
	}
	out, err := real(output)
	if err != nil {
		return err
	}
	switch {
	case in == out:
		return usageError(fmt.Sprintf("-o “%s” lại chính là đầu vào; hãy ghi kết quả vào thư mục khác.", output))
	case holds(in, out):
		return usageError(fmt.Sprintf("-o “%s” nằm trong đầu vào nên lần sau sẽ bị đọc như số liệu; hãy ghi kết quả ra ngoài “%s”.", output, input))
	case holds(out, in):
		return usageError(fmt.Sprintf("Đầu vào “%s” nằm trong -o “%s” nên kết quả có thể lẫn vào số liệu; hãy ghi vào thư mục riêng, ví dụ -o ket-qua.",
			input, output))
	}
	return nil
}

// holds reports whether a folder has another below it where a batch looks: not in a hidden one.
func holds(outer, inner string) bool {
	between, err := filepath.Rel(outer, inner)
	if err != nil {
		return false
	}
	return !slices.ContainsFunc(strings.Split(filepath.ToSlash(between), "/"), func(name string) bool { return strings.HasPrefix(name, ".") })
}

// openInput opens the input as a folder, whatever it is. closing lets go of it.
func (b *batcher) openInput(path string) (from fs.FS, closing func() error, err error) {
	nothing := func() error { return nil }
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return os.DirFS(path), nothing, err
	}
	if strings.EqualFold(filepath.Ext(path), ".zip") {
		return b.openZIP(path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nothing, err
	}
	from, err = job.OneFile(filepath.Base(path), data)
	return from, nothing, err
}

func (b *batcher) openZIP(path string) (from fs.FS, closing func() error, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if err != nil {
			file.Close()
		}
	}()
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	from, found, err := job.OpenZIP(file, info.Size())
	if err != nil {
		return nil, nil, err
	}
	if b.report(found); found.Blocking() {
		return nil, nil, errFindings
	}
	return from, file.Close, nil
}
