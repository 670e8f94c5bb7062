package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"vanthu/internal/account"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/site"
)

// server is one run of the service.
type server struct {
	*tool
	at          places
	address     string
	profile     string // path of a don-vi.yaml, or empty
	cert, key   string // paths of what HTTPS needs, or empty
	behindHTTPS bool   // a proxy in front speaks HTTPS
	open        bool   // open the browser, for the one who sits here
	logFile     string // path of the file that a service writes what it would print to, or empty
	certificate tls.Certificate
}

func (t *tool) serveCommand() *cobra.Command {
	s := server{tool: t}
	cmd := &cobra.Command{
		Use:   "serve [--addr ĐỊA-CHỈ] [--data THƯ-MỤC]",
		Short: "Mở trang web và giao diện lập trình (API)",
		Long: `Mở trang web và giao diện lập trình (API) cho cả cơ quan dùng. Thư mục --data là của cơ quan: sổ đăng ký, bản nháp, người
dùng và các lô văn bản nằm ở đó; có tệp don-vi.yaml trong đó thì tệp ấy dùng chung cho mọi văn bản. Không cho nơi nào thì
dùng thư mục riêng của người chạy lệnh. Nhiều máy cùng làm thì cho --db postgres://…, --files và --don-vi, rồi chạy
vanthu worker trên các máy khác.

Chưa có người dùng thì chỉ mở trên máy này (127.0.0.1), cho một người, không cần đăng nhập. Mở cho máy khác thì phải có
người quản trị trước: vanthu user add. Mật khẩu phải đi qua HTTPS: cho --tls-cert và --tls-key, hoặc đặt một máy chủ
HTTPS ở trước và cho --behind-https.`,
		Example: `  vanthu serve
  vanthu serve --addr 0.0.0.0:443 --data /srv/van-thu --tls-cert van-thu.pem --tls-key van-thu.key
  vanthu serve --addr 127.0.0.1:8080 --data /srv/van-thu --behind-https
  vanthu serve --db postgres://vanthu@may-chu/vanthu --files "s3://van-ban?endpoint=https://may-chu:9000" --don-vi don-vi.yaml`,
		Args: noFiles,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := s.check(); err != nil {
				return err
			}
			if s.open && isDesk(cmd.Context(), s.address) {
				fmt.Fprintf(s.stdout, "Văn Thư đã mở từ trước tại http://%s\n", s.address)
				s.show("http://" + s.address)
				return nil
			}
			closeLog, err := s.openLog()
			if err != nil {
				return err
			}
			defer closeLog()
			return s.serve(cmd.Context())
		},
	}
	s.flags(cmd)
	cmd.Flags().BoolVar(&s.open, "open", false, "mở luôn trình duyệt trên máy này")
	return cmd
}

// flags adds what a service may be told, whoever starts it.
func (s *server) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&s.address, "addr", "127.0.0.1:8080", "phục vụ tại `ĐỊA-CHỈ` và cổng này; cổng 0 là cổng trống bất kỳ")
	flags.StringVar(&s.profile, "don-vi", "", "lấy thông tin cơ quan từ `TỆP` này; không có thì từ don-vi.yaml trong --data")
	flags.StringVar(&s.cert, "tls-cert", "", "phục vụ HTTPS với chứng thư trong `TỆP` PEM này, kèm các chứng thư trung gian")
	flags.StringVar(&s.key, "tls-key", "", "khóa riêng của chứng thư, trong `TỆP` PEM này")
	flags.BoolVar(&s.behindHTTPS, "behind-https", false, "đã có máy chủ HTTPS (nginx, Caddy, …) ở trước")
	flags.StringVar(&s.logFile, "log", "", "ghi nhật ký vào `TỆP` này thay cho màn hình")
	s.at.flags(cmd)
}

// openLog has what is printed go to the log file, if there is one. A file of 10 MB makes room for a new one.
func (s *server) openLog() (closeLog func(), err error) {
	if s.logFile == "" {
		return func() {}, nil
	}
	const maxLog = 10 << 20
	if info, err := os.Stat(s.logFile); err == nil && info.Size() > maxLog {
		if err := os.Rename(s.logFile, s.logFile+".cu"); err != nil {
			return nil, err
		}
	}
	if err := makeFolder(filepath.Dir(s.logFile)); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(s.logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	s.tool.stdout, s.tool.stderr = file, file
	return func() { file.Close() }, nil
}

// check refuses what cannot be meant, and reads what HTTPS needs.
func (s *server) check() (err error) {
	if _, _, err := net.SplitHostPort(s.address); err != nil {
		return usageError(fmt.Sprintf("--addr “%s” phải có dạng địa-chỉ:cổng, ví dụ 127.0.0.1:8080.", s.address))
	}
	if (s.cert == "") != (s.key == "") {
		return usageError("Phải cho cả hai: --tls-cert TỆP (chứng thư) và --tls-key TỆP (khóa riêng).")
	}
	if s.cert == "" {
		return nil
	}
	if s.behindHTTPS {
		return usageError("Chỉ cho một trong hai: --tls-cert với --tls-key, hoặc --behind-https.")
	}
	if err := existingFiles([]string{s.cert, s.key}); err != nil {
		return err
	}
	if s.certificate, err = tls.LoadX509KeyPair(s.cert, s.key); err != nil {
		return usageError(fmt.Sprintf("Không dùng được chứng thư “%s” với khóa “%s”: %v", s.cert, s.key, err))
	}
	return nil
}

func (s *server) serve(ctx context.Context) (err error) {
	if err := s.at.own(); err != nil {
		return err
	}
	profile, err := officeProfile(s.profile, s.at.data)
	if err != nil {
		return err
	}
	log := s.log(s.stderr, slog.LevelInfo)
	stopTracing, err := startTracing(ctx, log)
	if err != nil {
		return err
	}
	defer stopTracing()
	rooms, jobs, err := s.openRunner(ctx, s.at, profile)
	if err != nil {
		return err
	}
	defer closeInto(&err, jobs.Store)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.address)
	if isAddressTaken(err) {
		return usageError(fmt.Sprintf("Địa chỉ %s đang có chương trình khác dùng, có thể là chính Văn Thư đã mở từ trước. Dừng chương trình ấy, hoặc chọn cổng khác bằng --addr.", s.address))
	}
	if err != nil {
		return fmt.Errorf("không mở được địa chỉ %s: %w", s.address, err)
	}
	local := isLocal(listener.Addr()) && !s.behindHTTPS
	if !local {
		err = s.fitForOthers(ctx, jobs.Store)
	}
	if err == nil {
		err = jobs.Start(ctx)
	}
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	return errors.Join(s.answer(ctx, listener, site.Handler(web.Config{
		Services: rooms, Jobs: jobs, Accounts: account.New(jobs.Store, time.Now), Log: log, Now: time.Now,
		Secure: s.secure(), Local: local, Until: ctx,
	})), stopGently(ctx, jobs))
}

