package job

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/store"
)

// Names of the manifest, in the folder of the batch.
const (
	manifestTable = "danh-muc.csv"
	manifestData  = "danh-muc.json"
)

// stateNames are what a clerk calls the states of an item.
var stateNames = map[store.ItemState]string{
	store.Pending: "chưa làm", store.Made: "đã làm", store.Kept: "giữ nguyên", store.Refused: "cần sửa dữ liệu", store.Failed: "lỗi máy",
	store.Skipped: "đã hủy",
}

// manifest is the whole manifest as JSON. It tells nothing of time: the same input gives the same manifest.
type manifest struct {
	Name     string             `json:"name"`
	Findings diag.Findings      `json:"findings,omitempty"`
	Summary  []store.StoredFile `json:"summary,omitempty"`
	Entries  []Entry            `json:"entries"`
}

// writeManifest puts the manifest of a batch into its folder.
func (r *Runner) writeManifest(ctx context.Context, batch store.Batch) error {
	m, err := r.manifest(ctx, batch)
	if err != nil {
		return err
	}
	if _, err := r.put(ctx, batch.Folder+manifestTable, m.table()); err != nil {
		return err
	}
	data, err := m.data()
	if err != nil {
		return err
	}
	_, err = r.put(ctx, batch.Folder+manifestData, data)
	return err
}

// manifest gives the manifest as it is now. Files are named as they lie below the folder of the batch.
func (r *Runner) manifest(ctx context.Context, batch store.Batch) (manifest, error) {
	entries, err := r.Entries(ctx, batch.ID)
	if err != nil {
		return manifest{}, err
	}
	m := manifest{Name: batch.Name, Entries: entries}
	if m.Findings, err = decode(batch.Found); err != nil {
		return manifest{}, err
	}
	for i := range entries {
		if entries[i].State == store.Kept {
			entries[i].State = store.Made // what stands there is the same, whenever it was made
		}
		m.Entries[i].Files = below(batch.Folder, entries[i].Files)
	}
	var s settings
	if err := json.Unmarshal(batch.Settings, &s); err != nil || s.Report == nil {
		return m, err
	}
	last, err := r.Store.LastDocument(ctx, batch.Folder+summaryStem)
	if errors.Is(err, store.ErrNotFound) {
		return m, nil
	}
	m.Summary = below(batch.Folder, last.Files)
	return m, err
}

// below names files as they lie below a folder.
func below(folder string, list []store.StoredFile) []store.StoredFile {
	for i := range list {
		list[i].Name = strings.TrimPrefix(list[i].Name, folder)
	}
	return list
}

func (m manifest) data() ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(m)
	return b.Bytes(), err
}

// table is the manifest for Excel: UTF-8 with its mark, CRLF (RFC 4180), no cell that Excel takes for a formula.
func (m manifest) table() []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	row := func(cells ...string) {
		for i, cell := range cells {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				cells[i] = "'" + cell
			}
		}
		_ = w.Write(cells) // to memory
	}
	row("STT", "Đơn vị", "Tình trạng", "Số, ký hiệu", "Văn bản", "Số trang", "Lỗi", "Cảnh báo", "Lưu ý", "Phải sửa, phải xem", "Tệp", "SHA-256")
	entries := m.Entries
	if m.Summary != nil {
		entries = append(slices.Clone(entries), Entry{Position: len(entries) + 1, Name: summaryStem, State: store.Made, Files: m.Summary, Findings: m.Findings})
	}
	for _, e := range entries {
		var names, hashes, told []string
		for _, file := range e.Files {
			names, hashes = append(names, file.Name), append(hashes, file.Hash)
		}
		count := map[diag.Severity]int{}
		for _, f := range e.Findings {
			if count[f.Severity]++; f.Severity != diag.Info {
				told = append(told, f.String())
			}
		}
		pages := ""
		if e.Pages > 0 {
			pages = strconv.Itoa(e.Pages)
		}
		row(strconv.Itoa(e.Position), e.Name, stateNames[e.State], e.Symbol, e.Title, pages, strconv.Itoa(count[diag.Error]),
			strconv.Itoa(count[diag.Warning]), strconv.Itoa(count[diag.Info]), strings.Join(told, "\n"), strings.Join(names, "\n"), strings.Join(hashes, "\n"))
	}
	w.Flush()
	return b.Bytes()
}

// Archive writes the files of a batch with its manifest as a ZIP file, one file after the other. The same files give the same bytes.
func (r *Runner) Archive(ctx context.Context, id string, w io.Writer) error {
	batch, _, err := r.Store.Batch(ctx, id)
	if err != nil {
		return notFound(err)
	}
	m, err := r.manifest(ctx, batch)
	if err != nil {
		return err
	}
	data, err := m.data()
	if err != nil {
		return err
	}
	archive := zip.NewWriter(w)
	err = errors.Join(pack(archive, manifestTable, bytes.NewReader(m.table())), pack(archive, manifestData, bytes.NewReader(data)))
	for _, file := range m.Summary {
		err = errors.Join(err, r.packFile(ctx, archive, batch, file))
	}
	for _, entry := range m.Entries {
		for _, file := range entry.Files {
			if err != nil {
				return fmt.Errorf("job: archive: %w", err)
			}
			err = r.packFile(ctx, archive, batch, file)
		}
	}
	return errors.Join(err, archive.Close())
}

// packFile adds a file of a batch. One that is gone is left out: the manifest has its name and hash.
func (r *Runner) packFile(ctx context.Context, archive *zip.Writer, batch store.Batch, file store.StoredFile) error {
	data, err := r.Files.Get(ctx, batch.Folder+file.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer data.Close()
	return pack(archive, file.Name, data)
}

func pack(archive *zip.Writer, name string, data io.Reader) error {
	header := &zip.FileHeader{Name: name, Method: zip.Store, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)} // the first that the format can write
	if ending := path.Ext(name); ending == ".csv" || ending == ".json" {
		header.Method = zip.Deflate // documents are packed as they are
	}
	entry, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(entry, data)
	return err
}
