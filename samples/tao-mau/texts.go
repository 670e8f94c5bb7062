package main

// profile is the don-vi.yaml that all communes share.
const profile = `# Thông tin chung cho mọi đơn vị trong thư mục này. Tên cơ quan, địa danh, người ký nằm trong tệp của từng đơn vị.

# Mỗi tên loại văn bản một dãy số.
cach_danh_so: theo_loai
`

// consolidated is the data file of the report over all communes, but for its table, which is filled from their reports.
const consolidated = `# Báo cáo tổng hợp. Bảng các đơn vị (don_vi) lấy từ báo cáo của từng đơn vị khi chạy cả lô.
loai: bao-cao-tong-hop-nam

co_quan:
  ten: |
    HỘI ĐỒNG NHÂN DÂN
    THÀNH PHỐ HẢI PHÒNG
  ky_hieu: HĐND
  ten_day_du: Thường trực Hội đồng nhân dân thành phố Hải Phòng

so: "412"
dia_danh: Hải Phòng
ngay: 28/12/2026
trich_yeu: Tổng hợp kết quả hoạt động của Hội đồng nhân dân các xã, phường, đặc khu năm 2026

ky_bao_cao: năm 2026
ngay_chot: 15/12/2026

chi_dao: |
  Thường trực Hội đồng nhân dân thành phố tổ chức 02 hội nghị giao ban với Thường trực Hội đồng nhân dân các xã, phường, đặc khu; ban hành hướng dẫn về chế độ báo cáo, thống nhất bảng theo dõi nhiệm vụ, kiến nghị sau giám sát, kiến nghị của cử tri và giải ngân vốn.

uu_diem: |
  Hội đồng nhân dân các xã, phường, đặc khu hoạt động đúng chương trình; kiến nghị sau giám sát, kiến nghị của cử tri được theo dõi đến từng cơ quan, từng thời hạn.

han_che: |
  a) Ở một số đơn vị còn nhiệm vụ, kiến nghị quá hạn; tiến độ giải ngân của một số dự án chậm.
  b) Nguyên nhân chủ yếu là khối lượng công việc của cấp xã tăng, nhân lực còn thiếu; có nơi việc đôn đốc chưa thường xuyên.

nhiem_vu_ky_toi: |
  1. Hướng dẫn Hội đồng nhân dân các xã, phường, đặc khu tổ chức các kỳ họp thường lệ, thực hiện chương trình giám sát năm 2027.
  2. Đôn đốc các đơn vị còn nhiệm vụ, kiến nghị quá hạn; giám sát lại tại những đơn vị có tỷ lệ hoàn thành thấp.
  3. Bồi dưỡng kỹ năng thẩm tra, giám sát, chất vấn cho đại biểu Hội đồng nhân dân cấp xã.

kien_nghi_de_xuat: |
  Đề nghị Ủy ban nhân dân thành phố chỉ đạo các sở, ngành giải quyết dứt điểm những kiến nghị của cử tri thuộc thẩm quyền thành phố đã quá hạn trả lời.

noi_nhan:
  - Ban Thường vụ Thành ủy (để báo cáo)
  - Thường trực HĐND, UBND thành phố
  - Ban Thường trực Ủy ban MTTQ Việt Nam thành phố
  - Các Ban của HĐND thành phố
  - Thường trực HĐND các xã, phường, đặc khu
  - "Lưu: VT"

ky:
  chuc_vu:
    - TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN
    - KT. CHỦ TỊCH
    - PHÓ CHỦ TỊCH
  ho_ten: Trần Minh Tuấn
`
