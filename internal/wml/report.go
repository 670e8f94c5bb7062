package wml

import (
	"fmt"
	"strings"

	"vanthu/internal/diag"
)

// This file knows how what cannot be laid out is told to a person: one finding a kind of feature, with how many there are, the
// first place, and the first words of what is not printed.

// feature is a kind of thing that wml meets and flow cannot hold, or holds only in part.
type feature struct {
	code     diag.Code
	severity diag.Severity
	what     string // after "Có 3 "
	hint     string
}

var (
	textBox      = feature{diag.TextBox, diag.Warning, "khung chữ (text box) không được in", "Chuyển chữ trong khung thành đoạn văn hoặc ô bảng."}
	picture      = feature{diag.Picture, diag.Warning, "hình ảnh không được in", "Bỏ hình, hoặc in tệp này từ Word."}
	shape        = feature{diag.Shape, diag.Warning, "hình vẽ không phải đường thẳng, không được in", "Thay bằng đường thẳng, viền đoạn hoặc viền bảng."}
	arrowHead    = feature{diag.ArrowHead, diag.Info, "đường có mũi tên, in không có mũi tên", ""}
	chart        = feature{diag.Chart, diag.Warning, "biểu đồ hoặc sơ đồ không được in", "Thay bằng bảng, hoặc in tệp này từ Word."}
	watermark    = feature{diag.WordArt, diag.Warning, "chữ nghệ thuật hoặc hình mờ không được in", "Bỏ hình mờ trong Word nếu không cần."}
	oleObject    = feature{diag.EmbeddedObject, diag.Warning, "đối tượng nhúng không được in", "Chuyển nội dung nhúng thành văn bản hoặc bảng."}
	equation     = feature{diag.Equation, diag.Warning, "công thức không được in", "Gõ lại công thức bằng chữ thường."}
	unknown      = feature{diag.UnknownElement, diag.Warning, "thành phần lạ có chữ không được in", "Xóa và gõ lại phần này trong Word."}
	altChunk     = feature{diag.EmbeddedDocument, diag.Warning, "tài liệu nhúng (altChunk) không được in", "Mở bằng Word và lưu lại dạng .docx."}
	footnote     = feature{diag.Footnote, diag.Warning, "chú thích chân trang không được in", "Đưa chú thích vào thân văn bản."}
	endnote      = feature{diag.Endnote, diag.Warning, "chú thích cuối văn bản không được in", "Đưa chú thích vào thân văn bản."}
	comment      = feature{diag.Comment, diag.Info, "ghi chú (comment) không được in", "Xóa ghi chú trước khi phát hành."}
	tracked      = feature{diag.TrackedChanges, diag.Warning, "chỗ sửa đang theo dõi (track changes); phần thêm được giữ, phần xóa bị bỏ", "Chấp nhận hoặc từ chối các chỗ sửa trong Word (Review, Accept/Reject)."}
	hiddenText   = feature{diag.HiddenText, diag.Info, "đoạn chữ ẩn không được in", "Bỏ định dạng ẩn (Hidden) nếu cần in."}
	fieldCode    = feature{diag.FieldCodeText, diag.Warning, "đoạn chữ nằm trong mã trường, không được in", "Cập nhật hoặc bỏ trường (Ctrl+Shift+F9) trong Word."}
	fieldOpen    = feature{diag.BrokenField, diag.Warning, "trường không có chỗ kết thúc", "Xóa và chèn lại trường trong Word."}
	fieldEmpty   = feature{diag.FieldWithoutResult, diag.Warning, "trường không có kết quả, không in được", "Cập nhật trường (F9) rồi lưu lại, hoặc gõ thẳng nội dung."}
	fieldFormat  = feature{diag.NumberFormat, diag.Info, "số trang không phải chữ số Ả Rập, được in bằng chữ số Ả Rập", "Chọn kiểu số 1, 2, 3 trong Word."}
	symbol       = feature{diag.Symbol, diag.Warning, "ký hiệu của phông ký hiệu không có trong Unicode, không được in", "Thay bằng ký tự Unicode."}
	legacyFont   = feature{diag.LegacyFont, diag.Warning, "đoạn dùng phông mã cũ (TCVN3, VNI), chữ Việt sẽ sai", "Chuyển mã sang Unicode, phông Times New Roman."}
	smallCaps    = feature{diag.SmallCaps, diag.Info, "đoạn chữ hoa nhỏ (small caps), in bằng chữ hoa cỡ 80%", ""}
	runEffect    = feature{diag.TextEffect, diag.Info, "hiệu ứng chữ bị bỏ qua", ""}
	kerning      = feature{diag.Kerning, diag.Info, "đoạn bật giãn cặp chữ (kerning), được in không giãn cặp", ""}
	distribute   = feature{diag.Distribute, diag.Info, "đoạn dàn chữ (distribute), in như dàn đều hai bên", ""}
	rightToLeft  = feature{diag.RightToLeft, diag.Info, "đoạn viết từ phải sang trái, in từ trái sang phải", ""}
	barTab       = feature{diag.BarTab, diag.Info, "điểm dừng tab kẻ dọc (bar) bị bỏ qua", ""}
	absoluteTab  = feature{diag.PositionTab, diag.Info, "tab theo lề (ptab), in như tab thường", ""}
	textFrame    = feature{diag.Frame, diag.Info, "đoạn trong khung nổi (frame), in ở vị trí trong dòng chữ", ""}
	listFormat   = feature{diag.ListFormat, diag.Info, "kiểu đánh số không hỗ trợ, in bằng chữ số", ""}
	listPicture  = feature{diag.ListPicture, diag.Info, "dấu đầu dòng bằng hình, in bằng dấu chấm tròn", ""}
	floatTable   = feature{diag.FloatingTable, diag.Info, "bảng nổi, in ở vị trí trong dòng chữ", ""}
	tableSpacing = feature{diag.CellSpacing, diag.Info, "bảng có khoảng cách giữa các ô, in không có khoảng cách", ""}
	turnedText   = feature{diag.VerticalText, diag.Warning, "ô bảng xoay hướng chữ, in theo hướng ngang", "Bỏ xoay chữ trong ô."}
	coveredText  = feature{diag.MergedCellText, diag.Warning, "ô bị gộp còn chữ ẩn bên trong, không được in", "Tách ô, xóa chữ thừa rồi gộp lại."}
	columns      = feature{diag.Columns, diag.Warning, "phần chia cột, in một cột", "Đưa phần này về một cột."}
	oddEven      = feature{diag.OddEvenHeaders, diag.Warning, "tài liệu có đầu trang chẵn lẻ khác nhau; in như trang lẻ", "Bỏ chọn Different Odd & Even Pages."}
	oddEvenStart = feature{diag.OddEvenSection, diag.Info, "phần bắt đầu ở trang chẵn hoặc lẻ, in từ trang kế tiếp", ""}
	pageLook     = feature{diag.PageDecoration, diag.Info, "thiết lập trang bị bỏ qua", ""}
	damagedPart  = feature{diag.DamagedFile, diag.Error, "phần của tệp bị hỏng, không đọc được", "Mở tệp bằng Word (Open and Repair) rồi lưu lại dạng .docx."}
)

