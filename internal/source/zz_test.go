package source_test
import ("testing";"fmt";"strings";"time";"vanthu/internal/source";"vanthu/internal/model")
func TestZZ(t *testing.T){
 schema:=schemaOf(t,"ke-hoach")
 var u,s,it,un strings.Builder
 s.WriteString("nguoi_ky:\n"); it.WriteString("can_cu:\n"); un.WriteString("noi_dung: |\n")
 for i:=range 99000 { fmt.Fprintf(&u,"khoa_la_%d: x\n",i); if i<33000 {fmt.Fprintf(&s,"  k%d: {ho_ten: x}\n",i)}; it.WriteString("  -\n"); un.WriteString("  a \ufeff\n") }
 for n,c:=range map[string][2]string{"unknown":{u.String(),""},"signers":{"so: 1\n",s.String()},"items":{it.String(),""},"dups":{strings.Repeat("a: 1\n",99000),""},"unp":{un.String(),""},"long":{"noi_dung: |\n"+strings.Repeat("  a\n",1<<19),""},"joined":{"noi_dung: |\n"+strings.Repeat("  A\n  b\n\n",1<<17),""},"longline":{"noi_dung: |\n  "+strings.Repeat("1. ",1<<20),""},"spaces":{"trich_yeu: \"a"+strings.Repeat(" \\t",1<<19)+"b\"",""}} {
  b:=time.Now(); rec,f1,_:=source.Read("a.yaml",[]byte(c[0])); var p *model.Record
  if c[1]!="" { pr,f2,_:=source.Read("d.yaml",[]byte(c[1])); p=&pr; f1=append(f1,f2...) }
  r:=time.Since(b); b=time.Now(); _,found:=model.Bind(schema,rec,p)
  fmt.Println(n,len(c[0]),r,time.Since(b),len(f1),len(found))
 }
}
