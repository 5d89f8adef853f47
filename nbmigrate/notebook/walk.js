// A walk through a history: a slider and keys choose a revision, the kernel tells what it is like there (walk.py).
// Texts go in by textContent. Only the picture is markup: it is drawn by erd.py, with every name escaped.

const WALK = `
.nbmigrate-walk .top { flex-wrap: nowrap; }
.nbmigrate-walk input[type=range] { flex: 1 1 auto; min-width: 80px; padding: 0; border: 0; background: none;
  accent-color: #3884f4; cursor: pointer; }
.nbmigrate-walk .place { flex: none; min-width: 9ch; text-align: right; font-variant-numeric: tabular-nums; }
.nbmigrate-walk .picture { overflow-x: auto; margin: 8px 0; }
.nbmigrate-walk .picture.old { opacity: .45; }
.nbmigrate-walk .picture > div { padding: 2px 0 !important; }
.nbmigrate-walk .top button { min-width: 32px; font-size: 15px; line-height: 1.2; }
.nbmigrate-walk .texts { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start; }
.nbmigrate-walk .texts > div { flex: 1 1 320px; min-width: 0; }
`;

function render({ model, el }) {
  const titles = model.get("titles");
  const known = new Map(); // what has come once is not asked for again
  let at = model.get("shown").at;
  let asked = null; // what the kernel is at work on
  let way = 1;
  let tallest = 0;

  const go = (to) => {
    to = Math.max(0, Math.min(titles.length - 1, to));
    if (to === at) return;
    way = to > at ? 1 : -1;
    at = to;
    draw();
    ask();
  };
  const button = (text, label, to) =>
    node("button", { type: "button", "aria-label": label, title: label, onclick: () => go(to()) }, text);
  const first = button("\u00ab", "first revision", () => 0);
  const back = button("\u2039", "one revision back", () => at - 1);
  const on = button("\u203a", "one revision on", () => at + 1);
  const last = button("\u00bb", "last revision", () => titles.length - 1);
  const slider = node("input", { type: "range", min: "1", max: String(titles.length), step: "1",
    "aria-label": "revision", oninput: () => go(Number(slider.value) - 1) });
  const place = node("span", { class: "place" });
  const title = node("h4", {});
  const facts = node("div", { class: "quiet" });
  const words = node("div", { role: "status", "aria-live": "polite" });
  const note = node("div", { class: "quiet" });
  const picture = node("div", { class: "picture", tabindex: "0", role: "img" });
  const python = node("pre", { tabindex: "0", "aria-label": "Python" });
  const sql = node("pre", { tabindex: "0", "aria-label": "SQL" });
  const told = node("div", { class: "error", role: "alert" });
  const root = node("div", { class: "nbmigrate-ui nbmigrate-walk", role: "group", "aria-label": "walk through the revisions" },
    node("style", {}, STYLE + WALK),
    node("div", { class: "top" }, first, back, slider, on, last, place),
    title, facts, words, note, told, picture,
    node("div", { class: "texts" },
      node("div", {}, node("div", { class: "quiet" }, "Python"), python),
      node("div", {}, node("div", { class: "quiet" }, model.get("dialect") ? `SQL for ${model.get("dialect")}` : "SQL"), sql)));
  root.dataset.lmSuppressShortcuts = "true";
  el.append(root);

  // the slider knows these keys itself; here they work wherever the focus is, but for what scrolls sideways
  root.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageUp: at + 10, PageDown: at - 10,
      Home: 0, End: titles.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.tabIndex === 0 && [picture, python, sql].includes(event.target)) return;
    go(to);
    event.preventDefault();
    event.stopPropagation();
  });

  function ask() {
    if (asked !== null) return;
    // what is wanted; else what is likely to be wanted next
    const wanted = known.has(at) ? at + way : at;
    if (wanted < 0 || wanted >= titles.length || known.has(wanted)) return;
    asked = wanted;
    model.send({ at: wanted });
  }

  function draw() {
    slider.value = String(at + 1);
    slider.setAttribute("aria-valuetext", `${at + 1} of ${titles.length}: ${titles[at]}`);
    place.textContent = `${at + 1} of ${titles.length}`;
    title.textContent = titles[at];
    first.disabled = back.disabled = at === 0;
    on.disabled = last.disabled = at === titles.length - 1;
    const step = known.get(at);
    picture.classList.toggle("old", !step);
    if (!step) return;
    facts.textContent = step.facts;
    words.replaceChildren(step.words.length === 1 ? step.words[0]
      : node("ul", {}, ...step.words.map((text) => node("li", {}, text))));
    note.textContent = step.note;
    told.textContent = step.error;
    told.style.display = step.error ? "" : "none";
    picture.innerHTML = step.picture; // made by erd.py
    picture.setAttribute("aria-label", step.summary);
    python.textContent = step.python;
    sql.textContent = step.sql || "-- no SQL";
    // what stands below must not jump while one walks
    tallest = Math.max(tallest, picture.scrollHeight);
    picture.style.minHeight = `${Math.min(tallest, 600)}px`;
  }

  const come = () => {
    const step = model.get("shown");
    known.set(step.at, step);
    if (asked === step.at) asked = null;
    draw();
    ask();
  };
  model.on("change:shown", come);
  come();
  return () => model.off("change:shown", come);
}

export default { render };
