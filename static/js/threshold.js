// The line between two classes, moved by hand: curve, matrix and costs follow. Nothing is sent anywhere.

const card = document.getElementById("threshold");
const slider = card.querySelector("#threshold-at");
const shown = card.querySelector("output strong");
const words = card.querySelector("[data-words]");
const cheapest = card.querySelector("[data-cheapest]");
const costs = ["missed", "alarm"].map((name) => card.querySelector(`#cost-${name}`));
const rule = card.querySelector("svg .at");
const [left, right] = card.querySelector("[data-edges]").dataset.edges.trim().split(" ").map(Number);
const whole = new Intl.NumberFormat("en");
const amount = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const RIGHT = [[0.75, "right-3"], [0.5, "right-2"], [0, "right-1"]];
const WRONG = [[0.2, "wrong-2"], [0.02, "wrong-1"], [0, ""]];
let data = null;

const tint = (share, steps) => steps.find(([from]) => share >= from)[1];

function fill(cell, count, of, isRight) {
  const share = of ? count / of : 0;
  cell.className = tint(share, isRight ? RIGHT : WRONG);
  cell.querySelector("b").textContent = whole.format(count);
  cell.querySelector("span").textContent = `${(100 * share).toFixed(1)}\u00a0% of ${whole.format(of)}`;
}

function matrix(place) {
  const cells = card.querySelectorAll(".matrix tbody td");
  const [tn, fp, fn, tp] = ["tn", "fp", "fn", "tp"].map((name) => data[name][place]);
  fill(cells[0], tn, tn + fp, true);
  fill(cells[1], fp, tn + fp, false);
  fill(cells[2], fn, fn + tp, false);
  fill(cells[3], tp, fn + tp, true);
}

function sentence(place) {
  const where = `From ${data.threshold[place].toFixed(2)} on it says ${data.class}`;
  if (data.precision[place] === null) return `${where}, which no test row reaches.`;
  const [precision, recall] = ["precision", "recall"].map((name) => Math.round(100 * data[name][place]));
  return `${where}: right ${precision} of 100 times, and it finds ${recall} of 100.`;
}

function cost(place) {
  const [missed, alarm] = costs.map((input) => Math.max(0, input.valueAsNumber || 0));
  return missed * data.fn[place] + alarm * data.fp[place];
}

function price(place) {
  const all = data.threshold.map((_, at) => at).slice(1, -1);
  const best = all.reduce((a, b) => (cost(b) < cost(a) ? b : a));
  const use = document.createElement("button");
  use.type = "button";
  use.className = "button button--sm";
  use.textContent = `Use ${data.threshold[best].toFixed(2)}`;
  use.addEventListener("click", () => { slider.value = data.threshold[best]; move(); slider.focus(); });
  const here = `At these costs ${data.threshold[place].toFixed(2)} costs ${amount.format(cost(place))}.`;
  const there = `The cheapest threshold on the test rows is ${data.threshold[best].toFixed(2)}, at ${amount.format(cost(best))}. `;
  cheapest.replaceChildren(`${here} ${there}`, ...(cost(best) < cost(place) ? [use] : []));
}

function move() {
  const place = Math.round(slider.valueAsNumber * 100);
  const x = left + (right - left) * data.threshold[place];
  rule.setAttribute("d", rule.getAttribute("d").replace(/^M\S+/, `M${x.toFixed(1)}`));
  shown.textContent = data.threshold[place].toFixed(2);
  words.textContent = sentence(place);
  matrix(place);
  price(place);
}

fetch(card.dataset.figure).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer))).then((figure) => {
  data = figure.data;
  card.querySelectorAll("[hidden]").forEach((part) => { part.hidden = false; });
  price(Math.round(slider.valueAsNumber * 100));
  slider.addEventListener("input", move);
  costs.forEach((input) => input.addEventListener("input", () => price(Math.round(slider.valueAsNumber * 100))));
}, () => {}); // without its data the picture stands as it was drawn
