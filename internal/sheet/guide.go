package sheet

// guide is what a clerk has to know, a paragraph a line.
var guide = []string{
	"1. Ghi các mục ở trang “Thông tin chung” vào cột “Giá trị”; dấu * là mục bắt buộc, mục khác để trống được.",
	"2. Mỗi trang còn lại là một danh sách: mỗi dòng một việc, ghi liền nhau ngay dưới dòng tiêu đề.",
	"3. Chữ màu xanh là ví dụ: sửa lại theo số liệu của mình, hoặc xóa đi.",
	"4. Không đổi tên trang và tên cột. Có thể thêm cột riêng, đổi thứ tự cột, ẩn cột; cột riêng không được đọc.",
	"5. Ngày ghi ngày trước, tháng sau, ví dụ 27/3/2026. Ô ngày chỉ nhận ngày từ năm 2000 đến năm 2100.",
	"6. Số chỉ ghi số, không ghi đơn vị tính; dấu phẩy trước phần thập phân, ví dụ 1.250,5.",
	"7. Ô có mũi tên thì chọn trong danh sách thả xuống.",
	"8. Cột nền xám do chương trình tính ra, không nhập; giá trị gõ vào đó không được đọc.",
	"9. Trong ô có nhiều dòng, nhấn Alt+Enter để xuống dòng. Nội dung dài gõ theo cấp: I. – 1. – a) – dấu gạch đầu dòng.",
	"10. Chép từ tệp khác sang thì dán kiểu “Chỉ giá trị” (Paste Values) để giữ danh sách thả xuống và kiểu ngày.",
	"11. Lưu tệp ở dạng .xlsx, rồi lập văn bản từ tệp này. Chỗ nào chưa đọc được, chương trình chỉ rõ trang và ô.",
	"12. Bảng theo dõi lập kèm báo cáo cũng là tệp nhập số liệu: kỳ sau sửa tiếp trên tệp đó.",
}

func (w *workbook) writeGuide(name string) {
	const width = 120
	p := w.open(name, []float64{width}, setup{fit: true})
	p.set(0, "HƯỚNG DẪN NHẬP SỐ LIỆU", w.style(title))
	p.end(28)
	l := look{size: 13, across: "left", down: "top", wrap: true}
	told := guide
	if !w.schema.Tracked() { // no progress workbook comes with it
		told = guide[:len(guide)-1]
	}
	for _, text := range told {
		p.set(0, text, w.style(l))
		p.end(high(lines(text, width, 13, false), 13) + 3)
	}
	p.close()
}
