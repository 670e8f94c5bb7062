// What every page may use. Nothing here is needed to read a page or to send a form.
"use strict";

// <button data-copy="text"> copies a text and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const name = button.textContent;
  button.textContent = "Đã chép";
  setTimeout(() => { button.textContent = name; }, 1500);
});

// <form data-confirm="question"> asks before it is sent.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
}, true);

// <label class="drop"> with a file field inside takes files that are dropped on it, and tells their names.
for (const drop of document.querySelectorAll(".drop")) {
  const input = drop.querySelector("input[type=file]");
  const names = drop.querySelector(".drop-names") ?? drop.appendChild(Object.assign(document.createElement("span"), { className: "drop-names" }));
  const tell = () => { names.textContent = [...input.files].map((file) => file.name).join(", ") || "Chưa chọn tệp"; };
  drop.classList.add("ours");
  tell();
  input.addEventListener("change", tell);
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    drop.addEventListener(kind, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// A menu closes when one clicks or goes elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.who[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// On a narrow screen the parts scroll sideways: the one that is shown is in view.
document.querySelector(".parts [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
