package tally

import "vanthu/internal/model"

// Keys of the tables that are counted; their columns are those of templates/chung/tuy-chon.yaml.
const (
	tasks           = "nhiem_vu"
	recommendations = "kien_nghi"
	petitions       = "cu_tri"
	disbursement    = "giai_ngan"
	roadmap         = "lo_trinh"
	units           = "don_vi"
)

// Root fields that the counting rests on.
const (
	thresholdKey = "nguong_giai_ngan" // percent of the plan below which a project is slow
	jumpKey      = "nguong_bien_dong" // percent of change from which a figure is looked at twice
)

// Columns that the counting rests on.
const (
	chargeKey   = "chu_tri" // of a task
	bodyKey     = "co_quan" // in charge of a recommendation or a petition
	startKey    = "ngay_bat_dau"
	dueKey      = "thoi_han"
	doneKey     = "ngay_hoan_thanh"
	progressKey = "tien_do"
	stepKey     = "buoc"
	receivedKey = "ngay_tiep_nhan"
	replyKey    = "ngay_tra_loi"
	classKey    = "phan_loai"
	planKey     = "ke_hoach"
	paidKey     = "da_giai_ngan"
	expectedKey = "uoc_ca_nam"
)

// Fields declares what Add adds to documents of a kind, for templates: one group so_lieu with a group for each table that the kind
// has. A kind without counted tables has none.
func Fields(schema *model.Schema) []model.FieldSpec {
	var groups []model.FieldSpec
	for _, g := range []struct {
		table string
		spec  model.FieldSpec
	}{
		{tasks, taskFields()},
		{recommendations, recommendationFields()},
		{petitions, petitionFields()},
		{disbursement, disbursementFields()},
		{units, unitFields()},
	} {
		if schema.Table(g.table) != nil {
			groups = append(groups, g.spec)
		}
	}
	if len(groups) == 0 && schema.Table(roadmap) == nil {
		return nil
	}
	periods := []model.FieldSpec{
		text("ky", "Kỳ báo cáo: “quý II năm 2026”"),
		text("ten_ky", "Tên kỳ: “quý II”"),
		text("ky_tiep", "Kỳ tiếp theo: “quý III năm 2026”"),
		text("ten_ky_tiep", "Tên kỳ tiếp theo: “quý III”"),
		text("ky_truoc", "Kỳ trước: “quý I năm 2026”; không có khi không nộp số liệu kỳ trước"),
		list("so_sanh", "Các chỉ tiêu so với kỳ trước; không có khi không nộp số liệu kỳ trước",
			text("chi_tieu", "Chỉ tiêu"), text("don_vi", "Đơn vị tính"), number("ky_nay", "Kỳ này"), number("ky_truoc", "Kỳ trước"),
			number("tang_giam", "Tăng, giảm"), number("ty_le", "Tăng, giảm (%); không có với tỷ lệ và khi kỳ trước bằng không")),
	}
	return []model.FieldSpec{group(model.FiguresKey, "Số liệu tổng hợp", append(periods, groups...)...)}
}

// taskFields counts tasks three times: those due in the period, those due since the year began, and the whole table.
func taskFields() model.FieldSpec {
	counts := []model.FieldSpec{
		number("tong", "Tổng số nhiệm vụ"),
		number("hoan_thanh", "Đã hoàn thành"),
		number("dung_han", "Hoàn thành đúng hạn"),
		number("tre_han", "Hoàn thành quá hạn"),
		number("chua_hoan_thanh", "Chưa hoàn thành"),
		number("trong_han", "Chưa hoàn thành trong hạn"),
		number("qua_han", "Chưa hoàn thành quá hạn"),
		number("ty_le", "Tỷ lệ hoàn thành (%)"),
	}
	part := func(key, label string) model.FieldSpec {
		named := append([]model.FieldSpec{text("ten", "Tên")}, counts...)
		fields := append([]model.FieldSpec{}, counts...)
		return group(key, label, append(fields,
			text("so_voi_truoc", "So với kỳ trước: “tăng 3 nhiệm vụ so với quý I năm 2026”; không có khi không nộp số liệu kỳ trước"),
			list("theo_co_quan", "Theo cơ quan chủ trì", named...),
			list("theo_linh_vuc", "Theo lĩnh vực", named...),
			list("theo_quy", "Theo quý của thời hạn", named...))...)
	}
	return group(tasks, "Nhiệm vụ",
		part("trong_ky", "Nhiệm vụ có thời hạn trong kỳ"),
		part("luy_ke", "Nhiệm vụ có thời hạn từ đầu năm đến hết kỳ; không có khi kỳ bắt đầu từ tháng 1, vì bằng trong_ky"),
		part("tat_ca", "Mọi nhiệm vụ trong bảng"),
		list("danh_sach_qua_han", "Nhiệm vụ chưa hoàn thành quá hạn",
			text("noi_dung", "Nội dung nhiệm vụ"), text("chu_tri", "Cơ quan chủ trì"), date("thoi_han", "Thời hạn"),
			number("so_ngay", "Số ngày quá hạn"), text("vuong_mac", "Khó khăn, vướng mắc")))
}

