package site

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"vanthu/internal/account"
	"vanthu/internal/files"
	"vanthu/internal/job"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
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
func sendBatch(t *testing.T, h http.Handler, key string, b body) (*httptest.ResponseRecorder, web.BatchProgress) {
	t.Helper()
	r := httptest.NewRequest("POST", here+web.BatchesPath, bytes.NewReader(b.data))
	r.Header.Set("Content-Type", b.mediaType)
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w, decoded[web.BatchProgress](t, w)
}

// awaitEnd asks for a batch until it has ended.
func awaitEnd(t *testing.T, h http.Handler, id string) web.BatchProgress {
	t.Helper()
	var status web.BatchProgress
	await(t, "the batch has ended", func() bool {
		status = decoded[web.BatchProgress](t, send(h, "GET", web.BatchesPath+"/"+id, body{}))
		return web.Ended(status.State)
	})
	return status
}

func TestBatch(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	w, accepted := sendBatch(t, h, "", form("data=Cuối năm 2026.zip", threeUnits(t), "format", "docx, pdf"))
	if w.Code != http.StatusAccepted || w.Header().Get("Location") != web.BatchesPath+"/"+accepted.ID || w.Header().Get("Retry-After") == "" {
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
		listed := decoded[struct{ Batches []job.Status }](t, send(h, "GET", web.BatchesPath, body{}))
		if len(listed.Batches) != 1 || listed.Batches[0].ID != accepted.ID || listed.Batches[0].Made != 2 {
			t.Errorf("listed %+v", listed)
		}
	})
	t.Run("tells of its items", func(t *testing.T) {
		for state, want := range map[string][]string{
			"": {"xa-an-binh", "xa-hong", "xa-vinh-am"}, "?state=made": {"xa-an-binh", "xa-vinh-am"}, "?state=refused": {"xa-hong"}, "?state=failed": nil,
		} {
			var names []string
			for _, item := range decoded[struct{ Items []job.Entry }](t, send(h, "GET", web.BatchesPath+"/"+accepted.ID+"/items"+state, body{})).Items {
				names = append(names, item.Name)
			}
			if !slices.Equal(names, want) {
				t.Errorf("%q gives %q, want %q", state, names, want)
			}
		}
		if w := send(h, "GET", web.BatchesPath+"/"+accepted.ID+"/items?state=lost", body{}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("unknown state: %d", w.Code)
		}
	})
	t.Run("gives its files", func(t *testing.T) {
		w := send(h, "GET", web.BatchesPath+"/"+accepted.ID+"/archive", body{})
		_, params, _ := mime.ParseMediaType(strings.Replace(w.Header().Get("Content-Disposition"), `filename="Cuoi-nam-2026.zip"; `, "", 1))
		if w.Code != 200 || w.Header().Get("Content-Type") != web.ZipType || params["filename"] != "Cuối năm 2026.zip" {
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
	h := held(t, newSite(openOffice(t)))
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
	for name, changed := range map[string]body{
		"other data":    form("data=a.zip", zipped(t, "xa-an-binh.yaml", plan)),
		"other options": form("data=a.zip", threeUnits(t), "format", "docx"),
		"a profile":     form("data=a.zip", threeUnits(t), "don_vi=don-vi.yaml", vinhAm),
	} {
		r := httptest.NewRequest("POST", here+web.BatchesPath, bytes.NewReader(changed.data))
		r.Header.Set("Content-Type", changed.mediaType)
		r.Header.Set("Idempotency-Key", "c-2026")
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Idempotency-Key") {
			t.Errorf("%s under the same key: status %d %s", name, w.Code, w.Body)
		}
	}
	if w, same := sendBatch(t, h, "c-2026", form("format", "docx,pdf,xlsx", "data=b.zip", threeUnits(t))); w.Code != http.StatusOK || same.ID != one.ID {
		t.Errorf("in another order: status %d, batch %s", w.Code, same.ID)
	}
	if again.Header().Get("Location") != web.BatchesPath+"/"+one.ID {
		t.Errorf("Location is %q", again.Header().Get("Location"))
	}
}

// planned is a batch of two items that nobody works on yet.
func planned(t *testing.T, s *web.Server) (id string) {
	t.Helper()
	id, found, err := s.Jobs.Submit(t.Context(), job.Order{Name: "hai-xa", Folder: job.OwnFolder}, fstest.MapFS{
		"xa-an-binh.yaml": {Data: []byte(plan)}, "xa-vinh-am.yaml": {Data: []byte(plan)},
	})
	if err != nil || found.Blocking() {
		t.Fatalf("%v %v", err, found)
	}
	return id
}

func TestCancelAndRetry(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	at := web.BatchesPath + "/" + planned(t, s)
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
		got := decoded[web.BatchProgress](t, w)
		if w.Code != step.status || got.State != step.state || got.Pending != step.pending || got.Skipped != step.lost {
			t.Fatalf("%s: status %d, %+v", step.path, w.Code, got)
		}
		if (w.Header().Get("Location") == at) != (step.status == 202) {
			t.Errorf("%s: Location is %q", step.path, w.Header().Get("Location"))
		}
	}
	start(t, s)
	if got := awaitEnd(t, h, strings.TrimPrefix(at, web.BatchesPath+"/")); got.Made != 2 || got.State != store.Done {
		t.Errorf("in the end %+v", got)
	}
	if w := send(h, "POST", at+"/retry", body{}); w.Code != 200 {
		t.Errorf("nothing to do again: status %d", w.Code)
	}
}

