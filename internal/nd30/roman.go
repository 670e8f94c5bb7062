package nd30

// ParseRoman reads a Roman number as the decree numbers its parts: upper case, canonical, 1 to 39 ("IV", never "IIII").
// Anything else gives 0.
func ParseRoman(text string) int {
	for n := 1; n < 40; n++ {
		if Roman(n) == text {
			return n
		}
	}
	return 0
}

// Roman writes 1 to 39.
func Roman(n int) string {
	tens := [...]string{"", "X", "XX", "XXX"}
	ones := [...]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}
	return tens[n/10] + ones[n%10]
}