func recommendationFields() model.FieldSpec {
	counts := []model.FieldSpec{
		number("tong", "Tổng số kiến nghị"),
		number("hoan_thanh", "Hoàn thành"),
		number("mot_phan", "Hoàn thành một phần"),
		number("chua_hoan_thanh", "Chưa hoàn thành"),
		number("qua_han", "Quá hạn"),
		number("khong_thuc_hien", "Không thực hiện"),
		number("chua_dap_ung", "Chưa đáp ứng yêu cầu"),
		number("ty_le", "Tỷ lệ hoàn thành (%)"),
	}
	fields := append(append([]model.FieldSpec{}, counts...),
		text("so_voi_truoc", "So với kỳ trước"),
		list("theo_co_quan", "Theo cơ quan chịu trách nhiệm", append([]model.FieldSpec{text("ten", "Tên")}, counts...)...),
		number("phai_xu_ly", "Số kiến nghị phải xử lý tiếp: số dòng của danh_sach_xu_ly"),
		list("danh_sach_xu_ly", "Kiến nghị phải xử lý tiếp",
			text("noi_dung", "Nội dung kiến nghị"), text("co_quan", "Cơ quan chịu trách nhiệm"), date("thoi_han", "Thời hạn"),
			number("so_ngay_qua_han", "Số ngày quá hạn"), text("muc_do", "Mức độ"), text("buoc_tiep", "Bước xử lý tiếp theo")))
	return group(recommendations, "Kiến nghị sau giám sát", fields...)
}

func petitionFields() model.FieldSpec {
	counts := []model.FieldSpec{
		number("tiep_nhan", "Tiếp nhận"),
		number("da_tra_loi", "Đã trả lời"),
		number("dang_giai_quyet", "Chưa trả lời, còn trong hạn"),
		number("qua_han", "Chưa trả lời, quá hạn"),
		number("da_giai_quyet", "Phân loại: đã giải quyết"),
		number("giai_trinh", "Phân loại: giải trình, thông tin"),
		number("dang_thuc_hien", "Phân loại: đang giải quyết"),
		number("chua_giai_quyet", "Phân loại: chưa giải quyết"),
		number("ty_le", "Tỷ lệ trả lời (%)"),
	}
	named := append([]model.FieldSpec{text("ten", "Tên")}, counts...)
	fields := append(append([]model.FieldSpec{}, counts...),
		text("so_voi_truoc", "So với kỳ trước"),
		list("theo_linh_vuc", "Theo lĩnh vực", named...),
		list("theo_tham_quyen", "Theo thẩm quyền", named...),
		list("danh_sach_qua_han", "Kiến nghị quá hạn trả lời",
			text("noi_dung", "Nội dung kiến nghị"), text("dia_ban", "Cử tri (thôn, tổ)"), text("co_quan", "Cơ quan trả lời"),
			date("thoi_han", "Thời hạn"), number("so_ngay", "Số ngày quá hạn")))
	return group(petitions, "Kiến nghị cử tri", fields...)
}

func disbursementFields() model.FieldSpec {
	return group(disbursement, "Giải ngân",
		number("so_du_an", "Số dự án"),
		number("ke_hoach", "Kế hoạch vốn năm (triệu đồng)"),
		number("da_giai_ngan", "Đã giải ngân (triệu đồng)"),
		number("ty_le", "Tỷ lệ giải ngân (%)"),
		number("uoc_ca_nam", "Ước giải ngân cả năm (triệu đồng)"),
		number("so_cham", "Số dự án chậm"),
		number("nguong", "Ngưỡng giải ngân (%)"),
		text("so_voi_truoc", "So với kỳ trước"),
		list("danh_sach_cham", "Dự án giải ngân chậm",
			text("du_an", "Dự án"), text("chu_dau_tu", "Chủ đầu tư"), number("ke_hoach", "Kế hoạch vốn (triệu đồng)"),
			number("da_giai_ngan", "Đã giải ngân (triệu đồng)"), number("ty_le", "Tỷ lệ (%)"), text("nguyen_nhan", "Nguyên nhân")))
}

func text(key, label string) model.FieldSpec   { return model.FieldSpec{Key: key, Label: label} }
func number(key, label string) model.FieldSpec { return typed(model.NumberField, key, label) }
func date(key, label string) model.FieldSpec   { return typed(model.DateField, key, label) }

func group(key, label string, fields ...model.FieldSpec) model.FieldSpec {
	return typed(model.GroupField, key, label, fields...)
}

func list(key, label string, fields ...model.FieldSpec) model.FieldSpec {
	return typed(model.ListField, key, label, fields...)
}

func typed(t model.FieldType, key, label string, fields ...model.FieldSpec) model.FieldSpec {
	return model.FieldSpec{Key: key, Label: label, Type: t, Fields: fields}
}
