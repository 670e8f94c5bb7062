package desk_test

import (
	"archive/zip"
	"bytes"
	"slices"
	"testing"

	"vanthu/internal/desk"
	"vanthu/internal/maker"
)

// TestBatchInput: the same request is the same input of a batch, with what belongs to it by the names that batches look for.
func TestBatchInput(t *testing.T) {
	request := maker.Request{
		File: maker.File{Name: "Quý II.yaml", Data: []byte("loai: bao-cao-quy\n")}, Previous: &maker.File{Name: "cũ.xlsx", Data: []byte("x")}, Profile: []byte("dia_danh: Vĩnh Am\n"),
	}
	data, err := desk.BatchInput(request)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range packed.File {
		names = append(names, file.Name)
	}
	if !slices.Equal(names, []string{"Quý II.yaml", "ky-truoc/Quý II.xlsx", "don-vi.yaml"}) {
		t.Errorf("packed %q", names)
	}
	if again, _ := desk.BatchInput(request); !bytes.Equal(again, data) {
		t.Error("the same request gives other bytes")
	}
}
