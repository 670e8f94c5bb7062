// The text box of an outline: Enter goes on with the numbers, Tab changes the level, tables are pasted as lines of cells.
"use strict";
(() => {
  const letters = "abcdđeghiklmnopqrstuvxy"; // of points, in the order of the alphabet
  const order = ["heading", "clause", "sub", "point", "dash", "plus"]; // what Tab goes through
  const rank = { part: 0, heading: 1, article: 2, clause: 3, sub: 4, point: 5, dash: 6, plus: 7 };

  const forms = [
    ["part", /^(Phần|PHẦN|Chương|CHƯƠNG) ([IVX]+)\.?(?=\s|$)\s*/],
    ["article", /^(Điều|ĐIỀU) (\d+)\.\s*/],
    ["heading", /^([IVX]+)\.(?=\s|$)\s*/],
    ["sub", /^(\d{1,2}(?:\.\d{1,2})+)\.?(?=\s|$)\s*/],
    ["clause", /^(\d{1,3})\.(?!\d)\s*/],
    ["point", /^([a-zđ])(\)|\.(?=\s|$))\s*/],
    ["dash", /^([-–—•])(?=\s|$)\s*/],
    ["plus", /^(\+)(?=\s|$)\s*/],
  ];

  // parse tells the level of a line, or null of a plain one.
  function parse(line) {
    const indent = line.match(/^\s*/)[0];
    const text = line.slice(indent.length);
    for (const [level, form] of forms) {
      const match = text.match(form);
      if (match) return { level, match, indent, head: indent + match[0], rest: text.slice(match[0].length) };
    }
    return null;
  }

  function roman(n) {
    let text = "";
    for (const [value, sign] of [[10, "X"], [9, "IX"], [5, "V"], [4, "IV"], [1, "I"]]) {
      for (; n >= value; n -= value) text += sign;
    }
    return text;
  }

  function ofRoman(text) {
    let n = 0;
    while (n < 39 && roman(n) !== text) n++;
    return roman(n) === text ? n : 0;
  }

  // The number of a line as a count, and the head of a line with a count. over is the number of the clause above a sub-clause.
  function countOf(line) {
    switch (line.level) {
      case "part": return ofRoman(line.match[2]);
      case "article": return Number(line.match[2]);
      case "heading": return ofRoman(line.match[1]);
      case "clause": return Number(line.match[1]);
      case "sub": return Number(line.match[1].split(".").pop());
      case "point": return letters.indexOf(line.match[1]) + 1;
    }
    return 0;
  }

  function head(level, n, over, like) {
    switch (level) {
      case "part": return `${like ? like.match[1] : "Phần"} ${roman(n)} `;
      case "article": return `${like ? like.match[1] : "Điều"} ${n}. `;
      case "heading": return roman(n) + ". ";
      case "clause": return n + ". ";
      case "sub": return `${over}.${n}. `;
      case "point": return (letters[n - 1] ?? letters.at(-1)) + (like ? like.match[2] : ")") + " ";
      case "dash": return "- ";
      case "plus": return "+ ";
    }
    return "";
  }

  const over = (line) => line.match[1].split(".").slice(0, -1).join(".");

  // following is the head of the line after one.
  const following = (line) => head(line.level, countOf(line) + 1, line.level === "sub" ? over(line) : "", line);

  // headAt is the head that a line gets at a level, by those above it.
  function headAt(lines, at, level) {
    for (let i = at - 1; i >= 0; i--) {
      const line = parse(lines[i]);
      if (!line) continue;
      if (line.level === level) return following(line);
      if (rank[line.level] < rank[level]) {
        return head(level, 1, line.level === "clause" || line.level === "article" ? countOf(line) : 1);
      }
    }
    return head(level, 1, 1);
  }

  // renumber counts all lines anew.
  function renumber(text) {
    const counts = {};
    return text.split("\n").map((typed) => {
      const line = parse(typed);
      if (!line) return typed;
      const n = counts[line.level] = (counts[line.level] ?? 0) + 1;
      for (const level of Object.keys(rank)) {
        if (rank[level] > rank[line.level]) delete counts[level];
      }
      if (line.level === "dash" || line.level === "plus") return typed;
      return line.indent + head(line.level, n, line.level === "sub" ? counts.clause ?? counts.article ?? over(line) : "", line) + line.rest;
    }).join("\n");
  }

  // put replaces a part of the box, so that it can be undone.
  function put(box, from, to, text) {
    box.focus();
    box.setSelectionRange(from, to);
    const done = text === "" ? (from === to || document.execCommand("delete")) : document.execCommand("insertText", false, text);
    if (!done) {
      box.setRangeText(text, from, to, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  // here gives the lines that the selection touches.
  function here(box) {
    const text = box.value;
    const from = text.lastIndexOf("\n", box.selectionStart - 1) + 1;
    const end = text.indexOf("\n", Math.max(box.selectionEnd - (box.selectionEnd > box.selectionStart ? 1 : 0), from));
    const to = end < 0 ? text.length : end;
    return { from, to, lines: text.slice(from, to).split("\n"), above: from > 0 ? text.slice(0, from - 1).split("\n") : [] };
  }

  // change gives each line of the selection the level that wanted says of it: null for none, undefined to leave it.
  function change(box, wanted) {
    const at = here(box);
    const caret = at.to - box.selectionEnd;
    const all = [...at.above];
    const made = at.lines.map((typed) => {
      const line = parse(typed);
      const level = wanted(line, all);
      const rest = line ? line.rest : typed.trim();
      const next = level === undefined || typed.startsWith("|") ? typed : (level === null ? "" : headAt(all, all.length, level)) + rest;
      all.push(next);
      return next;
    });
    const text = made.join("\n");
    if (text === at.lines.join("\n")) return;
    put(box, at.from, at.to, text);
    if (at.lines.length > 1) box.setSelectionRange(at.from, at.from + text.length);
    else box.setSelectionRange(...Array(2).fill(Math.max(at.from, at.from + text.length - caret)));
  }

  // shift is the level beside that of a line: one below for a step of 1, one above for -1.
  function shift(line, above, step) {
    if (!line) {
      if (step < 0) return undefined;
      const last = above.map(parse).filter(Boolean).pop();
      if (!last) return "clause";
      return { part: "heading", heading: "clause", article: "clause", clause: "point", sub: "point", point: "dash" }[last.level] ?? "plus";
    }
    const i = order.indexOf(line.level);
    if (i < 0) return undefined;
    if (i + step < 0) return null;
    return order[Math.min(i + step, order.length - 1)];
  }

  // enter goes on with the line that the cursor is in; false where a plain new line is all there is to do.
  function enter(box) {
    if (box.selectionStart !== box.selectionEnd) return false;
    const at = here(box);
    const caret = box.selectionStart;
    const typed = at.lines[0];
    if (typed.startsWith("|") && caret === at.to) {
      const cells = typed.replace(/\\\|/g, "").replace(/\|\s*$/, "").split("|").length - 1;
      if (/^[|\s]*$/.test(typed)) return () => put(box, at.from, at.to, "");
      return () => {
        put(box, caret, caret, "\n|" + "  |".repeat(cells));
        box.setSelectionRange(caret + 3, caret + 3);
      };
    }
    const line = parse(typed);
    if (!line || caret - at.from < line.head.length) return false;
    if (line.rest.trim() === "") return () => put(box, at.from, at.to, ""); // a number without words: done with it
    return () => put(box, caret, caret, "\n" + line.indent + following(line));
  }

  let plain = false; // Shift+Enter is a new line and nothing more
  const engaged = new WeakSet(); // boxes in which one types; in others Tab goes on to the next field

  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!box.matches?.("textarea.outline")) return;
    plain = event.shiftKey;
    if (event.key === "Escape") engaged.delete(box);
    else if (event.key === "Tab" && engaged.has(box) && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      change(box, (line, above) => shift(line, above, event.shiftKey ? -1 : 1));
    }
  });
  document.addEventListener("beforeinput", (event) => { // phones tell of no key
    const box = event.target;
    if (event.inputType !== "insertLineBreak" || plain || event.isComposing || !box.matches?.("textarea.outline")) return;
    const work = enter(box);
    if (!work) return;
    event.preventDefault();
    queueMicrotask(work);
  });
  for (const kind of ["input", "pointerdown"]) {
    document.addEventListener(kind, (event) => { if (event.target.matches?.("textarea.outline")) engaged.add(event.target); });
  }
  document.addEventListener("focusout", (event) => engaged.delete(event.target));

  document.addEventListener("paste", (event) => {
    const box = event.target;
    if (!box.matches?.("textarea.outline")) return;
    const text = event.clipboardData.getData("text/plain");
    if (!text.includes("\t") || !event.clipboardData.getData("text/html").includes("<table")) return;
    event.preventDefault();
    const rows = window.vanthu.cells(text).map((row) => "| " + row.map((cell) => cell.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|").trim()).join(" | ") + " |");
    const opening = box.selectionStart > 0 && box.value[box.selectionStart - 1] !== "\n" ? "\n" : "";
    put(box, box.selectionStart, box.selectionEnd, opening + rows.join("\n") + "\n");
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".tools button");
    if (!button) return;
    const box = document.getElementById(button.parentElement.dataset.for);
    const level = button.dataset.level;
    if (level) change(box, (line) => (line && line.level === level ? null : level));
    else if ("table" in button.dataset) {
      const at = here(box);
      const blank = at.lines.join("").trim() === "";
      put(box, blank ? at.from : at.to, at.to, (blank ? "" : "\n") + "| STT | Nội dung | Cơ quan chủ trì | Thời hạn |\n| 1 |  |  |  |");
    } else if ("renumber" in button.dataset) {
      const line = here(box).above.length;
      const text = renumber(box.value);
      if (text !== box.value) put(box, 0, box.value.length, text);
      const place = text.split("\n").slice(0, line + 1).join("\n").length;
      box.focus();
      box.setSelectionRange(place, place);
    }
    engaged.add(box);
  });
})();
