"use strict";
// Numbers of a chart: shown under the cursor or arrow keys, as a table, and for download.
for (const figure of document.querySelectorAll("figure[data-id]")) {
  const data = JSON.parse(document.getElementById("data-" + figure.dataset.id).textContent);
  const read = figure.querySelector(".read"), svg = figure.querySelector("svg"), details = figure.querySelector("details.data");
  const cell = x => /[",\n]/.test(x) ? '"' + x.replaceAll('"', '""') + '"' : x;
  figure.querySelector("button").addEventListener("click", () => {
    const csv = [data.head, ...data.rows].map(row => row.map(cell).join(",")).join("\n") + "\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
    link.download = figure.dataset.id + ".csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  details.addEventListener("toggle", () => {
    const box = details.querySelector(".scroll");
    if (!details.open || box.firstChild) return;
    const table = document.createElement("table");
    for (const [k, row] of [data.head, ...data.rows].entries()) {
      const line = table.insertRow();
      for (const text of row) {
        const place = document.createElement(k ? "td" : "th");
        place.textContent = text;
        line.append(place);
      }
    }
    box.append(table);
  });
  if (figure.dataset.left === undefined) {
    svg.addEventListener("pointerover", event => { const t = event.target.querySelector?.("title"); if (t && event.target !== svg) read.textContent = t.textContent; });
    continue;
  }
  const [left, right] = [+figure.dataset.left, +figure.dataset.right], [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  line.setAttribute("class", "cursor"); line.setAttribute("y1", 12); line.setAttribute("y2", height - 26); line.setAttribute("visibility", "hidden");
  svg.append(line);
  let at = data.rows.length - 1;
  const show = k => {
    at = Math.max(0, Math.min(data.rows.length - 1, k));
    const x = left + at / Math.max(1, data.rows.length - 1) * (width - left - right);
    line.setAttribute("x1", x); line.setAttribute("x2", x); line.setAttribute("visibility", "visible");
    read.textContent = data.rows[at].map((x, k) => k ? data.head[k] + " " + x : x).join("   ");
  };
  svg.tabIndex = 0;
  svg.addEventListener("pointermove", event => {
    const box = svg.getBoundingClientRect(), x = (event.clientX - box.left) / box.width * width;
    show(Math.round((x - left) / (width - left - right) * (data.rows.length - 1)));
  });
  svg.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -12, PageDown: 12, Home: -1e9, End: 1e9 }[event.key];
    if (step) { show(at + step); event.preventDefault(); }
  });
}
