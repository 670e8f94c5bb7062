package tally

import (
	"slices"
	"testing"

	"vanthu/internal/diag"
)

func TestDocumentStandsAfterTheOneBefore(t *testing.T) {
	schema := schemaOf(t, quarterly)
	for _, c := range []struct {
		name, more, before string
		want               []string
	}{
		{"the next quarter", "", "", nil},
		{"the same period", "ky_bao_cao: quý I năm 2026\nngay_chot: 26/3/2026\n", "", []string{"leftover-period"}},
		{"an earlier period", "ky_bao_cao: quý IV năm 2025\nngay_chot: 31/12/2025\n", "ngay_chot: 30/12/2025\n", []string{"leftover-period"}},
		{"the same closing date", "ngay_chot: 25/3/2026\n", "", []string{"leftover-closing-date"}},
		{"an earlier closing date", "ngay_chot: 24/3/2026\n", "", []string{"leftover-closing-date"}},
		{"the same date", "ngay: 31/3/2026\n", "", []string{"leftover-date"}},
		{"the same number in the year", "so: \"10\"\n", "", []string{"leftover-number"}},
		{"the same number, written otherwise", "so: \"010\"\n", "", []string{"leftover-number"}},
		{"the same number in the year after", "so: \"10\"\n", "ngay: 30/6/2025\nngay_chot: 25/6/2025\nky_bao_cao: quý II năm 2025\n", nil},
		{"no number in either", "so:\n", "so:\n", nil},
		{"the title of before", "trich_yeu: Kết quả công tác quý I năm 2026\n", "", []string{"leftover-title"}},
		{"the title without a year", "trich_yeu: Kết quả công tác Quý I\n", "", []string{"leftover-title"}},
		{"the title with a stroke", "trich_yeu: Kết quả công tác quý 1/2026\n", "", []string{"leftover-title"}},
		{"a title that compares", "trich_yeu: Kết quả công tác quý II so với quý I năm 2026\n", "", nil},
		{"a title of the same quarter last year", "trich_yeu: Kết quả công tác quý I năm 2025\n", "", nil},
		{"a title with another quarter", "trich_yeu: Kết quả công tác quý III năm 2026\n", "", nil},
		{
			"the half year closed and signed with the quarter that ends it", "ky_bao_cao: 6 tháng đầu năm 2026\nngay_chot: 25/6/2026\n",
			"ky_bao_cao: quý II năm 2026\nngay: 30/6/2026\nngay_chot: 25/6/2026\n", nil,
		},
		{
			"the coming half year without its year", "ky_bao_cao: 6 tháng đầu năm 2026\ntrich_yeu: Kết quả 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm\n",
			"ky_bao_cao: 6 tháng cuối năm 2025\nngay: 31/12/2025\nngay_chot: 25/12/2025\n", nil,
		},
		{
			"the year, with the title of the quarter", "ky_bao_cao: năm 2026\ntrich_yeu: Công tác quý I\n", "trich_yeu: Công tác quý I\n",
			[]string{"leftover-title"},
		},
		{"a year that holds the quarter", "ky_bao_cao: năm 2026\ntrich_yeu: Công tác quý I và cả năm 2026\n", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, previous := bind(t, schema, with(head, c.more)), bind(t, schema, with(first, c.before))
			if found := leftovers(doc, previous); !slices.Equal(codes(found), c.want) || found.Blocking() != (c.want != nil) {
				t.Errorf("want %v\n%s", c.want, found)
			}
		})
	}
}

