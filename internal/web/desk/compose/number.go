package compose

import (
	"fmt"

	"vanthu/internal/register"
	"vanthu/internal/store"
	"vanthu/internal/web/desk"
)

// lockNumber shows the number of a register as one that is not typed.
func lockNumber(sections []formSection, entry store.Entry) {
	for _, section := range sections {
		for i := range section.Fields {
			if field := &section.Fields[i]; field.Name == desk.NumberField {
				field.Locked, field.Help = &entry, ""
			}
		}
	}
}

// unregisteredItem is the warning of a typed number that the register does not have.
func unregisteredItem(symbol string) foundItem {
	return foundItem{
		Class: "warning", Label: "Số", Field: desk.NumberField,
		Message: fmt.Sprintf("Số %s chưa có trong sổ đăng ký; sổ có thể cấp lại số này cho văn bản khác.", register.PlainSymbol(symbol)),
		Hint:    "Để trống mục này rồi bấm “Lấy số và làm văn bản” thì sổ cấp số; văn bản cũ đã ghi trong sổ giấy thì nhập sổ cũ ở trang Sổ văn bản đi.",
	}
}
