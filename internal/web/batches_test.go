package web

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vanthu/internal/job"
	"vanthu/internal/store"
)

// threeUnits is an input of two plans and one with errors.
func threeUnits(t *testing.T) string {
	return zipped(t, "xa-an-binh.yaml", plan, "xa-vinh-am.yaml", strings.Replace(plan, `"15"`, `"16"`, 1), "xa-hong.yaml", badPlan)
}

// decoded reads the JSON of an answer.
func decoded[T any](t *testing.T, w *httptest.ResponseRecorder) (value T) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &value); err != nil {
		t.Fatalf("%v in\n%.2000s", err, w.Body)
	}
	return value
}

// sendBatch sends a batch and gives what is answered.
func sendBatch(t *testing.T, h http.Handler, key string, b body) (*httptest.ResponseRecorder, batchProgress) {
	t.Helper()
	r := httptest.NewRequest("POST", batchesPath, bytes.NewReader(b.data))
	r.Header.Set("Content-Type", b.mediaType)
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w, decoded[batchProgress](t, w)
}

// awaitEnd asks for a batch until it has ended.
func awaitEnd(t *testing.T, h http.Handler, id string) batchProgress {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if status := decoded[batchProgress](t, send(h, "GET", batchesPath+"/"+id, body{})); ended(status.State) {
			return status
		}
	}
	t.Fatal("the batch does not end")
	return batchProgress{}
}

func TestBatch(t *testing.T) {
	s := openOffice(t)
	h := s.routes()
	w, accepted := sendBatch(t, h, "", form("data=Cuối năm 2026.zip", threeUnits(t), "format", "docx, pdf"))
	if w.Code != http.StatusAccepted || w.Header().Get("Location") != batchesPath+"/"+accepted.ID || w.Header().Get("Retry-After") == "" {
		t.Fatalf("status %d, headers %v", w.Code, w.Header())
	}
	if accepted.Name != "Cuối năm 2026" || accepted.State != store.Planning {
		t.Errorf("accepted as %+v", accepted)
	}
	start(t, s)
	done := awaitEnd(t, h, accepted.ID)
	if done.State != store.Done || done.Total != 3 || done.Made != 2 || done.Refused != 1 || done.Rate != 0 || done.Left != nil {
		t.Errorf("in the end %+v", done)
	}

	t.Run("is listed", func(t *testing.T) {
		listed := decoded[struct{ Batches []job.Status }](t, send(h, "GET", batchesPath, body{}))
		if len(listed.Batches) != 1 || listed.Batches[0].ID != accepted.ID || listed.Batches[0].Made != 2 {
			t.Errorf("listed %+v", listed)
		}
	})
	t.Run("tells of its items", func(t *testing.T) {
		for state, want := range map[string][]string{
			"": {"xa-an-binh", "xa-hong", "xa-vinh-am"}, "?state=made": {"xa-an-binh", "xa-vinh-am"}, "?state=refused": {"xa-hong"}, "?state=failed": nil,
		} {
			var names []string
			for _, item := range decoded[struct{ Items []job.Entry }](t, send(h, "GET", batchesPath+"/"+accepted.ID+"/items"+state, body{})).Items {
				names = append(names, item.Name)
			}
			if !slices.Equal(names, want) {
				t.Errorf("%q gives %q, want %q", state, names, want)
			}
		}
		if w := send(h, "GET", batchesPath+"/"+accepted.ID+"/items?state=lost", body{}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("unknown state: %d", w.Code)
		}
	})
	t.Run("gives its files", func(t *testing.T) {
		w := send(h, "GET", batchesPath+"/"+accepted.ID+"/archive", body{})
		_, params, _ := mime.ParseMediaType(strings.Replace(w.Header().Get("Content-Disposition"), `filename="Cuoi-nam-2026.zip"; `, "", 1))
		if w.Code != 200 || w.Header().Get("Content-Type") != zipType || params["filename"] != "Cuối năm 2026.zip" {
			t.Fatalf("status %d, headers %v", w.Code, w.Header())
		}
		names := namesIn(t, w.Body.Bytes())
		for ending, want := range map[string]int{".docx": 2, ".pdf": 2, ".xlsx": 0, "danh-muc.csv": 1} {
			n := 0
			for _, name := range names {
				if strings.HasSuffix(name, ending) {
					n++
				}
			}
			if n != want {
				t.Errorf("%d files %s in %q", n, ending, names)
			}
		}
	})
}

