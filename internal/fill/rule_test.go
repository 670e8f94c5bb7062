package fill

import (
	"strconv"
	"strings"
	"testing"

	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// A rule is a share of the text above it as that text is printed: style by style, as ECMA-376-1, 17.7, has them work together.
func TestRulesFollowTheStyleCascade(t *testing.T) {
	const styles = `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
		<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/><w:sz w:val="28"/></w:rPr></w:rPrDefault></w:docDefaults>
		<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
		<w:style w:type="paragraph" w:styleId="Rule"><w:name w:val="ND30 Kẻ"/></w:style>
		<w:style w:type="paragraph" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
		<w:style w:type="character" w:styleId="Large"><w:name w:val="Large"/><w:rPr><w:b/><w:sz w:val="40"/></w:rPr></w:style>
		<w:style w:type="character" w:styleId="Larger"><w:name w:val="Larger"/><w:basedOn w:val="Large"/></w:style>
		</w:styles>`
	const text = "HỘI ĐỒNG NHÂN DÂN"
	for name, c := range map[string]struct {
		paragraph, run string
		size           geom.EMU
		bold           bool
	}{
		"defaults": {"Normal", ``, 14 * geom.Point, false},
		"size and weight of the base of a character style":        {"Normal", `<w:rStyle w:val="Larger"/>`, 20 * geom.Point, true},
		"bold of paragraph and character style cancel each other": {"Strong", `<w:rStyle w:val="Larger"/>`, 20 * geom.Point, false},
		"direct formatting goes before styles":                    {"Strong", `<w:rStyle w:val="Larger"/><w:b/><w:sz w:val="24"/>`, 12 * geom.Point, true},
	} {
		t.Run(name, func(t *testing.T) {
			body := `<w:p><w:pPr><w:pStyle w:val="` + c.paragraph + `"/></w:pPr><w:r><w:rPr>` + c.run + `</w:rPr><w:t>` + text + `</w:t></w:r></w:p>` +
				`<w:p><w:r><w:t>{{ke 100%}}</w:t></w:r></w:p>`
			base := pack(t, "", map[string]string{stylesPart: styles})
			template, found, err := Compile("mau.docx", pack(t, body, nil), base, testSchema, testFonts(t), testStyles)
			if err != nil || len(found) > 0 {
				t.Fatal(err, found)
			}
			docx, err := template.Fill(document(t, `{"trich_yeu": "x"}`))
			if err != nil {
				t.Fatal(err)
			}
			root, err := ooxml.Parse(readPart(t, docx, documentPart))
			if err != nil {
				t.Fatal(err)
			}
			paragraphs := root.Child("w:body").Children
			indent, err := strconv.Atoi(paragraphs[1].Child("w:pPr", "w:ind").Attr("w:left"))
			if err != nil {
				t.Fatal(err, strings.TrimSpace(string(paragraphs[1].AppendXML(nil))))
			}
			face, _ := testFonts(t).Face("Times New Roman", c.bold, false)
			if want := ((geom.Twips(13606-2*1134) - face.Width(text, c.size)) / 2).Twips(); indent != want {
				t.Errorf("the rule begins at %d twips, want %d", indent, want)
			}
		})
	}
}
