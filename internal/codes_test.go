package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestCodes keeps the list of finding codes true: each is spelled once, in kebab-case, says what it means, and is made by the program
// somewhere; and no code is made that is not in the list.
func TestCodes(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "diag/codes.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	names, values := map[string]bool{}, map[string]string{}
	for _, decl := range file.Decls {
		list, ok := decl.(*ast.GenDecl)
		if !ok || list.Tok != token.CONST {
			continue
		}
		for _, spec := range list.Specs {
			spec := spec.(*ast.ValueSpec)
			name := spec.Names[0].Name
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(value) {
				t.Errorf("%s is %q, which is not kebab-case", name, value)
			}
			if spec.Comment == nil || strings.TrimSpace(spec.Comment.Text()) == "" {
				t.Errorf("%s does not say what it means", name)
			}
			if other, twice := values[value]; twice {
				t.Errorf("%s and %s are both %q", other, name, value)
			}
			names[name], values[value] = true, name
		}
	}
	if len(names) < 200 {
		t.Fatalf("%d codes read", len(names))
	}
	made := map[string]bool{}
	walk(t, func(path string) {
		if strings.HasSuffix(path, "_test.go") || filepath.ToSlash(path) == "internal/diag/codes.go" {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", path), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if room, ok := n.X.(*ast.Ident); ok && room.Name == "diag" {
					made[n.Sel.Name] = true
				}
			case *ast.KeyValueExpr:
				key, ok := n.Key.(*ast.Ident)
				if literal, text := n.Value.(*ast.BasicLit); ok && text && key.Name == "Code" && literal.Kind == token.STRING {
					t.Errorf("%s makes the code %s, which is not in diag/codes.go by name", path, literal.Value)
				}
			}
			return true
		})
	})
	for name := range names {
		if !made[name] {
			t.Errorf("nothing makes %s", name)
		}
	}
}
