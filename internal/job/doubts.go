package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/store"
)

// doubts returns what to look at in a batch as a whole when its documents are made: one number on two papers, units that the summary is
// without, results of before that are none of this batch's.
func (c *closing) doubts(ctx context.Context) (found diag.Findings, err error) {
	names := map[string]bool{summaryStem: true}
	papers := map[string]string{} // unit and symbol -> item
	var silent []string
	for outcome, err := range c.Store.Outcomes(ctx, c.batch.ID) {
		if err != nil {
			return nil, err
		}
		names[outcome.Name] = true
		d := outcome.Document
		if d == nil {
			silent = append(silent, outcome.Name)
			continue
		}
		if d.Symbol == "" || d.Symbol[0] < '0' || d.Symbol[0] > '9' { // without a number
			continue
		}
		paper := d.Unit + "\n" + d.Symbol
		if first := papers[paper]; first != "" {
			found.Add(diag.Finding{
				Severity: diag.Warning, Code: diag.OneNumberTwice, Where: diag.Place{File: outcome.Name},
				Message: fmt.Sprintf("“%s” và “%s” cùng là văn bản số %s của %s", first, outcome.Name, d.Symbol, d.Unit),
				Hint:    "sửa số của một trong hai văn bản, hoặc bỏ tệp dữ liệu thừa",
			})
			continue
		}
		papers[paper] = outcome.Name
	}
	if c.settings.Report != nil && len(silent) > 0 {
		found.Add(diag.Finding{
			Severity: diag.Warning, Code: diag.SummaryIncomplete,
			Message: fmt.Sprintf("báo cáo tổng hợp ghi là chưa có báo cáo đối với %d đơn vị chưa làm được văn bản: %s", len(silent), some(silent)),
			Hint:    "sửa dữ liệu của các đơn vị ấy rồi chạy lại, trước khi ký báo cáo tổng hợp",
		})
	}
	left, err := c.leftovers(ctx, c.batch.Folder, names)
	if err == nil && len(left) > 0 {
		found.Add(diag.Finding{
			Severity: diag.Warning, Code: diag.ResultsOfBefore,
			Message: fmt.Sprintf("còn kết quả lần trước của %d đơn vị không có trong lô này: %s", len(left), some(left)),
			Hint:    "xóa các thư mục ấy nếu đơn vị đã bỏ hoặc đổi tên",
		})
	}
	return found, err
}

// leftovers returns the folders of documents that are none of the given names.
func (c *closing) leftovers(ctx context.Context, folder string, names map[string]bool) (left []string, err error) {
	for file, err := range c.Files.List(ctx, folder) {
		if err != nil {
			return nil, err
		}
		name, _, below := strings.Cut(strings.TrimPrefix(file.Name, folder), "/")
		if !below || names[name] || strings.HasPrefix(name, ".") {
			continue
		}
		names[name] = true // looked at
		_, err := c.Store.LastDocument(ctx, folder+name)
		if err == nil {
			left = append(left, name)
		} else if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	slices.Sort(left)
	return left, nil
}

// some names the first few of a list.
func some(names []string) string {
	const told = 5
	if len(names) <= told {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:told], ", ") + ", …"
}
