// A list gets shorter while somebody types; without scripts the same form asks the server.
export function siftLists() {
  for (const form of document.querySelectorAll("form[data-sift]")) {
    const field = form.querySelector("input[type=search]");
    const rows = [...document.querySelectorAll(`#${form.dataset.sift} > [data-words]`)];
    const none = document.getElementById(`${form.dataset.sift}-none`);
    const sift = () => {
      const asked = field.value.trim().toLowerCase();
      const means = (row) => row.dataset.words.toLowerCase().includes(asked);
      const known = rows.some(means);
      for (const row of rows) row.hidden = known && !means(row);
      if (none) none.hidden = known || !rows.length;
    };
    field.addEventListener("input", sift);
  }
}
