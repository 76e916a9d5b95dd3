// Trips, farms, points and hubs on the shores of open data; everything drawn is ours, in SVG, reachable by keys.
import L from "leaflet";
import { hasKey, pick, selected } from "./plan_board.js";

const DASHES = [null, "10 6", "2 6", "14 5 2 5"];
const STATES = L.latLngBounds([24, -125], [50, -66]);
const radius = { hub: 7, farm: 4.5, point: 5.5, home: 4 };

const fetched = async (address) => (await fetch(address)).json();

export async function drawMap(room, linked) {
  const map = L.map(room, { renderer: L.svg({ padding: 0.5 }), zoomSnap: 0.25, attributionControl: true, keyboard: true });
  map.attributionControl.setPrefix("");
  const plan = await fetched(room.dataset.map);
  const ways = L.geoJSON(plan);
  map.fitBounds(ways.getBounds().pad(0.08));
  if (room.dataset.beside) trips(map, room, await fetched(room.dataset.beside), true);
  const drawn = [...trips(map, room, plan, false), ...places(map, room, plan)];
  backdrop(map, room, ways.getBounds());
  if (linked) link(room, drawn);
}

async function backdrop(map, room, bounds) {
  if (room.dataset.tiles) {
    L.tileLayer(room.dataset.tiles, { attribution: escaped(room.dataset.credit) }).addTo(map);
    return;
  }
  const inside = STATES.contains(bounds);
  const shapes = await fetched(inside ? room.dataset.states : room.dataset.world);
  map.attributionControl.addAttribution(inside ? "US Census Bureau" : "Natural Earth");
  L.geoJSON(shapes, { interactive: false, style: { className: inside ? "shore" : "land", weight: 1 } }).addTo(map).bringToBack();
}

function escaped(text) {
  const span = document.createElement("span");
  span.textContent = text;
  return span.innerHTML;
}

function trips(map, room, plan, beside) {
  const drawn = [];
  for (const trip of plan.features.filter((one) => one.properties.kind === "trip")) {
    const { number, hue, dash, truck } = trip.properties;
    const way = trip.geometry.coordinates.map(([longitude, latitude]) => [latitude, longitude]);
    const className = beside ? "way beside" : `way hue-${hue}`;
    const line = L.polyline(way, { className, weight: beside ? 2 : 3.5, dashArray: beside ? "6 6" : DASHES[dash], interactive: !beside }).addTo(map);
    if (beside) continue;
    const label = `${room.dataset.trip} ${number}, ${truck}`;
    line.bindTooltip(escaped(label), { sticky: true });
    const stops = plan.features.filter((one) => one.properties.trips?.includes(number));
    const keys = [`trip-${number}`, ...stops.flatMap((one) => [one.id, ...one.properties.stops.filter((key) => key.startsWith(`stop-${number}-`))])].join(" ");
    drawn.push(act(line, `trip-${number}`, keys, label));
    const [start, end] = way.length > 2 ? [way[1], way[2]] : [way[0], way[1]];
    const middle = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
    const icon = L.divIcon({ className: `way-number hue-${hue}`, html: String(number), iconSize: [22, 18] });
    const sign = L.marker(middle, { icon, interactive: false, keyboard: false }).addTo(map);
    drawn.push({ element: sign.getElement(), keys });
  }
  return drawn;
}

function places(map, room, plan) {
  const drawn = [];
  for (const place of plan.features.filter((one) => one.geometry.type === "Point")) {
    const { kind, name, stops, trips: numbers } = place.properties;
    const [longitude, latitude] = place.geometry.coordinates;
    const dot = L.circleMarker([latitude, longitude], { className: `place ${kind}`, radius: radius[kind] ?? 4, weight: 1, fillOpacity: 1 }).addTo(map);
    const label = name || room.dataset.home;
    dot.bindTooltip(escaped(label));
    drawn.push(act(dot, place.id, [place.id, ...stops, ...numbers.map((number) => `trip-${number}`)].join(" "), label));
  }
  return drawn;
}

function act(layer, key, keys, label) {
  const element = layer.getElement();
  element.setAttribute("tabindex", "0");
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", label);
  layer.on("click", () => pick(key));
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      pick(key);
    }
  });
  return { element, keys };
}

function link(room, drawn) {
  function show() {
    const key = selected();
    room.classList.toggle("choosing", Boolean(key));
    for (const one of drawn) one.element.classList.toggle("picked", Boolean(key) && hasKey(one.keys, key));
  }
  addEventListener("hashchange", show);
  addEventListener("popstate", show);
  show();
  room.dataset.ready = "yes";
}
