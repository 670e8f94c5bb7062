package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// screen is a stderr that tests read while it is written.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(line []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(line)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// browser asks as one that follows no redirect and trusts a certificate of a test.
func browser(certificate []byte) *http.Client {
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(certificate)
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// cookie logs in and gives the cookie of the session.
func cookie(t *testing.T, client *http.Client, url string) *http.Cookie {
	t.Helper()
	answer, err := client.PostForm(url+"/dang-nhap", map[string][]string{"ten": {"an"}, "mat_khau": {secret}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther || len(answer.Cookies()) != 1 {
		t.Fatalf("login: %d, cookies %v", answer.StatusCode, answer.Cookies())
	}
	return answer.Cookies()[0]
}

// front asks for the first page, with a cookie or without, and gives the status and where it sends the browser.
func front(t *testing.T, client *http.Client, url string, with *http.Cookie) (status int, to string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if with != nil {
		request.AddCookie(with)
	}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode, answer.Header.Get("Location")
}

func addAdmin(t *testing.T, place string) {
	t.Helper()
	mustWith(t, secret, "user", "add", "an", "--ho-ten", "Nguyễn Văn An", "--data", place)
}

// TestServeRefusesOthersWithoutAnAdministrator holds that nobody finds an open door by accident.
func TestServeRefusesOthersWithoutAnAdministrator(t *testing.T) {
	lay(t, nil)
	for name, args := range map[string][]string{
		"all addresses":      {"--addr", "0.0.0.0:0"},
		"no address":         {"--addr", ":0"},
		"all, of IPv6":       {"--addr", "[::]:0"},
		"a proxy before it":  {"--addr", "127.0.0.1:0", "--behind-https"},
		"both of the former": {"--addr", "0.0.0.0:0", "--behind-https"},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := try(t, append([]string{"serve", "--data", "nha"}, args...)...)
			if code != exitUsage || stdout != "" {
				t.Errorf("exit code %d, stdout %q", code, stdout)
			}
			says(t, stderr, "Chưa có người quản trị", `vanthu user add TÊN --ho-ten "HỌ TÊN" --vai-tro quan-tri --data nha`)
		})
	}
}

// TestServeForOthers does what the refusal says, and starts.
func TestServeForOthers(t *testing.T) {
	lay(t, nil)
	addAdmin(t, "nha")
	for name, test := range map[string]struct {
		args  []string
		warns bool
	}{
		"unencrypted":  {nil, true},
		"behind HTTPS": {[]string{"--behind-https"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr screen
			url, stop := serveAt(t, &stderr, append([]string{"--addr", "0.0.0.0:0", "--data", "nha"}, test.args...)...)
			defer stop()
			client := browser(nil)
			if status, to := front(t, client, url, nil); status != http.StatusSeeOther || !strings.HasPrefix(to, "/dang-nhap") {
				t.Errorf("%d to %q without a login", status, to)
			}
			session := cookie(t, client, url)
			if status, _ := front(t, client, url, session); status != http.StatusOK || session.Secure != !test.warns || !session.HttpOnly {
				t.Errorf("%d with %+v", status, session)
			}
			if code := stop(); code != exitOK || strings.Contains(stderr.String(), "Cảnh báo") != test.warns {
				t.Errorf("exit code %d\n%s", code, &stderr)
			}
		})
	}
}

// TestServeForOnePerson asks nobody to log in until there is a user, who may be added while it runs.
func TestServeForOnePerson(t *testing.T) {
	lay(t, nil)
	address, stop := serve(t, "--data", "nha")
	defer stop()
	client := browser(nil)
	if status, _ := front(t, client, "http://"+address, nil); status != http.StatusOK {
		t.Errorf("%d without users", status)
	}
	addAdmin(t, "nha")
	if status, to := front(t, client, "http://"+address, nil); status != http.StatusSeeOther || !strings.HasPrefix(to, "/dang-nhap") {
		t.Errorf("%d to %q with a user", status, to)
	}
}

// TestServeInTheOwnFolder keeps all in the folder of whoever runs it, and says so.
func TestServeInTheOwnFolder(t *testing.T) {
	lay(t, nil)
	_, stop := serveAt(t, &screen{}, "--addr", "127.0.0.1:0")
	if code := stop(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	if _, err := os.Stat("cua-toi/vanthu/vanthu.db"); err != nil {
		t.Error(err)
	}
}

func TestServeHTTPS(t *testing.T) {
	lay(t, nil)
	addAdmin(t, "nha")
	certificate := layCertificate(t)
	var stderr screen
	url, stop := serveAt(t, &stderr, "--addr", "0.0.0.0:0", "--data", "nha", "--tls-cert", "van-thu.pem", "--tls-key", "van-thu.key")
	defer stop()
	if !strings.HasPrefix(url, "https://localhost:") {
		t.Errorf("serves at %s", url)
	}
	client := browser(certificate)
	session := cookie(t, client, url)
	if status, _ := front(t, client, url, session); status != http.StatusOK || !session.Secure {
		t.Errorf("%d with %+v", status, session)
	}
	if answer, err := browser(nil).Get(url); err == nil {
		answer.Body.Close()
		t.Error("a certificate that is not trusted")
	}
	client.CloseIdleConnections()
	if code := stop(); code != exitOK || strings.Contains(stderr.String(), "Cảnh báo") {
		t.Errorf("exit code %d\n%s", code, &stderr)
	}
}

// layCertificate writes a certificate of this machine, which it gives, and its key into the working folder.
func layCertificate(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	write(t, "van-thu.pem", string(text))
	write(t, "van-thu.key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
	return text
}

func TestServeUsage(t *testing.T) {
	lay(t, map[string]string{"khong.pem": "x"})
	layCertificate(t)
	for _, test := range []struct {
		name string
		args []string
		says string
	}{
		{"no port", []string{"--addr", "127.0.0.1"}, "địa-chỉ:cổng"},
		{"a certificate without its key", []string{"--tls-cert", "van-thu.pem"}, "Phải cho cả hai"},
		{"a key without its certificate", []string{"--tls-key", "van-thu.key"}, "Phải cho cả hai"},
		{"no such certificate", []string{"--tls-cert", "none.pem", "--tls-key", "none.key"}, "Không mở được tệp “none.pem”.\nKhông mở được tệp “none.key”."},
		{"what is no certificate", []string{"--tls-cert", "khong.pem", "--tls-key", "van-thu.key"}, "Không dùng được chứng thư “khong.pem”"},
		{"HTTPS twice", []string{"--tls-cert", "van-thu.pem", "--tls-key", "van-thu.key", "--behind-https"}, "Chỉ cho một trong hai"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := try(t, append([]string{"serve"}, test.args...)...)
			if code != exitUsage || stdout != "" {
				t.Errorf("exit code %d, stdout %q", code, stdout)
			}
			says(t, stderr, test.says)
		})
	}
	if made := glob(t, "cua-toi/*"); len(made) > 0 {
		t.Errorf("made %q", made)
	}
}

// TestServeWhereAnotherDoes: a clerk who starts the service twice is told so, and not what a socket is.
func TestServeWhereAnotherDoes(t *testing.T) {
	lay(t, nil)
	address, stop := serve(t)
	defer stop()
	var stderr bytes.Buffer
	if code := run(t.Context(), []string{"serve", "--addr", address, "--data", "khac"}, nil, new(bytes.Buffer), &stderr); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(stderr.String(), address+" đang có chương trình khác dùng") {
		t.Error(stderr.String())
	}
}
