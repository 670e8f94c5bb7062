package pdf

import (
	"encoding/binary"
	"time"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"

	"vanthu/internal/page"
)

// setProperties writes what the file says of itself, and whatever else keeps its bytes the same from run to run.
func setProperties(pdf *fpdf.Fpdf, doc page.Document) {
	created := parseCreated(doc.Created)
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(created)
	pdf.SetModificationDate(created)
	pdf.SetLang("vi-VN")
	pdf.SetProducer(textString("Văn Thư"), false)
	if doc.Title != "" {
		pdf.SetTitle(textString(doc.Title), false)
	}
	if doc.Author != "" {
		pdf.SetAuthor(textString(doc.Author), false)
	}
}

// textString encodes text as UTF-16 with its mark (ISO 32000-1, 7.9.2.2). fpdf's own encoder breaks beyond U+FFFF.
func textString(text string) string {
	encoded := []byte{0xFE, 0xFF}
	for _, unit := range utf16.Encode([]rune(text)) {
		encoded = binary.BigEndian.AppendUint16(encoded, unit)
	}
	return string(encoded)
}

// parseCreated reads a date of the W3CDTF profile, whole or down to the year. A document that says nothing of use is given
// the epoch: without a date fpdf would ask for the time.
func parseCreated(text string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", time.DateOnly, "2006-01", "2006"} {
		if created, err := time.Parse(layout, text); err == nil && !created.IsZero() {
			return created.UTC()
		}
	}
	return time.Unix(0, 0).UTC()
}
