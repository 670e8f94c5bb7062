package desk

import (
	"bytes"
	"path"
	"strings"

	"vanthu/internal/archive"
	"vanthu/internal/maker"
	"vanthu/internal/office"
)

// BatchInput returns the input of a batch that makes what a request asks for, a ZIP file. The same request gives the same bytes.
func BatchInput(request maker.Request) ([]byte, error) {
	var b bytes.Buffer
	w := archive.NewWriter(&b, archive.Options{})
	list := []maker.File{{Name: path.Base(request.Name), Data: request.Data}}
	if request.Previous != nil { // its partner by name
		stem := strings.TrimSuffix(list[0].Name, path.Ext(list[0].Name))
		list = append(list, maker.File{Name: "ky-truoc/" + stem + path.Ext(request.Previous.Name), Data: request.Previous.Data})
	}
	if request.Profile != nil {
		list = append(list, maker.File{Name: office.ProfileName, Data: request.Profile})
	}
	for _, file := range list {
		if err := w.Add(file.Name, archive.Deflate, file.Data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
