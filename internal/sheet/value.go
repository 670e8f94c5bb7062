package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"vanthu/internal/model"
)

// maxInCell is what a cell holds, in UTF-16 units (ECMA-376 leaves it open; 32767 is what Excel and LibreOffice take).
const maxInCell = 32767

// cellValue is what a cell holds for a value: text, a whole or a broken number, the serial of a day, or nil.
func cellValue(value model.Value) any {
	switch value := value.(type) {
	case model.Number:
		if value.IsInteger() && value.BigInt().IsInt64() {
			return value.IntPart()
		}
		return value.InexactFloat64()
	case model.Date:
		return value.Serial()
	case nil:
		return nil
	}
	return cellText(value)
}

// cellText is a value as a person types it into a cell, a line an item.
func cellText(value model.Value) string {
	text := ""
	switch value := value.(type) {
	case model.Text:
		text = string(value)
	case model.Number:
		text = value.String()
	case model.Date:
		text = value.Short()
	case model.Period:
		text = value.String()
	case model.Items:
		items := make([]string, len(value))
		for i, item := range value {
			items[i] = cellText(item)
		}
		text = strings.Join(items, "\n")
	case model.Outline:
		text = outlineText(value)
	}
	return shorten(text)
}

// shorten cuts a text that no cell can hold at the end of a line, and says so there.
func shorten(text string) string {
	const tail = "\n[… phần còn lại dài quá một ô, xem trong văn bản]"
	kept := cut(text, maxInCell)
	if len(kept) == len(text) {
		return text
	}
	kept = cut(kept, maxInCell-len(tail))
	if i := strings.LastIndexByte(kept, '\n'); i > 0 {
		kept = kept[:i]
	}
	return kept + tail
}

// outlineText types an outline so that it reads back as it is: a blank line stands where two lines would be joined, or two tables.
func outlineText(outline model.Outline) string {
	var b strings.Builder
	var above model.Block
	for _, block := range outline {
		if above != nil {
			b.WriteByte('\n')
			if joins(above, block) {
				b.WriteByte('\n')
			}
		}
		above = block
		switch block := block.(type) {
		case model.Line:
			b.WriteString(block.Text)
		case model.Grid:
			writeGridRow(&b, block.Head)
			for _, row := range block.Rows {
				b.WriteByte('\n')
				writeGridRow(&b, row)
			}
		}
	}
	return b.String()
}

func joins(above, below model.Block) bool {
	switch above := above.(type) {
	case model.Grid:
		_, grid := below.(model.Grid)
		return grid
	case model.Line:
		line, ok := below.(model.Line)
		first, _ := utf8.DecodeRuneInString(line.Text)
		last, _ := utf8.DecodeLastRuneInString(above.Text)
		return ok && unicode.IsLower(first) && (unicode.IsLetter(last) || unicode.IsDigit(last))
	}
	return false
}

func writeGridRow(b *strings.Builder, cells []string) {
	for _, text := range cells {
		b.WriteString("| " + strings.ReplaceAll(text, "|", `\|`) + " ")
	}
	b.WriteByte('|')
}
