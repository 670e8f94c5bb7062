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
	var address, folder string
	cmd := &cobra.Command{
		Use:   "serve [--addr ĐỊA-CHỈ] [--data THƯ-MỤC]",
		Short: "Mở trang web và giao diện lập trình (API)",
		Long: `Mở trang web và giao diện lập trình (API) cho cả cơ quan dùng. Thư mục --data là của cơ quan:
có tệp don-vi.yaml trong đó thì tệp ấy dùng chung cho mọi văn bản.`,
		Example: "  vanthu serve\n  vanthu serve --addr 0.0.0.0:8080 --data /srv/van-thu",
		Args:    noFiles,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return t.serve(cmd.Context(), address, folder)
		},
	}
	cmd.Flags().StringVar(&address, "addr", "127.0.0.1:8080", "phục vụ tại `ĐỊA-CHỈ` và cổng này; cổng 0 là cổng trống bất kỳ")
	cmd.Flags().StringVar(&folder, "data", "", "dùng `THƯ-MỤC` này của cơ quan, chưa có thì tạo")
	return cmd
}

func (t *tool) serve(ctx context.Context, address, folder string) error {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return usageError(fmt.Sprintf("--addr “%s” phải có dạng địa-chỉ:cổng, ví dụ 127.0.0.1:8080.", address))
	}
	profile, err := officeProfile(folder)
	if err != nil {
		return err
	}
	rooms, err := t.app(profile)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("không mở được địa chỉ %s: %w", address, err)
	}
	log := slog.New(slog.NewTextHandler(t.stderr, nil))
	server := &http.Server{
		Handler:           web.Handler(rooms, log),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      2 * time.Minute, // longer than the longest a request may wait and work
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
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
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	return server.Shutdown(grace)
}

// officeProfile makes sure of the office's folder and reads its don-vi.yaml, if there is one.
func officeProfile(folder string) ([]byte, error) {
	if folder == "" {
		return nil, nil
	}
	if err := makeFolder(folder); err != nil {
		return nil, err
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
