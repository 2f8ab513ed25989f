// The wizard: the draft keeps itself, another target draws the page anew, a refusal takes the focus.

const KEEP = 300; // ms after a change

const form = () => document.getElementById("wizard");
let waiting = null;
let asked = 0;

const focusOn = (root) => root.querySelector("[data-focus]")?.focus();

function tell(sentence) {
  const place = document.querySelector("[data-draft]");
  if (place) place.textContent = sentence;
}

/** Puts the form as the server sees it in the place of this one; `whole` or only what sums it up. */
function show(fresh, whole) {
  const focused = document.activeElement?.id;
  if (whole) form().replaceWith(fresh);
  else {
    for (const id of ["wizard-aside", "wizard-review"]) {
      document.getElementById(id)?.replaceWith(fresh.querySelector(`#${id}`));
    }
    for (const hint of ["id_metric_helptext"]) {
      document.getElementById(hint)?.replaceWith(fresh.querySelector(`#${hint}`));
    }
  }
  if (whole && focused) document.getElementById(focused)?.focus({ preventScroll: true });
  plain();
}

async function keep(whole) {
  const mine = ++asked;
  const body = new FormData(form());
  try {
    const answer = await fetch(form().dataset.draftUrl, { method: "POST", body });
    if (!answer.ok) throw new Error(answer.statusText);
    const frame = document.createElement("template");
    frame.innerHTML = await answer.text();
    if (mine !== asked) return; // a later change is on its way
    show(frame.content.querySelector("form"), whole);
    tell("Draft saved just now");
  } catch {
    tell("The draft could not be saved. Check the connection; what you typed stays here.");
  }
}

function changed(event) {
  if (!form().dataset.draftUrl) return count();
  clearTimeout(waiting);
  const whole = event.target.hasAttribute("data-redraw");
  waiting = setTimeout(() => keep(whole), whole ? 0 : KEEP);
}

/** "Train 3 models", where no server is asked. */
function count() {
  const chosen = form().querySelectorAll("input[name=algo]:checked").length;
  form().querySelector("button[value=start]").textContent = `Train ${chosen} model${chosen === 1 ? "" : "s"}`;
}

/** Buttons that only a browser without scripts needs. */
function plain() {
  for (const button of document.querySelectorAll("[data-scriptless]")) button.hidden = true;
}

document.addEventListener("change", (event) => {
  if (event.target.closest("#wizard")) changed(event);
});
plain();
focusOn(document);
