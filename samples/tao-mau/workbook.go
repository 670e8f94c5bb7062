package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/vi"
)

// column is a column of a sheet; over is the heading that it shares with its neighbours.
type column struct {
	heading string
	wide    float64 // characters
	over    string
}

// sheets are the tables of the workbook. It has the columns that are filled in, as a workbook has that an office keeps for itself.
var sheets = []struct {
	name    string
	columns []column
	rows    func(*year) []row
}{
	{"Nhiệm vụ", []column{
		{"Nội dung nhiệm vụ", 46, ""},
		{"Lĩnh vực", 18, ""},
		{"Văn bản giao (số, ký hiệu, ngày)", 24, ""},
		{"Cơ quan chủ trì", 24, ""},
		{"Sản phẩm đầu ra", 18, ""},
		{"Thời hạn hoàn thành", 12, ""},
		{"Ngày hoàn thành", 12, ""},
		{"Tiến độ (%)", 9, ""},
		{"Kết quả thực hiện", 28, ""},
		{"Số, ngày văn bản báo cáo, kết quả", 26, ""},
		{"Khó khăn, vướng mắc, nguyên nhân", 26, ""},
	}, func(y *year) []row { return y.tasks }},
	{"Kiến nghị sau giám sát", []column{
		{"Kết luận, thông báo (số, ngày)", 24, ""},
		{"Chuyên đề giám sát", 30, ""},
		{"Nội dung kiến nghị", 44, ""},
		{"Cơ quan chịu trách nhiệm thực hiện", 24, ""},
		{"Sản phẩm phải hoàn thành", 20, ""},
		{"Thời hạn", 12, ""},
		{"Kết quả thực hiện", 28, ""},
		{"Đánh giá", 18, ""},
		{"Minh chứng (văn bản)", 26, ""},
		{"Bước xử lý đã thực hiện (0–7)", 10, ""},
	}, func(y *year) []row { return y.recommendations }},
	{"Kiến nghị cử tri", []column{
		{"Mã vụ việc", 9, ""},
		{"Nguồn tiếp nhận", 22, ""},
		{"Nội dung kiến nghị", 46, ""},
		{"Cử tri (thôn, tổ)", 16, ""},
		{"Lĩnh vực", 16, ""},
		{"Thẩm quyền", 12, ""},
		{"Cơ quan trả lời", 24, ""},
		{"Ngày tiếp nhận", 12, ""},
		{"Thời hạn giải quyết", 12, ""},
		{"Ngày trả lời", 12, ""},
		{"Văn bản trả lời (số)", 26, ""},
		{"Phân loại kết quả", 20, ""},
	}, func(y *year) []row { return y.petitions }},
	{"Giải ngân", []column{
		{"Danh mục dự án", 46, ""},
		{"Chủ đầu tư", 22, ""},
		{"Quyết định phê duyệt (số, ngày)", 26, ""},
		{"Tổng mức đầu tư", 12, ""},
		{"Ngân sách thành phố", 12, funds},
		{"Ngân sách xã", 12, funds},
		{"Tổng kế hoạch vốn", 12, funds},
		{"Số tiền", 12, "Giải ngân đến ngày chốt"},
		{"Khối lượng thực hiện", 24, ""},
		{"Ước giải ngân cả năm", 12, ""},
		{"Khó khăn, nguyên nhân", 26, ""},
		{"Cam kết, giải pháp", 26, ""},
	}, func(y *year) []row { return y.projects }},
}

const funds = "Kế hoạch vốn năm"

// book is a workbook that is being written. The first error of the library is kept.
type book struct {
	file             *excelize.File
	head, text, date int // styles
	err              error
}

func (b *book) check(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *book) style(s excelize.Style) int {
	id, err := b.file.NewStyle(&s)
	b.check(err)
	return id
}

