// The wizard: the draft keeps itself, what depends on a choice is drawn anew, a refusal takes the focus.

const KEEP = 300; // ms after a change

const form = () => document.getElementById("wizard");
const parts = new Set(); // ids of what the next answer draws anew; "" is the whole form
let waiting = null;
let changes = 0;

const focusOn = (root) => root.querySelector("[data-focus]")?.focus();

function tell(sentence) {
  const place = document.querySelector("[data-draft]");
  if (place) place.textContent = sentence;
}

/** Folds that are open stay open, and the focus stays where it is, while `draw` puts others in their place. */
function keeping(draw) {
  const focused = document.activeElement?.id;
  const open = [...form().querySelectorAll("details[open][id]")].map((fold) => fold.id);
  draw();
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Puts the form as the server sees it in the place of this one: the parts that wait, and what sums it up. */
function show(fresh) {
  keeping(() => {
    if (parts.has("")) return form().replaceWith(fresh);
    const live = [...form().querySelectorAll("[data-live]")].map((one) => one.id);
    for (const id of [...parts, ...live]) {
      // A copy: one part may lie inside another that is put in its place after it.
      const now = fresh.querySelector(`#${CSS.escape(id)}`)?.cloneNode(true);
      if (now) document.getElementById(id)?.replaceWith(now);
    }
  });
  parts.clear();
  plain();
}

async function keep() {
  const mine = changes;
  const body = new FormData(form());
  body.set("do", "draft");
  try {
    const answer = await fetch(form().dataset.draftUrl, { method: "POST", body });
    if (!answer.ok) throw new Error(answer.statusText);
    const frame = document.createElement("template");
    frame.innerHTML = await answer.text();
    if (mine !== changes) return; // a later change is on its way
    show(frame.content.querySelector("form"));
    tell("Draft saved just now");
  } catch {
    tell("The draft could not be saved. Check the connection; what you typed stays here.");
  }
}

function changed(field) {
  const row = field.closest("[data-row]");
  if (row && field.value) another(row);
  const part = field.dataset.redraw;
  if (part !== undefined) parts.add(part);
  soon(part === undefined ? KEEP : 0);
}

function soon(wait) {
  changes += 1;
  clearTimeout(waiting);
  waiting = setTimeout(keep, wait);
}

/** A row of selects that is the last one and filled gets an empty one below. */
function another(row) {
  if (row.nextElementSibling?.hasAttribute("data-row")) return;
  const empty = row.cloneNode(true);
  for (const select of empty.querySelectorAll("select")) select.value = "";
  row.after(empty);
}

/** Buttons that only a browser without scripts needs. */
function plain() {
  for (const button of document.querySelectorAll("[data-scriptless]")) button.hidden = true;
}

/** A fold that nobody has looked into gets its fields when it opens. */
function unfold(fold) {
  const lazy = fold.querySelector(":scope > [data-lazy]");
  if (!fold.open || !lazy) return;
  const named = document.createElement("input");
  Object.assign(named, { type: "hidden", name: "unfolded", value: lazy.dataset.lazy });
  fold.append(named);
  parts.add(fold.id);
  soon(0);
}

document.addEventListener("toggle", (event) => {
  if (event.target.closest("#wizard")) unfold(event.target);
}, true);
document.addEventListener("input", (event) => {
  if (event.target.closest("#wizard")) changed(event.target);
});
plain();
focusOn(document);
