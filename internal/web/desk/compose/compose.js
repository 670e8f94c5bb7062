// The page of a draft: it saves itself, shows the preview and leads from a finding to its field.
"use strict";
(() => {
  const form = document.getElementById("soan");
  const found = document.getElementById("tim-thay");
  const sheets = document.getElementById("trang");
  const kind = form.elements.loai.value;
  const pause = 400; // ms after the last key

  let id = form.dataset.id;
  let version = Number(form.dataset.version);
  let dirty = false, halted = false, flushed = false, strict = false, blocking = true;
  let saving = null, timer = 0, state = "";

  /* What is typed */

  const text = () => {
    const data = new URLSearchParams(new FormData(form));
    for (const name of ["_ban", "_ma"]) data.delete(name);
    return data;
  };

  function body(extra = {}) {
    const data = text();
    for (const [name, value] of Object.entries({ _ban: version, _ma: id, ...extra })) data.set(name, value);
    return data;
  }

  const address = () => (version ? `/ban-thao/${id}` : "/ban-thao");

  function typed() {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }
  form.addEventListener("input", typed);

  /* Saving */

  // save sends what is typed, one request at a time, until nothing is left to send.
  async function save() {
    clearTimeout(timer);
    if (saving) return saving;
    saving = (async () => {
      while ((dirty || !version) && !halted && await send());
    })();
    await saving;
    saving = null;
  }

  // send gives true when the server has it.
  async function send() {
    dirty = false;
    if (flushed) await catchUp();
    const slow = setTimeout(() => tell("Đang lưu…"), 800);
    let response;
    try {
      const tags = [...sheets.children].map((sheet) => sheet.dataset.tag).join(",");
      response = await fetch(address(), { method: "POST", body: body({ _trang: tags }), headers: { Accept: "application/json", "HX-Request": "true" } });
    } catch {
      retry("Mất kết nối. Phần đang gõ được giữ trên máy này và sẽ lưu khi có mạng.", 5000);
      return false;
    } finally {
      clearTimeout(slow);
    }
    if (response.ok) {
      take(await response.json());
      return true;
    }
    if (response.status === 409) {
      conflict(await response.json());
      return false;
    }
    if (response.status === 429 || response.status >= 500) {
      retry("Máy chủ đang bận, sẽ lưu lại ngay khi được.", 1000 * Number(response.headers.get("Retry-After") ?? 5));
      return false;
    }
    dirty = true;
    keepCopy(false);
    tell("Chưa lưu được");
    document.getElementById("thong-bao").innerHTML = await response.text();
    return false;
  }

  // catchUp takes the version that was saved as the page was about to be left, and then was not.
  async function catchUp() {
    flushed = false;
    const answer = version && await fetch(`/ban-thao/${id}/ban`).then((response) => response.json(), () => null);
    if (answer && answer.version === version + 1) version = answer.version;
  }

  function retry(words, wait) {
    dirty = true;
    keepCopy(false);
    tell(words);
    timer = setTimeout(save, wait);
  }

  // take shows what the server answers.
  function take(answer) {
    if (!version) {
      history.replaceState(null, "", `/ban-thao/${answer.id}`);
      form.action = `/ban-thao/${answer.id}`;
      document.getElementById("xoa").hidden = false;
      form.querySelector(".example")?.remove();
    }
    if (id !== answer.id || !version) {
      for (const other of document.querySelectorAll(".compose ~ * form, .bar form")) other.action = other.action.replace(/\/ban-thao\/[^/]+/, `/ban-thao/${answer.id}`);
    }
    dropCopy();
    id = answer.id;
    version = answer.version;
    document.getElementById("thong-bao").replaceChildren();
    tell(`Đã lưu ${answer.saved}`);
    blocking = answer.blocking;
    const open = found.querySelector("details")?.open;
    found.innerHTML = answer.findings;
    if (open) found.querySelector("details")?.setAttribute("open", "");
    if (answer.state !== state) say(`Đã lưu ${answer.saved}. ${answer.state}`);
    state = answer.state;
    if (answer.pages.length > 0) draw(answer.pages);
    mark();
  }

  // draw puts the pages in their places; those that did not change stay.
  function draw(pages) {
    const have = new Map([...sheets.children].map((sheet) => [sheet.dataset.tag, sheet]));
    const top = sheets.scrollTop;
    const next = pages.map((page) => {
      let sheet = have.get(page.tag);
      have.delete(page.tag);
      if (!sheet) {
        sheet = document.createElement("div");
        sheet.className = "sheet";
        sheet.dataset.tag = page.tag;
        sheet.innerHTML = page.picture ?? "";
      }
      return sheet;
    });
    const same = next.length === sheets.children.length && next.every((sheet, i) => sheets.children[i] === sheet);
    if (same) return;
    sheets.replaceChildren(...next);
    sheets.scrollTop = top;
  }

  function tell(words) { document.getElementById("da-luu").textContent = words; }
  function say(words) { document.getElementById("noi").textContent = words; }
  window.vanthu.say = say;

  /* Somebody else saved */

  const clash = document.getElementById("xung-dot");

  function conflict(answer) {
    dirty = halted = true;
    keepCopy(false);
    tell("Chưa lưu");
    clash.querySelector("[data-when]").textContent = answer.when ? ` (${answer.when})` : "";
    clash.hidden = false;
    clash.querySelector("button").focus();
  }

  clash.querySelector("[data-theirs]").addEventListener("click", () => { dropCopy(); dirty = false; });
  clash.querySelector("[data-copy-mine]").addEventListener("click", keepAsCopy);

  // keepAsCopy saves what is typed as a draft of its own.
  function keepAsCopy() {
    dropCopy();
    version = 0;
    id = "";
    halted = false;
    dirty = true;
    clash.hidden = true;
    return save();
  }

  /* Leaving and coming back */

  const copyName = () => "vanthu-ban-thao-" + (version ? id : "moi-" + kind);

  function keepCopy(sent) {
    try {
      localStorage.setItem(copyName(), JSON.stringify({ id, version, sent, at: Date.now(), text: text().toString() }));
    } catch { /* no room: the page says that it is not saved */ }
  }

  function dropCopy() { try { localStorage.removeItem(copyName()); } catch { /* nothing kept */ } }

  function flush() {
    if (!dirty && !saving) return; // leaving breaks off what is being saved
    keepCopy(!halted);
    if (halted) return;
    clearTimeout(timer);
    flushed = navigator.sendBeacon(address(), body({ _chiluu: 1 }));
    dirty = !flushed;
  }
  // A link to another page waits until the draft is saved; a second click does not wait.
  let leaving = false;
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || leaving || event.defaultPrevented || !(dirty || saving) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash && link.pathname + link.search === location.pathname + location.search) return; // on this page
    event.preventDefault();
    leaving = true;
    tell("Đang lưu…");
    await save();
    location.assign(link.href);
    leaving = false;
  });

  window.addEventListener("beforeunload", flush);
  window.addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => { if (document.hidden && dirty) save(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("online", () => { if (dirty) save(); });

  const offer = document.getElementById("phuc-hoi");

  // comeBack offers what was typed and not saved when the page was left.
  async function comeBack() {
    let copy = null;
    try { copy = JSON.parse(localStorage.getItem(copyName())); } catch { /* none */ }
    if (!copy) return;
    if (copy.text === text().toString()) { dropCopy(); return; }
    if (copy.sent && !version && copy.id) { // a new draft that was saved as its page was left: it is among the drafts
      const there = await fetch(`/ban-thao/${copy.id}/ban`).then((response) => response.ok, () => false);
      if (there) { dropCopy(); return; }
    }
    if (copy.sent && version && copy.version === version) { // it may have been saved after this page was read
      for (const wait of [100, 500]) {
        await new Promise((done) => setTimeout(done, wait));
        const answer = await fetch(`/ban-thao/${id}/ban`).then((response) => response.json(), () => null);
        if (answer && answer.version !== version && !dirty) { location.reload(); return; }
      }
    }
    const at = new Date(copy.at), two = (n) => String(n).padStart(2, "0");
    offer.querySelector("[data-when]").textContent = `${two(at.getDate())}/${two(at.getMonth() + 1)}/${at.getFullYear()} ${two(at.getHours())}:${two(at.getMinutes())}`;
    offer.hidden = false;
    offer.querySelector("[data-restore]").onclick = () => {
      offer.hidden = true;
      restore(new URLSearchParams(copy.text));
      if (copy.version !== version) keepAsCopy(); // the draft went on without it
      else { if (!version && copy.id) id = copy.id; typed(); }
    };
    offer.querySelector("[data-discard]").onclick = () => { offer.hidden = true; dropCopy(); };
  }

  function restore(data) {
    for (const room of document.querySelectorAll("[data-rows]")) {
      const numbers = [...data.keys()].filter((name) => name.startsWith(room.dataset.rows + "[")).map((name) => parseInt(name.slice(room.dataset.rows.length + 1), 10));
      window.vanthu.fit(room, Math.max(0, ...numbers));
    }
    for (const control of form.elements) {
      if (control.name && control.type !== "hidden") control.value = data.get(control.name) ?? "";
    }
    chooseSigner();
  }

  /* From a finding to its field */

  const byName = (name) => document.getElementById("f-" + name);

  // place finds the control of a field as findings call it, and of a list its item.
  function place(field) {
    let name = "";
    const parts = field.split(".");
    for (const part of parts) {
      const [, key, item] = part.match(/^([^[]*)(?:\[(\d+)\])?$/) ?? [null, part];
      name = name ? `${name}.${key}` : key;
      if (!item) continue;
      const room = document.querySelector(`[data-rows="${CSS.escape(name)}"]`);
      if (!room) return { control: byName(name), item: Number(item) };
      const row = window.vanthu.filledRow(room, Number(item));
      if (!row) break;
      name += `[${window.vanthu.rowsOf(room).indexOf(row) + 1}]`;
      if (part === parts.at(-1)) return { control: row.querySelector("input, select, textarea") };
    }
    const direct = byName(name);
    if (direct && !direct.closest("[hidden]")) return { control: direct };
    const group = form.querySelector(`[data-group="${CSS.escape(name)}"], [data-table-of="${CSS.escape(name)}"]`) ?? direct?.closest("fieldset");
    const needed = [...group?.querySelectorAll("input, select, textarea") ?? []].find((one) => !one.value.trim() && !one.closest("[hidden]") && one.labels?.[0]?.querySelector(".must"));
    return { control: needed ?? group?.querySelector("input, select, textarea, summary") ?? null };
  }

  // span finds the first words of a finding in a text, however it is spaced.
  function span(value, words) {
    const wanted = words.replace(/\s*…$/, "").trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
    const match = wanted && value.match(new RegExp(wanted));
    return match ? [match.index, match.index + match[0].length] : null;
  }

  // itemSpan finds an item of a list; a line that only repeats the label is none.
  function itemSpan(value, item, label) {
    const bare = (line) => line.replace(/[*_:\s]+/g, " ").trim().toLowerCase();
    let at = 0;
    for (const line of value.split("\n")) {
      if (line.trim() && bare(line) !== bare(label) && --item === 0) return [at, at + line.length];
      at += line.length + 1;
    }
    return null;
  }

  function show(control, part) {
    for (let up = control.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
    control.focus({ preventScroll: true });
    if (part && control.setSelectionRange) {
      control.setSelectionRange(...part);
      if (control.scrollHeight > control.clientHeight) control.scrollTop = control.scrollHeight * part[0] / control.value.length - control.clientHeight / 3;
    }
    control.scrollIntoView({ block: "center", behavior: "smooth" });
  }

  function go(button) {
    const { field, text: words, paragraph } = button.dataset;
    let { control, item } = field ? place(field) : {};
    let part = control && item ? itemSpan(control.value, item, control.labels?.[0]?.firstChild?.textContent ?? "") : null;
    if (control && words && control.localName === "textarea") part ??= span(control.value, words);
    if (!control && words) {
      control = [...form.querySelectorAll("textarea, input:not([type=hidden])")].find((one) => span(one.value, words));
      part = control && span(control.value, words);
    }
    if (control) show(control, part);
    if (paragraph) point(paragraph);
  }
  found.addEventListener("click", (event) => {
    const button = event.target.closest("button.go");
    if (button) go(button);
  });

  // point shows a paragraph of the preview.
  function point(paragraph) {
    const part = sheets.querySelector(`g[data-p="${paragraph}"]`);
    if (!part) return;
    for (const old of sheets.querySelectorAll(".pointed")) old.classList.remove("pointed");
    part.classList.add("pointed");
    const rise = part.getBoundingClientRect().top - sheets.getBoundingClientRect().top;
    sheets.scrollTo({ top: sheets.scrollTop + rise - sheets.clientHeight / 3, behavior: "smooth" });
  }

  // A click on a paragraph of the preview goes to where it was typed.
  sheets.addEventListener("click", (event) => {
    const part = event.target.closest("g[data-p]");
    if (!part || String(window.getSelection())) return;
    const words = [...part.querySelectorAll("text")].map((line) => line.textContent).join(" ").slice(0, 200).replace(/[;.,]+\/?\.?\s*$/, "").trim();
    for (const most of [60, 30, 15]) {
      const some = words.slice(0, most);
      const control = [...form.querySelectorAll("textarea, input:not([type=hidden])")].find((one) => span(one.value, some));
      if (control && some) { show(control, span(control.value, some)); return; }
    }
  });

  // mark shows errors at their fields; what is missing only once a document was asked for.
  function mark() {
    for (const old of sheets.querySelectorAll(".flagged")) old.classList.remove("flagged");
    for (const button of found.querySelectorAll(".go[data-paragraph]")) sheets.querySelector(`g[data-p="${button.dataset.paragraph}"]`)?.classList.add("flagged");
    for (const control of form.querySelectorAll("[aria-invalid]")) {
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-errormessage");
    }
    for (const old of form.querySelectorAll(".wrong")) old.remove();
    for (const button of found.querySelectorAll(".found-errors .go[data-field], .found-missing .go[data-field]")) {
      if (!button.dataset.field || "missing" in button.dataset && !strict) continue;
      const { control } = place(button.dataset.field);
      if (!control?.name || control.hasAttribute("aria-invalid")) continue;
      control.setAttribute("aria-invalid", "true");
      const words = "missing" in button.dataset ? "Chưa điền." : button.querySelector(".go-message").textContent;
      if (control.closest(".grid")) { control.title = words; continue; }
      const wrong = document.createElement("p");
      wrong.className = "wrong";
      wrong.id = "w-" + control.name;
      wrong.textContent = words;
      control.setAttribute("aria-errormessage", wrong.id);
      (control.closest(".date-field") ?? control).after(wrong);
    }
    const count = found.querySelectorAll(".found-errors .go, .found-missing .go").length;
    blocking = count > 0;
    document.querySelector(".to-look [data-count]").textContent = count ? `(${count} chỗ cần sửa)` : "";
  }

  /* Forms beside the draft wait until it is saved */

  window.addEventListener("submit", async (event) => {
    const other = event.target;
    if (other === form) {
      event.preventDefault();
      typed();
      save();
      return;
    }
    if (!("afterSave" in other.dataset) || "ready" in other.dataset) {
      if ("ready" in other.dataset) setTimeout(() => { if (!event.defaultPrevented) rest(other); }); // what was asked and answered with no is not sent
      delete other.dataset.ready;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if ("waits" in other.dataset) return; // a double click
    const button = event.submitter;
    other.dataset.waits = "";
    await save();
    await new Promise((done) => setTimeout(done, 300)); // a form cannot be sent anew while it is being sent; and a second click comes by then
    delete other.dataset.waits;
    if (dirty || halted || !version) return;
    if ("makes" in other.dataset && blocking) {
      strict = true;
      mark();
      say("Chưa làm được văn bản: " + found.querySelector(".found-state").textContent);
      go(found.querySelector(".found-missing .go, .found-errors .go"));
      return;
    }
    other.dataset.ready = "";
    other.requestSubmit(button);
    delete other.dataset.ready;
  }, true);

  // rest keeps the buttons of a form still while the server works: those that lead to another page until that is there.
  function rest(other) {
    const buttons = other.querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    setTimeout(() => { for (const button of buttons) button.disabled = false; }, other.id === "lam" ? 2000 : 20000);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      dirty = true;
      save();
    }
  });

  /* What the page can do more with a script */

  const signer = form.querySelector("[data-signer]");
  function chooseSigner() {
    if (signer) signer.closest("fieldset").querySelector("[data-typed]").hidden = signer.value !== "*";
  }
  signer?.addEventListener("change", chooseSigner);

  function dress(part) {
    for (const one of part.querySelectorAll(".with-keys, .tools")) one.hidden = false;
    for (const one of part.querySelectorAll(".date-field:not(.dressed)")) calendar(one);
  }
  document.addEventListener("dress", (event) => dress(event.target));

  // calendar puts a button beside a date that opens the browser's own.
  function calendar(field) {
    field.classList.add("dressed");
    const input = field.querySelector("input");
    const native = Object.assign(document.createElement("input"), { type: "date", tabIndex: -1 });
    native.setAttribute("aria-hidden", "true");
    const button = Object.assign(document.createElement("button"), { type: "button", title: "Chọn ngày trên lịch" });
    button.setAttribute("aria-label", "Chọn ngày trên lịch");
    button.addEventListener("click", () => {
      const day = input.value.match(/^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/);
      native.value = day ? `${day[3]}-${day[2].padStart(2, "0")}-${day[1].padStart(2, "0")}` : "";
      native.showPicker?.();
    });
    native.addEventListener("input", (event) => event.stopPropagation());
    native.addEventListener("change", () => {
      if (!native.value) return;
      input.value = native.value.split("-").reverse().join("/");
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.focus();
    });
    field.append(native, button);
  }

  if (version) history.replaceState(null, "", `/ban-thao/${id}${location.hash}`); // not that of a form that was refused
  for (const plain of document.querySelectorAll(".nojs")) plain.remove();
  dress(document);
  chooseSigner();
  strict = Boolean(document.querySelector("main > .notice.error"));
  mark();
  state = found.querySelector(".found-state")?.textContent ?? "";
  if (strict) go(found.querySelector(".found-missing .go, .found-errors .go") ?? found);
  comeBack();
  const button = document.querySelector(".to-look");
  new IntersectionObserver(([entry]) => { button.hidden = entry.isIntersecting; }).observe(document.getElementById("xem-truoc"));
  const number = document.getElementById("lay-so");
  const typedNumber = byName("so");
  typedNumber?.addEventListener("input", () => { if (number) number.hidden = typedNumber.value.trim() !== ""; });
})();
