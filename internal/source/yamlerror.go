package source

import (
	"slices"
	"strconv"
	"strings"

	"vanthu/internal/diag"
)

// mistake is what a person most likely did when the parser says one of some phrases, and what to type instead.
type mistake struct {
	says       []string
	what, hint string
}

var (
	indentedByTab = mistake{what: "dòng này thụt vào bằng phím Tab", hint: "thụt vào bằng dấu cách, mỗi cấp hai dấu cách"}
	colonInValue  = mistake{
		what: "giá trị có dấu hai chấm nên máy hiểu là một khóa nữa",
		hint: "đặt giá trị trong dấu nháy kép, ví dụ: trich_yeu: \"Kế hoạch: năm 2026\"",
	}
	textAfterQuotes = mistake{
		what: "sau giá trị trong dấu nháy còn chữ nữa",
		hint: "đặt cả giá trị trong dấu nháy đơn, ví dụ: 'Phong trào \"Dân vận khéo\" năm 2026'",
	}
	textAfterBrackets = mistake{
		what: "sau dấu ] hoặc } còn chữ nữa",
		hint: "nếu dấu ngoặc là chữ của văn bản, đặt cả dòng trong dấu nháy kép",
	}
	openBracket = mistake{
		what: "dấu [ hoặc { mở ra mà không đóng lại",
		hint: "thêm dấu ] hoặc }; nếu là chữ của văn bản, đặt cả dòng trong dấu nháy kép",
	}
	noSpaceAfterColon = mistake{what: "sau dấu hai chấm của khóa thiếu dấu cách", hint: "thêm một dấu cách, ví dụ “so: 01”"}
)

var mistakes = []mistake{
	{[]string{"tab character"}, indentedByTab.what, indentedByTab.hint},
	{
		[]string{"end of stream", "document indicator"},
		"dấu nháy mở ra mà không đóng lại",
		"thêm dấu nháy ở cuối; dấu nháy kép bên trong viết là \\\"",
	},
	{
		[]string{"escape", "hexdecimal"},
		"dấu \\ trong dấu nháy kép có nghĩa riêng",
		"viết dấu \\ hai lần, hoặc đặt giá trị trong dấu nháy đơn",
	},
	{[]string{"',' or"}, openBracket.what, openBracket.hint},
	{
		[]string{"comment or line break", "indentation indicator"},
		"sau dấu | hoặc > ở đầu giá trị còn chữ nữa",
		"xuống dòng rồi mới viết nội dung; nếu dấu ấy là chữ của văn bản, đặt cả dòng trong dấu nháy kép",
	},
	{
		[]string{"start any token", "directive", "mapping keys", "node content"},
		"giá trị bắt đầu bằng một dấu có nghĩa riêng trong YAML",
		"đặt giá trị trong dấu nháy kép, ví dụ: \"@abc\"",
	},
	{[]string{"sequence entries"}, "mục của danh sách phải ở dòng riêng", "xuống dòng sau dấu hai chấm rồi viết “- …”"},
	{
		[]string{"mapping values"},
		"dòng này thụt vào không khớp với dòng trên",
		"các khóa cùng cấp bắt đầu ở cùng một cột; nội dung nhiều dòng viết sau “khóa: |”",
	},
	{[]string{"expected ':'"}, "dòng này không có dạng “khóa: giá trị”", "thêm dấu hai chấm và một dấu cách sau khóa; " +
		"nếu là phần tiếp của dòng trên, thụt vào hai dấu cách; nội dung nhiều dòng viết sau “khóa: |”"},
	{
		[]string{"expected key", "expected '-'", "document start"},
		"dòng này không cùng cấp với các dòng trên",
		"các khóa, các dấu - cùng cấp bắt đầu ở cùng một cột; nội dung dưới “khóa: |” thụt vào đều nhau",
	},
	{
		[]string{""},
		"dòng này viết chưa đúng",
		"viết mỗi mục một dòng dạng “khóa: giá trị”; giá trị có dấu đặc biệt đặt trong dấu nháy kép",
	},
}

