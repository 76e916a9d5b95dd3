// Clocks run down by the server's time, so that a phone that is ten minutes late is not ten minutes late to the cut-off.
const root = document.documentElement;
const ahead = root.dataset.server ? Date.parse(root.dataset.server) - Date.now() : 0;
const WORDS = { d: "day", h: "hour", m: "minute", s: "second" };

const said = (count, unit) =>
  new Intl.NumberFormat(root.lang, { style: "unit", unit: WORDS[unit], unitDisplay: "short" }).format(count);

function left(milliseconds) {
  const s = Math.max(0, Math.floor(milliseconds / 1000));
  const [d, h, m] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60];
  if (d) return `${said(d, "d")} ${said(h, "h")}`;
  if (h) return `${said(h, "h")} ${said(m, "m")}`;
  return m ? `${said(m, "m")} ${said(s % 60, "s")}` : said(s, "s");
}

function show(time) {
  let figure = time.parentElement.querySelector(".left");
  if (!figure) {
    figure = document.createElement("span");
    figure.className = "left";
    time.before(figure, " · ");
  }
  figure.textContent = left(Date.parse(time.dateTime) - Date.now() - ahead);
}

export function runDown(room) {
  const times = [...room.querySelectorAll("time[data-until]")];
  times.forEach(show);
  if (room === document && times.length) setInterval(() => document.querySelectorAll("time[data-until]").forEach(show), 1000);
}
