package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// house is the policy: the rooms that each package may import. A package that is not named here may not exist. Do not change a line
// to make a build pass; change it when the architecture changes (internal/docs/architecture.md).
var house = map[string][]string{
	// Ground floor: no input or output, no opinions.
	"internal/geom":       {},
	"internal/diag":       {},
	"internal/vi":         {"lazyregexp"},
	"internal/nd30":       {"geom", "lazyregexp"},
	"internal/parallel":   {},
	"internal/archive":    {},
	"internal/lazyregexp": {},

	// Modules of their own, which go.mod puts in the place of what gin imports and nothing here calls.
	"internal/unlinked/quic/http3": {},
	"internal/unlinked/bson/bson":  {},
	"internal/unlinked/toml":       {},
	"internal/unlinked/yaml":       {},

	// Nouns.
	"internal/model": {"diag", "vi", "nd30", "lazyregexp"},
	"internal/flow":  {"geom"},
	"internal/page":  {"geom", "flow"},

	// Instruments: what reads a package and what measures text, shared by verbs.
	"internal/ooxml": {"archive"},
	"internal/xlsx":  {"ooxml", "lazyregexp"},
	"internal/font":  {"geom"},

	// Verbs: none imports another.
	"internal/source": {"diag", "vi", "nd30", "model", "archive", "ooxml", "xlsx", "lazyregexp"},
	"internal/typed":  {"diag", "vi", "nd30", "model", "lazyregexp"},
	"internal/kind":   {"diag", "vi", "model"},
	"internal/fill":   {"diag", "geom", "vi", "model", "flow", "ooxml", "font", "archive"},
	"internal/wml":    {"diag", "geom", "vi", "flow", "ooxml"},
	"internal/layout": {"diag", "geom", "flow", "page", "font"},
	"internal/pdf":    {"geom", "flow", "page", "font"},
	"internal/svg":    {"geom", "flow", "page", "font"},
	"internal/check":  {"diag", "vi", "nd30", "flow", "lazyregexp"},
	"internal/tally":  {"diag", "vi", "model", "lazyregexp"},
	"internal/sheet":  {"vi", "nd30", "model", "archive", "lazyregexp"},

	// Upper floor.
	"internal/store": {"vi", "nd30"},
	"internal/files": {},
	"internal/office": {
		"diag", "vi", "model", "font", "source", "kind", "fill", "wml", "layout", "tally", "sheet", "store", "files", "../fonts", "../templates",
	},
	"internal/register":      {"diag", "vi", "model", "source", "sheet", "office", "register/book", "store", "lazyregexp"},
	"internal/register/book": {"diag", "vi", "model", "source", "lazyregexp"},
	"internal/maker": {
		"diag", "parallel", "vi", "nd30", "model", "flow", "source", "typed", "fill", "wml", "layout", "pdf", "svg", "check", "tally", "sheet", "office", "register",
	},
	"internal/desk":              {"archive", "diag", "model", "source", "office", "register", "maker", "store", "files"},
	"internal/backup":            {"diag", "archive", "store", "files"},
	"internal/services":          {"diag", "office", "register", "maker", "desk"},
	"internal/account":           {"diag", "vi", "store", "lazyregexp"},
	"internal/job":               {"diag", "parallel", "vi", "maker", "store", "files", "archive", "lazyregexp"},
	"internal/web":               {"account", "archive", "desk", "diag", "job", "lazyregexp", "maker", "services", "store", "vi"},
	"internal/web/api":           {"account", "job", "lazyregexp", "maker", "store", "web"},
	"internal/web/desk":          {"account", "desk", "diag", "lazyregexp", "maker", "model", "office", "register", "store", "vi", "web"},
	"internal/web/desk/compose":  {"account", "desk", "diag", "lazyregexp", "maker", "model", "office", "register", "store", "vi", "web", "web/desk"},
	"internal/web/desk/register": {"account", "diag", "model", "office", "register", "store", "vi", "web", "web/desk"},
	"internal/web/desk/batch":    {"account", "desk", "diag", "job", "lazyregexp", "maker", "office", "register", "store", "vi", "web", "web/desk"},
	"internal/web/desk/office":   {"account", "diag", "maker", "office", "store", "vi", "web", "web/desk"},
	"internal/web/site":          {"web", "web/api", "web/desk", "web/desk/batch", "web/desk/compose", "web/desk/office", "web/desk/register"},

	// Of tests.
	"internal/testenv": {},
	"internal/testenv/left-out-unless-VANTHU_TEST-is-full.postgresql-s3-chromium-libreoffice-wine-killed-processes-every-kind": {}, // its path is its message
	"internal/officetest": {"archive", "diag", "files", "maker", "services", "store", "wml"},
	"internal/pgtest":     {"testenv"},
	"internal/e2e":        {}, // in a browser

	"cmd/vanthu":      {"diag", "parallel", "office", "register", "maker", "services", "backup", "account", "job", "web", "web/site", "store", "files", "archive", "lazyregexp", "vi"},
	"samples/tao-mau": {"vi"},
	"fonts":           {},
	"templates":       {},
}

