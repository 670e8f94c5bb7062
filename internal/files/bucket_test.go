package files

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vanthu/internal/testenv"
)

// server is a real S3 server on this machine.
type server struct {
	endpoint string
	buckets  string // the folder whose folders are its buckets
	made     atomic.Int64
}

// newServer starts versitygw and puts its keys into the environment.
func newServer(t testing.TB, secure bool) *server {
	t.Helper()
	program := testenv.Tool(t, "versitygw")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := listener.Addr().String()
	listener.Close()

	s := &server{endpoint: "http://" + host, buckets: t.TempDir()}
	t.Setenv("AWS_ACCESS_KEY_ID", "vanthu")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "van-thu-secret")
	t.Setenv("AWS_SESSION_TOKEN", "")
	arguments := []string{"--port", host, "--quiet", "--access", "vanthu", "--secret", "van-thu-secret"}
	if secure {
		s.endpoint = "https://" + host
		certificate, key := writeCertificate(t)
		t.Setenv("SSL_CERT_FILE", certificate)
		arguments = append(arguments, "--cert", certificate, "--key", key)
	}
	var said bytes.Buffer
	command := exec.Command(program, append(arguments, "posix", s.buckets)...)
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	waitFor(t, host, &said)
	return s
}

// waitFor waits until a server takes connections.
func waitFor(t testing.TB, host string, said *bytes.Buffer) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if connection, err := net.Dial("tcp", host); err == nil {
			connection.Close()
			return
		}
	}
	t.Fatalf("versitygw does not answer: %s", said)
}

// place makes a bucket and gives a place in it.
func (s *server) place(t testing.TB) string {
	t.Helper()
	bucket := fmt.Sprintf("vanthu-%d", s.made.Add(1))
	if err := os.Mkdir(filepath.Join(s.buckets, bucket), 0o755); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("s3://%s/hội đồng/2026?endpoint=%s&region=us-east-1", bucket, s.endpoint)
}

// writeCertificate makes a certificate for 127.0.0.1 that vouches for itself.
func writeCertificate(t testing.TB) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, block := range map[string]*pem.Block{"cert": {Type: "CERTIFICATE", Bytes: der}, "key": {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(folder, "cert"), filepath.Join(folder, "key")
}

// TestBucketOpens tells what is wrong with the server, the bucket or the keys.
func TestBucketOpens(t *testing.T) {
	s := newServer(t, false)
	place := s.place(t)
	t.Run("a prefix is a store of its own", func(t *testing.T) {
		whole, inner := strings.Replace(place, "/hội đồng/2026", "", 1), openStore(t, place)
		outer := openStore(t, whole)
		put(t, outer, "hội đồng/2026-khác", "12")
		put(t, inner, "x", "1")
		wantList(t, inner, "", "x 1")
		wantList(t, outer, "", "hội đồng/2026-khác 2", "hội đồng/2026/x 1")
		wantList(t, outer, "hội đồng/2026/", "hội đồng/2026/x 1")
	})
	t.Run("the region may be absent", func(t *testing.T) {
		put(t, openStore(t, strings.TrimSuffix(place, "&region=us-east-1")), "x", "1")
	})
	t.Run("no such bucket", func(t *testing.T) {
		_, err := Open(t.Context(), "s3://absent?endpoint="+s.endpoint)
		wantError(t, err, "s3://absent", "wanted a bucket that is there", "make it on the server")
	})
	t.Run("a name no bucket has", func(t *testing.T) {
		_, err := Open(t.Context(), "s3://A?endpoint="+s.endpoint)
		wantError(t, err, "s3://A", "wanted a bucket")
	})
	t.Run("other keys", func(t *testing.T) {
		for variable, value := range map[string]string{"AWS_ACCESS_KEY_ID": "stranger", "AWS_SECRET_ACCESS_KEY": "wrong-secret"} {
			t.Run(variable, func(t *testing.T) {
				t.Setenv(variable, value)
				_, err := Open(t.Context(), place)
				wantError(t, err, place, "the server refuses", "check the keys")
				if strings.Contains(err.Error(), "wrong-secret") {
					t.Errorf("the error tells the secret: %v", err)
				}
			})
		}
	})
	t.Run("a server that speaks no TLS", func(t *testing.T) {
		_, err := Open(t.Context(), strings.Replace(place, "http://", "https://", 1))
		wantError(t, err, "wanted a bucket that can be reached", "check the place")
	})
}

// TestBucketTriesAgain makes a request again that a server or the network failed, where the data can be read again.
func TestBucketTriesAgain(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "vanthu")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "van-thu-secret")
	var puts, taken atomic.Int64
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPut {
			fmt.Fprint(w, "<ListBucketResult/>")
			return
		}
		if puts.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		taken.Store(int64(strings.Count(body.String(), "x")))
	}))
	defer busy.Close()
	s := openStore(t, "s3://bucket?region=x&endpoint="+busy.URL)
	put(t, s, "a", strings.Repeat("x", 300_000))
	if puts.Load() != 2 || taken.Load() != 300_000 {
		t.Errorf("the server got %d bytes in request %d", taken.Load(), puts.Load())
	}
}
