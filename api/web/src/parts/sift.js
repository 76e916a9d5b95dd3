// A list gets shorter while somebody types; without scripts the same form asks the server.
export function siftLists() {
  for (const form of document.querySelectorAll("form[data-sift]")) {
    const field = form.querySelector("input[type=search]");
    const rows = [...document.querySelectorAll(`#${form.dataset.sift} > [data-words]`)];
    const sift = () => {
      const asked = field.value.trim().toLowerCase();
      for (const row of rows) row.hidden = !row.dataset.words.toLowerCase().includes(asked);
    };
    field.addEventListener("input", sift);
  }
}