// strangers is where each third party may be imported, tests aside. The standard library is welcome everywhere, except what is named here.
var strangers = map[string][]string{
	"archive/zip":                         {"internal/archive", "samples/tao-mau"},
	"codeberg.org/go-pdf/fpdf":            {"internal/pdf"},
	"github.com/gin-gonic/gin":            {"internal/web", "internal/web/api", "internal/web/desk", "internal/web/desk/compose", "internal/web/desk/register", "internal/web/desk/batch", "internal/web/desk/office"},
	"github.com/klauspost/compress":       {"internal/archive", "internal/pdf"},
	"github.com/nguyenthenguyen/docx":     {"internal/fill"},
	"github.com/shopspring/decimal":       {"internal/vi", "internal/model", "internal/tally"},
	"github.com/spf13/cobra":              {"cmd/vanthu"},
	"github.com/spf13/pflag":              {"cmd/vanthu"},
	"github.com/kardianos/service":        {"cmd/vanthu"},
	"golang.org/x/sys":                    {"cmd/vanthu"},
	"github.com/xuri/excelize/v2":         {"internal/officetest", "internal/source", "internal/sheet", "samples/tao-mau"},
	"go.yaml.in/yaml/v3":                  {"internal/source", "internal/web/api"},
	"github.com/jackc/pgx/v5":             {"internal/store", "internal/job", "internal/pgtest"},
	"github.com/minio/minio-go/v7":        {"internal/files"},
	"github.com/prometheus/client_golang": {"internal/web"},
	"github.com/riverqueue/river":         {"internal/job"},
	"riverqueue.com/riverui":              {"internal/job"},
	"github.com/schollz/progressbar/v3":   {"cmd/vanthu"},
	"github.com/pressly/goose/v3":         {"internal/store"},
	"modernc.org/sqlite":                  {"internal/store"},
	"golang.org/x/crypto":                 {"internal/account"},
	"golang.org/x/image":                  {"internal/font"},
	"golang.org/x/sync":                   {"internal/account", "internal/job"},
	"golang.org/x/term":                   {"cmd/vanthu"},
	"golang.org/x/text":                   {"internal/vi"},
	"go.opentelemetry.io/otel":            {"internal/web", "cmd/vanthu"},
	"go.opentelemetry.io/proto/otlp":      {"cmd/vanthu"},
	"google.golang.org/protobuf":          {"cmd/vanthu"},
	"go.opentelemetry.io/contrib":         {"internal/web"},
}

// Limits of what one can keep in mind: of a file, and without tests of a package and of a type.
const (
	maxLines        = 500 // of a file
	maxPackageLines = 5_000
	maxMethods      = 50 // of a type
)

// TestHouse reads the imports of every file and holds them against the policy.
func TestHouse(t *testing.T) {
	seen := map[string]bool{}
	walk(t, func(path string) {
		room := filepath.ToSlash(filepath.Dir(path))
		if room == "internal" {
			return
		}
		allowed, known := house[room]
		if !known {
			t.Errorf("%s: package %s has no line in the house policy", path, room)
			return
		}
		seen[room] = true
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, imported := range imports(t, path) {
			inner, ours := strings.CutPrefix(imported, "vanthu/")
			switch {
			case ours:
				name := strings.TrimPrefix(inner, "internal/")
				if name == inner {
					name = "../" + inner
				}
				if !slices.Contains(allowed, name) {
					t.Errorf("%s imports %s, which %s may not", path, inner, room)
				}
			case strings.Contains(strings.Split(imported, "/")[0], "."), strangers[imported] != nil:
				if !slices.Contains(strangers[module(imported)], room) {
					t.Errorf("%s imports %s, which %s may not", path, imported, room)
				}
			}
		}
	})
	for room := range house {
		if !seen[room] {
			t.Errorf("the house policy names %s, which does not exist", room)
		}
	}
}

