// Draws the state of a panel (panel.py) and sends what was pressed; decides nothing.
// Texts go in by textContent. Only lane strips are markup: they are drawn from numbers.

const PANEL = `
.nbmigrate-ui .columns { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
.nbmigrate-ui .history { flex: 1 1 380px; min-width: 0; max-height: 480px; overflow: auto; outline: none;
  border: 1px solid rgba(128,128,128,.35); border-radius: 4px; }
.nbmigrate-ui .detail { flex: 1 1 380px; min-width: 0; }
.nbmigrate-ui .row { display: flex; gap: 8px; align-items: center; height: 28px; padding: 0 8px; white-space: nowrap; }
.nbmigrate-ui .row[role=option] { cursor: pointer; }
.nbmigrate-ui .row[role=option]:hover { background: rgba(128,128,128,.14); }
.nbmigrate-ui .row[aria-selected=true] { background: rgba(56,132,244,.24); }
.nbmigrate-ui .message { overflow: hidden; text-overflow: ellipsis; flex: 1; }
.nbmigrate-ui button.apply { background: rgba(46,160,67,.30); font-weight: bold; }
.nbmigrate-ui button.apply.downgrade { background: rgba(248,81,73,.28); }
.nbmigrate-ui input { min-width: 240px; }
.nbmigrate-ui .box { border-left: 3px solid rgba(210,153,34,.8); padding: 2px 12px; margin: 8px 0; }
.nbmigrate-ui .said { background: rgba(46,160,67,.20); padding: 4px 10px; margin: 4px 0; }
.nbmigrate-ui .line { user-select: all; background: rgba(128,128,128,.14); padding: 2px 8px; overflow-wrap: anywhere; }
.nbmigrate-ui table { border-collapse: collapse; color: inherit; font-size: inherit; }
.nbmigrate-ui th, .nbmigrate-ui td { text-align: left; padding: 3px 10px; vertical-align: baseline; }
.nbmigrate-ui tr.add { background: rgba(46,160,67,.20); }
.nbmigrate-ui tr.drop { background: rgba(248,81,73,.20); }
.nbmigrate-ui tr.alter, .nbmigrate-ui tr.question { background: rgba(210,153,34,.22); }
`;

const SIGNS = { add: "+ add", drop: "\u2212 drop", alter: "~ alter" };
let made = 0;

