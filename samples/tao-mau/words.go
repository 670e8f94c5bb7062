package main

import "strings"

// Words of which names are made: of communes, and of people.
var (
	firstNames = strings.Fields(
		"An Bình Vĩnh Tân Hòa Phú Đông Tây Nam Bắc Hưng Thanh Long Đại Minh Quang Tiên Kiến Thủy Yên Xuân Thượng Hạ Trung " +
			"Cao Lâm Hồng Ngọc Kim Liên Mỹ Nghĩa Đức Phong Phúc Quảng Quế Tam Thái Thạch Thiện Thịnh Thọ Thuận Tiền Trường Trực Văn Việt Vạn Đồng " +
			"Gia Cẩm Châu Diên Duy Hiệp Hoàng Hợp Khánh Lạc Lập Lộc Lương Nguyên Nhật Ninh Bảo Tràng Đoàn Cổ Dũng Bồng Lưu")
	lastNames = strings.Fields(
		"An Bình Hòa Phú Hưng Thanh Long Minh Quang Thủy Yên Xuân Sơn Lâm Giang Hồng Ngọc Liên Nghĩa Đức Phong Phúc Thái " +
			"Thạch Thiện Thịnh Thọ Thuận Tiến Trung Việt Khê Châu Hà Hiệp Hợp Khánh Lạc Lập Lộc Lương Mai Ninh Bảo Trạch Lãng Cường Dương Hải Am " +
			"Đồng Điền Lĩnh Lợi Tâm Xá")

	familyNames = strings.Fields(
		"Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Phạm Vũ Hoàng Bùi Đỗ Đặng Ngô Dương Đào Đoàn Lương Trịnh Đinh Mai Tạ Cao")
	menMiddle = strings.Fields("Văn Văn Đức Quang Minh Hữu Xuân Đình Ngọc Công Thành Trọng")
	menNames  = strings.Fields(
		"An Bình Cường Dũng Hải Hiếu Hòa Hùng Huy Khánh Kiên Lâm Long Mạnh Nam Phong Phúc Quân Sơn Thắng Thành Toàn Trung Tuấn Vinh")
	womenMiddle = strings.Fields("Thị Thị Thị Ngọc Thu Minh Thanh Bích")
	womenNames  = strings.Fields(
		"Anh Bình Dung Hà Hạnh Hằng Hiền Hoa Hương Huyền Lan Liên Linh Loan Mai Nga Nhung Phương Thảo Thu Thúy Trang Vân Yến")
)

// Bodies of a commune.
const (
	standing = "Thường trực HĐND {xa}"
	economy  = "Ban Kinh tế - Ngân sách"
	society  = "Ban Văn hóa - Xã hội"
	office   = "Văn phòng HĐND và UBND"
	people   = "UBND {xa}"
	works    = "{kinh te}"
	culture  = "Phòng Văn hóa - Xã hội"
	centre   = "Trung tâm Phục vụ hành chính công"
	police   = "Công an {xa}"
	front    = "Ủy ban MTTQ Việt Nam {xa}"
)

// field is something that a council supervises; about follows “việc” and “kết quả”.
type field struct{ about, name, board, body string }

