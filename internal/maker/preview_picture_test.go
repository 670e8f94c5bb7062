package maker_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"vanthu/internal/officetest"
	"vanthu/internal/testenv"
)

// TestPreviewLooksAsPrinted photographs pages of samples in a browser and from their PDF, at two pixels to one of 96 to the inch, and wants
// the ink of each within one such pixel of ink of the other.
func TestPreviewLooksAsPrinted(t *testing.T) {
	browser := testenv.Tool(t, "chromium", "chromium-browser", "google-chrome")
	if out, err := exec.Command(browser, "--headless", "--no-sandbox", "--user-data-dir="+t.TempDir(), "--dump-dom", "about:blank").CombinedOutput(); err != nil {
		testenv.Lacks(t, "%s that starts, as it does not where memory is limited by address space: %v\n%s", browser, err, out)
	}
	printer := testenv.Tool(t, "pdftoppm")
	a := officetest.Plain(t)
	const most = 0.001 // of the ink, for the edges that two programs draw otherwise
	for _, c := range []struct {
		story string
		page  int
	}{
		{"ke-hoach-57", 1},       // justified text, rules, bold and italic
		{"ket-luan-giam-sat", 2}, // a table
	} {
		t.Run(fmt.Sprintf("%s page %d", c.story, c.page), func(t *testing.T) {
			request := requestOf(t, c.story)
			shown, _, err := a.Maker.Preview(t.Context(), request)
			must(t, err)
			picture := shown.Pages[c.page-1]
			printed := fromPDF(t, printer, officetest.Made(t, a, request).PDF, c.page)
			seen := inBrowser(t, browser, a, picture, printed.Bounds().Size())
			keepPicture(t, c.story+"-print.png", printed)
			keepPicture(t, c.story+"-seen.png", seen)
			stray := max(strayInk(printed, seen), strayInk(seen, printed))
			t.Logf("%.3f %% of the ink is out of place; the page is %d bytes", 100*stray, len(picture))
			if stray > most {
				t.Errorf("%.3f %% of the ink is out of place", 100*stray)
			}
			unspaced := regexp.MustCompile(` word-spacing="[^"]*"`).ReplaceAllString(picture, "")
			if stray := strayInk(printed, inBrowser(t, browser, a, unspaced, printed.Bounds().Size())); stray < 10*most {
				t.Errorf("words spaced otherwise put %.3f %% of the ink out of place, as if nobody looked", 100*stray)
			}
		})
	}
}

const pixelsPerInch = 2 * 96

func fromPDF(t *testing.T, printer string, pdf []byte, page int) image.Image {
	t.Helper()
	folder, number := t.TempDir(), fmt.Sprint(page)
	must(t, os.WriteFile(filepath.Join(folder, "print.pdf"), pdf, 0o600))
	return photograph(t, folder, printer, "-r", fmt.Sprint(pixelsPerInch), "-f", number, "-l", number, "-png", "-singlefile", "print.pdf", "picture")
}

// inBrowser shows one page over the whole width of a window as wide as the picture, in the faces that the service gives.
func inBrowser(t *testing.T, browser string, a *officetest.Office, page string, size image.Point) image.Image {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("<!doctype html><meta charset=utf-8><style>body{margin:0}svg{display:block;width:100%;font-kerning:none;font-variant-ligatures:none}")
	for _, face := range a.Office.Faces() {
		weight, style := 400, "normal"
		if face.Bold {
			weight = 700
		}
		if face.Italic {
			style = "italic"
		}
		fmt.Fprintf(&b, "@font-face{font-family:%q;font-weight:%d;font-style:%s;src:url(data:%s;base64,%s)}",
			face.Family, weight, style, face.MediaType, base64.StdEncoding.EncodeToString(face.Data))
	}
	b.WriteString("</style>" + page)
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, "page.html"), b.Bytes(), 0o600))
	return photograph(t, folder, browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
		"--user-data-dir="+filepath.Join(folder, "profile"), "--force-device-scale-factor=2",
		fmt.Sprintf("--window-size=%d,%d", size.X/2, size.Y/2), "--screenshot=picture.png", "file://"+filepath.Join(folder, "page.html"))
}

// photograph runs a program that leaves picture.png in the folder.
func photograph(t *testing.T, folder, program string, args ...string) image.Image {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, program, args...)
	command.Dir = folder
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	data, err := os.ReadFile(filepath.Join(folder, "picture.png"))
	must(t, err)
	decoded, err := png.Decode(bytes.NewReader(data))
	must(t, err)
	return decoded
}

// keepPicture writes a picture into the folder KEEP_PICTURES, for a person to look at.
func keepPicture(t *testing.T, name string, picture image.Image) {
	t.Helper()
	if folder := os.Getenv("KEEP_PICTURES"); folder != "" {
		var b bytes.Buffer
		must(t, png.Encode(&b, picture))
		must(t, os.WriteFile(filepath.Join(folder, name), b.Bytes(), 0o600))
	}
}

// strayInk is the part of the ink of one picture that has none of the other within two pixels.
func strayInk(of, in image.Image) float64 {
	const dark, grey, reach = 0x60, 0xA0, 2
	all := of.Bounds()
	first, second := image.NewGray(all), image.NewGray(all.Inset(-reach))
	draw.Draw(first, all, of, all.Min, draw.Src)
	draw.Draw(second, second.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(second, all, in, all.Min, draw.Src)
	near := func(x, y int) bool {
		for dy := -reach; dy <= reach; dy++ {
			for dx := -reach; dx <= reach; dx++ {
				if second.GrayAt(x+dx, y+dy).Y < grey {
					return true
				}
			}
		}
		return false
	}
	ink, stray := 0, 0
	for y := all.Min.Y; y < all.Max.Y; y++ {
		for x := all.Min.X; x < all.Max.X; x++ {
			if first.GrayAt(x, y).Y >= dark {
				continue
			}
			ink++
			if !near(x, y) {
				stray++
			}
		}
	}
	if ink == 0 {
		return 1
	}
	return float64(stray) / float64(ink)
}
