// A button on each side of a number; the field itself stays what is sent.
export function stepFields(room) {
  for (const button of room.querySelectorAll("button[data-step]")) {
    const field = button.parentElement.querySelector("input");
    button.hidden = false;
    button.addEventListener("click", () => {
      const value = Number(field.value || 0) + Number(button.dataset.step);
      field.value = Math.min(Math.max(value, Number(field.min || 0)), Number(field.max || Infinity));
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