var fields = []field{
	{"số hóa hồ sơ, kết quả giải quyết thủ tục hành chính", "Chuyển đổi số", society, centre},
	{"cung cấp dịch vụ công trực tuyến toàn trình", "Chuyển đổi số", society, centre},
	{"hoàn thiện hạ tầng công nghệ thông tin phục vụ chính quyền số", "Chuyển đổi số", society, culture},
	{"kiện toàn, hoạt động của tổ công nghệ số cộng đồng", "Chuyển đổi số", society, culture},
	{"công khai thủ tục hành chính, tiếp nhận phản ánh của người dân", "Cải cách hành chính", society, centre},
	{"quản lý, sử dụng vốn đầu tư công", "Đầu tư công", economy, works},
	{"thực hiện dự toán thu, chi ngân sách", "Ngân sách", economy, works},
	{"quản lý đất đai, trật tự xây dựng", "Đất đai", economy, works},
	{"cấp giấy chứng nhận quyền sử dụng đất", "Đất đai", economy, works},
	{"bồi thường, giải phóng mặt bằng các dự án trên địa bàn", "Đầu tư công", economy, works},
	{"thu gom, xử lý rác thải sinh hoạt", "Môi trường", economy, works},
	{"quản lý chợ, sắp xếp hộ kinh doanh", "Kinh tế", economy, works},
	{"phòng, chống thiên tai, bảo vệ công trình thủy lợi", "Kinh tế", economy, works},
	{"quản lý, khai thác tài sản công dôi dư sau sắp xếp", "Ngân sách", economy, works},
	{"thực hiện chính sách đối với người có công", "An sinh xã hội", society, culture},
	{"thực hiện chế độ trợ giúp xã hội, giảm nghèo", "An sinh xã hội", society, culture},
	{"bảo đảm an toàn thực phẩm bếp ăn trường học", "Y tế, giáo dục", society, culture},
	{"khám, chữa bệnh ban đầu tại trạm y tế", "Y tế, giáo dục", society, culture},
	{"bố trí trường, lớp, giáo viên năm học mới", "Y tế, giáo dục", society, culture},
	{"quản lý, khai thác nhà văn hóa {thon}", "Văn hóa", society, culture},
	{"bảo tồn di tích, quản lý lễ hội", "Văn hóa", society, culture},
	{"phòng cháy, chữa cháy tại khu dân cư", "An ninh, trật tự", economy, police},
	{"giải tỏa lấn chiếm vỉa hè, hành lang giao thông", "An ninh, trật tự", economy, police},
	{"thực hiện dân chủ ở cơ sở", "Cải cách hành chính", society, people},
}

// tasksOf are the tasks that a field gives; {} is what it is about.
var tasksOf = []struct {
	text, field, product, result string
	body                         func(field) string
}{
	{"Giám sát việc {}", "Giám sát, khảo sát", "Báo cáo giám sát", "Đã giám sát, ban hành báo cáo", func(f field) string { return f.board }},
	{"Khảo sát thực tế việc {}", "Giám sát, khảo sát", "Báo cáo khảo sát", "Đã khảo sát, có kiến nghị", func(f field) string { return f.board }},
	{"Báo cáo kết quả {}", "", "Báo cáo", "Đã gửi báo cáo", func(f field) string { return f.body }},
	{
		"Theo dõi, đôn đốc thực hiện kiến nghị về việc {}", "Giám sát, khảo sát", "Báo cáo tổng hợp", "Đã tổng hợp, báo cáo Thường trực",
		func(field) string { return office },
	},
}

// duty is a task that every council has; {ky} is a session.
type duty struct{ text, field, body, product, result string }

var duties = []duty{
	{"Xây dựng chương trình, kịch bản điều hành kỳ họp {ky}", "Kỳ họp", office, "Chương trình", "Đã trình Thường trực"},
	{"Thẩm tra báo cáo, dự thảo nghị quyết về kinh tế - ngân sách trình kỳ họp {ky}", "Thẩm tra", economy, "Báo cáo thẩm tra", "Đã thẩm tra"},
	{"Thẩm tra báo cáo, dự thảo nghị quyết về văn hóa - xã hội trình kỳ họp {ky}", "Thẩm tra", society, "Báo cáo thẩm tra", "Đã thẩm tra"},
	{"Gửi tài liệu kỳ họp {ky} đến đại biểu qua phần mềm họp không giấy", "Kỳ họp", office, "Bộ tài liệu", "Đã gửi đúng quy định"},
	{"Tổ chức kỳ họp {ky}", "Kỳ họp", standing, "Nghị quyết của kỳ họp", "Đã tổ chức, thông qua các nghị quyết"},
	{"Hoàn thiện, ban hành nghị quyết được thông qua tại kỳ họp {ky}", "Kỳ họp", office, "Nghị quyết", "Đã ban hành"},
	{"Tổ chức tiếp xúc cử tri trước kỳ họp {ky}", "Cử tri", standing, "Hội nghị tiếp xúc cử tri", "Đã tổ chức tại các {thon}"},
	{"Tổng hợp kiến nghị của cử tri trước kỳ họp {ky}", "Cử tri", office, "Báo cáo tổng hợp", "Đã tổng hợp"},
	{"Giám sát việc giải quyết kiến nghị của cử tri trước kỳ họp {ky}", "Cử tri", society, "Báo cáo giám sát", "Đã giám sát"},
}

