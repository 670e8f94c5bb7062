package main

import (
	"fmt"

	"vanthu/internal/vi"
)

// entry is a line of the sheet “Thông tin chung”.
type entry struct {
	label string
	value any
}

// general is what the report says beside its tables.
func (y *year) general() []entry {
	full := y.kind + " " + y.name
	title := fmt.Sprintf("Kết quả hoạt động của Hội đồng nhân dân năm %d, nhiệm vụ trọng tâm năm %d", y.of, y.of+1)
	powers := "TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN\nCHỦ TỊCH"
	signer := y.signer
	if y.byDeputy {
		powers, signer = "TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", y.deputy
	}
	lines := []entry{
		{"Loại văn bản", "Báo cáo năm"},
		{"Cơ quan ban hành: Tên cơ quan", "HỘI ĐỒNG NHÂN DÂN\n" + vi.Upper(full)},
		{"Cơ quan ban hành: Chữ viết tắt tên cơ quan", "HĐND"},
		{"Cơ quan ban hành: Tên đầy đủ, chữ thường", "Thường trực Hội đồng nhân dân " + full},
		{"Số của văn bản", y.number},
		{"Địa danh", y.name},
		{"Ngày ban hành", y.signed},
		{"Trích yếu nội dung", title},
		{"Kính gửi", "Thường trực Hội đồng nhân dân thành phố Hải Phòng\nHội đồng nhân dân " + full},
		{"Kỳ báo cáo", fmt.Sprintf("năm %d", y.of)},
		{"Ngày chốt số liệu", y.closing},
		{"Ngưỡng giải ngân", 90},
		{"Ngưỡng biến động", 200},
	}
	words := y.words()
	for _, s := range y.sections() {
		lines = append(lines, entry{s[0], words.Replace(s[1])})
	}
	const recipients = "Như trên\nThường trực Đảng ủy {xa} (để báo cáo)\nThường trực HĐND, UBND {xa}\nỦy ban MTTQ Việt Nam {xa}\n" +
		"Các Ban, Tổ đại biểu, đại biểu HĐND {xa}\nLưu: VT"
	return append(lines, entry{"Nơi nhận", words.Replace(recipients)},
		entry{"Người ký: Quyền hạn, chức vụ", powers}, entry{"Người ký: Họ và tên", signer})
}