// secure reports whether what browsers send goes over HTTPS.
func (s *server) secure() bool { return s.cert != "" || s.behindHTTPS }

// isLocal reports whether only this machine can ask at an address.
func isLocal(address net.Addr) bool {
	tcp, ok := address.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// fitForOthers refuses to let others in before somebody can say who they are, and warns of passwords that anybody on the way can read.
func (s *server) fitForOthers(ctx context.Context, kept *store.Store) error {
	users, err := kept.Users(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(users, func(u store.User) bool { return account.Role(u.Role) == account.Admin && !u.Disabled }) {
		where := "--data " + s.at.data
		if s.at.data == "" {
			where = "--db " + s.at.db
		}
		return usageError(fmt.Sprintf(`Chưa có người quản trị nên chưa mở cho máy khác: ai cũng vào được.
Hãy thêm người quản trị rồi chạy lại: vanthu user add TÊN --ho-ten "HỌ TÊN" --vai-tro quan-tri %s
Chỉ dùng trên máy này thì: --addr 127.0.0.1:8080, không có --behind-https.`, where))
	}
	if !s.secure() {
		fmt.Fprintln(s.stderr, `Cảnh báo: mật khẩu và văn bản đi qua mạng không được mã hóa, ai ở trên đường cũng đọc được. Hãy cho --tls-cert và
--tls-key, hoặc đặt một máy chủ HTTPS ở trước và cho --behind-https.`)
	}
	return nil
}

// answer serves until ctx ends, and then until the requests in hand are answered.
func (s *server) answer(ctx context.Context, listener net.Listener, handler http.Handler) error {
	service := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      2 * time.Minute, // longer than the longest a request may wait and work
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log(s.stderr, slog.LevelInfo).Handler(), slog.LevelWarn),
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{s.certificate}, MinVersion: tls.VersionTLS12},
	}
	scheme, serve := "http", service.Serve
	if s.cert != "" {
		scheme, serve = "https", func(listener net.Listener) error { return service.ServeTLS(listener, "", "") }
	}
	url, ending := scheme+"://"+reachable(listener.Addr()), "nhấn Ctrl+C để dừng"
	if s.clicked {
		ending = "đóng cửa sổ này thì chương trình dừng"
	}
	fmt.Fprint(s.stdout, s.discreet(fmt.Sprintf("Văn Thư đang phục vụ tại %s (%s)\nDữ liệu ở %s; các tệp ở %s\n", url, ending, s.at.db, s.at.files)))
	if s.open {
		go s.show(url) // the listener is open already: the first request waits for nothing
	}

	served := make(chan error, 1)
	go func() { served <- serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	fmt.Fprintln(s.stderr, "Đang dừng, chờ các yêu cầu đang làm xong…")
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := service.Shutdown(wait)
	if errors.Is(err, context.DeadlineExceeded) { // a large file on a slow line: the one who waits for it tries again
		fmt.Fprintln(s.stderr, "Có yêu cầu chưa xong bị ngắt.")
		err = service.Close()
	}
	return err
}

// grace is how long the requests in hand may take when the service is told to stop.
const grace = 15 * time.Second

// officeProfile reads the profile that was given by its path, or that of the office's folder, of which it makes sure; nil if there is none.
func officeProfile(path, folder string) ([]byte, error) {
	if folder != "" {
		if err := makeFolder(folder); err != nil {
			return nil, err
		}
	}
	if path != "" {
		return givenProfile(path)
	}
	if folder == "" {
		return nil, nil
	}
	profile, err := os.ReadFile(filepath.Join(folder, "don-vi.yaml"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return profile, err
}

// reachable is a listening address as a browser on this machine can open it.
func reachable(address net.Addr) string {
	tcp, ok := address.(*net.TCPAddr)
	if !ok {
		return address.String()
	}
	if tcp.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return tcp.String()
}
