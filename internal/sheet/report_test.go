package sheet

import (
	"fmt"
	"strings"
	"testing"

	"vanthu/internal/kind"
	"vanthu/internal/model"
	"vanthu/internal/source"
	"vanthu/internal/vi"
	"vanthu/templates"
)

// report is the schema of a periodic report with all four tables that are counted, and the road map.
func report(t testing.TB) *model.Schema {
	t.Helper()
	return schemaOf(t, `
ten: Báo cáo quý
ten_loai: Báo cáo
viet_tat: BC
nhom: Báo cáo
bo: [noi_dung]
dung: [ky_bao_cao, ngay_chot, nguong_giai_ngan, nguong_bien_dong, chi_dao, han_che, kien_nghi_de_xuat, nhiem_vu, kien_nghi, cu_tri, giai_ngan, lo_trinh]
`)
}

func schemaOf(t testing.TB, own string) *model.Schema {
	t.Helper()
	common, err := templates.FS.ReadFile("chung/kind.yaml")
	if err != nil {
		t.Fatal(err)
	}
	optional, err := templates.FS.ReadFile("chung/tuy-chon.yaml")
	if err != nil {
		t.Fatal(err)
	}
	record := func(data []byte) model.Record {
		record, found := source.ReadText("kind.yaml", data)
		if len(found) > 0 {
			t.Fatal(found)
		}
		return record
	}
	shared, found := kind.ReadShared(record(common), record(optional))
	schema, more := shared.Schema("bao-cao-quy", record([]byte(own)))
	if found.Add(more...); len(found) > 0 {
		t.Fatal(found)
	}
	return &schema
}

func day(y, m, d int) vi.Date { return vi.Date{Year: y, Month: m, Day: d} }

func after(d vi.Date, days int) model.Date {
	moved, _ := vi.FromSerial(d.Serial() + days)
	return model.Date{Date: moved}
}

func amount(text string) model.Number {
	n, err := vi.ParseNumber(text)
	if err != nil {
		panic(err)
	}
	return model.Number{Decimal: n}
}

var closing = day(2026, 6, 25)

// quarterly is a report with so many rows in its tables, and computed columns as the rules of the tables say.
func quarterly(t testing.TB, tasks, recommendations, petitions, projects int) model.Document {
	values := model.Values{
		"loai":              model.Text("bao-cao-quy"),
		"co_quan":           model.Values{"ten": model.Text("HỘI ĐỒNG NHÂN DÂN\nXÃ VĨNH AM"), "ky_hieu": model.Text("HĐND")},
		"so":                model.Text("30"),
		"dia_danh":          model.Text("Vĩnh Am"),
		"ngay":              model.Date{Date: day(2026, 6, 28)},
		"trich_yeu":         model.Text("Kết quả hoạt động quý II năm 2026"),
		"can_cu":            model.Items{model.Text("Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025.")},
		"noi_nhan":          model.Items{model.Text("Thường trực Đảng ủy xã;"), model.Text("Lưu: VT.")},
		"ky":                model.Values{"chuc_vu": model.Items{model.Text("TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN"), model.Text("CHỦ TỊCH")}, "ho_ten": model.Text("Nguyễn Văn An")},
		"ky_bao_cao":        model.Period{Period: vi.Period{Year: 2026, First: 4, Last: 6}},
		"ngay_chot":         model.Date{Date: closing},
		"nguong_giai_ngan":  amount("50"),
		"nguong_bien_dong":  amount("50"),
		"chi_dao":           model.Outline{model.Line{Level: model.Heading, Text: "I. CHỈ ĐẠO", Title: true}, model.Line{Text: "Thường trực đã ban hành 12 văn bản."}},
		"han_che":           model.Outline{model.Line{Level: model.Dash, Text: "- Còn việc chậm so với thời hạn."}},
		"kien_nghi_de_xuat": model.Outline{model.Line{Text: "Không có./."}},
		"nhiem_vu":          taskRows(tasks),
		"kien_nghi":         recommendationRows(recommendations),
		"cu_tri":            petitionRows(petitions),
		"giai_ngan":         projectRows(projects),
		"lo_trinh":          roadmapRows(4),
	}
	return model.Document{Schema: report(t), Values: values}
}

func pick(list []string, i int) model.Text { return model.Text(list[i%len(list)]) }

var bodies = []string{"Ban Văn hóa - Xã hội", "Ban Kinh tế - Ngân sách", "Ủy ban nhân dân xã", "Văn phòng HĐND và UBND", "Phòng Kinh tế"}

