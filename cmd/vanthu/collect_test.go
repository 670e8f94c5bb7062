package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vanthu/internal/files"
	"vanthu/internal/job"
	"vanthu/internal/store"
)

// TestBatchWithSharedFilesCleansUp leaves in the folder of results what a batch without shared files leaves: of a document that has another
// name now, no file of the old name but what a person changed.
func TestBatchWithSharedFilesCleansUp(t *testing.T) {
	lay(t, units())
	shared := []string{"batch", "vao", "-o", "ra", "--db", "chung", "--files", "tep"}
	alone := []string{"batch", "vao", "-o", "rieng"}
	for _, args := range [][]string{shared, alone} {
		if code, _, stderr := try(t, args...); code != exitFindings {
			t.Fatalf("exit code %d\n%s", code, stderr)
		}
	}
	mine := filepath.Join("xa-binh", stem2+".docx")
	for _, folder := range []string{"ra", "rieng"} {
		write(t, filepath.Join(folder, mine), "của tôi")
	}
	write(t, "vao/xa-an.yaml", strings.Replace(matter, "Tổng vệ sinh", "Trồng cây", 1))
	for _, args := range [][]string{shared, alone} {
		if code, _, stderr := try(t, args...); code != exitFindings {
			t.Fatalf("exit code %d\n%s", code, stderr)
		}
	}
	made, want := names(standing(t, "ra")), names(standing(t, "rieng"))
	if !slices.Equal(made, want) || len(glob(t, "ra/xa-an/*")) != 2 {
		t.Errorf("with shared files %q, without %q", made, want)
	}
	if data, _ := os.ReadFile(filepath.Join("ra", mine)); string(data) != "của tôi" {
		t.Error("the file that a person changed is gone")
	}
	// a document whose data are refused keeps its files
	write(t, "vao/xa-an.yaml", strings.Replace(matter, "27/3/2026", "30/02/2026", 1))
	try(t, shared...)
	if left := glob(t, "ra/xa-an/*"); len(left) != 2 {
		t.Errorf("left %q", left)
	}
}

// TestCopyingThatWasKilled takes what it copied itself for its own, also where it was killed before it could say so.
func TestCopyingThatWasKilled(t *testing.T) {
	ctx := t.Context()
	from, err := files.Open(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	put := func(name, data string) {
		if err := files.Write(ctx, from, "lo/x/"+name, []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	entry := func(data string) []job.Entry {
		return []job.Entry{{Files: []store.StoredFile{{Name: "lo/x/a/van-ban.docx", Hash: digest([]byte(data))}}}}
	}
	put("danh-muc.csv", "1")
	put("danh-muc.json", "1")
	put("a/van-ban.docx", "first")
	to := t.TempDir()
	note := filepath.Join(t.TempDir(), "note")
	fresh := func(under files.Store) *collector {
		c := &collector{from: under, under: "lo/x/", to: to, note: note, ours: map[string][]string{}}
		if data, err := os.ReadFile(note); err == nil {
			if err := json.Unmarshal(data, &c.ours); err != nil {
				t.Fatal(err)
			}
		}
		return c
	}
	// killed in the middle: the document is there, the manifest fails
	if _, err := fresh(dying{from, map[string]bool{}}).collect(ctx, entry("first")); err == nil {
		t.Fatal("nothing failed")
	}
	path := filepath.Join(to, "a", "van-ban.docx")
	if data, _ := os.ReadFile(path); string(data) != "first" {
		t.Fatalf("there is %q", data)
	}
	put("a/van-ban.docx", "second")
	edited, err := fresh(from).collect(ctx, entry("second"))
	if data, _ := os.ReadFile(path); err != nil || len(edited) > 0 || string(data) != "second" {
		t.Errorf("%v, edited %q, there is %q", err, edited, data)
	}
	write(t, path, "của tôi")
	put("a/van-ban.docx", "third")
	edited, err = fresh(from).collect(ctx, entry("third"))
	if data, _ := os.ReadFile(path); err != nil || !slices.Equal(edited, []string{"a/van-ban.docx"}) || string(data) != "của tôi" {
		t.Errorf("%v, edited %q, there is %q", err, edited, data)
	}
}

// dying is a store from which a manifest can be read once, to see what it holds, and not again, to copy it.
type dying struct {
	files.Store
	read map[string]bool
}

func (d dying) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if d.read[name] {
		return nil, io.ErrUnexpectedEOF
	}
	d.read[name] = true
	return d.Store.Get(ctx, name)
}
