package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vanthu/internal/pgtest"
	"vanthu/internal/store"
)

// row is one of a table, its values by column.
type row map[string]any

// TestUpgradeLosesNothing takes over what former programs left: below testdata/upgrade there is, by the version of its tables, the data
// folder of an office (nha.zip) and the backup that the same program made of it (sao-luu.zip).
func TestUpgradeLosesNothing(t *testing.T) {
	former, err := filepath.Abs("testdata/upgrade")
	if err != nil {
		t.Fatal(err)
	}
	versions := glob(t, "testdata/upgrade/*")
	if len(versions) == 0 {
		t.Fatal("nothing of former programs")
	}
	for _, version := range versions {
		t.Run(filepath.Base(version), func(t *testing.T) {
			lay(t, nil)
			backup := filepath.Join(former, filepath.Base(version), "sao-luu.zip")
			was := unpack(t, backup)
			before := tablesIn(was)
			if len(before) < 10 {
				t.Fatalf("the old backup has the tables %v", before)
			}

			t.Run("the folder", func(t *testing.T) {
				if err := os.CopyFS("nha", unpack(t, filepath.Join(former, filepath.Base(version), "nha.zip"))); err != nil {
					t.Fatal(err)
				}
				all := tablesOf(t, "nha/vanthu.db")
				must(t, "backup", "--data", "nha", "-o", "sau.zip")
				holdsRows(t, all, tablesOf(t, "nha/vanthu.db"))
				holdsBackup(t, was, unpack(t, "sau.zip"))
				goesOn(t, "nha")
			})
			t.Run("the backup", func(t *testing.T) {
				must(t, "restore", backup, "--data", "moi")
				must(t, "backup", "--data", "moi", "-o", "moi.zip")
				holdsBackup(t, was, unpack(t, "moi.zip"))
				goesOn(t, "moi")
			})
			t.Run("the backup to PostgreSQL", func(t *testing.T) {
				at := []string{"--db", pgtest.Schema(t), "--files", "tep"}
				must(t, append([]string{"restore", backup}, at...)...)
				must(t, append([]string{"backup", "-o", "pg.zip"}, at...)...)
				holdsBackup(t, was, unpack(t, "pg.zip"))
			})
		})
	}
}

// unpack opens a ZIP file.
func unpack(t *testing.T, path string) *zip.Reader {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// tablesOf reads every table of an SQLite file that is not the queue's or the migrations' own, as it is there.
func tablesOf(t *testing.T, path string) map[string][]row {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	query := func(query string) (found []row) {
		rows, err := db.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values, places := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				places[i] = &values[i]
			}
			if err := rows.Scan(places...); err != nil {
				t.Fatal(err)
			}
			one := row{}
			for i, column := range columns {
				one[column] = values[i]
			}
			found = append(found, one)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return found
	}
	tables := map[string][]row{}
	for _, table := range query(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'`) {
		name := table["name"].(string)
		tables[name] = query(`SELECT * FROM ` + name + ` ORDER BY 1, 2`)
	}
	return tables
}

// tablesIn lists the tables of a backup.
func tablesIn(backup *zip.Reader) (names []string) {
	for _, file := range backup.File {
		if name, found := strings.CutPrefix(file.Name, "tables/"); found {
			names = append(names, strings.TrimSuffix(name, ".jsonl"))
		}
	}
	return names
}

// rowsIn reads a table of a backup.
func rowsIn(t *testing.T, backup *zip.Reader, table string) (rows []row) {
	t.Helper()
	file, err := backup.Open("tables/" + table + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	decoder := json.NewDecoder(bufio.NewReader(file))
	for {
		var one row
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			return rows
		} else if err != nil {
			t.Fatal(table, err)
		}
		rows = append(rows, one)
	}
}

// holdsRows fails unless every row that was is there, with every value. There may be more columns and tables.
func holdsRows(t *testing.T, before, after map[string][]row) {
	t.Helper()
	for table, was := range before {
		is := after[table]
		if len(is) != len(was) {
			t.Errorf("table %s had %d rows and has %d", table, len(was), len(is))
			continue
		}
		for i, old := range was {
			for column, value := range old {
				if fmt.Sprint(is[i][column]) != fmt.Sprint(value) {
					t.Errorf("table %s, row %d: %s was %v and is %v", table, i+1, column, value, is[i][column])
				}
			}
		}
	}
}

