package sheet

import "testing"

func BenchmarkProgressOfTenThousandTasks(b *testing.B) {
	doc := quarterly(b, 10000, 12, 15, 8)
	b.ReportAllocs()
	for b.Loop() {
		must(b)(Progress(doc))
	}
}

func BenchmarkProgress(b *testing.B) {
	doc := quarterly(b, 40, 12, 15, 8)
	b.ReportAllocs()
	for b.Loop() {
		must(b)(Progress(doc))
	}
}