// state is the rule of tinh_trang, said once more.
func state(due model.Date, done model.Value) model.Text {
	finished, ok := done.(model.Date)
	switch {
	case ok && !closing.Before(finished.Date) && due.Before(finished.Date):
		return "Hoàn thành quá hạn"
	case ok && !closing.Before(finished.Date):
		return "Hoàn thành đúng hạn"
	case due.Before(closing):
		return "Chưa hoàn thành quá hạn"
	}
	return "Chưa hoàn thành trong hạn"
}

func taskRows(n int) model.Items {
	what := []string{
		"Giám sát việc số hóa hồ sơ, giấy tờ khi tiếp nhận, giải quyết thủ tục hành chính tại Trung tâm Phục vụ hành chính công xã",
		"Thẩm tra báo cáo tình hình thực hiện dự toán ngân sách 6 tháng đầu năm",
		"Khảo sát việc thực hiện chính sách đối với người có công",
		"Tổ chức hội nghị tiếp xúc cử tri trước kỳ họp thường lệ giữa năm 2026 tại các thôn",
	}
	items := model.Items{}
	for i := range n {
		due := after(day(2026, 2, 10), (i*37)%300)
		row := model.Values{
			"stt": model.Count(i + 1), "noi_dung": pick(what, i), "chu_tri": pick(bodies, i/2), "thoi_han": due,
			"van_ban_giao": model.Text(fmt.Sprintf("%02d/KH-HĐND ngày 27/3/2026", i%9+1)), "phoi_hop": pick(bodies, i+1),
			"lanh_dao": model.Text("Phó Chủ tịch HĐND xã"), "san_pham": model.Text("Báo cáo giám sát"), "ngay_bat_dau": after(due.Date, -60),
		}
		if i%7 != 3 {
			row["linh_vuc"] = pick([]string{"Giám sát", "Thẩm tra", "Tiếp xúc cử tri", "Tuyên truyền"}, i)
		}
		if i%3 != 0 {
			row["ngay_hoan_thanh"] = after(due.Date, (i%5)*6-10)
			row["ket_qua"] = model.Text("Đã hoàn thành, ban hành báo cáo kết quả")
			row["tien_do"] = amount("100")
		} else {
			row["vuong_mac"] = model.Text("Thiếu nhân lực; đơn vị phối hợp gửi số liệu chậm")
			row["tien_do"] = amount("45,5")
		}
		s := state(due, row["ngay_hoan_thanh"])
		row["tinh_trang"] = s
		if strings.HasPrefix(string(s), "Chưa") {
			row["so_ngay"] = model.Count(closing.Until(due.Date))
		}
		items = append(items, row)
	}
	return items
}

func roadmapRows(n int) model.Items {
	items := model.Items{}
	for i := range n {
		due := after(day(2026, 3, 31), i*91)
		row := model.Values{
			"stt": model.Count(i + 1), "quy": pick([]string{"I", "II", "III", "IV"}, i), "noi_dung": model.Text("Giám sát việc công khai thủ tục hành chính"),
			"chu_tri": pick(bodies, i), "thoi_han": due,
		}
		row["tinh_trang"] = state(due, nil)
		items = append(items, row)
	}
	return items
}

func recommendationRows(n int) model.Items {
	items := model.Items{}
	for i := range n {
		due := after(closing, i*9-50)
		row := model.Values{
			"stt": model.Count(i + 1), "ket_luan": model.Text("05/TB-HĐND ngày 20/4/2026"),
			"chuyen_de": model.Text("Chuyển đổi số trong giải quyết thủ tục hành chính"),
			"noi_dung":  model.Text("Bố trí máy quét và nhân lực số hóa hồ sơ tại Trung tâm Phục vụ hành chính công"),
			"co_quan":   pick(bodies[2:], i), "thoi_han": due, "san_pham": model.Text("Văn bản phân công và dự toán"),
		}
		if assessed := pick([]string{"", "Hoàn thành", "Hoàn thành một phần", "", "Không thực hiện", "Chưa đáp ứng yêu cầu"}, i); assessed != "" {
			row["danh_gia"] = assessed
		}
		if i%2 == 0 {
			row["buoc"] = model.Count(i % 8)
		}
		degree, _ := row["danh_gia"].(model.Text)
		switch {
		case degree == "Hoàn thành" || degree == "Không thực hiện" || degree == "Chưa đáp ứng yêu cầu":
		case due.Before(closing):
			degree = "Quá hạn"
		case degree == "":
			degree = "Chưa hoàn thành"
		}
		row["muc_do"] = degree
		if late := due.Until(closing); late > 0 && degree != "Hoàn thành" {
			row["so_ngay_qua_han"] = model.Count(late)
		}
		if degree == "Quá hạn" || degree == "Không thực hiện" || degree == "Chưa đáp ứng yêu cầu" {
			step := int64(0)
			if number, ok := row["buoc"].(model.Number); ok {
				step = number.IntPart()
			}
			names := []string{"Đôn đốc lần 1", "Đôn đốc tiếp", "Kiến nghị cấp có thẩm quyền", "Phiên giải trình", "Chất vấn", "Giám sát lại", "Báo cáo Hội đồng nhân dân"}
			if step < 7 {
				row["buoc_tiep"] = model.Text(names[step])
			}
		}
		items = append(items, row)
	}
	return items
}