// recommended are recommendations after supervision: what, who, what comes of it, what was done.
var recommended = [][4]string{
	{"Bố trí máy quét và nhân lực số hóa hồ sơ", people, "Văn bản phân công, thiết bị", "Đã bố trí 02 máy quét, 02 công chức"},
	{
		"Giải quyết dứt điểm hồ sơ quá hạn; thực hiện xin lỗi người dân, tổ chức", centre, "Danh mục hồ sơ đã giải quyết",
		"Đã xin lỗi, giải quyết xong",
	},
	{"Nâng tỷ lệ hồ sơ trực tuyến toàn trình lên từ 60% trở lên", centre, "Báo cáo số liệu", "Đạt 61,5%"},
	{"Kiện toàn tổ công nghệ số cộng đồng", culture, "Quyết định kiện toàn", "Đã kiện toàn tất cả các tổ"},
	{"Bồi dưỡng kỹ năng số cho người hoạt động không chuyên trách", culture, "Lớp bồi dưỡng", "Đã mở 02 lớp"},
	{"Ban hành quy chế phối hợp giữa các phòng và Trung tâm Phục vụ hành chính công", people, "Quy chế", "Đã ban hành quy chế"},
	{"Bổ sung điểm tập kết rác thải sinh hoạt", works, "Báo cáo kết quả", "Đã bổ sung 03 điểm"},
	{"Lập tiến độ giải ngân từng tháng cho các dự án chậm", works, "Bảng tiến độ", "Đã lập, báo cáo hằng tháng"},
	{"Bàn giao mặt bằng các dự án đầu tư công", works, "Biên bản bàn giao", "Đã bàn giao mặt bằng"},
	{"Rà soát, xử lý công trình vi phạm trật tự xây dựng", works, "Hồ sơ xử lý", "Đã xử lý 05 trường hợp"},
	{"Công khai dự toán, quyết toán ngân sách đúng thời hạn", works, "Văn bản công khai", "Đã công khai"},
	{"Sắp xếp lại hộ kinh doanh tại chợ", works, "Phương án sắp xếp", "Đã sắp xếp xong"},
	{"Nạo vét kênh, mương trước mùa mưa bão", works, "Biên bản nghiệm thu", "Đã nạo vét xong"},
	{"Rà soát đối tượng hưởng trợ giúp xã hội", culture, "Danh sách rà soát", "Đã rà soát, điều chỉnh"},
	{"Bổ sung thiết bị khám, chữa bệnh ban đầu cho trạm y tế", culture, "Thiết bị được bàn giao", "Đã bàn giao thiết bị"},
	{"Kiểm tra bếp ăn tập thể của các trường học", culture, "Biên bản kiểm tra", "Đã kiểm tra các trường"},
	{"Tu sửa, bổ sung trang thiết bị nhà văn hóa {thon}", culture, "Báo cáo kết quả", "Đã tu sửa"},
	{"Giải tỏa vi phạm hành lang giao thông", police, "Kế hoạch, biên bản xử lý", "Đã ra quân giải tỏa"},
	{"Kiểm tra an toàn phòng cháy, chữa cháy tại nhà ở kết hợp kinh doanh", police, "Biên bản kiểm tra", "Đã kiểm tra, hướng dẫn khắc phục"},
	{"Trả lời dứt điểm các kiến nghị của cử tri đã quá hạn", people, "Văn bản trả lời", "Đã trả lời"},
}

// petition is what voters asked; {} is a hamlet.
type petition struct{ text, field, authority, body string }