func TestArchiveOfAnUnfinishedBatch(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	at := web.BatchesPath + "/" + planned(t, s) + "/archive"
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
	h := held(t, newSite(openOffice(t)))
	for _, route := range batchRoutes {
		for _, id := range []string{"k7qx2m5rt4w6z3yb5n7pjd4hce", "1", "K7QX2M5RT4W6Z3YB5N7PJD4HCE", "..%2f..%2fetc", "a'%20or%20'1", strings.Repeat("a", 5000)} {
			w := send(h, route.method, web.BatchesPath+"/"+id+route.path, body{})
			if w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %.40s%s: status %d, %s", route.method, id, route.path, w.Code, w.Header().Get("Content-Type"))
			}
		}
	}
}

// A batch is seen by its office alone, in every role; for all others there is no such batch.
func TestABatchBelongsToAnOffice(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	addOffices(t, s, "xa-an-binh", "xa-vinh-am")
	ours, theirs := hire(t, s, "lan", "xa-an-binh", account.Clerk), hire(t, s, "mai", "xa-vinh-am", account.Admin)
	w := ours.asks(h, "POST", web.BatchesPath, form("data=a.zip", threeUnits(t)))
	if w.Code != http.StatusAccepted {
		t.Fatalf("status %d %s", w.Code, w.Body)
	}
	start(t, s)
	at := w.Header().Get("Location")
	await(t, "the batch is done", func() bool {
		return web.Ended(decoded[web.BatchProgress](t, ours.asks(h, "GET", at, body{})).State)
	})
	for _, route := range batchRoutes {
		if w := theirs.asks(h, route.method, at+route.path, body{}); w.Code != http.StatusNotFound {
			t.Errorf("%s %s of another office: status %d", route.method, route.path, w.Code)
		}
		if w := ours.asks(h, route.method, at+route.path, body{}); w.Code != http.StatusOK {
			t.Errorf("%s %s: status %d %s", route.method, route.path, w.Code, w.Body)
		}
	}
	for asking, want := range map[*person]int{&ours: 1, &theirs: 0} {
		if listed := decoded[struct{ Batches []job.Status }](t, asking.asks(h, "GET", web.BatchesPath, body{})); len(listed.Batches) != want {
			t.Errorf("%s is told of %d batches, want %d", asking.Login, len(listed.Batches), want)
		}
	}
}

