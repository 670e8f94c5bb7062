// The list of drafts, while one of them is still on its way to the server: compose.js keeps a copy of what it sent as its page was left.
"use strict";
(() => {
  const drafts = document.getElementById("ban-thao");
  const notice = document.getElementById("dang-luu");
  const prefix = "vanthu-ban-thao-";
  let timer = 0;

  // late returns the copies of drafts that the list does not show as they were sent, and drops those of new drafts that it shows.
  function late() {
    let names = [];
    try { names = Object.keys(localStorage).filter((name) => name.startsWith(prefix)); } catch { /* nothing is kept */ }
    return names.map((name) => ({ name, ...JSON.parse(localStorage.getItem(name)) })).filter(({ name, id, version, sent }) => {
      const shown = drafts.querySelector(`a[href="/ban-thao/${id}"]`)?.closest("li");
      if (!sent || version && !shown) return false; // not sent, or deleted since
      const there = Boolean(shown) && Number(shown.dataset.version) > version;
      if (there && !version) localStorage.removeItem(name);
      return !there;
    });
  }

  // follow says that a draft is being saved, and asks for the list until it is there.
  function follow(pause) {
    clearTimeout(timer);
    const [copy] = late();
    notice.hidden = !copy;
    drafts.querySelector(".empty")?.toggleAttribute("hidden", Boolean(copy));
    if (!copy) return;
    notice.querySelector("a").href = copy.version ? `/ban-thao/${copy.id}` : "/soan/" + copy.name.slice((prefix + "moi-").length);
    timer = setTimeout(async () => {
      const page = await fetch("/").then((response) => response.ok ? response.text() : "", () => "");
      const list = new DOMParser().parseFromString(page, "text/html").getElementById("ban-thao");
      if (list) drafts.replaceChildren(...list.childNodes);
      follow(Math.min(2 * pause, 10_000));
    }, pause);
  }

  follow(200);
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
