package e2e

import "testing"

func TestZZ(t *testing.T) {
	b := browse(t, open(t), 1440, "/soan/ke-hoach")
	js[bool](b, `(() => { window.seen=[]; for (const k of ["keydown","beforeinput","input","focusin","focusout","select"]) document.addEventListener(k, (e) => window.seen.push(Math.round(performance.now())+" "+k+" "+(e.target.id||e.target.localName)+" "+(e.key||e.data||e.inputType||"")+" = "+(e.target.value||"").slice(0,30)), true); return true; })()`)
	b.plan()
	t.Log(b.value("f-trich_yeu"), "|", b.value("f-noi_dung"), "|", b.value("f-noi_nhan"))
	for _, l := range js[[]string](b, `window.seen`) {
		t.Log(l)
	}
}
