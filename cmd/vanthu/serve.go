package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"vanthu/internal/web"
)

func (t *tool) serveCommand() *cobra.Command {
	var address, profile string
	var at places
	cmd := &cobra.Command{
		Use:   "serve [--addr ĐỊA-CHỈ] [--data THƯ-MỤC]",
		Short: "Mở trang web và giao diện lập trình (API)",
		Long: `Mở trang web và giao diện lập trình (API) cho cả cơ quan dùng. Thư mục --data là của cơ quan: sổ đăng ký và các lô
văn bản nằm ở đó; có tệp don-vi.yaml trong đó thì tệp ấy dùng chung cho mọi văn bản. Nhiều máy cùng làm thì cho --db
postgres://…, --files và --don-vi, rồi chạy vanthu worker trên các máy khác. Không cho nơi nào thì không lưu gì và không
nhận lô văn bản.

Biến VANTHU_ADMIN_PASSWORD là mật khẩu của người quản trị để xem hàng đợi; không có thì không mở trang ấy.`,
		Example: `  vanthu serve
  vanthu serve --addr 0.0.0.0:8080 --data /srv/van-thu
  vanthu serve --db postgres://vanthu@may-chu/vanthu --files "s3://van-ban?endpoint=https://may-chu:9000" --don-vi don-vi.yaml`,
		Args: noFiles,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return t.serve(cmd.Context(), address, profile, at)
		},
	}
	cmd.Flags().StringVar(&address, "addr", "127.0.0.1:8080", "phục vụ tại `ĐỊA-CHỈ` và cổng này; cổng 0 là cổng trống bất kỳ")
	cmd.Flags().StringVar(&profile, "don-vi", "", "lấy thông tin cơ quan từ `TỆP` này; không có thì từ don-vi.yaml trong --data")
	at.flags(cmd)
	return cmd
}

func (t *tool) serve(ctx context.Context, address, profilePath string, at places) (err error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return usageError(fmt.Sprintf("--addr “%s” phải có dạng địa-chỉ:cổng, ví dụ 127.0.0.1:8080.", address))
	}
	if err := at.resolve(); err != nil {
		return err
	}
	profile, err := officeProfile(profilePath, at.data)
	if err != nil {
		return err
	}
	log := t.log(t.stderr, slog.LevelInfo)
	config := web.Config{Log: log, AdminPassword: os.Getenv("VANTHU_ADMIN_PASSWORD"), Until: ctx}
	if at.db == "" {
		config.App, err = t.app(profile)
	} else if config.Jobs, err = t.openRunner(ctx, at, profile); err == nil {
		defer closeInto(&err, config.Jobs.Store)
		config.App = config.Jobs.App
	}
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("không mở được địa chỉ %s: %w", address, err)
	}
	if config.Jobs == nil {
		return t.answer(ctx, listener, config)
	}
	if err := config.Jobs.Start(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	return errors.Join(t.answer(ctx, listener, config), stopGently(ctx, config.Jobs))
}

// answer serves until ctx ends, and then until the requests in hand are answered.
func (t *tool) answer(ctx context.Context, listener net.Listener, config web.Config) error {
	server := &http.Server{
		Handler:           web.Handler(config),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      2 * time.Minute, // longer than the longest a request may wait and work
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(config.Log.Handler(), slog.LevelWarn),
	}
	fmt.Fprintf(t.stdout, "Văn Thư đang phục vụ tại http://%s (nhấn Ctrl+C để dừng)\n", reachable(listener.Addr()))

	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	fmt.Fprintln(t.stderr, "Đang dừng, chờ các yêu cầu đang làm xong…")
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := server.Shutdown(wait)
	if errors.Is(err, context.DeadlineExceeded) { // a large file on a slow line: the one who waits for it tries again
		fmt.Fprintln(t.stderr, "Có yêu cầu chưa xong bị ngắt.")
		err = server.Close()
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
