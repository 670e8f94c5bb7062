package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/kardianos/service"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// serviceName is what Windows and systemd call the service.
const serviceName = "vanthu"

func (t *tool) serviceCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "service install|uninstall|start|stop|status",
		Short: "Cài Văn Thư thành dịch vụ, tự chạy cùng máy",
		Long: `Cài vanthu serve thành dịch vụ của Windows hoặc của systemd (Linux): chạy khi mở máy, không cần ai đăng nhập, hỏng thì tự
chạy lại. Phải chạy lệnh này với quyền quản trị: “Run as administrator” trên Windows, sudo trên Linux.`,
		Example: `  vanthu service install --addr 0.0.0.0:443 --tls-cert van-thu.pem --tls-key van-thu.key
  vanthu service start
  vanthu service status`,
		Args: knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(t.installCommand())
	for _, act := range []struct {
		name, short, done string
		do                func(service.Service) error
	}{
		{"uninstall", "Gỡ dịch vụ; dữ liệu giữ nguyên", "Đã gỡ dịch vụ Văn Thư. Dữ liệu vẫn còn.", service.Service.Uninstall},
		{"start", "Chạy dịch vụ", "Dịch vụ Văn Thư đã chạy.", service.Service.Start},
		{"stop", "Dừng dịch vụ, làm xong việc đang làm", "Dịch vụ Văn Thư đã dừng.", service.Service.Stop},
		{"status", "Xem dịch vụ đang chạy hay không", "", t.printStatus},
	} {
		cmd.AddCommand(&cobra.Command{Use: act.name, Short: act.short, Args: noFiles, RunE: func(*cobra.Command, []string) error {
			installed, err := service.New(&daemon{}, &service.Config{Name: serviceName})
			if err != nil {
				return noServices(err)
			}
			if act.name == "uninstall" {
				_ = installed.Stop() // it may not run
			}
			if err := act.do(installed); err != nil {
				return notAllowed(err)
			}
			if act.done != "" {
				_, err = fmt.Fprintln(t.stdout, act.done)
			}
			return err
		}})
	}
	return cmd
}

func (t *tool) installCommand() *cobra.Command {
	s := server{tool: t}
	user := ""
	cmd := &cobra.Command{
		Use:   "install [--addr ĐỊA-CHỈ] [--data THƯ-MỤC]",
		Short: "Cài dịch vụ với các lựa chọn của vanthu serve",
		Long: `Cài dịch vụ chạy vanthu serve với đúng các lựa chọn cho ở đây. Không cho --data thì dữ liệu ở ` + serviceFolder() + `; không cho
--log thì trên Windows nhật ký là tệp nhat-ky.txt trong thư mục ấy, trên Linux xem bằng journalctl -u vanthu.`,
		Args: noFiles,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := s.check(); err != nil {
				return err
			}
			config, err := s.config(cmd.Flags(), user)
			if err != nil {
				return err
			}
			installed, err := service.New(&daemon{}, config)
			if err != nil {
				return noServices(err)
			}
			if err := installed.Install(); err != nil {
				return notAllowed(err)
			}
			_, err = fmt.Fprintf(t.stdout, "Đã cài dịch vụ Văn Thư: vanthu %s\nChạy ngay: vanthu service start\n", t.discreet(strings.Join(config.Arguments, " ")))
			return err
		},
	}
	s.flags(cmd)
	cmd.Flags().StringVar(&user, "user", "", "trên Linux, chạy bằng `TÀI-KHOẢN` này; không có thì systemd tự tạo tài khoản riêng")
	return cmd
}

// serviceFolder is where a service keeps its data when nothing else is said.
func serviceFolder() string {
	if runtime.GOOS == "windows" {
		return filepath.Join(os.Getenv("ProgramData"), "vanthu")
	}
	return "/var/lib/vanthu"
}

