package source

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vanthu/internal/kind"
	"vanthu/internal/model"
)

var update = flag.Bool("update", false, "rewrite the wanted output in testdata")

// eachArchive compares what get makes of each archive of a folder of testdata with the last file in it.
func eachArchive(t *testing.T, folder string, get func(t *testing.T, archive *txtar.Archive) string) {
	names, err := filepath.Glob("testdata/" + folder + "/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := get(t, archive)
			last := &archive.Files[len(archive.Files)-1]
			if *update {
				last.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(last.Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// readFile reads a file of the project.
func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// schemaFrom reads a kind.yaml on top of what kinds share.
func schemaFrom(t testing.TB, slug string, own []byte) *model.Schema {
	t.Helper()
	read := func(name string, data []byte) model.Record {
		record, found := ReadText(name, data)
		if len(found) > 0 {
			t.Fatal(found)
		}
		return record
	}
	shared, found := kind.ReadShared(read("chung/kind.yaml", readFile(t, "templates/chung/kind.yaml")), read("chung/tuy-chon.yaml", readFile(t, "templates/chung/tuy-chon.yaml")))
	schema, more := shared.Schema(slug, read("kind.yaml", own))
	if found.Add(more...); len(found) > 0 {
		t.Fatal(found)
	}
	return &schema
}

func schemaOf(t testing.TB, kind string) *model.Schema {
	t.Helper()
	return schemaFrom(t, kind, readFile(t, "templates/"+kind+"/kind.yaml"))
}

// trackedSchema is that of a report with tables.
func trackedSchema(t testing.TB) *model.Schema {
	t.Helper()
	return schemaFrom(t, "bao-cao-quy", []byte("ten: Báo cáo quý\nten_loai: Báo cáo\nviet_tat: BC\nbo: [noi_dung]\n"+
		"dung: [ky_bao_cao, ngay_chot, nguong_giai_ngan, chi_dao, nhiem_vu, kien_nghi, cu_tri, giai_ngan, lich_lam_viec]\n"))
}
