package job

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
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

// manifest is the whole manifest as JSON. It says nothing of time: the same input gives the same manifest.
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
	data, err := m.data()
	if err != nil {
		return err
	}
	results, table := results{r.Files}, m.table()
	if err := results.put(ctx, fileOf(batch.Folder+manifestTable, table), table); err != nil {
		return err
	}
	return results.put(ctx, fileOf(batch.Folder+manifestData, data), data)
}

// manifest returns the manifest as it is now. Files are named as they lie below the folder of the batch.
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
	s, err := settingsOf(batch)
	if err != nil || s.Report == nil {
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

// semicolon parts cells for an Excel whose decimals have a comma: what follows may be taken for a formula too.
var semicolon = lazyregexp.New(`(;[\s"]*)([=+\-@＝＋－＠])`)

// table returns the manifest for Excel: UTF-8 with its mark, CRLF (RFC 4180), no cell that Excel takes for a formula.
func (m manifest) table() []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	row := func(cells ...string) {
		for i, cell := range cells {
			if first, _ := utf8.DecodeRuneInString(cell); cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
				cell = "'" + cell
			}
			cells[i] = semicolon.ReplaceAllString(cell, "$1'$2")
		}
		_ = w.Write(cells) // to memory
	}
	row("STT", "Đơn vị", "Thư mục", "Tình trạng", "Số, ký hiệu", "Văn bản", "Số trang", "Lỗi", "Cảnh báo", "Lưu ý", "Phải sửa, phải xem", "Tệp", "SHA-256")
	for _, e := range m.Entries {
		row(line(strconv.Itoa(e.Position), stateNames[e.State], e)...)
	}
	switch whole := (Entry{Unit: "Cả lô", Files: m.Summary, Findings: m.Findings}); {
	case m.Summary != nil:
		whole.Unit, whole.Name = "Tổng hợp", summaryStem
		row(line(strconv.Itoa(len(m.Entries)+1), stateNames[store.Made], whole)...)
	case m.Findings != nil:
		row(line("", "", whole)...)
	}
	w.Flush()
	return b.Bytes()
}

// line returns a row of the table.
func line(position, state string, e Entry) []string {
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
	return []string{
		position, e.Unit, e.Name, state, e.Symbol, e.Title, pages, strconv.Itoa(count[diag.Error]), strconv.Itoa(count[diag.Warning]),
		strconv.Itoa(count[diag.Info]), strings.Join(told, "\n"), strings.Join(names, "\n"), strings.Join(hashes, "\n"),
	}
}