func TestParagraphsLeftOver(t *testing.T) {
	schema := schemaOf(t, quarterly)
	other := "ky: {chuc_vu: [PHÓ CHỦ TỊCH], ho_ten: Trần Thị Bình}\n"
	monthly := "ky_bao_cao: tháng 3 năm 2026\n"
	yearly := "ky_bao_cao: năm 2025\nngay: 31/12/2025\nngay_chot: 25/12/2025\n"
	for _, c := range []struct {
		name, text string
		copied     bool   // the text stands in the document before too
		more       string // of this document
		before     string // of the document before
		want       string // code; those of new paragraphs are warnings
	}{
		{"copied, with the quarter", "Trong quý I năm 2026, đã ban hành 5 văn bản.", true, "", "", "leftover-paragraph"},
		{"copied, another mark at its end", "Trong quý I năm 2026, đã ban hành 5 văn bản;", true, "", "", "leftover-paragraph"},
		{"copied, with the quarter alone", "Trong quý I, đã ban hành 5 văn bản.", true, "", "", "leftover-paragraph"},
		{"copied, with quí", "Trong Quí 1/2026, đã ban hành 5 văn bản.", true, "", "", "leftover-paragraph"},
		{"copied, with another quarter", "Chuẩn bị nội dung quý III năm 2026.", true, "", "", ""},
		{"copied, with the quarter of another year", "Kết quả quý I năm 2025 đã thông báo.", true, "", "", ""},
		{"copied, without a period", "Duy trì giao ban hằng tuần.", true, "", "", ""},
		{"copied, with the number", "Báo cáo số 10/BC-HĐND đã gửi.", true, "", "", "leftover-number"},
		{"copied, with a number that ends alike", "Báo cáo số 110/BC-HĐND đã gửi.", true, "", "", ""},
		{"copied, with the date", "Số liệu đã gửi ngày 31 tháng 3 năm 2026.", true, "", "", "leftover-date"},
		{"copied, with the closing date", "Tính đến ngày 25/03/2026.", true, "", "", "leftover-date"},
		{
			"copied, with the closing date of both", "Tính đến ngày 25/6/2026.", true, "ky_bao_cao: 6 tháng đầu năm 2026\n",
			"ky_bao_cao: quý II năm 2026\nngay_chot: 25/6/2026\n", "",
		},
		{"copied, with another date", "Luật ngày 25/03/2025.", true, "", "", ""},
		{"copied, with the signer of before", "Đồng chí Nguyễn Văn An chủ trì.", true, other, "", "leftover-signer"},
		{"copied, with the signer of both", "Đồng chí Nguyễn Văn An chủ trì.", true, "", "", ""},
		{"copied, a name that begins alike", "Đồng chí Nguyễn Văn Anh chủ trì.", true, other, "", ""},
		{"copied, with the month", "Trong tháng 3, tiếp 5 lượt công dân.", true, "ky_bao_cao: tháng 4 năm 2026\n", monthly, "leftover-paragraph"},
		{"copied, with a day of the month", "Hội nghị ngày 05 tháng 3 năm 2026.", true, "ky_bao_cao: tháng 4 năm 2026\n", monthly, ""},
		{"copied, with a month that begins alike", "Kế hoạch tháng 12 năm 2026.", true, "ky_bao_cao: tháng 2 năm 2026\n", "ky_bao_cao: tháng 1 năm 2026\n", ""},
		{"copied, with the year", "Hoàn thành chương trình năm 2025.", true, "ky_bao_cao: năm 2026\n", yearly, "leftover-paragraph"},
		{"copied, with a law of the year", "Luật Tổ chức chính quyền địa phương năm 2025 quy định.", true, "ky_bao_cao: năm 2026\n", yearly, ""},
		{"copied, with a day of the year", "Nghị quyết ngày 05 tháng 6 năm 2025.", true, "ky_bao_cao: năm 2026\n", yearly, ""},
		{"copied, into a year that holds the quarter", "Trong quý I năm 2026, đã ban hành 5 văn bản.", true, "ky_bao_cao: năm 2026\n", "", ""},
		{
			"copied, the half year of the year before", "Trong 6 tháng đầu năm 2025, đã họp.", true, "ky_bao_cao: 6 tháng đầu năm 2026\n",
			"ky_bao_cao: 6 tháng đầu năm 2025\n", "leftover-paragraph",
		},
		{
			"copied, the half year alone tells nothing", "Trong 6 tháng đầu năm, đã họp.", true, "ky_bao_cao: 6 tháng đầu năm 2026\n",
			"ky_bao_cao: 6 tháng đầu năm 2025\n", "",
		},
		{"new, with the quarter", "Kết quả quý I năm 2026 còn thấp.", false, "", "", "previous-period-named"},
		{"new, with the quarter alone", "Kết quả quý I còn thấp.", false, "", "", "previous-period-named"},
		{"new, the coming quarter of that name", "Tổ chức kỳ họp trong quý IV.", false, "ky_bao_cao: quý I năm 2026\n", "ky_bao_cao: quý IV năm 2025\n", ""},
		{"new, and compares", "Đạt 75%, tăng 3 nhiệm vụ so với quý I năm 2026.", false, "", "", ""},
		{"new, and goes on", "Xử lý 2 kiến nghị chuyển tiếp từ quý I.", false, "", "", ""},
		{"new, since then", "Các việc từ quý I năm 2026 đã xong.", false, "", "", ""},
		{"new, compares in another sentence", "So với yêu cầu thì đạt. Kết quả quý I còn thấp.", false, "", "", "previous-period-named"},
		{"new, with the number of before", "Tiếp theo Báo cáo số 10/BC-HĐND ngày 31/3/2026.", false, "", "", ""},
		{"new, with the closing date", "Tính đến ngày 25/3/2026, đã giải ngân 50%.", false, "", "", "leftover-date"},
		{"new, with the closing date in words", "Tính đến ngày 25 tháng 3 năm 2026, đã giải ngân 50%.", false, "", "", "leftover-date"},
		{"new, since the closing date", "Các việc từ ngày 25/3/2026 đã xong.", false, "", "", ""},
		{"copied, with the closing date in words", "Tính đến ngày 25 tháng 3 năm 2026.", true, "", "", "leftover-date"},
		{"new, with the signer of before", "Đồng chí Nguyễn Văn An chủ trì.", false, other, "", "leftover-signer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := "chi_dao: |\n  " + c.text + "\n  Hết.\n"
			base := with(first, c.before)
			if c.copied {
				base += "chi_dao: |\n  Mở đầu.\n  " + c.text + "\n"
			}
			doc, previous := bind(t, schema, with(head, "trich_yeu: Kết quả công tác\n"+c.more)+body), bind(t, schema, base)
			var want []string
			if c.want != "" {
				want = []string{c.want}
			}
			o := &overlap{doc: doc, previous: previous, period: doc.Period(), wasPeriod: previous.Period()}
			o.paragraphs()
			if !slices.Equal(codes(o.found), want) || o.found.Blocking() != (c.copied && c.want != "") {
				t.Fatalf("want %v\n%s", want, o.found)
			}
			if len(o.found) > 0 && (o.found[0].Where.Field != "chi_dao" || o.found[0].Where.Text == "") {
				t.Error(o.found)
			}
		})
	}
}

