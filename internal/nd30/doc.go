// Package nd30 is Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư (the decree) as
// tables. Each row names the clause it rests on; what is practice and not the letter of the decree says so.
//
// # Glossary
//
// Vietnamese terms of the decree and the English identifiers that stand for them everywhere in this program:
//
//	quốc hiệu                    NationalTitle
//	tiêu ngữ                     Motto
//	cơ quan chủ quản trực tiếp   ParentAgency
//	cơ quan ban hành             Agency (issuer)
//	số                           Number
//	ký hiệu                      Symbol
//	số, ký hiệu                  NumberSymbol
//	địa danh, thời gian          PlaceDate
//	tên loại                     TypeName
//	trích yếu                    Abstract
//	căn cứ                       LegalBases
//	nội dung                     Body
//	phần                         Part
//	mục (I.)                     Heading
//	khoản (1.)                   Clause
//	tiểu khoản (1.1.)            SubClause (practice)
//	điểm (a))                    Point
//	gạch đầu dòng (-)            Dash (practice)
//	dấu cộng (+)                 Plus (practice)
//	điều                         Article
//	quyền hạn, chức vụ           Position
//	chữ ký                       Signature
//	họ tên người ký              Signer
//	kính gửi                     Addressees
//	nơi nhận                     Recipients
//	phụ lục                      Annex
//	độ khẩn                      Urgency
//	độ mật                       Secrecy
//	chỉ dẫn phạm vi lưu hành     Circulation
//	bản sao                      Copy
//	dãy số                       Series
//	thể thức                     Layout
//
// Terms of supervision, which the decree does not know:
//
//	kỳ báo cáo                   Period
//	ngày chốt số liệu            ClosingDate
//	nhiệm vụ                     Task
//	kiến nghị sau giám sát       Recommendation
//	kiến nghị cử tri             Petition
//	giải ngân                    Disbursement
//	lộ trình giám sát            Roadmap
//	tình trạng                   State
package nd30

// Decree is how findings cite the decree.
const Decree = "NĐ 30/2020/NĐ-CP"

// Strings that every document prints (Phụ lục I, Phần I, Mục II, khoản 1 và khoản 9).
const (
	NationalTitle = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
	Motto         = "Độc lập - Tự do - Hạnh phúc"
	Recipients    = "Nơi nhận:"
	Addressees    = "Kính gửi:"
	EndMark       = "./." // every form of Phụ lục III ends with it; the rules do not name it
)

// PointLetters are the letters of điểm in their order, as the decree's own lists run: no ă â ê ô ơ ư f j w z.
const PointLetters = "abcdđeghiklmnopqrstuvxy"