// complainOf turns an error of the parser into a finding. The parser speaks English and of its own insides ("yaml: line 3: did not
// find expected key"), so the line itself is looked at as well.
func (y *yamlReader) complainOf(err error) {
	line, problem := y.lineOf(err)
	typed := y.lines[line]
	switch {
	case strings.Contains(problem, "exceeded max depth"):
		y.complainOfDepth(line, 0)
		return
	case says(problem, "unknown anchor", "alphabetic or numeric", "scanning a tag", "tag URI", "tag handle", "expected '!'", "expected '>'"):
		if at := strings.IndexAny(typed, "&*!"); at >= 0 {
			y.complainOfMark(typed[at:at+1], line, 0)
			return
		}
	case says(problem, "mapping values", "expected ':'") && strings.Count(y.lines[line-1], ":") == 1 && colons(y.lines[line-1]) == 0:
		line-- // "so:01" is seen only when the next key comes
	}
	m := explain(problem, y.lines[line])
	y.complain(diag.BadYAML, line, 0, m.hint, m.what)
}

func says(problem string, phrases ...string) bool {
	return slices.ContainsFunc(phrases, func(phrase string) bool { return strings.Contains(problem, phrase) })
}

func explain(problem, typed string) mistake {
	value := strings.TrimLeft(typed, " -")
	if _, after, found := strings.Cut(value, ": "); found && strings.IndexAny(value, quotes) != 0 {
		value = strings.TrimLeft(after, " ")
	}
	switch misplaced := says(problem, "expected key", "expected '-'", "document start"); {
	case hasTabIndent(typed):
		return indentedByTab
	case says(problem, "mapping values") && colons(typed) > 1:
		return colonInValue
	case says(problem, "mapping values", "expected ':'") && colons(typed) == 0 && strings.Contains(typed, ":"):
		return noSpaceAfterColon
	case says(problem, "node content") && strings.IndexAny(value, "]},") != 0:
		return openBracket
	case misplaced && strings.IndexAny(value, quotes) == 0:
		return textAfterQuotes
	case misplaced && strings.IndexAny(value, "[{") == 0:
		return textAfterBrackets
	}
	return mistakes[slices.IndexFunc(mistakes, func(m mistake) bool { return says(problem, m.says...) })]
}

const quotes = `"'`

// colons counts those that end a key.
func colons(line string) int { return strings.Count(line, ": ") + strings.Count(line, ":\n") }

func hasTabIndent(line string) bool {
	return strings.Contains(line[:len(line)-len(strings.TrimLeft(line, " \t"))], "\t")
}

// lineOf takes an error of the parser apart and gives a line of the file.
func (y *yamlReader) lineOf(err error) (line int, problem string) {
	problem = strings.TrimPrefix(err.Error(), "yaml: ")
	if at, after, found := strings.Cut(strings.TrimPrefix(problem, "line "), ": "); found {
		if n, err := strconv.Atoi(at); err == nil {
			line, problem = n, after
		}
	}
	switch {
	case line == 0, says(problem, "expected key", "expected '-'"): // the line told, if any, is that of the whole group
		line = y.stop(err)
	case says(problem, "tab character"): // the line told is that of the text above
		line = max(line-1, 1)
		if i := slices.IndexFunc(y.lines[min(line, len(y.lines)):], hasTabIndent); i >= 0 {
			line += i
		}
	case !says(problem, "',' or", "node content", "document start", "tag handle"): // these count from 0, all others from 1
		line--
	}
	return min(max(line, 1), len(y.lines)-1), problem
}

// stop is the line at which the parser stopped. It reads on to see where a text ends, so lines are taken away from the end for as
// long as it complains of the same.
func (y *yamlReader) stop(complaint error) int {
	last := y.taken - 1
	for budget := 1 << 20; last > 1; { // bytes to parse again; in a large file the line below is near enough
		if strings.TrimSpace(y.lines[last]) == "" {
			last--
			continue
		}
		shorter := &yamlReader{reader: y.reader, lines: y.lines[:last]}
		for _, line := range shorter.lines {
			budget -= len(line)
		}
		if budget < 0 {
			break
		}
		if _, _, err := shorter.parse(); err == nil || err.Error() != complaint.Error() {
			break
		}
		last = shorter.taken - 1
	}
	return last
}