func petitionRows(n int) model.Items {
	items := model.Items{}
	for i := range n {
		received := after(day(2026, 4, 1), i*4)
		row := model.Values{
			"stt": model.Count(i + 1), "ma": model.Text(fmt.Sprintf("KN-%02d", i+1)), "nguon": model.Text("Tiếp xúc cử tri trước kỳ họp thứ hai"),
			"noi_dung": model.Text("Đề nghị lắp bổ sung đèn chiếu sáng trên trục đường liên thôn và sửa chữa mặt đường hư hỏng"),
			"dia_ban":  model.Text(fmt.Sprintf("Thôn %d", i%6+1)), "linh_vuc": pick([]string{"Hạ tầng", "Môi trường", "Đất đai"}, i),
			"tham_quyen": pick([]string{"Xã", "Thành phố", "Xã", "Trung ương"}, i), "co_quan": pick(bodies[2:], i),
			"ngay_tiep_nhan": received, "thoi_han": after(received.Date, 45),
		}
		if i%4 != 2 {
			row["ngay_tra_loi"] = after(received.Date, 20+i*3)
			row["van_ban_tra_loi"] = model.Text("120/UBND-KT")
		}
		if i%5 != 4 {
			row["phan_loai"] = pick([]string{"Đã giải quyết", "Đang giải quyết", "Chưa giải quyết", "Giải trình, thông tin"}, i)
		}
		answered, ok := row["ngay_tra_loi"].(model.Date)
		switch {
		case ok && !closing.Before(answered.Date):
			row["trang_thai"] = model.Text("Đã trả lời")
		case row["thoi_han"].(model.Date).Before(closing):
			row["trang_thai"] = model.Text("Quá hạn trả lời")
		default:
			row["trang_thai"] = model.Text("Đang giải quyết")
		}
		items = append(items, row)
	}
	return items
}

func projectRows(n int) model.Items {
	names := []string{"Nâng cấp đường truyền Trung tâm Phục vụ hành chính công", "Cải tạo trường mầm non thôn 3", "Đường liên thôn 2 - thôn 5", "Nhà văn hóa xã"}
	items := model.Items{}
	for i := range n {
		row := model.Values{
			"stt": model.Count(i + 1), "du_an": pick(names, i) + model.Text(fmt.Sprintf(" (giai đoạn %d)", i/4+1)), "chu_dau_tu": model.Text("UBND xã"),
			"quyet_dinh": model.Text("15/QĐ-UBND ngày 10/01/2026"), "tong_muc": amount("12500"), "thoi_gian": model.Text("2025-2026"),
			"luy_ke": amount("300"), "von_thanh_pho": amount("500"), "von_xa": amount("450"),
			"ke_hoach": amount([]string{"950", "1200", "0", "2345,5"}[i%4]), "da_giai_ngan": amount([]string{"612,5", "180,25", "0", "2345,5", "475"}[i%5]),
		}
		plan, paid := row["ke_hoach"].(model.Number), row["da_giai_ngan"].(model.Number)
		row["cham"] = model.Text("K")
		if !plan.IsZero() {
			rate := paid.Mul(amount("100").Decimal).Div(plan.Decimal).Round(1)
			row["ty_le"] = model.Number{Decimal: rate}
			if rate.LessThan(amount("50").Decimal) {
				row["cham"] = model.Text("C")
			}
		}
		items = append(items, row)
	}
	return items
}

func must(t testing.TB) func([]byte, error) []byte {
	return func(data []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
}
