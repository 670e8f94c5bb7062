package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"vanthu/internal/vi"
)

// commune is a unit of the lowest level of government.
type commune struct {
	kind string // "xã", "phường" or "đặc khu"
	name string // "Vĩnh Am"
	slug string // "xa-vinh-am"

	signer, deputy string // chair and vice chair of the people's council
	byDeputy       bool   // who signs
	number         int    // of this year's report; that of the year before is lower
}

// communes draws n of them, no two of one name. The first is ours.
func communes(n int, seed uint64) ([]commune, error) {
	chance := rand.New(rand.NewPCG(seed, 0))
	names := []string{"Vĩnh Am"}
	taken := map[string]bool{vi.Fold(names[0]): true}
	for _, at := range chance.Perm(len(firstNames) * len(lastNames)) {
		first, last := firstNames[at/len(lastNames)], lastNames[at%len(lastNames)]
		if name := first + " " + last; first != last && !taken[vi.Fold(name)] {
			taken[vi.Fold(name)] = true
			names = append(names, name)
		}
	}
	if n > len(names) {
		return nil, fmt.Errorf("there are names for %d communes only", len(names))
	}
	all := make([]commune, n)
	for i := range all {
		c := commune{kind: "xã", name: names[i], signer: person(chance), deputy: person(chance)}
		switch {
		case i == 0: // samples/don-vi.yaml has the same
			c.signer, c.deputy = "Vũ Đình Thắng", "Phạm Xuân Hanh"
		case i%250 == 29:
			c.kind = "đặc khu"
		case i%3 == 2:
			c.kind = "phường"
		}
		c.byDeputy = i == 0 || chance.IntN(3) > 0
		c.number = 45 + chance.IntN(90)
		c.slug = vi.FileName(vi.Fold(c.kind + " " + c.name))
		all[i] = c
	}
	return all, nil
}

// person draws a full name.
func person(chance *rand.Rand) string {
	if chance.IntN(3) == 0 {
		return pick(chance, familyNames) + " " + pick(chance, womenMiddle) + " " + pick(chance, womenNames)
	}
	return pick(chance, familyNames) + " " + pick(chance, menMiddle) + " " + pick(chance, menNames)
}

func pick[T any](chance *rand.Rand, list []T) T { return list[chance.IntN(len(list))] }

// some draws k of a list, in the order of the list.
func some[T any](chance *rand.Rand, list []T, k int) (drawn []T) {
	chosen := make([]bool, len(list))
	for _, i := range chance.Perm(len(list))[:k] {
		chosen[i] = true
	}
	for i, item := range list {
		if chosen[i] {
			drawn = append(drawn, item)
		}
	}
	return drawn
}

// between draws a number from a to b.
func between(chance *rand.Rand, a, b int) int { return a + chance.IntN(b-a+1) }

// words puts the words of the commune into a text: {xa} is its kind, {thon} what its hamlets are called, {kinh te} its economic office.
func (c *commune) words() *strings.Replacer {
	hamlet, office := "thôn", "Phòng Kinh tế"
	if c.kind != "xã" {
		office = "Phòng Kinh tế, Hạ tầng và Đô thị"
	}
	if c.kind == "phường" {
		hamlet = "tổ dân phố"
	}
	return strings.NewReplacer("{xa}", c.kind, "{thon}", hamlet, "{Thon}", vi.Upper(hamlet[:1])+hamlet[1:], "{kinh te}", office)
}