const maxSamples = 3

// noted is a feature met at least once.
type noted struct {
	feature *feature
	count   int
	where   diag.Place
	samples []string
}

// note remembers that a feature was met; sample is the text that is lost or the name of the thing, or "".
func (r *reader) note(f *feature, sample string) {
	var n *noted
	for _, known := range r.noted {
		if known.feature == f {
			n = known
		}
	}
	if n == nil {
		n = &noted{feature: f}
		if r.inBody {
			n.where.Paragraph = max(r.number, 1)
			if !r.inParagraph {
				n.where.Paragraph = r.number + 1
			}
		}
		r.noted = append(r.noted, n)
		if r.inBody || r.inParagraph {
			r.unplaced = append(r.unplaced, n)
		}
	}
	n.count++
	if sample = diag.Excerpt(sample); sample != "" && len(n.samples) <= maxSamples {
		for _, s := range n.samples {
			if s == sample {
				return
			}
		}
		n.samples = append(n.samples, sample)
	}
}

// place sets the first words of a paragraph as the place of what was noted in it, or just before.
func (r *reader) place(text func() string) {
	for _, n := range r.unplaced {
		n.where.Text = diag.Excerpt(text())
	}
	r.unplaced = r.unplaced[:0]
}

// findings returns the list in the order of the file.
func (r *reader) findings() diag.Findings {
	var found diag.Findings
	for _, n := range r.noted {
		message := fmt.Sprintf("Có %d %s", n.count, n.feature.what)
		if len(n.samples) > 0 {
			rest := ""
			if len(n.samples) > maxSamples {
				n.samples, rest = n.samples[:maxSamples], " …"
			}
			message += ": “" + strings.Join(n.samples, "”; “") + "”" + rest
		}
		found.Add(diag.Finding{
			Severity: n.feature.severity, Code: n.feature.code, Message: message + ".", Where: n.where, Hint: n.feature.hint,
		})
	}
	found.Sort()
	return found
}