// TestFilesAreShort keeps every file of code readable in one sitting.
func TestFilesAreShort(t *testing.T) {
	walk(t, func(path string) {
		data, err := os.ReadFile(filepath.Join("..", path))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(data), "\n"); n > maxLines {
			t.Errorf("%s has %d lines, at most %d", path, n, maxLines)
		}
	})
}

// overgrown are the types that have more methods than they may and wait to be cut, with how many. Numbers here only go down.
var overgrown = map[string]int{
	"internal/store.Store": 103,
	"internal/wml.reader":  86,
}

// TestPackagesAreSmall keeps every package to one job, and every type.
func TestPackagesAreSmall(t *testing.T) {
	lines, methods := map[string]int{}, map[string]int{} // by package; by package and type
	walk(t, func(path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		data, err := os.ReadFile(filepath.Join("..", path))
		if err != nil {
			t.Fatal(err)
		}
		room := filepath.ToSlash(filepath.Dir(path))
		lines[room] += strings.Count(string(data), "\n")
		file, err := parser.ParseFile(token.NewFileSet(), path, data, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range file.Decls {
			if f, ok := declared.(*ast.FuncDecl); ok && f.Recv != nil {
				methods[room+"."+receiver(f.Recv.List[0].Type)]++
			}
		}
	})
	for room, n := range lines {
		if n > maxPackageLines {
			t.Errorf("package %s has %d lines without tests, at most %d", room, n, maxPackageLines)
		}
	}
	for name, n := range methods {
		if most := max(maxMethods, overgrown[name]); n > most {
			t.Errorf("%s has %d methods, at most %d", name, n, most)
		}
	}
	for name, n := range overgrown {
		if methods[name] < n {
			t.Errorf("%s has %d methods and no longer %d: say so here", name, methods[name], n)
		}
	}
}

// receiver returns the name of the type of a receiver, without its pointer and its parameters.
func receiver(of ast.Expr) string {
	switch of := of.(type) {
	case *ast.StarExpr:
		return receiver(of.X)
	case *ast.IndexExpr:
		return receiver(of.X)
	case *ast.IndexListExpr:
		return receiver(of.X)
	case *ast.Ident:
		return of.Name
	}
	return ""
}

// TestTopLevel keeps the first look at the project short.
func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"cmd", "templates", "fonts", "internal", "samples", "go.mod", "go.sum", "README.md", "out", "vanthu"}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s stands at the top level", e.Name())
		}
	}
}

// skips is how a test leaves something out behind the back of testenv.
var skips = regexp.MustCompile(`testing\.Short\(|\b(t|tb|b|f)\.Skip(f|Now)?\(`)

// TestRings lets testenv alone decide which tests run.
func TestRings(t *testing.T) {
	walk(t, func(path string) {
		data, err := os.ReadFile(filepath.Join("..", path))
		if err != nil {
			t.Fatal(err)
		}
		exempt := strings.HasPrefix(path, "internal/testenv/") || path == "internal/house_test.go"
		if found := skips.Find(data); found != nil && !exempt {
			t.Errorf("%s: %s; ask internal/testenv instead", path, found)
		}
	})
}

// walk visits the Go files of the module by their path from its root.
func walk(t *testing.T, visit func(path string)) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel("..", path)
		if d.IsDir() && rel != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(path, ".go") {
			visit(rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func imports(t *testing.T, path string) (paths []string) {
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", path), nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, imported)
	}
	return paths
}

// module returns the longest key of strangers that an import path begins with.
func module(imported string) (found string) {
	for name := range strangers {
		if (imported == name || strings.HasPrefix(imported, name+"/")) && len(name) > len(found) {
			found = name
		}
	}
	return found
}
