// The register: the address follows what is looked for, so that coming back finds it again.
"use strict";

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "ket-qua") return;
  const form = document.querySelector(".register-search");
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  history.replaceState(null, "", query.size ? "?" + query : location.pathname);
});

// <button data-print> prints the page.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