// namesIn reads every file of a ZIP file to its end, and gives their names.
func namesIn(t *testing.T, data []byte) (names []string) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.File {
		opened, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, opened); err != nil {
			t.Errorf("%s: %v", file.Name, err)
		}
		names = append(names, file.Name)
	}
	return names
}

func TestSameKeyIsTheSameBatch(t *testing.T) {
	h := openOffice(t).routes()
	sent := form("data=a.zip", threeUnits(t))
	first, one := sendBatch(t, h, "c-2026", sent)
	again, same := sendBatch(t, h, "c-2026", sent)
	_, other := sendBatch(t, h, "c-2027", sent)
	_, keyless := sendBatch(t, h, "", sent)
	if first.Code != http.StatusAccepted || again.Code != http.StatusOK || same.ID != one.ID {
		t.Errorf("statuses %d and %d, batches %s and %s", first.Code, again.Code, one.ID, same.ID)
	}
	if other.ID == one.ID || keyless.ID == one.ID || keyless.ID == other.ID {
		t.Error("another key gives the same batch")
	}
	if again.Header().Get("Location") != batchesPath+"/"+one.ID {
		t.Errorf("Location is %q", again.Header().Get("Location"))
	}
}

// planned is a batch of two items that nobody works on yet.
func planned(t *testing.T, s *server) (id string) {
	t.Helper()
	id, found, err := s.jobs.Submit(t.Context(), job.Order{Name: "hai-xa", Folder: job.OwnFolder}, fstest.MapFS{
		"xa-an-binh.yaml": {Data: []byte(plan)}, "xa-vinh-am.yaml": {Data: []byte(plan)},
	})
	if err != nil || found.Blocking() {
		t.Fatalf("%v %v", err, found)
	}
	return id
}

func TestCancelAndRetry(t *testing.T) {
	s := openOffice(t)
	h := s.routes()
	at := batchesPath + "/" + planned(t, s)
	for _, step := range []struct {
		path          string
		status        int
		state         store.BatchState
		pending, lost int
	}{
		{"/cancel", 200, store.Cancelled, 0, 2},
		{"/cancel", 200, store.Cancelled, 0, 2},
		{"/retry", 202, store.Running, 2, 0},
		{"/cancel", 200, store.Cancelled, 0, 2},
		{"/retry", 202, store.Running, 2, 0},
	} {
		w := send(h, "POST", at+step.path, body{})
		got := decoded[batchProgress](t, w)
		if w.Code != step.status || got.State != step.state || got.Pending != step.pending || got.Skipped != step.lost {
			t.Fatalf("%s: status %d, %+v", step.path, w.Code, got)
		}
		if (w.Header().Get("Location") == at) != (step.status == 202) {
			t.Errorf("%s: Location is %q", step.path, w.Header().Get("Location"))
		}
	}
	start(t, s)
	if got := awaitEnd(t, h, strings.TrimPrefix(at, batchesPath+"/")); got.Made != 2 || got.State != store.Done {
		t.Errorf("in the end %+v", got)
	}
	if w := send(h, "POST", at+"/retry", body{}); w.Code != 200 {
		t.Errorf("nothing to do again: status %d", w.Code)
	}
}

func TestArchiveOfAnUnfinishedBatch(t *testing.T) {
	s := openOffice(t)
	h := s.routes()
	at := batchesPath + "/" + planned(t, s) + "/archive"
	if w := send(h, "GET", at, body{}); w.Code != http.StatusConflict || w.Header().Get("Retry-After") == "" || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
	w := send(h, "GET", at+"?partial=true", body{})
	if w.Code != 200 || !strings.Contains(w.Header().Get("Content-Disposition"), `filename="hai-xa-chua-xong.zip"`) {
		t.Fatalf("status %d, headers %v", w.Code, w.Header())
	}
	namesIn(t, w.Body.Bytes())
}

