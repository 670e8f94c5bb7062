package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
)

// TestServiceArguments has a service run serve as it was told, from whatever folder, and keep no password.
func TestServiceArguments(t *testing.T) {
	lay(t, map[string]string{"a.pem": "x"})
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ flags, want, wrong string }{
		{"", "serve --data=/var/lib/vanthu", ""},
		{"--addr=0.0.0.0:8080 --behind-https", "serve --data=/var/lib/vanthu --addr=0.0.0.0:8080 --behind-https=true", ""},
		{"--data=nha --user=vt --don-vi=dv.yaml", "serve --data=" + here + "/nha --don-vi=" + here + "/dv.yaml", ""},
		{"--data=nha", "", "--user"},
		{"--db=postgres://a:secret@b/c --files=nha --user=vt", "", "VANTHU_DB"},
	} {
		s, user, cmd := server{tool: &tool{}}, "", &cobra.Command{}
		s.flags(cmd)
		cmd.Flags().StringVar(&user, "user", "", "")
		if err := cmd.ParseFlags(strings.Fields(test.flags)); err != nil {
			t.Fatal(err)
		}
		config, err := s.config(cmd.Flags(), user)
		if test.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), test.wrong) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v", test.flags, err)
			}
			continue
		}
		want := strings.Fields(test.want)
		slices.Sort(want)
		slices.Sort(config.Arguments)
		if err != nil || !slices.Equal(config.Arguments, want) || config.UserName != user {
			t.Errorf("%s: %q, %v, want %q", test.flags, config.Arguments, err, want)
		}
	}
}

// TestDaemonStopsInOrder lets the work end before the service manager is answered.
func TestDaemonStopsInOrder(t *testing.T) {
	lay(t, nil)
	ownFolderIn(t)
	tool := &tool{stdin: strings.NewReader(""), stdout: t.Output(), stderr: t.Output()}
	log := filepath.Join("nha", "nhat-ky.txt")
	d := &daemon{work: tool.serviceWork([]string{"serve", "--addr", "127.0.0.1:0", "--data", "nha", "--log", log})}
	if err := d.Start(nil); err != nil {
		t.Fatal(err)
	}
	if err := d.Stop(nil); err != nil || d.code != exitOK && d.code != exitFault {
		t.Errorf("exit code %d: %v", d.code, err)
	}
}

// TestServeOpens opens the browser, also when the desk is open already.
func TestServeOpens(t *testing.T) {
	lay(t, nil)
	address, stop := serve(t, "--data", "nha")
	opened := ""
	again := &tool{stdin: strings.NewReader(""), stdout: t.Output(), stderr: t.Output(), browse: func(url string) error { opened = url; return nil }}
	if code := again.run(t.Context(), []string{"serve", "--open", "--addr", address, "--data", "nha"}); code != exitOK || opened != "http://"+address {
		t.Errorf("exit code %d, opened %q", code, opened)
	}
	stop()
	if isDesk(t.Context(), address) {
		t.Error("what has stopped is taken for a desk")
	}
}

// TestReplace waits for who holds a file for a moment, and says in words to close it when it is held for good.
func TestReplace(t *testing.T) {
	lay(t, map[string]string{"Kế hoạch.docx": "old"})
	for _, test := range []struct {
		name  string
		holds int
		says  string
	}{
		{"free", 0, ""},
		{"scanned", 2, ""},
		{"open in Word", 100, "Hãy đóng tệp “Kế hoạch.docx” trong Word"},
	} {
		t.Run(test.name, func(t *testing.T) {
			tries := 0
			err := replaceBy(func(string, string) error {
				if tries++; tries <= test.holds {
					return syscall.EBUSY
				}
				return nil
			}, func(err error) bool { return errors.Is(err, syscall.EBUSY) }, "staged", "Kế hoạch.docx")
			if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v", err)
			}
		})
	}
}
