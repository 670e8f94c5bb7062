// Pages of data files: searching the kinds, and saying that a file is on its way.
"use strict";

const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();

// <input data-filter="#list"> leaves of a list of lists what has each of its words, accents aside.
for (const search of document.querySelectorAll("[data-filter]")) {
  const sections = document.querySelector(search.dataset.filter).querySelectorAll("section");
  const none = search.parentElement.querySelector(".none");
  search.parentElement.hidden = false;
  search.addEventListener("input", () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let any = false;
    for (const section of sections) {
      let some = false;
      for (const item of section.querySelectorAll("li")) {
        const text = plain(item.textContent);
        item.hidden = !words.every((word) => text.includes(word));
        some ||= !item.hidden;
      }
      section.hidden = !some;
      any ||= some;
    }
    none.hidden = any;
  });
}

// <form data-busy="words"> says so on its button while it is sent.
for (const form of document.querySelectorAll("[data-busy]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button");
    button.dataset.name = button.textContent;
    button.textContent = form.dataset.busy;
    setTimeout(() => { button.disabled = true; });
  });
}
window.addEventListener("pageshow", () => { // come back to, as it was left
  for (const button of document.querySelectorAll("[data-busy] button[data-name]")) {
    button.textContent = button.dataset.name;
    button.disabled = false;
  }
});
