// Plotly on request or on sight: the server's drawing stands in until then, in the same frame.

const own = document.getElementById("charts-script");
let loading = null;

function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = own.dataset.plotly;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => reject(new Error("Plotly did not load"));
    document.head.append(script);
  });
  return loading;
}

/** The page's own colours, as the theme has them now. */
function colours() {
  const style = getComputedStyle(document.documentElement);
  const probe = document.createElement("span");
  document.body.append(probe);
  const value = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const found = {
    text: value("--text-2"),
    line: value("--line"),
    series: ["--c1", "--c2", "--c3", "--c4", "--c5"].map(value),
    font: style.getPropertyValue("--sans"),
  };
  probe.remove();
  return found;
}

function layout(figure, height) {
  const { text, line, series, font } = colours();
  const axis = { gridcolor: line, zerolinecolor: line, linecolor: line };
  const given = figure.plotly.layout ?? {};
  return {
    ...given,
    height,
    autosize: true,
    margin: { l: 56, r: 12, t: 8, b: 44 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    colorway: series,
    font: { color: text, family: font, size: 12 },
    xaxis: { ...axis, ...given.xaxis },
    yaxis: { ...axis, ...given.yaxis },
  };
}

const drawn = new Map();

async function draw(figure, button) {
  if (drawn.has(figure)) return;
  drawn.set(figure, null);
  try {
    const height = figure.getBoundingClientRect().height;
    const [library, answer] = await Promise.all([plotly(), fetch(figure.dataset.figure)]);
    if (!answer.ok) throw new Error(answer.statusText);
    const data = await answer.json();
    const frame = document.createElement("div");
    frame.setAttribute("role", "img");
    frame.setAttribute("aria-label", `${figure.dataset.name}. ${data.description}`);
    const options = { displaylogo: false, responsive: true };
    figure.style.blockSize = `${height}px`;
    const standing = [...figure.children];
    figure.append(frame);
    standing.forEach((child) => { child.style.display = "none"; });
    await library.newPlot(frame, data.plotly.data, layout(data, height), options);
    drawn.set(figure, { frame, data, height });
    button.style.visibility = "hidden"; // its place stays, so that nothing jumps
  } catch {
    drawn.delete(figure);
    for (const child of figure.children) child.style.removeProperty("display");
    button.textContent = "Try again";
  }
}

function recolour() {
  for (const [, chart] of drawn) {
    if (chart) globalThis.Plotly.relayout(chart.frame, layout(chart.data, chart.height));
  }
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    draw(entry.target, document.querySelector(`[data-explore="${entry.target.id}"]`));
  }
}, { threshold: 0.4 });

// Below the first screen a chart becomes explorable when it is scrolled to; above it, when it is asked for.
for (const button of document.querySelectorAll("[data-explore]")) {
  const figure = document.getElementById(button.dataset.explore);
  button.disabled = false;
  button.addEventListener("click", () => draw(figure, button));
  if (figure.getBoundingClientRect().top > innerHeight) seen.observe(figure);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
new MutationObserver(recolour).observe(document.documentElement, { attributeFilter: ["data-theme"] });
