// The shop without waiting: filters, the sum, and what others order meanwhile. Each of these works without it too.
import { shrinkPhotos } from "./parts/shrink.js";

shrinkPhotos();

const form = document.getElementById("shelf");

if (form) {
  const cards = [...form.querySelectorAll(".card")];
  const whole = !form.shown.value && !form.asked.value; // else some cards came empty, and the server has to be asked
  const chips = [...form.querySelectorAll("button[name=family]")];
  const packsOf = (card) => Math.max(0, Math.floor(card.querySelector("input[name^=packs-]")?.value || 0));
  const beside = form.querySelector(".in-basket"); // above what lies in the basket and was not looked for
  let family = "";

  const show = () => {
    const asked = form.q.value.trim().toLocaleLowerCase();
    const found = cards.filter((card) => (!family || card.dataset.family === family) && `${card.dataset.name} ${card.dataset.family}`.toLocaleLowerCase().includes(asked));
    const rest = cards.filter((card) => !found.includes(card));
    for (const card of cards) card.hidden = !found.includes(card) && !packsOf(card);
    beside.hidden = rest.every((card) => card.hidden);
    beside.parentNode.append(...found, beside, ...rest);
    document.getElementById("none").hidden = found.length > 0;
  };

  const sum = form.querySelector(".sum");
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: sum.dataset.currency });
  const scale = 10 ** money.resolvedOptions().maximumFractionDigits;
  const add = () => {
    let packs = 0;
    let minor = 0;
    for (const card of cards) {
      const count = packsOf(card);
      packs += count;
      minor += Math.round((count * card.dataset.pack * card.dataset.price) / 1000);
      card.classList.toggle("taken", count > 0);
    }
    sum.hidden = !packs;
    sum.querySelector(".count").textContent = packs === 1 ? sum.dataset.one : sum.dataset.many.replace("#", packs);
    sum.querySelector(".total").textContent = money.format(minor / scale);
  };

  if (whole) {
    form.q.addEventListener("input", show);
    form.q.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    for (const chip of chips) {
      chip.addEventListener("click", (event) => {
        event.preventDefault();
        family = chip.value;
        chips.forEach((one) => one.setAttribute("aria-pressed", String(one === chip)));
        show();
      });
    }
  }
  form.addEventListener("input", add);
  add();
}

// A part that came anew carries what belongs into the cards.
document.addEventListener("live", (event) => {
  for (const piece of event.target.querySelectorAll("template[data-for]")) {
    document.querySelector(`[data-of="${piece.dataset.for}"]`)?.replaceChildren(piece.content);
    piece.remove();
  }
});