// sections are the parts of the report that are typed, by their labels.
func (y *year) sections() [][2]string {
	draw := func(a, b int) int { return between(y.chance, a, b) }
	half := 1 // the year before is half a year
	if y.of == 2026 {
		half = 2
	}
	sessions, resolutions := half+draw(0, 1), draw(7, 10)*half
	places, letters := draw(5, 8)*half, draw(6, 11)*half
	return [][2]string{
		{"Công tác chỉ đạo, điều hành, phối hợp", fmt.Sprintf(
			"Thường trực Hội đồng nhân dân {xa} tổ chức %02d phiên họp thường kỳ, %02d phiên họp chuyên đề; "+
				"ban hành %d văn bản chỉ đạo, điều hành. "+
				"Việc phối hợp với Ủy ban nhân dân, Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam {xa} được thực hiện theo quy chế.",
			6*half, draw(1, 3)*half, draw(35, 60)*half)},
		{"Kỳ họp và nghị quyết của Hội đồng nhân dân", fmt.Sprintf(
			"Hội đồng nhân dân {xa} đã tổ chức %02d kỳ họp, thông qua %d nghị quyết về kinh tế - xã hội, ngân sách, đầu tư công "+
				"và tổ chức bộ máy. "+
				"%s.", sessions, resolutions, y.oneOf(
				"Tài liệu được gửi đại biểu qua phần mềm trước kỳ họp; phiên chất vấn được truyền thanh trực tiếp",
				"Công tác chuẩn bị kỳ họp được thực hiện từ sớm; nghị quyết được ban hành, công bố đúng thời hạn"))},
		{"Hoạt động giám sát, khảo sát", fmt.Sprintf(
			"Thường trực, các Ban của Hội đồng nhân dân {xa} hoàn thành %02d cuộc giám sát chuyên đề, %02d cuộc khảo sát; "+
				"tổ chức %02d phiên giải trình.\n"+
				"Kiến nghị sau giám sát được giao rõ cơ quan thực hiện, sản phẩm và thời hạn; %s.", draw(1, 2)*half, draw(3, 6)*half, half,
			y.oneOf("kết quả thực hiện được cập nhật hằng tháng", "cơ quan chịu sự giám sát báo cáo kết quả đúng chế độ"))},
		{"Hoạt động thẩm tra", fmt.Sprintf(
			"Các Ban của Hội đồng nhân dân {xa} đã thẩm tra %d báo cáo, tờ trình, dự thảo nghị quyết; %s.", resolutions+draw(5, 12),
			y.oneOf("nhiều ý kiến thẩm tra được cơ quan trình tiếp thu trước kỳ họp", "báo cáo thẩm tra được gửi đại biểu đúng thời hạn"))},
		{"Tiếp xúc cử tri, tiếp công dân, xử lý đơn thư", fmt.Sprintf(
			"Các Tổ đại biểu tổ chức %d hội nghị tiếp xúc cử tri với %s lượt cử tri tham dự. "+
				"Thường trực Hội đồng nhân dân {xa} tiếp công dân định kỳ %d buổi; "+
				"tiếp nhận %d đơn, đã chuyển cơ quan có thẩm quyền %d/%d đơn.",
			places, thousands(places*draw(55, 90)+draw(1, 40)), 6*half, letters, letters, letters)},
		{"Hoạt động của các Ban, Tổ đại biểu", fmt.Sprintf(
			"Ban Kinh tế - Ngân sách theo dõi dự toán, tiến độ giải ngân vốn đầu tư công; "+
				"Ban Văn hóa - Xã hội theo dõi cải cách hành chính, an sinh xã hội. "+
				"%02d Tổ đại biểu %s.", draw(4, 7),
			y.oneOf("duy trì sinh hoạt, nắm tình hình cơ sở", "sinh hoạt đúng quy định, giữ mối liên hệ với cử tri"))},
		{"Ưu điểm", y.oneOf(
			"Hoạt động giám sát đi vào những việc cử tri quan tâm; hầu hết kiến nghị sau giám sát được thực hiện và có minh chứng.",
			"Kỳ họp, giám sát, tiếp xúc cử tri được tổ chức đúng chương trình; "+
				"việc theo dõi nhiệm vụ bằng bảng số liệu bước đầu đi vào nền nếp.")},
		{"Hạn chế, nguyên nhân", y.oneOf(
			"a) Một số nhiệm vụ hoàn thành sau thời hạn; tiến độ của một số dự án còn chậm.\n"+
				"b) Nguyên nhân chủ yếu là khối lượng công việc của cấp xã tăng, nhân lực công nghệ thông tin còn thiếu.",
			"a) Chất lượng một số báo cáo gửi Thường trực Hội đồng nhân dân {xa} chưa cao; còn kiến nghị của cử tri phải nhắc nhiều lần.\n"+
				"b) Nguyên nhân chủ yếu là tổ chức bộ máy mới vận hành, quy trình phối hợp đang được hoàn thiện.")},
		{"Nhiệm vụ trọng tâm kỳ tới", fmt.Sprintf(
			"1. Ban hành, tổ chức thực hiện chương trình giám sát; lựa chọn %02d chuyên đề gắn với đời sống Nhân dân.\n"+
				"2. Đổi mới việc tổ chức kỳ họp, phiên giải trình, tiếp xúc cử tri gắn với ứng dụng công nghệ thông tin.\n"+
				"3. %s.", half, y.oneOf("Giám sát việc thực hiện dự toán ngân sách, đầu tư công ngay từ đầu năm",
				"Theo dõi đến cùng việc giải quyết kiến nghị của cử tri và kiến nghị sau giám sát"))},
		{"Kiến nghị, đề xuất", y.oneOf(
			"Đề nghị Thường trực Hội đồng nhân dân thành phố tổ chức bồi dưỡng kỹ năng thẩm tra, giám sát "+
				"cho các Ban của Hội đồng nhân dân cấp xã.",
			"Đề nghị Thường trực Hội đồng nhân dân thành phố quan tâm trang bị phần mềm phục vụ hoạt động của Hội đồng nhân dân cấp xã.")},
	}
}

// oneOf returns a text that is another each year, so that no report repeats the one before.
func (y *year) oneOf(texts ...string) string { return texts[(y.of+y.commune.number)%len(texts)] }

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d.%03d", n/1000, n%1000)
}
