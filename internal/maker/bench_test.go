package maker_test

import (
	"context"
	"io"
	"testing"
	"time"

	"vanthu/internal/check"
	"vanthu/internal/layout"
	"vanthu/internal/model"
	"vanthu/internal/officetest"
	"vanthu/internal/pdf"
	"vanthu/internal/source"
	"vanthu/internal/testenv"
	"vanthu/internal/wml"
)

// BenchmarkPlan times each stage of the path on the plan, and the whole.
//
//	go test -run '^$' -bench . ./internal/maker
func BenchmarkPlan(b *testing.B) {
	a := officetest.Plain(b)
	request := requestOf(b, "ke-hoach-57")
	kind := a.Office.Find("ke-hoach")
	template, found, err := kind.Template()
	if err != nil || len(found) > 0 {
		b.Fatal(err, found)
	}
	record, _ := source.ReadText(request.Name, request.Data)
	document, _ := model.Bind(&kind.Schema, record, a.Office.ProfileOf(""))
	docx, err := template.Fill(document)
	must(b, err)
	read, _, err := wml.Read(docx)
	must(b, err)
	pages, _ := layout.Paginate(read, a.Office.Fonts())
	b.Logf("%d pages", len(pages.Pages))

	stage := func(name string, run func() error, wanted ...time.Duration) { staged(b, name, run, wanted...) }
	stage("1-source", func() error { source.ReadText(request.Name, request.Data); return nil })
	stage("2-bind", func() error { model.Bind(&kind.Schema, record, a.Office.ProfileOf("")); return nil })
	stage("3-fill", func() error { _, err := template.Fill(document); return err })
	stage("4-read", func() error { _, _, err := wml.Read(docx); return err })
	stage("7-check", func() error { check.Run(read); return nil })
	stage("5-layout", func() error { layout.Paginate(read, a.Office.Fonts()); return nil })
	stage("6-paint", func() error { return pdf.Write(io.Discard, pages, a.Office.Fonts()) })
	stage("data-to-docx", func() error {
		record, _ := source.ReadText(request.Name, request.Data)
		document, _ := model.Bind(&kind.Schema, record, a.Office.ProfileOf(""))
		_, err = template.Fill(document)
		return err
	}, 700*time.Microsecond)
	stage("docx-to-pdf", func() error { _, _, err := a.Maker.Convert(context.Background(), "plan.docx", docx); return err }, 8*time.Millisecond)
	stage("whole", func() error { _, _, err := a.Maker.Make(context.Background(), request); return err })
}

// staged measures one stage of a path, beside the time wanted of it if there is one.
func staged(b *testing.B, name string, run func() error, wanted ...time.Duration) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			must(b, run())
		}
		for _, most := range wanted {
			testenv.WantTime(b, most)
		}
	})
}

func must(b testing.TB, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
