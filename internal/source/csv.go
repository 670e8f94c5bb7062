package source

import (
	"encoding/csv"
	"fmt"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/vi"
	"vanthu/internal/xlsx"
)

// readCSV reads comma-separated values as a sheet without a name, whatever stands between them and in whatever encoding Excel and
// other programs save them. All cells are text: 96.898 stays as typed, for a Vietnamese reader to understand.
func (r *reader) readCSV(data []byte) []*grid {
	if len(data) > MaxWorkbook {
		r.complain(diag.FileTooLarge, 0, 0, "chia thành nhiều tệp", fmt.Sprintf("tệp lớn hơn %d MB", MaxWorkbook>>20))
		return nil
	}
	text, ok := vi.Decode(data)
	if !ok {
		r.complain(diag.NotUnicode, 0, 0,
			"lưu lại tệp với mã hóa UTF-8 (CSV UTF-8); phông chữ cũ (VNI, TCVN3) cần chuyển sang Unicode trước", "tệp không phải là văn bản Unicode")
		return nil
	}
	if strings.TrimSpace(text) == "" {
		r.complain(diag.EmptyFile, 0, 0, "điền dữ liệu vào tệp rồi làm lại", "tệp không có nội dung")
		return nil
	}
	g := &grid{file: r.file}
	separator, text := separatorOf(text)
	records := csvReader(text, separator)
	number, cells, offset, above := 0, 0, 0, 0 // above counts the lines before offset
	for {
		record, err := records.Read()
		if record == nil && err != nil { // only the end: quotes are taken as they come
			break
		}
		line, _ := records.FieldPos(0)
		number += line - above // blank lines before it, which the reader passes over, are rows too
		end := int(records.InputOffset())
		above += strings.Count(text[offset:end], "\n")
		offset = end
		row := gridRow{number: number}
		for column, text := range record {
			if strings.TrimSpace(text) == "" {
				continue
			}
			if number > maxRows || column >= maxColumns {
				r.complainAt(diag.TooManyRows, g.place(number, column), "chia thành nhiều tệp; kiểm tra dấu phân cách và dấu nháy",
					fmt.Sprintf("tệp có quá %d.000 dòng hoặc %d cột", maxRows/1000, maxColumns))
				return nil
			}
			for len(row.cells) <= column {
				row.cells = append(row.cells, cell{row: int32(number), column: int32(len(row.cells))})
			}
			row.cells[column].kind, row.cells[column].text = xlsx.Text, strings.Clone(text)
		}
		if cells += len(row.cells); cells > maxCells {
			r.complainAt(diag.TooManyCells, g.place(number, 0), "chia thành nhiều tệp", "tệp có quá nhiều ô")
			return nil
		}
		if len(row.cells) > 0 {
			g.rows = append(g.rows, row)
		}
	}
	return []*grid{g}
}

func csvReader(text string, separator rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = separator, true, -1, true
	return r
}

// separatorOf looks which of comma, semicolon and tab cuts the first rows into the most equal ones. A first line “sep=;”, which
// Excel understands, decides; it is taken off.
func separatorOf(text string) (rune, string) {
	first, rest, _ := strings.Cut(text, "\n")
	if named, ok := strings.CutPrefix(strings.TrimSpace(first), "sep="); ok && len(named) == 1 && strings.Contains(",;\t|", named) {
		return rune(named[0]), "\n" + rest // rows keep their numbers
	}
	const looked = 40 // rows
	best, bestScore := ',', 0
	for _, separator := range []rune{',', ';', '\t'} {
		widths := map[int]int{}
		records := csvReader(text[:min(len(text), 1<<16)], separator)
		for range looked {
			record, err := records.Read()
			if record == nil && err != nil {
				break
			}
			widths[len(record)]++
		}
		score := 0
		for width, rows := range widths {
			if width > 1 {
				score = max(score, rows*rows*16+width)
			}
		}
		if score > bestScore {
			best, bestScore = separator, score
		}
	}
	return best, text
}