// config returns the service that runs serve with the flags that were given.
func (s *server) config(given *pflag.FlagSet, user string) (*service.Config, error) {
	if strings.Contains(s.at.db, "://") {
		return nil, usageError("Địa chỉ cơ sở dữ liệu có mật khẩu, không ghi vào dịch vụ: đặt biến môi trường VANTHU_DB và VANTHU_FILES cho dịch vụ.")
	}
	args := []string{"serve"}
	if !given.Changed("data") && !given.Changed("db") {
		args = append(args, "--data="+serviceFolder())
	}
	if runtime.GOOS == "windows" && !given.Changed("log") {
		folder := serviceFolder()
		if s.at.data != "" {
			folder = s.at.data
		}
		path, err := filepath.Abs(filepath.Join(folder, "nhat-ky.txt"))
		if err != nil {
			return nil, err
		}
		args = append(args, "--log="+path)
	}
	var wrong error
	paths := []string{"data", "db", "files", "don-vi", "tls-cert", "tls-key", "log", "templates", "fonts"}
	given.Visit(func(flag *pflag.Flag) {
		value := flag.Value.String()
		if slices.Contains(paths, flag.Name) && !isAddress(value) {
			path, err := filepath.Abs(value) // a service starts in another folder
			wrong, value = errors.Join(wrong, err), path
		}
		if flag.Name != "user" {
			args = append(args, "--"+flag.Name+"="+value)
		}
	})
	if user == "" && runtime.GOOS != "windows" && (given.Changed("data") || given.Changed("db") || given.Changed("files")) {
		return nil, usageError("Dữ liệu ở chỗ khác " + serviceFolder() + " thì phải cho --user: tài khoản được ghi vào đó.")
	}
	return &service.Config{
		Name: serviceName, DisplayName: "Văn Thư", Description: "Soạn văn bản hành chính: trang web và API của cơ quan", Arguments: args, UserName: user,
		Option: service.KeyValue{
			"SystemdScript": unit, "OnFailure": "restart", "OnFailureDelayDuration": "5s", "OnFailureResetPeriod": 3600, "DelayedAutoStart": true,
		},
	}, wrong
}

// unit is what systemd is told. internal/docs/deploy/vanthu.service has the same, with reasons.
const unit = `[Unit]
Description={{Description}}
Wants=network-online.target
After=network-online.target

[Service]
ExecStart={{Path | cmdEscape}}{{range Arguments}} {{. | cmd}}{{end}}
EnvironmentFile=-/etc/vanthu/vanthu.env
{{if UserName}}User={{UserName}}
{{else}}DynamicUser=yes
StateDirectory=vanthu
StateDirectoryMode=0750
ProtectSystem=strict
ProtectHome=yes
{{end}}UMask=0027
Restart=on-failure
RestartSec=5
RestartPreventExitStatus=2
TimeoutStopSec=75
NoNewPrivileges=yes
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
PrivateTmp=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes

[Install]
WantedBy=multi-user.target
`

// printStatus prints whether the service runs.
func (t *tool) printStatus(installed service.Service) error {
	status, err := installed.Status()
	text := "Dịch vụ Văn Thư đã cài, đang dừng."
	switch {
	case errors.Is(err, service.ErrNotInstalled):
		text = "Dịch vụ Văn Thư chưa được cài: vanthu service install."
	case err != nil:
		return err
	case status == service.StatusRunning:
		text = "Dịch vụ Văn Thư đang chạy."
	}
	_, err = fmt.Fprintln(t.stdout, text)
	return err
}

// notAllowed returns what most likely keeps somebody from changing services.
func notAllowed(err error) error {
	switch {
	case errors.Is(err, os.ErrPermission):
		return usageError("Cần quyền quản trị: mở Command Prompt bằng “Run as administrator” (Windows) hoặc dùng sudo (Linux).")
	case errors.Is(err, service.ErrNotInstalled):
		return usageError("Dịch vụ Văn Thư chưa được cài: vanthu service install.")
	case strings.Contains(err.Error(), "already exists"):
		return usageError("Dịch vụ Văn Thư đã được cài. Muốn đổi lựa chọn: vanthu service uninstall rồi cài lại.")
	}
	return err
}

// noServices is the error that this machine has nothing that runs services.
func noServices(err error) error {
	return usageError(fmt.Sprintf("Máy này không có Windows Services hay systemd để cài dịch vụ (%v).", err))
}

// isService reports whether the program was started by the service manager of Windows, which wants to be answered. systemd does not.
func isService() bool { return runtime.GOOS == "windows" && !service.Interactive() }

// runService runs a command until the service manager says stop.
func (t *tool) runService(args []string) int {
	d := &daemon{work: t.serviceWork(args)}
	started, err := service.New(d, &service.Config{Name: serviceName})
	if err == nil {
		err = started.Run()
	}
	if err != nil {
		return exitFault
	}
	return d.code
}

func (t *tool) serviceWork(args []string) func(context.Context) int {
	return func(ctx context.Context) int { return t.run(ctx, args) }
}

// daemon is what the service manager starts and stops.
type daemon struct {
	work  func(ctx context.Context) int
	code  int
	stop  context.CancelFunc
	ended chan struct{}
}

// Start begins the work and returns.
func (d *daemon) Start(service.Service) error {
	ctx, stop := context.WithCancel(context.Background())
	d.stop, d.ended = stop, make(chan struct{})
	go func() {
		d.code = d.work(ctx)
		if ctx.Err() == nil {
			os.Exit(max(d.code, exitFindings)) // by itself: the manager starts it again
		}
		close(d.ended)
	}()
	return nil
}

// Stop ends the work and waits for what is in hand.
func (d *daemon) Stop(service.Service) error {
	d.stop()
	<-d.ended
	return nil
}
