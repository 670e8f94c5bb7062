// Command tao-mau (“make samples”) writes the input of a batch: the data file of a yearly report for each commune of a made-up
// city, which trials and samples need in any number. Names, people and figures are drawn by chance from lists of words; the same seed gives the same bytes.
//
//	go run ./samples/tao-mau -n 3321 -seed 57 -o DIR
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

func main() {
	n := flag.Int("n", 30, "number of communes")
	seed := flag.Uint64("seed", 57, "seed of all that is drawn by chance")
	previous := flag.Bool("previous", false, "also write the data of the year before, below ky-truoc")
	folder := flag.String("o", "", "folder to write to")
	flag.Parse()
	if *folder == "" || *n < 1 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := write(*folder, *n, *seed, *previous); err != nil {
		fmt.Fprintln(os.Stderr, "tao-mau:", err)
		os.Exit(1)
	}
}

// write makes the files of n communes below a folder.
func write(folder string, n int, seed uint64, previous bool) error {
	all, err := communes(n, seed)
	if err != nil {
		return err
	}
	deepest := folder
	if previous {
		deepest = filepath.Join(folder, before)
	}
	if err := os.MkdirAll(deepest, 0o755); err != nil {
		return err
	}
	for i, c := range all {
		chance := rand.New(rand.NewPCG(seed, uint64(i)+1))
		now, then := c.years(chance)
		err := now.save(filepath.Join(folder, c.slug+".xlsx"))
		if err == nil && previous {
			err = then.save(filepath.Join(folder, before, c.slug+".xlsx"))
		}
		if err != nil {
			return err
		}
	}
	for name, text := range map[string]string{"don-vi.yaml": profile, "tong-hop.yaml": consolidated} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// before is the folder of the data of the year before.
const before = "ky-truoc"
