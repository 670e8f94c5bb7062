// Batches: sends a large file with a sign of how far it is, and follows what becomes of it.
"use strict";

// The form goes to the API, which can be asked twice under one key without making two batches. Without this script it goes to the page itself.
const form = document.querySelector("form.send");
if (form) {
  const bar = form.querySelector("progress");
  const told = form.querySelector(".sent");
  const button = form.querySelector("button");
  const notice = document.getElementById("thong-bao");
  let key = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const refuse = (title, detail) => {
    const box = document.createElement("section");
    const heading = document.createElement("h2");
    const text = document.createElement("p");
    box.className = "notice error";
    heading.textContent = title;
    text.textContent = detail;
    box.append(heading, text);
    notice.replaceChildren(box);
    notice.scrollIntoView({ block: "center" });
    form.querySelector(".sending").hidden = true;
    button.disabled = false;
  };
  form.addEventListener("change", () => { key = crypto.getRandomValues(new Uint32Array(4)).join("-"); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    notice.replaceChildren();
    const data = new FormData(form);
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/batches");
    request.setRequestHeader("Idempotency-Key", key);
    request.responseType = "json";
    request.upload.addEventListener("progress", (sent) => {
      const percent = Math.floor(100 * sent.loaded / sent.total);
      bar.value = percent;
      told.textContent = percent < 100 ? percent + "%" : "– đã gửi, đang ghi nhận…";
    });
    request.addEventListener("load", () => {
      if (request.status < 300 && request.response) {
        location.assign("/lo/" + request.response.id);
        return;
      }
      const problem = request.response || {};
      refuse(problem.title || "Không gửi được", problem.detail || "Máy chủ không nhận tệp. Hãy thử lại sau ít phút.");
    });
    request.addEventListener("error", () => refuse("Đường truyền bị ngắt", "Tệp chưa gửi xong. Bấm “Bắt đầu làm” để gửi lại; gửi lại không làm hai lần."));
    form.querySelector(".sending").hidden = false;
    button.disabled = true;
    request.send(data);
  });
}

// A batch that is being made tells of itself; where its events do not come through, it is asked.
const progress = document.getElementById("tien-do");
if (progress && progress.dataset.events) {
  const words = document.getElementById("noi");
  const bar = document.getElementById("thanh");
  let shown = 0; // when the table was last made new
  let asking = 0; // the timer of those who ask
  let last = null; // what the server told last
  const agree = () => { // the counts of the filter, which is made new less often, with those above it
    for (const count of document.querySelectorAll("#ket-qua [data-state]")) count.textContent = last?.[count.dataset.state] ?? count.textContent;
  };
  const showItems = async () => {
    if (Date.now() - shown < 3000 || document.querySelector("#ket-qua details[open], #ket-qua :focus")) return;
    shown = Date.now();
    const answer = await fetch(progress.dataset.items + location.search);
    if (answer.ok) document.getElementById("ket-qua").innerHTML = await answer.text();
    agree();
  };
  const show = (batch) => {
    last = batch;
    agree();
    for (const count of progress.querySelectorAll("[data-count]")) {
      const n = batch[count.dataset.count];
      count.textContent = n;
      if (/refused|failed/.test(count.dataset.count)) count.parentElement.classList.toggle("error", n > 0);
    }
    if (batch.total > 0) {
      document.getElementById("tinh-trang").textContent = "Đang làm";
      progress.querySelector("a[download]").hidden = false;
      bar.max = batch.total;
      bar.value = batch.total - batch.pending;
      let text = `Đã xong ${batch.total - batch.pending} trong ${batch.total} văn bản`;
      if (batch.secondsLeft >= 60) text += `, còn khoảng ${Math.ceil(batch.secondsLeft / 60)} phút`;
      else if (batch.secondsLeft > 0) text += `, còn khoảng ${batch.secondsLeft} giây`;
      words.textContent = text;
      showItems().catch(() => {});
    }
    if (batch.state === "done" || batch.state === "cancelled") location.reload();
  };
  const ask = async () => {
    const answer = await fetch(progress.dataset.status);
    if (answer.ok) show(await answer.json());
  };
  const events = new EventSource(progress.dataset.events);
  events.addEventListener("status", (event) => {
    clearInterval(asking);
    asking = 0;
    show(JSON.parse(event.data));
  });
  events.addEventListener("end", () => events.close());
  events.addEventListener("error", () => {
    if (!asking) asking = setInterval(() => { ask().catch(() => {}); }, 3000);
  });
}
