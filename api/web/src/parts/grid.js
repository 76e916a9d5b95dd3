// A column of numbers typed with one hand: Enter goes on to the next, a pasted column fills those below.
export function typeDown() {
  for (const table of document.querySelectorAll("table[data-grid]")) {
    const fields = () => [...table.querySelectorAll("input[data-cell]")];
    const step = (field, by) => {
      const all = fields();
      const next = all[all.indexOf(field) + by];
      if (!next) return false;
      next.focus();
      next.select();
      return true;
    };
    table.addEventListener("keydown", (event) => {
      if (!event.target.matches("input[data-cell]")) return;
      const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!by || event.ctrlKey || event.metaKey) return;
      if (step(event.target, by) || event.key !== "Enter") event.preventDefault();
    });
    table.addEventListener("paste", (event) => {
      if (!event.target.matches("input[data-cell]")) return;
      const rows = event.clipboardData.getData("text").replace(/\r?\n$/, "").split(/\r?\n/);
      if (rows.length < 2) return;
      event.preventDefault();
      const all = fields();
      const from = all.indexOf(event.target);
      rows.forEach((row, at) => {
        const field = all[from + at];
        if (field) field.value = row.split("\t").pop().trim();
      });
      (all[from + rows.length] ?? all[all.length - 1]).focus();
    });
  }
}
