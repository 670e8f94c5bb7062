// Tables of the form: rows to add, move and take away, and blocks of cells pasted from Excel.
"use strict";
window.vanthu = {};
(() => {
  const ours = window.vanthu;

  // cells takes apart what a spreadsheet copies: tabs between cells, quotes around those that hold line breaks, tabs or quotes.
  ours.cells = (text) => {
    text = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    const rows = [[]];
    for (let at = 0; at <= text.length;) {
      let cell;
      const quoted = text[at] === '"' && text.slice(at).match(/^"((?:[^"]|"")*)"(?=[\t\n]|$)/);
      if (quoted) {
        cell = quoted[1].replaceAll('""', '"');
        at += quoted[0].length;
      } else {
        cell = text.slice(at).match(/^[^\t\n]*/)[0];
        at += cell.length;
      }
      rows.at(-1).push(cell);
      if (text[at] === "\n") rows.push([]);
      at++;
    }
    return rows;
  };

  const rowsOf = (room) => [...room.children].filter((child) => child.matches("[data-row]"));
  const controls = (row) => [...row.querySelectorAll("input[name], select[name], textarea[name]")];
  const filled = (row) => controls(row).some((control) => control.value.trim() !== "");
  ours.rowsOf = rowsOf;

  // filledRow is the nth row that says something, from 1: what is blank is no row of the data.
  ours.filledRow = (room, n) => rowsOf(room).filter(filled)[n - 1];

  const named = ["name", "id", "for", "aria-describedby", "data-for", "data-rows", "data-group", "data-table-of"];

  function rename(part, table, n) {
    const begins = new RegExp("^((?:[fhw]-)?" + table.replace(/[.[\]]/g, "\\$&") + ")\\[\\d+\\]");
    for (const element of part.querySelectorAll("*")) {
      for (const name of named) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(begins, `$1[${n}]`));
      }
      if (element.localName === "template") rename(element.content, table, n);
    }
  }

  // renumber names the fields of each row by where it stands.
  function renumber(room) {
    rowsOf(room).forEach((row, i) => rename(row, room.dataset.rows, i + 1));
    label(room);
  }

  function label(room) {
    const name = room.closest(".table-field").dataset.name;
    rowsOf(room).forEach((row, i) => {
      row.querySelector(".row-number").textContent = row.localName === "tr" ? i + 1 : `${name} ${i + 1}`;
    });
    count(room);
  }

  function count(room) {
    const told = room.closest(".table-field").querySelector(":scope > summary [data-rows-told]");
    const rows = rowsOf(room).filter(filled).length;
    told.textContent = rows ? `(${rows} dòng)` : "";
  }

  function addRow(room) {
    const row = room.closest(".table-room").querySelector(":scope > template").content.firstElementChild.cloneNode(true);
    room.append(row);
    renumber(room);
    row.dispatchEvent(new CustomEvent("dress", { bubbles: true }));
    return row;
  }

  // fit gives a table as many rows at least.
  ours.fit = (room, count) => { while (rowsOf(room).length < count) addRow(room); };

  const changed = (element) => element.dispatchEvent(new Event("input", { bubbles: true }));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-row], [data-drop-row], [data-move], [data-expand]");
    if (!button) return;
    const table = button.closest(".table-room");
    if ("expand" in button.dataset) return expand(table, !table.classList.contains("expanded"));
    if ("addRow" in button.dataset) {
      const row = addRow(table.querySelector("[data-rows]"));
      controls(row)[0]?.focus();
      return;
    }
    const row = button.closest("[data-row]");
    const room = row.parentElement;
    if ("move" in button.dataset) {
      const beside = button.dataset.move === "1" ? row.nextElementSibling : row.previousElementSibling;
      if (!beside) return;
      if (button.dataset.move === "1") beside.after(row); else beside.before(row);
      renumber(room);
      button.focus();
    } else {
      const beside = row.nextElementSibling ?? row.previousElementSibling;
      if (filled(row) && !window.confirm("Xóa dòng này?")) return;
      row.remove();
      if (rowsOf(room).length === 0 && room.localName === "tbody") addRow(room);
      renumber(room);
      (beside?.querySelector("[data-drop-row]") ?? table.querySelector("[data-add-row]")).focus();
    }
    changed(room);
  });

  function expand(table, wide) {
    table.classList.toggle("expanded", wide);
    document.body.classList.toggle("behind", wide);
    const button = table.querySelector("[data-expand]");
    button.setAttribute("aria-pressed", wide);
    button.textContent = wide ? "Thu nhỏ bảng" : "Mở rộng bảng";
  }

  document.addEventListener("keydown", (event) => {
    const table = event.target.closest?.(".table-room.expanded");
    if (event.key === "Escape" && table) { expand(table, false); return; }
    const control = event.target;
    const cell = control.closest?.(".grid td");
    if (!cell || event.isComposing || control.localName === "button") return;
    if (event.key === "Enter" && event.altKey && control.localName === "textarea") {
      event.preventDefault();
      control.setRangeText("\n", control.selectionStart, control.selectionEnd, "end");
      changed(control);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      go(cell, event.shiftKey ? -1 : 1, true);
    } else if (control.localName !== "select" && (event.key === "ArrowDown" && control.selectionEnd === control.value.length
      || event.key === "ArrowUp" && control.selectionStart === 0 && control.selectionEnd === 0)) {
      if (go(cell, event.key === "ArrowDown" ? 1 : -1, false)) event.preventDefault();
    }
  });

  // go moves to the cell below or above.
  function go(cell, step, grow) {
    const row = cell.parentElement;
    let next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    if (!next && step > 0 && grow && filled(row)) next = addRow(row.parentElement);
    const control = next?.cells[cell.cellIndex].querySelector("input, select, textarea");
    control?.focus();
    control?.select?.();
    return Boolean(control);
  }

  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();

  function fill(control, text) {
    text = text.trim();
    if (control.localName === "select") {
      const option = [...control.options].find((one) => fold(one.text) === fold(text));
      control.value = option ? option.value : "";
    } else control.value = control.localName === "textarea" ? text : text.replace(/\s*\n\s*/g, " ");
  }

  // columnsFor says to which column each cell of a block goes, and whether its first row is a heading that need not be taken.
  function columnsFor(grid, block, start) {
    const labels = [...grid.tHead.rows].at(-1).cells;
    const heads = [...labels].map((cell) => fold(cell.dataset.label ?? cell.textContent));
    const named = block[0].map((text) => (fold(text) ? heads.indexOf(fold(text)) : -1));
    const known = named.filter((at) => at > 0).length;
    if (known >= 2 && known * 2 >= block[0].length) return { columns: named, headed: true };
    const counted = block.length > 1 && block.every((row, i) => row[0].trim() === String(i + 1));
    if (start === 1 && block[0].length > 1 && counted) start = 0; // copied with its numbers
    return { columns: block[0].map((_, i) => start + i), headed: false };
  }

  document.addEventListener("paste", (event) => {
    const cell = event.target.closest?.(".grid td");
    if (!cell) return;
    const text = event.clipboardData.getData("text/plain");
    const copied = event.clipboardData.getData("text/html").includes("<table");
    if (!text.includes("\t") && !(copied && text.trim().includes("\n"))) return;
    event.preventDefault();
    const room = cell.closest("[data-rows]");
    let block = ours.cells(text);
    const { columns, headed } = columnsFor(cell.closest("table"), block, cell.cellIndex);
    if (headed) block = block.slice(1);
    const first = rowsOf(room).indexOf(cell.parentElement);
    ours.fit(room, Math.min(first + block.length, 2000));
    const rows = rowsOf(room).slice(first, first + block.length);
    rows.forEach((row, r) => block[r].forEach((value, c) => {
      const control = columns[c] > 0 ? row.cells[columns[c]]?.querySelector("input, select, textarea") : null;
      if (control) fill(control, value);
    }));
    renumber(room);
    changed(room);
    ours.say?.(`Đã dán ${rows.length} dòng.`);
  });

  document.addEventListener("input", (event) => {
    const room = event.target.closest?.("[data-rows]");
    if (room) count(room);
  });

  for (const head of document.querySelectorAll(".grid th[data-width]")) {
    head.style.minWidth = Math.min(Math.max(5.5, 0.56 * Number(head.dataset.width)), 22) + "rem";
  }
  document.querySelectorAll("[data-rows]").forEach(label);
})();
