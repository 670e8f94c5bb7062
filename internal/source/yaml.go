package source

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// readYAML reads the part of YAML that a data file needs: one document of groups, lists and text. Anchors, aliases, merge keys and
// tags are refused, so nothing can grow beyond what was typed.
func (r *reader) readYAML(text string) (model.Node, bool) {
	file := r.parseYAML(text)
	if file == nil {
		return model.Node{}, false
	}
	var bodies []ast.Node
	for _, document := range file.Docs {
		if document.Body != nil && document.Body.Type() != ast.CommentType {
			bodies = append(bodies, document.Body)
		}
	}
	switch len(bodies) {
	case 0:
		r.complain("empty-file", 0, 0, "điền dữ liệu vào tệp rồi làm lại", "tệp không có nội dung")
		return model.Node{}, false
	case 1:
		return r.node(bodies[0], bodies[0].GetToken()), true
	default:
		r.complain("many-documents", start(bodies[1]).Line, 0, "tách mỗi văn bản ra một tệp, bỏ dòng ---",
			"tệp có nhiều phần ngăn bởi dấu ---")
		return model.Node{}, false
	}
}

// parseYAML gives the parser's tree, or nil when it complained.
func (r *reader) parseYAML(text string) (file *ast.File) {
	defer func() {
		if recover() != nil { // the parser has faults on input that is no YAML at all
			r.complain("bad-yaml", 0, 0, "so tệp với mẫu điền sẵn của loại văn bản này", "không đọc được tệp YAML")
			file = nil
		}
	}()
	tokens := lexer.Tokenize(text)
	if !r.bounded(tokens) {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.badYAML(text, err)
		return nil
	}
	return file
}

// bounded checks the limits before the parser, whose stack and time they guard.
func (r *reader) bounded(tokens token.Tokens) bool {
	if len(tokens) > MaxTokens {
		r.complain("too-many-entries", 0, 0, "chia dữ liệu thành nhiều tệp", "tệp có quá nhiều mục")
		return false
	}
	brackets := 0
	var columns []int // of the keys and dashes that are open
	for _, t := range tokens {
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			brackets++
		case token.MappingEndType, token.SequenceEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType, token.MappingValueType:
			for len(columns) > 0 && columns[len(columns)-1] >= t.Position.Column {
				columns = columns[:len(columns)-1]
			}
			columns = append(columns, t.Position.Column)
		}
		if brackets > MaxDepth || len(columns) > MaxDepth {
			r.complain("too-deep", t.Position.Line, t.Position.Column, "bớt các lớp lồng nhau", "dữ liệu lồng nhau quá sâu")
			return false
		}
	}
	return true
}

// start is the place of the first letter of a node.
func start(n ast.Node) *token.Position {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return start(n.Values[0])
		}
	case *ast.MappingValueNode:
		return start(n.Key)
	}
	return n.GetToken().Position
}

// node turns a tree of the parser into ours. at is the token that the value follows, for values whose own place is not told.
func (r *reader) node(n ast.Node, at *token.Token) model.Node {
	if n == nil {
		return model.Node{Place: r.place(at.Position.Line, 0)}
	}
	pos := start(n)
	node := model.Node{Place: r.place(pos.Line, pos.Column)}
	switch n := n.(type) {
	case *ast.NullNode:
	case *ast.MappingNode:
		node.Shape = model.Group
		for _, value := range n.Values {
			node.Fields = append(node.Fields, r.field(value))
		}
	case *ast.MappingValueNode:
		node.Shape = model.Group
		node.Fields = []model.Field{r.field(n)}
	case *ast.SequenceNode:
		node.Shape = model.List
		for i, value := range n.Values {
			item := r.node(value, n.GetToken())
			if !n.IsFlowStyle && i < len(n.Entries) && item.Shape == model.Scalar {
				if dash := n.Entries[i].Start.Position; item.Place.Line != dash.Line { // text over several lines
					item.Place.Line, item.Place.Column = dash.Line, 0
				}
			}
			node.Items = append(node.Items, item)
		}
	case *ast.LiteralNode:
		node.Shape, node.Text = model.Scalar, lines(n.Value.Value)
		node.Block = strings.HasPrefix(n.Start.Value, "|")
	case *ast.StringNode:
		node.Shape, node.Text = model.Scalar, lines(n.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		node.Shape, node.Text = model.Scalar, n.GetToken().Value
	default:
		mark := markOf(n)
		r.complain("yaml-mark", pos.Line, pos.Column,
			fmt.Sprintf("nếu dấu %s là chữ của văn bản, đặt cả dòng chữ trong dấu nháy kép", mark),
			fmt.Sprintf("dấu %s ở đầu giá trị có nghĩa riêng trong YAML và không được dùng", mark))
	}
	return node
}

// markOf is the first character of a node that is refused: & * ! or <<.
func markOf(n ast.Node) string {
	return "“" + vi.NFC(strings.TrimSpace(n.GetToken().Value)) + "”"
}

func (r *reader) field(n *ast.MappingValueNode) model.Field {
	pos := start(n.Key)
	field := model.Field{Place: r.place(pos.Line, pos.Column)}
	switch key := n.Key.(type) {
	case *ast.StringNode:
		field.Key = vi.NFC(key.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		field.Key = key.GetToken().Value
	default:
		r.complain("yaml-key", pos.Line, pos.Column, "viết khóa là một từ, ví dụ “trich_yeu:”",
			"khóa viết theo cách không được dùng")
	}
	field.Value = r.node(n.Value, n.Key.GetToken())
	return field
}
