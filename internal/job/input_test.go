package job

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"vanthu/internal/diag"
	"vanthu/internal/store"
	"vanthu/internal/testenv"
)

// codes are those of findings, in their order.
func codes(found diag.Findings) (list []string) {
	for _, f := range found {
		list = append(list, string(f.Code))
	}
	return list
}

// tree is an input whose files hold nothing of interest.
func tree(names ...string) fstest.MapFS {
	all := fstest.MapFS{}
	for _, name := range names {
		all[name] = &fstest.MapFile{Data: []byte("loai: cong-van")}
	}
	return all
}

func TestWhatTheFilesOfAnInputAreFor(t *testing.T) {
	for _, test := range []struct {
		name  string
		files fstest.MapFS
		data  string // the data files, each with its profile and that of the period before
		codes []string
	}{
		{"a folder", tree("b.xlsx", "a.csv", "c/d.JSON", "c-d.yml", "đọc.docx", ".an/x.yaml", "~$b.xlsx", "__MACOSX/a.csv"), "a.csv b.xlsx c/d.JSON c-d.yml", []string{"not-data"}},
		{"a folder in a folder", tree("gửi/bài/a.csv", "gửi/bài/b.csv", "gửi/.DS_Store"), "a.csv b.csv", nil},
		{"profiles", tree("don-vi.yaml", "a.csv", "h/Don-Vi.YAML", "h/x/b.csv", "k/c.csv"), "a.csv+don-vi.yaml h/x/b.csv+h/Don-Vi.YAML k/c.csv+don-vi.yaml", nil},
		{"the period before", tree("a.csv", "h/b.csv", "Kỳ trước/a.xlsx", "Kỳ trước/h/B.csv"), "a.csv<Kỳ trước/a.xlsx h/b.csv<Kỳ trước/h/B.csv", nil},
		{"the period before alone", tree("ky-truoc/a.xlsx"), "", []string{"no-data-files"}},
		{"the period before of nobody", tree("a.csv", "ky-truoc/a.csv", "ky-truoc/b.csv"), "a.csv<ky-truoc/a.csv", []string{"previous-unused"}},
		{"accents as macOS writes them", tree("a.csv", "xa\u0303.csv", "ky-truoc/xã.csv"), "a.csv xa\u0303.csv<ky-truoc/xã.csv", nil},
		{"a summary", tree("a.csv", "Tổng hợp.xlsx", "h/tong-hop.yaml", "tong/hop.yaml"), "a.csv h/tong-hop.yaml tong/hop.yaml", nil},
		{"two summaries", tree("a.csv", "tong-hop.xlsx", "tong-hop.yaml"), "a.csv", []string{"two-files-for-one"}},
		{"two profiles", tree("a.csv", "don-vi.yaml", "DON-VI.yaml"), "a.csv+DON-VI.yaml", []string{"two-files-for-one"}},
		{"a folder named like a file", tree("a.csv/b.csv", "c.csv"), "a.csv/b.csv c.csv", nil},
		{"nothing", tree("a.docx", "b.txt"), "", []string{"not-data", "no-data-files"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			in, found, err := readInput(test.files)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, name := range in.data {
				if profile := in.profileFor(name); profile != "" {
					name += "+" + profile
				}
				if previous := in.previousOf(path.Join(strings.SplitN(name, "+", 2)[0])); previous != "" {
					name += "<" + previous
				}
				all = append(all, name)
			}
			if got := strings.Join(all, " "); got != test.data {
				t.Errorf("data files: %s\nwant        %s", got, test.data)
			}
			if got := codes(found); !slices.Equal(got, test.codes) {
				t.Errorf("findings: %v", found)
			}
		})
	}
}

func TestAnInputHasLimits(t *testing.T) {
	many := fstest.MapFS{}
	for i := range maxFiles + 1 {
		many[fmt.Sprintf("%d/%d.csv", i/1000, i)] = &fstest.MapFile{}
	}
	if _, found, err := readInput(many); err != nil || !slices.Equal(codes(found), []string{"too-many-files"}) {
		t.Error(err, found)
	}
	delete(many, "0/0.csv")
	if in, found, err := readInput(many); err != nil || len(found) > 0 || len(in.data) != maxFiles {
		t.Error(err, found)
	}
	bomb := zipOf(t)
	for i := range maxTotal/maxBytes + 1 {
		bomb.raw(&zip.FileHeader{Name: fmt.Sprint(i, ".csv"), UncompressedSize64: 1 << 62, CRC32: 1}, nil)
	}
	if _, found := bomb.read(t); !slices.Equal(codes(found), []string{"input-too-large"}) {
		t.Error(found)
	}
	crowd := zipOf(t)
	for i := range 200_000 {
		crowd.raw(&zip.FileHeader{Name: fmt.Sprint(i)}, nil)
	}
	data := crowd.bytes() // of which not even the names are read
	if from, found, err := OpenZIP(bytes.NewReader(data), int64(len(data))); err != nil || from != nil || !slices.Equal(codes(found), []string{"too-many-files"}) {
		t.Error(err, found)
	}
}

