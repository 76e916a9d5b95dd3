// The shop without waiting: filters, the sum, and what others order meanwhile. Each of these works without it too.
const form = document.getElementById("shelf");

if (form) {
  const cards = [...form.querySelectorAll(".card")];
  const whole = !form.shown.value && !form.asked.value; // else some cards came empty, and the server has to be asked
  const chips = [...form.querySelectorAll("button[name=family]")];
  const packsOf = (card) => Number(card.querySelector("input[name^=packs-]")?.value || 0);
  let family = "";

  const show = () => {
    const asked = form.q.value.trim().toLocaleLowerCase();
    let any = false;
    for (const card of cards) {
      const fits = (!family || card.dataset.family === family) && `${card.dataset.name} ${card.dataset.family}`.toLocaleLowerCase().includes(asked);
      card.hidden = !fits && !packsOf(card);
      any ||= fits;
    }
    document.getElementById("none").hidden = any;
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