var petitions = []petition{
	{"Lắp bổ sung đèn chiếu sáng trên trục đường của {}", "Hạ tầng", "Xã", works},
	{"Nạo vét mương tiêu thoát nước của {}", "Hạ tầng", "Xã", works},
	{"Sửa chữa mặt đường bê tông bị hư hỏng tại {}", "Hạ tầng", "Xã", works},
	{"Lắp biển báo, gờ giảm tốc trước cổng trường tiểu học", "Hạ tầng", "Xã", police},
	{"Tu sửa nhà văn hóa {}", "Văn hóa", "Xã", culture},
	{"Thu gom rác thải đúng giờ tại điểm tập kết của {}", "Môi trường", "Xã", works},
	{"Xử lý ô nhiễm từ cơ sở chăn nuôi trong khu dân cư {}", "Môi trường", "Xã", works},
	{"Đẩy nhanh việc cấp giấy chứng nhận quyền sử dụng đất cho các hộ ở {}", "Đất đai", "Xã", works},
	{"Hướng dẫn người cao tuổi nộp hồ sơ trực tuyến ngay tại {}", "Dịch vụ công", "Xã", centre},
	{"Công khai tiến độ các dự án đầu tư công trên hệ thống truyền thanh", "Đầu tư công", "Xã", culture},
	{"Bố trí điểm truy cập Internet miễn phí tại nhà văn hóa {}", "Chuyển đổi số", "Xã", culture},
	{"Rà soát lại danh sách hộ nghèo, hộ cận nghèo của {}", "An sinh xã hội", "Xã", culture},
	{"Xử lý tình trạng đỗ xe lấn chiếm lòng đường ở khu chợ", "An ninh, trật tự", "Xã", police},
	{"Tăng cường tuần tra ban đêm tại {}", "An ninh, trật tự", "Xã", police},
	{"Khắc phục tình trạng phần mềm một cửa bị gián đoạn", "Dịch vụ công", "Thành phố", "Sở Khoa học và Công nghệ"},
	{"Nâng cấp tuyến đường do thành phố quản lý đi qua địa bàn", "Hạ tầng", "Thành phố", "Sở Xây dựng"},
	{"Bổ sung giáo viên tiếng Anh cho trường tiểu học", "Y tế, giáo dục", "Thành phố", "Sở Giáo dục và Đào tạo"},
	{"Khắc phục tình trạng nước sạch yếu vào giờ cao điểm ở {}", "Hạ tầng", "Thành phố", "Sở Xây dựng"},
	{"Phủ sóng di động tại khu vực còn lõm sóng ở {}", "Chuyển đổi số", "Thành phố", "Sở Khoa học và Công nghệ"},
	{"Hỗ trợ giống cây trồng, vật nuôi sau mưa bão", "Nông nghiệp", "Thành phố", "Sở Nông nghiệp và Môi trường"},
	{"Nâng mức phụ cấp của người hoạt động không chuyên trách ở {thon}", "Chính sách", "Trung ương", "Sở Nội vụ"},
	{"Nâng mức chuẩn trợ giúp xã hội đối với người cao tuổi", "Chính sách", "Trung ương", "Sở Y tế"},
}

// project is a work that is paid for; {} is a hamlet. cost is its plan of a year, in millions of đồng, where the commune is of common means.
type project struct {
	text, owner string
	cost        int
}

// projects begin with the largest.
var projects = []project{
	{"Xây dựng nhà lớp học bộ môn Trường Trung học cơ sở", people, 3600},
	{"Cải tạo, nâng cấp đường trục chính qua {}", people, 2900},
	{"Kiên cố hóa kênh tiêu khu vực {}", people, 1700},
	{"Nâng cấp trạm y tế", people, 1350},
	{"Nâng cấp đường truyền, thiết bị Trung tâm Phục vụ hành chính công", people, 950},
	{"Số hóa hồ sơ, kết quả giải quyết thủ tục hành chính", office, 880},
	{"Lắp đèn chiếu sáng các tuyến đường của {}", works, 720},
	{"Mở rộng đường vào trường mầm non", works, 560},
	{"Lắp đặt camera an ninh tại các nhà văn hóa", culture, 420},
	{"Sửa chữa nhà văn hóa {}", people, 340},
}

// reasons are why something is late.
var reasons = []string{
	"Chờ thẩm định dự toán", "Thiếu nhân lực công nghệ thông tin", "Chờ hướng dẫn của cơ quan cấp trên", "Vướng giải phóng mặt bằng",
	"Hồ sơ phải điều chỉnh, bổ sung", "Khối lượng công việc tăng sau sắp xếp", "Nhà thầu thi công chậm", "Chậm phối hợp giữa các phòng",
}