// save writes the workbook of a year.
func (y *year) save(path string) error {
	b := &book{file: excelize.NewFile()}
	defer b.file.Close()
	b.check(b.file.SetDefaultFont("Times New Roman"))
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	format := "dd/mm/yyyy"
	b.head = b.style(excelize.Style{Font: &excelize.Font{Family: "Times New Roman", Bold: true}, Alignment: &excelize.Alignment{
		Horizontal: "center", Vertical: "center", WrapText: true,
	}})
	b.text = b.style(excelize.Style{Alignment: top})
	b.date = b.style(excelize.Style{Alignment: top, CustomNumFmt: &format})

	b.sheet("Thông tin chung", []float64{42, 100}, func(write func(...any)) {
		write("Mục", "Giá trị")
		for _, e := range y.general() {
			write(e.label, e.value)
		}
	})
	for _, s := range sheets {
		b.table(s.name, s.columns, s.rows(y))
	}
	stamp := y.signed.ISO() + "T00:00:00Z"
	b.check(b.file.SetDocProps(&excelize.DocProperties{Creator: "Văn phòng HĐND và UBND", Created: stamp, Modified: stamp}))
	written := &bytes.Buffer{}
	if b.err == nil {
		b.err = b.file.Write(written)
	}
	if b.err == nil {
		written, b.err = repack(written.Bytes())
	}
	if b.err != nil {
		return b.err
	}
	return os.WriteFile(path, written.Bytes(), 0o644)
}

// repack packs a workbook tightly, with its parts in the order of their names: the library has them in the order of a map.
func repack(workbook []byte) (*bytes.Buffer, error) {
	from, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(from.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	packed := &bytes.Buffer{}
	to := zip.NewWriter(packed)
	to.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, part := range from.File {
		w, err := to.Create(part.Name)
		if err != nil {
			return nil, err
		}
		r, err := part.Open()
		if err != nil {
			return nil, err
		}
		_, err = io.Copy(w, r)
		if err := errors.Join(err, r.Close()); err != nil {
			return nil, err
		}
	}
	return packed, to.Close()
}

func (b *book) table(name string, columns []column, rows []row) {
	widths := make([]float64, len(columns)+1)
	over, heads := make([]any, len(columns)+1), make([]any, len(columns)+1)
	widths[0], heads[0] = 6, "STT"
	spanned := false
	for i, c := range columns {
		widths[i+1], heads[i+1], over[i+1] = c.wide, c.heading, c.over
		spanned = spanned || c.over != ""
	}
	b.sheet(name, widths, func(write func(...any)) {
		if spanned {
			write(over...)
		}
		write(heads...)
		for n, r := range rows {
			cells := []any{n + 1}
			for _, c := range columns {
				cells = append(cells, r[c.heading])
			}
			write(cells...)
		}
	})
}

// sheet adds a sheet; fill writes its rows, of which the first is the heading.
func (b *book) sheet(name string, widths []float64, fill func(write func(...any))) {
	if first := b.file.GetSheetName(0); first == "Sheet1" {
		b.check(b.file.SetSheetName(first, name))
	} else {
		_, err := b.file.NewSheet(name)
		b.check(err)
	}
	stream, err := b.file.NewStreamWriter(name)
	if b.check(err); err != nil {
		return
	}
	for i, wide := range widths {
		b.check(stream.SetColWidth(i+1, i+1, wide))
	}
	n := 0
	fill(func(values ...any) {
		n++
		cells := make([]any, len(values))
		for i, value := range values {
			cells[i] = b.cell(value, n == 1)
		}
		b.check(stream.SetRow(cellName(n), cells))
	})
	b.check(stream.Flush())
}

func (b *book) cell(value any, heading bool) any {
	switch value := value.(type) {
	case nil:
		return nil
	case vi.Date:
		return excelize.Cell{StyleID: b.date, Value: value.Serial()}
	case string:
		if value == "" {
			return nil
		}
	}
	if heading {
		return excelize.Cell{StyleID: b.head, Value: value}
	}
	return excelize.Cell{StyleID: b.text, Value: value}
}

func cellName(row int) string {
	name, _ := excelize.CoordinatesToCellName(1, row)
	return name
}