func TestLinksAndLockedFoldersAreTold(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	for _, err := range []error{
		os.WriteFile(at("a.csv"), nil, 0o644), os.Symlink("a.csv", at("b.csv")), os.Symlink("none.csv", at("c.csv")),
		os.Symlink("..", at("d")), os.Symlink("none.docx", at("e.docx")), os.Mkdir(at("f.csv"), 0o755),
	} {
		if err != nil {
			testenv.Lacks(t, "links: %v", err)
		}
	}
	in, found, err := readInput(os.DirFS(folder))
	if err != nil || strings.Join(in.data, " ") != "a.csv b.csv" {
		t.Errorf("%v, %v", in.data, err)
	}
	if got := codes(found); !slices.Equal(got, []string{"unreadable-file", "unreadable-file", "not-data"}) || found.Blocking() {
		t.Errorf("%v", found)
	}
	locked := tree("a.csv", "khoa/b.csv")
	if _, found, err := readInput(lockedFS{locked}); err != nil || !slices.Equal(codes(found), []string{"unreadable-file"}) || !found.Blocking() {
		t.Errorf("%v, %v", found, err)
	}
}

// lockedFS has folders that may not be looked into.
type lockedFS struct{ fstest.MapFS }

func (l lockedFS) Open(name string) (fs.File, error) {
	if name == "khoa" {
		return nil, fs.ErrPermission
	}
	return l.MapFS.Open(name)
}

func (l lockedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "khoa" {
		return nil, fs.ErrPermission
	}
	return l.MapFS.ReadDir(name)
}

// zipFile is a ZIP file that a test writes.
type zipFile struct {
	bytes.Buffer
	*zip.Writer
	t testing.TB
}

func zipOf(t testing.TB, names ...string) *zipFile {
	a := &zipFile{t: t}
	a.Writer = zip.NewWriter(&a.Buffer)
	for _, name := range names {
		a.add(name, []byte("loai: cong-van"))
	}
	return a
}

func (a *zipFile) add(name string, data []byte) {
	a.t.Helper()
	w, err := a.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, NonUTF8: true})
	if err == nil && !strings.HasSuffix(name, "/") {
		_, err = w.Write(data)
	}
	if err != nil {
		a.t.Fatal(err)
	}
}

// raw adds an entry as it is.
func (a *zipFile) raw(header *zip.FileHeader, packed []byte) {
	a.t.Helper()
	header.CompressedSize64 = uint64(len(packed))
	w, err := a.CreateRaw(header)
	if err == nil {
		_, err = w.Write(packed)
	}
	if err != nil {
		a.t.Fatal(err)
	}
}

func (a *zipFile) bytes() []byte {
	a.t.Helper()
	if err := a.Writer.Close(); err != nil {
		a.t.Fatal(err)
	}
	return a.Buffer.Bytes()
}

// read opens the archive and looks through it.
func (a *zipFile) read(t testing.TB) (input, diag.Findings) {
	t.Helper()
	data := a.bytes()
	from, found, err := OpenZIP(bytes.NewReader(data), int64(len(data)))
	if err != nil || found.Blocking() {
		return input{}, found
	}
	in, more, err := readInput(from)
	if err != nil {
		t.Fatal(err)
	}
	return in, append(found, more...)
}