function render({ model, el }) {
  const prefix = `nbmigrate-${++made}-`;
  let cursor = null; // the id of the row that the keyboard is on
  let waiting = false;
  let revision = null; // what the history's rows were drawn from
  const opened = { Python: false, SQL: true, "SQL of the plan": false };

  let next = null; // a choice made while the kernel was at work: the last one counts

  const press = (message) => {
    if (waiting) {
      if (message.do === "select") next = message;
      return;
    }
    waiting = true;
    model.send(message);
    draw();
  };
  const button = (text, message, more = {}) =>
    node("button", { type: "button", disabled: more.off || waiting, class: more.class,
      "aria-label": more.label, onclick: () => press(message()) }, text);
  const folded = (title, text) => {
    if (!text) return null;
    const one = node("details", { open: opened[title] }, node("summary", {}, title), node("pre", {}, text));
    one.addEventListener("toggle", () => { opened[title] = one.open; });
    return one;
  };

  const history = node("div", { class: "history", role: "listbox", tabindex: "0", "aria-label": "revisions, newest first" });
  const top = node("div", { class: "top" });
  const detail = node("div", { class: "detail", "aria-live": "polite" });
  const run = node("div", {});
  const diff = node("div", {});
  const input = node("input", { type: "text", placeholder: "what the revision does", "aria-label": "message of the new revision" });
  const write = node("button", { type: "button", onclick: () => press({ do: "write", message: input.value }) }, "Write revision");
  const writing = node("div", { class: "buttons" }, input, write);
  const told = node("div", { role: "status", "aria-live": "polite" });
  const line = node("div", { class: "top" });
  const root = node("div", { class: "nbmigrate-ui" }, node("style", {}, STYLE + PANEL), top,
    node("div", { class: "columns" }, history, node("div", { class: "detail" }, detail, run)),
    told, diff, writing, line);
  root.dataset.lmSuppressShortcuts = "true";
  el.append(root);

  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") write.click();
    event.stopPropagation();
  });

  const ids = () => model.get("state").rows.filter((row) => row.id).map((row) => row.id);
  const select = (id) => { cursor = id; mark(); press({ do: "select", id }); };
  function mark() {
    const state = model.get("state");
    history.removeAttribute("aria-activedescendant");
    for (const row of history.children) {
      const here = row.dataset.revision !== undefined && row.dataset.revision === cursor;
      row.style.boxShadow = here ? "inset 3px 0 0 rgba(56,132,244,.9)" : "";
      if (row.dataset.revision !== undefined)
        row.setAttribute("aria-selected", String(row.dataset.revision === state.selected));
      if (!here) continue;
      history.setAttribute("aria-activedescendant", row.id);
      const [top_, bottom] = [row.offsetTop - history.offsetTop, row.offsetTop - history.offsetTop + row.offsetHeight];
      if (top_ < history.scrollTop) history.scrollTop = top_;
      else if (bottom > history.scrollTop + history.clientHeight) history.scrollTop = bottom - history.clientHeight;
    }
  }
  history.addEventListener("keydown", (event) => {
    const all = ids();
    const at = all.indexOf(cursor);
    const to = { ArrowDown: Math.min(at + 1, all.length - 1), ArrowUp: Math.max(at - 1, 0), Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined && all.length) { cursor = all[to]; mark(); }
    else if ((event.key === "Enter" || event.key === " ") && cursor) select(cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function drawHistory(state) {
    const text = JSON.stringify(state.rows);
    if (text === revision) return;
    revision = text;
    history.replaceChildren(...state.rows.map((row, number) => {
      const strip = node("span", { style: "flex:none" });
      strip.innerHTML = row.lanes; // numbers only, made by svg.py
      if (!row.id) return node("div", { class: "row quiet", role: "presentation" }, strip, node("span", { class: "message" }, row.message));
      const one = node("div", { class: "row", role: "option", id: `${prefix}${number}`, onclick: () => { history.focus(); select(row.id); } },
        strip, node("span", { class: "mono" }, row.name), node("span", { class: "message" }, row.message),
        ...row.marks.map((mark_) => node("span", { class: "tag" }, mark_)),
        node("span", { class: `tag ${row.status === "applied" ? "applied" : ""}` }, row.status));
      one.dataset.revision = row.id;
      return one;
    }));
    if (!state.rows.length) history.append(node("div", { class: "row quiet" }, "no revisions yet"));
  }

  function drawDetail(state) {
    const told_ = state.selected && state.detail;
    if (!told_) {
      detail.replaceChildren(node("div", { class: "quiet" }, "Click a revision, or walk with the arrow keys and press Enter."));
      return;
    }
    detail.replaceChildren(
      node("h4", {}, told_.title), " ", node("span", { class: `tag ${told_.status === "applied" ? "applied" : ""}` }, told_.status),
      ...told_.facts.map(([name, text]) => node("div", { class: "quiet" }, `${name}: ${text}`)),
      node("ul", {}, ...told_.words.map((text) => node("li", {}, text))),
      folded("Python", told_.python), folded("SQL", told_.sql));
  }

  function drawRun(state) {
    if (state.plan) {
      const plan = state.plan;
      run.replaceChildren(node("div", { class: "box", role: "group", "aria-label": "plan" },
        node("h4", {}, plan.summary),
        ...plan.steps.map((step) => node("div", {}, step.title,
          node("ul", {}, ...step.words.map((text) => node("li", {}, text)), step.note ? node("li", {}, `note: ${step.note}`) : null))),
        folded("SQL of the plan", plan.sql),
        node("div", { class: "buttons" },
          button(`Apply ${plan.direction}`, () => ({ do: "apply", target: plan.target }), { class: `apply ${plan.direction}` }),
          button("Cancel", () => ({ do: "cancel" })))));
      return;
    }
    const way = state.detail && state.detail.status === "applied" ? "downgrade" : "upgrade";
    run.replaceChildren(state.selected && state.detail
      ? node("div", { class: "buttons" }, button(`Plan ${way} to here`, () => ({ do: "plan", target: state.selected })))
      : "");
  }

  function drawDiff(state) {
    writing.style.display = state.diff && state.diff.rows.length ? "" : "none";
    if (!state.diff) { diff.replaceChildren(); return; }
    const found = state.diff;
    const table = node("table", {}, node("tbody", {},
      ...found.questions.map((one) => node("tr", { class: "question" },
        node("td", {}, "? rename"), node("td", { colspan: "2" }, one.text),
        node("td", {}, one.rows, " ",
          button("Rename", () => ({ do: "answer", old: one.old, new: one.new }), { label: `rename ${one.old} to ${one.new}` }), " ",
          button("Drop and add", () => ({ do: "answer", old: one.old, new: null }), { label: `drop ${one.old} and add ${one.new}` })))),
      ...found.rows.map((row) => node("tr", { class: row.kind },
        node("td", {}, SIGNS[row.kind] || row.kind), node("td", { class: "mono" }, row.object),
        node("td", { class: "mono" }, row.detail), node("td", {}, row.rows)))));
    diff.replaceChildren(node("h4", {}, found.models ? `${found.summary} (${found.models})` : found.summary),
      found.rows.length || found.questions.length ? table : "");
  }

  function draw() {
    const state = model.get("state");
    const focused = root.contains(document.activeElement) && document.activeElement.tagName === "BUTTON";
    top.replaceChildren(node("b", {}, "Migrations"), node("span", {}, state.database),
      button("Refresh", () => ({ do: "refresh" })),
      button("Compare with models", () => ({ do: "diff" })),
      button("Plan upgrade to heads", () => ({ do: "plan", target: "heads" })),
      button("Plan downgrade to base", () => ({ do: "plan", target: "base" })));
    drawHistory(state);
    if (state.selected && !ids().includes(cursor)) cursor = state.selected;
    mark();
    drawDetail(state);
    drawRun(state);
    drawDiff(state);
    write.disabled = waiting;
    history.setAttribute("aria-busy", String(waiting));
    told.replaceChildren(
      state.busy || waiting ? node("div", { class: "quiet" }, `working: ${state.busy || "..."}`) : "",
      state.error ? node("div", { class: "error", role: "alert" }, state.error) : "",
      state.said ? node("div", { class: "said" }, state.said) : "");
    line.replaceChildren(node("span", { class: "quiet" }, "the same as a line:"), node("span", { class: "line mono" }, state.line));
    // what was pressed is drawn anew: keep the keyboard in the panel
    if (focused && !root.contains(document.activeElement)) (run.querySelector("button:enabled") || history).focus({ preventScroll: true });
  }

  const changed = () => {
    waiting = model.get("state").busy !== "";
    draw();
    if (!waiting && next) { const message = next; next = null; press(message); }
  };
  model.on("change:state", changed);
  draw();
  return () => model.off("change:state", changed);
}

export default { render };
