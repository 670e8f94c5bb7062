package fill

import (
	"path"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/ooxml"
)

// mainType is the content type of the document of a .docx; that of a .docm or a template for macros has another (ECMA-376-1, 11.3.10).
const mainType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

// Inspect returns a finding for each thing that a template which somebody sent holds and may not: programs (macros, ActiveX, embedded objects), and parts that Word would
// fetch from elsewhere when it opens the document. Links that a reader clicks stay. A file that cannot be opened is for Compile to tell.
func Inspect(name string, mau []byte) (found diag.Findings) {
	pkg, err := ooxml.OpenWord(mau)
	if err != nil {
		return nil
	}
	refuse := func(code diag.Code, message, hint string) {
		f := diag.Finding{Severity: diag.Error, Code: code, Where: diag.Place{File: name}, Message: message, Hint: hint}
		if !slices.Contains(found, f) {
			found.Add(f)
		}
	}
	const again = "mở tệp bằng Word, lưu thành loại “Word Document (*.docx)” rồi tải lên lại"
	if types, err := pkg.Tree("[Content_Types].xml"); err == nil && types != nil && !isPlainDocument(types) {
		refuse(diag.TemplateHasMacros, "tệp mẫu không phải văn bản Word thường (.docx), có thể chứa macro", again)
	}
	for _, part := range pkg.Names() {
		switch lower := strings.ToLower(part); {
		case strings.HasPrefix(path.Base(lower), "vbaproject"), strings.HasPrefix(path.Base(lower), "vbadata"):
			refuse(diag.TemplateHasMacros, "tệp mẫu chứa macro (chương trình), không nhận", again)
		case strings.HasPrefix(lower, "word/activex/"), strings.HasPrefix(lower, "word/embeddings/"), strings.HasPrefix(lower, "word/afchunk"):
			refuse(diag.TemplateHasObjects, "tệp mẫu chứa đối tượng nhúng từ chương trình khác: "+path.Base(part),
				"xóa đối tượng ấy trong Word, hoặc thay bằng hình ảnh, rồi tải lên lại")
		case strings.HasSuffix(lower, ".rels"):
			for _, target := range outside(pkg, part) {
				refuse(diag.TemplateLoadsFromOutside, "tệp mẫu lấy nội dung từ nơi khác: "+diag.Excerpt(target),
					"chèn hẳn hình ảnh vào tệp thay cho liên kết; ở thẻ Developer của Word, mục Document Template, bỏ mẫu đính kèm")
			}
		}
	}
	return found
}

// isPlainDocument reports whether word/document.xml is the document of a .docx. A package that says nothing of the part is for Word to open.
func isPlainDocument(types *ooxml.Element) bool {
	for _, e := range types.Children {
		if e.Name == "Override" && strings.EqualFold(e.Attr("PartName"), "/"+documentPart) {
			return e.Attr("ContentType") == mainType
		}
	}
	return true
}

// outside are the targets outside the package of a part of relations, but for those of links.
func outside(pkg *ooxml.Package, rels string) (targets []string) {
	folder, base := path.Split(rels)
	owner := path.Join(path.Dir(path.Clean(folder)), strings.TrimSuffix(base, path.Ext(base)))
	relations, err := pkg.Relations(owner)
	if err != nil {
		return nil // what is damaged is for Compile to tell
	}
	for _, relation := range relations {
		if relation.External && relation.Type != "hyperlink" {
			targets = append(targets, relation.Target)
		}
	}
	slices.Sort(targets)
	return targets
}