func TestNamesInZIPFiles(t *testing.T) {
	for _, test := range []struct {
		name  string
		files []string
		data  string
		codes []string
	}{
		{"Unicode", []string{"xã.csv", "a.csv"}, "a.csv xã.csv", nil},
		{"windows-1258", []string{"x\xe3.csv", "\xf0\xf4ng.csv"}, "xă.csv đông.csv", nil},
		{"code page 437", []string{"b\xa0o c\xa0o.csv", "\xb0.csv"}, "_.csv báo cáo.csv", nil},
		{"backslashes", []string{`bài\a.csv`, `bài\h\b.csv`}, "a.csv h/b.csv", nil},
		{"absolute", []string{"/etc/a.csv", `C:\b.csv`}, "C:/b.csv etc/a.csv", nil},
		{"out of the folder", []string{"../../a.csv", "h/../../b.csv"}, "a.csv b.csv", nil},
		{"signs that nobody sees", []string{"a\x00\n.csv"}, "a__.csv", nil},
		{"folders", []string{"h/", "h/a.csv", "k/"}, "a.csv", nil},
		{"one by case", []string{"A.csv", "a.csv"}, "A.csv a.csv", nil},
		{"twice the same", []string{"a.csv", "./a.csv"}, "", []string{"duplicate-file"}},
		{"a file and a folder", []string{"a.csv", "a.csv/b.csv"}, "", []string{"duplicate-file"}},
		{"endless", []string{strings.Repeat("a/", 1000) + "a.csv"}, "", []string{"name-too-long"}},
		{"no name", []string{"", "/", ".."}, "", []string{"no-data-files"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			in, found := zipOf(t, test.files...).read(t)
			if got := strings.Join(in.data, " "); got != test.data {
				t.Errorf("data files: %s\nwant        %s", got, test.data)
			}
			if got := codes(found); !slices.Equal(got, test.codes) {
				t.Errorf("findings: %v", found)
			}
		})
	}
	cut := zipOf(t, "a.csv").bytes()
	for _, data := range [][]byte{nil, []byte("PK"), cut[:len(cut)-30], []byte("không phải tệp ZIP")} {
		if from, found, err := OpenZIP(bytes.NewReader(data), int64(len(data))); err != nil || from != nil || !slices.Equal(codes(found), []string{"bad-zip"}) {
			t.Errorf("%q: %v, %v", data, found, err)
		}
	}
}

// TestABadFileIsOneUnitsOwn gives a batch files that cannot be read, each in its own way.
func TestABadFileIsOneUnitsOwn(t *testing.T) {
	data := letter("Số 1", "12/11/2026", "nội dung").Data
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestSpeed)
	if _, err := w.Write(bytes.Repeat([]byte{' '}, 50<<20)); err != nil {
		t.Fatal(err)
	}
	w.Close()

	a := zipOf(t)
	a.add("don-vi-tot.yaml", data)
	a.add("rong.yaml", nil)
	a.add("lon.yaml", bytes.Repeat([]byte{' '}, maxBytes+2))
	a.raw(&zip.FileHeader{Name: "mat-khau.yaml", Flags: 1, Method: zip.Deflate, UncompressedSize64: 100}, []byte("không ai biết mật khẩu"))
	a.raw(&zip.FileHeader{Name: "sai-ma.yaml", UncompressedSize64: uint64(len(data)), CRC32: crc32.ChecksumIEEE(data) + 1}, data)
	a.raw(&zip.FileHeader{Name: "khai-thieu.yaml", Method: zip.Deflate, UncompressedSize64: 10, CRC32: 1}, packed.Bytes())
	a.raw(&zip.FileHeader{Name: "la.yaml", Method: 99, UncompressedSize64: 10}, []byte("cách nén lạ"))
	a.add("ca-hai.yaml", data)
	a.raw(&zip.FileHeader{Name: "ky-truoc/ca-hai.yaml", Method: 99, UncompressedSize64: 10}, []byte("cách nén lạ"))

	o := newOffice(t)
	r := o.open(t)
	r.start(t)
	all := a.bytes()
	id, _, err := r.SubmitFile(t.Context(), Order{Name: "Báo cáo 30.6", Folder: "lo/"}, "x.ZIP", bytes.NewReader(all), int64(len(all)))
	if err != nil {
		t.Fatal(err)
	}
	if status := r.await(t, id); status.Made != 1 || status.Refused != 7 || status.Total != 8 {
		t.Errorf("%+v", status)
	}
	entries, err := r.Entries(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if (e.State == store.Made) != (e.Name == "don-vi-tot") || e.Findings.Blocking() == (e.Name == "don-vi-tot") {
			t.Errorf("%s: %s %v", e.Name, e.State, e.Findings)
		}
	}
}