// batchRoutes are the routes of one batch.
var batchRoutes = []struct{ method, path string }{
	{"GET", ""}, {"GET", "/items"}, {"GET", "/events"}, {"GET", "/archive"}, {"POST", "/cancel"}, {"POST", "/retry"},
}

func TestGuessedBatchIsUnknown(t *testing.T) {
	h := openOffice(t).routes()
	for _, route := range batchRoutes {
		for _, id := range []string{"k7qx2m5rt4w6z3yb5n7pjd4hce", "1", "K7QX2M5RT4W6Z3YB5N7PJD4HCE", "..%2f..%2fetc", "a'%20or%20'1", strings.Repeat("a", 5000)} {
			w := send(h, route.method, batchesPath+"/"+id+route.path, body{})
			if w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %.40s%s: status %d, %s", route.method, id, route.path, w.Code, w.Header().Get("Content-Type"))
			}
		}
	}
}

func TestNoBatchesWithoutAPlaceForThem(t *testing.T) {
	h := open(t).routes()
	for _, route := range append(batchRoutes, struct{ method, path string }{"POST", "new"}, struct{ method, path string }{"GET", "all"}) {
		path, sent := batchesPath+"/k7qx2m5rt4w6z3yb5n7pjd4hce"+route.path, body{}
		if route.path == "new" || route.path == "all" {
			path, sent = batchesPath, form("data=a.zip", threeUnits(t))
		}
		w := send(h, route.method, path, sent)
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "vanthu serve --data THƯ-MỤC") {
			t.Errorf("%s %s: status %d %s", route.method, path, w.Code, w.Body)
		}
	}
}

// A page of another site cannot make the browser of somebody in the office start or stop a batch.
func TestOtherSitesStartNothing(t *testing.T) {
	s := openOffice(t)
	h := s.routes()
	at := batchesPath + "/" + planned(t, s)
	for _, test := range []struct {
		name, method, path string
		headers            map[string]string
		status             int
	}{
		{"cross-site", "POST", at + "/cancel", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"same site, other host", "POST", at + "/cancel", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"old browser on another site", "POST", batchesPath, map[string]string{"Origin": "https://elsewhere.example"}, 403},
		{"looking", "GET", at, map[string]string{"Sec-Fetch-Site": "cross-site"}, 200},
		{"own page", "POST", at + "/cancel", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://example.com"}, 200},
		{"old browser on our page", "POST", at + "/cancel", map[string]string{"Origin": "http://example.com"}, 200},
		{"program", "POST", at + "/cancel", nil, 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, test.path, nil)
			for name, value := range test.headers {
				r.Header.Set(name, value)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != test.status {
				t.Errorf("status %d, want %d: %s", w.Code, test.status, w.Body)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	now := time.Date(2026, 12, 20, 8, 0, 10, 0, time.UTC)
	status := job.Status{State: store.Running, Created: now.Add(-10 * time.Second), Total: 100, Pending: 75}
	for _, test := range []struct {
		name   string
		change func(*job.Status)
		rate   float64
		left   int // -1: not said
	}{
		{"running", func(*job.Status) {}, 2.5, 30},
		{"nothing finished", func(s *job.Status) { s.Pending = 100 }, 0, -1},
		{"all but closed", func(s *job.Status) { s.Pending = 0 }, 10, 0},
		{"done", func(s *job.Status) { s.State, s.Pending = store.Done, 0 }, 0, -1},
		{"planning", func(s *job.Status) { s.State, s.Total, s.Pending = store.Planning, 0, 0 }, 0, -1},
		{"clock set back", func(s *job.Status) { s.Created = now.Add(time.Hour) }, 0, -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := status
			test.change(&changed)
			got, left := progressOf(changed, now), -1
			if got.Left != nil {
				left = *got.Left
			}
			if got.Rate != test.rate || left != test.left {
				t.Errorf("rate %v, left %d", got.Rate, left)
			}
		})
	}
}