// A page of another site cannot make the browser of somebody in the office start or stop a batch.
func TestOtherSitesStartNothing(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	at := web.BatchesPath + "/" + planned(t, s)
	for _, test := range []struct {
		name, method, path string
		headers            map[string]string
		status             int
	}{
		{"cross-site", "POST", at + "/cancel", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"same site, other host", "POST", at + "/cancel", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"old browser on another site", "POST", web.BatchesPath, map[string]string{"Origin": "https://elsewhere.example"}, 403},
		{"looking", "GET", at, map[string]string{"Sec-Fetch-Site": "cross-site"}, 200},
		{"own page", "POST", at + "/cancel", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": here}, 200},
		{"old browser on our page", "POST", at + "/cancel", map[string]string{"Origin": here}, 200},
		{"program", "POST", at + "/cancel", nil, 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, here+test.path, nil)
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

// HEAD is answered from what is known, and does not wait for a batch to end, or read its files.
func TestHeadOfWhatTakesLong(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	at := web.BatchesPath + "/" + planned(t, s)
	for path, mediaType := range map[string]string{"/events": api.EventsType, "/archive?partial=true": web.ZipType} {
		if w := send(h, "HEAD", at+path, body{}); w.Code != 200 || w.Header().Get("Content-Type") != mediaType || w.Body.Len() > 0 {
			t.Errorf("%s: status %d, headers %v, %d bytes", path, w.Code, w.Header(), w.Body.Len())
		}
	}
	if w := send(h, "HEAD", at+"/archive", body{}); w.Code != http.StatusConflict {
		t.Errorf("unfinished: status %d", w.Code)
	}
}

// failingFiles is a store whose PDF files are gone, or end in the middle.
type failingFiles struct {
	files.Store
	fail func(name string, file io.ReadCloser) (io.ReadCloser, error)
}

func (f failingFiles) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	file, err := f.Store.Get(ctx, name)
	if err != nil || path.Ext(name) != ".pdf" {
		return file, err
	}
	return f.fail(name, file)
}

func TestArchiveOfFilesThatFail(t *testing.T) {
	s := openOffice(t)
	start(t, s)
	server := httptest.NewServer(held(t, newSite(s)))
	defer server.Close()
	_, accepted := sendBatch(t, held(t, newSite(s)), "", form("data=a.zip", threeUnits(t)))
	awaitEnd(t, held(t, newSite(s)), accepted.ID)
	kept := s.Jobs.Files
	fetch := func() ([]byte, error) {
		answer, err := http.Get(server.URL + web.BatchesPath + "/" + accepted.ID + "/archive")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		return io.ReadAll(answer.Body)
	}
	t.Run("gone", func(t *testing.T) {
		s.Jobs.Files = failingFiles{kept, func(_ string, file io.ReadCloser) (io.ReadCloser, error) {
			return nil, errors.Join(file.Close(), fs.ErrNotExist)
		}}
		data, err := fetch()
		if err != nil {
			t.Fatal(err)
		}
		if names := namesIn(t, data); len(names) != 4 || !strings.Contains(string(data), "danh-muc.json") {
			t.Errorf("there is %q", names)
		}
	})
	t.Run("broken in the middle", func(t *testing.T) {
		s.Jobs.Files = failingFiles{kept, func(_ string, file io.ReadCloser) (io.ReadCloser, error) {
			return struct {
				io.Reader
				io.Closer
			}{io.MultiReader(io.LimitReader(file, 10_000), iotest.ErrReader(errors.New("disk broken"))), file}, nil
		}}
		if data, err := fetch(); err == nil {
			t.Errorf("%d bytes pass for all", len(data))
		}
	})
}

// Items name their files as the archive does.
func TestFilesOfItemsAreThoseOfTheArchive(t *testing.T) {
	s := openOffice(t)
	start(t, s)
	h := held(t, newSite(s))
	_, accepted := sendBatch(t, h, "", form("data=a.zip", threeUnits(t)))
	awaitEnd(t, h, accepted.ID)
	archived := namesIn(t, send(h, "GET", web.BatchesPath+"/"+accepted.ID+"/archive", body{}).Body.Bytes())
	count := 0
	for _, item := range decoded[struct{ Items []job.Entry }](t, send(h, "GET", web.BatchesPath+"/"+accepted.ID+"/items", body{})).Items {
		for _, file := range item.Files {
			if count++; !slices.Contains(archived, file.Name) {
				t.Errorf("%s is not in %q", file.Name, archived)
			}
		}
	}
	if count != 4 {
		t.Errorf("%d files", count)
	}
}

// Where nobody reads what is sent, the disk does not fill with it.
func TestBatchesThatWait(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	sent := form("data=a.csv", "Đơn vị\nThôn Đông\n")
	var last web.BatchProgress
	for i := range web.MaxWaiting {
		w, accepted := sendBatch(t, h, "", sent)
		if last = accepted; w.Code != http.StatusAccepted {
			t.Fatalf("batch %d: status %d %s", i, w.Code, w.Body)
		}
	}
	w, _ := sendBatch(t, h, "", sent)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "60" {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
	if err := s.Jobs.Cancel(t.Context(), last.ID); err != nil {
		t.Fatal(err)
	}
	if w, _ := sendBatch(t, h, "", sent); w.Code != http.StatusAccepted {
		t.Errorf("when one waits no more: status %d %s", w.Code, w.Body)
	}
}

// Who goes away is no fault of ours: no alarm, no line of a fault in the log.
func TestCallersWhoGoAway(t *testing.T) {
	var log bytes.Buffer
	s := openOffice(t, func(c *web.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	h := held(t, newSite(s))
	gone, leave := context.WithCancel(t.Context())
	leave()
	sent := form("data=a.zip", threeUnits(t))
	plans := form("data=a.yaml", plan)
	for range cap(s.Gate.CPUs) { // nobody gets one
		s.Gate.CPUs <- struct{}{}
	}
	for path, b := range map[string]body{web.BatchesPath: sent, api.DocumentsPath: plans, api.ConvertPath: text(web.WordType, "x")} {
		r := httptest.NewRequestWithContext(gone, "POST", path, bytes.NewReader(b.data))
		r.Header.Set("Content-Type", b.mediaType)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError || path == web.BatchesPath && w.Code != web.StatusCallerGone {
			t.Errorf("%s: status %d %.500s", path, w.Code, w.Body)
		}
	}
	if strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("the log is\n%s", log.String())
	}
}
