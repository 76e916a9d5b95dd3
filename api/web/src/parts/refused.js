// Whoever is refused begins again where something is wrong, however far down the page it is.
export function showFault() {
  document.querySelector("main [aria-invalid=true]")?.focus();
}