// TestAFileSentIsReadByItsEnding sends files whose names have points, and a ZIP file that is none.
func TestAFileSentIsReadByItsEnding(t *testing.T) {
	o := newOffice(t)
	r := o.open(t)
	r.start(t)
	send := func(name, file string, data []byte) Status {
		id, _, err := r.SubmitFile(t.Context(), Order{Name: name, Folder: OwnFolder}, file, bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		return r.await(t, id)
	}
	if status := send("Báo cáo 30.6", "Báo cáo 30.6.yaml", letter("Số 1", "12/11/2026", "nội dung").Data); status.Made != 1 {
		t.Errorf("%+v", status)
	}
	if status := send("hỏng", "hỏng.zip", []byte("PK không phải ZIP")); !slices.Equal(codes(status.Findings), []string{"bad-zip"}) {
		t.Errorf("%+v", status)
	}
	for info, err := range r.Files.List(t.Context(), uploadFolder) {
		t.Errorf("%s was left behind, %v", info.Name, err)
	}
}

func TestItemsHaveNamesOfTheirOwn(t *testing.T) {
	long := strings.Repeat("Báo cáo tổng kết công tác của Thường trực Hội đồng nhân dân/", 3)
	n := newNames()
	for _, test := range []struct{ file, unit, want string }{
		{"Xã An Bình.xlsx", "", "xa-an-binh"},
		{"xa-an-binh.csv", "", "xa-an-binh_2"},
		{"h/xa.yaml", "", "h-xa"},
		{"ds.xlsx", "Xã Vĩnh Am", "xa-vinh-am"},
		{"h/tong-hop.yaml", "", "h-tong-hop"},
		{"ds.xlsx", "Tổng hợp", "tong-hop_2"},
		{"con.csv", "", "con-1"},
		{"xa-an-binh-2.csv", "", "xa-an-binh-2"},
	} {
		if got := n.unique(test.file, test.unit); got != test.want {
			t.Errorf("%s %s is called %s, want %s", test.file, test.unit, got, test.want)
		}
	}
	a, b := n.unique(long+"xã a.csv", ""), n.unique(long+"xã b.csv", "")
	if a == b || strings.ContainsRune(a+b, '_') || len(a) > 100 {
		t.Errorf("%s\n%s", a, b)
	}
}

// TestNamesDoNotHangOnOthers adds files to an input: those whose names differ keep theirs.
func TestNamesDoNotHangOnOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.StringOf(rapid.RuneFrom([]rune("aàAb -_2/đĐ.…漢\x00")))
		all := rapid.SliceOfN(draw, 1, 12).Draw(t, "names")
		given, how := newNames(), map[string]string{}
		used := map[string]bool{}
		for _, name := range all {
			item := given.unique(name+".csv", "")
			if used[item] || item == summaryStem || !fs.ValidPath(item) || len(item) > 105 || strings.ToLower(item) != item || strings.Contains(item, "/") {
				t.Fatalf("%q is called %q", name, item)
			}
			used[item], how[name] = true, item
		}
		alone := newNames().unique(all[0]+".csv", "")
		alike := slices.ContainsFunc(all[1:], func(other string) bool { return slug(stem(other+".csv")) == slug(stem(all[0]+".csv")) })
		if !alike && how[all[0]] != alone {
			t.Fatalf("%q is called %q alone, and %q among others", all[0], alone, how[all[0]])
		}
	})
}

// FuzzInput reads generated ZIP files. Whatever is in them, names are plain paths, no two alike, and all that is read is bounded.
func FuzzInput(f *testing.F) {
	f.Add([]byte("a.csv\nky-truoc/a.csv\ndon-vi.yaml"), uint16(0), byte(0))
	f.Add([]byte("../a.csv\n\\b\xe3.xlsx\na.csv/"), uint16(60), byte(7))
	f.Add([]byte("0000"), uint16(250), byte(0x9d)) // a file that its attributes call a folder
	f.Add([]byte("x/tong-hop.yaml\nx/x.json\nx/./x.json"), uint16(20), byte(255))
	f.Fuzz(func(t *testing.T, names []byte, at uint16, bad byte) {
		a := zipOf(t, strings.Split(string(names[:min(len(names), 2000)]), "\n")...)
		data := a.bytes()
		data[int(at)%len(data)] ^= bad
		from, found, err := OpenZIP(bytes.NewReader(data), int64(len(data)))
		if err != nil || found.Blocking() {
			return
		}
		in, _, err := readInput(from)
		if err != nil {
			t.Fatal(err)
		}
		given, used := newNames(), map[string]bool{}
		for _, name := range in.data {
			if !fs.ValidPath(name) || !isData(name) {
				t.Errorf("a data file is called %q", name)
			}
			if item := given.unique(name, ""); used[item] || !fs.ValidPath(item) {
				t.Errorf("%q is called %q", name, item)
			}
			if file, err := in.read(name); err == nil && len(file.Data) > maxBytes+1 {
				t.Errorf("%q has %d bytes", name, len(file.Data))
			}
		}
	})
}

// TestOneFileIsAnInput reads back what was given.
func TestOneFileIsAnInput(t *testing.T) {
	from, err := OneFile("h/Danh sách.xlsx", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	in, found, err := readInput(from)
	if err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	file, err := from.Open(in.data[0])
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(file)
	if diff := cmp.Diff([]string{"Danh sách.xlsx", "x"}, []string{in.data[0], string(data)}); diff != "" || err != nil {
		t.Error(diff, err)
	}
}