// holdsBackup fails unless a backup has all that a former one has, its files byte for byte.
func holdsBackup(t *testing.T, before, after *zip.Reader) {
	t.Helper()
	was, is := map[string][]row{}, map[string][]row{}
	for _, table := range tablesIn(before) {
		was[table], is[table] = rowsIn(t, before, table), rowsIn(t, after, table)
	}
	holdsRows(t, was, is)
	files := 0
	for _, file := range before.File {
		if !strings.HasPrefix(file.Name, "files/") {
			continue
		}
		files++
		old, err := fs.ReadFile(before, file.Name)
		if err != nil {
			t.Fatal(err)
		}
		if now, err := fs.ReadFile(after, file.Name); err != nil || !bytes.Equal(now, old) {
			t.Errorf("%s: %v, %d bytes where there were %d", file.Name, err, len(now), len(old))
		}
	}
	if files == 0 {
		t.Error("the former backup has no files")
	}
}

// goesOn wants the clerk of the old data to log in and find the work, and the next number to be the one after the last.
func goesOn(t *testing.T, data string) {
	t.Helper()
	list, _ := must(t, "number", "list", "--db", data)
	says(t, list, "01/KH-HĐND", "02/KH-HĐND", "03/KH-HĐND", "05/KH-HĐND", "01/BC-HĐND")
	next, _ := must(t, "number", "next", "ke-hoach", "--db", data, "--nam", "2026", "--co-quan", "HỘI ĐỒNG NHÂN DÂN XÃ VĨNH AM")
	says(t, next, "06")
	if err := logIn(t, data, "lan.tran", secret); err != nil {
		t.Error(err)
	}
	address, stop := serve(t, "--data", data) // the queue is brought up to date too
	defer stop()
	client := browser(nil)
	answer, err := client.PostForm("http://"+address+"/dang-nhap", map[string][]string{"ten": {"lan.tran"}, "mat_khau": {secret}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	for page, want := range map[string]string{
		"/":             "Giám sát việc thực hiện Nghị quyết số 57-NQ/TW",
		"/so-dang-ky":   "Văn bản không ban hành",
		"/lo":           "đầu năm",
		"/mau/ke-hoach": "chữ to hơn",
		"/don-vi":       "Vũ Đình Thắng",
		"/nguoi-dung":   "Lê Thị Bình",
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+page, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, cookie := range answer.Cookies() {
			request.AddCookie(cookie)
		}
		answer, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		shown, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(shown), want) {
			t.Errorf("%s: %d, %v, without %q", page, answer.StatusCode, err, want)
		}
	}
}

// TestDataOfANewerProgram is refused in words, and left as it is.
func TestDataOfANewerProgram(t *testing.T) {
	places := map[string]func(t *testing.T) (place, driver, address string){
		"folder":     func(*testing.T) (string, string, string) { return "nha", "sqlite", "nha/vanthu.db" },
		"PostgreSQL": func(t *testing.T) (string, string, string) { place := pgtest.Schema(t); return place, "pgx", place },
	}
	for name, at := range places {
		t.Run(name, func(t *testing.T) {
			place, driver, address := at(t)
			lay(t, map[string]string{"a.yaml": plan})
			must(t, "render", "a.yaml", "-o", "ra", "--so-dang-ky", place)
			db, err := sql.Open(driver, address)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec(fmt.Sprintf(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, TRUE)`, store.Schema+1)); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{
				{"number", "list", "--db", place},
				{"serve", "--db", place, "--files", "tep"},
				{"render", "a.yaml", "-o", "ra", "--so-dang-ky", place},
				{"backup", "--db", place, "--files", "ra", "-o", "x.zip"},
			} {
				code, stdout, stderr := try(t, args...)
				if code != exitFault || stdout != "" {
					t.Errorf("%q: exit code %d, printed %q", args, code, stdout)
				}
				says(t, stderr, "Dữ liệu do một bản vanthu mới hơn ghi", "Hãy cài bản vanthu mới nhất")
			}
		})
	}
}