func TestLeftoversAreLookedForInAnnexes(t *testing.T) {
	schema := schemaOf(t, quarterly)
	annex := "phu_luc:\n  - tieu_de: SỐ LIỆU\n    noi_dung: |\n      Số liệu quý I năm 2026.\n"
	found := leftovers(bind(t, schema, head+annex), bind(t, schema, first+annex))
	if len(found) != 1 || found[0].Where.Field != "phu_luc[1].noi_dung" {
		t.Error(found)
	}
}

func TestPlansOfTwoYearsHaveLeftoversToo(t *testing.T) {
	schema := schemaOf(t, "ten: Kế hoạch\nviet_tat: KH\n")
	text := with(head, "ky_bao_cao:\nngay_chot:\n")
	text = text[:len(text)-len("ky_bao_cao:\nngay_chot:\n")] + "noi_dung: |\n  Thực hiện Kế hoạch số 21/KH-HĐND.\n"
	doc := bind(t, schema, with(text, "so: \"30\"\n"))
	if found := told(doc, bind(t, schema, text)); !slices.Equal(codes(found), []string{"leftover-date", "leftover-number"}) {
		t.Error(found)
	}
}

func TestSectionsLeftOver(t *testing.T) {
	schema := schemaOf(t, quarterly)
	const long = "Thường trực Hội đồng nhân dân xã bám sát chương trình công tác năm, tổ chức giao ban hằng tuần."
	for _, c := range []struct {
		name, now, before string
		same              bool
	}{
		{"word for word", long, long, true},
		{"another mark at its end", long, long[:len(long)-1] + ";", true},
		{"another word", long, "Trong quý, " + long, false},
		{"short", "Không phát sinh.", "Không phát sinh.", false},
		{"one paragraph more", long + "\n  Hết.", long, false},
		{"a table", long + "\n  | STT | A |\n  | 1 | 2 |", long + "\n  | STT | A |\n  | 1 | 2 |", true},
		{"another table", long + "\n  | STT | A |\n  | 1 | 2 |", long + "\n  | STT | A |\n  | 1 | 3 |", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := leftovers(bind(t, schema, head+"chi_dao: |\n  "+c.now+"\n"), bind(t, schema, first+"chi_dao: |\n  "+c.before+"\n"))
			if !c.same {
				if len(found) > 0 {
					t.Error(found)
				}
				return
			}
			if len(found) != 1 || found[0].Code != diag.LeftoverSection || found[0].Severity != diag.Warning || found[0].Where.Field != "chi_dao" {
				t.Error(found)
			}
		})
	}
}
