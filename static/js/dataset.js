// The page of a dataset: a bar of a card leads to its rows, a finding that the address names opens.

const cards = document.querySelector("[data-cards]");

/** A bar is found by where it was pressed; the keyboard finds the same bars on the column's own page. */
cards?.addEventListener("click", (event) => {
  const drawing = event.target.closest("[data-bars]");
  if (!drawing) return;
  const [column, bins] = drawing.dataset.bars.split(".").map(Number);
  const box = drawing.getBoundingClientRect();
  const bar = Math.floor(((event.clientX - box.left) / box.width) * bins);
  location.assign(`${cards.dataset.cards}?bar=${column}.${Math.min(bins - 1, Math.max(0, bar))}`);
});

function open() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const more = named?.querySelector("details");
  if (more) more.open = true;
}

open();
addEventListener("hashchange", open);

// What would change is read out, and stands where the eye is.
document.body.addEventListener("htmx:afterSwap", (event) => {
  event.target.querySelector("#trial-h")?.focus({ preventScroll: true });
});
