// A chosen file is written into the field that takes its text: UTF-8, or what Chinese spreadsheets save.
const LARGEST = 1_000_000;

function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

export function readTables() {
  for (const field of document.querySelectorAll("[data-reads]")) {
    const chosen = field.querySelector("input[type=file]");
    const fault = field.querySelector(".fault");
    field.hidden = false;
    chosen.addEventListener("change", async () => {
      const file = chosen.files[0];
      if (!file) return;
      fault.hidden = file.size <= LARGEST;
      if (fault.hidden) document.getElementById(field.dataset.reads).value = decoded(await file.arrayBuffer());
    });
  }
}
